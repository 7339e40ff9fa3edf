-- A new person in the register: name, licence and a start password; and what an administrator may later change of them. Nobody does any of it
-- to oneself, and it takes two administrators to log in as somebody else: one for the password, another for the second factor.

INSERT INTO gate.setting VALUES ('start_password_days', 7);

-- Whether one of two people gave the other the start password. They do not count as two where two are needed.
CREATE FUNCTION gate.same_hand(p_one uuid, p_other uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.access_credential c
        WHERE (c.user_id = p_one AND c.start_given_by_id = p_other) OR (c.user_id = p_other AND c.start_given_by_id = p_one));
END $$;

-- The acting administrator, if this is a person he or she may change: not oneself, no system, and of a unit one holds (or of none).
CREATE FUNCTION gate.hiring(p_user uuid, p_reason text) RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    IF p_user = g.user_id OR NOT gate.answers_for(g, p_user) OR NOT EXISTS (SELECT 1 FROM public.access_user u WHERE u.id = p_user AND NOT u.is_system) THEN
        RAISE EXCEPTION 'not a person this administrator may change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'a reason is needed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN g;
END $$;

-- Whose a licence number is already, if another's: a number belongs to one person.
CREATE FUNCTION gate.licence_taken(p_number text, p_user uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM public.access_licence l WHERE l.hpr_number = p_number AND l.user_id IS DISTINCT FROM p_user)
$$;

-- {state: ok|username|number, user}. person: {username, given_name, family_name, initials}; licence: {profession, hpr_number, valid_from,
-- valid_to} or NULL. No role comes with it.
CREATE FUNCTION gate.user_create(p_person jsonb, p_licence jsonb, p_params text, p_candidate text, p_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    made uuid := gen_random_uuid();
    numbered boolean := p_licence ->> 'profession' IS NOT NULL;
BEGIN
    IF (btrim(p_reason) = '' OR (p_person ->> 'username') !~ '^[a-z0-9][a-z0-9._-]{2,79}$' OR btrim(p_person ->> 'given_name') = ''
            OR btrim(p_person ->> 'family_name') = '' OR numbered AND (p_licence ->> 'hpr_number') !~ '^[0-9]{7,9}$') IS NOT FALSE THEN
        RAISE EXCEPTION 'a person needs a name, a user name of its form, and a reason' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('gate.user_create', 0));
    IF EXISTS (SELECT 1 FROM public.access_user u WHERE u.username = p_person ->> 'username') THEN
        RETURN jsonb_build_object('state', 'username');
    END IF;
    IF numbered AND gate.licence_taken(p_licence ->> 'hpr_number', made) THEN
        RETURN jsonb_build_object('state', 'number');
    END IF;
    INSERT INTO public.access_user (id, username, given_name, family_name, initials, is_active, is_system)
    VALUES (made, p_person ->> 'username', btrim(p_person ->> 'given_name'), btrim(p_person ->> 'family_name'), left(p_person ->> 'initials', 4), true, false);
    INSERT INTO public.access_credential (user_id, password_params, password_verifier, totp_secret, pin_params, must_change, start_expires_at, start_given_by_id)
    VALUES (made, p_params, gate.verifier(p_candidate), '', '', true, g.at + make_interval(days => gate.setting('start_password_days')), g.user_id);
    IF numbered THEN
        INSERT INTO public.access_licence (id, user_id, profession, hpr_number, specialities, valid_from, valid_to)
        VALUES (gen_random_uuid(), made, p_licence ->> 'profession', p_licence ->> 'hpr_number', '{}',
            (p_licence ->> 'valid_from')::timestamptz, (p_licence ->> 'valid_to')::timestamptz);
    END IF;
    PERFORM gate.register_log(g, 'user_create', p_reason, jsonb_build_object('user', jsonb_build_array(made)));
    RETURN jsonb_build_object('state', 'ok', 'user', made);
END $$;

