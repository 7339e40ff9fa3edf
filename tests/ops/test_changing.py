"""Who may change who answers, and what comes of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction

from auditlog.models import AccessLogEntry
from ops.domain.rules import Rule
from ops.models import Act, Release, Roster, Shift, Swap
from ops.services.acting import DutyError
from ops.services.duty import duty_override, duty_take, handover_write
from ops.services.plan import CoverLost, Named, live_rules, plan_publish
from ops.services.swaps import Offered, swap_answer, swap_ask, swap_withdraw
from tests.ops.conftest import KEEPER

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_swap_is_by_consent_and_both_ways(duty, open_gate):
    mine, theirs = duty.shift_of("drift"), duty.shift_of("meldingsansvarlig")
    with open_gate("drift"):
        swap = swap_ask(
            roster=duty.roster.id, offered=Offered(1, *mine), giver=duty.parties["drift"].id, receiver=duty.parties["meldingsansvarlig"].id, back=Offered(1, *theirs)
        )  # fmt: skip
    assert duty.at(mine[0]) == duty.parties["drift"].name
    with open_gate("lms.leder"), pytest.raises(PermissionDenied):
        swap_answer(swap=swap, yes=True)
    with open_gate("meldingsansvarlig"):
        swap_answer(swap=swap, yes=True)
    assert duty.at(mine[0] + HOUR) == duty.parties["meldingsansvarlig"].name
    assert duty.at(theirs[0] + HOUR) == duty.parties["drift"].name
    assert Act.objects.filter(swap=swap).count() == 2
    assert AccessLogEntry.objects.filter(action="duty_swap", user_id=duty.parties["meldingsansvarlig"].user_id).count() == 2


def test_a_leader_answers_for_one_who_is_ill(duty, open_gate):
    begins, ends = duty.shift_of("drift")
    with open_gate(KEEPER):
        swap = swap_ask(
            roster=duty.roster.id, offered=Offered(1, begins, ends), giver=duty.parties["drift"].id, receiver=duty.parties["lms.leder"].id, note="Syk"
        )
        swap_answer(swap=swap, yes=True)
    assert duty.at(begins) == duty.parties["lms.leder"].name
    assert Swap.objects.get(id=swap).on_behalf


def test_an_override_takes_away_a_question_that_no_longer_fits(duty, open_gate):
    begins, ends = duty.shift_of("drift")
    with open_gate("drift"):
        swap = swap_ask(roster=duty.roster.id, offered=Offered(1, begins, ends), giver=duty.parties["drift"].id, receiver=None)
    with open_gate(KEEPER):
        duty_override(
            roster=duty.roster.id,
            level=1,
            begins=begins + HOUR,
            ends=begins + 3 * HOUR,
            party=duty.parties["logg.kontroll"].id,
            reason="Avtalt på telefon",
        )
    with open_gate("lms.leder"), pytest.raises(DutyError, match="faller bort"):
        swap_answer(swap=swap, yes=True, party=duty.parties["lms.leder"].id)
    assert [duty.at(begins + n * HOUR) for n in (0, 1, 3)] == [duty.parties[one].name for one in ("drift", "logg.kontroll", "drift")]


def test_the_first_of_all_who_are_asked_has_it(duty, open_gate):
    begins, ends = duty.shift_of("drift")
    with open_gate("drift"):
        swap = swap_ask(roster=duty.roster.id, offered=Offered(1, begins, ends), giver=duty.parties["drift"].id, receiver=None)
        with pytest.raises(DutyError, match="spurt om denne"):
            swap_ask(roster=duty.roster.id, offered=Offered(1, begins, ends), giver=duty.parties["drift"].id, receiver=None)
    with open_gate("lms.leder"):
        swap_answer(swap=swap, yes=True, party=duty.parties["lms.leder"].id)
    with open_gate("logg.kontroll"), pytest.raises(DutyError, match="besvart"):
        swap_answer(swap=swap, yes=True, party=duty.parties["logg.kontroll"].id)
    with open_gate("drift"), pytest.raises(DutyError):
        swap_withdraw(swap=swap)
    assert duty.at(begins) == duty.parties["lms.leder"].name


def test_one_of_the_roster_takes_it_now_and_nobody_else_does(duty, open_gate):
    answering = next(party for party in duty.parties.values() if party.name == duty.at(duty.now + timedelta(seconds=1)))
    other = next(name for name, party in duty.parties.items() if party != answering)
    values = {"roster": duty.roster.id, "level": 1, "begins": duty.now, "ends": duty.now + 4 * HOUR}
    with open_gate(other), pytest.raises(DutyError, match="endret av en annen"):
        duty_take(**values, party=duty.parties[other].id, seen=None)
    with open_gate("lms.lege"), pytest.raises(PermissionDenied):
        duty_take(**values, party=duty.parties[other].id, seen=answering.id)
    with open_gate(other):
        duty_take(**values, party=duty.parties[other].id, seen=answering.id)
    assert duty.at(duty.now + HOUR) == duty.parties[other].name


def test_who_does_not_keep_the_roster_changes_nothing(duty, open_gate):
    begins, ends = duty.shift_of("drift")
    with open_gate("tilgang.admin2"), pytest.raises(PermissionDenied):
        duty_override(roster=duty.roster.id, level=1, begins=begins, ends=ends, party=duty.parties["drift"].id, reason="Prøve")
    with open_gate("tilgang.admin2"), pytest.raises(PermissionDenied):
        handover_write(roster=duty.roster.id, text="Prøve")
    with open_gate("tilgang.admin2") as gate, pytest.raises(PermissionDenied):
        plan_publish(roster=duty.roster, rules=live_rules(duty.roster), version=duty.roster.version, now=gate.now)


def test_promised_cover_is_given_up_with_a_reason_only(duty, open_gate):
    with open_gate(KEEPER) as gate:
        rules = [one for one in live_rules(duty.roster) if one.rule.level == 1]
        with pytest.raises(CoverLost) as lost:
            plan_publish(roster=duty.roster, rules=rules, version=duty.roster.version, now=gate.now)
        assert {one.level for one in lost.value.spans} == {2}
        with pytest.raises(DutyError, match="endret mens"):
            plan_publish(roster=duty.roster, rules=rules, version=duty.roster.version - 1, now=gate.now)
        plan_publish(roster=duty.roster, rules=rules, version=duty.roster.version, now=gate.now, release="Ekstern avtale er sagt opp")
    assert Release.objects.get().reason == "Ekstern avtale er sagt opp"
    assert duty.at(duty.now + HOUR, level=2) is None


def test_a_new_plan_keeps_what_was_swapped(duty, open_gate):
    begins, ends = duty.shift_of("drift", after=6)
    with open_gate(KEEPER) as gate:
        duty_override(roster=duty.roster.id, level=1, begins=begins, ends=ends, party=duty.parties["logg.kontroll"].id, reason="Ferie")
        roster = Roster.objects.prefetch_related("levels").get()
        rule = Rule(1, 0, (duty.parties["lms.leder"].id,), gate.now.date() - timedelta(days=3))
        plan_publish(
            roster=roster,
            rules=[Named("Én", rule), *[one for one in live_rules(roster) if one.rule.level == 2]],
            version=roster.version,
            now=gate.now,
        )
    assert duty.at(begins + HOUR) == duty.parties["logg.kontroll"].name
    assert duty.at(ends + HOUR) == duty.parties["lms.leder"].name


def test_the_database_refuses_two_who_answer_lost_cover_and_a_changed_past(duty, set_clock):
    row = Shift.objects.filter(roster=duty.roster, level=1, span__startswith__gt=duty.now).order_by("span").first()
    with transaction.atomic(), pytest.raises(IntegrityError, match="shift_one_answers"), transaction.atomic():
        Shift.objects.create(roster=duty.roster, level=1, span=(row.span.lower, row.span.lower + HOUR), party=duty.parties["drift"])
    with transaction.atomic(), pytest.raises(IntegrityError, match="would be lost"), transaction.atomic():
        leave(row)
    set_clock(row.span.lower + HOUR)
    for change in ({"party": other_than(duty, row)}, {"span": (row.span.lower, row.span.lower + timedelta(minutes=30))}):
        with pytest.raises(IntegrityError, match="not changed afterwards"), transaction.atomic():
            Shift.objects.filter(id=row.id).update(**change)


def leave(row) -> None:
    """The shift goes, and what the database asks at the end of a transaction is asked."""
    Shift.objects.filter(id=row.id).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def other_than(duty, row):
    return next(party for party in duty.parties.values() if party.id != row.party_id)


def test_the_application_writes_no_row_by_itself(duty, as_app):
    for statement in (
        "UPDATE ops_shift SET level = 2",
        "DELETE FROM ops_act",
        "INSERT INTO ops_release SELECT * FROM ops_release",
        "SELECT * FROM ops_eventsource",
        "SELECT secret_hash FROM ops_feed",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), as_app(), connection.cursor() as cursor:
            cursor.execute(statement)
