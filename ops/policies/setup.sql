-- What there is to answer for, who can, and who keeps which roster. Systems, parties and sources are set up by administrators of access; a roster by
-- those who keep it; a unit's shift plan is begun by its leader. Answers are a word: ok, or why nothing was changed.

CREATE FUNCTION gate.setting_up() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT g.administers_access THEN
        RAISE EXCEPTION 'systems and parties are set up by administrators' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- Exactly these people hold an object permission of this app (django-guardian). Names that nobody has come back, and then nothing is changed.
CREATE FUNCTION gate.ops_permits(p_codename text, p_object uuid, p_names text[]) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    permission public.auth_permission;
    unknown text[] := ARRAY(SELECT n FROM unnest(p_names) n
        WHERE NOT EXISTS (SELECT 1 FROM public.access_user u WHERE u.username = n AND u.is_active AND NOT u.is_system));
BEGIN
    IF unknown <> '{}' THEN
        RETURN unknown;
    END IF;
    SELECT p.* INTO permission FROM public.auth_permission p JOIN public.django_content_type t ON t.id = p.content_type_id AND t.app_label = 'ops'
    WHERE p.codename = p_codename;
    DELETE FROM public.guardian_userobjectpermission x USING public.access_user u
    WHERE x.permission_id = permission.id AND x.object_pk = p_object::text AND u.id = x.user_id AND u.username <> ALL (p_names);
    INSERT INTO public.guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id)
    SELECT p_object::text, permission.content_type_id, permission.id, u.id FROM public.access_user u
    WHERE u.username = ANY (p_names) AND NOT gate.ops_holds(u.id, p_codename, p_object);
    RETURN '{}';
END $$;

-- Who holds an object permission of this app, as names to log in with. Told to administrators and to those who hold it.
CREATE FUNCTION gate.duty_holders(p_codename text, p_object uuid) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT (g.administers_access OR gate.ops_holds(g.user_id, p_codename, p_object) OR gate.duty_leads(g, p_object)) THEN
        RAISE EXCEPTION 'for those who keep it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN ARRAY(SELECT u.username FROM public.access_user u WHERE gate.ops_holds(u.id, p_codename, p_object) ORDER BY 1);
END $$;

