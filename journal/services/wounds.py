"""Wounds (R41): charted once, assessed again and again with images, closed when they have healed.

A wound is charted in the category in which the acting person's profession charts care, an assessment in the wound's own where the person may.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from access.gate import Gate
from journal.domain import wounds as rules
from journal.domain.body import REGIONS
from journal.domain.wounds import LIMITS, Fault
from journal.models import Attachment, Task, Wound, WoundAssessment
from journal.selectors.wound_words import wound_words
from journal.services.attachments import attachment_strike, checked, image_or_document, stored_before
from journal.services.checks import refuse, require_past, require_text
from journal.services.entries import change, check_may, entry_columns, stay_of_unit
from journal.services.errors import JournalError
from journal.services.tasks import task_cancel, task_create, task_done
from lms_epj.core.clock import oslo_date
from lms_epj.core.language import in_bokmal
from lms_epj.core.refusals import broken_constraint

CHARTED_AS = (Category.NURSING, Category.MEDICAL, Category.THERAPY)
MOST_IMAGES = 6
FAULTS = {
    Fault.LIMITS: gettext_noop("Skriv et helt tall fra %(low)s til %(high)s."),
    Fault.TOGETHER: gettext_noop("Skriv både lengde og bredde, eller ingen av dem."),
    Fault.SUM: gettext_noop("Granulasjon, fibrin og nekrose skal bli 100 % til sammen."),
}


@dataclass(frozen=True)
class Seen:
    """An assessment as it was filled in. ``measures``: the names of ``rules.LIMITS``; ``chosen``: exudate, exudate_kind, edges, skin, smell,
    pressure_category; ``signs``: of infection."""

    measures: Mapping[str, int | None] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    signs: Sequence[str] = ()
    dressing: str = ""
    comment: str = ""


def wound_category(gate: Gate, wound: Wound | None = None) -> int | None:
    """What the acting person charts about this wound, or a new one, as; None for one who charts none."""
    choices = [wound.category_id, *CHARTED_AS] if wound else CHARTED_AS
    return next((int(one) for one in choices if gate.may(Action.WRITE, one)), None)


def wound_add(
    *, gate: Gate, patient: UUID, site: str, kind: str, pressure_category: str = "", since: date | None = None, description: str = ""
) -> Wound:
    if site not in REGIONS:
        raise refuse("missing", _("Velg hvor såret er."), "site")
    if kind not in Wound.Kind.values:
        raise refuse("missing", _("Velg hva slags sår det er."), "kind")
    if pressure_category not in ("", *Wound.Category.values):
        raise refuse("missing", _("Velg kategori."), "pressure_category")
    if kind == Wound.Kind.PRESSURE and not pressure_category:
        raise refuse("missing", _("Velg kategori for trykksåret."), "pressure_category")
    if since is not None and since > oslo_date(gate.now):
        raise refuse("future", _("Dagen er fram i tid. Sjekk datoen."), "since")
    row = Wound(
        **_columns(gate, patient, None), site=site, kind=kind, since=since, description=description.strip(),
        pressure_category=pressure_category if kind == Wound.Kind.PRESSURE else "",
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def wound_assess(
    *, gate: Gate, wound: Wound, seen: Seen, taken_at: datetime, key: UUID, images: Sequence[bytes] = (), next_change_at: datetime | None = None
) -> WoundAssessment:
    """Stores what was seen with its images, all or nothing. The next change of dressing becomes a task of the acting unit's, and the one before
    is done. ``key``: the form's own; the same key again gives what is stored already."""
    require_open(wound)
    _check(wound, seen)
    require_past(gate, taken_at, "event_at")
    if next_change_at is not None and next_change_at <= gate.now:
        raise refuse("past", _("Neste skift er ikke fram i tid. Sjekk tidspunktet."), "next_change_at")
    if len(images) > MOST_IMAGES:
        raise refuse("images", _("Det er plass til %(count)s bilder i en vurdering.") % {"count": MOST_IMAGES}, "images")
    made = [checked(raw, "images") for raw in images]
    if any(one.thumbnail is None for one in made):
        raise refuse("not_image", _("Bare bilder hører til her. Legg PDF-en under Vedlegg."), "images")
    columns = _columns(gate, wound.patient_id, wound, taken_at)
    try:
        with transaction.atomic():
            row = WoundAssessment(
                **columns, **rules.bed(seen.measures) | {name: seen.measures.get(name) for name in LIMITS if name not in rules.BED},
                **{name: seen.chosen.get(name, "") for name in CHOICES}, signs=list(seen.signs), dressing=seen.dressing.strip(),
                comment=seen.comment.strip(), next_change_at=next_change_at, stored_once=key,
            )  # fmt: skip
            with in_bokmal():
                title = wound_words(wound)
            if next_change_at is not None:
                row.task_id = task_create(
                    gate=gate, patient=wound.patient_id, title=f"Sårstell: {title}", due_at=next_change_at, for_unit=gate.unit_id, origin=wound.pk
                ).pk
            row.save(force_insert=True)
            for number, one in enumerate(made):
                image_or_document(
                    gate=gate, patient=wound.patient_id, category=columns["category_id"], made=one, title=title, taken_at=taken_at,
                    key=uuid5(key, str(number)), origin=row.pk,
                )  # fmt: skip
            _tasks_end(gate, wound, but=row.task_id)
    except IntegrityError as error:
        if broken_constraint(error) == "assessment_stored_once":
            return stored_before(WoundAssessment, gate, wound.patient_id, key)
        if broken_constraint(error) == "assessment_of_an_open_wound":
            raise refuse("closed", _("Såret er avsluttet. Åpne det igjen først.")) from None
        raise
    return row


