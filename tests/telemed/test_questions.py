"""A question to a specialist about a wound: the link and the code open what was put before that specialist, nothing else, until it is answered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from access.domain.codes import Action
from access.models import AccessBlock
from auditlog.models import AccessLogEntry
from journal.models import Attachment, Task, Wound, WoundAssessment
from telemed.models import SpecialistQuestion
from telemed.services import questions
from tests.cast import marker_of
from tests.journal.pictures import jpeg, sent

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier"
ANSWER = {"answer": "Bytt til alginat, og avlast hælen.", "name": "Liv Sår, hudlege"}


class Asked:
    """Anna's wound with one image, put before a specialist; and the specialist's browser."""

    def __init__(self, cast: Any, client_for: Any, open_gate: Any) -> None:
        self.cast, self.open_gate, self.nurse, self.browser = cast, open_gate, client_for(NURSE), client_for(None)
        self.wound = Wound.objects.get(pk=cast.anna.rows["wound"])
        values = {
            "patient": str(cast.anna.id),
            "actor": str(cast[NURSE].id),
            "event_at": "10.11.2026 09:00",
            "length_mm": "42",
            "width_mm": "30",
            "comment": "Vond lukt",
        }
        self.nurse.post(self.at("wound_assess", self.wound.pk), values | {"images": [sent(jpeg()), sent(jpeg("gray"))]})
        self.seen = WoundAssessment.objects.get(comment="Vond lukt")
        self.image, self.other = Attachment.objects.filter(origin_id=self.seen.pk).order_by("pk")

    def at(self, route: str, *rows: Any) -> str:
        return reverse(route, args=[self.cast.anna.id, *rows])

    def ask(self, *entries: Any, user: str = NURSE) -> questions.Way:
        with self.open_gate(user, patient=self.cast.anna.id, action=Action.WRITE):
            self.way = questions.question_ask(
                wound=self.wound,
                entries=entries or (self.seen.pk, self.image.pk),
                question="Hvilken bandasje?",
                name="Sårsykepleier",
                organisation="Ahus",
                days=7,
            )
        self.address = reverse("specialist", args=[self.way.secret])
        return self.way

    def enter(self, code: str = "") -> Any:
        return self.browser.post(self.address, {"code": code or self.way.code})

    def read(self) -> str:
        return self.browser.get(self.address).content.decode()

    def image_status(self, image: Attachment | None = None) -> int:
        return self.browser.get(reverse("specialist_image", args=[self.way.secret, (image or self.image).pk])).status_code


@pytest.fixture
def asked(cast: Any, client_for: Any, open_gate: Any) -> Asked:
    made = Asked(cast, client_for, open_gate)
    made.ask()
    return made


def test_the_code_opens_what_was_chosen_and_nothing_else(asked, cast):
    before = asked.read()
    assert "Hvilken bandasje" not in before and asked.image_status() == 404
    assert asked.enter().status_code == 302
    text = asked.read()
    assert "Hvilken bandasje?" in text and "42 × 30\u00a0mm" in text and "Vond lukt" in text and "venstre hæl" in text
    assert reverse("specialist_image", args=[asked.way.secret, asked.image.pk]) in text and str(asked.other.pk) not in text
    assert (asked.image_status(), asked.image_status(asked.other)) == (200, 404)
    assert cast.anna.family_name not in text and cast.anna.number not in text and f"{marker_of('anna')} note" not in text


def test_a_wrong_code_five_times_ends_the_link(asked):
    for _try in range(5):
        assert asked.enter("000000" if asked.way.code != "000000" else "111111").status_code == 422
    assert asked.enter().status_code == 200 and "virker ikke lenger" in asked.read() and asked.image_status() == 404


def test_another_browser_needs_the_code_again(asked, client_for):
    asked.enter()
    other = client_for(None)
    assert "Skriv koden" in other.get(asked.address).content.decode()
    assert other.get(reverse("specialist_image", args=[asked.way.secret, asked.image.pk])).status_code == 404
    assert other.get(reverse("specialist", args=["nobodys"])).status_code == 404


def test_the_answer_stands_at_the_wound_becomes_a_task_and_ends_the_link(asked, cast, client_for):
    asked.enter()
    assert asked.browser.post(asked.address, {"answer": " ", "name": "Liv"}).status_code == 422
    assert asked.browser.post(asked.address, ANSWER).status_code == 302
    assert "Svaret er sendt" in asked.read() and asked.image_status() == 404
    assert asked.browser.post(asked.address, ANSWER | {"answer": "Noe annet"}).status_code == 200
    for user in (NURSE, HOME):
        text = client_for(user).get(asked.at("wound", asked.wound.pk)).content.decode()
        assert "Bytt til alginat" in text and "Liv Sår, hudlege" in text and "Noe annet" not in text
    task = Task.objects.get(kind="specialist")
    assert (task.for_unit_id, task.title) == (cast.units["ward"], "Les svar fra spesialist om sår: Sårsykepleier") and not task.done_at


def test_an_answer_that_took_longer_than_the_hour_is_not_lost(asked):
    asked.enter()
    asked.browser.cookies.clear()
    late = asked.browser.post(asked.address, ANSWER)
    assert (
        late.status_code == 422 and "tatt vare på" in late.content.decode() and not SpecialistQuestion.objects.get(pk=asked.way.question).answered_at
    )
    text = asked.browser.post(asked.address, ANSWER | {"code": asked.way.code}).content.decode()
    assert ANSWER["answer"] in text and "Hvilken bandasje?" in text
    assert asked.browser.post(asked.address, ANSWER).status_code == 302


def test_each_look_is_a_line_in_the_patients_log(asked, cast):
    asked.enter()
    asked.read()
    asked.image_status()
    lines = AccessLogEntry.objects.filter(patient_id=cast.anna.id, action="specialist_read").order_by("seq")
    assert [(one.route, one.user_name, one.unit_name) for one in lines] == [
        (route, "Sårsykepleier", "Ahus") for route in ("specialist", "specialist_image")
    ]
    assert str(asked.image.pk) in lines[0].objects_shown["attachment"] and str(asked.seen.pk) in lines[0].objects_shown["wound"]
    assert AccessLogEntry.objects.filter(patient_id=cast.anna.id, action="specialist_ask", reason="Sårsykepleier, Ahus").count() == 1


def test_a_block_takes_the_image_away_and_one_of_the_wound_ends_it(asked, cast):
    asked.enter()
    block = {"patient_id": cast.anna.id, "target": "unit", "target_id": cast.units["ward"], "wish_of": "Pasienten", "scope": "entry",
             "registered_at": datetime.now(UTC), "valid_from": datetime.now(UTC) - timedelta(days=1)}  # fmt: skip
    AccessBlock.objects.create(entry_id=asked.image.pk, **block)
    assert asked.image_status() == 404 and str(asked.image.pk) not in asked.read() and "Vond lukt" in asked.read()
    AccessBlock.objects.create(entry_id=asked.wound.pk, **block)
    assert "virker ikke lenger" in asked.read() and "bandasje" not in asked.read()


def test_what_is_struck_out_is_shown_no_longer(asked):
    asked.enter()
    path = asked.at("attachment_strike", asked.image.pk)
    asked.nurse.post(path, {"patient": str(asked.cast.anna.id), "actor": str(asked.cast[NURSE].id), "reason": "Uskarpt"})
    assert asked.image_status() == 404 and str(asked.image.pk) not in asked.read()


def test_time_is_up_and_taking_back_ends_it(asked):
    asked.enter()
    SpecialistQuestion.objects.filter(pk=asked.way.question).update(valid_to=datetime.now(UTC) - timedelta(hours=1))
    assert "virker ikke lenger" in asked.read()
    asked.ask()
    asked.enter()
    path = asked.at("wound_question_close", asked.way.question)
    assert asked.nurse.post(path, {"patient": str(asked.cast.anna.id), "actor": str(asked.cast[NURSE].id)}).status_code == 302
    assert "virker ikke lenger" in asked.read() and asked.image_status() == 404


def test_only_what_one_may_send_and_only_of_this_patient(asked, cast, client_for):
    for entries in ([cast.kari.rows["attachment"]], [cast.anna.rows["note"]]):
        with pytest.raises(Exception, match="Rollen din"):
            asked.ask(*entries)
    with pytest.raises(Exception, match="Rollen din"):
        asked.ask(user=DOCTOR)  # reads it, and charts elsewhere
    assert "Spør spesialist" not in client_for(DOCTOR).get(asked.at("wound", asked.wound.pk)).content.decode()


def test_asking_shows_link_and_code_once_and_keeps_neither(asked, cast):
    path = asked.at("wound_ask", asked.wound.pk)
    assert str(asked.image.pk) in asked.nurse.get(path).content.decode()
    posted = {
        "patient": str(cast.anna.id),
        "actor": str(cast[NURSE].id),
        "question": "Grønt?",
        "name": "Hudlege",
        "days": "3",
        "entry": [str(asked.image.pk)],
    }
    assert asked.nurse.post(path, posted | {"question": ""}).status_code == 422
    text = asked.nurse.post(path, posted).content.decode()
    assert "/spesialist/" in text and 'id="code"' in text
    row = SpecialistQuestion.objects.get(question="Grønt?")
    assert row.shown == [asked.image.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('epj_app', 'telemed_questionlink', 'SELECT')")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_table_privilege('epj_app', 'telemed_specialistquestion', 'INSERT, UPDATE, DELETE')")
        assert cursor.fetchone() == (False,)
