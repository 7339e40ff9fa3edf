-- The person's own things beside the session: roles to choose from, PIN, second factor, and what log-in leaves behind.

-- Live and ended authorisations of the session's person: what each opens now, and what it may write (picture 02).
DROP FUNCTION gate.my_roles(text);
CREATE FUNCTION gate.my_roles(secret text) RETURNS TABLE (
    authorisation_id uuid, role_code text, role_name text, unit_name text, unit_kind text, entity_name text,
    valid_from timestamptz, valid_to timestamptz, live boolean, chosen boolean, may_chart boolean, reviews_log boolean,
    administers_access boolean, is_custodian boolean, patients bigint, admitted bigint, expected bigint, writes text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.id, r.code::text, r.name, o.name, o.kind::text, e.name, a.valid_from, a.valid_to, live.now, a.id = s.authorisation_id,
        r.may_chart, r.reviews_log, r.administers_access, r.is_custodian, seen.patients, seen.admitted, seen.expected,
        ARRAY(SELECT c.name FROM public.access_infocategory c WHERE r.may_chart AND EXISTS (
            SELECT 1 FROM gate.rights_in_force(r.id, gate.clock()) rr WHERE rr.category_id = c.code AND rr.actions & 4 <> 0)
            ORDER BY c.code)
    FROM gate.session_of(secret) s
    JOIN public.access_accessauthorisation a ON a.user_id = s.user_id
    JOIN public.access_roletemplate r ON r.id = a.role_id
    JOIN public.access_orgunit o ON o.id = a.unit_id
    JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    CROSS JOIN LATERAL (
        SELECT a.valid_from <= gate.clock() AND (a.valid_to IS NULL OR gate.clock() < a.valid_to) AS now
    ) live
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT m.patient_id) AS patients,
            count(DISTINCT m.patient_id) FILTER (WHERE t.code = 'ADMITTED') AS admitted,
            count(DISTINCT m.patient_id) FILTER (WHERE t.code = 'NOTIFIED') AS expected
        FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        WHERE live.now AND m.unit_id = o.id AND m.starts_at <= gate.clock() AND (m.ends_at IS NULL OR m.ends_at > gate.clock())
            AND EXISTS (SELECT 1 FROM gate.rights_in_force(r.id, gate.clock()) rr WHERE rr.template_id = m.template_id)
    ) seen
    WHERE s.locked_at IS NULL AND a.valid_from <= gate.clock()
    ORDER BY live.now DESC, o.name, r.name;
END $$;

-- 'set', 'skipped' (asked once, not wanted) or '' (not asked yet).
CREATE FUNCTION gate.pin_state(secret text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN c.pin_verifier IS NOT NULL THEN 'set' ELSE c.pin_params END
    FROM public.access_credential c WHERE c.user_id = (gate.session_of(secret)).user_id
$$;

CREATE FUNCTION gate.skip_pin(secret text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.access_credential SET pin_params = 'skipped'
    WHERE user_id = (gate.session_of(secret)).user_id AND pin_verifier IS NULL
$$;

-- A one-time code is good once: the counter it came from is remembered as long as codes near it would be taken.
CREATE FUNCTION gate.second_factor_code(secret text, counter bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    used text := 'code:' || s.user_id || ':' || counter;
    fresh boolean := counter IS NOT NULL;
BEGIN
    PERFORM 1 FROM public.access_credential c WHERE c.user_id = s.user_id FOR UPDATE;
    IF fresh THEN
        fresh := NOT EXISTS (SELECT 1 FROM public.access_loginattempt a WHERE a.key = used);
        INSERT INTO public.access_loginattempt (key, at) VALUES (used, gate.clock());
    END IF;
    RETURN gate.second_factor(secret, fresh);
END $$;

-- After log-in: the same person's locked sessions on this device are of no more use, and old attempts need not be kept.
CREATE FUNCTION gate.settle_login(secret text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
BEGIN
    UPDATE public.access_session SET ended_at = gate.clock()
    WHERE user_id = s.user_id AND device_hash = s.device_hash AND locked_at IS NOT NULL AND ended_at IS NULL AND id <> s.id;
    DELETE FROM public.access_loginattempt WHERE at < gate.clock() - interval '1 day';
END $$;

GRANT EXECUTE ON FUNCTION
    gate.my_roles(text), gate.pin_state(text), gate.skip_pin(text), gate.second_factor_code(text, bigint),
    gate.settle_login(text) TO epj_app;
REVOKE EXECUTE ON FUNCTION gate.second_factor(text, boolean) FROM epj_app;
