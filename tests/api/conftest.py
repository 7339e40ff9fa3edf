"""Callers of the API: people by cookie, system clients by token, and the log they leave."""

from collections.abc import Callable
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse

from access import models as access
from access.domain.codes import Action
from access.domain.codes import Category as C
from tests.cast import DAY, identify
from tests.conftest import AppClient

PURPOSE = "Multimonitor på observasjonsposten"
READ_WRITE = Action.SEARCH | Action.READ | Action.WRITE


class Caller:
    """One caller of the API: `caller.get("notes/", cast.anna)`; bodies are JSON, answers too."""

    def __init__(self, **headers: str) -> None:
        self.client = AppClient(**{"HTTP_ACCEPT": "application/json"} | headers)

    def get(self, path: str, patient: Any = None, **headers: str) -> HttpResponse:
        return self.client.get(address(path, patient), headers=headers)

    def post(self, path: str, patient: Any = None, body: Any = None, **headers: str) -> HttpResponse:
        return self.client.post(address(path, patient), body or {}, content_type="application/json", headers=headers)

    def put(self, path: str, patient: Any = None, body: Any = None, **headers: str) -> HttpResponse:
        return self.client.put(address(path, patient), body or {}, content_type="application/json", headers=headers)


def address(path: str, patient: Any) -> str:
    within = f"patients/{getattr(patient, 'id', patient)}/" if patient else ""
    return f"/api/v1/{within}{path}"


@pytest.fixture
def person(cast: Any, client_for: Callable[..., AppClient]) -> Callable[[str], Caller]:
    """`person("lms.lege")`: the pages' own scripts, with that person's cookie."""

    def made(username: str) -> Caller:
        caller = Caller()
        caller.client = client_for(username, HTTP_ACCEPT="application/json")
        return caller

    return made


def make_system(cast: Any, username: str, role_code: str) -> access.User:
    """A system client on the ward in this role, as an administrator registers it."""
    user = access.User.objects.create(id=identify("user", username), username=username, given_name="System", family_name=username, is_system=True)
    role = access.RoleTemplate.objects.get(code=role_code)
    access.AccessAuthorisation.objects.create(
        id=identify("authorisation", username), user_id=user.id, role=role, unit_id=cast.units["ward"],
        valid_from=access.Session.objects.get(id=cast["lms.lege"].session_id).created_at - DAY, reason="Avtale om utstyr",
    )  # fmt: skip
    return user


def make_gateway_role() -> None:
    """A role of the installation's own, for equipment that charts: it reads and writes what the ward's measures open."""
    role = access.RoleTemplate.objects.create(code="gateway", name="Medisinsk utstyr", mark="X", may_chart=True, decides=["ADMITTED", "TASK"])
    for template in access.MeasureTemplate.objects.filter(code__in=["ADMITTED", "NOTIFIED"]):
        for category in (C.ADMIN, C.LOGISTICS, C.VITALS, C.TASKS):
            access.RoleRight.objects.create(role=role, template=template, category_id=int(category), actions=int(READ_WRITE))


def issue(username: str, **options: Any) -> str:
    out = StringIO()
    call_command("issue_token", username, purpose=PURPOSE, stdout=out, **options)
    return out.getvalue().strip()


@pytest.fixture
def gateway_token(cast: Any) -> str:
    make_gateway_role()
    make_system(cast, "monitor", "gateway")
    return issue("monitor")


@pytest.fixture
def gateway(gateway_token: str) -> Caller:
    """A system client on the ward whose role reads and writes measurements, stays and tasks."""
    return Caller(HTTP_AUTHORIZATION=f"Bearer {gateway_token}")


Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def log_since(db: None) -> Log:
    """`log_since(seq, patient_id=…)`: rows of the access log after this one, oldest first. Read as owner."""
    return read_log


def read_log(seq: int = 0, **wanted: Any) -> list[dict[str, Any]]:
    where = "".join(f" AND {name} = %s" for name in wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM auditlog_entry WHERE seq > %s{where} ORDER BY seq", [seq, *wanted.values()])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def last_seq() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM auditlog_entry")
        return cursor.fetchone()[0]


def logged(seq: int, patient: UUID) -> list[str]:
    """Outcomes logged for a patient since."""
    return [row["outcome"] for row in read_log(seq, patient_id=patient)]
