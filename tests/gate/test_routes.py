"""Every address there is, as everyone in the cast, for an own, a foreign and a blocked patient.

The list comes from the URL resolver and what is expected from decide(): a new route is tried from the day it stands, and fails here when
nobody has said what its arguments are.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse

from access import gate
from access.domain.codes import Action
from access.domain.decide import decide, decide_patient
from access.domain.facts import Facts, Row
from access.models import RightsChange, RoleTemplate
from access.routes import all_routes
from access.rules import Rule
from journal.models import Note, Stay
from tests.cast import ROWS, STAFF, Cast, Person, identify, marker_of
from tests.conftest import set_role

# argument → the row of the cast that it names, whoever the patient is
NAMED = {
    "community": ("community",),
    "version": ("agreement",),
    "export": ("export",),
    "booking": ("booking", "meeting"),
    "resource": ("cart",),
    "plan": ("plan", "lms"),
}
# argument → the kind of row it names; `row` is told by the path it stands in
ROW_OF = {
    "note": "note", "stay": "stay", "visit": "visit", "task": "task", "decision": "servicedecision", "observation": "observation", "order": "medorder",
    "dose": "meddose", "video": "bookingpatient", "waiting": "waitingentry", "problem": "planproblem", "action": "planaction",
    "claim": "recordclaim", "run": "checklistrun", "attachment": "attachment", "image": "attachment", "wound": "wound", "assessment": "woundassessment",
    "question": "specialistquestion", "isolated": "isolation",
}  # fmt: skip
ROW_IN = {"malinger": "vitalset", "legemidler": "medication", "kritisk": "criticalinfo", "diagnoser": "diagnosis", "parorende": "nextofkin"}
# what stands in the register of authorisations, or stands nowhere
STAFF_ROWS = {
    "person": identify("user", "lms.sykepleier"), "authorisation": identify("authorisation", "lms.sykepleier", "lms_nurse"),
    "unit": identify("unit", "ward"), "completion": uuid.UUID(int=8), "demand": uuid.UUID(int=9), "batch": uuid.UUID(int=10),
    "licence": identify("licence", "lms.sykepleier"), "message": uuid.UUID(int=11), "incident": uuid.UUID(int=12),
    "left": uuid.UUID(int=14), "notice": uuid.UUID(int=15), "asked": uuid.UUID(int=16), "phrase": uuid.UUID(int=17),
    "procedure": uuid.UUID(int=18), "series": uuid.UUID(int=19), "job": uuid.UUID(int=20), "number": 1, "merge": uuid.UUID(int=20),
    "day": "2026-01-01",
}  # fmt: skip
# argument → one of the matrix of rights
MATRIX = {
    "role": lambda: RoleTemplate.objects.get(code="lms_nurse").id,
    "change": lambda: RightsChange.objects.values_list("id", flat=True).first() or uuid.UUID(int=8),
}
PEOPLE = [one for one in STAFF if one != "tilgang.admin2"]  # who holds what tilgang.admin holds
PATIENTS = ("kari", "anna", "foreign", "blocked", "former")
ROUTES = sorted(all_routes(), key=lambda one: one[0])
# They say who the population register has behind a number, alike with and without a record.
ANSWERS_FROM_REGISTER = {"arrival", "participation", "finishing", "emergency", "search"}
# They name the patient whose blocks are to be registered, to an administrator of access.
TELLS_WHOSE_BLOCKS = {"block_list", "block_new", "block_seen", "block_lift", "block_letter"}
# They name those whose log it is, to one who reviews logs.
TELLS_WHOSE_LOG = {"log_review", "log_review_export"}
# Its examples tell of a made-up person whom the cast has too; it reads no record.
TELLS_OF_NOBODY = {"api_schema"}

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def rule_of(pattern: Any) -> Rule:
    rule = getattr(pattern.callback, "rule", None)
    assert rule is not None, f"{pattern.pattern} has no rule"
    return rule


def path_for(route: str, patient: Person) -> str:
    """The address for this patient, with the patient's own rows in it.

    Raises LookupError for an argument that nobody has given a recipe.
    """

    def value(found: re.Match[str]) -> str:
        name = found["name"]
        if name == "patient":
            return str(patient.id)
        if name in ("session", "case", "finding", "phrase"):  # nobody's
            return str(uuid.UUID(int=7))
        if name in STAFF_ROWS:
            return str(STAFF_ROWS[name])
        if name in ("roster", "incident", "step", "party", "system", "deviation", "link"):  # nobody's: there is no roster in the cast
            return str(uuid.UUID(int=13))
        if name in ("secret", "proof"):
            return "not-a-secret"
        if name == "record":
            return str(patient.id)
        if name == "registration":
            return str(identify("block", patient.key))
        if name == "change" and route.startswith("samarbeid/"):
            return str(identify("change"))
        if name in MATRIX:
            return str(MATRIX[name]())
        if name in ("secret", "room"):  # of no guest, and of no room
            return "nobodys"
        if name == "kind":
            return "dialog"
        if name == "score":
            return "braden"
        if name == "document_type":
            return "nurse_note"
        if name == "row":
            return str(patient.rows[next(model for folder, model in ROW_IN.items() if f"/{folder}/" in f"/{route}")])
        if name in NAMED:
            return str(identify(*NAMED[name]))
        if name in ROW_OF:
            return str(patient.rows[ROW_OF[name]])
        raise LookupError(f"no recipe for <{name}> in {route}")

    return "/" + re.sub(r"<(?:\w+:)?(?P<name>\w+)>", value, route)


class Judge:
    """What one person may see, by decide() over the database's facts: the same for every route."""

    def __init__(self, cast: Cast, username: str) -> None:
        self.cast, self.user = cast, cast[username]
        raw = {key: gate.read_facts(self.user.secret, cast.patients[key].id) for key in PATIENTS}
        self.session = raw["kari"]
        self.works = (
            self.session.get("authorisation") is not None and gate.call("enter", self.user.secret, 1, [], '{"action": "judge"}')["state"] == "ok"
        )
        if self.works:
            gate.call("leave", "[]", "{}")
        self.facts = {key: Facts.from_json(found, cast.patients[key].id) for key, found in raw.items() if "measures" in found}
        self.readable = {key: set(self._readable(key)) for key in PATIENTS}

    def _readable(self, key: str) -> Iterator[str]:
        for model, (table, category, _) in ROWS.items():
            row = table._base_manager.get(pk=self.cast.patients[key].rows[model])
            stay = row.id if isinstance(row, Stay) else row.stay_id
            seen = Row(
                row.patient_id, int(category), row.document_type_id, stay, row.id, row.origin_id, row.unit_id, row.legal_entity_id,
                row.event_at, row.author_id, isinstance(row, Note) and row.state == "DRAFT",
            )  # fmt: skip
            if key in self.facts and decide(self.facts[key], Action.READ, seen):
                yield model

    def lets_in(self, rule: Rule, key: str) -> bool:
        """Whether the route's rule opens for this patient."""
        if rule.subject in ("public", "self"):
            return True
        if not self.works:
            return False
        role, unit = self.session["authorisation"]["role"], self.session["authorisation"]["unit"]
        if (rule.flag and not role[rule.flag]) or (rule.unit_kinds and unit["kind"] not in rule.unit_kinds):
            return False
        if rule.subject != "patient":
            return True
        return decide_patient(self.facts[key], rule.action, rule.category).allow

    def may_know(self, key: str) -> bool:
        return key in self.facts and decide_patient(self.facts[key], Action.SEARCH).allow


