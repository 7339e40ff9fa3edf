-- Work lists of a unit: which patients stand on them, and whether anything has changed. Only ids and a fingerprint leave these
-- functions; the caller discloses the ids, and so logs them, before reading a name.

-- The patients of a board and a fingerprint of all it shows, in one call: an unchanged board is answered without opening a record.
-- {patients: [uuid …], blocked: [uuid …], taken: [bed …], version: text}. A bed is taken also where the stay is blocked for the reader. Things fall due without being changed, so what is overdue counts too.
CREATE FUNCTION gate.board_state(template_codes text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    ids uuid[] := gate.unit_patients(template_codes);
    closed uuid[] := ARRAY(
        SELECT DISTINCT b.patient_id FROM gate.blocks_for(g.user_id, g.role_id, g.unit_id, g.entity_id, g.at, ids) b ORDER BY 1);
    version text;
BEGIN
    SELECT md5(concat_ws('|', g.user_id, g.role_id, g.unit_id, (SELECT string_agg(p::text, ',' ORDER BY p) FROM unnest(ids) p), closed::text,
        (SELECT string_agg(s.id::text || s.lock_version, ',' ORDER BY s.id) FROM public.journal_stay s
            WHERE s.patient_id = ANY (ids) AND s.status NOT IN ('discharged', 'cancelled')),
        (SELECT string_agg(b.id::text || b.status || coalesce(b.ready_at::text, ''), ',' ORDER BY b.id)
            FROM public.journal_bed b WHERE b.unit_id = g.unit_id),
        (SELECT string_agg(concat_ws(' ', n.patient_id, n.row_count, n.struck, n.latest, n.due < g.at), ',' ORDER BY n.patient_id) FROM (
            SELECT v.patient_id, count(*) AS row_count, count(v.struck_at) AS struck, max(v.recorded_at) AS latest,
                (array_agg(v.next_due_at ORDER BY v.event_at DESC) FILTER (WHERE v.struck_at IS NULL))[1] AS due
            FROM public.journal_vitalset v WHERE v.patient_id = ANY (ids) GROUP BY v.patient_id) n),
        (SELECT string_agg(concat_ws(' ', t.id, t.lock_version, t.due_at < g.at), ',' ORDER BY t.id) FROM public.journal_task t
            WHERE t.patient_id = ANY (ids) AND t.done_at IS NULL AND t.cancelled_at IS NULL),
        (SELECT string_agg(concat_ws(' ', c.id, c.lock_version), ',' ORDER BY c.id) FROM public.journal_criticalinfo c
            WHERE c.patient_id = ANY (ids)),
        (SELECT string_agg(concat_ws(' ', n.id, n.state), ',' ORDER BY n.id) FROM public.journal_note n
            WHERE n.patient_id = ANY (ids) AND n.author_id = g.user_id AND n.state IN ('DRAFT', 'CONFIRMED'))))
    INTO version;
    RETURN jsonb_build_object('patients', to_jsonb(ids), 'blocked', to_jsonb(closed), 'version', version, 'taken', to_jsonb(gate.taken_beds(g.unit_id)));
END $$;

-- Patients that the acting unit, or the acting person alone, shall visit in a span of time.
CREATE FUNCTION gate.visit_patients(p_from timestamptz, p_to timestamptz, p_mine boolean) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT v.patient_id FROM public.journal_visit v
        WHERE v.visiting_unit_id = g.unit_id AND v.planned_at >= p_from AND v.planned_at < p_to
            AND (NOT p_mine OR v.assigned_to_id = g.user_id));
END $$;

-- Patients with an open task for the acting unit or person, due before a time; and of one task the person has just closed.
CREATE FUNCTION gate.task_patients(p_before timestamptz, p_closed uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT t.patient_id FROM public.journal_task t
        WHERE (t.for_unit_id = g.unit_id OR t.for_user_id = g.user_id) AND t.done_at IS NULL AND t.cancelled_at IS NULL
                AND t.due_at < p_before
            OR t.id = p_closed AND t.done_by_id = g.user_id);
END $$;

