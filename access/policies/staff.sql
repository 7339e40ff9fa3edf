-- One person in the register: what an administrator sees, and what the leader of the person's unit sees. Import, and leaving in one act.

-- Whether the acting person leads a unit: a flag of the role, asked of the table since the grant does not carry it.
CREATE FUNCTION gate.leads(g gate.grant_t) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.access_roletemplate r WHERE r.id = g.role_id AND r.leads_unit);
END $$;

CREATE FUNCTION gate.leading() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT gate.leads(g) THEN
        RAISE EXCEPTION 'this role does not lead a unit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- A person whom one may act upon: who holds a role in a unit one administers, or in the unit one leads.
CREATE FUNCTION gate.answers_for(g gate.grant_t, p_user uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    leader boolean := gate.leads(g);
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.access_accessauthorisation a
        WHERE a.user_id = p_user AND a.ended_at IS NULL AND (a.valid_to IS NULL OR g.at < a.valid_to)
            AND ((g.administers_access AND gate.holds_unit(g.user_id, a.unit_id)) OR (leader AND a.unit_id = g.unit_id)));
END $$;

-- Which live or coming authorisations of a person the acting one may end: an administrator's units; a leader's own legal entity.
CREATE FUNCTION gate.endable(g gate.grant_t, p_user uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    leader boolean := gate.leads(g);
BEGIN
    RETURN QUERY
    SELECT a.id FROM public.access_accessauthorisation a JOIN public.access_orgunit o ON o.id = a.unit_id
    WHERE a.user_id = p_user AND a.ended_at IS NULL AND (a.valid_to IS NULL OR g.at < a.valid_to)
        AND ((g.administers_access AND gate.holds_unit(g.user_id, a.unit_id)) OR (leader AND o.legal_entity_id = g.entity_id));
END $$;

-- All the register holds of one person: {user, authorisations, licences, courses, sessions, departures, holds}. Administrators see any
-- person; a leader those of the own unit, and of sessions only how many are open. NULL for anyone else.
CREATE FUNCTION gate.person_card(p_user uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    own_units uuid[] := ARRAY(SELECT a.unit_id FROM public.access_accessauthorisation a WHERE a.user_id = p_user);
BEGIN
    IF NOT g.administers_access AND NOT (gate.leads(g) AND g.unit_id = ANY (own_units)) THEN
        RETURN NULL;
    END IF;
    PERFORM gate.register_log(g, 'person_card', '', jsonb_build_object('user', jsonb_build_array(p_user)));
    RETURN (SELECT jsonb_build_object(
        'user', jsonb_build_object('id', u.id, 'username', u.username, 'given_name', u.given_name, 'family_name', u.family_name,
            'active', u.is_active, 'system', u.is_system),
        'administers', EXISTS (
            SELECT 1 FROM public.access_accessauthorisation a JOIN public.access_roletemplate r ON r.id = a.role_id
            WHERE a.user_id = u.id AND r.administers_access AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to)),
        'may_act', gate.answers_for(g, p_user) AND p_user <> g.user_id,
        'authorisations', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', a.id, 'role', r.name, 'unit_id', o.id, 'unit', o.name, 'entity', e.name,
                'valid_from', a.valid_from, 'valid_to', a.valid_to, 'reason', a.reason, 'ended_reason', a.ended_reason, 'ended', a.ended_at IS NOT NULL OR a.valid_to <= g.at,
                'live', a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to),
                'given_by', coalesce(b.given_name || ' ' || b.family_name, ''), 'ended_by', coalesce(x.given_name || ' ' || x.family_name, ''),
                'mine', a.id IN (SELECT gate.endable(g, p_user)) AND p_user <> g.user_id,
                'lacking', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', l.name, 'lapsed_at', l.lapsed_at)), '[]')
                            FROM gate.courses_lacking(p_user, r.id, g.at) l)) ORDER BY a.valid_to DESC NULLS FIRST, a.valid_from DESC)
            FROM public.access_accessauthorisation a
            JOIN public.access_roletemplate r ON r.id = a.role_id
            JOIN public.access_orgunit o ON o.id = a.unit_id
            JOIN public.access_legalentity e ON e.id = o.legal_entity_id
            LEFT JOIN public.access_user b ON b.id = a.given_by_id
            LEFT JOIN public.access_user x ON x.id = a.ended_by_id
            WHERE a.user_id = u.id), '[]'),
        'licences', coalesce((
            SELECT jsonb_agg(jsonb_build_object('profession', l.profession, 'number', l.hpr_number, 'valid_from', l.valid_from,
                'valid_to', l.valid_to) ORDER BY l.valid_from)
            FROM public.access_licence l WHERE l.user_id = u.id), '[]'),
        'courses', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', h.id, 'name', c.name, 'completed_on', h.completed_on, 'valid_to', h.valid_to,
                'live', h.valid_to IS NULL OR g.at < h.valid_to, 'struck_reason', h.struck_reason) ORDER BY c.name, h.valid_from DESC)
            FROM public.access_coursecompletion h JOIN public.access_course c ON c.id = h.course_id WHERE h.user_id = u.id), '[]'),
        'open_sessions', (
            SELECT count(*) FROM public.access_session s WHERE s.user_id = u.id AND s.ended_at IS NULL AND g.at < s.expires_at),
        'sessions', CASE WHEN g.administers_access THEN coalesce((
            SELECT jsonb_agg(jsonb_build_object('device', s.device_name, 'purpose', s.purpose, 'created_at', s.created_at,
                'last_seen_at', s.last_seen_at, 'locked', s.locked_at IS NOT NULL, 'expires_at', s.expires_at) ORDER BY s.last_seen_at DESC)
            FROM public.access_session s WHERE s.user_id = u.id AND s.ended_at IS NULL AND g.at < s.expires_at), '[]') ELSE '[]' END,
        'departures', coalesce((
            SELECT jsonb_agg(jsonb_build_object('left_at', d.valid_from, 'returned_at', d.valid_to, 'reason', d.reason,
                'open_work', d.open_work) ORDER BY d.valid_from DESC)
            FROM public.access_departure d WHERE d.user_id = u.id), '[]'),
        'holds', CASE WHEN g.administers_access THEN coalesce((
            SELECT jsonb_agg(jsonb_build_object('unit_id', o.id, 'unit', o.name, 'entity', e.name) ORDER BY e.name, o.name)
            FROM public.access_orgunit o JOIN public.access_legalentity e ON e.id = o.legal_entity_id
            WHERE gate.holds_unit(u.id, o.id)), '[]') ELSE '[]' END)
    FROM public.access_user u WHERE u.id = p_user);
