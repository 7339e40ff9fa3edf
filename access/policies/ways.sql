-- Ways to a patient: the number that opens nothing, one's own other role, and the list of one's own.

-- A visible patient answers whatever kind of number it is; for others only the population register does, record or not.
CREATE OR REPLACE FUNCTION gate.lookup_number(p_number text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
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

GRANT EXECUTE ON FUNCTION
    gate.lookup_number(text), gate.refused_number(text, text, jsonb), gate.other_role(text, text), gate.my_patients(uuid, int)
    TO epj_app;
