-- Cases of control after the event (3.4, 3.5). They come by themselves: whatever opens emergency access or a blocked entry leaves a case behind,
-- and so does an arrival registered by hand that no admission followed.

-- Owner's functions only. One case per source, however often it is asked for.
CREATE FUNCTION gate.case_open(
    p_kind text, p_source uuid, p_patient uuid, p_user uuid, p_unit uuid, p_happened_at timestamptz, p_basis text, p_reason text,
    p_due timestamptz) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    opened uuid;
BEGIN
    INSERT INTO public.access_reviewcase (
        id, kind, source_id, patient_id, user_id, unit_id, happened_at, basis, reason, opened_at, due_at, state, verdict)
    VALUES (gen_random_uuid(), p_kind, p_source, p_patient, p_user, p_unit, p_happened_at, p_basis, p_reason, gate.clock(), p_due, 'open', '')
    ON CONFLICT (kind, source_id) DO NOTHING RETURNING id INTO opened;
    RETURN opened;
END $$;

CREATE FUNCTION gate.review_hours() RETURNS interval
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT make_interval(hours => gate.setting('review_hours')) $$;

-- The unit a person worked in: as the request says, else by the register.
CREATE FUNCTION gate.unit_of(p_user uuid, p_at timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    IF g.user_id = p_user THEN
        RETURN g.unit_id;
    END IF;
    RETURN (
    SELECT a.unit_id FROM public.access_accessauthorisation a
    WHERE a.user_id = p_user AND a.valid_from <= p_at AND (a.valid_to IS NULL OR p_at < a.valid_to)
    ORDER BY a.valid_from DESC LIMIT 1);
END $$;

CREATE FUNCTION gate.emergency_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.case_open('emergency', NEW.id, NEW.patient_id, NEW.user_id, NEW.unit_id, NEW.opened_at, NEW.reason_code, NEW.reason, NEW.review_due);
    RETURN NULL;
END $$;
CREATE TRIGGER emergency_case AFTER INSERT ON access_emergencycase FOR EACH ROW EXECUTE FUNCTION gate.emergency_case();

CREATE FUNCTION gate.opening_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.case_open('opening', NEW.id, NEW.patient_id, NEW.user_id, gate.unit_of(NEW.user_id, NEW.opened_at), NEW.opened_at, NEW.basis,
        NEW.reason, NEW.opened_at + gate.review_hours());
    RETURN NULL;
END $$;
CREATE TRIGGER opening_case AFTER INSERT ON access_blockopening FOR EACH ROW EXECUTE FUNCTION gate.opening_case();

-- The thread is the case's history: rows are added, never changed.
CREATE FUNCTION gate.message_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said in a case stays' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER message_kept BEFORE UPDATE OR DELETE ON access_reviewmessage FOR EACH ROW EXECUTE FUNCTION gate.message_kept();

-- A log row about a case, on behalf of whoever acts; without a grant it is the system's own, under its purpose.
CREATE FUNCTION gate.case_log(g gate.grant_t, p_action text, p_case public.access_reviewcase, p_route text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', p_action, 'route', p_route, 'purpose', g.purpose));
BEGIN
    IF g.user_id IS NULL THEN
        entry.user_name := 'Kontroll etter fristen';
    END IF;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name
    FROM public.access_patient p WHERE p.id = p_case.patient_id;
    entry.objects_shown := jsonb_build_object('case', p_case.id);
    PERFORM auditlog.write(entry);
END $$;

-- Arrivals registered by hand whose time ran out without an admission to that unit.
CREATE FUNCTION gate.arrivals_in_vain(p_since timestamptz, p_now timestamptz) RETURNS SETOF public.access_decidedmeasure
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.* FROM public.access_decidedmeasure m
    WHERE m.source_kind = 'arrival' AND m.caller <> '' AND m.ends_at > p_since AND m.ends_at <= p_now AND NOT EXISTS (
        SELECT 1 FROM public.access_decidedmeasure s JOIN public.access_measuretemplate t ON t.id = s.template_id
        WHERE s.patient_id = m.patient_id AND s.unit_id = m.unit_id AND t.code = 'ADMITTED'
            AND s.starts_at >= m.starts_at - interval '1 day' AND s.starts_at <= m.ends_at + interval '1 hour')
$$;

-- What time alone brings: arrivals in vain become cases, and cases past their deadline are lifted to all custodians. Changes nothing twice,
-- shows nothing and takes no wish from the caller, so the worker calls it without a session. Returns {"arrivals": int, "escalated": int}.
CREATE FUNCTION gate.cases_sweep() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t;
    one public.access_reviewcase;
    m public.access_decidedmeasure;
    arrivals int := 0;
    escalated int := 0;
BEGIN
    g.purpose := 'case_deadlines';
    FOR m IN SELECT * FROM gate.arrivals_in_vain(gate.clock() - interval '30 days', gate.clock() - interval '1 hour') LOOP
        IF m.decided_by_id IS NOT NULL AND gate.case_open('arrival', m.id, m.patient_id, m.decided_by_id, m.unit_id, m.starts_at, m.caller, m.reason,
                gate.clock() + gate.review_hours()) IS NOT NULL THEN
            arrivals := arrivals + 1;
        END IF;
    END LOOP;
    FOR one IN
        UPDATE public.access_reviewcase SET escalated_at = gate.clock()
        WHERE state <> 'closed' AND escalated_at IS NULL AND due_at < gate.clock() RETURNING *
    LOOP
        PERFORM gate.case_log(g, 'case_escalate', one, 'cases_sweep');
        escalated := escalated + 1;
    END LOOP;
    RETURN jsonb_build_object('arrivals', arrivals, 'escalated', escalated);
END $$;

GRANT EXECUTE ON FUNCTION gate.cases_sweep() TO epj_app;