END $$;

-- An administrator gives another the register of a unit, or takes it away: a unit one holds, or one that nobody holds (a new one). Never
-- to or from oneself. False when it is so already.
CREATE FUNCTION gate.holding_set(p_user uuid, p_unit uuid, p_held boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    permission int;
    kind int;
BEGIN
    SELECT p.id, p.content_type_id INTO permission, kind
    FROM public.auth_permission p JOIN public.django_content_type t ON t.id = p.content_type_id
    WHERE p.codename = 'administer_register' AND t.app_label = 'access' AND t.model = 'orgunit';
    IF p_user = g.user_id OR NOT (gate.holds_unit(g.user_id, p_unit) OR NOT EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission x WHERE x.permission_id = permission AND x.object_pk = p_unit::text)
    ) OR p_held AND NOT EXISTS (
        SELECT 1 FROM public.access_accessauthorisation a JOIN public.access_roletemplate r ON r.id = a.role_id
        WHERE a.user_id = p_user AND r.administers_access AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to)
    ) OR NOT EXISTS (SELECT 1 FROM public.access_orgunit o WHERE o.id = p_unit) THEN
        RAISE EXCEPTION 'not a unit one may hand on, or not an administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_held = gate.holds_unit(p_user, p_unit) THEN
        RETURN false;
    END IF;
    IF p_held THEN
        INSERT INTO public.guardian_userobjectpermission (permission_id, content_type_id, object_pk, user_id)
        VALUES (permission, kind, p_unit::text, p_user);
    ELSE
        DELETE FROM public.guardian_userobjectpermission WHERE user_id = p_user AND permission_id = permission AND object_pk = p_unit::text;
    END IF;
    PERFORM gate.register_log(g, CASE WHEN p_held THEN 'holding_give' ELSE 'holding_take' END, '',
        jsonb_build_object('user', jsonb_build_array(p_user), 'unit', jsonb_build_array(p_unit)));
    RETURN true;
END $$;

-- Units that the acting administrator may hand on.
CREATE FUNCTION gate.holdable() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT o.id FROM public.access_orgunit o
    WHERE (o.valid_to IS NULL OR g.at < o.valid_to) AND (gate.holds_unit(g.user_id, o.id) OR NOT EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission x JOIN public.auth_permission p ON p.id = x.permission_id
        WHERE p.codename = 'administer_register' AND x.object_pk = o.id::text));
END $$;

