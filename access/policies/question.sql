-- «Who may see this patient» and «what may this person see of the patient, and why», at any moment up to now: raw facts for decide(), with
-- `now` set to the moment asked about. Administrators are told of the units they hold, custodians of all. Each question is logged.

-- A role's rights at a moment.
CREATE FUNCTION gate.rights_at(p_role uuid, t timestamptz) RETURNS TABLE (
    template_id uuid, category smallint, actions smallint, valid_from timestamptz, valid_to timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT r.template_id, r.category_id, r.actions, r.valid_from, r.valid_to FROM public.access_roleright r
    WHERE r.role_id = p_role AND r.valid_from <= t AND (r.valid_to IS NULL OR t < r.valid_to);
END $$;

-- What is the same for everyone who is asked about: entities, agreements, and the patient's blocks.
CREATE FUNCTION gate.facts_of_patient(p_patient uuid, t timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_build_object(
        'now', t,
        'entities', (
            SELECT jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'valid_from', e.valid_from, 'valid_to', e.valid_to,
                'successor_id', e.successor_id)) FROM public.access_legalentity e),
        'communities', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'valid_from', c.valid_from, 'valid_to', c.valid_to)), '[]')
            FROM public.access_recordcommunity c),
        'participations', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('community_id', p.community_id, 'legal_entity_id', p.legal_entity_id,
                'service_code', p.service_code, 'mode', p.mode, 'valid_from', p.valid_from, 'valid_to', p.valid_to)), '[]')
            FROM public.access_participation p),
        'blocks', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'scope', b.scope, 'category', b.category,
                'document_type', b.document_type, 'stay_id', b.stay_id, 'entry_id', b.entry_id, 'entries_from', b.entries_from,
                'entries_to', b.entries_to, 'target', b.target, 'target_id', b.target_id, 'valid_from', b.valid_from,
                'valid_to', b.valid_to, 'exceptions', (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('user_id', x.user_id, 'unit_id', x.unit_id)), '[]')
                    FROM public.access_blockexception x WHERE x.block_id = b.id))), '[]')
            FROM public.access_accessblock b WHERE b.patient_id = p_patient));
END $$;

-- One person in one role, unfiltered: the rest of what decide() asks for. Whoever has left counts as inactive from then on.
CREATE FUNCTION gate.facts_at(p_user uuid, p_authorisation uuid, p_patient uuid, t timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    a public.access_accessauthorisation := (SELECT x FROM public.access_accessauthorisation x WHERE x.id = p_authorisation AND x.user_id = p_user);
BEGIN
    RETURN (SELECT jsonb_build_object(
        'user', jsonb_build_object('id', u.id, 'display', u.given_name || ' ' || u.family_name, 'family_name', u.family_name,
            'given_name', u.given_name, 'active', CASE
                WHEN EXISTS (SELECT 1 FROM public.access_departure d WHERE d.user_id = u.id) THEN NOT EXISTS (
                    SELECT 1 FROM public.access_departure d
                    WHERE d.user_id = u.id AND d.valid_from <= t AND (d.valid_to IS NULL OR t < d.valid_to))
                ELSE u.is_active END),
        'licences', coalesce((
            SELECT jsonb_agg(jsonb_build_object('profession', l.profession, 'valid_from', l.valid_from, 'valid_to', l.valid_to))
            FROM public.access_licence l WHERE l.user_id = u.id), '[]'),
        'courses', coalesce((
            SELECT jsonb_agg(jsonb_build_object('course_id', h.course_id, 'valid_from', h.valid_from, 'valid_to', h.valid_to))
            FROM public.access_coursecompletion h WHERE h.user_id = u.id), '[]'),
        'authorisation', (
            SELECT jsonb_build_object('id', a.id, 'valid_from', a.valid_from, 'valid_to', a.valid_to,
                'role', jsonb_build_object('id', r.id, 'code', r.code, 'name', r.name, 'may_chart', r.may_chart,
                    'required_profession', nullif(r.required_profession, ''), 'required_courses', coalesce((
                        SELECT jsonb_agg(jsonb_build_object('course_id', c.id, 'name', c.name, 'valid_from', d.valid_from, 'valid_to', d.valid_to))
                        FROM public.access_requiredcourse d JOIN public.access_course c ON c.id = d.course_id WHERE d.role_id = r.id), '[]')),
                'unit', jsonb_build_object('id', o.id, 'name', o.name, 'service_code', o.service_code, 'valid_from', o.valid_from,
                    'valid_to', o.valid_to, 'legal_entity_id', o.legal_entity_id))
            FROM public.access_roletemplate r, public.access_orgunit o WHERE r.id = a.role_id AND o.id = a.unit_id),
        'measures', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'unit_id', m.unit_id, 'performer_id', m.performer_id,
                'starts_at', m.starts_at, 'ends_at', m.ends_at, 'scope_categories', to_jsonb(m.scope_categories),
                'scope_since', m.scope_since, 'reason', m.reason,
                'template', jsonb_build_object('id', t2.id, 'code', t2.code, 'name', t2.name, 'tail_hours', t2.tail_hours,
                    'own_unit_only', t2.own_unit_only, 'purpose', t2.purpose, 'user_selected', t2.user_selected))), '[]')
            FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t2 ON t2.id = m.template_id
            WHERE m.patient_id = p_patient AND (m.unit_id = a.unit_id OR m.performer_id = p_user)),
        'rights', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('template_id', r.template_id, 'category', r.category, 'actions', r.actions,
                'valid_from', r.valid_from, 'valid_to', r.valid_to)), '[]')
            FROM gate.rights_at(a.role_id, t) r),
        'openings', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('entry_id', o.entry_id, 'valid_from', o.opened_at, 'valid_to', o.valid_to)), '[]')
            FROM public.access_blockopening o WHERE o.patient_id = p_patient AND o.user_id = p_user))
    FROM public.access_user u WHERE u.id = p_user);
