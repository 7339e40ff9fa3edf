"""No channel leaks what is blocked: not its words, not its number, not that something is missing.

Every way out of the product is listed by what it is a channel of; the list of ways comes from the code (routes and API, tasks, commands,
apps), and one that nobody has placed fails here. What is blocked carries a word found nowhere else. Two worlds are walked: one where the
blocked rows stand and one where they were never written; for those from whom they are blocked the answers are the same, letter for letter.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import get_commands
from django.db import transaction

from access.models import AccessBlock
from access.routes import all_routes
from journal.selectors.paper.documents import KINDS
from lms_epj.celery import app as celery
from tests import cast as casting
from tests.cast import ROWS, Cast, identify, marker_of
from tests.conftest import set_role
from tests.gate.test_routes import path_for
from tests.journal.on_paper import press, words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORD = "sperremerkeord"
HIDDEN = [model for model in ROWS if model not in ("draft", "criticalinfostatus")]
NURSE, DOCTOR, ADMIN = "lms.sykepleier", "lms.lege", "tilgang.admin"
OTHERS = (ADMIN, "logg.kontroll", "journalansvarlig")
# Their words stand on no page: a stay is drawn as the newest one, measurements as numbers, a version as what it changed.
NEVER_DRAWN = {"oxygenscale", "stay", "vitalset", "noteversion", "dosecontrol"}

# channel → the routes that are one; a route may be one of a single kind only.
ROUTES: dict[str, set[str]] = {
    "page of one patient": {
        "patient", "stay", "patient_tasks", "critical", "diagnoses", "next_of_kin", "services", "stay_expect", "stay_admit", "stay_transfer",
        "stay_assign", "stay_decide", "stay_cancel", "stay_ready", "stay_not_ready", "stay_discharge", "task_new", "service_new", "service_change",
        "assessment_close", "vitals_new", "vitals_strike", "oxygen_scale", "critical_add", "diagnosis_add", "next_of_kin_add", "note_new", "note_correct",
        "patient_video", "video_new", "video_session", "video_move", "video_cancel", "waiting_add", "waiting_end",
        "video_room", "video_outcome", "video_evaluate", "video_group", "video_withdraw",
        "observations_new", "observation_strike", "scores", "score_new", "claims", "claim", "claim_new", "claim_decide", "note_withhold", "summary", "problems", "isolation_new", "isolation_end", "patient_identity",
        "plan", "problem_new", "problem_change", "problem_evaluate", "problem_end", "problem_reopen", "action_new", "action_stop",
        "attachments", "attachment", "attachment_new", "attachment_strike", "wounds", "wound", "wound_new", "wound_assess", "wound_compare", "wound_heal",
        "wound_strike", "wound_assessment_strike", "wound_ask",
        "checklists", "checklist", "checklist_strike",
    },
    "list and count": {"board", "board_live", "beds", "receive", "daylist", "my_patients", "blocks_to_assess", "tasks", "notes", "note_work", "shift_report", "assessment_new",
                       "video", "waiting_list", "meeting", "equipment_item", "med_round"},
    "message": {
        "patient_messages", "patient_message", "patient_message_done", "patient_message_again", "patient_message_cancel", "patient_message_mend", "reception_accept", "reception_decline", "message_carry", "unit_messages", "message_tray",
        "message_tray_item", "message_watch", "message_alarm", "message_report", "message_addresses",
        "message_aside", "message_kinds", "message_compose", "exchange_refusal", "gap_ask",
    },
    "search and autocomplete": {"search", "arrival", "arrival_unknown", "participation", "finishing", "emergency"},
    "plot data": {"curve", "curve_grid", "curve_fluids", "lab_results"},
    "medication and what is derived from it": {"medications", "medication_add", "medication_change", "medication_stop", "medication_resume",
        "med_sheet", "med_history", "med_reconcile", "med_carry", "order_new", "order_change", "order_stop", "orders_sign", "dose_give", "dose_control",
        "dose_deviate", "dose_strike",
    },
    "the entry itself, by its address": {"note"},
    "file": {"attachment_image", "attachment_file"},
    "print": {"print", "print_job", "print_status", "summary_print"},
    "PDF": {"block_letter", "patient_block_letter", "claim_letter", "print_make", "print_file", "print_cancel", "print_again", "shift_report_print"},
    "API": {
        "api_search", "api_patient", "api_stays", "api_stay_admit", "api_notes", "api_note", "api_note_sign", "api_observations", "api_tasks",
        "api_task_done", "api_schema",
    },
    "export": {"log_review_export", "rights_export", "exports", "export", "export_receive", "export_refuse", "export_release"},
    "log": {"log_review", "work_list", "finding", "log_case", "log_cases", "log_rules"},
    "statistics": {"rollout", "rollout_gains", "gap_report", "log_case_figures", "case_figures"},
    "notification": {"case_queue", "case_page", "questions", "question", "notice_seen", "custodian_claims", "custodian_claim", "record_merges", "record_merge"},
    # By a secret link, to one who is shown entries one by one: see tests/telemed/test_sessions.py and test_questions.py for what takes them away.
    "guest": {"guest", "guest_material", "guest_image", "test_room", "feed", "specialist", "specialist_image"},
    "who may see": {"custodian_question", "register_question"},
    "blocks told of": {
        "blocks", "legal_grounds", "block_list", "block_new", "block_seen", "block_lift", "patient_block_list", "patient_block_new",
        "patient_block_seen", "patient_block_lift", "patient_block_assess", "blocked", "blocked_open", "blocked_close",
    },
    "act that answers with a page": {
        "checklist_begin", "checklist_save", "note_autosave", "note_sign", "note_confirm", "note_cosign", "note_sign_shown", "note_discard", "correction_autosave", "correction_sign", "critical_none",
        "critical_end", "critical_reopen", "diagnosis_close", "diagnosis_reopen", "next_of_kin_remove", "next_of_kin_restore", "task_done",
        "task_undo", "task_cancel", "wound_reopen", "wound_question_close", "video_check", "video_answer", "video_informed", "video_confirm",
        "video_open", "video_invite", "video_admit", "video_share", "video_unshare", "visit_start", "visit_finish", "visit_not_home", "visit_undo", "bed_ready", "emergency_end", "discharge_check",
    },
    "who is on call, and what does not work": {
        "duty", "duty_month", "duty_gaps", "duty_balance", "duty_mine", "duty_feed", "duty_swaps", "duty_who", "duty_plan", "duty_shift", "duty_rule", "duty_ics",
        "duty_year", "duty_setup", "duty_system_new", "duty_system", "duty_terms", "duty_party_new", "duty_party", "duty_roster", "duty_contact", "shift_plan", "event_source",
        "service_levels", "deviations", "deviation_new", "deviation",
        "incidents", "incident_new", "incident", "mailbox", "duty_page", "building_event",
    },
    "no patient at all": {
        "record_link",  # to a page of its own, or to nothing
        "home", "login", "logout", "lock", "locked", "locked_session", "extend", "draft_key", "second_factor", "choose_role", "pin", "no_lists", "account",
        "account_password", "account_factor", "account_sessions", "language", "account_language", "register_new", "register_licence_new", "register_licence", "register_password",
        "register_factor",
        "register", "register_back", "register_course", "register_courses", "register_demand", "register_demand_end", "register_end", "register_give",
        "register_holding", "register_import", "register_import_undo", "register_leave", "register_person", "register_reapproval_start",
        "register_reapprovals", "register_sessions", "register_strike", "unit_approve", "unit_course", "unit_leave", "unit_person", "unit_staff",
        "unit_withdraw", "unit_verdict_read", "rights", "rights_change", "rights_changes", "rights_history", "rights_role", "role_new", "category_new", "document_type",
        "document_type_new", "document_types", "document_template", "document_template_versions", "left_notes", "left_settle",
        "phrases", "phrase", "community", "community_cancel", "community_change", "agreement", "agreement_new", "exit_new",
        "host_new", "join_new", "merge_new", "action_levels", "meeting_new", "meeting_move", "meeting_cancel", "meeting_check", "meeting_answer", "meeting_open", "meeting_close",
        "meeting_present", "meeting_admit", "meeting_invite", "sound_test",
        "procedures", "procedure", "procedure_new", "procedure_change", "procedure_approve", "procedure_withdraw", "knowledge", "knowledge_new", "knowledge_end",
        "feed_mine", "rollout_stage", "resource_times", "equipment", "equipment_check", "equipment_fault",
        "equipment_repaired", "equipment_move", "equipment_replace", "plan_resources", "plan_resource_new", "rollout_start",
    },
}  # fmt: skip
# Work without a person: they have no grant, and without one the record has no rows (test_attacks).
TASKS = {
    "auditlog.tasks.keep_partitions": "makes tables of the log ahead",
    "access.tasks.keep_deadlines": "counts cases of the custodian's queue",
    "access.tasks.open_reapprovals": "asks leaders about roles",
    "access.tasks.review_log": "scores look-ups: the log's words, none of the record's",
    "journal.tasks.carry_out_exits": "ends what hangs on one who leaves",
    "journal.tasks.write_exports": "the copy for one who leaves; blocks against them are kept, see tests/leaving/test_export.py",
    "journal.tasks.make_prints": "sets what was read, sealed, in the request that asked for it: it opens no record, see tests/journal/test_print.py",
    "journal.tasks.sweep_prints": "removes prints that are a day old",
    "ops.tasks.send_pages": "tells whoever is on call what does not work: words of staff and of buildings, about no patient",
    "ops.tasks.check_health": "looks at the log-in page",
    "ops.tasks.extend_plans": "goes on with rosters by their own rules",
    "messaging.tasks.work_messages": "stores what came, files by functions that read no record, sends what a person queued, if no block has come since",
    "telemed.tasks.send_reminders": "tells that there is a time, never what for: see tests/telemed/test_feed.py",
    "messaging.tasks.follow_messages": "asks for states, finds missing receipts",
    "messaging.tasks.watch_messages": "tells of counts by partner and unit: no patient is in what it reads out",
    "messaging.tasks.write_reports": "counts by partner and unit",
}
COMMANDS = {
    "import_addresses", "import_export", "import_records", "import_staff_numbers", "inspect_message", "register_first", "register_message_service", "review_log", "apply_settings",
    "end_tokens", "issue_token", "partner_simulator", "seal_auditlog", "send_pages", "verify_auditlog", "watch_messages",
    "bench", "demo", "lint", "seed_demo", "test", "translations",
}  # fmt: skip
OWN_APPS = ("access", "auditlog", "journal", "messaging", "ops", "telemed", "lms_epj")


def names() -> set[str]:
    return {pattern.name for _, pattern in all_routes()}


def test_every_way_out_has_a_place():
    placed = [name for group in ROUTES.values() for name in group]
    assert len(placed) == len(set(placed))
    assert set(placed) == names(), "a route without a channel, or a channel without a route"
    celery.loader.import_default_modules()
    assert {name for name in celery.tasks if not name.startswith("celery.")} == set(TASKS)
    assert {name for name, app in get_commands().items() if str(app).split(".")[0] in OWN_APPS} == COMMANDS


# --- The two worlds ---


def write_rows(cast: Cast, now: datetime) -> None:
    """A row of every kind for Anna, newer than her own, charted at home; the ward would read each."""
    home = {"unit_id": cast.units["aas_home"], "legal_entity_id": cast.entities["aas"], "author_id": cast["aas.hjemmesykepleier"].id, "stay_id": None}
    for model in ("stay", *(one for one in HIDDEN if one != "stay")):
        make, category, document_type = ROWS[model]
        columns = casting._entry(cast, "anna", model, category, document_type, now) | dict(casting._columns(cast, "anna", model, now))
        columns |= home | {"id": hidden_id(model), "event_at": now - timedelta(hours=1), "recorded_at": now - timedelta(hours=1)}
        columns |= {
            "stay": {"status": "discharged", "bed_id": None, "discharged_at": now},
            "vitalset": {"respiration": 31, "news2_total": 11, "news2_level": "high", "next_due_at": now - timedelta(minutes=5)},
            "meddose": {"order_id": hidden_id("medorder"), "origin_id": hidden_id("medorder")},
            "dosecontrol": {"order_id": hidden_id("medorder"), "origin_id": hidden_id("medorder")},
            "recordclaim": {"about_id": hidden_id("note"), "origin_id": hidden_id("note")},
            "noteversion": {"note_id": hidden_id("note"), "origin_id": hidden_id("note")}, "task": {"for_unit_id": cast.units["ward"], "due_at": now - timedelta(hours=1)},
            "planaction": {"origin_id": hidden_id("planproblem")}, "planevaluation": {"origin_id": hidden_id("planproblem")},
            "woundassessment": {"origin_id": hidden_id("wound")}, "specialistquestion": {"origin_id": hidden_id("wound")},
            "bookingpatient": {"booking_id": identify("booking", "hidden")},
            "placement": {"stay_id": cast.anna.rows["stay"]}, "dischargecheck": {"stay_id": cast.anna.rows["stay"]},
            "diagnosis": {"main": True}, "visit": {"planned_at": now},  # in the part of the day that is shown, whatever the hour
        }.get(model, {})  # fmt: skip
        if model == "stay":
            del columns["stay_id"]
        make.objects.bulk_create([make(**{name: worded(value) for name, value in columns.items()})])


def worded(value: Any) -> Any:
    match value:
        case str():
            return value.replace(marker_of("anna"), WORD)
        case dict():
            return {key: worded(one) for key, one in value.items()}
        case list():
            return [worded(one) for one in value]
    return value


def hidden_id(model: str) -> Any:
    return identify("channel", model)


def block(cast: Cast, now: datetime, **what: Any) -> None:
    values = {"target": "unit", "target_id": cast.units["ward"], "wish_of": "Pasienten", "registered_at": now, "valid_from": now - timedelta(days=1)}
    AccessBlock.objects.create(patient_id=cast.anna.id, **values | what)


@contextmanager
def world(cast: Cast, *, written: bool, blocks: list[dict[str, Any]]) -> Iterator[None]:
    now = datetime.now(UTC)
    with transaction.atomic():
        if written:
            write_rows(cast, now)
        for what in blocks:
            block(cast, now, **what)
        yield
        transaction.set_rollback(True)


ENTRIES = [{"scope": "entry", "entry_id": hidden_id(model)} for model in HIDDEN]
# The board's tag is a fingerprint of all that could change on it, and the use of beds counts everyone in them: see the limits in docs/security.md.
VARIABLE = re.compile(
    r'<style nonce="[^"]*"|csrf-token" content="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|name="number" value="[^"]*"|name="key" value="[^"]*"|data-live-tag="[^"]*"|aria-labelledby="beds-use">[\s\S]*?</section>'
)


def walk(cast: Cast, client: Any, user: str) -> dict[str, str]:
    """{«method route target»: what it answered}, for Anna's own rows and for the blocked ones; nothing that was done is kept."""
    hidden = replace(cast.anna, rows={**cast.anna.rows, **{model: hidden_id(model) for model in HIDDEN}})
    answers = {}
    for route, pattern in sorted(all_routes(), key=lambda one: one[0]):
        for target, patient in (("own", cast.anna), ("hidden", hidden)):
            rows = patient_arguments(route)
            if target == "hidden" and rows == 0:
                continue
            for method in ("GET", "POST") if (target == "hidden") == bool(rows) else ("GET",):
                answers[f"{method} {pattern.name} {target}"] = ask(client, method, path_for(route, patient), patient, cast[user].id)
                client.cookies["epj_session"] = cast[user].secret
    return answers


