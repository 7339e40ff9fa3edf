"""The log reviewer's page: who has seen what, and who has seen that."""

import csv
import io
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from access.views import log_review
from auditlog import selectors
from auditlog.models import AccessLogEntry
from auditlog.selectors import Filter, Place
from lms_epj.core.clock import now

MOST_QUERIES = 15


@pytest.fixture
def reviewer(client_for):
    return client_for("logg.kontroll")


@pytest.fixture
def write(as_owner, cast):
    """Writes look-ups of the cast as the gate would have, newest last; returns the ids of their requests."""

    def entries(patient, username: str = "lms.sykepleier", count: int = 1, shown: dict | None = None, **values) -> list[UUID]:
        requests = []
        for _ in range(count):
            request = uuid4()
            row = {
                "request_id": str(request),
                "action": "read",
                "outcome": "allow",
                "user_id": str(cast[username].id),
                "user_name": f"navn på {username}",
                "patient_id": str(patient.id),
                "patient_name": f"{patient.given_name} {patient.family_name}",
                "template_code": "ADMITTED",
                "template_name": "Innlagt",
                "profession": "nurse",
                "role_name": "Sykepleier",
                "unit_name": "Observasjonsposten",
                "legal_entity_name": "Follo LMS",
            }
            rows = [row | values]
            if shown:
                rows.append({key: row[key] for key in ("request_id", "patient_id", "action")} | {"outcome": "shown"} | shown)
            for one in rows:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, %s::jsonb))", [json.dumps(one)])
            requests.append(request)
        return requests

    return entries


def rows_of(response) -> list[dict]:
    return response.context["rows"]


def reviews_of(patient) -> int:
    return AccessLogEntry.objects.filter(action="log_review", patient_id=patient.id).count()


def test_a_row_tells_who_where_what_and_why(reviewer, write, cast):
    write(cast.anna, reason="Uro i natt", user_selected=True, shown={"objects_shown": {"note": ["a", "b"], "vitalset": ["c"]}, "categories": [6, 7]})
    row = next(row for row in rows_of(reviewer.get("/logg/")) if row["patient"])
    assert row["who"] == "navn på lms.sykepleier"
    assert row["profession"] == "Sykepleier"
    assert row["unit"] == "Observasjonsposten, Follo LMS"
    assert row["patient"].endswith(cast.anna.family_name)
    assert (row["action"], row["basis"], row["reason"], row["user_selected"]) == ("Leste", "Innlagt", "Uro i natt", True)
    assert row["what"] == "Målinger: 1, Notater: 2 (Målinger og kurve, Sykepleie)"


def test_whose_log_was_read_is_logged(reviewer, write, cast):
    write(cast.anna, count=3)
    write(cast.kari)
    assert reviewer.get("/logg/").status_code == 200
    assert (reviews_of(cast.anna), reviews_of(cast.kari), reviews_of(cast.foreign)) == (1, 1, 0)
    entry = AccessLogEntry.objects.get(action="log_review", patient_id=cast.anna.id)
    assert (entry.user_id, entry.purpose, entry.role_code) == (cast["logg.kontroll"].id, "log_review", "log_reviewer")


def test_a_patient_who_was_asked_for_in_vain_is_logged_too(reviewer, cast):
    assert rows_of(reviewer.get("/logg/", {"pasient": str(cast.kari.id)})) == []
    assert reviews_of(cast.kari) == 1


def test_who_has_read_the_log_of_a_patient_can_be_asked(reviewer, write, cast):
    write(cast.kari)
    reviewer.get("/logg/")
    everyone = rows_of(reviewer.get("/logg/"))
    assert "Leste loggen" not in {row["action"] for row in everyone}
    assert "Leste loggen" in {row["action"] for row in rows_of(reviewer.get("/logg/", {"pasient": str(cast.kari.id)}))}


def test_a_number_is_turned_into_an_id_and_never_stands_in_the_address(reviewer, write, cast):
    write(cast.kari)
    write(cast.anna)
    form = {"pasient": f"{cast.kari.number[:6]} {cast.kari.number[6:]}", "ansatt": "", "fra": "01.01.2020", "til": "31.12.2099"}
    sent_on = reviewer.post("/logg/", form)
    assert sent_on.status_code == 302
    assert cast.kari.number not in sent_on.url
    assert str(cast.kari.id) in sent_on.url
    assert reviews_of(cast.kari) == 1
    page = reviewer.get(sent_on.url)
    assert {row["patient_url"] for row in rows_of(page)} == {page.context["rows"][0]["patient_url"]}
    assert cast.kari.number not in page.content.decode()
    assert cast.kari.number not in json.dumps(list(AccessLogEntry.objects.values_list("route", "reason", "device", "reason_code")))


@pytest.mark.parametrize(("field", "value", "text"), [
    ("pasient", "123", "Skriv hele fødselsnummeret"), ("pasient", "01814112345", "Ingen pasient her"), ("ansatt", "Finnes Ikke", "Ingen ansatt heter"),
    ("fra", "31.02.2026", "Skriv datoen slik"), ("fra", "01.01.2100", "etter til-datoen"),
])  # fmt: skip
def test_what_cannot_be_used_is_told_beside_the_field(reviewer, field, value, text):
    form = {"fra": "01.01.2026", "til": "31.01.2026"} | {field: value}
    page = reviewer.post("/logg/", form)
    assert page.status_code == 422
    (wrong,) = [one for one in page.context["fields"] if one.get("error")]
    assert wrong["name"] == field
    assert text in wrong["error"]


