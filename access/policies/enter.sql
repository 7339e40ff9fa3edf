-- Entering: session → actor → log row → grant. Without the log row there is no grant, without the grant no row is seen.

CREATE FUNCTION gate.hash(secret text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT sha256(convert_to(secret, 'UTF8')) $$;

-- The live session behind a cookie or token, whether locked or not.
CREATE FUNCTION gate.session_of(secret text) RETURNS public.access_session
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session;
BEGIN
    SELECT x.* INTO s FROM public.access_session x JOIN public.access_user u ON u.id = x.user_id
    WHERE x.secret_hash = gate.hash(secret) AND x.ended_at IS NULL AND gate.clock() < x.expires_at AND u.is_active;
    RETURN s;
END $$;

-- The live authorisation of a session as a grant without subjects, or NULL: clause 1 of the rule. A unit of a merged entity works on under
-- the one that answers for it now: a merger moves no unit, and nobody is thrown out at midnight.
CREATE FUNCTION gate.actor_of(s public.access_session) RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    SELECT (NULL, s.id, s.user_id, a.id, r.id, o.id, e.id, r.may_chart, r.reviews_log, r.administers_access,
            r.is_custodian, '', gate.clock(), '{}', '{}', '{}', gate.entities_for(o.id, gate.clock()))::gate.grant_t
    FROM public.access_accessauthorisation a
    JOIN public.access_roletemplate r ON r.id = a.role_id
    JOIN public.access_orgunit o ON o.id = a.unit_id
    JOIN public.access_legalentity e ON e.id = gate.holder(o.legal_entity_id, gate.clock())
    WHERE a.id = s.authorisation_id AND a.user_id = s.user_id
        AND a.valid_from <= gate.clock() AND (a.valid_to IS NULL OR gate.clock() < a.valid_to)
        AND o.valid_from <= gate.clock() AND (o.valid_to IS NULL OR gate.clock() < o.valid_to)
        AND e.valid_from <= gate.clock() AND (e.valid_to IS NULL OR gate.clock() < e.valid_to)
        AND (r.required_profession = '' OR EXISTS (
            SELECT 1 FROM public.access_licence l
            WHERE l.user_id = s.user_id AND l.profession = r.required_profession
                AND l.valid_from <= gate.clock() AND (l.valid_to IS NULL OR gate.clock() < l.valid_to)))
        AND NOT EXISTS (
            SELECT 1 FROM public.access_requiredcourse d
            WHERE d.role_id = a.role_id AND d.valid_from <= gate.clock() AND (d.valid_to IS NULL OR gate.clock() < d.valid_to)
                AND NOT EXISTS (
                    SELECT 1 FROM public.access_coursecompletion h
                    WHERE h.user_id = a.user_id AND h.course_id = d.course_id
                        AND h.valid_from <= gate.clock() AND (h.valid_to IS NULL OR gate.clock() < h.valid_to))));
END $$;

-- ok, none, locked, second_factor or no_role. Locks a session that has been idle too long (R61).
CREATE FUNCTION gate.session_state(s public.access_session) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF s.id IS NULL THEN
        RETURN 'none';
    END IF;
    IF s.locked_at IS NOT NULL THEN
        RETURN 'locked';
    END IF;
    IF s.purpose = '' AND s.last_seen_at + make_interval(secs => gate.setting('idle_lock_seconds')) < gate.clock() THEN
        UPDATE public.access_session SET locked_at = gate.clock() WHERE id = s.id;
        RETURN 'locked';
    END IF;
    IF s.purpose = '' AND NOT s.second_factor AND gate.setting('second_factor_required') = 1 THEN
        RETURN 'second_factor';
    END IF;
    RETURN 'ok';
END $$;

-- Being seen is written at most every tenth second, and never waits for another request of the same session.
CREATE FUNCTION gate.touch(s public.access_session) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF s.last_seen_at < gate.clock() - interval '10 seconds' THEN
        UPDATE public.access_session SET last_seen_at = gate.clock()
        WHERE id = (SELECT id FROM public.access_session WHERE id = s.id FOR UPDATE SKIP LOCKED);
    END IF;
END $$;

