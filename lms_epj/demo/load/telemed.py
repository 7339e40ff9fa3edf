"""Rooms, carts and people that can be booked, a day of bookings at the centre, and the meetings that come again."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from guardian.models import UserObjectPermission

from access.domain.codes import Category
from access.models import AccessAuthorisation, Course, CourseCompletion, Patient, RoleTemplate, User
from journal.models import Note, NoteVersion, Stay
from lms_epj.core.clock import from_oslo, oslo_date, to_oslo
from lms_epj.core.ids import uuid7
from lms_epj.demo.load.organisation import Organisation
from lms_epj.demo.places import LMS
from telemed.models import (
    ABOUT_ONE,
    Booking,
    BookingPatient,
    ChecklistItem,
    Equipment,
    EquipmentMove,
    Evaluation,
    Experience,
    Fault,
    FeaturePeriod,
    FunctionCheck,
    Opening,
    Participant,
    Resource,
    RollOutPlan,
    Series,
    Slot,
)
from telemed.services.bookings import CHECKS, Kind

OPEN_SINCE = date(2024, 1, 1)
# key: kind, name, unit, place
RESOURCES = {
    "room1": ("room", "Videorom 1", LMS, "2. etasje"), "room2": ("room", "Videorom 2", LMS, "2. etasje"), "hall": ("room", "Møterom Follo", LMS, "1. etasje"),
    "cart_a": ("equipment", "Videovogn A", LMS, "Lager 2"), "cart_b": ("equipment", "Videovogn B", LMS, "Lager 2"),
    "camera": ("equipment", "Sårkamera", LMS, "Skyllerommet"), "stethoscope": ("equipment", "Stetoskop", LMS, "Vaktrommet"),
    "kit": ("equipment", "KOLS-koffert", LMS, "Lager 2"), "aas_screen": ("equipment", "Videoskjerm Ås", "as.home", "Moer sykehjem"),
    "aas_room": ("room", "Møterom Ås", "as.home", "Moer sykehjem"),
}  # fmt: skip
# key: type, hours since the last check, battery, mobile
EQUIPMENT = {
    "cart_a": ("cart", 2, 88, True), "cart_b": ("cart", 26, 71, True), "camera": ("camera", 2, 64, True), "stethoscope": ("stethoscope", 2, 22, True),
    "kit": ("kit", 30, 90, True), "aas_screen": ("screen", 3, None, False),
}  # fmt: skip
ASKS = {(LMS, Kind.WOUND), ("as", Kind.HOME)}  # entity and kind that ask for the course
PEOPLE = {"lms.sykepleier": LMS, "lms.lege": LMS, "aas.hjemmesykepleier": "as.home"}


class Telemed:
    """Writes as owner what people would have booked."""

    def __init__(self, org: Organisation, now: datetime) -> None:
        self.org, self.now = org, now
        self.resources: dict[str, Resource] = {}

    def add_resources(self) -> None:
        for number, (key, (kind, name, unit, place)) in enumerate(RESOURCES.items()):
            self._resource(key, kind=kind, name=name, unit=self.org.units[unit], place=place, position=number)
        for number, (username, unit) in enumerate(PEOPLE.items(), len(RESOURCES)):
            user = self.org.users[username]
            self._resource(username, kind="person", name=user.get_full_name(), unit=self.org.units[unit], user=user, position=number)

    def add_equipment(self) -> None:
        """Each with its check; cart B waits for a new microphone. The nurses of each place hold what stands there."""
        permission = Permission.objects.using(self.org.using).get(codename="manage_resource", content_type__app_label="telemed")
        for key, (kind, hours, battery, mobile) in EQUIPMENT.items():
            resource = self.resources[key]
            keeper = self.org.users["aas.hjemmesykepleier" if resource.unit == self.org.units["as.home"] else "lms.sykepleier"]
            one = self.org.add(
                Equipment, resource=resource, type=kind, owner_id=resource.unit.legal_entity_id, mobile=mobile, serial=f"FX-{resource.position + 4100}",
                support_name="IKT-vakta", support_phone="64 00 00 00", check_days=7 if key == "kit" else 1,
            )  # fmt: skip
            self.org.add(FunctionCheck, equipment=one, checked_at=self.now - timedelta(hours=hours), checked_by=keeper, passed=True, battery=battery)
            self.org.add(
                EquipmentMove, equipment=one, unit=resource.unit, place=resource.place, moved_at=self.now - timedelta(days=40), moved_by=keeper
            )
        for key, (_kind, _name, unit, _place) in RESOURCES.items():
            keeper = self.org.users["aas.hjemmesykepleier" if unit == "as.home" else "lms.sykepleier"]
            self.org.add(
                UserObjectPermission, user=keeper, permission=permission, content_type=permission.content_type, object_pk=str(self.resources[key].pk)
            )
        self.org.add(
            Fault, equipment_id=self.resources["cart_b"].pk, text="Mikrofon", case_number="2291", reported_at=_wall(self.now, 0, 0, 30),
            reported_by=self.org.users["lms.lege"], expected_at=_wall(self.now, 2, 10),
        )  # fmt: skip

    def _resource(self, key: str, **values: Any) -> None:
        self.resources[key] = self.org.add(Resource, **values)
        for weekday in range(7):
            self.org.add(Opening, resource=self.resources[key], weekday=weekday, opens=time(7), closes=time(21), valid_from=OPEN_SINCE)

    def book(
        self, kind: Kind, at: datetime, minutes: int, what: Sequence[str], by: str, patients: Sequence[tuple[Patient, str]] = (), outside: tuple[str, str] = ("", ""),
        staff: Sequence[str] = (), title: str = "", ward_list: bool = False, series: Series | None = None, at_home: bool = False, status: str = "confirmed",
    ) -> Booking:  # fmt: skip
        author, unit = self.org.users[by], self.org.units[PEOPLE[by]]
        ends, made = at + timedelta(minutes=minutes), self.now - timedelta(days=2)
        over = ends < self.now
        booking = self.org.add(
            Booking, kind=kind, title=title, starts_at=at, ends_at=ends, status="held" if over else status, about_patient=bool(patients), ward_list=ward_list,
            series=series, series_day=oslo_date(at) if series else None, unit=unit, legal_entity_id=unit.legal_entity_id, author=author, recorded_at=made,
            room=uuid7().hex[:16], opened_at=at if over else None, closed_at=ends if over else None,
        )  # fmt: skip
        for patient, aim in patients:
            stay = Stay.objects.using(self.org.using).filter(patient=patient, ward=unit, status__in=Stay.PRESENT).first()
            part = self.org.add(
                BookingPatient, booking=booking, patient=patient, aim=aim, at_home=at_home, stay=stay, category_id=int(Category.LOGISTICS), unit=unit,
                legal_entity_id=unit.legal_entity_id, author=author, event_at=made, recorded_at=made, sheet_sent_at=made,
                informed_at=made + timedelta(hours=3), informed_by=author,
            )  # fmt: skip
            if at_home:
                self.org.add(Participant, booking=booking, kind="patient", name=patient.given_name, part=part, response="coming")
        for key in what:
            self.org.add(Slot, booking=booking, resource=self.resources[key], during=(at, ends))
        for user in [author, *(self.org.users[one] for one in staff)]:
            self._invite(booking, user)
        if outside[0]:
            self.org.add(
                Participant, booking=booking, kind="external", name=outside[0], organisation=outside[1], response="coming" if over else "waiting"
            )
        if over:
            Participant.objects.using(self.org.using).filter(booking=booking).update(joined_at=at, left_at=ends)
        for number, text in enumerate(CHECKS.get(kind, [])):
            done = {"done_at": made, "done_by": author} if over or number < 2 else {}
            self.org.add(ChecklistItem, booking=booking, text=text, position=number, **done)
        return booking

    def is_free(self, key: str, start: datetime, end: datetime) -> bool:
        return not Slot.objects.using(self.org.using).filter(resource=self.resources[key], during__overlap=(start, end)).exists()

    def _invite(self, booking: Booking, user: User) -> None:
        self.org.add(Participant, booking=booking, kind="staff", user=user, name=user.get_full_name(), response="coming")


def load_telemed(org: Organisation, now: datetime) -> None:
    """Needs the ward's patients; a day as in the drawings, whichever day it is."""
    desk = Telemed(org, now)
    desk.add_resources()
    desk.add_equipment()
    _rollout(desk)
    _meetings(desk)
    _day(desk)