-- People who may act in a unit now in one of these roles: whom responsibility or a task can be given to. Names no patient.
CREATE FUNCTION gate.unit_staff(p_unit uuid, role_codes text[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT a.user_id FROM public.access_accessauthorisation a
        JOIN public.access_roletemplate r ON r.id = a.role_id JOIN public.access_user u ON u.id = a.user_id
        WHERE a.unit_id = p_unit AND r.code = ANY (role_codes) AND u.is_active
            AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to));
END $$;

-- How the patient's home municipality takes part in the acting unit's record community: member, message_only or none (R30).
-- Decides which messages are owed when the patient leaves.
CREATE FUNCTION gate.municipality_mode(p_patient uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    mode text;
BEGIN
    SELECT CASE WHEN bool_or(theirs.mode = 'member') THEN 'member' ELSE 'message_only' END INTO mode
    FROM public.access_patient p
    JOIN public.access_legalentity e ON e.municipality_number = p.municipality_number AND e.kind = 'municipality'
    JOIN public.access_participation theirs ON theirs.legal_entity_id = gate.holder(e.id, g.at)
        AND theirs.valid_from <= g.at AND (theirs.valid_to IS NULL OR g.at < theirs.valid_to)
    JOIN public.access_participation ours ON ours.community_id = theirs.community_id AND ours.legal_entity_id = gate.holder(g.entity_id, g.at)
        AND ours.valid_from <= g.at AND (ours.valid_to IS NULL OR g.at < ours.valid_to)
    WHERE p.id = p_patient AND p_patient = ANY (g.subjects)
    HAVING count(*) > 0;
    RETURN coalesce(mode, 'none');
END $$;

-- Someone applies for a service: opens the case for the acting unit. The patient, or NULL when nobody has the number.
CREATE FUNCTION gate.open_assessment(p_number text, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    patient uuid;
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'an assessment needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    -- Before anything is registered: one who may not decide this learns nothing, and leaves nothing behind.
    IF NOT EXISTS (SELECT 1 FROM public.access_roletemplate r WHERE r.id = g.role_id AND 'SERVICE_CASEWORK' = ANY (r.decides)) THEN
        RAISE EXCEPTION 'role may not decide SERVICE_CASEWORK' USING ERRCODE = 'insufficient_privilege';
    END IF;
    patient := gate.patient_behind(p_number);
    IF patient IS NULL OR EXISTS (
        SELECT 1 FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        WHERE m.patient_id = patient AND m.unit_id = g.unit_id AND t.code = 'SERVICE_CASEWORK' AND (m.ends_at IS NULL OR m.ends_at > g.at)
    ) THEN
        RETURN patient;
    END IF;
    PERFORM gate.open_measure(g, 'SERVICE_CASEWORK', patient, g.unit_id, NULL, g.at, NULL, p_reason, '', 'assessment', NULL,
        NULL, NULL, NULL, NULL);
    RETURN patient;
END $$;

-- The case is settled: the unit's access ends with its tail. True if there was an open one.
CREATE FUNCTION gate.close_assessment(p_patient uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    UPDATE public.access_decidedmeasure m
    SET ends_at = greatest(g.at, m.starts_at), ended_by_id = g.user_id, end_reason = 'assessment_closed'
    FROM public.access_measuretemplate t, public.access_roletemplate r
    WHERE t.id = m.template_id AND t.code = 'SERVICE_CASEWORK' AND m.patient_id = p_patient AND p_patient = ANY (g.subjects)
        AND r.id = g.role_id AND t.code = ANY (r.decides)
        AND m.unit_id = g.unit_id AND (m.ends_at IS NULL OR m.ends_at > g.at);
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.board_state(text[]), gate.visit_patients(timestamptz, timestamptz, boolean), gate.task_patients(timestamptz, uuid),
    gate.unit_staff(uuid, text[]), gate.municipality_mode(uuid), gate.open_assessment(text, text), gate.close_assessment(uuid) TO epj_app;

-- Beds of a ward that somebody lies in. Whose they are is not said.
CREATE FUNCTION gate.taken_beds(p_unit uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT s.bed_id FROM public.journal_stay s JOIN public.journal_bed b ON b.id = s.bed_id
        WHERE b.unit_id = p_unit AND g.may_chart AND s.status IN ('admitted', 'discharge_ready'));
END $$;
GRANT EXECUTE ON FUNCTION gate.taken_beds(uuid) TO epj_app;
