"""Many at once change one roster at random; afterwards nothing may be wrong. `python -m tests.ops.storm OWNER_URL APP_URL COUNT` for a long run,
on an empty, migrated database of its own."""

import hashlib
import json
import sys
import threading
import time as stopwatch
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import errors

from ops.domain.calendar import Calendar
from ops.domain.resolver import joined, resolve
from ops.domain.rules import Act, Rule, Segment

DAYS = 120
PEOPLE = 8
ENTER = 'SELECT gate.enter(%s, 1, \'{}\'::uuid[], \'{"action": "search", "route": "storm", "request_id": null}\'::json::text::jsonb)'


@dataclass
class Ground:
    """What the storm blows over: one roster of two levels, eight people, one of whom keeps it."""

    roster: UUID = field(default_factory=uuid4)
    parties: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(PEOPLE)])
    secrets: list[str] = field(default_factory=lambda: [f"storm-{n}" for n in range(PEOPLE)])
    begins: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(days=DAYS)

    def rules(self, days: int) -> list[Rule]:
        first = self.begins.date() - timedelta(days=14)
        return [Rule(level, 0, tuple(self.parties[level - 1 :]), first, turn_days=days, starts=time(8), ends=time(8)) for level in (1, 2)]

    def lay(self, owner: psycopg.Connection) -> None:
        """Writes it as owner."""
        put = owner.execute
        entity, unit, system = uuid4(), uuid4(), uuid4()
        put(
            "INSERT INTO access_legalentity (id, org_number, name, kind, municipality_number, valid_from) VALUES (%s, '999', 'Storm', 'operator', '', now() - interval '9 d')",
            [entity],
        )
        put(
            "INSERT INTO access_orgunit (id, legal_entity_id, name, kind, phone, valid_from) VALUES (%s, %s, 'Drift', 'administration', '', now() - interval '9 d')",
            [unit, entity],
        )
        put(
            "INSERT INTO ops_system (id, code, name, icon, phone, runbook, place) VALUES (%s, 'storm', 'Storm', '', '', '', 0)",
            [system],
        )
        put(
            "INSERT INTO ops_roster (id, name, system_id, eves, version, published_to) VALUES (%s, 'Storm', %s, '{}', 1, %s)",
            [self.roster, system, self.ends],
        )
        for level in (1, 2):
            put(
                "INSERT INTO ops_rosterlevel (id, roster_id, number, name, promised, wait_minutes) VALUES (gen_random_uuid(), %s, %s, 'Linje', true, 5)",
                [self.roster, level],
            )
        for number, (party, secret) in enumerate(zip(self.parties, self.secrets, strict=True)):
            user, authorisation = uuid4(), uuid4()
            put(
                "INSERT INTO access_user (id, username, given_name, family_name, initials, is_active, is_system) VALUES (%s, %s, 'Storm', %s, 'S', true, false)",
                [user, secret, str(number)],
            )
            put(
                "INSERT INTO access_accessauthorisation (id, user_id, role_id, unit_id, valid_from, reason, registered_at, ended_reason) "
                "SELECT %s, %s, id, %s, now() - interval '9 d', 'Storm', now(), '' FROM access_roletemplate WHERE code = 'it_operator'",
                [authorisation, user, unit],
            )
            put(
                "INSERT INTO access_session (id, user_id, secret_hash, device_hash, device_name, authorisation_id, purpose, second_factor, must_change, created_at, last_seen_at, expires_at, pin_failures) "
                "VALUES (gen_random_uuid(), %s, %s, '', '', %s, '', true, false, now(), now() + interval '1 d', now() + interval '1 d', 0)",
                [user, hashlib.sha256(secret.encode()).digest(), authorisation],
            )
            put(
                "INSERT INTO ops_party (id, kind, name, phone, email, user_id, active) VALUES (%s, 'person', %s, '1', '', %s, true)",
                [party, secret, user],
            )
            put("INSERT INTO ops_roster_parties (roster_id, party_id) VALUES (%s, %s)", [self.roster, party])
            if number == 0:
                put(
                    "INSERT INTO guardian_userobjectpermission (permission_id, content_type_id, object_pk, user_id) "
                    "SELECT id, content_type_id, %s, %s FROM auth_permission WHERE codename = 'edit_roster'",
                    [str(self.roster), user],
                )
        put(
            "SELECT gate.duty_replace(%s, %s, %s)",
            [self.roster, self.begins, rows_of(resolve(self.rules(7), [], Calendar(), self.begins, self.ends))],
        )
        for rule in self.rules(7):
            put_rule(owner, self.roster, rule)
        owner.commit()


def rows_of(lines: dict[int, list[Segment]]) -> str:
    return json.dumps([
        {"level": level, "begins": one.begins.isoformat(), "ends": one.ends.isoformat(), "party": str(one.party)} for level, line in lines.items() for one in line
    ])  # fmt: skip


