"""Eight people book at random at once, each on a connection of its own: nothing overlaps, and what was promised stands.

`EPJ_BOOKING_ATTEMPTS` sets how many attempts there are in all; the suite makes few.
"""

import os
import statistics
import threading
import time as clock
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from access import gate
from telemed.models import Booking, ChecklistItem, Opening, Participant, Resource, Series, Slot
from telemed.services.bookings import Wish, booking_cancel, booking_for_meeting, booking_move
from telemed.services.errors import NotFree
from tests.cast import build_cast, wake_sessions
from tests.conftest import set_role

ATTEMPTS = int(os.environ.get("EPJ_BOOKING_ATTEMPTS", "240"))
CLIENTS, RESOURCES = 8, 6
PEOPLE = ("lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "frogn.hjemmesykepleier")


@pytest.fixture
def rooms(db: None, django_db_blocker: Any) -> Iterator[list[UUID]]:
    """Rooms of their own, committed, and taken away with all that was booked in them."""
    made: list[UUID] = []

    def work(act: Any) -> None:
        def run() -> None:
            with transaction.atomic():
                act()
            connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()

    def make() -> None:
        wake_sessions()
        unit = build_cast().units["ward"]
        for number in range(RESOURCES):
            one = Resource.objects.create(kind="room", name=f"Rom {number}", unit_id=unit)
            made.append(one.pk)
            Opening.objects.bulk_create(
                Opening(resource=one, weekday=n, opens=time(0), closes=time(0), valid_from=date(2020, 1, 1)) for n in range(7)
            )

    def remove() -> None:
        bookings = list(Slot.objects.filter(resource__in=made).values_list("booking", flat=True))
        Slot.objects.filter(resource__in=made).delete()
        for table in (Participant, ChecklistItem):
            table.objects.filter(booking__in=bookings).delete()
        Booking.objects.filter(pk__in=bookings).delete()
        Series.objects.filter(bookings=None).delete()
        Opening.objects.filter(resource__in=made).delete()
        Resource.objects.filter(pk__in=made).delete()

    work(make)
    yield made
    work(remove)


class Client:
    """One person who books, moves and cancels at random, and remembers what was promised."""

    def __init__(self, number: int, rooms: list[UUID], days: int) -> None:
        self.rng, self.secret, self.rooms, self.days = Random(number), build_cast()[PEOPLE[number % len(PEOPLE)]].secret, rooms, days
        self.promised: dict[UUID, tuple[datetime, datetime, frozenset[UUID]]] = {}
        self.taken, self.seconds, self.offers_wrong = 0, [], 0

    def run(self, attempts: int) -> "Client":
        for _ in range(attempts):
            began = clock.perf_counter()
            try:
                with transaction.atomic():
                    set_role("epj_app")
                    with gate.enter(self.secret, gate.Request("search", "test")) as opened:
                        change = self.attempt(opened)
                self.promised.update(change)
            except NotFree as error:
                self.taken += 1
                self.offers_wrong += not error.starts
            self.seconds.append(clock.perf_counter() - began)
        connections.close_all()
        return self

    def attempt(self, opened: gate.Gate) -> dict[UUID, Any]:
        start = self.start(opened.now)
        act = self.rng.random()
        if self.promised and act < 0.25:
            key = self.rng.choice(list(self.promised))
            booking = Booking.objects.get(pk=key)
            if booking.status == "cancelled":
                return {}
            if act < 0.1:
                booking_cancel(gate=opened, booking=booking, lock_version=booking.lock_version, reason="other")
                return {key: None}
            moved = booking_move(gate=opened, booking=booking, lock_version=booking.lock_version, starts_at=start)
            return {key: (moved.starts_at, moved.ends_at, self.promised[key][2])}
        wanted = frozenset(self.rng.sample(self.rooms, self.rng.randint(1, 3)))
        wish = Wish("meeting", start, self.rng.choice((15, 30, 45)), list(Resource.objects.filter(pk__in=wanted)), title="Møte")
        made = booking_for_meeting(gate=opened, wish=wish)
        return {made.pk: (made.starts_at, made.ends_at, wanted)}

    def start(self, now: datetime) -> datetime:
        first = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
        return first + timedelta(days=self.rng.randrange(self.days), minutes=15 * self.rng.randrange(96))


@pytest.mark.django_db
def test_nothing_overlaps_and_nothing_is_lost(rooms):
    days = max(1, ATTEMPTS // 400)  # crowded, so that about half are refused
    began = clock.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = list(pool.map(lambda number: Client(number, rooms, days).run(ATTEMPTS // CLIENTS), range(CLIENTS)))
    took = clock.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telemed_slot a JOIN telemed_slot b ON a.resource_id = b.resource_id AND a.id < b.id AND a.active AND b.active"
                       " AND a.during && b.during")  # fmt: skip
        assert cursor.fetchone()[0] == 0
    promised = {key: value for client in clients for key, value in client.promised.items() if value}
    stored: dict[UUID, tuple[datetime, datetime, set[UUID]]] = {}
    for slot in Slot.objects.filter(resource__in=rooms, active=True):
        stored.setdefault(slot.booking_id, (slot.during.lower, slot.during.upper, set()))[2].add(slot.resource_id)
    assert {key: (start, end, frozenset(what)) for key, (start, end, what) in stored.items()} == promised
    taken = sum(client.taken for client in clients)
    assert promised and taken
    assert Booking.objects.filter(pk__in=promised).exclude(status="booked").count() == 0
    seconds = sorted(one for client in clients for one in client.seconds)
    print(f"\n{len(seconds)} attempts, {len(promised)} stand, {taken} refused, median {statistics.median(seconds) * 1000:.0f} ms, "
          f"p95 {seconds[int(len(seconds) * 0.95)] * 1000:.0f} ms, {len(seconds) / took:.0f} a second")  # fmt: skip
