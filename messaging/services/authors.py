"""The one who writes, as a message names them: name, profession, HPR number and where they are reached."""

from django.db.models import Q

from access.gate import Gate
from access.models import Licence
from messaging.composing.heads import professional_of
from messaging.formats.model.parties import Professional


def author_of(gate: Gate, phone: str = "") -> Professional:
    """The acting person in the profession that the role demands; without a licence in it they have no HPR number to give."""
    profession = gate.role["required_profession"] or ""
    held = Licence.objects.filter(Q(valid_to=None) | Q(valid_to__gt=gate.now), user=gate.user_id, profession=profession, valid_from__lte=gate.now)
    number = held.values_list("hpr_number", flat=True).first() or ""
    return professional_of(gate.user["given_name"], gate.user["family_name"], profession, phone, number)
