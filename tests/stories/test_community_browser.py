"""A municipality joins, works, and leaves, on the real screens: the administrator, its nurse, the ward and the custodian; and what it took along
is read into an empty installation."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import reverse

from access import models as access
from access.domain.identity import synthetic_number
from access.services.secrets import credential_set
from journal import models as journal
from lms_epj.core.clock import oslo_date, start_of_day
from lms_epj.core.formatting import format_date
from tests.cast import PASSWORD, PIN, build_cast
from tests.leaving.conftest import Installation, empty_installation  # noqa: F401 - a fixture
from tests.leaving.receiver import RECEIVER

pytestmark = pytest.mark.slow
NURSE, NAME, UNIT = "nesodden.hjemmesykepleier", "Nesodden kommune", "Hjemmesykepleien Nesoddtangen"
WARDS_WORD, OWN_WORD = "Penicillinmyr", "Plastermyr"


@pytest.fixture
def clock(live_site: Any) -> Iterator[Any]:
    """`clock(moment)`: the gate's clock goes on from there; set right again afterwards, whatever happened."""

    def turn(moment: datetime) -> None:
        live_site.turn_clock(moment - datetime.now(UTC))
        live_site.wake_sessions()

    yield turn
    live_site.turn_clock(timedelta())
    live_site.wake_sessions()


