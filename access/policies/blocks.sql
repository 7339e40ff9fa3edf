-- Blocks on the patient's wish (R25): registered, lifted and told of. Each function checks who asks, and writes its own line in the log.
-- An administrator of access finds the patient by the whole number and learns who it is, and of the record dates and units, no more.

-- Who may register a block: one who treats the patient, or an administrator of access, with the patient opened and logged in this request.
CREATE FUNCTION gate.may_block(g gate.grant_t, p_patient uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT coalesce((g.administers_access OR g.may_chart) AND p_patient = ANY (g.subjects), false) $$;

-- The grant of one who may register blocks for the patient.
CREATE FUNCTION gate.blocking(p_patient uuid) RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF NOT gate.may_block(g, p_patient) THEN
        RAISE EXCEPTION 'this role may not register a block here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- Blocks of the patient that hit the acting person, in this role or in any other of the own ones that reads records. The administrating role
-- reads none, so a block against everyone can be lifted there.
CREATE FUNCTION gate.blocks_hitting(g gate.grant_t, p_patient uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT b.id FROM (
        SELECT a.role_id, a.unit_id, gate.holder(o.legal_entity_id, g.at) AS entity
        FROM public.access_accessauthorisation a JOIN public.access_orgunit o ON o.id = a.unit_id
        WHERE a.user_id = g.user_id AND (a.valid_to IS NULL OR g.at < a.valid_to)
            AND (a.id = g.authorisation_id AND NOT g.administers_access
                OR EXISTS (SELECT 1 FROM gate.rights_in_force(a.role_id, g.at) x WHERE x.actions & 2 <> 0))
    ) held CROSS JOIN LATERAL gate.blocks_for(g.user_id, held.role_id, held.unit_id, held.entity, g.at, ARRAY[p_patient]) b;
END $$;

CREATE FUNCTION gate.log_block(g gate.grant_t, p_action text, p_patient uuid, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', p_action, 'route', p_action));
BEGIN
    entry.reason := p_reason;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name
    FROM public.access_patient p WHERE p.id = p_patient;
    PERFORM auditlog.write(entry);
END $$;

-- The patient behind a whole number, for an administrator. Logged with and without a record.
CREATE FUNCTION gate.block_patient(p_number text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    found uuid := (SELECT i.patient_id FROM public.access_patientidentity i WHERE i.value = p_number LIMIT 1);
BEGIN
    PERFORM gate.log_block(g, 'block_find', found, '');
    RETURN found;
END $$;

-- Opens to an administrator who the patient is, with a line in the log, and nothing of the record: the mask is empty, and the patient
-- is among the careful, whom the rule is asked about row by row. False for one who does not exist.
CREATE FUNCTION gate.block_subject(p_patient uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.access_patient p WHERE p.id = p_patient) THEN
        RETURN false;
    END IF;
    IF NOT p_patient = ANY (g.subjects) THEN
        g.subjects := g.subjects || p_patient;
        g.read_masks := g.read_masks || 0;
        g.careful := g.careful || p_patient;
        PERFORM gate.log_block(g, 'block_view', p_patient, '');
        PERFORM gate.set_grant(g);
    END IF;
    RETURN true;
END $$;

-- What can be blocked one by one: date and unit, never title or kind. One who treats sees only what is open to that person.
CREATE FUNCTION gate.block_entries(p_patient uuid, p_from timestamptz, p_to timestamptz, p_limit int)
RETURNS TABLE (entry_id uuid, event_at timestamptz, unit_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
BEGIN
    RETURN QUERY
    SELECT e.entry_id, e.event_at, u.name FROM gate.entries_of(p_patient) e JOIN public.access_orgunit u ON u.id = e.unit_id
    WHERE e.kind NOT IN ('stay', 'noteversion') AND (p_from IS NULL OR e.event_at >= p_from) AND (p_to IS NULL OR e.event_at < p_to)
        AND (g.administers_access OR gate.allows(2, p_patient, e.category, e.document_type, e.stay_id, e.entry_id, e.origin_id,
            e.unit_id, e.entity_id, e.event_at))
    ORDER BY e.event_at DESC, e.entry_id LIMIT least(p_limit, 500);
END $$;

CREATE FUNCTION gate.block_stays(p_patient uuid) RETURNS TABLE (entry_id uuid, event_at timestamptz, unit_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
BEGIN
    RETURN QUERY
    SELECT e.entry_id, e.event_at, u.name FROM gate.entries_of(p_patient) e JOIN public.access_orgunit u ON u.id = e.unit_id
    WHERE e.kind = 'stay' AND (g.administers_access OR gate.allows(2, p_patient, e.category, e.document_type, e.stay_id, e.entry_id,
        e.origin_id, e.unit_id, e.entity_id, e.event_at))
    ORDER BY e.event_at DESC;
END $$;

-- One thing for one reader, as rows. A single entry brings along what it was before and became after (a medicine that was changed).
CREATE FUNCTION gate.block_add(g gate.grant_t, p_patient uuid, p_registration uuid, what jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one uuid;
    block uuid;
BEGIN
    IF what ->> 'scope' IS NULL OR what ->> 'target' IS NULL
        OR what ->> 'scope' IN ('entry', 'stay') AND NOT EXISTS (
            SELECT 1 FROM gate.entries_of(p_patient) e
            WHERE e.entry_id = coalesce((what ->> 'entry_id')::uuid, (what ->> 'stay_id')::uuid) AND (what ->> 'scope' = 'stay') = (e.kind = 'stay'))
        OR (CASE what ->> 'target'
            WHEN 'user' THEN NOT EXISTS (SELECT 1 FROM public.access_user x WHERE x.id = (what ->> 'target_id')::uuid)
            WHEN 'role' THEN NOT EXISTS (SELECT 1 FROM public.access_roletemplate x WHERE x.id = (what ->> 'target_id')::uuid)
            WHEN 'unit' THEN NOT EXISTS (SELECT 1 FROM public.access_orgunit x WHERE x.id = (what ->> 'target_id')::uuid)
            WHEN 'legal_entity' THEN NOT EXISTS (SELECT 1 FROM public.access_legalentity x WHERE x.id = (what ->> 'target_id')::uuid)
            ELSE false END)
    THEN
        RAISE EXCEPTION 'a block names one thing of this patient and one reader' USING ERRCODE = 'check_violation';
    END IF;
    FOR one IN SELECT x FROM unnest(gate.chain_of(p_patient, (what ->> 'entry_id')::uuid)) x LOOP
        block := gen_random_uuid();
        INSERT INTO public.access_accessblock (id, patient_id, registration_id, scope, category, document_type, stay_id, entry_id,
            entries_from, entries_to, target, target_id, valid_from, wish_of, registered_by_id, registered_at, lift_wish_of)
        SELECT block, p_patient, r.id, what ->> 'scope', (what ->> 'category')::smallint, what ->> 'document_type',
            (what ->> 'stay_id')::uuid, one, (what ->> 'entries_from')::timestamptz, (what ->> 'entries_to')::timestamptz,
            what ->> 'target', (what ->> 'target_id')::uuid, g.at, r.wish_of, g.user_id, g.at, ''
        FROM public.access_blockregistration r WHERE r.id = p_registration;
        INSERT INTO public.access_blockexception (id, block_id, user_id, unit_id)
        SELECT gen_random_uuid(), block, (x ->> 'user_id')::uuid, (x ->> 'unit_id')::uuid
        FROM jsonb_array_elements(coalesce(what -> 'exceptions', '[]')) x;
    END LOOP;
END $$;

-- The rows of one kind that continue each other, a single entry among them; {NULL} for a block that names no entry.
CREATE FUNCTION gate.chain_of(p_patient uuid, p_entry uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    WITH RECURSIVE e AS MATERIALIZED (SELECT x.entry_id, x.origin_id, x.kind FROM gate.entries_of(p_patient) x),
    chain AS (
        SELECT e.entry_id, e.origin_id, e.kind FROM e WHERE e.entry_id = p_entry
        UNION
        SELECT e.entry_id, e.origin_id, e.kind FROM chain JOIN e ON e.kind = chain.kind AND (e.entry_id = chain.origin_id OR e.origin_id = chain.entry_id)
    )
    SELECT coalesce(array_agg(chain.entry_id), ARRAY[p_entry]) FROM chain);
END $$;

-- Registers a wish: every block of it, or none. wish: {kind, wish_of, ground?, reason?}; whats: [{scope, category | document_type |
-- stay_id | entry_id, entries_from?, entries_to?, target, target_id?, exceptions: [{user_id | unit_id}]}].
-- check_violation with constraint block_leaves_nobody, and the units as detail, when those who treat now no longer could.
CREATE FUNCTION gate.blocks_set(p_patient uuid, whats jsonb, wish jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
    registration uuid;
    before uuid[] := gate.units_unable(g, p_patient);
    unable uuid[];
BEGIN
    registration := gate.blocks_write(g, p_patient, whats, wish);
    unable := gate.units_unable(g, p_patient);
    IF NOT unable <@ before THEN
        RAISE EXCEPTION 'nobody would be left to treat the patient' USING ERRCODE = 'check_violation', CONSTRAINT = 'block_leaves_nobody',
            DETAIL = (SELECT string_agg(o.name, '; ' ORDER BY o.name) FROM public.access_orgunit o WHERE o.id = ANY (unable) AND NOT o.id = ANY (before));
    END IF;
    PERFORM gate.log_block(g, 'block_set', p_patient, wish ->> 'wish_of');
    RETURN registration;
END $$;

CREATE FUNCTION gate.blocks_write(g gate.grant_t, p_patient uuid, whats jsonb, wish jsonb) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    registration uuid := gen_random_uuid();
BEGIN
    IF btrim(coalesce(wish ->> 'wish_of', '')) = '' OR wish ->> 'kind' NOT IN ('patient', 'representative') OR jsonb_array_length(whats) = 0 THEN
        RAISE EXCEPTION 'a block needs a scope, a target and whose wish it is' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_blockregistration (id, patient_id, wish_kind, wish_of, ground_id, reason, registered_by_id, registered_in_id, registered_at)
    VALUES (registration, p_patient, wish ->> 'kind', wish ->> 'wish_of', nullif(wish ->> 'ground', ''), coalesce(wish ->> 'reason', ''),
        g.user_id, g.unit_id, g.at);
    PERFORM gate.block_add(g, p_patient, registration, what) FROM jsonb_array_elements(whats) what;
    RETURN registration;
END $$;

-- Ends a registration's blocks, or one of them, from now on; what they were stays answerable. How many ended: 0 alike for what is
-- lifted, unknown, or another patient's. Nobody lifts a block that hits oneself, in whatever own role: the wish must reach somebody else.
CREATE FUNCTION gate.blocks_lift(p_patient uuid, p_registration uuid, p_block uuid, p_wish_of text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
    ended int;
BEGIN
    IF btrim(p_wish_of) = '' THEN
        RETURN 0;
    END IF;
    UPDATE public.access_accessblock b SET valid_to = greatest(g.at, b.valid_from), lifted_by_id = g.user_id, lift_wish_of = p_wish_of
    WHERE b.patient_id = p_patient AND (b.valid_to IS NULL OR b.valid_to > g.at)
        AND coalesce(b.registration_id, b.id) = p_registration AND (p_block IS NULL OR b.id = p_block)
        AND b.id NOT IN (SELECT gate.blocks_hitting(g, p_patient));
    GET DIAGNOSTICS ended = ROW_COUNT;
    IF ended > 0 THEN
        PERFORM gate.log_block(g, 'block_lift', p_patient, p_wish_of);
    END IF;
    RETURN ended;
END $$;

-- Every block of the patient with its history, for those who register. One who is hit by a block is not told of it here.
CREATE FUNCTION gate.blocks_of(p_patient uuid) RETURNS TABLE (
    block_id uuid, registration_id uuid, scope text, category text, document_type text, entry_id uuid, entry_at timestamptz, entry_unit text,
    entries_from timestamptz, entries_to timestamptz, target text, target_name text, exceptions text[],
    valid_from timestamptz, valid_to timestamptz, wish_kind text, wish_of text, ground text, reason text,
    registered_by text, registered_in text, lifted_by text, lift_wish_of text,
    assessed_at timestamptz, assessed_by text, may_harm boolean, consequences text, patient_told boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
BEGIN
    RETURN QUERY
    SELECT b.id, coalesce(b.registration_id, b.id), b.scope::text, c.name, d.name, coalesce(b.entry_id, b.stay_id), e.event_at, eu.name,
        b.entries_from, b.entries_to, b.target::text,
        CASE b.target
            WHEN 'user' THEN (SELECT x.given_name || ' ' || x.family_name FROM public.access_user x WHERE x.id = b.target_id)
            WHEN 'role' THEN (SELECT x.name FROM public.access_roletemplate x WHERE x.id = b.target_id)
            WHEN 'unit' THEN (SELECT x.name FROM public.access_orgunit x WHERE x.id = b.target_id)
            WHEN 'legal_entity' THEN (SELECT x.name FROM public.access_legalentity x WHERE x.id = b.target_id)
            ELSE '' END,
        ARRAY(SELECT coalesce(xu.given_name || ' ' || xu.family_name, xo.name) FROM public.access_blockexception x
            LEFT JOIN public.access_user xu ON xu.id = x.user_id LEFT JOIN public.access_orgunit xo ON xo.id = x.unit_id
            WHERE x.block_id = b.id ORDER BY 1),
        b.valid_from, b.valid_to, coalesce(r.wish_kind, 'patient')::text, b.wish_of, concat_ws(', ', l.name, nullif(l.reference, '')), coalesce(r.reason, ''),
        coalesce(ru.given_name || ' ' || ru.family_name, ''), coalesce(ro.name, ''), coalesce(lu.given_name || ' ' || lu.family_name, ''),
        b.lift_wish_of, a.assessed_at, coalesce(au.given_name || ' ' || au.family_name, ''), a.may_harm,
        CASE WHEN g.administers_access THEN '' ELSE a.consequences END, a.patient_told
    FROM public.access_accessblock b
    LEFT JOIN public.access_blockregistration r ON r.id = b.registration_id
    LEFT JOIN public.access_legalground l ON l.code = r.ground_id
    LEFT JOIN public.access_infocategory c ON c.code = b.category
    LEFT JOIN public.access_documenttype d ON d.code = b.document_type
    LEFT JOIN gate.entries_of(p_patient) e ON e.entry_id = coalesce(b.entry_id, b.stay_id)
    LEFT JOIN public.access_orgunit eu ON eu.id = e.unit_id
    LEFT JOIN public.access_user ru ON ru.id = b.registered_by_id
    LEFT JOIN public.access_orgunit ro ON ro.id = r.registered_in_id
    LEFT JOIN public.access_user lu ON lu.id = b.lifted_by_id
    LEFT JOIN LATERAL (
        SELECT x.* FROM public.access_blockassessment x WHERE x.registration_id = r.id ORDER BY x.assessed_at DESC LIMIT 1) a ON true
    LEFT JOIN public.access_user au ON au.id = a.assessed_by_id
    WHERE b.patient_id = p_patient AND b.id NOT IN (SELECT gate.blocks_hitting(g, p_patient))
    ORDER BY b.valid_to IS NOT NULL, b.valid_from DESC, coalesce(b.registration_id, b.id), e.event_at DESC;
END $$;

-- A letter to the patient was made; what stands in it comes from blocks_of.
CREATE FUNCTION gate.block_letter(p_patient uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.log_block(gate.blocking(p_patient), 'block_letter', p_patient, '');
END $$;

-- A doctor who treats the patient says what a block may lead to. It changes nothing else. False for a registration that is not there.
CREATE FUNCTION gate.block_assess(p_patient uuid, p_registration uuid, p_may_harm boolean, p_consequences text, p_told boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.access_roletemplate r WHERE r.id = g.role_id AND r.required_profession = 'doctor') THEN
        RAISE EXCEPTION 'a doctor assesses a block' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF btrim(p_consequences) = '' OR NOT EXISTS (
        SELECT 1 FROM public.access_blockregistration r WHERE r.id = p_registration AND r.patient_id = p_patient
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO public.access_blockassessment (id, registration_id, assessed_by_id, unit_id, assessed_at, may_harm, consequences, patient_told)
    VALUES (gen_random_uuid(), p_registration, g.user_id, g.unit_id, g.at, p_may_harm, p_consequences, p_told);
    PERFORM gate.log_block(g, 'block_assess', p_patient, '');
    RETURN true;
END $$;

-- What stands in law is data: an administrator corrects it when the law is renumbered. The log keeps what it said.
CREATE FUNCTION gate.legal_ground_save(p_code text, p_name text, p_reference text, p_in_use boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    entry public.auditlog_entry := gate.log_row(g, '{"action": "legal_ground", "route": "legal_grounds"}');
BEGIN
    UPDATE public.access_legalground SET name = p_name, reference = p_reference, in_use = p_in_use WHERE code = p_code AND btrim(p_name) <> '';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    entry.reason := concat_ws(', ', p_name, nullif(p_reference, ''));
    PERFORM auditlog.write(entry);
    RETURN true;
END $$;

GRANT SELECT ON access_legalground TO epj_app;
GRANT EXECUTE ON FUNCTION
    gate.block_patient(text), gate.block_subject(uuid), gate.block_entries(uuid, timestamptz, timestamptz, int), gate.block_stays(uuid),
    gate.blocks_set(uuid, jsonb, jsonb), gate.blocks_lift(uuid, uuid, uuid, text), gate.blocks_of(uuid), gate.block_letter(uuid),
    gate.block_assess(uuid, uuid, boolean, text, boolean), gate.legal_ground_save(text, text, text, boolean) TO epj_app;
