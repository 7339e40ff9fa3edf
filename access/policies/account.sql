-- The person's own account: password, second factor, PIN and sessions. The database compares the password itself, also for one who is logged in.

-- Whether a candidate is the password of the session's person: ok, wrong or wait. A wrong one counts as a failed log-in of the name.
CREATE FUNCTION gate.password_holds(s public.access_session, candidate text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := (SELECT u.username FROM public.access_user u WHERE u.id = s.user_id);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('gate.login:' || name, 0));
    IF gate.attempts('user:' || name) >= 5 THEN
        RETURN 'wait';
    END IF;
    IF EXISTS (SELECT 1 FROM public.access_credential c WHERE c.user_id = s.user_id AND c.password_verifier = gate.verifier(candidate)) THEN
        RETURN 'ok';
    END IF;
    INSERT INTO public.access_loginattempt (key, at) VALUES ('user:' || name, gate.clock());
    PERFORM gate.log_session(s, 'password_check', 'deny', 'wrong_password');
    RETURN 'wrong';
END $$;

-- The session of a person who has passed the second factor; a start password's session counts too where `starting`.
CREATE FUNCTION gate.own_session(secret text, starting boolean) RETURNS public.access_session
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    state text := gate.session_state(s);
BEGIN
    IF s.purpose <> '' OR state <> 'ok' AND NOT (starting AND state = 'new_password') THEN
        s := NULL;
    END IF;
    RETURN s;
END $$;

CREATE FUNCTION gate.end_other_sessions(s public.access_session) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended int;
BEGIN
    UPDATE public.access_session SET ended_at = gate.clock()
    WHERE user_id = s.user_id AND id <> s.id AND purpose = '' AND ended_at IS NULL AND gate.clock() < expires_at;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- A new password for the old one: ok, wrong, wait or none (no session that may). All other sessions of the person end.
