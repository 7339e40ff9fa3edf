"""Files in the record: stored once, seen by those who may read notes of the type, taken out by those who may print, struck out when wrong."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from access.models import AccessBlock, DocumentType
from auditlog.models import AccessLogEntry
from journal.models import Attachment
from journal.services.attachments import attachment_add
from tests.cast import build_cast, marker_of
from tests.journal.at_once import at_once, somebody_waits, take_away
from tests.journal.pictures import document, jpeg, sent

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME, OFFICER, PHYSIO = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "aas.saksbehandler", "aas.fysioterapeut"


@pytest.fixture
def page(cast: Any, client_for: Any) -> Any:
    """`page("attachment_new", values={…})`: posts as the nurse about Anna; without values it asks."""

    def asked(route: str, *rows: Any, user: str = NURSE, patient: Any = None, values: dict[str, Any] | None = None, **headers: str) -> Any:
        about = patient or cast.anna.id
        path = reverse(route, args=[about, *(getattr(row, "pk", row) for row in rows)])
        client: Client = client_for(user)
        if values is None:
            return client.get(path)
        return client.post(path, {"patient": str(about), "actor": str(cast[user].id), **values}, headers=headers)

    return asked


def typed(raw: bytes = b"", **values: Any) -> dict[str, Any]:
    start = {"key": str(uuid.uuid4()), "title": "Utslett på ryggen", "document_type": "nurse_note", "event_at": "01.02.2026 10:15", "note": "Dag 3"}
    return start | ({"file": sent(raw)} if raw else {}) | values


@pytest.fixture
def image(cast: Any, page: Any) -> Attachment:
    answer = page("attachment_new", values=typed(jpeg()))
    assert answer.status_code == 302, answer.content.decode()
    return Attachment.objects.get(patient=cast.anna.id, title="Utslett på ryggen")


def test_a_picture_goes_into_the_record_and_is_seen_there(cast, page, image):
    shown = page("attachments").content.decode()
    assert "Utslett på ryggen" in shown and "data:image/jpeg;base64," in shown and "01.02.2026" in shown
    whole = page("attachment", image).content.decode()
    assert reverse("attachment_image", args=[cast.anna.id, image.pk]) in whole and image.sha256 in whole and "Dag 3" in whole
    assert (image.document_type_id, image.category_id, image.author_id) == ("nurse_note", 7, cast[NURSE].id)
    assert {"content", "thumbnail"} == image.get_deferred_fields(), "a list carries no bytes"


def test_what_goes_out_is_what_is_stored_and_the_browser_runs_nothing_of_it(cast, page, image):
    for route, begins in (("attachment_image", "inline"), ("attachment_file", "attachment")):
        answer = page(route, image)
        assert answer.content == bytes(image.content) and answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"].startswith(begins) and cast.anna.family_name not in answer["Content-Disposition"]
        assert (
            "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "no-store"
        )


def test_a_document_leaves_as_a_file_and_is_never_shown_in_the_page(cast, page):
    assert page("attachment_new", values=typed(document(), title="Epikrise")).status_code == 302
    row = Attachment.objects.get(title="Epikrise")
    assert page("attachment_image", row).status_code == 404
    answer = page("attachment_file", row)
    assert answer["Content-Type"] == "application/pdf" and answer["Content-Disposition"].startswith("attachment")
    assert "PDF, 1 side" in page("attachments").content.decode()


def test_each_look_and_each_file_taken_out_is_a_line_in_the_log(cast, page, image):
    for route, action in (("attachments", "read"), ("attachment_image", "read"), ("attachment_file", "print")):
        page(route, *([image] if route != "attachments" else []))
        allowed, shown = AccessLogEntry.objects.filter(patient_id=cast.anna.id, route=route).order_by("seq")
        assert (allowed.outcome, allowed.action) == ("allow", action) and str(image.pk) in shown.objects_shown["attachment"]


@pytest.mark.parametrize(("raw", "name", "words"), [
    (b"<html><script>1</script></html>", "bilde.jpg", "ikke et bilde"), (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "ark.png", "ikke et bilde"),
    (b"%PDF-1.4 nothing", "epikrise.pdf", "kan ikke leses"), (b"", "tom.jpg", "tom"),
])  # fmt: skip
def test_what_is_refused_is_told_in_words_and_nothing_is_lost_or_stored(page, raw, name, words):
    before = Attachment.objects.count()
    answer = page("attachment_new", values=typed(file=sent(raw, name)))
    assert answer.status_code == 422 and words in answer.content.decode() and "Dag 3" in answer.content.decode()
    by_script = page("attachment_new", values=typed(file=sent(raw, name)), **{"X-EPJ-Upload": "1"})
    assert by_script.status_code == 422 and words in by_script.json()["errors"][0]["text"]
    assert Attachment.objects.count() == before


def test_pressed_twice_is_stored_once_and_a_used_form_is_not_anothers(page, cast):
    values = typed(title="To trykk")
    answers = [page("attachment_new", values=values | {"file": sent(jpeg())}, **{"X-EPJ-Upload": "1"}) for _press in range(3)]
    assert {answer.status_code for answer in answers} == {201} and len({answer.json()["url"] for answer in answers}) == 1
    assert Attachment.objects.filter(title="To trykk").count() == 1
    assert page("attachment_new", user=HOME, values=values | {"file": sent(jpeg())}).status_code == 422
    assert Attachment.objects.filter(title="To trykk").count() == 1


def test_one_without_the_category_neither_stores_sees_nor_takes_it(cast, page, image, open_gate):
    assert page("attachment_new", user=OFFICER, patient=cast.kari.id, values=typed(jpeg())).status_code == 422, "no type of hers"
    assert page("attachment_new", user=DOCTOR, values=typed(jpeg(), title="Lege")).status_code == 422
    mental = DocumentType.objects.get(code="psych_note")
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        row = attachment_add(gate=gate, patient=cast.anna.id, document_type=mental, raw=jpeg(), title="Tegning", taken_at=gate.now, key=uuid.uuid4())
    assert "Tegning" in page("attachments", user=DOCTOR).content.decode()
    assert "Tegning" not in page("attachments").content.decode()
    for route in ("attachment", "attachment_image", "attachment_file", "attachment_strike"):
        assert page(route, row).status_code == 404
    assert page("attachments", user="frogn.hjemmesykepleier").status_code == 404


def test_a_block_hides_the_file_as_if_it_were_not_there(cast, page, image):
    now = datetime.now(UTC)
    AccessBlock.objects.create(
        patient_id=cast.anna.id, scope="entry", entry_id=image.pk, target="unit", target_id=cast.units["aas_home"], wish_of="Pasienten", registered_at=now,
        valid_from=now - timedelta(days=1),
    )  # fmt: skip
    assert "Utslett" not in page("attachments", user=HOME).content.decode() and page("attachment_image", image, user=HOME).status_code == 404
    assert "Utslett" in page("attachments").content.decode()


def test_one_marked_as_wrong_is_nowhere_but_in_its_history(page, cast, image):
    assert page("attachment_strike", image, values={"reason": " "}).status_code == 422
    assert page("attachment_strike", image, values={"reason": "Feil pasient"}).status_code == 302
    listed = page("attachments").content.decode()
    assert "Feil pasient" in listed and listed.count("data:image/jpeg") == listed.count(marker_of("anna") + " attachment"), "no image of it"
    whole = page("attachment", image).content.decode()
    assert "Feil pasient" in whole and reverse("attachment_image", args=[cast.anna.id, image.pk]) not in whole
    assert page("attachment_strike", image, values={"reason": "En gang til"}).status_code == 422
    image.refresh_from_db()
    assert image.struck_reason == "Feil pasient" and image.struck_by_id == cast[NURSE].id


def test_the_database_keeps_the_file_as_it_is_and_knows_what_it_is(cast, image, open_gate):
    with open_gate(NURSE, patient=cast.anna.id):
        for column, value in (("content", b"\xff\xd8\xffannet"), ("title", "Annet"), ("sha256", "0" * 64)):
            with pytest.raises(DatabaseError), transaction.atomic():
                Attachment.objects.filter(pk=image.pk).update(**{column: value})
        with pytest.raises(DatabaseError), transaction.atomic():
            Attachment.objects.filter(pk=image.pk).update(struck_at=datetime.now(UTC), struck_by=cast[DOCTOR].id)
    for wrong in (
        {"content": b"<html>", "size": 6},
        {"sha256": "0" * 64},
        {"media_type": "application/pdf"},
        {"media_type": "text/html"},
        {"size": 3},
    ):
        row = Attachment.objects.defer(None).get(pk=image.pk)
        row.pk, row.stored_once = uuid.uuid4(), uuid.uuid4()
        for name, value in wrong.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_what_is_larger_than_the_server_takes_is_refused_in_words(page, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = page("attachment_new", values=typed(jpeg(size=(900, 900))))
    assert answer.status_code == 422 and "20 MB" in answer.content.decode()


@pytest.fixture
def committed_ward(connect_as: Callable[..., Any]) -> Iterator[Any]:
    cast, owner, since = build_cast(), connect_as("epj_owner"), datetime.now(UTC) - timedelta(seconds=5)
    owner.autocommit = True
    owner.execute("UPDATE access_session SET last_seen_at = now()")
    yield cast, owner
    owner.autocommit = False
    take_away(owner, ("journal_attachment",), cast.anna.id, since)


def test_two_at_the_same_moment_with_one_key_store_one_file(committed_ward):
    cast, owner = committed_ward
    key = uuid.uuid4()

    def store(gate: Any) -> uuid.UUID:
        kind = DocumentType.objects.get(code="nurse_note")
        return attachment_add(gate=gate, patient=cast.anna.id, document_type=kind, raw=jpeg(), title="Samtidig", taken_at=gate.now, key=key).pk

    first, second = at_once(cast.anna.id, (cast[NURSE].secret, store), (cast[NURSE].secret, store), waiting=lambda: somebody_waits(owner))
    assert first == second, "the second was given what the first had stored"
    assert owner.execute("SELECT count(*) FROM journal_attachment WHERE stored_once = %s", [key]).fetchone()[0] == 1
