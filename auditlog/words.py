"""What the codes in the log mean, in plain words. The log's own text: it must read the same when the code that wrote it is gone."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

ACTIONS = {
    "search": gettext_noop("Så i liste eller søk"),
    "read": gettext_noop("Leste"),
    "write": gettext_noop("Skrev"),
    "sign": gettext_noop("Signerte"),
    "print": gettext_noop("Skrev ut"),
    "send": gettext_noop("Sendte"),
    "export": gettext_noop("Hentet ut"),
    "open_measure": gettext_noop("Åpnet tilgang"),
    "open_blocked": gettext_noop("Åpnet sperret opplysning"),
    "blocked_list": gettext_noop("Så hvor noe er sperret"),
    "close_opening": gettext_noop("Lukket åpnet opplysning"),
    "block_find": gettext_noop("Søkte opp for sperring"),
    "block_view": gettext_noop("Så sperringer"),
    "block_set": gettext_noop("Registrerte sperring"),
    "block_lift": gettext_noop("Opphevet sperring"),
    "block_letter": gettext_noop("Laget brev om sperring"),
    "block_preview": gettext_noop("Så journalen slik en annen ser den, uten innhold"),
    "block_assess": gettext_noop("Vurderte følgene av sperring"),
    "legal_ground": gettext_noop("Endret hjemmel"),
    "log_review": gettext_noop("Leste loggen"),
    "rights_narrow": gettext_noop("Tok bort rettigheter"),
    "rights_propose": gettext_noop("Foreslo rettigheter"),
    "rights_approve": gettext_noop("Godkjente rettigheter"),
    "rights_reject": gettext_noop("Avslo rettigheter"),
    "rights_withdraw": gettext_noop("Trakk forslag om rettigheter"),
    "role_new": gettext_noop("Laget rolle"),
    "category_new": gettext_noop("Laget informasjonskategori"),
    "document_type_save": gettext_noop("Laget eller endret journaltype"),
    "left_draft_settle": gettext_noop("Tok hånd om kladd etter en som har sluttet"),
    "record_claims": gettext_noop("Så krav om sletting"),
    "record_claim": gettext_noop("Leste krav om sletting med notatet"),
    "record_claim_decide": gettext_noop("Avgjorde krav om sletting"),
    "identify": gettext_noop("Registrerte hvem pasienten er"),
    "identity_withdraw": gettext_noop("Tok feil nummer av pasienten"),
    "merge_propose": gettext_noop("Foreslo å slå sammen to journaler"),
    "merge_find": gettext_noop("Søkte opp for å slå sammen journaler"),
    "merge_list": gettext_noop("Så forslag om å slå sammen journaler"),
    "merge_compare": gettext_noop("Sammenlignet to journaler"),
    "record_merge": gettext_noop("Slo sammen to journaler"),
    "merge_refuse": gettext_noop("Avslo å slå sammen to journaler"),
    "merge_undo": gettext_noop("Opphevet sammenslåing av journaler"),
    "record_import": gettext_noop("Hentet inn journal fra et annet system"),
    "log_rule": gettext_noop("Endret regel for loggkontroll"),
    "log_score": gettext_noop("Gikk gjennom loggen statistisk"),
    "case_review": gettext_noop("Så på sak om innsyn"),
    "case_asked": gettext_noop("Leste spørsmål om eget innsyn"),
    "case_question": gettext_noop("Spurte om innsyn"),
    "case_answer": gettext_noop("Svarte om eget innsyn"),
    "case_verdict": gettext_noop("Avgjorde sak om innsyn"),
    "case_reopened": gettext_noop("Gjenåpnet sak om innsyn"),
    "case_escalate": gettext_noop("Fristen for sak om innsyn gikk ut"),
    "login": gettext_noop("Logget inn"),
    "unlock": gettext_noop("Låste opp"),
    "second_factor": gettext_noop("Bekreftet med engangskode"),
    "logout": gettext_noop("Logget ut"),
    "password_check": gettext_noop("Skrev passordet på nytt"),
    "password_change": gettext_noop("Byttet passord"),
    "second_factor_change": gettext_noop("Byttet kodeapp"),
    "pin_set": gettext_noop("Laget PIN-kode"),
    "own_session_end": gettext_noop("Avsluttet egne økter"),
    "choose_role": gettext_noop("Valgte rolle"),
    "user_create": gettext_noop("La inn en ny ansatt"),
    "start_password": gettext_noop("Ga nytt startpassord"),
    "second_factor_remove": gettext_noop("Tok bort kodeappen for en ansatt"),
    "licence_add": gettext_noop("La inn godkjenning som helsepersonell"),
    "licence_change": gettext_noop("Endret perioden for en godkjenning"),
    "authorisation_give": gettext_noop("Ga rolle"),
    "authorisation_end": gettext_noop("Avsluttet rolle"),
    "authorisations_import": gettext_noop("Importerte roller"),
    "import_undo": gettext_noop("Angret import av roller"),
    "person_card": gettext_noop("Så en ansatt i registeret"),
    "holding_give": gettext_noop("Lot en administrator forvalte en enhet"),
    "holding_take": gettext_noop("Tok en enhet fra en administrator"),
    "sessions_end": gettext_noop("Logget ut en ansatt overalt"),
    "verdict_read": gettext_noop("Leste avgjørelse om innsyn"),
    "reapproval_start": gettext_noop("Startet gjennomgang av roller"),
    "reapproval_approve": gettext_noop("Godkjente roller"),
    "reapproval_end": gettext_noop("Avsluttet roller i gjennomgang"),
    "leaving_close": gettext_noop("Avsluttet alt for en som slutter"),
    "leaving_undo": gettext_noop("Tok inn igjen en ansatt"),
    "course_make": gettext_noop("La inn kurs"),
    "course_demand": gettext_noop("Krevde kurs for en rolle"),
    "course_demand_proposed": gettext_noop("Foreslo å ta bort krav om kurs"),
    "course_demand_ended": gettext_noop("Tok bort krav om kurs"),
    "course_demand_keep": gettext_noop("Beholdt krav om kurs"),
    "course_completed": gettext_noop("Registrerte kurs"),
    "course_strike": gettext_noop("Strøk kurs"),
    "access_question": gettext_noop("Spurte hvem som kan se"),
    "register_first": gettext_noop("Første installasjon"),
    "duty_plan": gettext_noop("Endret vaktplan"),
    "duty_override": gettext_noop("Satte inn en annen på vakt"),
    "duty_take": gettext_noop("Tok en vakt"),
    "duty_cover": gettext_noop("Dekket en udekket vakt"),
    "duty_swap": gettext_noop("Byttet vakt"),
    "duty_handover": gettext_noop("Skrev til neste vakt"),
    "duty_handover_read": gettext_noop("Leste beskjed til neste vakt"),
    "duty_system": gettext_noop("Satte opp system for vakt"),
    "duty_terms": gettext_noop("La inn vilkår for drift"),
    "duty_party": gettext_noop("Satte opp part for vakt"),
    "duty_contact": gettext_noop("Endret hvor hun eller han varsles"),
    "duty_roster": gettext_noop("Satte opp vaktordning"),
    "event_source": gettext_noop("La inn kilde for hendelser fra bygg"),
    "event_source_end": gettext_noop("Avsluttet kilde for hendelser fra bygg"),
    "deviation_report": gettext_noop("Meldte avvik"),
    "deviation_take": gettext_noop("Tok avvik til behandling"),
    "deviation_note": gettext_noop("Skrev i avvik"),
    "deviation_plan": gettext_noop("Skrev tiltak for avvik"),
    "deviation_close": gettext_noop("Lukket avvik"),
    "deviation_reopen": gettext_noop("Åpnet avvik igjen"),
    "swap_ask": gettext_noop("Spurte om bytte av vakt"),
    "swap_decline": gettext_noop("Sa nei til bytte av vakt"),
    "swap_withdraw": gettext_noop("Trakk spørsmål om bytte av vakt"),
    "feed_make": gettext_noop("Laget kalenderadresse"),
    "feed_revoke": gettext_noop("Avsluttet kalenderadresse"),
    "incident_report": gettext_noop("Meldte feil"),
    "incident_acknowledge": gettext_noop("Kvitterte for hendelse"),
    "incident_note": gettext_noop("Skrev i hendelse"),
    "incident_close": gettext_noop("Lukket hendelse"),
    "incident_review": gettext_noop("Gjennomgikk hendelse"),
    "telemed_holder_give": gettext_noop("Ga noen utstyr eller utrulling å forvalte"),
    "telemed_holder_take": gettext_noop("Tok tilbake utstyr eller utrulling"),
    "plan_start": gettext_noop("Laget plan for utrulling"),
    "guest_invite": gettext_noop("Ga lenke til videotime"),
    "session_share": gettext_noop("Viste i videotime"),
    "guest_read": gettext_noop("Så det som ble vist i videotimen"),
    "specialist_ask": gettext_noop("Spurte spesialist"),
    "specialist_read": gettext_noop("Så det spesialisten ble spurt om"),
    "specialist_answer": gettext_noop("Svarte som spesialist"),
}
PROFESSIONS = {
    "nurse": gettext_noop("Sykepleier"),
    "doctor": gettext_noop("Lege"),
    "physiotherapist": gettext_noop("Fysioterapeut"),
    "occupational_therapist": gettext_noop("Ergoterapeut"),
    "psychologist": gettext_noop("Psykolog"),
    "health_worker": gettext_noop("Helsefagarbeider"),
}
OUTCOMES = {"allow": gettext_noop("Åpnet"), "deny": gettext_noop("Avvist"), "error": gettext_noop("Feilet")}
# What is written in `objects_shown`, by table.
TABLES = {
    "note": gettext_noop("Notater"),
    "noteversion": gettext_noop("Notatversjoner"),
    "recordclaim": gettext_noop("Krav om retting og sletting"),
    "vitalset": gettext_noop("Målinger"),
    "oxygenscale": gettext_noop("Oksygenskala"),
    "stay": gettext_noop("Opphold"),
    "visit": gettext_noop("Besøk"),
    "task": gettext_noop("Oppgaver"),
    "bookingpatient": gettext_noop("Videotimer"),
    "waitingentry": gettext_noop("Venteliste for video"),
    "shareditem": gettext_noop("Vist i videotime"),
    "resource": gettext_noop("Rom, utstyr og folk"),
    "rolloutplan": gettext_noop("Plan for utrulling"),
    "criticalinfo": gettext_noop("Kritisk informasjon"),
    "criticalinfostatus": gettext_noop("Status for kritisk informasjon"),
    "diagnosis": gettext_noop("Diagnoser"),
    "medication": gettext_noop("Legemidler"),
    "medorder": gettext_noop("Forordninger"),
    "meddose": gettext_noop("Legemiddeldoser"),
    "dosecontrol": gettext_noop("Kontroll av doser"),
    "medreconciliation": gettext_noop("Samstemming av legemidler"),
    "observation": gettext_noop("Andre målinger"),
    "attachment": gettext_noop("Vedlegg"),
    "wound": gettext_noop("Sår"),
    "woundassessment": gettext_noop("Sårvurderinger"),
    "specialistquestion": gettext_noop("Spørsmål til spesialist"),
    "nextofkin": gettext_noop("Pårørende"),
    "servicedecision": gettext_noop("Tjenester"),
    "authorisation": gettext_noop("Roller"),
    "user": gettext_noop("Ansatte"),
    "role": gettext_noop("Rollemaler"),
    "unit": gettext_noop("Enheter"),
    "course": gettext_noop("Kurs"),
    "course_demand": gettext_noop("Krav om kurs"),
    "reapproval": gettext_noop("Gjennomganger"),
    "roster": gettext_noop("Vaktordninger"),
    "party": gettext_noop("Hvem som svarer"),
    "swap": gettext_noop("Bytter"),
    "incident": gettext_noop("Hendelser"),
}
PURPOSES = {
    "register": gettext_noop("Forvaltning av tilganger"),
    "rights": gettext_noop("Forvaltning av roller og rettigheter"),
    "log_review": gettext_noop("Kontroll av logg"),
    "log_statistics": gettext_noop("Statistisk kontroll av logg"),
    "case_review": gettext_noop("Kontroll av innsyn"),
    "case_answer": gettext_noop("Svar om eget innsyn"),
    "duty": gettext_noop("Vakt"),
    "case_deadlines": gettext_noop("Frister for kontroll av innsyn"),
}
REFUSALS = {
    "user_inactive": gettext_noop("Brukeren er ikke aktiv"),
    "no_authorisation": gettext_noop("Ingen rolle i enheten"),
    "authorisation_not_started": gettext_noop("Rollen har ikke begynt"),
    "authorisation_ended": gettext_noop("Rollen er avsluttet"),
    "unit_closed": gettext_noop("Enheten er lagt ned"),
    "entity_closed": gettext_noop("Virksomheten er lagt ned"),
    "licence_missing": gettext_noop("Mangler autorisasjon"),
    "licence_ended": gettext_noop("Autorisasjonen er utløpt"),
    "course_missing": gettext_noop("Mangler kurs som rollen krever"),
    "course_lapsed": gettext_noop("Kurs som rollen krever, er utløpt"),
    "no_measure": gettext_noop("Ingen besluttet tiltak"),
    "measure_not_started": gettext_noop("Tiltaket har ikke begynt"),
    "measure_ended": gettext_noop("Tiltaket er avsluttet"),
    "category_not_granted": gettext_noop("Rollen gir ikke denne typen opplysninger"),
    "action_not_granted": gettext_noop("Rollen gir ikke denne handlingen"),
    "outside_scope": gettext_noop("Utenfor det tiltaket åpner"),
    "before_scope": gettext_noop("Fra før det tiltaket åpner"),
    "own_unit_only": gettext_noop("Tiltaket åpner bare egen enhets opplysninger"),
    "may_not_chart": gettext_noop("Rollen kan ikke føre journal"),
    "tail_other_unit": gettext_noop("Tiltaket er avsluttet, og opplysningen er en annen enhets"),
    "no_community": gettext_noop("Ingen avtale om felles journal"),
    "community_ended": gettext_noop("Avtalen om felles journal er avsluttet"),
    "participation_ended": gettext_noop("Virksomheten er ute av avtalen"),
    "message_only": gettext_noop("Virksomheten deltar bare med meldinger"),
    "service_not_covered": gettext_noop("Tjenesten er ikke med i avtalen"),
    "draft_of_other": gettext_noop("Kladden er en annens"),
    "blocked": gettext_noop("Sperret"),
    "not_found": gettext_noop("Fantes ikke, eller ikke tilgang"),
    "refused": gettext_noop("Ikke tillatt i rollen"),
    "role": gettext_noop("Ikke tillatt i rollen"),
    "number_without_access": gettext_noop("Søkte opp nummeret uten å ha tilgang"),
    "merged": gettext_noop("Journalen er slått sammen med en annen"),
    "wrong_password": gettext_noop("Feil passord"),
    "start_password_expired": gettext_noop("Startpassordet var utløpt"),
    "wrong_code": gettext_noop("Feil engangskode"),
    "too_fast": gettext_noop("For mange forespørsler på kort tid"),
    "other_form": gettext_noop("Skjemaet gjaldt en annen pasient eller person"),
}


def word(words: Mapping[str, str], code: str) -> str:
    """The word for a code, or the code itself: an unknown one is shown, never hidden."""
    return _(words[code]) if code in words else code


def action(code: str, purpose: str) -> str:
    """What was done. To look at a list for the purpose of reviewing the log is to open the log."""
    if code == "search" and purpose == "log_review":
        return _("Åpnet loggen")
    return word(ACTIONS, code)


def place(unit: str, legal_entity: str) -> str:
    """Unit and legal entity; once where the unit's name holds the other."""
    if legal_entity and legal_entity not in unit:
        return f"{unit}, {legal_entity}" if unit else legal_entity
    return unit


def basis(*, outcome: str, template_name: str, purpose: str, reason_code: str) -> str:
    """On which ground, or why not."""
    if outcome == "error":
        return _("Teknisk feil (%(code)s)") % {"code": reason_code}
    if outcome == "deny":
        return word(REFUSALS, reason_code)
    return template_name or word(PURPOSES, purpose)


def profession(code: str, role_name: str) -> str:
    """Profession and working role; said once where the role begins with the profession."""
    title = word(PROFESSIONS, code)
    if not title or role_name.startswith(title):
        return role_name
    return f"{title} · {role_name}" if role_name else title


def shown(objects: Mapping[str, Collection[str]], categories: Iterable[int], category_names: Mapping[int, str]) -> str:
    """«Målinger: 1, Notater: 2 (Sykepleie, Målinger og kurve)». ``category_names``: code → name."""
    rows = ", ".join(sorted(f"{word(TABLES, table)}: {len(ids)}" for table, ids in objects.items()))
    kinds = ", ".join(category_names.get(code, str(code)) for code in sorted(categories))
    return f"{rows} ({kinds})" if rows and kinds else rows or kinds
