"""Round one act of the database, all or nothing; its answer in a word becomes an error in words."""

from collections.abc import Iterator
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
    "answered": gettext_noop("Spørsmålet er besvart eller trukket. Ingenting er endret."),
}


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


def must_be_ok(answer: str) -> None:
    """Raises DutyError with the words for any other answer."""
    if answer != "ok":
        raise DutyError(_(WORDS[answer]))
