"""axe finds nothing on any page of the site, by day and by night, on a PC and on a tablet.

The pages come from the resolver: a new route is looked at without anyone remembering it, or stands below with those that have no page.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from access import models as access
from access.routes import all_routes
from journal import models as journal
from tests.cast import build_cast, identify
from tests.stories.desk import DESKTOP, TABLET, Desk
from tests.stories.duty_stage import lay_deviation, lay_incident, lay_roster
from tests.stories.post import REPORTED, lay_messages
from tests.stories.stage import admitted_patient, emergency_case, expected_patient, unusual_look_up

# Nothing fetched anew, nothing told of what passed: half the time.
BRIEFLY = {"resultTypes": ["violations"], "preload": False, "iframes": False}
EVERYTHING = BRIEFLY | {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
# At night only colours differ: what is written and how it is built has been looked at by day.
COLOURS = BRIEFLY | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# On a tablet the colours are those of the wide page: they take most of the time.
BUT_COLOURS = EVERYTHING | {"rules": {"color-contrast": {"enabled": False}}}
# Only take a form or lead to another page; give a file; answer a script.
NO_PAGE = {
    "home", "account_sessions", "language", "account_language", "lock", "locked", "locked_session", "logout", "extend", "draft_key", "log_review_export", "board_live", "bed_ready", "emergency_end", "rights_export",
    "note_autosave", "note_sign", "note_confirm", "note_cosign", "note_discard", "correction_autosave", "correction_sign",
    "print_make", "print_file", "print_cancel", "print_again", "print_status", "shift_report_print",
    "note_sign_shown", "notice_seen", "left_settle", "claim_decide", "claim_letter",
    "community_cancel", "export_release", "export_refuse", "export_receive",
    "critical_end", "critical_none", "critical_reopen", "diagnosis_close", "diagnosis_reopen", "medication_resume", "medication_stop",
    "checklist_begin", "checklist_save", "procedure_approve", "knowledge_end", "orders_sign", "dose_give", "dose_control", "problem_reopen", "discharge_check",
    "block_letter", "patient_block_letter", "blocked_open", "blocked_close", "patient_message_done", "patient_message_again", "patient_message_cancel", "gap_ask", "message_alarm",
    "register_demand_end", "register_holding", "unit_approve", "unit_verdict_read",
    "duty_feed", "duty_ics", "duty_terms", "duty_contact", "event_source", "shift_plan", "record_link",
    "meeting_check", "meeting_answer", "meeting_open", "meeting_close", "meeting_present", "meeting_admit", "meeting_invite",
    "video_check", "video_answer", "video_informed", "video_confirm", "video_open", "video_invite", "video_admit", "video_share",
    "attachment_image", "attachment_file", "wound_reopen", "wound_question_close", "guest_image", "specialist", "specialist_image",
    "video_unshare", "equipment_check", "equipment_fault", "equipment_repaired", "equipment_move", "equipment_replace", "guest", "guest_material", "test_room", "feed",
    "next_of_kin_remove", "next_of_kin_restore", "task_done", "task_undo", "visit_start", "visit_finish", "visit_not_home", "visit_undo",
}  # fmt: skip
# Shown only on the way from another page; each has a test of its own below.
ON_THE_WAY = {
    "duty_shift", "duty_page", "arrival", "participation", "finishing", "emergency", "second_factor", "register_back", "register_strike", "register_import_undo", "unit_withdraw",
    "wound_compare",  # in tests/stories/test_wound_browser.py
    "video_room", "video_outcome", "video_evaluate",  # in tests/stories/test_video_browser.py
}  # fmt: skip
ICONS = (settings.BASE_DIR / "lms_epj/assets/icons.txt").read_text().split()
NURSE, DOCTOR, HOME_NURSE, OFFICER = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "aas.saksbehandler"
CUSTODIAN, REVIEWER = "journalansvarlig", "logg.kontroll"
RIGHTS = ("rights", "rights_role", "rights_history", "rights_changes", "rights_change", "role_new", "category_new", "document_types", "document_type",
          "document_type_new", "document_template", "document_template_versions")  # fmt: skip
# Who opens a page, where it is not the ward's nurse. «login» is for nobody.
OPENERS = {
    "login": "", "log_review": "logg.kontroll", "custodian_question": "journalansvarlig", "no_lists": "drift", "choose_role": "aas.to_roller",
    **dict.fromkeys(RIGHTS, "tilgang.admin"),
    "daylist": HOME_NURSE, "oxygen_scale": DOCTOR, "diagnosis_add": DOCTOR, "services": OFFICER, "service_new": OFFICER, "service_change": OFFICER,
    "assessment_new": OFFICER, "assessment_close": OFFICER, "case_queue": CUSTODIAN, "case_page": CUSTODIAN, "case_figures": CUSTODIAN,
    "work_list": REVIEWER, "finding": REVIEWER, "log_cases": REVIEWER, "log_case": REVIEWER, "log_case_figures": REVIEWER, "log_rules": REVIEWER,
    "questions": DOCTOR, "question": DOCTOR, "blocks_to_assess": DOCTOR,
    **dict.fromkeys(("message_watch", "message_aside", "message_addresses", "message_report"), "meldingsansvarlig"),
    **dict.fromkeys(("order_new", "order_change", "order_stop", "med_carry"), DOCTOR), "action_levels": "lms.leder",
    **dict.fromkeys(("procedure_new", "procedure_change", "procedure_withdraw", "knowledge_new"), "lms.leder"),
    "custodian_claims": CUSTODIAN, "custodian_claim": CUSTODIAN, "record_merges": CUSTODIAN, "record_merge": CUSTODIAN, "left_notes": "lms.leder", "exports": CUSTODIAN, "export": CUSTODIAN,
    **dict.fromkeys(("duty_plan", "duty_rule", "incident", "deviation", "service_levels"), "tilgang.admin"),
    **dict.fromkeys(("duty_setup", "duty_system_new", "duty_system", "duty_party_new", "duty_party", "duty_roster"), "tilgang.admin"),
    **dict.fromkeys(("community", "agreement", "community_change", "agreement_new", "host_new", "join_new", "merge_new", "exit_new"), "tilgang.admin"),
    **dict.fromkeys(("plan_resources", "plan_resource_new", "resource_times", "rollout_stage"), "lms.leder"), "rollout_start": "tilgang.admin",
    "blocks": "tilgang.admin", "legal_grounds": "tilgang.admin", "block_list": "tilgang.admin", "block_new": "tilgang.admin",
    "block_seen": "tilgang.admin", "block_lift": "tilgang.admin", "patient_block_assess": DOCTOR,
}  # fmt: skip
OPENERS |= {pattern.name: "tilgang.admin" for route, pattern in all_routes() if route.startswith("register/")}
OPENERS |= {pattern.name: "lms.leder" for route, pattern in all_routes() if route.startswith("enhet/")}
# What the row in an address is, by the beginning of the route's name.
ROWS = {"medication": "medication", "vitals": "vitalset"}


SWITCH = """async scheme => {
    document.body.dataset.colorScheme = scheme;
    const frame = () => new Promise(requestAnimationFrame);
    const moving = () => document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
    // One colour may wait for another that it inherits.
    do { await frame(); await frame(); await Promise.allSettled(moving().map((one) => one.finished)); } while (moving().length);
}"""


def pages() -> list[str]:
    """Names of all routes that give a page when asked for by address. The schema's own page is another's work."""
    names = {pattern.name for route, pattern in all_routes() if not route.startswith("api/")}
    return sorted(names - NO_PAGE - ON_THE_WAY)


@pytest.fixture(scope="session")
def expected(live_site: Any) -> UUID:
    with live_site.as_owner():
        return expected_patient("Ventende", "Forventlien")


@pytest.fixture(scope="session")
def controlled(live_site: Any) -> dict[str, UUID]:
    """Something to control: an emergency whose doctor has been asked, and a look-up of that doctor's that has become a case."""
    with live_site.as_owner():
        patient = admitted_patient("Kontroll", "Kontrollmyrlien")
        case, cast = emergency_case(DOCTOR, patient, "Bevisstløs i venterommet, måtte vite om insulin"), build_cast()
        number = access.PatientIdentity.objects.get(patient_id=patient).value
        found = unusual_look_up(DOCTOR, patient, number)
        log_case = access.ReviewCase.objects.create(
            kind="log", source_id=found, patient_id=patient, user_id=cast[DOCTOR].id, unit_id=cast.units["ward"], happened_at=datetime.now(UTC),
            basis="960", opened_at=datetime.now(UTC), due_at=datetime.now(UTC),
        ).pk  # fmt: skip
        access.ReviewMessage.objects.create(case_id=case, kind="question", author_id=cast[CUSTODIAN].id, text="Hvem ba om det?", at=datetime.now(UTC))
        access.ReviewCase.objects.filter(pk=case).update(state="asked", answer_due=datetime.now(UTC) + timedelta(days=1))
    return {"finding": found, "case": case, "log_case": log_case}


