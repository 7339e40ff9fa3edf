"""How a random world is drawn. The chances here are tuned by `clause_statistics`; see `worlds.py` for what a world is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from access.domain.codes import Category
from tests.gate.worlds import DAY, DOCUMENT_TYPES, HOUR, INFO_CATEGORIES, LONG_AGO, MADE_CATEGORIES, PROFESSIONS, SERVICES, Record, T, World

BEFORE = (T - HOUR, T - DAY, T - 30 * DAY)
UNTIL_NOW = (T, T - HOUR, T, T - 30 * DAY)
SINCE = (T, *BEFORE, LONG_AGO + 100 * DAY)
AFTER = (T + HOUR, T + DAY, T + 30 * DAY)
EVENTS = (T - HOUR, T - DAY, T - 10 * DAY, T - 30 * DAY, T - 200 * DAY)
# Charted as notes, so that an entry can be of another category without being another kind of row.
TEXTUAL = (Category.NURSING, Category.MEDICAL, Category.THERAPY, Category.MENTAL, Category.ARRIVAL, Category.SENSITIVE)
READ_ONLY, READ_WRITE, ALL = 1 | 2, 1 | 2 | 4 | 8, 127


class Builder:
    """Draws one world from one source of chance; the same source gives the same world."""

    def __init__(self, rng: random.Random, templates: Sequence[Record]) -> None:
        self.rng = rng
        self.world = World()
        self.templates = {t["code"]: t for t in templates}
        self.world.tables["MeasureTemplate"] = list(templates)
        self.world.tables["InfoCategory"] = list(INFO_CATEGORIES)
        self.world.tables["DocumentType"] = list(DOCUMENT_TYPES)

    def build(self) -> World:
        self.entities()
        self.communities()
        self.roles()
        self.users()
        for number in range(self.rng.randint(2, 3)):
            self.patient(number)
        self.courses()
        return self.world

    # chance

    def id(self, chance: random.Random | None = None) -> UUID:
        return UUID(int=(chance or self.rng).getrandbits(128), version=4)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def period(self, ended: float = 0.0, future: float = 0.0) -> dict[str, datetime | None]:
        """A period live at T but for the given shares; its ends often lie exactly on T."""
        draw = self.rng.random()
        if draw < ended:
            return {"valid_from": LONG_AGO, "valid_to": self.rng.choice(UNTIL_NOW)}
        if draw < ended + future:
            return {"valid_from": self.rng.choice(AFTER), "valid_to": self.rng.choice((None, T + 60 * DAY))}
        return {"valid_from": self.rng.choice(SINCE), "valid_to": self.rng.choice((None, None, *AFTER))}

    # who is who

    def entities(self) -> None:
        kinds = ["lms", "municipality", "municipality"][: self.rng.randint(2, 3)]
        self.live_entities = [self.entity(kind, self.period(ended=0.035, future=0.02)) for kind in kinds]
        heir = self.rng.choice(self.live_entities)
        ended: dict[str, datetime | None] = {"valid_from": LONG_AGO, "valid_to": self.rng.choice((*UNTIL_NOW, *UNTIL_NOW, T + HOUR))}
        self.merged = self.entity("municipality", ended, successor=heir["id"])
        self.merged_away = [self.merged]
        if self.chance(0.4):
            self.merged = self.entity("municipality", {"valid_from": LONG_AGO, "valid_to": T - 60 * DAY}, successor=self.merged["id"])
            self.merged_away.append(self.merged)
        self.units = [
            self.world.add(
                "OrgUnit",
                id=self.id(),
                legal_entity_id=entity["id"],
                name=f"Enhet {number}",
                kind="observation_ward" if entity["kind"] == "lms" else "home_nursing",
                service_code=None if self.chance(0.04) else self.rng.choice(SERVICES),
                phone="",
                **self.period(ended=0.035, future=0.02),
            )
            for number, entity in enumerate([*self.live_entities, self.merged if self.chance(0.4) else self.rng.choice(self.live_entities)])
        ]

    def entity(self, kind: str, period: dict[str, datetime | None], successor: UUID | None = None) -> Record:
        return self.world.add(
            "LegalEntity",
            id=self.id(),
            name=f"Virksomhet {len(self.world.tables['LegalEntity'])}",
            org_number=str(self.rng.randrange(10**8, 10**9)),
            kind=kind,
            municipality_number="",
            successor_id=successor,
            **period,
        )

    def communities(self) -> None:
        """Mostly one agreement that all have joined; sometimes two, and each entity in one of them only."""
        split = self.chance(0.26)
        communities = [
            self.world.add("RecordCommunity", id=self.id(), name=f"Avtale {number}", **self.period(0.11, 0.08))["id"]
            for number in range(2 if split or self.chance(0.2) else 1)
        ]
        for entity in self.world.tables["LegalEntity"]:
            joined = [self.rng.choice(communities)] if split else communities
            for community in joined:
                self.participate(entity["id"], community)

    def participate(self, entity: UUID, community: UUID) -> None:
        """With all services, as a full member, now – or weak in one of the three, or not at all."""
        weak = self.rng.choices(("", "mode", "period", "service", "absent"), (0.65, 0.085, 0.07, 0.185, 0.01))[0]
        missing = self.rng.choice(SERVICES) if weak == "service" else None
        for service in SERVICES:
            if weak != "absent" and service != missing:
                self.world.add(
                    "Participation",
                    id=self.id(),
                    community_id=community,
                    legal_entity_id=entity,
                    service_code=service,
                    mode="message_only" if weak == "mode" else "member",
                    **self.period(*((0.6, 0.4) if weak == "period" else (0.0, 0.0))),
                )

    def roles(self) -> None:
        self.role_rows = []
        for number in range(3):
            role = self.world.add(
                "RoleTemplate",
                id=self.id(),
                code=f"world_{self.rng.getrandbits(40):010x}",
                name=f"Rolle {number}",
                may_chart=self.chance(0.93),
                required_profession=self.rng.choice(PROFESSIONS) if self.chance(0.6) else None,
            )
            self.role_rows.append(role)
            # Chance of its own for what the matrix was and will be, so that the rest of the world stays as it is without it.
            self.dates = random.Random(role["code"])
            for template in self.templates.values():
                for category in (*Category, *MADE_CATEGORIES):
                    made = category in MADE_CATEGORIES
                    chance = self.dates if made else self.rng
                    actions = chance.choices((0, 1, READ_ONLY, READ_WRITE, ALL), (0.035, 0.015, 0.04, 0.61, 0.3))[0]
                    if actions:
                        self.right(self.id(chance), role["id"], template["id"], int(category), actions)

    def right(self, number: UUID, role: UUID, template: UUID, category: int, actions: int) -> None:
        """Mostly one that holds; sometimes one that is over or not begun, and another before or after it, joined on T or an hour off."""
        cell = {"role_id": role, "template_id": template, "category_id": category}
        kind = self.dates.choices(("holds", "over", "to come", "follows", "followed"), (0.81, 0.04, 0.07, 0.04, 0.04))[0]
        joint = self.dates.choice((T, T + HOUR, T + DAY) if kind == "to come" else (T, T, T - HOUR, T + HOUR))
        first = {"valid_from": LONG_AGO, "valid_to": None if kind == "holds" else joint}
        last = {"valid_from": joint, "valid_to": None}
        period = last if kind in ("to come", "follows") else first
        self.world.add("RoleRight", id=number, actions=actions, **cell, **period)
        if kind in ("follows", "followed"):
            other = first if kind == "follows" else last
            self.world.add("RoleRight", id=self.id(self.dates), actions=self.dates.choice((1, READ_ONLY, ALL)), **cell, **other)

    def users(self) -> None:
        self.user_ids = []
        for number in range(self.rng.randint(2, 3)):
            user = self.world.add(
                "User",
                id=self.id(),
                username=f"world-{self.rng.getrandbits(40):010x}",
                given_name="Prøve",
                family_name=f"Person {number}",
                initials=f"P{number}",
                is_active=not self.chance(0.055),
            )
            self.user_ids.append(user["id"])
            for profession in PROFESSIONS:
                if self.chance(0.965):
                    self.world.add(
                        "Licence",
                        id=self.id(),
                        user_id=user["id"],
                        profession=profession,
                        hpr_number=str(self.rng.randrange(10**6, 10**7)),
                        **self.period(0.055, 0.035),
                    )
            for _ in range(self.rng.randint(2, 3)):
                self.world.add(
                    "AccessAuthorisation",
                    id=self.id(),
                    user_id=user["id"],
                    role_id=self.rng.choice(self.role_rows)["id"],
                    unit_id=self.rng.choice(self.units)["id"],
                    given_by_id=None,
                    reason="Prøve",
                    **self.period(0.05, 0.05),
                )

    def courses(self) -> None:
        """Drawn last, so that the rest of a world is the same with and without them; seldom where the agreements differ, the rarest of all."""
        demanded = 0.3 if len(self.world.tables["RecordCommunity"]) > 1 else 0.65
        names = [
            self.world.add("Course", id=self.id(), code=f"world-{self.rng.getrandbits(40):010x}", name=f"Kurs {n}", valid_months=None)["id"]
            for n in range(2)
        ]
        for course in names:
            for role in self.role_rows:
                if self.chance(demanded):
                    self.world.add("RequiredCourse", id=self.id(), role_id=role["id"], course_id=course, added_by_id=None, **self.period(0.22, 0.18))
            for user in self.user_ids:
                for _ in range(self.rng.choices((0, 1, 2), (0.05, 0.8, 0.15))[0]):
                    self.world.add(
                        "CourseCompletion", id=self.id(), user_id=user, course_id=course, completed_on=LONG_AGO.date(), **self.period(0.13, 0.03)
                    )

    # the patient

    def patient(self, number: int) -> None:
        patient = self.world.add(
            "Patient", id=self.id(), family_name=f"Pasient {number}", given_name="Prøve", name_fold=f"pasient {number} prove", sex="U"
        )["id"]
        for unit in self.units:
            self.unit_measures(patient, unit["id"])
        for user in self.user_ids:
            if self.chance(0.18):
                self.measure(patient, self.rng.choice(("PRIMARY_CONTACT", "TASK", "PARTICIPATION", "FINISHING")), performer=user)
            if self.chance(0.1):
                self.emergency(patient, user)
        entries = self.entries(patient)
        for _ in range(self.rng.choices((0, 1, 2, 3), (0.03, 0.4, 0.42, 0.15))[0]):
            self.block(patient, entries)
        if patient.int % 100 < 18:  # chance without a draw: the rest of the world stays as it was
            self.inherited_block(patient)

    def unit_measures(self, patient: UUID, unit: UUID) -> None:
        """Mostly one measure, so that it alone decides; sometimes none, sometimes an older one beside it."""
        codes = ("NOTIFIED", "ADMITTED", "SERVICE_HEALTH", "SERVICE_PRACTICAL", "TASK", "PARTICIPATION", "FINISHING")
        for _ in range(self.rng.choices((0, 1, 2), (0.02, 0.83, 0.15))[0]):
            self.measure(patient, self.rng.choices(codes, (9, 26, 25, 8, 12, 10, 10))[0], unit=unit)

    def measure(self, patient: UUID, code: str, unit: UUID | None = None, performer: UUID | None = None, **more: Any) -> None:
        template = self.templates[code]
        starts_at, ends_at = self.window(timedelta(hours=template["tail_hours"]))
        scoped = code in ("TASK", "EMERGENCY", "PARTICIPATION", "NOTIFIED")
        scope = sorted(self.rng.sample(range(1, 15), self.rng.randint(5, 11))) if scoped and self.chance(0.55) else None
        if scope and self.dates.random() < 0.5:
            scope.append(self.dates.choice(MADE_CATEGORIES))
        columns = {
            "id": self.id(),
            "patient_id": patient,
            "template_id": template["id"],
            "unit_id": unit,
            "performer_id": performer,
            "service_code": None,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "decided_by_id": self.rng.choice(self.user_ids),
            "reason": "Prøve",
            "caller": "",
            "user_selected": template["user_selected"],
            "source_kind": "world",
            "source_id": None,
            "scope_categories": scope,
            "scope_since": self.rng.choice(EVENTS[1:4]) if scoped and self.chance(0.6) else None,
            "case_id": None,
        }
        self.world.add("DecidedMeasure", **columns | more)

    def window(self, tail: timedelta) -> tuple[datetime, datetime | None]:
        """Running, in its tail, closed (often exactly now) or not begun."""
        kind = self.rng.choices(("running", "tail", "closed", "future"), (0.77, 0.12, 0.055, 0.055))[0]
        if kind == "running":
            return self.rng.choice(SINCE), self.rng.choice((None, *AFTER))
        if kind == "future":
            return self.rng.choice(AFTER), self.rng.choice((None, T + 60 * DAY))
        if kind == "tail" and tail:
            return LONG_AGO, self.rng.choice((T, T - tail / 2, T - tail + HOUR))
        return LONG_AGO, self.rng.choice((T - tail, T - tail - HOUR, T - tail - 30 * DAY))

    def emergency(self, patient: UUID, user: UUID) -> None:
        case = self.world.add(
            "EmergencyCase",
            id=self.id(),
            patient_id=patient,
            user_id=user,
            unit_id=self.rng.choice(self.units)["id"],
            reason_code="life",
            reason="Prøve",
            opened_at=T - HOUR / 2,
            review_due=T + 3 * DAY,
            ended_at=None,
        )
        ends_at = self.rng.choice((T + HOUR / 2, T + HOUR / 2, T))
        self.measure(patient, "EMERGENCY", performer=user, case_id=case["id"], starts_at=case["opened_at"], ends_at=ends_at)

    def entries(self, patient: UUID) -> list[Record]:
        stays = [self.entry("Stay", patient, Category.LOGISTICS, None, None) for _ in range(2)]
        made: list[Record] = []
        for _ in range(self.rng.randint(8, 11)):
            category: int = Category.CRITICAL if self.chance(0.28) else self.rng.choice(list(Category))
            stay = self.rng.choice(stays)["id"] if self.chance(0.7) else None
            origin = made[0]["id"] if made and self.chance(0.72) else None
            # The first is what single blocks name; the second and on may be of a made category.
            if made and category in TEXTUAL and self.dates.random() < 0.3:
                category = self.dates.choice(MADE_CATEGORIES)
            made.append(self.entry("Entry", patient, category, stay, origin))
        return made

    def entry(self, table: str, patient: UUID, category: int, stay: UUID | None, origin: UUID | None) -> Record:
        unit = self.rng.choice(self.units)
        of_merged = self.chance(0.22)
        return self.world.add(
            table,
            id=self.id(),
            patient_id=patient,
            category=int(category),
            document_type_id=f"world-{int(category)}-{self.rng.choice('ab')}",
            stay_id=stay,
            unit_id=unit["id"],
            legal_entity_id=self.merged["id"] if of_merged else unit["legal_entity_id"],
            author_id=self.rng.choice(self.user_ids),
            origin_id=origin,
            event_at=self.rng.choice(EVENTS),
            recorded_at=T - HOUR / 2,
            draft=table == "Entry" and self.chance(0.11),
        )

    # blocks

    def block(self, patient: UUID, entries: list[Record]) -> None:
        scope = self.rng.choices(("record", "category", "document_type", "stay", "entry"), (27, 6, 6, 14, 47))[0]
        entry = entries[0] if scope == "entry" and self.chance(0.88) else self.rng.choice(entries)
        with_period = self.chance(0.8)
        block = self.world.add(
            "AccessBlock",
            id=self.id(),
            patient_id=patient,
            scope=scope,
            category_id=entry["category"] if scope == "category" else None,
            document_type_id=entry["document_type_id"] if scope == "document_type" else None,
            stay_id=(entry["stay_id"] or self.world.tables["Stay"][-1]["id"]) if scope == "stay" else None,
            entry_id=entry["id"] if scope == "entry" else None,
            entries_from=self.rng.choice((None, *EVENTS[:4])) if with_period else None,
            entries_to=self.rng.choice((None, T + HOUR, *EVENTS[:2])) if with_period else None,
            registered_by_id=self.rng.choice(self.user_ids),
            wish_of="patient",
            **self.target(),
            **self.period(0.19, 0.1),
        )
        if block["entries_from"] and block["entries_to"] and block["entries_to"] <= block["entries_from"]:
            block["entries_to"] = None
        if self.chance(0.78):
            by_user = self.chance(0.5)
            self.world.add(
                "BlockException",
                id=self.id(),
                block_id=block["id"],
                user_id=self.rng.choice(self.user_ids) if by_user else None,
                unit_id=None if by_user else self.rng.choice(self.units)["id"],
            )
        self.openings(patient, entries)

    def inherited_block(self, patient: UUID) -> None:
        """Against one that has been merged away: it follows the heir."""
        self.world.add(
            "AccessBlock",
            id=UUID(int=patient.int ^ 1),
            patient_id=patient,
            scope="record",
            category_id=None,
            document_type_id=None,
            stay_id=None,
            entry_id=None,
            entries_from=None,
            entries_to=None,
            registered_by_id=self.user_ids[0],
            wish_of="patient",
            target="legal_entity",
            target_user_id=None,
            target_role_id=None,
            target_unit_id=None,
            target_entity_id=self.merged["id"],
            valid_from=LONG_AGO,
            valid_to=None,
        )

    def target(self) -> Record:
        kind = self.rng.choices(("everyone", "user", "role", "unit", "legal_entity"), (52, 12, 12, 12, 12))[0]
        return {
            "target": kind,
            "target_user_id": self.rng.choice(self.user_ids) if kind == "user" else None,
            "target_role_id": self.rng.choice(self.role_rows)["id"] if kind == "role" else None,
            "target_unit_id": self.rng.choice(self.units)["id"] if kind == "unit" else None,
            "target_entity_id": self.rng.choice([*self.live_entities, *self.merged_away])["id"] if kind == "legal_entity" else None,
        }

    def openings(self, patient: UUID, entries: list[Record]) -> None:
        for user in self.user_ids:
            for entry in entries:
                if self.chance(0.38):
                    live = self.chance(0.48)
                    self.world.add(
                        "BlockOpening",
                        id=self.id(),
                        patient_id=patient,
                        entry_id=entry["id"],
                        user_id=user,
                        basis=self.rng.choice(("consent", "weighty")),
                        reason="Prøve",
                        opened_at=self.rng.choice((T, T - HOUR)) if live else T - DAY,
                        valid_to=self.rng.choice((T + HOUR, T + DAY)) if live else self.rng.choice((T, T - HOUR)),
                    )