def as_json(rule: Rule) -> dict[str, Any]:
    return {
        "level": rule.level, "rank": rule.rank, "name": "", "members": [str(one) for one in rule.members], "anchor": rule.anchor.isoformat(), "turn_days": rule.turn_days,
        "starts": "08:00", "ends": "08:00", "weekdays": list(range(7)), "holidays": "as_sunday", "fair": False, "until": None, "away": [], "never": [],
    }  # fmt: skip


def put_rule(owner: psycopg.Connection, roster: UUID, rule: Rule) -> None:
    row = as_json(rule)
    names = ", ".join(row)
    owner.execute(
        f"INSERT INTO ops_rotation (id, roster_id, made_at, {names}) SELECT gen_random_uuid(), %s, now(), {names} FROM jsonb_to_record(%s) AS n (level int, rank int, "
        "name text, members uuid[], anchor date, turn_days int, starts time, ends time, weekdays int[], holidays text, fair boolean, until date, away jsonb, never jsonb)",
        [roster, json.dumps(row)],
    )


class Client(threading.Thread):
    """One person who changes things until enough has been changed. `told`: what the database answered; `accepted`: the swaps it said yes to."""

    def __init__(self, ground: Ground, number: int, url: str, count: int) -> None:
        super().__init__(name=f"client {number}")
        self.ground, self.number, self.count = ground, number, count
        self.rng, self.connection = Random(number), psycopg.connect(url)
        self.party, self.secret = ground.parties[number], ground.secrets[number]
        self.told: Counter[str] = Counter()
        self.accepted: list[UUID] = []
        self.faults: list[str] = []

    def run(self) -> None:
        acts = [self.take, self.ask, self.ask, self.answer, self.answer, self.answer, self.withdraw]
        acts = [*acts, self.override, self.override] if self.number == 0 else acts
        for done in range(self.count):
            act = self.publish if self.number == 0 and done % 25 == 24 else self.rng.choice(acts)
            try:
                with self.connection.transaction():
                    self.one(ENTER, self.secret)
                    said = act()
                    self.one("SELECT gate.leave('[]', '{}')")
                self.told[f"{act.__name__}: {said}"] += 1
            except errors.Error as fault:
                self.faults.append(f"{act.__name__}: {type(fault).__name__} {fault}")
        self.connection.close()

    def one(self, statement: str, *values: Any) -> Any:
        found = self.connection.execute(statement, values).fetchone()
        return found[0] if found else None

    def span(self) -> tuple[datetime, datetime]:
        begins = self.ground.begins + timedelta(minutes=self.rng.randrange(24 * 60 * (DAYS - 12)))
        return begins, begins + timedelta(minutes=self.rng.choice([30, 480, 1440, self.rng.randint(1, 14_000)]))

    def override(self) -> str:
        return self.one(
            "SELECT gate.duty_override(%s, %s, %s, %s, %s, 'storm')",
            self.ground.roster,
            self.rng.randint(1, 2),
            *self.span(),
            self.rng.choice(self.ground.parties),
        )

    def take(self) -> str:
        level, (begins, ends) = self.rng.randint(1, 2), self.span()
        seen = self.one(
            "SELECT party_id FROM ops_shift WHERE roster_id = %s AND level = %s AND span @> greatest(%s, gate.clock())",
            self.ground.roster,
            level,
            begins,
        )
        return self.one("SELECT gate.duty_take(%s, %s, %s, %s, %s, %s, 'storm')", self.ground.roster, level, begins, ends, self.party, seen)

    def shift_of(self, party: UUID) -> Any:
        return self.connection.execute(
            "SELECT level, lower(span), upper(span) FROM ops_shift WHERE roster_id = %s AND party_id = %s AND lower(span) > gate.clock() ORDER BY random() LIMIT 1",
            [self.ground.roster, party],
        ).fetchone()

    def ask(self) -> str:
        own, receiver = self.shift_of(self.party), self.rng.choice(self.ground.parties)
        if own is None:
            return "none"
        back = self.shift_of(receiver) if self.rng.random() < 0.5 else None
        to = None if back is None and self.rng.random() < 0.3 else receiver
        return self.one(
            "SELECT gate.swap_ask(%s, %s, %s, %s, %s, %s, %s, %s, %s, 'storm') ->> 'state'", self.ground.roster, *own, self.party, to, *(back or (None, None, None)),
        )  # fmt: skip

    def answer(self) -> str:
        swap = self.connection.execute(
            "SELECT id, receiver_id FROM ops_swap WHERE state = 'open' AND (receiver_id = %s OR receiver_id IS NULL AND giver_id <> %s) ORDER BY random() LIMIT 1",
            [self.party, self.party],
        ).fetchone()
        if swap is None:
            return "none"
        said = self.one("SELECT gate.swap_answer(%s, %s, %s)", swap[0], swap[1] is None or self.rng.random() < 0.9, self.party)
        if said == "ok":
            self.accepted.append(swap[0])
        return said

    def withdraw(self) -> str:
        swap = (
            self.one("SELECT id FROM ops_swap WHERE state = 'open' AND giver_id = %s ORDER BY random() LIMIT 1", self.party)
            if self.rng.random() < 0.2
            else None
        )
        return "none" if swap is None else str(self.one("SELECT gate.swap_withdraw(%s)", swap))

    def publish(self) -> str:
        """The whole plan anew, as the pages do it: resolved here over what has been changed, refused when somebody changed it meanwhile, and tried again."""
        roster, days, said = self.ground.roster, self.rng.choice([1, 2, 7]), ""
        for _ in range(12):
            version, now = self.connection.execute("SELECT version, gate.clock() FROM ops_roster WHERE id = %s", [roster]).fetchone()
            lines = resolve(self.ground.rules(days), acts_of(self.connection, roster), Calendar(), now, self.ground.ends)
            rules = json.dumps([as_json(rule) for rule in self.ground.rules(days)])
            said = self.one(
                "SELECT gate.duty_publish(%s, %s, %s, %s, %s, %s, '', '') ->> 'state'", roster, version, now, self.ground.ends, rules, rows_of(lines)
            )
            if said == "ok":
                break
        return said