END $$;

-- The one who asks, and the log row of the question: whom it was about, and which moment.
CREATE FUNCTION gate.asking(p_patient uuid, p_user uuid, t timestamptz, request jsonb) RETURNS gate.grant_t
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    entry public.auditlog_entry;
BEGIN
    IF NOT g.administers_access AND NOT g.is_custodian THEN
        RAISE EXCEPTION 'neither administrator nor custodian' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF t > g.at THEN
        RAISE EXCEPTION 'the future is not decided' USING ERRCODE = 'check_violation';
    END IF;
    entry := gate.log_row(g, request || '{"action": "access_question"}');
    entry.reason := 'Gjelder ' || to_char(t AT TIME ZONE 'Europe/Oslo', 'DD.MM.YYYY "kl." HH24:MI');
    entry.objects_shown := CASE WHEN p_user IS NOT NULL THEN jsonb_build_object('user', jsonb_build_array(p_user)) END;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name
    FROM public.access_patient p WHERE p.id = p_patient;
    PERFORM auditlog.write(entry);
    RETURN g;
END $$;

-- By full number: {patient, shared, people: [facts], elsewhere: how many in units one does not hold}, or NULL for a number without a record.
-- p_user NULL: everyone with a role at the time in a unit, or by a measure of their own, that may concern the patient. With p_user: that
-- person's roles at the time.
CREATE FUNCTION gate.who_at(p_number text, p_user uuid, t timestamptz, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid := (SELECT i.patient_id FROM public.access_patientidentity i WHERE i.value = p_number LIMIT 1);
    g gate.grant_t := gate.asking(found, p_user, t, request);
    answer jsonb;
BEGIN
    IF found IS NULL THEN
        RETURN NULL;
    END IF;
    WITH concerned AS (
        SELECT m.unit_id, m.performer_id
        FROM public.access_decidedmeasure m JOIN public.access_measuretemplate x ON x.id = m.template_id
        WHERE m.patient_id = found AND m.starts_at <= t AND (m.ends_at IS NULL OR t < m.ends_at + make_interval(hours => x.tail_hours))
    ), candidate AS (
        SELECT a.id, a.user_id, g.is_custodian OR gate.holds_unit(g.user_id, a.unit_id) AS told
        FROM public.access_accessauthorisation a
        WHERE a.valid_from <= t AND (a.valid_to IS NULL OR t < a.valid_to)
            AND CASE WHEN p_user IS NOT NULL THEN a.user_id = p_user ELSE
                a.unit_id IN (SELECT c.unit_id FROM concerned c) OR a.user_id IN (SELECT c.performer_id FROM concerned c) END
    )
    SELECT jsonb_build_object(
        'people', coalesce(jsonb_agg(gate.facts_at(c.user_id, c.id, found, t)) FILTER (WHERE c.told), '[]'),
        'elsewhere', count(*) FILTER (WHERE NOT c.told)) INTO answer FROM candidate c;
    RETURN answer || jsonb_build_object(
        'shared', gate.facts_of_patient(found, t),
        'patient', (SELECT jsonb_build_object('id', p.id, 'family_name', p.family_name, 'given_name', p.given_name)
                    FROM public.access_patient p WHERE p.id = found));
END $$;

GRANT EXECUTE ON FUNCTION gate.who_at(text, uuid, timestamptz, jsonb) TO epj_app;