def patient_arguments(route: str) -> int:
    return len(re.findall(r"<uuid:(?!patient|record|registration|session)", route))


def ask(client: Any, method: str, path: str, patient: Any, actor: Any) -> str:
    with transaction.atomic():
        set_role("epj_app")
        if method == "GET":
            response = client.get(path)
        elif path.startswith("/api/"):
            response = client.post(path, {"name": WORD}, content_type="application/json")
        else:
            sent = {"patient": str(patient.id), "actor": str(actor), "reason": "Pasienten samtykker nå", "basis": "consent", "q": WORD, "lock_version": "1",
                    "scope": "record", "target": "everyone", "try": "1"}  # fmt: skip
            response = client.post(path, sent)
        transaction.set_rollback(True)
    text = VARIABLE.sub("", response.content.decode(errors="replace"))
    return f"{response.status_code} " + text.replace(f'value="{WORD}"', "")  # what one has typed oneself stands in the field again


def test_without_a_block_the_word_is_seen_in_every_kind_of_row(cast, client_for):
    with world(cast, written=True, blocks=[]):
        text = " ".join(answer for user in (NURSE, DOCTOR) for answer in walk(cast, client_for(user, takes_role=False), user).values())
    assert {model for model in HIDDEN if f"{WORD} {model}" in text} >= set(HIDDEN) - NEVER_DRAWN
    assert "<b>11</b>" in text, "NEWS2 of the measurements"