-- A new start password for one who has lost the old one. All sessions end. False where this administrator took the second factor away.
CREATE FUNCTION gate.start_password_give(p_user uuid, p_params text, p_candidate text, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.hiring(p_user, p_reason);
    c public.access_credential;
BEGIN
    SELECT x.* INTO c FROM public.access_credential x WHERE x.user_id = p_user FOR UPDATE;
    IF c.factor_removed_by_id = g.user_id THEN
        RETURN false;
    END IF;
    INSERT INTO public.access_credential AS x (user_id, password_params, password_verifier, totp_secret, pin_params, must_change, start_expires_at, start_given_by_id)
    VALUES (p_user, p_params, gate.verifier(p_candidate), '', '', true, g.at + make_interval(days => gate.setting('start_password_days')), g.user_id)
    ON CONFLICT (user_id) DO UPDATE SET password_params = p_params, password_verifier = gate.verifier(p_candidate), must_change = true,
        start_expires_at = EXCLUDED.start_expires_at, start_given_by_id = g.user_id, pin_params = '', pin_verifier = NULL;
    UPDATE public.access_session SET ended_at = g.at WHERE user_id = p_user AND purpose = '' AND ended_at IS NULL;
    DELETE FROM public.access_loginattempt WHERE key = 'user:' || (SELECT u.username FROM public.access_user u WHERE u.id = p_user);
    PERFORM gate.register_log(g, 'start_password', p_reason, jsonb_build_object('user', jsonb_build_array(p_user)));
    RETURN true;
END $$;

-- A lost telephone: the next log-in enrols a new one. All sessions end. False where this administrator gave the last start password.
CREATE FUNCTION gate.second_factor_remove(p_user uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.hiring(p_user, p_reason);
    c public.access_credential;
BEGIN
    SELECT x.* INTO c FROM public.access_credential x WHERE x.user_id = p_user FOR UPDATE;
    IF c.start_given_by_id = g.user_id THEN
        RETURN false;
    END IF;
    UPDATE public.access_credential SET totp_secret = '', factor_removed_by_id = g.user_id WHERE user_id = p_user;
    UPDATE public.access_session SET ended_at = g.at WHERE user_id = p_user AND purpose = '' AND ended_at IS NULL;
    PERFORM gate.register_log(g, 'second_factor_remove', p_reason, jsonb_build_object('user', jsonb_build_array(p_user)));
    RETURN true;
END $$;

-- Another licence. False where the number is somebody else's.
CREATE FUNCTION gate.licence_add(p_user uuid, p_profession text, p_number text, p_from timestamptz, p_to timestamptz, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.hiring(p_user, p_reason);
BEGIN
    IF p_number !~ '^[0-9]{7,9}$' THEN
        RAISE EXCEPTION 'a licence number has seven to nine digits' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('gate.user_create', 0));
    IF gate.licence_taken(p_number, p_user) THEN
        RETURN false;
    END IF;
    INSERT INTO public.access_licence (id, user_id, profession, hpr_number, specialities, valid_from, valid_to)
    VALUES (gen_random_uuid(), p_user, p_profession, p_number, '{}', p_from, p_to);
    PERFORM gate.register_log(g, 'licence_add', p_reason, jsonb_build_object('user', jsonb_build_array(p_user)));
    RETURN true;
END $$;

-- Another span for a licence. What stood there before goes into the log with the reason.
CREATE FUNCTION gate.licence_change(p_user uuid, p_licence uuid, p_from timestamptz, p_to timestamptz, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.hiring(p_user, p_reason);
    l public.access_licence;
BEGIN
    SELECT x.* INTO l FROM public.access_licence x WHERE x.id = p_licence AND x.user_id = p_user FOR UPDATE;
    IF l.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE public.access_licence SET valid_from = p_from, valid_to = p_to WHERE id = p_licence;
    PERFORM gate.register_log(g, 'licence_change', p_reason || ' [' || l.profession || ': '
        || to_char(l.valid_from AT TIME ZONE 'Europe/Oslo', 'DD.MM.YYYY') || '–' || coalesce(to_char(l.valid_to AT TIME ZONE 'Europe/Oslo', 'DD.MM.YYYY'), '')
        || ' → ' || to_char(p_from AT TIME ZONE 'Europe/Oslo', 'DD.MM.YYYY') || '–' || coalesce(to_char(p_to AT TIME ZONE 'Europe/Oslo', 'DD.MM.YYYY'), '') || ']',
        jsonb_build_object('user', jsonb_build_array(p_user)));
    RETURN true;
END $$;

-- People who may log in but hold nothing: new ones, and those whose roles have run out.
CREATE FUNCTION gate.people_without_role(p_words text[]) RETURNS TABLE (user_id uuid, family_name text, given_name text, username text, waiting boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT u.id, u.family_name, u.given_name, u.username::text, coalesce(c.must_change, false)
    FROM public.access_user u LEFT JOIN public.access_credential c ON c.user_id = u.id
    WHERE u.is_active AND NOT u.is_system
        AND NOT EXISTS (
            SELECT 1 FROM public.access_accessauthorisation a
            WHERE a.user_id = u.id AND a.ended_at IS NULL AND (a.valid_to IS NULL OR g.at < a.valid_to))
        AND NOT EXISTS (
            SELECT 1 FROM unnest(p_words) w
            WHERE strpos(gate.name_key(u.given_name || ' ' || u.family_name || ' ' || u.username), gate.name_key(w)) = 0)
    ORDER BY gate.name_key(u.family_name || ' ' || u.given_name) COLLATE "C" LIMIT 100;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.user_create(jsonb, jsonb, text, text, text), gate.start_password_give(uuid, text, text, text), gate.second_factor_remove(uuid, text),
    gate.licence_add(uuid, text, text, timestamptz, timestamptz, text), gate.licence_change(uuid, uuid, timestamptz, timestamptz, text),
    gate.people_without_role(text[]) TO epj_app;
