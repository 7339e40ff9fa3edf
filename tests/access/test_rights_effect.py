"""Who would gain and lose is what decide() says before and after: for everyone who holds a role, and every patient."""

from collections import defaultdict
from datetime import timedelta

import pytest

from access import gate
from access.domain.codes import Action
from access.domain.decide import decide_patient
from access.domain.facts import Facts
from access.models import AccessAuthorisation, DecidedMeasure, Licence, MeasureTemplate, Session
from access.selectors import rights as selectors
from lms_epj.core.clock import now
from tests.access.rights_desk import CHART, FIRST, PRINT, READ, bring_about, cell
from tests.cast import wake_sessions

pytestmark = pytest.mark.django_db
NURSING, MENTAL, THERAPY = 7, 10, 9


def effect(open_gate, *cells):
    with open_gate(FIRST):
        return selectors.effect(cells)


def people(side):
    return {(person["name"], unit["unit"]): person["patients"] for unit in side["units"] for person in unit["people"]}


def measure(cast, patient, template, **more):
    values = {"starts_at": now() - timedelta(days=1), "decided_at": now(), "source_kind": "cast"} | more
    return DecidedMeasure.objects.create(patient_id=cast.patients[patient].id, template=MeasureTemplate.objects.get(code=template), **values)


def test_those_of_the_unit_gain_for_its_patients(cast, open_gate):
    found = effect(open_gate, cell("lms_nurse", "ADMITTED", MENTAL, READ))
    # anna and blocked are in the ward; a block narrows entries, not the right
    assert people(found["gain"]) == {("Ingrid Solberg Haugen", "Observasjonsposten"): 2, ("Mona Li", "Observasjonsposten"): 2}
    assert (found["gain"]["people"], found["gain"]["patients"]) == (2, 2)
    assert found["lose"] == {"people": 0, "patients": 0, "units": []}


def test_what_another_measure_gives_already_is_no_gain_and_no_loss(cast, open_gate):
    measure(cast, "anna", "PARTICIPATION", unit_id=cast.units["ward"], user_selected=True, reason="Prøve")
    found = effect(open_gate, cell("lms_nurse", "ADMITTED", NURSING, PRINT))
    assert people(found["lose"]) == {("Ingrid Solberg Haugen", "Observasjonsposten"): 1, ("Mona Li", "Observasjonsposten"): 1}
    assert found["gain"]["people"] == 0


def test_a_narrow_measure_does_not_hide_a_gain(cast, open_gate):
    measure(cast, "anna", "FINISHING", unit_id=cast.units["ward"], user_selected=True, reason="Prøve")
    bring_about(open_gate, cell("lms_nurse", "ADMITTED", THERAPY, 0))
    found = effect(open_gate, cell("lms_nurse", "ADMITTED", THERAPY, READ))
    assert people(found["gain"])["Ingrid Solberg Haugen", "Observasjonsposten"] == 2


def test_a_persons_own_measure_counts_for_that_person_only(cast, open_gate):
    measure(cast, "kari", "PRIMARY_CONTACT", performer_id=cast["aas.hjemmesykepleier"].id)
    found = effect(open_gate, cell("home_nurse", "PRIMARY_CONTACT", MENTAL, READ))
    assert people(found["gain"]) == {("Hanne Moen", "Hjemmesykepleien Ås nord"): 1}
    found = effect(open_gate, cell("home_nurse", "SERVICE_HEALTH", NURSING, 0))
    # Hanne keeps kari's nursing notes by her own measure
    assert people(found["lose"])["Hanne Moen", "Hjemmesykepleien Ås nord"] == people(found["lose"])["Mona Li", "Hjemmesykepleien Ås nord"] - 1


def test_one_without_the_licence_or_the_role_neither_gains_nor_loses(cast, open_gate):
    Licence.objects.filter(user_id=cast["lms.sykepleier"].id).update(valid_to=now() - timedelta(days=1))
    found = effect(open_gate, cell("lms_nurse", "ADMITTED", NURSING, 0))
    assert people(found["lose"]) == {("Mona Li", "Observasjonsposten"): 2}


CHANGES = [
    [("lms_nurse", "ADMITTED", MENTAL, READ), ("lms_nurse", "ADMITTED", NURSING, READ)],
    [("home_nurse", "SERVICE_HEALTH", NURSING, 0), ("home_nurse", "PRIMARY_CONTACT", NURSING, READ), ("home_nurse", "TASK", MENTAL, CHART)],
    [("case_officer", "SERVICE_CASEWORK", 11, PRINT), ("physiotherapist", "TASK", THERAPY, 1), ("lms_doctor", "NOTIFIED", 14, READ)],
]


@pytest.mark.parametrize("wishes", CHANGES)
def test_the_effect_is_what_decide_says_before_and_after(cast, open_gate, wishes):
    measure(cast, "kari", "PRIMARY_CONTACT", performer_id=cast["aas.hjemmesykepleier"].id)
    measure(cast, "foreign", "NOTIFIED", unit_id=cast.units["ward"])
    measure(cast, "former", "TASK", unit_id=cast.units["aas_home"], scope_categories=[MENTAL, 3])
    cells = [cell(*wish) for wish in wishes]
    before = held(cast)
    found = effect(open_gate, *cells)
    bring_about(open_gate, *cells)
    after = held(cast)
    for side, more, less in (("gain", after, before), ("lose", before, after)):
        expected = defaultdict(set)
        for who, patient, right in more - less:
            expected[who].add((patient, right))
        assert {who: len({patient for patient, _ in rights}) for who, rights in expected.items()} == people(found[side])
        assert found[side]["patients"] == len({patient for _, patient, _ in more - less})


def held(cast):
    """((name, unit), patient, (category, action)) of all who hold a role, by decide() over the database's facts."""
    wake_sessions()
    answers = set()
    for authorisation in AccessAuthorisation.objects.filter(valid_to=None).select_related("unit", "user"):
        Session.objects.filter(user=authorisation.user).update(authorisation=authorisation)
        for patient in cast.patients.values():
            facts = Facts.from_json(gate.read_facts(cast[authorisation.user.username].secret, patient.id), patient.id)
            who = (str(authorisation.user), authorisation.unit.name)
            answers |= {(who, patient.key, (code, action)) for code in range(1, 31) for action in Action if decide_patient(facts, action, code)}
    return answers