def worker(live_site: Any, folder: Path, call: str) -> None:
    """One task, as the worker's process runs it: as the role that serves."""
    code = f"import django; django.setup(); from journal.tasks import {call}; {call}()"
    environment = live_site.environment() | {"EPJ_PROCESS": "manage", "EPJ_EXPORT_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "lms_epj.settings"}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR, check=True)


def join(desk: Any, today: date) -> None:
    desk.page.goto(reverse("community"))
    desk.follow("Ny deltaker")
    desk.fill(name=NAME, org_number="889955443", municipality_number="3212", reason="Kommunestyrets vedtak")
    desk.page.get_by_role("checkbox", name="15 Helsetjenester i hjemmet").check()
    desk.fill(**{"unit_name-0": UNIT, "signer": "Bente Skogstad", "title": "Kommunedirektør", "signed_on": format_date(today)})
    desk.page.locator('[name="unit_kind-0"]').select_option("home_nursing")
    desk.page.locator('[name="unit_service-0"]').select_option("15")
    desk.press("Se hvem som får mer")
    assert "Hvem får mer, og hvem får mindre?" in desk.text
    desk.press("Registrer deltakeren")
    assert "Deltakeren er registrert." in desk.text
    assert desk.page.get_by_role("row", name=NAME).get_by_text("Felles journal").is_visible()


def settle_in() -> UUID:
    """What the register and the years would have made: a nurse there, and a resident who lies on the ward. Returns the patient."""
    cast, now = build_cast(), datetime.now(UTC)
    unit = access.OrgUnit.objects.get(name=UNIT)
    user = access.User.objects.create(username=NURSE, given_name="Siri", family_name="Berger", initials="SB")
    access.Licence.objects.create(user=user, profession="nurse", hpr_number="9000888", valid_from=now - timedelta(days=400))
    role = access.RoleTemplate.objects.get(code="home_nurse")
    access.AccessAuthorisation.objects.create(user=user, role=role, unit=unit, valid_from=unit.valid_from, reason="Ansatt ved enheten")
    credential_set(user_id=user.id, password=PASSWORD, pin=PIN, using="default")
    patient = access.Patient.objects.create(
        family_name="Nesmyrstrand", given_name="Solveig", birth_date=date(1940, 2, 3), sex="K", municipality_number="3212", registered_at=now,
        name_fold="solveig nesmyrstrand",
    )  # fmt: skip
    access.PatientIdentity.objects.create(patient=patient, kind="FNR", value=synthetic_number(date(1940, 2, 3), female=True, seed=77))
    for template, where in (("SERVICE_HEALTH", unit.id), ("ADMITTED", cast.units["ward"])):
        access.DecidedMeasure.objects.create(
            patient=patient,
            template=access.MeasureTemplate.objects.get(code=template),
            unit_id=where,
            starts_at=now - timedelta(hours=1),
            decided_at=now,
        )
    chart(patient.id, WARDS_WORD, cast.units["ward"], cast.entities["lms"], cast["lms.sykepleier"].id)
    chart(patient.id, OWN_WORD, unit.id, unit.legal_entity_id, user.id)
    return patient.id


def chart(patient: UUID, substance: str, unit: UUID, entity: UUID, author: UUID) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    journal.CriticalInfo.objects.create(
        patient_id=patient, category_id=3, unit_id=unit, legal_entity_id=entity, author_id=author, event_at=at, recorded_at=at, kind="allergy",
        substance=substance,
    )  # fmt: skip


def words(desk: Any, patient: UUID) -> set[str]:
    """Which of the two entries the person's own page of the patient shows."""
    answer = desk.open(patient)
    return {word for word in (WARDS_WORD, OWN_WORD) if answer.status == 200 and word in desk.page.content()}


def leave(desk: Any, day: date) -> None:
    desk.page.goto(reverse("community"))
    desk.follow("Meld ut en kommune")
    desk.page.locator('[name="entity"]').select_option(label=NAME)
    desk.fill(valid_from=format_date(day), reason="Kommunestyrets vedtak")
    desk.page.locator('[name="rule"]').select_option("residents")
    desk.press("Se hva utmeldingen fører til")
    assert "12 måneders oppsigelsestid" in desk.text
    assert desk.page.get_by_role("row", name="Roller i kommunens enheter").is_visible()
    desk.press("Registrer utmeldingen")
    assert "Utmeldingen er registrert." in desk.text


def test_a_municipality_joins_works_and_leaves(desk_of, new_desk, live_site, clock, tmp_path, empty_installation: Installation):  # noqa: F811
    today = oslo_date(datetime.now(UTC))
    midnight = start_of_day(today + timedelta(days=1))
    admin = desk_of("tilgang.admin")
    join(admin, today)
    with live_site.as_owner():
        patient = settle_in()
    leave(admin, today + timedelta(days=1))
    clock(midnight - timedelta(minutes=2))
    assert words(desk_of(NURSE), patient) == {WARDS_WORD, OWN_WORD}, "two minutes to midnight she reads the ward's"

    clock(midnight)
    ward = desk_of("lms.sykepleier")
    assert words(ward, patient) == {WARDS_WORD}, "the ward keeps its own and reads no more of hers"
    worker(live_site, tmp_path, "carry_out_exits")
    admin = desk_of("tilgang.admin")
    admin.page.goto(reverse("community"))
    admin.page.get_by_role("link", name=f"Utmelding: {NAME}").click()
    admin.page.get_by_text("Dette ble ordnet da enhetene stengte").wait_for()

    custodian = desk_of("journalansvarlig")
    custodian.page.goto(reverse("exports"))
    custodian.follow(NAME)
    custodian.fill(**RECEIVER.told())
    custodian.press("Frigi uttrekket")
    assert "Frigitt, venter på start" in custodian.text
    worker(live_site, tmp_path, "write_exports")
    custodian.page.reload()
    assert "1 av 1 pasienter, 2 innslag" in custodian.text
    folder = next(tmp_path.glob("uttrekk-*"))
    done = empty_installation.run("import_export", str(folder), *RECEIVER.files(tmp_path))
    assert "1 patients" in done.stdout, done.stderr
    found = empty_installation.rows("SELECT substance FROM journal_criticalinfo WHERE patient_id = %s ORDER BY substance", patient)
    assert found == [(WARDS_WORD,), (OWN_WORD,)]
    custodian.fill(receipt="Kommunen bekreftet sjekksummene på telefon")
    custodian.press("Meld mottatt")
    assert "Kommunen bekreftet" in custodian.text

    gone = new_desk()
    gone.fill_log_in(NURSE)
    assert gone.page.locator(".epj-who").count() == 0, "who works for the leaver only logs in no more"
