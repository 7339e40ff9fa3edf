"""The ward-size data set is generated once for this module; what a reader of the record relies on is checked."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from access.domain.identity import Mode, check_identity
from journal.domain.news2 import Consciousness, Vitals, check_values, score
from lms_epj.core.clock import to_oslo
from lms_epj.demo.cast import NAMES
from lms_epj.demo.documents import DOCUMENTS
from lms_epj.demo.grammar import normalise, split_sentences
from lms_epj.demo.medications import PENICILLIN_LIKE
from lms_epj.demo.places import MUNICIPALITIES, UNITS
from lms_epj.demo.population import Population
from lms_epj.demo.ward import generate_ward

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
ENEBAKK = MUNICIPALITIES["enebakk"].number


@pytest.fixture(scope="module")
def ward():
    return generate_ward(NOW)


def notes_of(ward):
    return [(course, note) for course in ward.courses for note in course.notes]


def by_name(ward, given, family):
    return next(c for c in ward.courses if (c.person.given_name, c.person.family_name) == (given, family))


def test_nobody_gets_by_chance_the_name_of_one_the_demo_tells_of(ward):
    met = Counter((course.person.given_name, course.person.family_name) for course in ward.courses)
    assert [name for name in NAMES if met[name] > 1] == []
    first = Population(Random(7), NOW).person(ages=(60, 90))
    taken = (first.given_name, first.family_name)
    other = Population(Random(7), NOW, {taken}).person(ages=(60, 90))
    assert (other.given_name, other.family_name) != taken


def test_the_size_is_that_of_a_ward(ward):
    assert len(ward.courses) == 600
    assert len(ward.register) >= 4 * len(ward.courses)
    assert 6000 <= len(notes_of(ward)) <= 8500


def test_no_two_notes_share_a_sentence(ward):
    first: dict[str, str] = {}
    shared = []
    for _, note in notes_of(ward):
        for text in note.content.values():
            for sentence in split_sentences(text):
                owner = first.setdefault(normalise(sentence), note.key)
                if owner != note.key:
                    shared.append(sentence)
    assert shared == []


def test_every_note_has_its_mandatory_sections_and_no_other(ward):
    for _, note in notes_of(ward):
        document = DOCUMENTS[note.document_type]
        assert all(note.content.get(key, "").strip() for key in document.required), note.key
        assert set(note.content) <= {section.key for section in document.sections}


def test_no_slot_is_left_open(ward):
    for _, note in notes_of(ward):
        for text in note.content.values():
            assert not set("{}[]|@") & set(text), text
            assert "  " not in text


def test_men_are_he_and_women_are_she(ward):
    for course, note in notes_of(ward):
        wrong = {"han", "ham"} if course.person.sex == "K" else {"hun", "henne"}
        words = {word.strip(".,:;«»()").lower() for text in note.content.values() for word in text.split()}
        assert not words & wrong, (note.key, words & wrong)


def test_nothing_lies_in_the_future(ward):
    for course, note in notes_of(ward):
        assert note.event_at <= note.recorded_at <= NOW
        assert course.person.deceased_at is None or note.event_at < course.person.deceased_at
    for course in ward.courses:
        assert all(v.taken_at <= NOW for v in course.vitals)
        assert all(s.admitted_at is None or s.admitted_at <= NOW for s in course.stays)


def test_authors_belong_to_the_unit_they_write_for_and_may_write_the_type(ward):
    staff = {s.key: s for s in ward.staff}
    for _, note in notes_of(ward):
        author = staff[note.author]
        assert author.unit == note.unit and note.unit in UNITS
        assert author.profession in DOCUMENTS[note.document_type].roles


def test_a_municipality_outside_the_community_charts_nothing(ward):
    outside = [c for c in ward.courses if c.person.municipality_number == ENEBAKK]
    assert outside
    for course in outside:
        assert not course.services and not course.visits
        assert {n.unit for n in course.notes} <= {"lms"}


def test_municipal_notes_come_from_the_home_municipality(ward):
    numbers = {m.code: m.number for m in MUNICIPALITIES.values()}
    for course, note in notes_of(ward):
        if note.unit != "lms":
            assert numbers[UNITS[note.unit].municipality] == course.person.municipality_number


def test_identity_numbers_are_synthetic_valid_and_unique(ward):
    numbers = [i.value for p in ward.register for i in p.identities]
    assert len(numbers) == len(set(numbers))
    for person in ward.register:
        for identity in person.identities:
            found = check_identity(identity.value, Mode.TEST)
            assert found.ok and found.kind == identity.kind
            assert check_identity(identity.value, Mode.PRODUCTION).problem
    assert any(not p.identities for p in ward.register)
    assert any(i.kind == "DNR" for p in ward.register for i in p.identities)
    assert any(p.protected_address for p in ward.register)
    assert any(p.deceased_at for p in ward.register)


def test_a_protected_address_stands_in_no_text(ward):
    for course, note in notes_of(ward):
        if course.person.protected_address:
            assert not any(course.person.street in text for text in note.content.values())


def test_measurements_are_possible_and_patients_get_better(ward):
    first, last = [], []
    for course in ward.courses:
        for v in course.vitals:
            vitals = Vitals(v.respiration, v.spo2, v.oxygen, v.systolic, v.pulse, Consciousness(v.consciousness), v.temperature)
            assert not check_values(vitals, diastolic=v.diastolic, oxygen_flow=v.oxygen_flow).errors
        if course.stays and course.stays[0].status == "discharged":
            totals = [
                score(
                    Vitals(
                        v.respiration,
                        v.spo2,
                        v.oxygen,
                        v.systolic,
                        v.pulse,
                        Consciousness(v.consciousness),
                        v.temperature,
                    ),
                    scale2_prescribed=v.spo2_scale == 2,
                ).total
                for v in course.vitals
            ]
            first.append(totals[0])
            last.append(totals[-1])
    assert sum(last) / len(last) < 1.5 < sum(first) / len(first)


def test_scale_2_stands_only_where_it_is_prescribed(ward):
    for course in ward.courses:
        prescribed = {s.event_at for s in course.oxygen_scales if s.scale == 2}
        assert all(prescribed and min(prescribed) <= v.taken_at for v in course.vitals if v.spo2_scale == 2)


def test_nobody_gets_penicillin_against_the_allergy(ward):
    for course in ward.courses:
        if any(c.substance == "Penicillin" for c in course.critical):
            assert not {m.generic for m in course.medications} & PENICILLIN_LIKE


def test_one_patient_to_a_bed(ward):
    beds = Counter(s.bed for c in ward.courses for s in c.stays if s.status in ("admitted", "expected"))
    assert set(beds.values()) == {1}
    assert len(beds) == 9 and 1 not in beds


def test_kari_is_at_home_with_her_note_of_ten_past_one(ward):
    kari = by_name(ward, "Kari Marie", "Hansen")
    assert (kari.person.birth_date.isoformat(), kari.person.municipality_number) == ("1942-02-03", "3218")
    assert not kari.stays
    assert {c.substance for c in kari.critical} == {"Penicillin", "Naproksen"}
    assert any(s.service_code == 15 and s.executing_unit == "as.home" for s in kari.services)
    assert kari.next_of_kin[0].name.startswith("Lise")
    last = max(kari.notes, key=lambda n: n.event_at)
    assert to_oslo(last.event_at).strftime("%d.%m %H:%M") == "24.11 13:10"
    author = next(s for s in ward.staff if s.key == last.author)
    assert author.username == "aas.hjemmesykepleier"


def test_per_is_known_to_the_population_register_only(ward):
    per = [p for p in ward.register if (p.given_name, p.family_name) == ("Per Kristian", "Brekke")]
    assert [p.municipality_number for p in per] == [ENEBAKK]
    assert per[0].key not in {c.person.key for c in ward.courses}


def test_the_register_begins_with_those_who_have_a_record(ward):
    assert [p.key for p in ward.register[: len(ward.courses)]] == [c.person.key for c in ward.courses]


@pytest.mark.parametrize(
    "now",
    [NOW.replace(hour=3), datetime(2027, 3, 28, 2, 30, tzinfo=UTC), datetime(2028, 2, 29, 22, 55, tzinfo=UTC)],
)
def test_any_hour_and_season_will_do(now):
    small = generate_ward(now, seed=7, patients=30)
    notes = [n for c in small.courses for n in c.notes]
    assert all(n.recorded_at <= now for n in notes)
    kari = by_name(small, "Kari Marie", "Hansen")
    last = to_oslo(max(n.event_at for n in kari.notes))
    assert (last.hour, last.minute) == (13, 10)
    assert now - last < timedelta(hours=25)


def test_the_same_seed_gives_the_same_data():
    first, second = (generate_ward(NOW, seed=3, patients=20) for _ in range(2))
    assert first == second
    assert generate_ward(NOW, seed=4, patients=20) != first


def test_every_visit_of_the_day_stands_on_one_round_without_overlap(ward):
    staff = {s.key: s for s in ward.staff}
    rounds, alone = {}, 0
    for course in ward.courses:
        for visit in course.visits:
            if visit.assigned_to is None:
                alone += 1
                continue
            assert staff[visit.assigned_to].unit == visit.unit
            assert visit.status != "done" or visit.done_by == visit.assigned_to
            rounds.setdefault(visit.assigned_to, []).append(visit)
    nurse = next(s.key for s in ward.staff if s.username == "aas.hjemmesykepleier")
    assert len(rounds[nurse]) >= 5
    assert alone < sum(map(len, rounds.values())) / 8
    for mine in rounds.values():
        assert len({visit.planned_at for visit in mine}) == len(mine)
