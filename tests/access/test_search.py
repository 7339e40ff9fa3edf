"""Search finds only one's own; a whole number opens nothing and is answered alike with and without a record."""

from datetime import date

import pytest

from access.views.search import parse_query

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def find(client, text):
    return client.post("/pasienter/sok/", {"q": text})


@pytest.mark.parametrize("text", ["senge", "anna sengemyr", "sengemyrhotl", "19.07.1938", "190738", "anna 19.07.1938"])
def test_found_by_name_near_miss_and_birth(client_for, cast, text):
    assert cast.anna.family_name in find(client_for("lms.lege"), text).content.decode()


def test_the_invisible_answer_as_the_absent(client_for, cast):
    client = client_for("lms.lege")
    answers = [find(client, text) for text in ("frognmyrstrand", "finnesikkemyr")]
    bodies = [answer.content.decode().split("<main")[1].split("</main>")[0] for answer in answers]
    for body, text in zip(bodies, ("frognmyrstrand", "finnesikkemyr"), strict=True):
        assert "Ingen treff" in body
        assert cast.foreign.family_name not in body.replace(text, "")
    assert [answer.status_code for answer in answers] == [200, 200]


def test_short_and_wrong_questions_are_explained(client_for):
    client = client_for("lms.lege")
    for text, words in (("an", "minst tre tegn"), ("31.02.1940", "Datoen finnes ikke"), ("19384912345", "")):
        answer = find(client, text)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_own_number_goes_to_the_record_and_never_into_an_address(client_for, cast):
    answer = find(client_for("lms.lege"), cast.anna.number)
    assert answer.headers["Location"] == f"/pasient/{cast.anna.id}/"


def test_number_without_access_tells_the_same_with_and_without_a_record(client_for, cast, nobody, log_rows):
    client = client_for("lms.lege")
    with_record, without = find(client, cast.foreign.number), find(client, nobody)
    assert with_record.status_code == without.status_code == 403
    assert with_record.context.keys() == without.context.keys()
    assert with_record.context["why"] == without.context["why"]
    assert [bool(with_record.context[way]) for way in ("arrival_url", "participation_url", "finishing_url", "emergency")] == [
        bool(without.context[way]) for way in ("arrival_url", "participation_url", "finishing_url", "emergency")
    ]
    assert "Frogn kommune" not in with_record.content.decode()
    assert "Hjemmesykepleien Frogn" not in with_record.content.decode()
    logged = log_rows(outcome="deny", reason_code="number_without_access")
    assert [row["patient_id"] for row in logged] == [None, cast.foreign.id]


def test_the_own_other_role_is_offered(client_for, cast):
    answer = find(client_for("aas.to_roller"), cast.anna.number)
    assert answer.headers["Location"] == f"/pasient/{cast.anna.id}/"
    client = client_for("aas.to_roller")
    client.post("/rolle/", {"role": str(cast["aas.to_roller"].authorisations["lms_nurse"])})
    switch = find(client, cast.kari.number).context["switch"]
    assert switch["authorisation"] == cast["aas.to_roller"].authorisations["home_nurse"]
    back = client.post(switch["url"], {"role": str(switch["authorisation"]), "next": switch["next"]})
    assert back.headers["Location"] == f"/pasient/{cast.kari.id}/"


def test_my_patients_are_those_of_the_role(client_for, cast, log_rows):
    page = client_for("lms.lege").get("/pasienter/").content.decode()
    assert cast.anna.family_name in page
    assert cast.foreign.family_name not in page
    assert cast.kari.family_name not in page
    assert {row["patient_id"] for row in log_rows(route="my_patients", outcome="allow")} >= {cast.anna.id}


def test_parse_query():
    assert parse_query("150730", TODAY).born == [date(1930, 7, 15)]
    assert parse_query("150710", TODAY).born == [date(1910, 7, 15), date(2010, 7, 15)]
    assert parse_query("Ås, Åse 03.02.1942", TODAY).terms == ["ås", "åse"]
    assert parse_query("!!!", TODAY).error
