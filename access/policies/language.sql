-- The language of the pages is the person's own. It opens nothing, so a session that still lacks its second factor is answered too.

-- The language of the session's person after log-in or unlocking: what was picked on the log-in page just before becomes the person's own. '' is none chosen.
CREATE FUNCTION gate.settle_language(secret text, picked text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person uuid := (gate.session_of(secret)).user_id;
BEGIN
    IF picked <> '' THEN
        UPDATE public.access_user SET language = picked WHERE id = person AND language <> picked;
    END IF;
    RETURN coalesce((SELECT u.language FROM public.access_user u WHERE u.id = person), '');
END $$;

-- Chosen on the account page. False: no session that may.
CREATE FUNCTION gate.choose_language(secret text, picked text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.own_session(secret, false);
BEGIN
    UPDATE public.access_user SET language = picked WHERE id = s.user_id;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION gate.settle_language(text, text), gate.choose_language(text, text) TO epj_app;
