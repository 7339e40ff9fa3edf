-- Ways to a patient: the number that opens nothing, one's own other role, the list of one's own, and blocks on the patient's wish.

-- A visible patient answers whatever kind of number it is; for others only the population register does, record or not.
CREATE OR REPLACE FUNCTION gate.lookup_number(p_number text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    visible uuid;
BEGIN
    SELECT i.patient_id INTO visible FROM public.access_patientidentity i
    WHERE i.value = p_number AND EXISTS (
        SELECT 1 FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ARRAY[i.patient_id]) x WHERE x.actions & 1 <> 0)
    LIMIT 1;
    IF visible IS NOT NULL THEN
        RETURN jsonb_build_object('number', p_number, 'patient_id', visible);
    END IF;
    RETURN (
        SELECT jsonb_build_object('number', r.number, 'family_name', r.family_name, 'given_name', r.given_name,
            'birth_date', r.birth_date, 'sex', r.sex, 'deceased_at', r.deceased_at, 'municipality_number', r.municipality_number,
            'patient_id', NULL)
        FROM public.access_registerperson r WHERE r.number = p_number);
END $$;

-- Logs that a number was looked up without access. The row carries the patient when there is one; the caller is not told.
CREATE FUNCTION gate.refused_number(secret text, p_number text, request jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT gate.refused(secret, (SELECT i.patient_id FROM public.access_patientidentity i WHERE i.value = p_number LIMIT 1),
        'deny', 'number_without_access', request)
$$;

-- The person's own other live role that would open this record: the denial page offers the switch (R22).
CREATE FUNCTION gate.other_role(secret text, p_number text) RETURNS TABLE (
    authorisation_id uuid, role_name text, unit_name text, patient_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    mine uuid := s.authorisation_id;
    found uuid;
    a record;
    g gate.grant_t;
BEGIN
    SELECT i.patient_id INTO found FROM public.access_patientidentity i WHERE i.value = p_number LIMIT 1;
    FOR a IN
        SELECT x.id, r.name AS role_name, o.name AS unit_name
        FROM public.access_accessauthorisation x
        JOIN public.access_roletemplate r ON r.id = x.role_id JOIN public.access_orgunit o ON o.id = x.unit_id
        WHERE x.user_id = s.user_id AND x.id <> mine AND s.locked_at IS NULL AND found IS NOT NULL
        ORDER BY o.name
    LOOP
        s.authorisation_id := a.id;
        g := gate.actor_of(s);
        IF g.user_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ARRAY[found]) x WHERE x.actions & 1 <> 0
        ) THEN
            RETURN QUERY SELECT a.id, a.role_name, a.unit_name, found;
            RETURN;
        END IF;
    END LOOP;
END $$;

-- One page of one's own patients, after a patient of that list. A name has no place in an address, so only the id is given.
DROP FUNCTION gate.my_patients(text, uuid, int);
CREATE FUNCTION gate.my_patients(after_id uuid, page int) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    after_name text COLLATE "C";
BEGIN
    SELECT p.sort_name INTO after_name FROM public.access_patient p
    WHERE p.id = after_id AND EXISTS (SELECT 1 FROM gate.known_patients(g) k WHERE k = after_id);
    RETURN ARRAY(
        SELECT p.id FROM gate.known_patients(g) k JOIN public.access_patient p ON p.id = k
        WHERE after_name IS NULL OR (p.sort_name, p.id) > (after_name, after_id)
        ORDER BY p.sort_name, p.id LIMIT least(page, 101));
END $$;

-- Who may register a block: one who treats the patient, or an administrator of access.
CREATE FUNCTION gate.may_block(g gate.grant_t, p_patient uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT g.administers_access OR (g.may_chart AND p_patient = ANY (g.subjects)) $$;

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

-- Registers a block on the patient's wish (R25). what: {scope, category | document_type | stay_id | entry_id, entries_from?, entries_to?,
-- target, target_id?, exceptions: [{user_id | unit_id}]}. A block for everyone without exception on the whole record or a
-- category, while a unit is treating the patient, would leave nobody able to treat: check_violation.
CREATE FUNCTION gate.block_set(p_patient uuid, what jsonb, p_wish_of text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    block uuid := gen_random_uuid();
    excepted jsonb := coalesce(what -> 'exceptions', '[]');
BEGIN
    IF NOT gate.may_block(g, p_patient) THEN
        RAISE EXCEPTION 'this role may not register a block here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF btrim(p_wish_of) = '' OR what ->> 'scope' IS NULL OR what ->> 'target' IS NULL THEN
        RAISE EXCEPTION 'a block needs a scope, a target and whose wish it is' USING ERRCODE = 'check_violation';
    END IF;
    IF what ->> 'target' = 'everyone' AND what ->> 'scope' IN ('record', 'category') AND jsonb_array_length(excepted) = 0 AND EXISTS (
        SELECT 1 FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        WHERE m.patient_id = p_patient AND t.code IN ('ADMITTED', 'SERVICE_HEALTH', 'SERVICE_PRACTICAL')
            AND m.starts_at <= g.at AND (m.ends_at IS NULL OR g.at < m.ends_at)
    ) THEN
        RAISE EXCEPTION 'nobody would be left to treat the patient' USING ERRCODE = 'check_violation', CONSTRAINT = 'block_leaves_nobody';
    END IF;
    INSERT INTO public.access_accessblock (id, patient_id, scope, category, document_type, stay_id, entry_id, entries_from, entries_to,
        target, target_id, valid_from, wish_of, registered_by_id, registered_at)
    VALUES (block, p_patient, what ->> 'scope', (what ->> 'category')::smallint, what ->> 'document_type', (what ->> 'stay_id')::uuid,
        (what ->> 'entry_id')::uuid, (what ->> 'entries_from')::timestamptz, (what ->> 'entries_to')::timestamptz,
        what ->> 'target', (what ->> 'target_id')::uuid, g.at, p_wish_of, g.user_id, g.at);
    INSERT INTO public.access_blockexception (id, block_id, user_id, unit_id)
    SELECT gen_random_uuid(), block, (x ->> 'user_id')::uuid, (x ->> 'unit_id')::uuid FROM jsonb_array_elements(excepted) x;
    PERFORM gate.log_block(g, 'block_set', p_patient, p_wish_of);
    RETURN block;
END $$;

-- Ends a block from now on; what it was stays answerable. False alike for one that is lifted, unknown, or not ours to lift.
CREATE FUNCTION gate.block_lift(p_block uuid, p_wish_of text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    b public.access_accessblock;
BEGIN
    SELECT x.* INTO b FROM public.access_accessblock x WHERE x.id = p_block FOR UPDATE;
    IF b.id IS NULL OR b.valid_to <= g.at OR btrim(p_wish_of) = '' OR NOT gate.may_block(g, b.patient_id) THEN
        RETURN false;
    END IF;
    UPDATE public.access_accessblock SET valid_to = greatest(g.at, valid_from), lifted_by_id = g.user_id WHERE id = p_block;
    PERFORM gate.log_block(g, 'block_lift', b.patient_id, p_wish_of);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.lookup_number(text), gate.refused_number(text, text, jsonb), gate.other_role(text, text), gate.my_patients(uuid, int),
    gate.block_set(uuid, jsonb, text), gate.block_lift(uuid, text) TO epj_app;