CHOICES = {
    "pressure_category": Wound.Category, "exudate": WoundAssessment.Exudate, "exudate_kind": WoundAssessment.ExudateKind,
    "edges": WoundAssessment.Edges, "skin": WoundAssessment.Skin, "smell": WoundAssessment.Smell,
}  # fmt: skip


def _check(wound: Wound, seen: Seen) -> None:
    """Raises JournalError with a text per field."""
    fields = {}
    for name, fault in rules.check(seen.measures).items():
        low, high = LIMITS[name]
        fields[name] = _(FAULTS[fault]) % {"low": low, "high": high} if fault is Fault.LIMITS else _(FAULTS[fault])
    for name, choice in CHOICES.items():
        if seen.chosen.get(name, "") not in ("", *choice.values):
            fields[name] = _("Velg ett av alternativene.")
    if seen.chosen.get("pressure_category") and wound.kind != Wound.Kind.PRESSURE:
        fields["pressure_category"] = _("Bare trykksår har kategori.")
    if not set(seen.signs) <= set(WoundAssessment.Sign.values):
        fields["signs"] = _("Velg blant tegnene.")
    if fields:
        raise JournalError("impossible", _("Noe må rettes. Ingenting er lagret."), fields)
    given = [value for value in seen.measures.values() if value is not None]
    if not (given or any(seen.chosen.values()) or seen.signs or seen.dressing.strip() or seen.comment.strip()):
        raise refuse("empty", _("Fyll ut minst ett felt. Bilder uten vurdering kan legges under Vedlegg."))


def wound_heal(*, gate: Gate, wound: Wound, lock_version: int, healed_on: date) -> Wound:
    """The wound has healed; the task of its next change lapses."""
    require_open(wound)
    check_may(gate, Action.WRITE, wound.category_id)
    if healed_on > oslo_date(gate.now):
        raise refuse("future", _("Dagen er fram i tid. Sjekk datoen."), "healed_on")
    if healed_on < oslo_date(wound.event_at) and (wound.since is None or healed_on < wound.since):
        raise refuse("before", _("Såret er ført etter denne dagen. Sjekk datoen."), "healed_on")
    with transaction.atomic():
        change(wound, lock_version=lock_version, healed_on=healed_on, healed_by_id=gate.user_id)
        _tasks_end(gate, wound, reason="Såret er leget.")
    return wound


def wound_reopen(*, gate: Gate, wound: Wound, lock_version: int) -> Wound:
    if wound.healed_on is None or wound.struck_at:
        raise refuse("open", _("Såret er ikke avsluttet."))
    check_may(gate, Action.WRITE, wound.category_id)
    return change(wound, lock_version=lock_version, healed_on=None, healed_by_id=None)


def wound_strike(*, gate: Gate, wound: Wound, reason: str) -> Wound:
    """The wound was charted by mistake: it goes with its assessments and images, with the reason, and its task lapses."""
    check_may(gate, Action.WRITE, wound.category_id)
    if wound.struck_at:
        raise refuse("already_struck", _("Såret er allerede merket som feil."))
    reason = require_text(reason, "reason", _("Skriv hva som er feil."))
    with transaction.atomic():
        for one in WoundAssessment.objects.filter(patient=wound.patient_id, origin_id=wound.pk, struck_at=None):
            if gate.may(Action.WRITE, one.category_id):
                assessment_strike(gate=gate, row=one, reason=reason)
        change(wound, lock_version=wound.lock_version, struck_at=gate.now, struck_by_id=gate.user_id, struck_reason=reason)
        _tasks_end(gate, wound, reason="Såret er merket som feil.")
    return wound


def assessment_strike(*, gate: Gate, row: WoundAssessment, reason: str) -> WoundAssessment:
    """Marks an assessment as wrong, and the images that were taken with it. Its task stands: the dressing is there all the same."""
    check_may(gate, Action.WRITE, row.category_id)
    if row.struck_at:
        raise refuse("already_struck", _("Vurderingen er allerede merket som feil."))
    row.struck_reason = require_text(reason, "reason", _("Skriv hva som er feil."))
    row.struck_at, row.struck_by_id = gate.now, gate.user_id
    with transaction.atomic():
        row.save(update_fields=["struck_at", "struck_by_id", "struck_reason"])
        for image in Attachment.objects.filter(patient=row.patient_id, origin_id=row.pk, struck_at=None):
            attachment_strike(gate=gate, row=image, reason=row.struck_reason)
    return row


def require_open(wound: Wound) -> None:
    if wound.struck_at:
        raise refuse("struck", _("Såret er merket som feil."))
    if wound.healed_on:
        raise refuse("closed", _("Såret er avsluttet. Åpne det igjen først."))


def _tasks_end(gate: Gate, wound: Wound, *, but: UUID | None = None, reason: str = "") -> None:
    """Open tasks of the wound that are the acting unit's: done by what was charted now, or lapsed with a reason. Another unit's stand."""
    for task in Task.objects.filter(patient=wound.patient_id, origin_id=wound.pk, done_at=None, cancelled_at=None).exclude(pk=but):
        if gate.unit_id not in (task.for_unit_id, task.unit_id):
            continue
        if reason:
            task_cancel(gate=gate, task=task, lock_version=task.lock_version, reason=reason)
        else:
            task_done(gate=gate, task=task, lock_version=task.lock_version, outcome="Sårstell ført")


def _columns(gate: Gate, patient: UUID, wound: Wound | None, at: datetime | None = None) -> dict[str, Any]:
    category = wound_category(gate, wound)
    if category is None:
        raise refuse("not_here", _("Rollen du har nå, fører ikke sår."))
    origin = wound.pk if wound else None
    return entry_columns(gate, patient, category, at, stay_of_unit(gate, patient), origin=origin) | {"origin_id": origin}
