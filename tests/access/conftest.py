"""What tests of log-in and the ways in need beside the cast: passwords, and who is registered without a record."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from access.domain.identity import synthetic_number
from access.models import RegisterPerson
from access.services.secrets import credential_set
from tests.cast import PASSWORD, PIN


@pytest.fixture
def credentials(cast: Any) -> None:
    """Password and PIN for three of the cast; no second factor is asked for."""
    for username in ("lms.sykepleier", "lms.lege", "aas.to_roller"):
        credential_set(user_id=cast[username].id, password=PASSWORD, pin=PIN, using="default")
    set_setting("second_factor_required", 0)


def set_setting(name: str, value: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gate.setting SET value = %s WHERE name = %s", [value, name])


@pytest.fixture
def nobody(db: None) -> str:
    """The number of a person in the population register who has no record."""
    number = synthetic_number(date(1951, 9, 17), female=False, seed=3)
    RegisterPerson.objects.create(
        number=number, kind="FNR", family_name="Registermyr", given_name="Nils", birth_date=date(1951, 9, 17), sex="M", name_fold="registermyr nils"
    )
    return number


@pytest.fixture
def log_rows(db: None) -> Callable[..., list[dict[str, Any]]]:
    """`log_rows(outcome="deny")`: rows of the access log with these values, newest first. Read as owner."""

    def read(**wanted: Any) -> list[dict[str, Any]]:
        where = " AND ".join(f"{name} = %s" for name in wanted)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM auditlog_entry WHERE {where} ORDER BY seq DESC", list(wanted.values()))
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return read
