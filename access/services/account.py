"""The person's own account: a new password, another telephone for codes, and where one is logged in."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access import gate
from access.services import secrets
from access.services.password_rules import password_faults
from access.services.sessions import SessionError, check_held


def password_change(*, secret: str, user: dict[str, Any], old: str, new: str) -> None:
    """``user``: of gate.facts. All other sessions of the person end.

    Raises SessionError: ``weak`` for what is wrong with the new one, ``password`` for the old one.
    """
    faults = password_faults(new, username=user["username"], given_name=user["given_name"], family_name=user["family_name"])
    if old == new:
        faults.append(_("Det nye passordet er det samme som det gamle."))
    if faults:
        raise SessionError("weak", " ".join(faults))
    params = secrets.new_params()
    candidate = secrets.password_candidate(user["username"], old)
    check_held(gate.call("password_change", secret, candidate, params, secrets.slow_hash(new, params)))


def factor_change(*, secret: str, username: str, password: str, offer: str, code: str) -> None:
    """Takes another telephone in use once its first code holds and the password does. ``offer``: the sealed key that the page showed.

    Raises SessionError: ``expired``, ``wrong`` (the code) or ``password``.
    """
    key = secrets.unseal(offer, max_age=900)
    if key is None:
        raise SessionError("expired", _("Siden har stått for lenge. Skann den nye koden nedenfor."))
    counter = secrets.code_counter(key, code.replace(" ", ""))
    if counter is None:
        raise SessionError("wrong", _("Koden stemmer ikke. Vent på neste kode i appen, og prøv med den."))
    check_held(gate.call("second_factor_change", secret, secrets.password_candidate(username, password), secrets.seal(key)))
    gate.call("second_factor_code", secret, counter)


def own_session_end(*, secret: str, session: UUID | None) -> int:
    """Ends one of the person's other sessions, or all of them. Returns how many."""
    return gate.call("my_session_end", secret, session)
