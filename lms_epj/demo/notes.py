"""Notes of each document type, written from topics that fit the patient, the hour and how it goes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from lms_epj.core.clock import to_oslo

from .documents import DOCUMENTS
from .grammar import Slots, Writer
from .shapes import Note, Staff

Plan = dict[str, Sequence[str]]  # section key → topics, one sentence each


class NoteWriter:
    """Writes notes for one data set; keeps apart the frames used lately about each patient."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.rng: Random = writer.rng
        self._recent: dict[str, list[str]] = {}
        self._count = 0

    def write(
        self,
        document_type: str,
        plan: Plan,
        slots: Slots,
        author: Staff,
        at: datetime,
        *,
        person_key: str,
        stay: str | None = None,
        title: str = "",
        state: str = "SIGNED",
        recorded_by: datetime | None = None,
    ) -> Note:
        recent = self._recent.setdefault(person_key, [])
        avoid = set(recent)
        before = set(avoid)
        self.writer.begin_note()
        content = {
            section.key: " ".join(self.writer.sentence(topic, slots, at, avoid) for topic in plan[section.key])
            for section in DOCUMENTS[document_type].sections
            if plan.get(section.key)
        }
        recent.extend(sorted(avoid - before))
        del recent[:-40]
        return self.given(document_type, content, author, at, stay=stay, title=title, state=state, recorded_by=recorded_by)

    def given(
        self,
        document_type: str,
        content: dict[str, str],
        author: Staff,
        at: datetime,
        *,
        stay: str | None = None,
        title: str = "",
        state: str = "SIGNED",
        recorded_by: datetime | None = None,
    ) -> Note:
        """A note whose text is already there; recorded some minutes after it happened."""
        self._count += 1
        recorded = at + timedelta(minutes=self.rng.randint(2, 12))
        return Note(
            key=f"note-{self._count:06}",
            document_type=document_type,
            title=title or DOCUMENTS[document_type].name,
            content=content,
            author=author.key,
            unit=author.unit,
            event_at=at,
            recorded_at=min(recorded, recorded_by) if recorded_by else recorded,
            state=state,
            stay=stay,
        )


def arrival_plan(topic: str) -> Plan:
    return {
        "arrival": ("ank.kom", "ank.meldt"),
        "condition": ("ank.tilstand", "ank.inntrykk" if topic == "delir" else "ank.inntrykk.klar", "ank.inntrykk"),
        "informed": ("ank.info", "ank.info"),
    }


def isbar_plan(topic: str) -> Plan:
    return {
        "identification": ("isbar.id",),
        "situation": ("isbar.s", f"{topic}.verre"),
        "background": ("isbar.b",),
        "assessment": ("isbar.a",),
        "advice": ("isbar.r",),
    }


def nurse_daily_plan(topic: str, worse: bool, fever: bool, breathless: bool, at: datetime, rng: Random) -> Plan:
    night = to_oslo(at).hour < 9
    mood = "dårlig" if worse else "bra"
    calm = "natt" if night else "bra"
    status = [f"spl.pust.{'dårlig' if breathless else calm}"]
    if worse or not night:
        status.append(f"{topic}.{'verre' if worse else 'bedre'}")
    status.append("spl.temp.høy" if fever else rng.choice(("spl.sirk", "spl.news", "spl.temp.normal", "spl.sirk")))
    extra = rng.choice((f"spl.smerte.{mood}", "spl.hud", "spl.hud", "spl.hvile"))
    return {
        "status": status,
        "nutrition": ("spl.mat.natt", "spl.ut.natt") if night else (f"spl.mat.{mood}", f"spl.ut.{mood}"),
        "activity": ("spl.søvn.natt",) if night else (f"spl.akt.{mood}", extra),
        "contact": () if night or rng.random() < 0.2 else ("spl.kontakt",),
        "plan": ("spl.plan", "spl.plan") if rng.random() < 0.5 else ("spl.plan",),
    }


def _examined(topic: str) -> str:
    """Nobody in delirium is found oriented."""
    return "lege.undersøk" if topic == "delir" else "lege.undersøk.klar"


def admission_plan(topic: str, cave: bool) -> Plan:
    return {
        "reason": ("lege.grunn",),
        "history": ("lege.tidl", "lege.funksjon"),
        "current": (f"{topic}.inn", f"{topic}.inn"),
        "medication": ("lege.med", "lege.cave") if cave else ("lege.med",),
        "findings": ("lege.funn", _examined(topic), f"{topic}.funn", "lege.prøver.inn"),
        "assessment": (f"{topic}.vurd",),
        "plan": (f"{topic}.tiltak", "lege.plan"),
    }


def doctor_daily_plan(topic: str, worse: bool) -> Plan:
    return {
        "subjective": (f"lege.subj.{'verre' if worse else 'bedre'}",),
        "findings": ("lege.funn", f"{topic}.funn" if worse else _examined(topic), "lege.prøver"),
        "assessment": (f"{topic}.vurd" if worse else f"{topic}.vurd.bedre",),
        "plan": (f"{topic}.tiltak", "lege.plan") if worse else ("lege.plan", "lege.plan"),
    }


def discharge_plan(topic: str) -> Plan:
    return {
        "course": ("utskr.opphold", f"{topic}.bedre"),
        "function": ("utskr.funksjon", "utskr.funksjon", "utskr.funksjon"),
        "follow_up": (f"{topic}.råd", "utskr.videre", "utskr.videre"),
        "informed": ("utskr.info",),
    }


PHYSIO_PLAN: Plan = {"findings": ("fys.funn", "fys.funn"), "treatment": ("fys.behandling",), "plan": ("fys.plan",)}
OT_PLAN: Plan = {"findings": ("ergo.funn", "ergo.funn"), "measures": ("ergo.tiltak",), "plan": ("ergo.plan",)}
ASSESSMENT_PLAN: Plan = {
    "background": ("sak.bakgrunn", "sak.bolig"),
    "function": ("sak.funksjon", "sak.funksjon"),
    "own_view": ("sak.ønske",),
    "assessment": ("sak.vurdering",),
    "decision": ("sak.konklusjon",),
}


def home_plan(topic: str, at: datetime, rng: Random) -> Plan:
    """``topic`` is empty for a patient without one of the conditions."""
    hour = to_oslo(at).hour
    evening = hour >= 17
    arrival = "hjem.ankomst.morgen" if hour < 11 and rng.random() < 0.25 else "hjem.ankomst"
    observation = [arrival, f"{topic}.hjem" if topic and rng.random() < 0.75 else "hjem.måling"]
    if rng.random() < 0.4:
        observation.append("hjem.prat")
    help_given = ["hjem.kveld" if evening else rng.choice(("hjem.stell", "hjem.stell", "hjem.mat"))]
    help_given.append(rng.choice(("hjem.medisin", "hjem.medisin", "hjem.hud") + (() if evening else ("hjem.mat",))))
    return {
        "observation": observation,
        "help": help_given,
        "plan": ("hjem.plan",) if rng.random() < 0.6 else (),
    }