@pytest.fixture(scope="session")
def asked(live_site: Any) -> dict[str, UUID]:
    """A demand to delete that waits for the custodian, and a phrase of the nurse's."""
    with live_site.as_owner():
        cast, note = build_cast(), journal.Note.objects.get(pk=build_cast().anna.rows["note"])
        claim = journal.RecordClaim.objects.create(
            patient_id=note.patient_id, category_id=note.category_id, document_type_id=note.document_type_id, stay_id=note.stay_id, unit_id=note.unit_id,
            legal_entity_id=note.legal_entity_id, author_id=cast[NURSE].id, origin_id=note.pk, about_id=note.pk, event_at=note.event_at,
            recorded_at=datetime.now(UTC), responsible_unit_id=note.unit_id, kind="deletion", wish_of="patient", text="Stemmer ikke",
        )  # fmt: skip
        phrase = journal.Phrase.objects.create(
            author_id=cast[NURSE].id, unit_id=cast.units["ward"], name="Uendret", text="Ingen endring.", shared=True
        )
        now = datetime.now(UTC)
        job = journal.PrintJob.objects.create(
            patient_id=note.patient_id, user_id=cast[NURSE].id, authorisation_id=cast[NURSE].authorisation_id, title="Journalutskrift", about="Pasienten. Innsyn i egen journal",
            entries=900, state="done", asked_at=now, expires_at=now + timedelta(hours=24),
        )  # fmt: skip
        journal.PrintSheaf.objects.bulk_create(journal.PrintSheaf(job=job, number=number, entries=450, file=b"") for number in (1, 2))
        merge = access.RecordMerge.objects.create(
            survivor_id=cast.anna.id, gone_id=cast.foreign.id, state="proposed", unit_id=cast.units["ward"], proposed_by_id=cast[NURSE].id,
            proposed_at=datetime.now(UTC), proposal="Samme person etter legitimasjon",
        )  # fmt: skip
        common = {
            "community_id": cast.community,
            "written_by_id": cast["lms.sykepleier"].id,
            "written_at": datetime.now(UTC),
            "review_on": date(2031, 1, 1),
        }
        procedure = journal.Procedure.objects.create(
            series=identify("procedure"), number=1, title="Fall på posten", text="Se til pasienten først.", changed="Ny", codes=["icpc2:R81"],
            steps=[{"text": "Vitale mål", "required": True}], approved_by_id=cast["lms.lege"].id, approved_at=datetime.now(UTC), **common,
        )  # fmt: skip
        journal.Procedure.objects.create(series=identify("proposal"), number=1, title="Væske", text="Tilby drikke.", changed="Ny", **common)
        journal.KnowledgeLink.objects.create(
            community_id=cast.community, system="icpc2", title="Oppslagsverk", address="https://example.org/{code}", added_by_id=cast["lms.lege"].id,
            added_at=datetime.now(UTC),
        )  # fmt: skip
    return {"asked": claim.pk, "phrase": phrase.pk, "procedure": procedure.pk, "series": procedure.series, "job": job.pk, "merge": merge.pk}