# They tell the one who acts what could be opened, once a basis is given, and how many; administrators see dates and units.
TOLD = {"POST blocked own", "GET blocked own"}
# A key for one-time codes, and addresses of calendars, made anew for each page; there is no patient on them.
MADE_ANEW = {"GET account_factor own", "POST account_factor own", "POST duty_feed own", "POST feed_mine own"}


@pytest.mark.parametrize("user", [NURSE, DOCTOR])
def test_what_is_blocked_is_as_if_it_had_never_been_written(cast, client_for, user):
    with world(cast, written=True, blocks=ENTRIES):
        blocked = walk(cast, client_for(user, takes_role=False), user)
    with world(cast, written=False, blocks=ENTRIES):
        absent = walk(cast, client_for(user, takes_role=False), user)
    different = [name for name in blocked if blocked[name] != absent[name] and name not in TOLD | MADE_ANEW]
    assert not different, "\n".join(f"{name}: {difference(blocked[name], absent[name])}" for name in different)
    assert not [name for name, text in blocked.items() if WORD in text]


def difference(one: str, other: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"…{one[max(0, at - 60) : at + 100]!r} – …{other[max(0, at - 60) : at + 100]!r}"


def on_sheets(cast: Cast, client_for: Any, user: str) -> dict[str, str]:
    """{kind of print: its words}, without the clock."""
    client, made = client_for(user), {}
    for what in set(KINDS) - {"note"}:
        made[what] = words(press(client, cast[user].id, cast.anna.id, what=what, hours="24"))
    made["ward"] = words(client.post("/rapport/utskrift/", {"actor": cast[user].id, "hours": "24"}))
    return {what: re.sub(r"\d\d:\d\d", "", text) for what, text in made.items()}


@pytest.mark.parametrize("user", [NURSE, DOCTOR])
def test_paper_says_the_same_of_what_is_blocked_and_of_what_was_never_written(cast, client_for, user):
    with world(cast, written=True, blocks=[]):
        assert all(WORD in text for what, text in on_sheets(cast, client_for, user).items())
    with world(cast, written=True, blocks=ENTRIES):
        blocked = on_sheets(cast, client_for, user)
    with world(cast, written=False, blocks=ENTRIES):
        assert blocked == on_sheets(cast, client_for, user)
    assert not [what for what, text in blocked.items() if WORD in text]


@pytest.mark.parametrize("user", OTHERS)
def test_those_who_run_access_read_no_word_of_it(cast, client_for, user):
    with world(cast, written=True, blocks=ENTRIES):
        client_for(NURSE).get(f"/pasient/{cast.anna.id}/")
        answers = walk(cast, client_for(user, takes_role=False), user)
    assert not [name for name, text in answers.items() if WORD in text]


def aims(cast: Cast) -> dict[str, dict[str, Any]]:
    return {
        "user": {"target": "user", "target_id": cast[NURSE].id}, "unit": {"target": "unit", "target_id": cast.units["ward"]},
        "legal_entity": {"target": "legal_entity", "target_id": cast.entities["lms"]}, "everyone": {"target": "everyone", "target_id": None},
    }  # fmt: skip


@pytest.mark.parametrize(("scope", "aim"), [
    ("record", "unit"), ("category", "unit"), ("document_type", "unit"), ("entry", "user"), ("entry", "legal_entity"), ("entry", "everyone"),
])  # fmt: skip
def test_no_kind_of_block_lets_a_word_through(cast, client_for, scope, aim):
    kinds = {
        "record": [{"scope": "record"}], "entry": ENTRIES, "category": [{"scope": "category", "category": code} for code in range(1, 15)],
        "document_type": [{"scope": "document_type", "document_type": "nurse_note"}],
    }[scope]  # fmt: skip
    with world(cast, written=True, blocks=[kind | aims(cast)[aim] for kind in kinds]):
        client, seen = client_for(NURSE, takes_role=False), ""
        looked = ROUTES["list and count"] | ROUTES["page of one patient"] | ROUTES["plot data"] | ROUTES["API"] | {"medications", "note"}
        for route, pattern in all_routes():
            if pattern.name in looked:
                seen += ask(client, "GET", path_for(route, cast.anna), cast.anna, cast[NURSE].id)
    left = {model for model in HIDDEN if f"{WORD} {model}" in seen}
    # The whole record does not take critical information with it; a document type takes its own only.
    assert left <= {"record": {"criticalinfo", "isolation"}, "document_type": set(HIDDEN) - {"note", "noteversion"}}.get(scope, set())
    assert scope != "record" or left == {"criticalinfo", "isolation"}
