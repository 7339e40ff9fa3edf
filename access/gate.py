"""The gate: the one place where a request is let in to patient data.

Order of a request (R12, R26): BEGIN → facts → ``decide()`` → log row and grant in the database → view and rendering →
what was shown → COMMIT → first byte. Nothing outside this order can read: without the grant, row security gives no rows.
Pages, the API, Celery tasks and commands all enter here.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext

from access.domain.codes import Action
from access.domain.decide import Decision, decide_patient
from access.domain.explain import explain
from access.domain.facts import Facts
from access.shown import current_shown, start_shown, stop_shown
from lms_epj.core.prepared import kept_by_server

_open: ContextVar["Gate | None"] = ContextVar("gate", default=None)


class GateClosed(RuntimeError):
    """Patient data were asked for outside the gate, or the database refused what Python allowed: a fault in the program."""


@dataclass(eq=False)
class Refusal(Exception):
    """Why a request was not let in. ``state``: none, locked, second_factor, no_role or deny.

    Not frozen: Python writes the traceback on it as it passes.
    """

    state: str
    decision: Decision | None = None
    facts: Facts | None = None

    def __str__(self) -> str:
        return self.state


@dataclass(frozen=True)
class Request:
    """What the log says of a request. ``quiet``: a poll writes no row unless it shows a patient."""

    action: str
    route: str
    device: str = ""
    purpose: str = ""
    quiet: bool = False
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    def as_json(self, **changes: Any) -> str:
        values = {
            "request_id": str(self.id), "action": self.action, "route": self.route, "device": self.device,
            "purpose": self.purpose, "quiet": self.quiet,
        }  # fmt: skip
        return json.dumps(values | changes)


JSONB = 3802  # PostgreSQL's number for the type; Django leaves its values as text, those of json psycopg reads itself


def call(function: str, *arguments: Any) -> Any:
    """The single value of one of the gate's database functions. Names are the program's own, never a person's input."""
    marks = ", ".join(["%s"] * len(arguments))
    with kept_by_server(), connection.cursor() as cursor:
        cursor.execute(f"SELECT gate.{function}({marks})", arguments)
        value = cursor.fetchone()[0]
        is_json = cursor.description[0].type_code == JSONB
    return json.loads(value) if is_json and value is not None else value


def rows(function: str, *arguments: Any) -> list[dict[str, Any]]:
    """The rows of one of the gate's database functions that returns a table."""
    marks = ", ".join(["%s"] * len(arguments))
    with kept_by_server(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM gate.{function}({marks})", arguments)  # noqa: S608
        names = [column.name for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


class Gate:
    """An open request: who acts, in which role, at which time, and for whom the database is open."""

    def __init__(self, secret: str, request: Request, facts: dict[str, Any], known: Facts | None, decision: Decision | None) -> None:
        self.secret = secret
        self.request = request
        self.known = known
        self.decision = decision
        self.patients = [known.patient] if known and known.patient else []
        authorisation = facts["authorisation"]
        self.authorisation_id = uuid.UUID(authorisation["id"])
        self.user_id = uuid.UUID(facts["user"]["id"])
        self.user = facts["user"]
        self.role = authorisation["role"]
        self.unit = authorisation["unit"]
        self.unit_id = uuid.UUID(self.unit["id"])
        # The entity that answers for the unit now, and those that have merged into it.
        self.own_entities = [uuid.UUID(one) for one in self.unit["answers_for"]]
        self.legal_entity_id = self.own_entities[0]
        self.now = datetime.fromisoformat(facts["now"])

    def disclose(self, patients: Sequence[uuid.UUID], action: Action = Action.SEARCH) -> list[uuid.UUID]:
        """Opens and logs the patients of a list, one line each. Returns those that opened, in the given order."""
        if not patients:
            return []
        opened = set(call("disclose", int(action), list(patients), self.request.as_json()))
        self.patients = [*self.patients, *(p for p in patients if p in opened and p not in self.patients)]
        return [p for p in patients if p in opened]

    def may(self, action: Action, category: int | None) -> bool:
        """Whether a button should be offered for the patient of the page; None: of any category. The database decides again when it is pressed."""
        return self.known is not None and decide_patient(self.known, action, category).allow

    @property
    def basis(self) -> str:
        """Why this record is open, in words for the banner."""
        return explain(self.decision, self.known, gettext) if self.decision and self.known else ""


def current() -> Gate:
    """The open gate of this request.

    Raises GateClosed outside one.
    """
    gate = _open.get()
    if gate is None:
        raise GateClosed("patient data were asked for outside the gate")
    return gate


def is_open() -> bool:
    return _open.get() is not None


def read_facts(secret: str, patient: uuid.UUID | None = None, *, active: bool = True) -> dict[str, Any]:
    """Raw facts of a session, and of a patient for its person. ``active`` counts as use for the idle lock; a poll does not."""
    found = call("facts", secret, patient, active)
    return found | (found.get("about") or {})


@contextmanager
def enter(
    secret: str,
    request: Request,
    *,
    patient: uuid.UUID | None = None,
    action: Action = Action.READ,
    category: int | None = None,
    facts: dict[str, Any] | None = None,
) -> Iterator[Gate]:
    """Opens the gate for one request inside the caller's transaction.

    Raises Refusal when the session or the rule says no; GateClosed when Python and the database disagree.
    """
    if not connection.in_atomic_block:
        raise GateClosed("the gate opens inside a transaction only")
    facts = facts or read_facts(secret, patient)
    if facts["state"] != "ok":
        raise Refusal(facts["state"])
    if facts["authorisation"] is None:
        raise Refusal("no_role")
    known = Facts.from_json(facts, patient) if patient else None
    decision = decide_patient(known, action, category) if known else None
    if decision is not None and not decision.allow:
        raise Refusal("deny", decision, known)
    answer = call("enter_held", secret, int(action), [patient] if patient else [], request.as_json())
    if answer["state"] != "ok":
        raise Refusal(answer["state"])
    if patient and str(patient) not in answer["granted"]:
        if merged_to(secret, patient):
            raise Refusal("deny", decision, known)  # while this request waited for the merge
        raise GateClosed("decide() allowed what the database refuses")
    gate = Gate(secret, request, facts, known, decision)
    opened = _open.set(gate)
    shown = start_shown()
    try:
        yield gate
        call("leave", json.dumps(current_shown().as_json()), request.as_json())
    finally:
        stop_shown(shown)
        _open.reset(opened)


def merged_to(secret: str, patient: uuid.UUID) -> dict[str, Any] | None:
    """{patient, at} of the record that this one was merged into, when the person may open that one; None alike for any other refusal."""
    return call("merged_to", secret, patient)


def log_refusal(secret: str, request: Request, *, patient: uuid.UUID | None, outcome: str, reason: str) -> None:
    """Writes a denied or failed attempt, in a transaction of its own when none is open."""
    with transaction.atomic():
        call("refused", secret, patient, outcome, reason, request.as_json())