@pytest.fixture(scope="session")
def looker(browser: Any, live_site: Any) -> Iterator[Callable[[str], Desk]]:
    """`looker("lms.lege")`: that person's browser, the same for all pages."""
    desks: dict[str, Desk] = {}

    def get(username: str) -> Desk:
        live_site.wake_sessions()
        if username not in desks:
            context = browser.new_context(base_url=live_site.address, reduced_motion="reduce", locale="nb-NO")
            desks[username] = Desk(context)
            if username:
                desks[username].sit_in(build_cast()[username].secret, live_site.address)
        return desks[username]

    yield get
    for desk in desks.values():
        desk.context.close()


@pytest.fixture(scope="session")
def matrix(live_site: Any) -> dict[str, Any]:
    """A role whose rights are looked at, a change of them that waits, and a document type."""
    ((role, change),) = live_site.query(
        "INSERT INTO access_rightschange (id, proposed_by_id, proposed_at, reason, content, widens, state, decision_reason)"
        " SELECT gen_random_uuid(), %s, now(), 'Prøve', jsonb_build_array(jsonb_build_object("
        "'role', r.id, 'template', t.id, 'category', 10, 'before', 0, 'after', 3)), true, 'proposed', ''"
        " FROM access_roletemplate r, access_measuretemplate t WHERE r.code = 'psychologist' AND t.code = 'ADMITTED'"
        " RETURNING (content -> 0 ->> 'role')::uuid, id",
        build_cast()["tilgang.admin2"].id,
    )
    return {"role": role, "change": change, "document_type": "nurse_isbar"}


