"""Round one act of the database, all or nothing; its answer in a word becomes an error in words."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from psycopg.errors import InsufficientPrivilege

WORDS = {
    "past": gettext_noop("Tidsrommet er over. Ingenting er endret."),
    "stale": gettext_noop("Vakten er endret av en annen siden du så den. Ingenting er endret. Se på nytt."),
    "beyond": gettext_noop("Planen er ikke laget så langt fram ennå. Ingenting er endret."),
    "not_in_roster": gettext_noop("Den du valgte, er ikke med i denne vaktordningen."),
    "too_long": gettext_noop("Så lange vakter settes opp i planen. Ta høyst to uker om gangen."),
    "asked_already": gettext_noop("Det er spurt om denne vakten allerede. Trekk det spørsmålet først."),
    "code_taken": gettext_noop("Koden er brukt av et annet system."),
    "user_taken": gettext_noop("Personen er allerede en part."),
    "no_user": gettext_noop("Finner ikke brukernavnet: %(names)s."),
    "has_shifts": gettext_noop("Har vakter framover, eller er med i en rotasjon: %(names)s. Endre rotasjonen først."),
    "unreachable": gettext_noop("Kan ikke varsles, verken telefon eller e-post er lagt inn: %(names)s."),
    "level_used": gettext_noop("Linjen er i bruk: %(names)s. Ta bort rotasjonene først."),
    "no_keeper": gettext_noop("Noen må ha ansvar for vaktordningen. Skriv minst ett brukernavn."),
    "answered": gettext_noop("Spørsmålet er besvart eller trukket. Ingenting er endret."),
}

IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")


class DutyError(Exception):
    """Why the roster was not changed, in bokmål."""


@contextmanager
def acting() -> Iterator[None]:
    """Raises PermissionDenied for what the person may not do, DutyError for what the database's rules refuse."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise DutyError(_("Noen av opplysningene passer ikke sammen. Ingenting er endret.")) from None
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise PermissionDenied(_("Denne vaktordningen er ikke din å endre. Forsøket er logget.")) from None
        raise


def must_be_ok(answer: str, names: Iterable[str] = ()) -> None:
    """Raises DutyError with the words for any other answer. ``names``: whom it is about."""
    if answer != "ok":
        words = _(WORDS[answer])
        raise DutyError(words % {"names": ", ".join(names)} if "%(names)s" in words else words)


def must_name_nobody(*texts: str) -> None:
    """What is read by everybody who works, and leaves in text messages, holds no patient. An identity number is the one sign that can be told by its look."""
    if any(IDENTITY_NUMBER.search(text) for text in texts):
        raise DutyError(_("Teksten ser ut til å inneholde et fødselsnummer. Ta det bort. Ingenting er lagret."))