-- A log row filled with who acts; the caller adds what is done. Names are copied as they are at that time (3.8).
CREATE FUNCTION gate.log_row(g gate.grant_t, request jsonb) RETURNS public.auditlog_entry
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry;
BEGIN
    SELECT u.given_name || ' ' || u.family_name, r.required_profession, r.code, r.name, o.name, e.name,
        (SELECT l.hpr_number FROM public.access_licence l WHERE l.user_id = u.id AND l.profession = r.required_profession LIMIT 1)
    INTO entry.user_name, entry.profession, entry.role_code, entry.role_name, entry.unit_name, entry.legal_entity_name, entry.hpr_number
    FROM public.access_user u
    LEFT JOIN public.access_roletemplate r ON r.id = g.role_id
    LEFT JOIN public.access_orgunit o ON o.id = g.unit_id
    LEFT JOIN public.access_legalentity e ON e.id = g.entity_id
    WHERE u.id = g.user_id;
    entry.request_id := g.request_id;
    entry.session_id := g.session_id;
    entry.user_id := g.user_id;
    entry.unit_id := g.unit_id;
    entry.legal_entity_id := g.entity_id;
    entry.action := request ->> 'action';
    entry.route := request ->> 'route';
    entry.device := request ->> 'device';
    entry.purpose := request ->> 'purpose';
    entry.outcome := 'allow';
    RETURN entry;
END $$;

-- A log row about one patient, opened by one measure.
CREATE FUNCTION gate.about(
    INOUT entry public.auditlog_entry, patient uuid, name text, measure public.access_decidedmeasure, template public.access_measuretemplate)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    entry.patient_id := patient;
    entry.patient_name := name;
    entry.measure_id := measure.id;
    entry.template_code := template.code;
    entry.template_name := template.name;
    entry.purpose := coalesce(nullif(entry.purpose, ''), template.purpose);
    entry.user_selected := measure.user_selected;
    entry.reason := measure.reason;
END $$;

-- Adds patients to a grant: one log row each, with the measure that gave access; those without a right are left out.
CREATE FUNCTION gate.add_subjects(INOUT g gate.grant_t, wanted int, patients uuid[], request jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    added uuid[];
    masks int[];
    careful uuid[];
    entry public.auditlog_entry := gate.log_row(g, request);
    entries public.auditlog_entry[];
    blocked uuid[] := ARRAY(
        SELECT DISTINCT b.patient_id FROM gate.blocks_for(g.user_id, g.role_id, g.unit_id, g.entity_id, g.at, patients) b);
BEGIN
    WITH opened AS (
        SELECT r.patient_id,
            coalesce(bit_or(1 << r.category) FILTER (WHERE r.actions & 2 <> 0 AND NOT r.own_unit_only AND r.since IS NULL), 0) AS mask,
            bool_or(r.own_unit_only OR r.since IS NOT NULL) AS narrow,
            (array_agg(r.measure_id ORDER BY r.user_selected, r.in_tail, r.measure_id)
                FILTER (WHERE r.actions & wanted <> 0))[1] AS measure_id
        FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, patients) r
        WHERE NOT r.patient_id = ANY (g.subjects)
        GROUP BY r.patient_id
        HAVING bool_or(r.actions & wanted <> 0)
    )
    SELECT array_agg(o.patient_id), array_agg(o.mask),
        array_agg(o.patient_id) FILTER (WHERE o.narrow OR o.patient_id = ANY (blocked)),
        array_agg(gate.about(entry, p.id, p.given_name || ' ' || p.family_name, m, t))
    INTO added, masks, careful, entries
    FROM opened o
    JOIN public.access_patient p ON p.id = o.patient_id
    JOIN public.access_decidedmeasure m ON m.id = o.measure_id
    JOIN public.access_measuretemplate t ON t.id = m.template_id;
    g.subjects := g.subjects || added;
    g.read_masks := g.read_masks || masks;
    g.careful := g.careful || careful;
    PERFORM auditlog.write(VARIADIC entries);
END $$;