@pytest.fixture(scope="session")
def duty(live_site: Any) -> dict[str, Any]:
    """A roster that is planned with gaps, and an incident that somebody was told of."""
    with live_site.as_owner():
        stage = lay_roster("axe", "Personalsystemer", planned=True)
        incident, woken = lay_incident(stage)
        deviation = lay_deviation(incident)
    return {
        "roster": stage.roster.id, "incident": incident.id, "woken": woken, "system": stage.roster.system_id, "party": next(iter(stage.parties.values())).id, "deviation": deviation,
    }  # fmt: skip


@pytest.fixture(scope="session")
def letters(live_site: Any) -> dict[str, UUID]:
    with live_site.as_owner():
        return lay_messages()


def address(
    name: str,
    expected: UUID,
    controlled: dict[str, UUID],
    matrix: dict[str, Any],
    letters: dict[str, UUID],
    duty: dict[str, Any],
    asked: dict[str, UUID],
) -> str:
    """An address of the route: about a patient whom the opener may read."""
    cast = build_cast()
    patient = cast.anna if OPENERS.get(name, NURSE) in (NURSE, DOCTOR) else cast.kari
    kind = next((row for start, row in ROWS.items() if name.startswith(start)), "note")
    known = {
        "patient": expected if name in ("stay_admit", "stay_cancel") else patient.id, "note": patient.rows["note"], "row": patient.rows[kind],
        "order": patient.rows["medorder"], "dose": patient.rows["meddose"], "observation": patient.rows["observation"],
        "attachment": patient.rows["attachment"], "wound": patient.rows["wound"], "assessment": patient.rows["woundassessment"],
        "problem": patient.rows["planproblem"], "action": patient.rows["planaction"], "isolated": patient.rows["isolation"],
        "task": patient.rows["task"], "run": patient.rows["checklistrun"], "decision": patient.rows["servicedecision"], "finding": controlled["finding"],
        "case": controlled["log_case" if name == "log_case" else "case"],
        "community": cast.community, "version": identify("agreement"), "export": identify("export"),
        "record": cast.anna.id, "registration": identify("block", "anna"),
        "person": cast["lms.sykepleier"].id, "authorisation": cast["lms.sykepleier"].authorisation_id, "unit": cast.units["ward"],
        "licence": identify("licence", "lms.sykepleier"),
        "claim": patient.rows["recordclaim"],
    } | matrix | duty | asked  # fmt: skip
    known |= {"video": patient.rows["bookingpatient"], "waiting": patient.rows["waitingentry"], "booking": identify("booking", "meeting"),
              "resource": identify("cart"), "plan": identify("plan", "lms"), "day": REPORTED}  # fmt: skip
    known |= {"message": letters.get(name), "kind": "dialog", "score": "braden"}
    if name.startswith("community"):
        known["change"] = identify("change")
    pattern = next(pattern for _, pattern in all_routes() if pattern.name == name)
    return reverse(name, kwargs={argument: known[argument] for argument in pattern.pattern.converters})


