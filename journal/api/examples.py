"""Examples of the schema. Every one is run as a test: ids stand for rows that the test puts in their place."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

PATIENT, STAY, BED = "0197a2c0-0000-7000-8000-000000000001", "0197a2c0-0000-7000-8000-000000000002", "0197a2c0-0000-7000-8000-000000000003"
NOTE, TASK, VITALS = "0197a2c0-0000-7000-8000-000000000004", "0197a2c0-0000-7000-8000-000000000005", "0197a2c0-0000-7000-8000-000000000006"
AUTHOR, UNIT, ENTITY = "0197a2c0-0000-7000-8000-000000000007", "0197a2c0-0000-7000-8000-000000000008", "0197a2c0-0000-7000-8000-000000000009"
AT, LATER = "2025-03-03T10:40:00+01:00", "2025-03-03T14:00:00+01:00"

ENTRY = {"event_at": AT, "recorded_at": AT, "author_id": AUTHOR, "unit_id": UNIT, "legal_entity_id": ENTITY}
PATIENT_ANSWER = {
    "id": PATIENT, "family_name": "Sengemyrholt", "given_name": "Anna", "birth_date": "1938-07-19", "sex": "K", "municipality_number": "3218",
    "deceased_at": None, "protected_address": False, "numbers": ["19873800066"],
}  # fmt: skip
STAY_ANSWER = {
    "id": STAY, **ENTRY, "ward_id": UNIT, "bed_id": None, "status": "expected", "cause": "Dehydrering", "referrer": "Legevakten",
    "expected_at": LATER, "admitted_at": None, "discharge_ready_at": None, "planned_discharge_at": None, "discharged_at": None,
    "destination": "", "lock_version": 1,
}  # fmt: skip
NOTE_ANSWER = {
    "id": NOTE, **ENTRY, "stay_id": STAY, "document_type": "nurse_note", "category": 7, "title": "Kort sykepleienotat",
    "content": {"text": "Drikker godt."}, "state": "DRAFT", "mark": "S", "version": 0, "signed_by_id": None, "signed_at": None,
    "corrected_at": None, "needs_cosign": False, "cosigned_by_id": None, "cosigned_at": None, "withheld_at": None,
    "template_version": 1, "lock_version": 1,
}  # fmt: skip
OBSERVATION_ANSWER = {
    "id": VITALS, **ENTRY, "stay_id": STAY, "respiration": 18, "spo2": 96, "spo2_scale": 1, "on_oxygen": False, "oxygen_flow": None,
    "systolic": 128, "diastolic": 76, "pulse": 78, "consciousness": "A", "temperature": "37.2", "comment": "", "news2_total": 0,
    "news2_points": {"respiration": 0, "spo2": 0, "oxygen": 0, "systolic": 0, "pulse": 0, "consciousness": 0, "temperature": 0},
    "news2_level": "low", "rule_version": "NEWS2/1", "next_due_at": None, "struck_at": None, "struck_reason": "",
}  # fmt: skip
TASK_ANSWER = {
    "id": TASK, **ENTRY, "stay_id": STAY, "title": "Ring pårørende", "kind": "", "due_at": LATER, "for_unit_id": UNIT, "for_user_id": None,
    "done_at": None, "done_by_id": None, "outcome": "", "cancelled_at": None, "lock_version": 1,
}  # fmt: skip


def sent(value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample("Request", value=value, request_only=True)


def answered(value: dict[str, Any], status: int = 200) -> OpenApiExample:
    return OpenApiExample("Answer", value=value, response_only=True, status_codes=[str(status)])


SEARCH = [sent({"name": "sengem", "born": "1938-07-19"}), answered(PATIENT_ANSWER)]
PATIENT_READ = [answered(PATIENT_ANSWER)]
STAYS = [answered(STAY_ANSWER)]
STAY_EXPECT = [sent({"cause": "Dehydrering", "referrer": "Legevakten", "expected_at": LATER}), answered(STAY_ANSWER, 201)]
STAY_ADMIT = [
    sent({"bed_id": BED, "admitted_at": AT}),
    answered(STAY_ANSWER | {"status": "admitted", "bed_id": BED, "admitted_at": AT, "lock_version": 2}),
]
NOTES = [answered(NOTE_ANSWER)]
NOTE_DRAFT = [sent({"document_type": "nurse_note", "content": {"text": "Drikker godt."}, "event_at": AT}), answered(NOTE_ANSWER, 201)]
NOTE_REPLACE = [
    sent({"content": {"text": "Drikker godt, spiser lite."}, "event_at": AT}),
    answered(NOTE_ANSWER | {"content": {"text": "Drikker godt, spiser lite."}, "lock_version": 2}),
]
NOTE_SIGN = [
    answered(NOTE_ANSWER | {"state": "SIGNED", "version": 1, "signed_by_id": AUTHOR, "signed_at": AT, "lock_version": 2}),
]
OBSERVATIONS = [answered(OBSERVATION_ANSWER)]
OBSERVATION_RECORD = [
    sent({
        "taken_at": AT, "respiration": 18, "spo2": 96, "on_oxygen": False, "systolic": 128, "diastolic": 76, "pulse": 78, "consciousness": "A",
        "temperature": "37.2",
    }),
    answered(OBSERVATION_ANSWER, 201),
]  # fmt: skip
TASKS = [answered(TASK_ANSWER)]
TASK_CREATE = [sent({"title": "Ring pårørende", "due_at": LATER, "for_unit_id": UNIT}), answered(TASK_ANSWER, 201)]
TASK_DONE = [
    sent({"outcome": "Snakket med datteren."}),
    answered(TASK_ANSWER | {"done_at": AT, "done_by_id": AUTHOR, "outcome": "Snakket med datteren.", "lock_version": 2}),
]
