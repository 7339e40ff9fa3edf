-- Raw facts for decide(): one actor and, in `about`, one patient, unfiltered by time, so that Python judges for itself. json, not jsonb:
-- nothing reads it here, and sorting its keys would cost as much as the reading.
CREATE FUNCTION gate.facts(secret text, patient uuid, active boolean) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    state text := gate.session_state(s);
    a public.access_accessauthorisation;
    about json;
BEGIN
    IF state IN ('none', 'locked') THEN
        RETURN json_build_object('state', state, 'now', gate.clock(), 'session', json_build_object('id', s.id, 'user_id', s.user_id));
    END IF;
    IF active AND state = 'ok' THEN
        PERFORM gate.touch(s);
    END IF;
    SELECT x.* INTO a FROM public.access_accessauthorisation x WHERE x.id = s.authorisation_id AND x.user_id = s.user_id;
    IF patient IS NOT NULL AND state = 'ok' THEN
        about := json_build_object(
            'entities', (
                SELECT json_agg(json_build_object('id', e.id, 'name', e.name, 'valid_from', e.valid_from, 'valid_to', e.valid_to,
                    'successor_id', e.successor_id)) FROM public.access_legalentity e),
            'communities', (
                SELECT coalesce(json_agg(json_build_object('id', c.id, 'valid_from', c.valid_from, 'valid_to', c.valid_to)), '[]')
                FROM public.access_recordcommunity c),
            'participations', (
                SELECT coalesce(json_agg(json_build_object('community_id', p.community_id, 'legal_entity_id', p.legal_entity_id,
                    'service_code', p.service_code, 'mode', p.mode, 'valid_from', p.valid_from, 'valid_to', p.valid_to)), '[]')
                FROM public.access_participation p),
            'measures', (
                SELECT coalesce(json_agg(json_build_object('id', m.id, 'unit_id', m.unit_id, 'performer_id', m.performer_id,
                    'starts_at', m.starts_at, 'ends_at', m.ends_at, 'scope_categories', to_json(m.scope_categories),
                    'scope_since', m.scope_since, 'reason', m.reason,
                    'template', json_build_object('id', t.id, 'code', t.code, 'name', t.name, 'tail_hours', t.tail_hours,
                        'own_unit_only', t.own_unit_only, 'purpose', t.purpose, 'user_selected', t.user_selected))), '[]')
                FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
                WHERE m.patient_id = patient AND (m.unit_id = a.unit_id OR m.performer_id = s.user_id)),
            'rights', (
                SELECT coalesce(json_agg(json_build_object('template_id', r.template_id, 'category', r.category_id, 'actions', r.actions,
                    'valid_from', r.valid_from, 'valid_to', r.valid_to)), '[]')
                FROM public.access_roleright r
                WHERE r.role_id = a.role_id AND r.template_id IN (
                    SELECT m.template_id FROM public.access_decidedmeasure m
                    WHERE m.patient_id = patient AND (m.unit_id = a.unit_id OR m.performer_id = s.user_id))),
            'blocks', (
                SELECT coalesce(json_agg(json_build_object('id', b.id, 'scope', b.scope, 'category', b.category,
                    'document_type', b.document_type, 'stay_id', b.stay_id, 'entry_id', b.entry_id, 'entries_from', b.entries_from,
                    'entries_to', b.entries_to, 'target', b.target, 'target_id', b.target_id, 'valid_from', b.valid_from,
                    'valid_to', b.valid_to, 'exceptions', (
                        SELECT coalesce(json_agg(json_build_object('user_id', x.user_id, 'unit_id', x.unit_id)), '[]')
                        FROM public.access_blockexception x WHERE x.block_id = b.id))), '[]')
                FROM public.access_accessblock b WHERE b.patient_id = patient AND EXISTS (
                    -- Without a measure there is nothing for a block to take away, and nothing to be told.
                    SELECT 1 FROM public.access_decidedmeasure m
                    WHERE m.patient_id = patient AND (m.unit_id = a.unit_id OR m.performer_id = s.user_id))),
            'openings', (
                SELECT coalesce(json_agg(json_build_object('entry_id', o.entry_id, 'valid_from', o.opened_at, 'valid_to', o.valid_to)), '[]')
                FROM public.access_blockopening o WHERE o.patient_id = patient AND o.user_id = s.user_id));
    END IF;
    RETURN (SELECT json_build_object(
        'state', state,
        'now', gate.clock(),
        'session', json_build_object('id', s.id, 'device', s.device_name, 'purpose', s.purpose, 'expires_at', s.expires_at,
            'second_factor', s.second_factor),
        'questions', gate.questions_waiting(u.id),
        'user', json_build_object('id', u.id, 'username', u.username, 'given_name', u.given_name, 'family_name', u.family_name,
            'initials', u.initials, 'active', u.is_active, 'display', u.given_name || ' ' || u.family_name),
        'licences', coalesce((
            SELECT json_agg(json_build_object('profession', l.profession, 'valid_from', l.valid_from, 'valid_to', l.valid_to))
            FROM public.access_licence l WHERE l.user_id = u.id), '[]'),
        'courses', coalesce((
            SELECT json_agg(json_build_object('course_id', h.course_id, 'valid_from', h.valid_from, 'valid_to', h.valid_to))
            FROM public.access_coursecompletion h WHERE h.user_id = u.id), '[]'),
        'authorisation', (
            SELECT json_build_object('id', a.id, 'valid_from', a.valid_from, 'valid_to', a.valid_to,
                'role', json_build_object('id', r.id, 'code', r.code, 'name', r.name, 'mark', r.mark, 'may_chart', r.may_chart,
                    'required_profession', nullif(r.required_profession, ''), 'reviews_log', r.reviews_log, 'needs_cosign', r.needs_cosign,
                    'administers_access', r.administers_access, 'is_custodian', r.is_custodian, 'decides', to_json(r.decides),
                    'leads_unit', r.leads_unit, 'watches_messages', r.watches_messages, 'required_courses', coalesce((
                        SELECT json_agg(json_build_object('course_id', c.id, 'name', c.name, 'valid_from', d.valid_from, 'valid_to', d.valid_to))
                        FROM public.access_requiredcourse d JOIN public.access_course c ON c.id = d.course_id WHERE d.role_id = r.id), '[]')),
                'unit', json_build_object('id', o.id, 'name', o.name, 'kind', o.kind, 'service_code', o.service_code,
                    'valid_from', o.valid_from, 'valid_to', o.valid_to, 'legal_entity_id', o.legal_entity_id,
                    'answers_for', to_json(gate.answers_for(o.legal_entity_id, gate.clock()))))
            FROM public.access_roletemplate r, public.access_orgunit o WHERE r.id = a.role_id AND o.id = a.unit_id),
        'about', about)
    FROM public.access_user u WHERE u.id = s.user_id);
END $$;

GRANT EXECUTE ON FUNCTION gate.facts(text, uuid, boolean) TO epj_app;