def test_a_name_that_fits_several_becomes_a_choice(reviewer, cast):
    form = {"fra": "01.01.2026", "til": "31.01.2026", "ansatt": "berit"}
    page = reviewer.post("/logg/", form)
    assert page.status_code == 422
    field = next(one for one in page.context["fields"] if one["name"] == "ansatt")
    values = {option["value"] for option in field["options"]}
    assert {str(cast["aas.saksbehandler"].id), str(cast["journalansvarlig"].id)} <= values
    sent_on = reviewer.post("/logg/", form | {"ansatt": str(cast["journalansvarlig"].id)})
    assert str(cast["journalansvarlig"].id) in sent_on.url


@pytest.mark.parametrize(("query", "values"), [
    ("ansatt", {"username": "lms.lege"}), ("grunnlag", {"template_code": "EMERGENCY"}), ("utfall", {"outcome": "deny", "reason_code": "no_measure"}),
    ("handling", {"action": "print"}),
])  # fmt: skip
def test_each_filter_leaves_only_its_own(reviewer, write, cast, query, values):
    write(cast.anna, count=3)
    (wanted,) = write(cast.anna, **values)
    value = str(cast["lms.lege"].id) if query == "ansatt" else next(iter(values.values()))
    page = reviewer.get("/logg/", {query: value})
    assert len(rows_of(page)) == 1
    assert AccessLogEntry.objects.filter(request_id=wanted).exists()


def test_a_refusal_says_why(reviewer, write, cast):
    write(cast.anna, outcome="deny", reason_code="no_measure", template_name="")
    (row,) = rows_of(reviewer.get("/logg/", {"utfall": "deny"}))
    assert (row["outcome"], row["basis"]) == ("deny", "Ingen besluttet tiltak")


def test_pages_follow_each_other_without_gap_or_repetition(write, cast, open_gate, as_owner):
    written = write(cast.anna, count=25)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE auditlog_entry SET at = date_trunc('hour', at)")
    with as_owner():
        everything = Filter(now() - timedelta(days=1), now() + timedelta(days=1))
        seen: list[UUID] = []
        page = selectors.read_page(everything, size=10)
        while True:
            seen += [row.entry.request_id for row in page.rows]
            if not page.older:
                break
            before, page = page, selectors.read_page(everything, size=10, before=page.rows[-1].place)
        assert seen == written[::-1]
        back = selectors.read_page(everything, size=10, after=page.rows[0].place)
        assert [row.place for row in back.rows] == [row.place for row in before.rows]
        assert (back.older, back.newer) == (True, True)


def test_a_place_reads_back_as_it_was_written():
    place = Place(now(), 12345)
    assert Place.parse(str(place)) == place
    for nonsense in ("", "x", "1", "1.2.3", "9" * 40 + ".1"):
        assert Place.parse(nonsense) is None


def test_the_page_asks_the_database_as_little_with_many_rows_as_with_few(reviewer, write, cast, django_assert_max_num_queries):
    write(cast.anna, count=30, shown={"objects_shown": {"note": ["a"]}, "categories": [7]})
    write(cast.kari, count=30)
    with django_assert_max_num_queries(MOST_QUERIES + 4):  # four of the test's own: savepoint and role
        assert len(rows_of(reviewer.get("/logg/"))) == log_review.PAGE_SIZE


def test_the_file_has_the_same_rows_and_is_logged(reviewer, write, cast):
    write(cast.anna, count=2, reason='=1+1; "sitat"')
    response = reviewer.get("/logg/fil/")
    assert response["Content-Type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert tuple(lines[0]) == log_review.COLUMNS
    about = [line for line in lines if line[8].endswith(cast.anna.family_name)]
    assert [line[13] for line in about] == ['\'=1+1; "sitat"'] * 2
    assert reviews_of(cast.anna) == 1
    assert AccessLogEntry.objects.filter(action="export", route="log_review_export").count() == 1


def test_a_file_that_is_cut_off_says_so(reviewer, write, cast, monkeypatch):
    monkeypatch.setattr(log_review, "EXPORT_ROWS", 2)
    write(cast.anna, count=5)
    lines = reviewer.get("/logg/fil/").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 + 1
    assert lines[-1].startswith("Filen er avkortet")


@pytest.mark.parametrize("username", ["lms.sykepleier", "lms.lege", "tilgang.admin", "journalansvarlig", "drift"])
@pytest.mark.parametrize("route", ["log_review", "log_review_export"])
def test_no_other_role_reads_the_log(client_for, write, cast, username, route):
    write(cast.anna)
    answer = client_for(username).get(reverse(route))
    assert answer.status_code == 404
    assert cast.anna.family_name not in answer.content.decode()
    assert AccessLogEntry.objects.filter(user_id=cast[username].id, outcome="deny", route=route).exists()


def test_the_database_refuses_the_reviewers_functions_to_others(open_gate, cast):
    for call in ("SELECT gate.reviewed(ARRAY[]::uuid[], '{}')", "SELECT gate.review_patient('x', '{}')"):
        with open_gate("lms.lege"), pytest.raises(ProgrammingError, match="not a log review"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(call)


def test_the_log_is_not_read_for_another_purpose(open_gate, write, cast):
    write(cast.anna)
    with open_gate("logg.kontroll"):
        assert AccessLogEntry.objects.count() == 0
