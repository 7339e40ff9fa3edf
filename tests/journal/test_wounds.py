"""Wounds (R41): charted on the body, assessed with measures and images, followed over time, closed, and struck out with all that hangs on them."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from access.models import AccessBlock
from journal.models import Attachment, Task, Wound, WoundAssessment
from journal.selectors.wound_words import wound_words
from journal.services.tasks import task_done
from tests.journal.pictures import document, jpeg, sent

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME, OFFICER = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "aas.saksbehandler"


@pytest.fixture
def page(cast: Any, client_for: Any) -> Any:
    def asked(route: str, row: Any = None, *, user: str = NURSE, values: dict[str, Any] | None = None, query: str = "", **headers: str) -> Any:
        path = reverse(route, args=[cast.anna.id, *([getattr(row, "pk", row)] if row else [])])
        client = client_for(user)
        if values is None:
            return client.get(path + query)
        return client.post(path, {"patient": str(cast.anna.id), "actor": str(cast[user].id), **values}, headers=headers)

    return asked


@pytest.fixture
def wound(cast: Any, page: Any) -> Wound:
    values = {"site": "heel_right", "kind": "pressure", "pressure_category": "3", "since": "01.11.2026", "description": "Lå på golvet"}
    answer = page("wound_new", values=values)
    assert answer.status_code == 302, answer.content.decode()
    return Wound.objects.get(patient=cast.anna.id, site="heel_right")


def seen(**values: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "event_at": "10.11.2026 09:00", "length_mm": "42", "width_mm": "30", "depth_mm": "5", "granulation": "60",
            "fibrin": "40", "exudate": "moderate", "exudate_kind": "serous", "edges": "vital", "skin": "dry", "smell": "none", "pain": "3",
            "dressing": "Skylt, skumbandasje", "comment": "", "next_change_at": ""} | values  # fmt: skip


@pytest.fixture
def assess(page: Any, wound: Wound) -> Any:
    """`assess(length_mm="30", images=[…])`: one assessment more of the wound."""

    def made(user: str = NURSE, **values: Any) -> WoundAssessment:
        posted = seen(**values)
        answer = page("wound_assess", wound, user=user, values=posted)
        assert answer.status_code == 302, answer.content.decode()
        return WoundAssessment.objects.get(stored_once=posted["key"])

    return made


def tasks_of(wound: Wound) -> list[Task]:
    return list(Task.objects.filter(origin_id=wound.pk).order_by("recorded_at", "id"))


def test_a_wound_is_charted_where_it_is_and_goes_on_to_be_assessed(cast, page):
    answer = page("wound_new", values={"site": "sacrum", "kind": "pressure", "pressure_category": "unstageable"})
    row = Wound.objects.get(patient=cast.anna.id, site="sacrum")
    assert answer.url.startswith(reverse("wound_assess", args=[cast.anna.id, row.pk]))
    assert wound_words(row) == "Trykksår, ikke klassifiserbart, korsbein (sakrum)"
    assert "Korsbein (sakrum)" in page("wounds").content.decode()


@pytest.mark.parametrize(("values", "words"), [
    ({"kind": "venous"}, "Velg hvor såret er"), ({"site": "tail", "kind": "venous"}, "Velg hvor såret er"), ({"site": "sacrum"}, "Velg hva slags sår"),
    ({"site": "sacrum", "kind": "pressure"}, "Velg kategori for trykksåret"), ({"site": "sacrum", "kind": "venous", "since": "01.01.2199"}, "fram i tid"),
])  # fmt: skip
def test_what_lacks_is_asked_for_and_nothing_is_stored(page, values, words):
    before = Wound.objects.count()
    answer = page("wound_new", values=values)
    assert answer.status_code == 422 and words in answer.content.decode() and Wound.objects.count() == before


def test_its_course_is_followed_in_area_images_and_words(cast, page, wound, assess):
    assess(images=[sent(jpeg("maroon")), sent(jpeg("red"))])
    assess(
        event_at="17.11.2026 09:00", length_mm="30", width_mm="21", granulation="100", fibrin="", pressure_category="2", images=[sent(jpeg("pink"))]
    )
    text = page("wound", wound).content.decode()
    assert "6,3\u00a0cm²" in text and "50 % mindre" in text and "12,6\u00a0cm²" in text and "Trykksår, kategori II" in text
    assert "60\u00a0% granulasjon, 40\u00a0% fibrin" in text and "Skylt, skumbandasje" in text and text.count("data:image/jpeg") == 4, "each, and the newest at the head"
    assert 'class="epj-plot__line"' in text and "epj-plot" not in page("wounds").content.decode()
    images = list(Attachment.objects.filter(origin_id__in=WoundAssessment.objects.filter(origin_id=wound.pk).values("pk")).order_by("event_at"))
    compared = page("wound_compare", wound).content.decode()
    assert all(str(one.pk) in compared for one in (images[0], images[-1])) and "50 % mindre" in compared
    asked = page("wound_compare", wound, query=f"?a={images[1].pk}&b={images[0].pk}").content.decode()
    assert f'src="{reverse("attachment_image", args=[cast.anna.id, images[1].pk])}"' in asked
    assert page("wound", wound, user=HOME).status_code == 200, "the municipality reads what the ward follows"


@pytest.mark.parametrize(("values", "words"), [
    ({"granulation": "60", "fibrin": "30"}, "100 % til sammen"), ({"length_mm": "42", "width_mm": ""}, "både lengde og bredde"),
    ({"length_mm": "0"}, "fra 1 til 600"), ({"pain": "11"}, "fra 0 til 10"), ({"depth_mm": "5,5"}, "helt tall"), ({"exudate": "flood"}, "Velg ett"),
    ({"signs": ["rot"]}, "Velg blant"), ({"event_at": "01.01.2199 10:00"}, "fram i tid"), ({"next_change_at": "01.11.2026 10:00"}, "ikke fram i tid"),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_field_and_kept_on_the_page(page, wound, values, words):
    answer = page("wound_assess", wound, values=seen(**values))
    text = answer.content.decode()
    assert answer.status_code == 422 and words in text and "Skylt, skumbandasje" in text
    by_script = page("wound_assess", wound, values=seen(**values), **{"X-EPJ-Upload": "1"})
    assert by_script.status_code == 422 and words in " ".join(one["text"] for one in by_script.json()["errors"])
    assert not WoundAssessment.objects.filter(origin_id=wound.pk).exists()


def test_one_bad_image_stores_nothing_and_no_document_is_an_image(page, wound):
    for images in ([sent(jpeg()), sent(b"<svg/>")], [sent(document())], [sent(jpeg()) for _one in range(7)]):
        assert page("wound_assess", wound, values=seen(images=images)).status_code == 422
    assert not WoundAssessment.objects.filter(origin_id=wound.pk).exists() and not Attachment.objects.filter(title__startswith="Trykksår").exists()


def test_an_empty_form_is_no_assessment(page, wound):
    answer = page("wound_assess", wound, values={"key": str(uuid.uuid4()), "event_at": "10.11.2026 09:00"})
    assert answer.status_code == 422 and "minst ett felt" in answer.content.decode()


def test_pressed_twice_is_one_assessment_with_its_images_once(page, wound):
    values = seen(next_change_at="01.01.2199 10:00")
    for _press in range(2):
        answer = page("wound_assess", wound, values=values | {"images": [sent(jpeg())]}, **{"X-EPJ-Upload": "1"})
        assert answer.status_code == 201 and answer.json()["url"].startswith(reverse("wound", args=[wound.patient_id, wound.pk]))
    (row,) = WoundAssessment.objects.filter(origin_id=wound.pk)
    assert Attachment.objects.filter(origin_id=row.pk).count() == 1 and len(tasks_of(wound)) == 1


def test_the_next_change_is_a_task_and_the_one_before_is_done(cast, wound, assess):
    first = assess(next_change_at="01.01.2199 10:00")
    (task,) = tasks_of(wound)
    assert (task.pk, task.title, task.for_unit_id) == (first.task_id, "Sårstell: Trykksår, kategori III, høyre hæl", cast.units["ward"])
    assess(next_change_at="02.01.2199 10:00")
    before, now = tasks_of(wound)
    assert before.done_at and before.done_by_id == cast[NURSE].id and not now.done_at


def test_healed_lapses_the_task_takes_no_more_and_can_be_opened_again(cast, page, wound, assess, open_gate):
    assess(next_change_at="01.01.2199 10:00")
    assert page("wound_heal", wound, values={"lock_version": "1", "healed_on": "01.10.2026"}).status_code == 422, "before it arose"
    assert page("wound_heal", wound, values={"lock_version": "1", "healed_on": "20.11.2026"}).status_code == 302
    assert tasks_of(wound)[0].cancelled_at and "leget 20.11.2026" in page("wounds").content.decode()
    assert page("wound_assess", wound, values=seen()).status_code == 422
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        row = WoundAssessment.objects.filter(origin_id=wound.pk).first()
        row.pk, row.stored_once, row.recorded_at, row.task_id = uuid.uuid4(), uuid.uuid4(), gate.now, None
        with pytest.raises(DatabaseError, match="no such open wound"), transaction.atomic():
            row.save(force_insert=True)
    assert page("wound_heal", wound, values={"lock_version": "2", "healed_on": "20.11.2026"}).status_code == 422
    assert page("wound_reopen", wound, values={}).status_code == 302
    assert page("wound_assess", wound, values=seen()).status_code == 302


def test_who_saw_an_older_state_of_the_wound_is_told(page, wound):
    assert page("wound_heal", wound, values={"lock_version": "9", "healed_on": "20.11.2026"}).status_code == 409


def test_one_assessment_in_error_goes_with_its_images_and_counts_no_longer(cast, page, wound, assess):
    assess(images=[sent(jpeg())])
    wrong = assess(event_at="17.11.2026 09:00", length_mm="300", width_mm="210", images=[sent(jpeg("red"))])
    image = Attachment.objects.get(origin_id=wrong.pk)
    assert page("wound_assessment_strike", wrong, values={"reason": ""}).status_code == 422
    assert page("wound_assessment_strike", wrong, values={"reason": "Skrev cm"}).status_code == 302
    text = page("wound", wound).content.decode()
    assert "630" not in text and "Skrev cm" in text and text.count("data:image/jpeg") == 2
    image.refresh_from_db()
    assert image.struck_reason == "Skrev cm" and page("wound_compare", wound).status_code == 404


def test_a_wound_in_error_goes_with_all_of_it(page, wound, assess):
    assess(images=[sent(jpeg())], next_change_at="01.01.2199 10:00")
    assert page("wound_strike", wound, values={"reason": "Feil pasient"}).status_code == 302
    listed = page("wounds").content.decode()
    assert "Feil pasient" in listed and "Høyre hæl" not in listed
    assert not WoundAssessment.objects.filter(origin_id=wound.pk, struck_at=None).exists()
    assert not Attachment.objects.filter(title__contains="høyre hæl", struck_at=None).exists() and tasks_of(wound)[0].cancelled_at
    assert page("wound_assess", wound, values=seen()).status_code == 422


def test_each_charts_as_the_own_profession_and_who_charts_none_is_refused(cast, page, wound, assess):
    assert assess(user=DOCTOR, event_at="11.11.2026 09:00").category_id != wound.category_id
    assert "Jonas Amundsen" in page("wound", wound).content.decode()
    assert reverse("wound_heal", args=[cast.anna.id, wound.pk]) not in page("wound", wound, user=DOCTOR).content.decode()
    assert page("wound_heal", wound, user=DOCTOR, values={"lock_version": "1", "healed_on": "20.11.2026"}).status_code in (403, 404)
    assert page("wound", wound, user="frogn.hjemmesykepleier").status_code == 404


def test_a_block_of_the_wound_hides_what_hangs_on_it_now_and_later(cast, page, wound, assess):
    assess(images=[sent(jpeg())], next_change_at="01.01.2199 10:00")
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.chain_of(%s, %s)", [cast.anna.id, wound.pk])
        (chain,) = cursor.fetchone()
    assert len(chain) == 2, "a block of the wound takes its assessments along"
    for entry in chain:
        AccessBlock.objects.create(
            patient_id=cast.anna.id, scope="entry", entry_id=entry, target="unit", target_id=cast.units["aas_home"], wish_of="Pasienten", registered_at=now,
            valid_from=now - timedelta(days=1),
        )  # fmt: skip
    later = assess(event_at="18.11.2026 09:00", images=[sent(jpeg("pink"))], next_change_at="02.01.2199 10:00")
    image = Attachment.objects.get(origin_id=later.pk)
    assert page("wound", wound, user=HOME).status_code == 404 and page("attachment_image", image, user=HOME).status_code == 404
    assert "Høyre hæl" not in page("wounds", user=HOME).content.decode() and "høyre hæl" not in page("attachments", user=HOME).content.decode()
    assert "Sårstell" not in page("patient_tasks", user=HOME).content.decode() and "Sårstell" in page("patient_tasks").content.decode()


def test_lists_cost_the_same_however_many_there_are(cast, page, wound, assess, django_assert_max_num_queries):
    assess(images=[sent(jpeg())])
    with django_assert_max_num_queries(20):
        page("wounds")
    for _one in range(4):
        page("wound_new", values={"site": "sacrum", "kind": "surgical"})
        assess(images=[sent(jpeg())])
    with django_assert_max_num_queries(20):
        text = page("wounds").content.decode()
    assert text.count("Korsbein (sakrum)") > 4


def test_who_does_the_task_elsewhere_has_done_it(cast, wound, assess, open_gate):
    assess(next_change_at="01.01.2199 10:00")
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        (task,) = tasks_of(wound)
        task_done(gate=gate, task=task, lock_version=task.lock_version)
    assess(next_change_at="02.01.2199 10:00")
    assert [bool(one.done_at) for one in tasks_of(wound)] == [True, False]