CREATE FUNCTION gate.password_change(secret text, candidate text, new_params text, new_candidate text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.own_session(secret, true);
    held text;
BEGIN
    IF s.id IS NULL THEN
        RETURN 'none';
    END IF;
    held := gate.password_holds(s, candidate);
    IF held = 'ok' THEN
        UPDATE public.access_credential
        SET password_params = new_params, password_verifier = gate.verifier(new_candidate), must_change = false, start_expires_at = NULL, password_set_at = gate.clock()
        WHERE user_id = s.user_id;
        UPDATE public.access_session SET must_change = false WHERE id = s.id;
        PERFORM gate.end_other_sessions(s);
        PERFORM gate.log_session(s, 'password_change', 'allow', '');
    END IF;
    RETURN held;
END $$;

-- Another telephone: the new key takes the old one's place. ok, wrong, wait or none.
CREATE FUNCTION gate.second_factor_change(secret text, candidate text, sealed text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.own_session(secret, false);
    held text;
BEGIN
    IF s.id IS NULL THEN
        RETURN 'none';
    END IF;
    held := gate.password_holds(s, candidate);
    IF held = 'ok' THEN
        UPDATE public.access_credential SET totp_secret = sealed, factor_removed_by_id = NULL WHERE user_id = s.user_id;
        UPDATE public.access_session SET second_factor = true WHERE id = s.id;
        PERFORM gate.end_other_sessions(s);
        PERFORM gate.log_session(s, 'second_factor_change', 'allow', '');
    END IF;
    RETURN held;
END $$;

-- The first key, or the one after an administrator took the old one away (session.sql has the same without that).
CREATE OR REPLACE FUNCTION gate.second_factor_enrol(secret text, sealed text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.access_credential SET totp_secret = sealed, factor_removed_by_id = NULL
    WHERE user_id = (gate.session_of(secret)).user_id AND totp_secret = '' RETURNING true
$$;

-- A PIN opens the person's locked sessions, so it is set past the second factor only. Just after log-in the first one needs no password; a
-- changed one, or one set later, does: somebody else may be sitting at the machine. ok, wrong, wait, asks (for the password) or none.
CREATE FUNCTION gate.set_pin(secret text, params text, candidate text, p_password text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.own_session(secret, false);
    held text := 'ok';
BEGIN
    IF s.id IS NULL THEN
        RETURN 'none';
    END IF;
    IF gate.pin_asks(secret) THEN
        held := CASE WHEN p_password IS NULL THEN 'asks' ELSE gate.password_holds(s, p_password) END;
    END IF;
    IF held = 'ok' THEN
        UPDATE public.access_credential SET pin_params = params, pin_verifier = gate.verifier(candidate) WHERE user_id = s.user_id;
        PERFORM gate.log_session(s, 'pin_set', 'allow', '');
    END IF;
    RETURN held;
END $$;

-- Whether setting a PIN takes the password.
CREATE FUNCTION gate.pin_asks(secret text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.pin_verifier IS NOT NULL OR s.created_at < gate.clock() - interval '10 minutes'
    FROM gate.session_of(secret) s JOIN public.access_credential c ON c.user_id = s.user_id
$$;

-- What the person's account page says: when the password was set and by whom the last start password was given.
CREATE FUNCTION gate.my_account(secret text) RETURNS TABLE (
    username text, password_set_at timestamptz, has_factor boolean, has_pin boolean, start_given_by text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.own_session(secret, true);
BEGIN
    RETURN QUERY
    SELECT u.username::text, c.password_set_at, coalesce(c.totp_secret <> '', false), c.pin_verifier IS NOT NULL, coalesce(b.given_name || ' ' || b.family_name, '')
    FROM public.access_user u
    LEFT JOIN public.access_credential c ON c.user_id = u.id LEFT JOIN public.access_user b ON b.id = c.start_given_by_id
    WHERE u.id = s.user_id;
END $$;

-- Where the person is logged in now, the present session first.
CREATE FUNCTION gate.my_sessions(secret text) RETURNS TABLE (
    session_id uuid, device text, created_at timestamptz, last_seen_at timestamptz, locked boolean, present boolean, role_name text, unit_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.own_session(secret, false);
BEGIN
    RETURN QUERY
    SELECT x.id, x.device_name, x.created_at, x.last_seen_at, x.locked_at IS NOT NULL, x.id = s.id, r.name, o.name
    FROM public.access_session x
    LEFT JOIN public.access_accessauthorisation a ON a.id = x.authorisation_id
    LEFT JOIN public.access_roletemplate r ON r.id = a.role_id
    LEFT JOIN public.access_orgunit o ON o.id = a.unit_id
    WHERE x.user_id = s.user_id AND x.purpose = '' AND x.ended_at IS NULL AND gate.clock() < x.expires_at
    ORDER BY x.id = s.id DESC, x.last_seen_at DESC;
END $$;

-- Ends one of the person's other sessions, or all of them (NULL). Returns how many.
CREATE FUNCTION gate.my_session_end(secret text, p_session uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.own_session(secret, false);
    ended int;
BEGIN
    IF p_session IS NULL THEN
        ended := gate.end_other_sessions(s);
    ELSE
        UPDATE public.access_session SET ended_at = gate.clock()
        WHERE id = p_session AND user_id = s.user_id AND id <> s.id AND purpose = '' AND ended_at IS NULL AND gate.clock() < expires_at;
        GET DIAGNOSTICS ended = ROW_COUNT;
    END IF;
    IF ended > 0 THEN
        PERFORM gate.log_session(s, 'own_session_end', 'allow', '');
    END IF;
    RETURN ended;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.password_change(text, text, text, text), gate.second_factor_change(text, text, text), gate.set_pin(text, text, text, text),
    gate.pin_asks(text), gate.my_account(text), gate.my_sessions(text), gate.my_session_end(text, uuid) TO epj_app;
