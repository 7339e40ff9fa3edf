-- Log-in, lock, hand-over. The database compares verifiers itself, so the web process cannot open a session without the
-- person's secret. `candidate` is the password's slow hash as raw bytes in hex; the verifier kept here is its sha256.

CREATE FUNCTION gate.verifier(candidate text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT sha256(decode(candidate, 'hex')) $$;

-- The public part of a person's hash. Unknown names get parameters too, always the same ones, so that they cannot be told apart.
CREATE FUNCTION gate.password_params(p_username text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(
        (SELECT c.password_params FROM public.access_credential c JOIN public.access_user u ON u.id = c.user_id
         WHERE u.username = p_username AND c.password_params <> ''),
        'argon2id$19456$2$1$' || left(gate.mac('params:' || p_username), 32))
$$;

CREATE FUNCTION gate.attempts(p_key text) RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*)::int FROM public.access_loginattempt WHERE key = p_key AND at > gate.clock() - interval '15 minutes'
$$;

-- {state: ok|wrong|wait}. Five wrong tries for a name, or thirty from one address, within 15 minutes: wait.
CREATE FUNCTION gate.login(p_username text, candidate text, new_secret text, device_secret text, p_device_name text, address text)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person public.access_user;
    live uuid[];
    entry public.auditlog_entry;
    session_id uuid := gen_random_uuid();
BEGIN
    entry.action := 'login';
    entry.device := p_device_name;
    -- One at a time for a name: guesses sent together would not see each other's failures.
    PERFORM pg_advisory_xact_lock(hashtextextended('gate.login:' || p_username, 0));
    IF gate.attempts('user:' || p_username) >= 5 OR gate.attempts('address:' || address) >= 30 THEN
        RETURN jsonb_build_object('state', 'wait');
    END IF;
    SELECT u.* INTO person FROM public.access_user u JOIN public.access_credential c ON c.user_id = u.id
    WHERE u.username = p_username AND u.is_active AND NOT u.is_system AND c.password_verifier = gate.verifier(candidate);
    IF person.id IS NULL THEN
        INSERT INTO public.access_loginattempt (key, at) VALUES ('user:' || p_username, gate.clock()), ('address:' || address, gate.clock());
        SELECT u.id, u.given_name || ' ' || u.family_name INTO entry.user_id, entry.user_name
        FROM public.access_user u WHERE u.username = p_username;
        entry.outcome := 'deny';
        entry.reason_code := 'wrong_password';
        PERFORM auditlog.write(entry);
        RETURN jsonb_build_object('state', 'wrong');
    END IF;
    DELETE FROM public.access_loginattempt WHERE key = 'user:' || p_username;
    live := ARRAY(
        SELECT a.id FROM public.access_accessauthorisation a
        WHERE a.user_id = person.id AND a.valid_from <= gate.clock() AND (a.valid_to IS NULL OR gate.clock() < a.valid_to));
    INSERT INTO public.access_session (id, user_id, secret_hash, device_hash, device_name, authorisation_id, purpose, second_factor,
        created_at, last_seen_at, expires_at, pin_failures)
    VALUES (session_id, person.id, gate.hash(new_secret), gate.hash(device_secret), p_device_name,
        CASE WHEN cardinality(live) = 1 THEN live[1] END, '', false,
        gate.clock(), gate.clock(), gate.clock() + make_interval(hours => gate.setting('session_hours')), 0);
    entry.user_id := person.id;
    entry.user_name := person.given_name || ' ' || person.family_name;
    entry.session_id := session_id;
    entry.outcome := 'allow';
    PERFORM auditlog.write(entry);
    RETURN jsonb_build_object('state', 'ok', 'session_id', session_id, 'roles', cardinality(live));
END $$;

-- The sealed second-factor secret of the session's own person; empty when none is set up.
CREATE FUNCTION gate.second_factor_secret(secret text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.totp_secret FROM public.access_credential c WHERE c.user_id = (gate.session_of(secret)).user_id
$$;

CREATE FUNCTION gate.second_factor_enrol(secret text, sealed text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.access_credential SET totp_secret = sealed
    WHERE user_id = (gate.session_of(secret)).user_id AND totp_secret = '' RETURNING true
$$;

-- A step of the session itself in the log: a code, a log-out.
CREATE FUNCTION gate.log_session(s public.access_session, p_action text, p_outcome text, p_reason_code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry;
BEGIN
    entry.action := p_action;
    entry.outcome := p_outcome;
    entry.reason_code := p_reason_code;
    entry.session_id := s.id;
    entry.user_id := s.user_id;
    entry.device := s.device_name;
    SELECT u.given_name || ' ' || u.family_name INTO entry.user_name FROM public.access_user u WHERE u.id = s.user_id;
    PERFORM auditlog.write(entry);
END $$;

-- Tells whether the code held. A wrong one counts as a failed log-in; five end the session.
CREATE FUNCTION gate.second_factor(secret text, passed boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
BEGIN
    IF s.id IS NOT NULL AND NOT s.second_factor THEN
        PERFORM gate.log_session(s, 'second_factor', CASE WHEN passed THEN 'allow' ELSE 'deny' END, CASE WHEN passed THEN '' ELSE 'wrong_code' END);
    END IF;
    UPDATE public.access_session SET
        second_factor = passed,
        pin_failures = CASE WHEN passed THEN 0 ELSE pin_failures + 1 END,
        ended_at = CASE WHEN NOT passed AND pin_failures >= 4 THEN gate.clock() END
    WHERE id = s.id AND NOT second_factor;
    RETURN passed AND FOUND;
END $$;

-- Live and ended authorisations of the session's person, and how many patients each opens now (picture 02).
CREATE FUNCTION gate.my_roles(secret text) RETURNS TABLE (
    authorisation_id uuid, role_name text, unit_name text, entity_name text, valid_from timestamptz, valid_to timestamptz,
    live boolean, chosen boolean, patients bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.id, r.name, o.name, e.name, a.valid_from, a.valid_to,
        a.valid_from <= gate.clock() AND (a.valid_to IS NULL OR gate.clock() < a.valid_to), a.id = s.authorisation_id,
        (SELECT count(DISTINCT m.patient_id) FROM public.access_decidedmeasure m
         WHERE m.unit_id = o.id AND m.starts_at <= gate.clock() AND (m.ends_at IS NULL OR m.ends_at > gate.clock())
            AND EXISTS (SELECT 1 FROM public.access_roleright rr WHERE rr.role_id = r.id AND rr.template_id = m.template_id))
    FROM gate.session_of(secret) s
    JOIN public.access_accessauthorisation a ON a.user_id = s.user_id
    JOIN public.access_roletemplate r ON r.id = a.role_id
    JOIN public.access_orgunit o ON o.id = a.unit_id
    JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    ORDER BY 7 DESC, o.name
$$;

CREATE FUNCTION gate.choose_role(secret text, authorisation uuid, request jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    g gate.grant_t;
BEGIN
    IF gate.session_state(s) <> 'ok' THEN
        RETURN false;
    END IF;
    s.authorisation_id := authorisation;
    g := gate.actor_of(s);
    IF g.user_id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE public.access_session SET authorisation_id = authorisation, last_seen_at = gate.clock() WHERE id = s.id;
    g.request_id := (request ->> 'request_id')::uuid;
    PERFORM auditlog.write(gate.log_row(g, request));
    RETURN true;
END $$;

CREATE FUNCTION gate.lock(secret text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.access_session SET locked_at = gate.clock() WHERE id = (gate.session_of(secret)).id AND locked_at IS NULL
$$;

CREATE FUNCTION gate.logout(secret text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
BEGIN
    IF s.id IS NOT NULL THEN
        UPDATE public.access_session SET ended_at = gate.clock() WHERE id = s.id;
        PERFORM gate.log_session(s, 'logout', 'allow', '');
    END IF;
END $$;

-- Only past the second factor: a PIN opens the person's locked sessions, and those are past it.
CREATE FUNCTION gate.set_pin(secret text, params text, candidate text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.access_credential SET pin_params = params, pin_verifier = gate.verifier(candidate)
    WHERE user_id = (SELECT s.user_id FROM gate.session_of(secret) s
        WHERE s.locked_at IS NULL AND s.purpose = '' AND (s.second_factor OR gate.setting('second_factor_required') = 0)) RETURNING true
$$;

-- Sessions waiting locked on this device: who, since when, and whether a PIN can open them.
CREATE FUNCTION gate.locked_here(device_secret text) RETURNS TABLE (
    session_id uuid, display text, initials text, role_name text, unit_name text, locked_at timestamptz, pin_params text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id, u.given_name || ' ' || u.family_name, u.initials, r.name, o.name, s.locked_at,
        CASE WHEN s.pin_failures < 5 THEN c.pin_params ELSE '' END
    FROM public.access_session s
    JOIN public.access_user u ON u.id = s.user_id
    JOIN public.access_credential c ON c.user_id = u.id
    LEFT JOIN public.access_accessauthorisation a ON a.id = s.authorisation_id
    LEFT JOIN public.access_roletemplate r ON r.id = a.role_id
    LEFT JOIN public.access_orgunit o ON o.id = a.unit_id
    WHERE s.device_hash = gate.hash(device_secret) AND s.locked_at IS NOT NULL AND s.ended_at IS NULL AND gate.clock() < s.expires_at
    ORDER BY s.locked_at DESC
$$;

-- {state: ok|wrong|ended}. The PIN opens this locked session on this device only; five wrong tries end it.
-- The secret is changed, so a copy of the old cookie is worth nothing.
CREATE FUNCTION gate.unlock(device_secret text, p_session uuid, candidate text, new_secret text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session;
    entry public.auditlog_entry;
    held boolean;
BEGIN
    SELECT x.* INTO s FROM public.access_session x
    WHERE x.id = p_session AND x.device_hash = gate.hash(device_secret) AND x.locked_at IS NOT NULL AND x.ended_at IS NULL
        AND gate.clock() < x.expires_at
    FOR UPDATE;
    IF s.id IS NULL THEN
        RETURN jsonb_build_object('state', 'ended');
    END IF;
    SELECT c.pin_verifier = gate.verifier(candidate) INTO held FROM public.access_credential c WHERE c.user_id = s.user_id;
    entry.action := 'unlock';
    entry.session_id := s.id;
    entry.user_id := s.user_id;
    entry.device := s.device_name;
    entry.outcome := CASE WHEN held THEN 'allow' ELSE 'deny' END;
    SELECT u.given_name || ' ' || u.family_name INTO entry.user_name FROM public.access_user u WHERE u.id = s.user_id;
    PERFORM auditlog.write(entry);
    IF held THEN
        UPDATE public.access_session SET locked_at = NULL, last_seen_at = gate.clock(), pin_failures = 0, secret_hash = gate.hash(new_secret)
        WHERE id = s.id;
        RETURN jsonb_build_object('state', 'ok');
    END IF;
    UPDATE public.access_session SET pin_failures = pin_failures + 1, ended_at = CASE WHEN pin_failures >= 4 THEN gate.clock() END
    WHERE id = s.id;
    RETURN jsonb_build_object('state', CASE WHEN s.pin_failures >= 4 THEN 'ended' ELSE 'wrong' END, 'left', 4 - s.pin_failures);
END $$;

GRANT EXECUTE ON FUNCTION
    gate.password_params(text), gate.login(text, text, text, text, text, text), gate.second_factor_secret(text),
    gate.second_factor_enrol(text, text), gate.second_factor(text, boolean), gate.my_roles(text),
    gate.choose_role(text, uuid, jsonb), gate.lock(text), gate.logout(text), gate.set_pin(text, text, text),
    gate.locked_here(text), gate.unlock(text, uuid, text, text) TO epj_app;