def log_mark() -> int:
    return one("SELECT coalesce(max(seq), 0) FROM auditlog_entry")


def one(statement: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


def ask(client: Any, method: str, path: str, judge: Judge, patient: Person) -> HttpResponse:
    """One request of a browser; what it wrote stays until the caller takes it back."""
    if path.startswith("/api/"):
        json_wanted = {"HTTP_ACCEPT": "application/json"}
        return client.get(path, **json_wanted) if method == "GET" else client.post(path, {}, content_type="application/json", **json_wanted)
    if method == "GET":
        return client.get(path)
    return client.post(path, {"patient": str(patient.id), "actor": str(judge.user.id), "reason": "Prøve", "lock_version": "1"})


@pytest.mark.parametrize("username", PEOPLE)
def test_everyone_on_every_route(username, cast, client_for):
    judge, client = Judge(cast, username), client_for(username, takes_role=False)
    leave_a_trace(cast, client_for)
    faults: list[str] = []
    mark = log_mark()  # what a request writes is taken back, so each finds the log as it was
    for route, pattern in ROUTES:
        rule = rule_of(pattern)
        for key in PATIENTS if rule.subject == "patient" else PATIENTS[:1]:
            for method in ("GET", "POST"):
                address = path_for(route, cast.patients[key])
                with transaction.atomic():
                    set_role("epj_app")
                    response = ask(client, method, address, judge, cast.patients[key])
                    set_role("epj_owner")
                    found = faults_in(response, method, rule, judge, key, pattern.name, mark)
                    faults += [f"{method} {pattern.name} as {username} for {key} ({response.status_code}): {fault}" for fault in found]
                    transaction.set_rollback(True)
                client.cookies["epj_session"] = judge.user.secret
    if faults:
        pytest.fail("\n".join([*faults[:20], f"({len(faults)} in all)"]), pytrace=False)


def leave_a_trace(cast: Cast, client_for: Any) -> None:
    """Look-ups that stand in the log, for the pages that show it."""
    for key in PATIENTS:
        client_for("lms.sykepleier").get(f"/pasient/{cast.patients[key].id}/")


def faults_in(response: HttpResponse, method: str, rule: Rule, judge: Judge, key: str, name: str, mark: int) -> Iterator[str]:
    text = response.content.decode(errors="replace") + str(response.headers)
    if response.status_code >= 500:
        yield "broken"
    if not judge.lets_in(rule, key):
        if judge.works and response.status_code not in (403, 404, 405):
            yield "should not be let in"
        if not judge.works and rule.subject != "public" and response.status_code not in (302, 401, 403, 404, 405):
            yield "works without a role"
    elif rule.subject == "patient" and (rule.action, method) == (Action.READ, "GET") and response.status_code in (401, 403):
        yield "is kept out though the rule lets in"
    for other in PATIENTS if name not in TELLS_OF_NOBODY else ():
        yield from leaks(text, judge, other, name, mark)


def leaks(text: str, judge: Judge, key: str, name: str, mark: int) -> Iterator[str]:
    """What the response tells of one patient that it must not, or that the log does not know of."""
    patient, word = judge.cast.patients[key], marker_of(key)
    shown = [marker for marker in patient.markers if marker in text]
    if shown and not judge.may_know(key) and name not in ANSWERS_FROM_REGISTER | TELLS_WHOSE_LOG | TELLS_WHOSE_BLOCKS:
        yield f"tells of {key}: {shown}"
    for model in ROWS if word in text else ():
        if re.search(rf"{word} {model}\b", text) and model not in judge.readable[key]:
            yield f"shows {key}'s {model}"
    if shown and not one(
        "SELECT count(*) FROM auditlog_entry WHERE seq > %s AND patient_id = %s AND outcome IN ('allow', 'shown')", mark, patient.id
    ):
        yield f"shows {key} without a line in the log"


def test_nobody_is_let_in_without_a_session(cast, client_for):
    client = client_for(None)
    for route, pattern in ROUTES:
        if rule_of(pattern).subject == "public":
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(path_for(route, cast.kari))
            assert response.status_code in (302, 401, 405), f"{method} {route}: {response.status_code}"
            if response.status_code == 302:
                assert response["Location"].startswith("/logg-inn/")
            assert not [marker for marker in cast.kari.markers if marker in response.content.decode()]


def test_there_are_routes_and_each_has_a_rule():
    assert len(ROUTES) > 10
    assert {rule_of(pattern).subject for _, pattern in ROUTES} <= {"public", "self", "unit", "patient"}


def test_an_argument_without_a_recipe_is_noticed(cast):
    with pytest.raises(LookupError):
        path_for("pasient/<uuid:patient>/nytt/<uuid:unheard_of>/", cast.kari)