def faults(page: Any) -> list[str]:
    """What axe finds on the page that is shown, in both widths and both schemes: «width scheme rule: element». Colours do not change by width.

    And icons that are drawn and do not exist: the browser says nothing of them.
    """
    page.evaluate(Axe().axe_script)
    drawn = page.eval_on_selector_all("svg use", "uses => uses.map(use => use.getAttribute('href').split('#')[1])")
    found = [f"no icon {name} in lms_epj/assets/icons.txt" for name in sorted(set(drawn) - set(ICONS))]
    for width, scheme, rules in ((DESKTOP, "dark", COLOURS), (DESKTOP, "light", EVERYTHING), (TABLET, "light", BUT_COLOURS)):
        page.set_viewport_size(width)
        page.evaluate(SWITCH, scheme)
        answer = page.evaluate("rules => axe.run(document, rules)", rules)
        found += [f"{width['width']} {scheme} {one['id']}: {node['html'][:160]}" for one in answer["violations"] for node in one["nodes"]]
    page.set_viewport_size(DESKTOP)
    return found


@pytest.mark.parametrize("name", pages())
def test_axe_finds_nothing_on_the_page_of(name, looker, expected, controlled, matrix, letters, duty, asked):
    desk = looker(OPENERS.get(name, NURSE))
    answer = desk.page.goto(address(name, expected, controlled, matrix, letters, duty, asked))
    assert answer.status == 200
    assert answer.request.redirected_from is None
    found = faults(desk.page)
    desk.page.goto("about:blank")  # left alone it would lock the session of those who come after
    assert found == []


def test_axe_finds_nothing_on_a_shift_a_preview_and_the_page_of_one_who_is_woken(looker, duty):
    desk = looker("tilgang.admin")
    desk.page.goto(reverse("duty"))
    desk.page.locator(".epj-bar:not(.epj-bar--gap)").last.click()
    assert faults(desk.page) == []
    desk.page.goto(reverse("duty_rule", args=[duty["roster"]]) + "?regel=0")
    desk.press("Se hva det fører til")
    assert faults(desk.page) == []
    desk.page.goto(duty["woken"])
    desk.page.set_viewport_size({"width": 390, "height": 844})
    assert faults(desk.page) == []
    desk.page.goto("about:blank")