-- Opens the database for one request. Returns {state, granted: [patient …]}; with no live session or role nothing opens.
-- request: {request_id, action, route, device, purpose, quiet}. `quiet`: no row without a patient is written (polling). Such a grant has the
-- purpose `poll` and no other: the functions of control, and whatever answers without a row of its own, refuse it.
CREATE FUNCTION gate.enter(secret text, wanted int, patients uuid[], request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    state text := gate.session_state(s);
    quiet boolean := s.purpose = '' AND coalesce((request ->> 'quiet')::boolean, false);
    g gate.grant_t;
BEGIN
    PERFORM set_config('gate.grant', '', true);
    IF state <> 'ok' THEN
        RETURN jsonb_build_object('state', state, 'granted', '[]'::jsonb);
    END IF;
    g := gate.actor_of(s);
    IF g.user_id IS NULL THEN
        RETURN jsonb_build_object('state', 'no_role', 'granted', '[]'::jsonb);
    END IF;
    g.request_id := coalesce((request ->> 'request_id')::uuid, gen_random_uuid());
    g.purpose := CASE WHEN quiet THEN 'poll' ELSE coalesce(nullif(s.purpose, ''), request ->> 'purpose', '') END;
    IF cardinality(patients) > 0 THEN
        g := gate.add_subjects(g, wanted, patients, request);
    ELSIF NOT quiet THEN
        PERFORM auditlog.write(gate.log_row(g, request));
    END IF;
    PERFORM gate.set_grant(g);
    RETURN jsonb_build_object('state', 'ok', 'granted', to_jsonb(g.subjects), 'careful', to_jsonb(g.careful));
END $$;

-- Adds the patients of a list to the present grant, one log row each. Returns those that opened.
CREATE FUNCTION gate.disclose(wanted int, patients uuid[], request jsonb) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    g := gate.add_subjects(g, wanted, patients, request);
    PERFORM gate.set_grant(g);
    RETURN g.subjects;
END $$;

-- The end of a request: what the response shows is written before the first byte leaves ([{patient, objects, categories}]), and the grant
-- is taken away, for it would outlive a savepoint. After an error the rollback does both.
CREATE FUNCTION gate.leave(items jsonb, request jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    entry public.auditlog_entry;
    entries public.auditlog_entry[] := '{}';
    item jsonb;
BEGIN
    entry.request_id := g.request_id;
    entry.session_id := g.session_id;
    entry.user_id := g.user_id;
    entry.unit_id := g.unit_id;
    entry.legal_entity_id := g.entity_id;
    entry.action := request ->> 'action';
    entry.route := request ->> 'route';
    entry.outcome := 'shown';
    FOR item IN SELECT * FROM jsonb_array_elements(items) LOOP
        IF ((item ->> 'patient')::uuid = ANY (g.subjects)) IS NOT TRUE THEN
            RAISE EXCEPTION 'this patient was not opened' USING ERRCODE = 'insufficient_privilege';
        END IF;
        entry.patient_id := (item ->> 'patient')::uuid;
        entry.objects_shown := item -> 'objects';
        entry.categories := ARRAY(SELECT c::smallint FROM jsonb_array_elements_text(item -> 'categories') c);
        entries := entries || entry;
    END LOOP;
    PERFORM auditlog.write(VARIADIC entries);
    PERFORM set_config('gate.grant', '', true);
END $$;

-- A refused or failed attempt. Takes the secret, since there may be no grant; an unknown session is logged as such.
CREATE FUNCTION gate.refused(secret text, patient uuid, outcome text, reason_code text, request jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    g gate.grant_t := gate.actor_of(s);
    entry public.auditlog_entry;
BEGIN
    IF outcome NOT IN ('deny', 'error') THEN
        RAISE EXCEPTION 'outcome must be deny or error';
    END IF;
    g.user_id := coalesce(g.user_id, s.user_id);
    g.session_id := s.id;
    g.request_id := (request ->> 'request_id')::uuid;
    entry := gate.log_row(g, request);
    entry.action := request ->> 'action';
    entry.route := request ->> 'route';
    entry.device := request ->> 'device';
    entry.request_id := g.request_id;
    entry.outcome := outcome;
    entry.reason_code := reason_code;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name
    FROM public.access_patient p WHERE p.id = patient;
    PERFORM auditlog.write(entry);
END $$;

GRANT EXECUTE ON FUNCTION
    gate.enter(text, int, uuid[], jsonb), gate.disclose(int, uuid[], jsonb), gate.leave(jsonb, jsonb),
    gate.refused(text, uuid, text, text, jsonb) TO epj_app;
