"""What the database said no to: which constraint, and a lack of right in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

INSUFFICIENT_PRIVILEGE = "42501"


def broken_constraint(error: DatabaseError) -> str:
    """Its name; empty where the database named none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


@contextmanager
def forbidden_in_words(message: str) -> Iterator[None]:
    """Inside a savepoint of its own. Raises PermissionDenied with ``message`` where the database says that the role may not."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == INSUFFICIENT_PRIVILEGE:
            raise PermissionDenied(message) from None
        raise