-- Ends every session and token of a person: a lost tablet, a cookie in the wrong hands. Returns how many.
CREATE FUNCTION gate.sessions_end(p_user uuid, p_reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    ended int;
BEGIN
    IF NOT gate.answers_for(g, p_user) OR btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'not a person one answers for' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.access_session SET ended_at = g.at WHERE user_id = p_user AND ended_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    PERFORM gate.register_log(g, 'sessions_end', p_reason, jsonb_build_object('user', jsonb_build_array(p_user)));
    RETURN ended;
END $$;

-- Registers a whole file or none of it. rows: [{user, role, unit, from, to?, reason}], judged by the same function as a single one.
CREATE FUNCTION gate.authorisations_import(p_rows jsonb, p_file text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    batch uuid := gen_random_uuid();
    x jsonb;
BEGIN
    INSERT INTO public.access_authorisationimport (id, file_name, row_count, imported_by_id, imported_at)
    VALUES (batch, p_file, jsonb_array_length(p_rows), g.user_id, g.at);
    FOR x IN SELECT * FROM jsonb_array_elements(p_rows) LOOP
        PERFORM gate.must_hold(g, (x ->> 'unit')::uuid);
        IF btrim(x ->> 'reason') = '' OR (x ->> 'user')::uuid = g.user_id THEN
            RAISE EXCEPTION 'an authorisation needs a reason, and is not given to oneself' USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO public.access_accessauthorisation (
            id, user_id, role_id, unit_id, valid_from, valid_to, given_by_id, reason, registered_at, ended_reason, imported_in_id)
        VALUES (gen_random_uuid(), (x ->> 'user')::uuid, (x ->> 'role')::uuid, (x ->> 'unit')::uuid,
            greatest((x ->> 'from')::timestamptz, g.at), (x ->> 'to')::timestamptz, g.user_id, x ->> 'reason', g.at, '', batch);
    END LOOP;
    PERFORM gate.register_log(g, 'authorisations_import', p_file, jsonb_build_object('authorisation', (
        SELECT jsonb_agg(a.id) FROM public.access_accessauthorisation a WHERE a.imported_in_id = batch)));
    RETURN batch;
END $$;

CREATE FUNCTION gate.imports() RETURNS TABLE (
    import_id uuid, file_name text, row_count int, imported_by text, imported_at timestamptz, undone_at timestamptz, live bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT i.id, i.file_name, i.row_count, u.given_name || ' ' || u.family_name, i.imported_at, i.undone_at, (
        SELECT count(*) FROM public.access_accessauthorisation a WHERE a.imported_in_id = i.id AND a.ended_at IS NULL AND (a.valid_to IS NULL OR g.at < a.valid_to))
    FROM public.access_authorisationimport i JOIN public.access_user u ON u.id = i.imported_by_id
    ORDER BY i.imported_at DESC LIMIT 50;
END $$;

-- Ends all that is left of one import. Returns how many; every unit of it must be held.
CREATE FUNCTION gate.import_undo(p_import uuid, p_reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    ended uuid[];
BEGIN
    IF btrim(p_reason) = '' OR EXISTS (
        SELECT 1 FROM public.access_accessauthorisation a WHERE a.imported_in_id = p_import AND NOT gate.holds_unit(g.user_id, a.unit_id)
    ) THEN
        RAISE EXCEPTION 'the import has units that this administrator does not hold' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH x AS (
        UPDATE public.access_accessauthorisation
        SET valid_to = greatest(g.at, valid_from), ended_by_id = g.user_id, ended_reason = p_reason, ended_at = g.at
        WHERE imported_in_id = p_import AND ended_at IS NULL AND (valid_to IS NULL OR valid_to > g.at) RETURNING id
    ) SELECT coalesce(array_agg(x.id), '{}') INTO ended FROM x;
    UPDATE public.access_authorisationimport SET undone_by_id = g.user_id, undone_at = g.at WHERE id = p_import AND undone_at IS NULL;
    PERFORM gate.register_log(g, 'import_undo', p_reason, jsonb_build_object('authorisation', to_jsonb(ended)));
    RETURN cardinality(ended);
END $$;

GRANT EXECUTE ON FUNCTION
    gate.person_card(uuid), gate.sessions_end(uuid, text), gate.holding_set(uuid, uuid, boolean), gate.holdable(), gate.authorisations_import(jsonb, text), gate.imports(),
    gate.import_undo(uuid, text) TO epj_app;

-- What is held now or will be: an import must not give it twice.
CREATE FUNCTION gate.register_keys() RETURNS TABLE (user_id uuid, role_id uuid, unit_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY SELECT a.user_id, a.role_id, a.unit_id FROM public.access_accessauthorisation a
    WHERE a.ended_at IS NULL AND (a.valid_to IS NULL OR g.at < a.valid_to);
END $$;
GRANT EXECUTE ON FUNCTION gate.register_keys() TO epj_app;
