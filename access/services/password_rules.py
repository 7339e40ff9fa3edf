"""What a password may not be, beside Django's own rules: the product's and the place's own words (ASVS 6.1.2)."""

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import LegalEntity, OrgUnit, User
from lms_epj.core.folding import fold

PRODUCT = ("fellesjournalen", "fellesjournal", "journal", "lokalmedisinsk", "senter", "kommune", "passord", "sykepleier", "pasient")
SHORTEST_WORD = 4
LETTERS_LEFT = 6
# Django's own words are not in bokmål for all of them. code → ours
WORDS = {
    "password_too_short": gettext_noop("Passordet er for kort. Bruk minst 12 tegn."),
    "password_too_common": gettext_noop("Passordet er et av de vanligste som finnes. Velg et annet."),
    "password_entirely_numeric": gettext_noop("Passordet kan ikke være bare sifre."),
    "password_too_similar": gettext_noop("Passordet ligner for mye på navnet eller brukernavnet ditt."),
}


class PlaceWords:
    """Refuses a password that is little more than names from here: «Fellesjournalen2026», «Observasjonsposten!»."""

    def validate(self, password: str, user: User | None = None) -> None:
        text = fold(password)
        found = [word for word in sorted(words_of_the_place(), key=len, reverse=True) if word in text]
        for word in found:
            text = text.replace(word, "")
        if found and len(re.sub(r"[\W\d_]", "", text)) < LETTERS_LEFT:
            raise ValidationError(self.get_help_text(), code="place_words")

    def get_help_text(self) -> str:
        return _("Passordet består nesten bare av ord herfra, som er lette å gjette. Legg til noe bare du finner på.")


def words_of_the_place() -> set[str]:
    """Words of the product, and of the names of units and legal entities."""
    names = [*LegalEntity.objects.values_list("name", flat=True), *OrgUnit.objects.values_list("name", flat=True)]
    return {*PRODUCT, *(word for name in names for word in re.split(r"\W+", fold(name)) if len(word) >= SHORTEST_WORD)}


def password_faults(password: str, *, username: str, given_name: str = "", family_name: str = "") -> list[str]:
    """What is wrong with a password that somebody wants, in words; nothing when it may be used."""
    try:
        validate_password(password, User(username=username, given_name=given_name, family_name=family_name))
    except ValidationError as wrong:
        return [_(WORDS[one.code]) if one.code in WORDS else text for one in wrong.error_list for text in one.messages]
    return []