-- A system with its roster and a first line, or a known one changed. {state, id}
CREATE FUNCTION gate.duty_system(p_system uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.setting_up();
    made uuid := coalesce(p_system, gen_random_uuid());
    roster uuid := gen_random_uuid();
BEGIN
    IF p_system IS NULL AND EXISTS (SELECT 1 FROM public.ops_system y WHERE y.code = p ->> 'code') THEN
        RETURN jsonb_build_object('state', 'code_taken');
    ELSIF p_system IS NULL THEN
        INSERT INTO public.ops_system (id, code, name, icon, phone, runbook, place)
        VALUES (made, p ->> 'code', p ->> 'name', p ->> 'icon', p ->> 'phone', p ->> 'runbook', (p ->> 'place')::int);
        INSERT INTO public.ops_roster (id, name, system_id, eves, version) VALUES (roster, p ->> 'name', made, '{}', 1);
        INSERT INTO public.ops_rosterlevel (id, roster_id, number, name, promised, wait_minutes) VALUES (gen_random_uuid(), roster, 1, 'Førstelinje', true, 5);
        PERFORM gate.ops_permits('edit_roster', roster, ARRAY(SELECT u.username::text FROM public.access_user u WHERE u.id = g.user_id));
    ELSE
        UPDATE public.ops_system SET name = p ->> 'name', icon = p ->> 'icon', phone = p ->> 'phone', runbook = p ->> 'runbook', place = (p ->> 'place')::int
        WHERE id = made;
        UPDATE public.ops_roster SET name = p ->> 'name' WHERE system_id = made RETURNING id INTO roster;
    END IF;
    PERFORM gate.duty_log(g, 'duty_system', p ->> 'name', jsonb_build_object('system', jsonb_build_array(made)));
    RETURN jsonb_build_object('state', 'ok', 'id', made, 'roster', roster);
END $$;

-- New terms of a system; what was agreed before stays, and what happened under it is measured by it.
CREATE FUNCTION gate.duty_terms(p_system uuid, p jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.setting_up();
BEGIN
    INSERT INTO public.ops_terms (id, system_id, valid_from, operation, operator_id, supplier, reference, answer_minutes, mend_minutes, up_percent, made_by_id, made_at)
    VALUES (gen_random_uuid(), p_system, (p ->> 'valid_from')::date, p ->> 'operation', (p ->> 'operator')::uuid, p ->> 'supplier', p ->> 'reference',
        (p ->> 'answer_minutes')::int, (p ->> 'mend_minutes')::int, (p ->> 'up_percent')::numeric, g.user_id, g.at);
    PERFORM gate.duty_log(g, 'duty_terms', p ->> 'reference', jsonb_build_object('system', jsonb_build_array(p_system)));
    RETURN 'ok';
END $$;
CREATE TRIGGER terms_kept BEFORE UPDATE OR DELETE ON ops_terms FOR EACH ROW EXECUTE FUNCTION gate.only_added_to();

-- One that can answer, and who may act for it. One who has shifts ahead is not taken out of use. {state, id?, names?}
CREATE FUNCTION gate.duty_party(p_party uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.setting_up();
    made uuid := coalesce(p_party, gen_random_uuid());
    person uuid;
    unknown text[];
BEGIN
    IF p ->> 'username' <> '' THEN
        SELECT u.id INTO person FROM public.access_user u WHERE u.username = p ->> 'username' AND u.is_active AND NOT u.is_system;
        IF person IS NULL THEN
            RETURN jsonb_build_object('state', 'no_user', 'names', jsonb_build_array(p ->> 'username'));
        ELSIF EXISTS (SELECT 1 FROM public.ops_party x WHERE x.user_id = person AND x.id <> made) THEN
            RETURN jsonb_build_object('state', 'user_taken');
        END IF;
    END IF;
    IF NOT (p ->> 'active')::boolean AND EXISTS (SELECT 1 FROM public.ops_shift s WHERE s.party_id = made AND upper(s.span) > g.at) THEN
        RETURN jsonb_build_object('state', 'has_shifts');
    END IF;
    INSERT INTO public.ops_party AS x (id, kind, name, phone, email, user_id, legal_entity_id, active)
    VALUES (made, p ->> 'kind', p ->> 'name', p ->> 'phone', p ->> 'email', person, (p ->> 'entity')::uuid, (p ->> 'active')::boolean)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, phone = excluded.phone, email = excluded.email, user_id = excluded.user_id,
        legal_entity_id = excluded.legal_entity_id, active = excluded.active;
    unknown := gate.ops_permits('answer_for', made, ARRAY(SELECT jsonb_array_elements_text(p -> 'speakers')));
    IF unknown <> '{}' THEN
        RETURN jsonb_build_object('state', 'no_user', 'names', to_jsonb(unknown));
    END IF;
    PERFORM gate.duty_log(g, 'duty_party', p ->> 'name', jsonb_build_object('party', jsonb_build_array(made)));
    RETURN jsonb_build_object('state', 'ok', 'id', made);
END $$;

-- Who may set up a roster: those who keep it, administrators, and for a shift plan the leader of its unit. The last two also say who keeps it.
CREATE FUNCTION gate.duty_leads(g gate.grant_t, p_roster uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.ops_roster r WHERE r.id = p_roster AND (g.administers_access AND r.unit_id IS NULL OR r.unit_id = g.unit_id AND gate.leads(g)));
END $$;

CREATE FUNCTION gate.sets_up_roster(p_roster uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN gate.duty_leads(g, p_roster);
END $$;

-- People with a live role in the unit of a shift plan, and whether they are in it: {user, name, role, party?}. For whoever may set it up.
CREATE FUNCTION gate.duty_people(p_roster uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT (gate.duty_leads(g, p_roster) OR gate.ops_holds(g.user_id, 'edit_roster', p_roster)) THEN
        RAISE EXCEPTION 'for those who keep it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object('user', u.id, 'name', u.given_name || ' ' || u.family_name, 'role', w.role, 'party', p.id)
            ORDER BY w.role, gate.name_key(u.family_name || ' ' || u.given_name) COLLATE "C"), '[]')
        FROM public.ops_roster r
        JOIN LATERAL (
            SELECT a.user_id, min(t.name) AS role FROM public.access_accessauthorisation a JOIN public.access_roletemplate t ON t.id = a.role_id
            WHERE a.unit_id = r.unit_id AND a.ended_at IS NULL AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to) GROUP BY a.user_id) w ON true
        JOIN public.access_user u ON u.id = w.user_id AND u.is_active LEFT JOIN public.ops_party p ON p.user_id = u.id
        WHERE r.id = p_roster);
END $$;

-- A roster's lines, who is in it, which eves count as holidays, and who keeps it. `people`: persons of the unit who become parties.
-- {state: ok | has_shifts | unreachable | level_used | no_user | no_keeper, names?}
CREATE FUNCTION gate.duty_roster(p_roster uuid, p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    r public.ops_roster := gate.roster_lock(p_roster);
    among uuid[];
    names text[];
BEGIN
    IF NOT (gate.duty_leads(g, r.id) OR gate.ops_holds(g.user_id, 'edit_roster', r.id)) THEN
        RAISE EXCEPTION 'this person does not keep the roster' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.ops_party (id, kind, name, phone, email, user_id, legal_entity_id, active)
    SELECT gen_random_uuid(), 'person', u.given_name || ' ' || u.family_name, '', '', u.id, o.legal_entity_id, true
    FROM jsonb_array_elements_text(p -> 'people') one JOIN public.access_user u ON u.id = one::uuid JOIN public.access_orgunit o ON o.id = r.unit_id
    WHERE EXISTS (SELECT 1 FROM public.access_accessauthorisation a WHERE a.user_id = u.id AND a.unit_id = r.unit_id AND a.ended_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM public.ops_party x WHERE x.user_id = u.id);
    among := ARRAY(SELECT x.id FROM public.ops_party x WHERE x.id IN (SELECT one::uuid FROM jsonb_array_elements_text(p -> 'parties') one)
        OR x.user_id IN (SELECT one::uuid FROM jsonb_array_elements_text(p -> 'people') one));
    names := ARRAY(SELECT DISTINCT x.name FROM public.ops_roster_parties m JOIN public.ops_party x ON x.id = m.party_id
        WHERE m.roster_id = r.id AND NOT m.party_id = ANY (among) AND (
            EXISTS (SELECT 1 FROM public.ops_shift s WHERE s.roster_id = r.id AND s.party_id = x.id AND upper(s.span) > g.at)
            OR EXISTS (SELECT 1 FROM public.ops_rotation o WHERE o.roster_id = r.id AND o.retired_at IS NULL AND x.id = ANY (o.members))));
    IF names <> '{}' THEN
        RETURN jsonb_build_object('state', 'has_shifts', 'names', to_jsonb(names));
    END IF;
    names := ARRAY(SELECT x.name FROM public.ops_party x WHERE r.system_id IS NOT NULL AND x.id = ANY (among) AND x.phone = '' AND x.email = '');
    IF names <> '{}' THEN
        RETURN jsonb_build_object('state', 'unreachable', 'names', to_jsonb(names));
    END IF;
    names := ARRAY(SELECT l.name FROM public.ops_rosterlevel l
        WHERE l.roster_id = r.id AND NOT l.number = ANY (ARRAY(SELECT (one ->> 'number')::int FROM jsonb_array_elements(p -> 'levels') one)) AND (
            EXISTS (SELECT 1 FROM public.ops_shift s WHERE s.roster_id = r.id AND s.level = l.number)
            OR EXISTS (SELECT 1 FROM public.ops_rotation o WHERE o.roster_id = r.id AND o.level = l.number AND o.retired_at IS NULL)));
    IF names <> '{}' THEN
        RETURN jsonb_build_object('state', 'level_used', 'names', to_jsonb(names));
    END IF;
    DELETE FROM public.ops_roster_parties m WHERE m.roster_id = r.id AND NOT m.party_id = ANY (among);
    INSERT INTO public.ops_roster_parties (roster_id, party_id)
    SELECT r.id, one FROM unnest(among) one WHERE NOT EXISTS (SELECT 1 FROM public.ops_roster_parties m WHERE m.roster_id = r.id AND m.party_id = one);
    DELETE FROM public.ops_rosterlevel l
    WHERE l.roster_id = r.id AND NOT l.number = ANY (ARRAY(SELECT (one ->> 'number')::int FROM jsonb_array_elements(p -> 'levels') one));
    INSERT INTO public.ops_rosterlevel (id, roster_id, number, name, promised, wait_minutes)
    SELECT gen_random_uuid(), r.id, n.number, n.name, n.promised, n.wait FROM jsonb_to_recordset(p -> 'levels') AS n (number int, name text, promised boolean, wait int)
    ON CONFLICT (roster_id, number) DO UPDATE SET name = excluded.name, promised = excluded.promised, wait_minutes = excluded.wait_minutes;
    UPDATE public.ops_roster SET eves = ARRAY(SELECT jsonb_array_elements_text(p -> 'eves')) WHERE id = r.id;
    IF jsonb_typeof(p -> 'keepers') = 'array' AND gate.duty_leads(g, r.id) THEN
        IF jsonb_array_length(p -> 'keepers') = 0 THEN
            RETURN jsonb_build_object('state', 'no_keeper');
        END IF;
        names := gate.ops_permits('edit_roster', r.id, ARRAY(SELECT jsonb_array_elements_text(p -> 'keepers')));
        IF names <> '{}' THEN
            RETURN jsonb_build_object('state', 'no_user', 'names', to_jsonb(names));
        END IF;
    END IF;
    PERFORM gate.duty_log(g, 'duty_roster', r.name, jsonb_build_object('roster', jsonb_build_array(r.id)));
    RETURN jsonb_build_object('state', 'ok');
END $$;

-- The shift plan of the unit that one leads: begun once, kept by the leader who began it.
CREATE FUNCTION gate.shift_plan_begin() RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    made uuid := gen_random_uuid();
    known uuid;
BEGIN
    IF NOT gate.leads(g) THEN
        RAISE EXCEPTION 'this role does not lead a unit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM public.access_orgunit o WHERE o.id = g.unit_id FOR UPDATE;
    SELECT r.id INTO known FROM public.ops_roster r WHERE r.unit_id = g.unit_id;
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    INSERT INTO public.ops_roster (id, name, unit_id, eves, version) SELECT made, o.name || ': turnus', o.id, '{}', 1 FROM public.access_orgunit o WHERE o.id = g.unit_id;
    INSERT INTO public.ops_rosterlevel (id, roster_id, number, name, promised, wait_minutes) VALUES (gen_random_uuid(), made, 1, 'Vakt 1', true, 10);
    PERFORM gate.ops_permits('edit_roster', made, ARRAY(SELECT u.username::text FROM public.access_user u WHERE u.id = g.user_id));
    PERFORM gate.duty_log(g, 'duty_roster', '', jsonb_build_object('roster', jsonb_build_array(made)));
    RETURN made;
END $$;

-- Where one is told oneself. Who is in the roster of a system must be reached somewhere. ok, unreachable, none (no party).
CREATE FUNCTION gate.duty_contact(p_phone text, p_email text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    own uuid := (SELECT p.id FROM public.ops_party p WHERE p.user_id = g.user_id);
BEGIN
    IF own IS NULL THEN
        RETURN 'none';
    ELSIF p_phone = '' AND p_email = '' AND EXISTS (
            SELECT 1 FROM public.ops_roster_parties m JOIN public.ops_roster r ON r.id = m.roster_id AND r.system_id IS NOT NULL WHERE m.party_id = own) THEN
        RETURN 'unreachable';
    END IF;
    UPDATE public.ops_party SET phone = p_phone, email = p_email WHERE id = own;
    PERFORM gate.duty_log(g, 'duty_contact', '', jsonb_build_object('party', jsonb_build_array(own)));
    RETURN 'ok';
END $$;

-- Sources of building events: {id, name, system, unit, active}. Their keys are told once, by the one who makes them.
CREATE FUNCTION gate.event_sources() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.setting_up();
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'system', y.name, 'unit', o.name, 'active', s.active,
            'last', (SELECT max(e.received_at) FROM public.ops_buildingevent e WHERE e.source_id = s.id)) ORDER BY s.active DESC, s.name), '[]')
        FROM public.ops_eventsource s JOIN public.ops_system y ON y.id = s.system_id LEFT JOIN public.access_orgunit o ON o.id = s.unit_id);