def acts_of(connection: psycopg.Connection, roster: UUID) -> list[Act]:
    rows = connection.execute(
        "SELECT level, lower(span), upper(span), party_id, instead_of_id FROM ops_act WHERE roster_id = %s ORDER BY id", [roster]
    ).fetchall()
    return [Act(*row) for row in rows]


class Watch(threading.Thread):
    """Looks all the while, on a connection of its own: is anybody missing, or anybody there twice?"""

    SEEN = """
        SELECT l.number, range_agg(s.span) @> tstzrange(clock_timestamp() + interval '1 minute', r.published_to),
            sum(upper(s.span) - lower(s.span)) = (SELECT sum(upper(x) - lower(x)) FROM unnest(range_agg(s.span)) x)
        FROM ops_roster r JOIN ops_rosterlevel l ON l.roster_id = r.id LEFT JOIN ops_shift s ON s.roster_id = r.id AND s.level = l.number GROUP BY 1, r.id"""

    def __init__(self, url: str) -> None:
        super().__init__(name="watch")
        self.connection, self.stop, self.looks, self.faults = psycopg.connect(url, autocommit=True), threading.Event(), 0, []

    def run(self) -> None:
        while not self.stop.wait(0.02):
            for level, whole, single in self.connection.execute(self.SEEN).fetchall():
                self.looks += 1
                if not whole or not single:
                    self.faults.append(f"level {level}: whole {whole}, single {single}")
        self.connection.close()


def blow(owner_url: str, app_url: str, count: int) -> dict[str, Any]:
    """``count`` tries by eight clients. Returns what was told, how long it took, and what was wrong (nothing, one hopes)."""
    ground, owner = Ground(), psycopg.connect(owner_url)
    ground.lay(owner)
    watch = Watch(owner_url)
    clients = [Client(ground, number, app_url, count // PEOPLE) for number in range(PEOPLE)]
    began = stopwatch.monotonic()
    for one in (watch, *clients):
        one.start()
    for client in clients:
        client.join()
    seconds = stopwatch.monotonic() - began
    watch.stop.set()
    watch.join()
    told = sum((client.told for client in clients), Counter())
    wrong = [*watch.faults, *(fault for client in clients for fault in client.faults), *differences(ground, owner), *lost_swaps(owner, clients)]
    owner.close()
    return {"told": dict(sorted(told.items())), "seconds": round(seconds, 1), "looks": watch.looks, "wrong": wrong}


def differences(ground: Ground, owner: psycopg.Connection) -> list[str]:
    """From now on the rows are what the resolver makes of the rules in force and of every act in its order."""
    now = owner.execute("SELECT clock_timestamp()").fetchone()[0]
    days = owner.execute("SELECT turn_days FROM ops_rotation WHERE roster_id = %s AND retired_at IS NULL LIMIT 1", [ground.roster]).fetchone()[0]
    expected = resolve(ground.rules(days), acts_of(owner, ground.roster), Calendar(), now, ground.ends)
    found = []
    for level in (1, 2):
        rows = owner.execute(
            "SELECT greatest(lower(span), %s), upper(span), party_id FROM ops_shift WHERE roster_id = %s AND level = %s AND upper(span) > %s ORDER BY span",
            [now, ground.roster, level, now],
        ).fetchall()
        if joined([Segment(*row) for row in rows]) != expected[level]:
            found.append(f"level {level}: the rows are not what the resolver says")
    return found


def lost_swaps(owner: psycopg.Connection, clients: list[Client]) -> list[str]:
    rows = owner.execute(
        "SELECT w.id, w.back_span IS NOT NULL, count(a.id) FROM ops_swap w LEFT JOIN ops_act a ON a.swap_id = w.id WHERE w.state = 'accepted' GROUP BY w.id"
    ).fetchall()
    said = Counter(swap for client in clients for swap in client.accepted)
    found = [f"swap {swap}: {acts} acts" for swap, back, acts in rows if acts != 1 + back]
    if set(said) != {row[0] for row in rows} or any(number != 1 for number in said.values()):
        found.append("accepted is not what was told")
    return found


if __name__ == "__main__":
    print(json.dumps(blow(sys.argv[1], sys.argv[2], int(sys.argv[3])), indent=1, default=str))
