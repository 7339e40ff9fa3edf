"""The patient's own log: plain words, names, no numbers of staff."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from auditlog.models import AccessLogEntry
from auditlog.own_log import own_log
from auditlog.selectors import LookUp

NAMES = {6: "Målinger og kurve", 7: "Sykepleie"}


def look_up(categories: set[int] | None = None, **changed) -> LookUp:
    values = {
        "seq": 1, "at": datetime(2026, 7, 1, 11, 10, 30, tzinfo=UTC), "request_id": uuid4(), "user_id": uuid4(), "user_name": "Ingrid Solberg Haugen",
        "hpr_number": "9812345", "profession": "nurse", "role_name": "Sykepleier", "unit_name": "Observasjonsposten", "legal_entity_name": "Follo LMS",
        "action": "read", "outcome": "allow", "template_name": "Innlagt", "template_code": "ADMITTED", "purpose": "TREAT", "reason": "",
        "reason_code": "", "user_selected": False,
    }  # fmt: skip
    return LookUp(AccessLogEntry(**values | changed), {"note": {"a"}}, categories or set())


def line(show_reason: bool = True, **changed):
    (one,) = own_log([look_up(**changed)], NAMES, show_reason=show_reason)
    return one


def test_a_line_reads_as_a_sentence_would():
    one = line(categories={6, 7})
    assert (one.date, one.time) == ("01.07.2026", "13:10")
    assert (one.name, one.profession, one.place) == ("Ingrid Solberg Haugen", "Sykepleier", "Observasjonsposten, Follo LMS")
    assert (one.what, one.why) == ("Leste: Målinger og kurve, Sykepleie", "Innlagt")


def test_no_number_or_id_of_staff_is_in_a_line():
    source = look_up()
    text = str(own_log([source], NAMES)[0])
    for hidden in (source.entry.hpr_number, str(source.entry.user_id), str(source.entry.request_id)):
        assert hidden not in text


def test_a_reason_follows_the_basis_and_can_be_left_out():
    assert line(template_name="Nødrettstilgang", reason="Bevisstløs", user_selected=True).why == "Nødrettstilgang: Bevisstløs"
    assert line(template_name="Nødrettstilgang", reason="Bevisstløs", show_reason=False).why == "Nødrettstilgang"
    assert line(user_selected=True).own_choice


def test_a_refused_attempt_is_told_as_one():
    one = line(outcome="deny", reason_code="no_measure", template_name="")
    assert one.what == "Prøvde å åpne journalen, men ble avvist. Ingenting ble vist."
    assert one.why == "Ingen besluttet tiltak"


def test_one_who_reviewed_the_log_is_told():
    one = line(action="log_review", template_name="", purpose="log_review", profession="", role_name="Loggkontrollør")
    assert (one.profession, one.what, one.why) == ("Loggkontrollør", "Leste loggen", "Kontroll av logg")


def test_a_failed_request_showed_nothing_and_is_left_out():
    assert own_log([look_up(outcome="error", reason_code="KeyError")], NAMES) == []


def test_an_unknown_person_is_called_so():
    assert line(user_name="", profession="", role_name="").name == "Ukjent bruker"


@pytest.mark.parametrize(("profession", "role", "shown"), [
    ("nurse", "Sykepleier, hjemmetjeneste", "Sykepleier, hjemmetjeneste"), ("doctor", "Tilsynslege", "Lege · Tilsynslege"), ("", "Saksbehandler", "Saksbehandler"),
    ("midwife", "", "midwife"),
])  # fmt: skip
def test_profession_and_role_are_said_once(profession, role, shown):
    assert line(profession=profession, role_name=role).profession == shown