def _wall(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    return from_oslo(datetime.combine(to_oslo(now).date() + timedelta(days=days), time(hour, minute)))


def _rollout(desk: Telemed) -> None:
    """The centre uses all, Ås is the pilot and has told what it learnt, Frogn comes next."""
    org, today = desk.org, oslo_date(desk.now)
    course = _course(desk)
    permission = Permission.objects.using(org.using).get(codename="manage_rollout", content_type__app_label="telemed")
    stages = {LMS: ("in_use", list(ABOUT_ONE)), "as": ("pilot", [Kind.HOME, Kind.SUPERVISION, Kind.WOUND]), "frogn": ("planned", [Kind.WOUND])}
    for key, (stage, kinds) in stages.items():
        entity = org.entities[key]
        plan = org.add(RollOutPlan, legal_entity=entity, contact=org.users["lms.leder"].get_full_name() if key == LMS else "")
        for number, kind in enumerate(kinds):
            org.add(
                FeaturePeriod, plan=plan, kind=kind, stage=stage, valid_from=today - timedelta(days=200 - 30 * number), set_at=desk.now,
                course=course if (key, kind) in ASKS else None,
            )  # fmt: skip
        for username in ("lms.leder", "tilgang.admin"):
            org.add(
                UserObjectPermission, user=org.users[username], permission=permission, content_type=permission.content_type, object_pk=str(plan.pk)
            )
    org.add(
        Experience, legal_entity=org.entities["as"], kind=Kind.SUPERVISION, author=org.users["aas.hjemmesykepleier"], recorded_at=desk.now - timedelta(days=20),
        text="Skjermen må stå der pasienten sitter, ikke på vaktrommet. Vi prøver lyd kvelden før, og ringer spesialisten om noe svikter.",
    )  # fmt: skip


def _course(desk: Telemed) -> Course:
    """Those of the cast who book have it, and half of the others at the two places that ask for it; a few have it for weeks only."""
    org, now = desk.org, desk.now
    course = org.add(Course, code="video", name="Video og utstyr", valid_months=24)
    units = [org.units[key] for key in (LMS, "as.home")]
    staff = AccessAuthorisation.objects.using(org.using).filter(unit__in=units, role__may_chart=True, valid_to=None).select_related("user")
    people = sorted({one.user for one in staff}, key=lambda user: user.username)
    for number, user in enumerate(people):
        if user.username in PEOPLE or number % 2:
            taken = now - timedelta(days=700 if number % 9 == 1 and user.username not in PEOPLE else 90)
            org.add(
                CourseCompletion, user=user, course=course, completed_on=oslo_date(taken), valid_from=taken, valid_to=taken + timedelta(days=730),
                registered_by=org.users["tilgang.admin"],
            )  # fmt: skip
    return course


def _pilot(desk: Telemed, kari: Patient) -> None:
    """Six sessions that were held from home in Ås, each with its note, its grades and what was spared."""
    org, author = desk.org, desk.org.users["aas.hjemmesykepleier"]
    mark = RoleTemplate.objects.using(org.using).get(code="home_nurse").mark
    for weeks in range(1, 7):
        at = _wall(desk.now, -7 * weeks, 10)
        booking = desk.book(
            Kind.HOME,
            at,
            30,
            ["aas_screen"],
            "aas.hjemmesykepleier",
            [(kari, "Pusteteknikk og egenmåling")],
            ("Lungesykepleier", "Ahus"),
            at_home=True,
        )
        part = BookingPatient.objects.using(org.using).get(booking=booking)
        unit = booking.unit
        values = {
            "patient_id": kari.pk, "category_id": int(Category.NURSING), "unit": unit, "legal_entity_id": unit.legal_entity_id, "author": author,
            "event_at": at, "recorded_at": booking.ends_at, "document_type_id": "video_nursing", "title": "Videokonsultasjon, sykepleie", "state": "SIGNED",
            "content": {"present": "Lungesykepleier, pasienten", "assessment": "Stabil. Bruker riktig teknikk.", "agreed": "Fortsetter egenmåling, ny time om en uke."},
        }  # fmt: skip
        signed = {"signed_by": author, "signed_at": booking.ends_at, "confirmed_at": booking.ends_at}
        note = org.add(Note, **values, **signed, mark=mark, version=1)
        org.add(NoteVersion, **values, note=note, origin_id=note.pk, number=1)
        BookingPatient.objects.using(org.using).filter(pk=part.pk).update(note=note, saved_km=62, saved_escort_hours=2)
        org.add(
            Evaluation, booking=booking, author=author, recorded_at=booking.ends_at, useful=4 + weeks % 2, technical=3 + weeks % 2, prepared=4, again=True,
            patient=4 if weeks > 1 else 3,
        )  # fmt: skip


def _meetings(desk: Telemed) -> None:
    org, now = desk.org, desk.now
    today = oslo_date(now)
    series = org.add(
        Series, kind="morning", title="Morgenmøte Ahus", unit=org.units[LMS], author=org.users["lms.lege"], weekdays=list(range(7)), interval=1, at=time(8),
        minutes=30, first=today, until=today + timedelta(days=27), recorded_at=now - timedelta(days=30),
    )  # fmt: skip
    for days in range(28):
        desk.book(
            Kind.MORNING, _wall(now, days, 8), 30, ["hall", "lms.lege"], "lms.lege", title="Morgenmøte Ahus", ward_list=True, series=series,
            outside=("Vakthavende lungelege", "Ahus"), staff=["lms.sykepleier"],
        )  # fmt: skip
    desk.book(Kind.COMPETENCE, _wall(now, 0, 14), 60, ["hall"], "lms.sykepleier", title="Fagtime: NEWS2", staff=["aas.hjemmesykepleier"])


def _day(desk: Telemed) -> None:
    now, using = desk.now, desk.org.using
    in_bed = Stay.objects.using(using).filter(status__in=Stay.PRESENT).values("patient")

    def named(family: str, given: str) -> Patient:
        """The one in a bed, where somebody else has the same name; else the one with the oldest record."""
        found = Patient.objects.using(using).filter(family_name=family, given_name=given)
        return found.filter(pk__in=in_bed).first() or found.order_by("registered_at", "pk")[0]

    kari, per = named("Hansen", "Kari Marie"), named("Johansen", "Per")
    olsen, berg, aas = named("Olsen", "Bjørn Arvid"), named("Berg", "Solveig"), named("Aas", "Marit")
    desk.book(Kind.CLARIFY, _wall(now, 0, 9), 45, ["room1"], "lms.lege", [(olsen, "Pneumoni: bytte av antibiotika?")], ("Infeksjonslege", "Ahus"))
    desk.book(
        Kind.CLARIFY, _wall(now, 0, 13), 45, ["cart_a", "stethoscope", "lms.lege", "lms.sykepleier"], "lms.sykepleier",
        [(per, "Vurdering med lungelege: behandlingsnivå og videre plan.")], ("Lungelege i vakt", "Ahus"), ["lms.lege"],
    )  # fmt: skip
    group = [
        (named(family, given), "Egenmåling og føring av dagbok") for family, given in (("Karlsen", "Odd"), ("Ahmed", "Yusuf"), ("Lie", "Astrid"))
    ]
    desk.book(Kind.TEACH_GROUP, _wall(now, 0, 11, 30), 45, ["room2"], "lms.sykepleier", group, title="Diabeteskurs")
    desk.book(
        Kind.WOUND, _wall(now, 0, 14, 30), 30, ["room1", "camera"], "lms.sykepleier", [(berg, "Leggsår, ny vurdering")], ("Sårsykepleier", "Ahus")
    )
    desk.book(
        Kind.CLARIFY,
        _wall(now, 0, 15, 15),
        30,
        ["cart_a"],
        "lms.sykepleier",
        [(aas, "Delir: blir her eller sendes videre?")],
        ("Geriater", "Ahus"),
        status="booked",
    )
    # One that can be held at once, whenever the demo is started.
    soon = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    free = next(key for key in ("room2", "camera") if desk.is_free(key, soon, soon + timedelta(minutes=30)))
    desk.book(
        Kind.CLARIFY, soon, 30, [free], "lms.sykepleier", [(named("Nguyen", "Thi Lan"), "Lavt blodtrykk: kan hun bli her i natt?")], ("Vakthavende indremedisiner", "Ahus"),
        ["lms.lege"], status="confirmed",
    )  # fmt: skip
    _pilot(desk, kari)
    desk.book(
        Kind.HOME, _wall(now, 0, 8), 9 * 60, ["kit"], "aas.hjemmesykepleier", [(kari, "Hjemmemåling med koffert, daglig samtale")], at_home=True
    )  # fmt: skip
    desk.book(Kind.SUPERVISION, _wall(now, 1, 10), 30, ["aas_screen", "aas.hjemmesykepleier"], "aas.hjemmesykepleier",
              [(kari, "Inhalasjon og pusteteknikk")], ("Lungesykepleier", "Ahus"), status="booked")  # fmt: skip
