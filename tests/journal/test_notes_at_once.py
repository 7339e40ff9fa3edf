"""Two people and one note: which comes first, the database decides; the other is told, and no text is lost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from access.models import DocumentType
from journal.models import Note, NoteVersion
from journal.services import notes
from journal.services.errors import Conflict, JournalError
from tests.cast import build_cast
from tests.journal.at_once import at_once, committed, somebody_waits, take_away

pytestmark = pytest.mark.django_db
NURSE, HELPER, HOME = "lms.sykepleier", "lms.helsefag", "aas.to_roller"
KEPT = (("journal_note", "note_kept"), ("journal_noteversion", "version_kept"))


@pytest.fixture
def ward(connect_as: Callable[..., Any]) -> Iterator[Any]:
    """Notes of Anna's that are really committed; all of it is taken away afterwards, and what keeps notes stands aside for that."""
    cast, owner, since = build_cast(), connect_as("epj_owner"), datetime.now(UTC) - timedelta(seconds=5)
    owner.autocommit = True
    owner.execute("UPDATE access_session SET last_seen_at = now()")
    owner.execute("UPDATE access_session SET authorisation_id = %s WHERE id = %s", [cast[HOME].authorisations["lms_nurse"], cast[HOME].session_id])

    class Ward:
        def note(self, user: str = NURSE, *, sign: bool = True) -> Note:
            def write(gate: Any) -> Note:
                made = draft(gate, cast.anna.id, "arrival_note" if user != HELPER else "nurse_note", "Kom med ambulanse, stabil")
                return notes.note_sign(gate=gate, note=made) if sign else notes.note_confirm(gate=gate, note=made)

            return committed(cast[user].secret, cast.anna.id, write)

        def together(self, first: tuple[str, Any], second: tuple[str, Any]) -> tuple[Any, Any]:
            return at_once(cast.anna.id, *[(cast[user].secret, act) for user, act in (first, second)], waiting=lambda: somebody_waits(owner))

    yield Ward()
    for table, trigger in KEPT:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    owner.execute("DELETE FROM journal_notenotice")
    owner.execute("DELETE FROM journal_note WHERE corrects_id IS NOT NULL AND recorded_at >= %s", [since])
    owner.execute("UPDATE access_session SET authorisation_id = %s WHERE id = %s", [cast[HOME].authorisation_id, cast[HOME].session_id])
    owner.autocommit = False
    take_away(owner, ("journal_noteversion", "journal_note"), cast.anna.id, since)
    for table, trigger in KEPT:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    owner.commit()


def draft(gate: Any, patient: Any, kind: str, text: str, **more: Any) -> Note:
    sections = DocumentType.objects.get(code=kind)
    return notes.note_autosave(
        gate=gate,
        patient=patient,
        document_type=sections,
        content={one["key"]: text for one in sections.sections},
        event_at=more.pop("event_at", gate.now),
        **more,
    )


def test_one_note_signed_in_two_windows_is_signed_once(ward):
    note = ward.note(sign=False)

    def sign(gate):
        return notes.note_sign(gate=gate, note=Note.objects.get(pk=note.pk))

    first, second = ward.together((NURSE, sign), (NURSE, sign))
    assert first.state == "SIGNED" and isinstance(second, Conflict)
    assert list(NoteVersion.objects.filter(note_id=note.pk).order_by("number").values_list("number", "state")) == [(1, "CONFIRMED"), (2, "SIGNED")]


def test_two_cosign_and_one_of_them_stands(ward):
    note = ward.note(HELPER)

    def cosign(gate):
        return notes.note_cosign(gate=gate, note=Note.objects.get(pk=note.pk))

    first, second = ward.together((NURSE, cosign), (HOME, cosign))
    assert first.state == "COSIGNED" and isinstance(second, JournalError)
    assert Note.objects.get(pk=note.pk).cosigned_by.username == NURSE
    assert NoteVersion.objects.filter(note_id=note.pk).count() == 2


def test_two_correct_one_note_and_the_second_reads_the_first_before_going_on(ward):
    note = ward.note()

    def correct(text):
        def act(gate):
            row = Note.objects.get(pk=note.pk)
            made = draft(gate, row.patient_id, "arrival_note", text, corrects=row, reason="Feil", event_at=row.event_at)
            return notes.note_sign(gate=gate, note=made, seen=row.version)

        return act

    first, second = ward.together((NURSE, correct("Kom til fots")), (HOME, correct("Kom med drosje")))
    assert first.version == 2 and isinstance(second, Conflict)
    assert Note.objects.get(pk=note.pk).content["arrival"] == "Kom til fots"
    assert [one.content["arrival"] for one in NoteVersion.objects.filter(note_id=note.pk).order_by("number")] == [
        "Kom med ambulanse, stabil",
        "Kom til fots",
    ]