END $$;

CREATE FUNCTION gate.event_source_make(p_name text, p_system uuid, p_unit uuid, p_token text, p_key text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.setting_up();
    made uuid := gen_random_uuid();
BEGIN
    INSERT INTO public.ops_eventsource (id, name, system_id, unit_id, token_hash, signing_key, active)
    VALUES (made, p_name, p_system, p_unit, gate.hash(p_token), convert_to(p_key, 'UTF8'), true);
    PERFORM gate.duty_log(g, 'event_source', p_name, jsonb_build_object('source', jsonb_build_array(made)));
    RETURN made;
END $$;

CREATE FUNCTION gate.event_source_end(p_source uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.setting_up();
    told text;
BEGIN
    UPDATE public.ops_eventsource SET active = false WHERE id = p_source AND active RETURNING name INTO told;
    IF told IS NOT NULL THEN
        PERFORM gate.duty_log(g, 'event_source_end', told, jsonb_build_object('source', jsonb_build_array(p_source)));
    END IF;
    RETURN told IS NOT NULL;
END $$;

-- What the agreement of the record community says of who runs it, now: {number, since, host, operator}; NULL where there is none in force.
CREATE FUNCTION gate.duty_agreement() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN (SELECT jsonb_build_object('number', v.number, 'since', v.valid_from, 'host', h.name, 'operator', o.name, 'operator_id', o.id, 'controller', v.controller)
        FROM public.access_agreementversion v JOIN public.access_legalentity h ON h.id = v.host_id JOIN public.access_legalentity o ON o.id = v.operator_id
        WHERE v.valid_from <= g.at AND (v.valid_to IS NULL OR g.at < v.valid_to) ORDER BY v.valid_from DESC LIMIT 1);
END $$;

GRANT EXECUTE ON FUNCTION
    gate.duty_holders(text, uuid), gate.duty_system(uuid, jsonb), gate.duty_terms(uuid, jsonb), gate.duty_party(uuid, jsonb), gate.duty_people(uuid), gate.duty_contact(text, text),
    gate.duty_roster(uuid, jsonb), gate.sets_up_roster(uuid), gate.shift_plan_begin(), gate.event_sources(), gate.event_source_make(text, uuid, uuid, text, text),
    gate.event_source_end(uuid), gate.duty_agreement() TO epj_app;