def test_axe_finds_nothing_on_the_ways_into_a_record(new_desk, live_site):
    live_site.wake_sessions()
    cast, desk = build_cast(), new_desk()
    desk.sit_in(cast[NURSE].secret, live_site.address)
    desk.page.goto(reverse("search"))
    for button, again in (("Registrer ankomst", "Registrer ankomst"), ("Skriv begrunnelse", "Åpne journalen"), ("Gjør ferdig", "Åpne journalen")):
        desk.search(cast.foreign.number)
        assert faults(desk.page) == []
        desk.press(button)
        desk.page.evaluate("document.querySelector('main form').noValidate = true")
        desk.press(again)
        assert desk.page.locator(".epj-errors").is_visible()
        assert faults(desk.page) == []
    desk.search(cast.foreign.number)
    desk.page.evaluate("document.querySelector('.epj-breaking form').noValidate = true")
    desk.press("Åpne journalen i 60 minutter")
    assert desk.page.locator(".epj-errors").is_visible()
    assert faults(desk.page) == []


def test_axe_finds_nothing_under_emergency_access_nor_where_the_record_is_closed(new_desk, live_site):
    live_site.wake_sessions()
    cast, desk = build_cast(), new_desk()
    desk.sit_in(cast[DOCTOR].secret, live_site.address)
    desk.page.goto(reverse("search"))
    desk.search(cast.foreign.number)
    desk.page.locator('[name="reason_code"]').first.check()
    desk.fill(reason="Bevisstløs, trenger medisinlisten nå")
    desk.page.locator('[name="confirmed"]').check()
    desk.press("Åpne journalen i 60 minutter")
    assert desk.page.get_by_role("button", name="Avslutt nå").is_visible()
    assert faults(desk.page) == []
    desk.press("Avslutt nå")
    assert desk.open(cast.foreign.id).status == 403
    assert faults(desk.page) == []


def test_axe_finds_nothing_on_search_results_refusals_and_the_locked_screen(new_desk, live_site):
    live_site.wake_sessions()
    cast, desk = build_cast(), new_desk()
    desk.sit_in(cast["lms.helsefag"].secret, live_site.address)
    desk.page.goto(reverse("search"))
    for text in (cast.anna.family_name, "Finnesikkelien", "12"):
        desk.page.evaluate("document.querySelector('.epj-search').noValidate = true")
        desk.search(text)
        assert faults(desk.page) == []
    assert desk.open(cast.foreign.id).status == 404
    assert faults(desk.page) == []
    desk.lock()
    assert faults(desk.page) == []
    desk.page.goto(reverse("locked"))
    assert desk.page.get_by_label("PIN-kode").is_visible()
    assert faults(desk.page) == []
    desk.page.goto(reverse("login"))
    assert desk.page.get_by_text("Låste økter på denne PC-en").is_visible()
    assert faults(desk.page) == []


def test_axe_finds_nothing_where_a_code_is_asked_for(new_desk, live_site):
    desk = new_desk()
    live_site.query("UPDATE gate.setting SET value = 1 WHERE name = 'second_factor_required'")
    try:
        desk.fill_log_in("aas.fysioterapeut")
        desk.page.get_by_label("Engangskode").wait_for()
        assert faults(desk.page) == []
    finally:
        live_site.query("UPDATE gate.setting SET value = 0 WHERE name = 'second_factor_required'")


def test_axe_finds_nothing_in_the_dialogs_of_the_composer(desk_of, live_site):
    with live_site.as_owner():
        patient = admitted_patient("Oline", "Dialoglien")
    desk = desk_of(NURSE)
    other = Desk(desk.context)
    for one in (desk, other):
        one.page.goto(f"/pasient/{patient}/?template=nurse_note")
    other.write(text="Fra det andre vinduet")
    other.wait_until_saved()
    desk.page.bring_to_front()
    desk.write(text="Fra det første vinduet")
    desk.page.locator("#epj-conflict").wait_for()
    assert faults(desk.page) == []
    desk.page.reload()
    desk.page.get_by_role("button", name="Forkast").click()
    desk.page.get_by_role("dialog", name="Forkaste kladden?").wait_for()
    assert faults(desk.page) == []
    desk.page.keyboard.press("Escape")
    desk.page.get_by_role("main").focus()
    desk.page.keyboard.press("?")
    desk.page.get_by_role("dialog").wait_for()
    assert faults(desk.page) == []
