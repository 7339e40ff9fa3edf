-- Work lists of a unit: which patients stand on them, and whether anything has changed. Only ids and a fingerprint leave these
-- functions; the caller discloses the ids, and so logs them, before reading a name.

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
    gate.visit_patients(timestamptz, timestamptz, boolean), gate.task_patients(timestamptz, uuid),
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
