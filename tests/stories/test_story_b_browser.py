"""Story B in a browser: Per of Enebakk comes with a referral and nothing else; Enebakk is asked, answers hours later, and is told when he leaves.

By screens on our side and by the simulated partners on theirs, over the files between. The engine works in the test's own process;
worker and broker have tests of their own.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from access import models as access
from access.models import Patient
from messaging.models import CommunicationParty, InformationGap, Message
from messaging.services.addresses import addresses_import
from messaging.services.first import message_service_register
from messaging.services.inbox import inbox_work, messages_fetch
from messaging.services.outbox import outbox_work
from messaging.services.runtime import Engine
from messaging.simulator.addresses import FILE
from messaging.simulator.people import PEOPLE
from messaging.simulator.run import Simulator
from messaging.transport.files import FileDrop
from tests.cast import build_cast
from tests.stories.desk import Desk

NURSE, DOCTOR = "lms.sykepleier", "lms.lege"
SECRET = "secret of the message service in story b"
PER = PEOPLE["per"]
LACKS = "Opplysninger fra Enebakk er ikke mottatt"


@dataclass
class Post:
    """Our engine and their systems, with the directory between."""

    site: Any
    folder: Path
    partners: Simulator = field(init=False)

    def __post_init__(self) -> None:
        self.partners = Simulator(self.folder, seed=1)
        self.engine = Engine(SECRET, {"files": FileDrop(self.folder)}, worker="story")

    def carry(self) -> None:
        """Until nothing more is under way."""
        for _ in range(3):
            self.partners.step(time.time() + 60)
            with self.site.as_owner():
                messages_fetch(self.engine)
                inbox_work(self.engine)
                outbox_work(self.engine)

    def seen_by(self, partner: str) -> list[str]:
        """What a partner has taken in, by type."""
        return [event.type for event in self.partners.partners[partner].events if event.what == "mottatt"]


@pytest.fixture
def story(live_site: Any, desk_of: Callable[..., Desk], tmp_path: Path) -> Any:
    cast = build_cast()
    with live_site.as_owner():
        _set_up(cast)
    told = SimpleNamespace(site=live_site, cast=cast, post=Post(live_site, tmp_path / "post"), desk_of=desk_of)
    told.nurse = desk_of(NURSE)
    yield told
    with live_site.as_owner():
        CommunicationParty.objects.filter(transport="files").update(transport="")


def _set_up(cast: Any) -> None:
    """Per is known to the population register alone; the addresses are those of the demo, with the cast's ward for the centre's."""
    access.RegisterPerson.objects.update_or_create(
        number=PER.number("FNR"),
        defaults={
            "kind": "FNR", "family_name": PER.family, "given_name": PER.given, "birth_date": PER.born.day, "sex": "M", "municipality_number": "3220",
            "name_fold": f"{PER.family} {PER.given}".lower(),
        },
    )  # fmt: skip
    ward, enebakk = access.OrgUnit.objects.get(id=cast.units["ward"]), access.LegalEntity.objects.get(id=cast.entities["enebakk"])
    rows = [row for row in json.loads(FILE.read_text(encoding="utf-8")) if not row["her_id"].startswith("82") or row["her_id"].startswith("82000")]
    for row in rows:
        if "unit" in row:
            row["unit"] = ward.name
        if row["name"] == "Enebakk kommune":
            row["org_number"] = enebakk.org_number
    since = datetime.now(UTC) - timedelta(days=1)
    addresses_import(text=json.dumps(rows), using="default", at=since)
    user = message_service_register(unit=access.OrgUnit.objects.get(id=cast.units["it"]), using="default", since=since)
    access.Session.objects.get_or_create(
        secret_hash=hashlib.sha256(SECRET.encode()).digest(),
        defaults={
            "user": user, "authorisation": access.AccessAuthorisation.objects.get(user=user), "device_hash": b"", "purpose": "messaging",
            "second_factor": True, "created_at": since, "last_seen_at": since, "expires_at": since + timedelta(days=30),
        },
    )  # fmt: skip


def test_per_comes_with_a_referral_and_enebakk_answers_when_it_can(story):
    the_gp_refers_him_while_enebakks_nurse_is_on_a_visit(story)
    he_is_admitted_and_the_lack_is_shown(story)
    enebakk_is_asked_by_one_press_and_gives_a_receipt_only(story)
    hours_later_the_report_comes_and_the_line_is_gone(story)
    a_report_about_another_is_not_filed_on_him(story)
    he_leaves_with_the_messages_that_are_owed(story)
    both_ways_are_counted(story)


def the_gp_refers_him_while_enebakks_nurse_is_on_a_visit(story):
    story.post.partners.conduct("enebakk", {"hold": True})
    story.post.partners.send("fastlege", {"kind": "HENVISNING_NYTILSTAND", "patient": "per"})
    story.post.carry()
    desk = story.nurse
    desk.page.goto("/meldinger/")
    assert "Henvisning" in desk.text
    assert PER.family in desk.text
    with story.site.as_owner():
        story.per = Patient.objects.get(identities__value=PER.number("FNR")).id


def he_is_admitted_and_the_lack_is_shown(story):
    desk = story.nurse
    desk.open(story.per, "stay_expect")
    desk.fill(cause="Hjertesvikt", referrer="fastlege Ragna Vik")
    desk.press("Lagre")
    desk.open(story.per, "stay_admit")
    desk.page.locator('input[name="bed"]').first.check()
    desk.press("Legg inn")
    desk.open(story.per)
    assert LACKS in desk.text
    assert "Ikke etterspurt" in desk.text


def enebakk_is_asked_by_one_press_and_gives_a_receipt_only(story):
    desk = story.nurse
    desk.press("Be om opplysninger")
    assert "Etterspurt" in desk.text
    assert desk.page.get_by_role("button", name="Be om opplysninger").count() == 0
    story.post.carry()
    assert story.post.seen_by("enebakk") == ["DIALOG_FORESPORSEL"]
    desk.follow("Se forespørselen")
    assert "Kvittert" in desk.text
    desk.open(story.per)
    assert LACKS in desk.text


def hours_later_the_report_comes_and_the_line_is_gone(story):
    story.post.partners.send("enebakk", {"kind": "INNLEGGELSESRAPPORT", "patient": "per"})
    story.post.carry()
    desk = story.nurse
    desk.open(story.per)
    assert LACKS not in desk.text
    desk.tab("Meldinger")
    desk.follow("Innleggelsesrapport")
    for told in ("Furix", "Trimetoprim-sulfa", "Ingunn Brekke", "Hjemmesykepleie"):
        assert told in desk.text
    with story.site.as_owner():
        gap = InformationGap.objects.get(patient=story.per)
        assert gap.mode == "message"
        assert gap.answer.type == "INNLEGGELSESRAPPORT"
        assert gap.minutes is not None


def a_report_about_another_is_not_filed_on_him(story):
    wrong = {"given": "Arne", "family": "Fjeld", "born": "1950-02-01", "sex": "M", "number": PER.number("FNR")}
    story.post.partners.send("enebakk", {"kind": "INNLEGGELSESRAPPORT", "patient": wrong})
    story.post.carry()
    desk = story.nurse
    desk.page.goto("/meldinger/uten-pasient/")
    assert "Innleggelsesrapport" in desk.text
    with story.site.as_owner():
        assert Message.objects.filter(patient=story.per, type="INNLEGGELSESRAPPORT").count() == 1


def he_leaves_with_the_messages_that_are_owed(story):
    desk = story.nurse
    desk.open(story.per, "stay_discharge")
    leave(desk)
    assert "Det skyldes meldinger som ikke er sendt" in desk.text
    desk.page.goto(f"/pasient/{story.per}/meldinger/ny/utskrivningsrapport/")
    desk.fill(course="Vekt ned 2,8 kg", follow_up="Vekt daglig i to uker")
    desk.press("Se over")
    desk.press("Send til Enebakk kommune, Sykepleietjeneste")
    assert "lagt i kø" in desk.text
    doctor = story.desk_of(DOCTOR)
    doctor.page.goto(f"/pasient/{story.per}/meldinger/ny/epikrise/")
    doctor.page.locator('select[name="receiver"]').select_option(label="Flateby legesenter, Ragna Vik")
    doctor.fill(course="Diuretika intravenøst", follow_up="Kreatinin om en uke")
    doctor.press("Se over")
    doctor.press("Send til Flateby legesenter, Ragna Vik")
    desk.open(story.per, "stay_discharge")
    leave(desk)
    assert "Utskrevet" in desk.text
    story.post.carry()
    assert "UTSKRIVNINGSRAPPORT" in story.post.seen_by("enebakk")
    assert "EPIKRISE" in story.post.seen_by("fastlege")
    desk.open(story.per, "stay")
    sent = desk.page.get_by_role("region", name="Sendte meldinger")
    assert "Kvittert" in sent.get_by_role("listitem").filter(has_text="Utskrivningsrapport").inner_text()


def leave(desk: Desk) -> None:
    desk.fill(destination="Hjem med hjemmesykepleie", reason="Epikrisen er sendt, datteren henter")
    desk.page.get_by_label("Oppgavene bortfaller når pasienten reiser").check()
    desk.press("Skriv ut")


def both_ways_are_counted(story):
    desk = story.nurse
    desk.page.goto("/informasjonsgap/")
    by_message = desk.page.get_by_role("region", name="Meldinger")
    assert "minutter, median" in by_message.inner_text()
    assert "minutter, median" in desk.page.get_by_role("region", name="Felles journal").inner_text()
    assert PER.family not in desk.page.content()
