-- The employee's side: who was asked answers, whatever role or unit he or she works in now. It takes a live, unlocked session and opens no record.

CREATE FUNCTION gate.asked_person(secret text) RETURNS gate.grant_t
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    g gate.grant_t;
BEGIN
    IF gate.session_state(s) <> 'ok' OR s.purpose <> '' THEN
        RAISE EXCEPTION 'no live session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    g := gate.actor_of(s);
    g.user_id := s.user_id;
    g.session_id := s.id;
    g.at := gate.clock();
    g.purpose := 'case_answer';
    RETURN g;
END $$;

-- How many questions wait for this person's answer: the number in the menu.
CREATE FUNCTION gate.questions_waiting(p_user uuid) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    SELECT count(*) FROM public.access_reviewcase c WHERE c.user_id = p_user AND c.state = 'asked');
END $$;

-- The person's own cases where something was asked, newest first. Only who asked, when, and which access it was about.
CREATE FUNCTION gate.my_questions(secret text, p_case uuid, request jsonb) RETURNS TABLE (
    id uuid, kind text, state text, verdict text, reason text, happened_at timestamptz, answer_due timestamptz, closed_at timestamptz,
    unit_name text, patient_name text, asked_at timestamptz, asked_by text, question text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.asked_person(secret);
    found uuid[] := ARRAY(
        SELECT c.id FROM public.access_reviewcase c
        WHERE c.user_id = g.user_id AND (p_case IS NULL OR c.id = p_case)
            AND EXISTS (SELECT 1 FROM public.access_reviewmessage m WHERE m.case_id = c.id AND m.kind = 'question')
        ORDER BY c.state = 'asked' DESC, c.happened_at DESC LIMIT 50);
BEGIN
    PERFORM gate.tell_patients(g, ARRAY(SELECT c.patient_id FROM public.access_reviewcase c WHERE c.id = ANY (found)),
        request || '{"action": "case_asked", "purpose": "case_answer"}');
    RETURN QUERY
    SELECT c.id, c.kind::text, c.state::text, c.verdict::text, c.reason, c.happened_at, c.answer_due, c.closed_at, o.name,
        p.given_name || ' ' || p.family_name, q.at, u.given_name || ' ' || u.family_name, q.text
    FROM unnest(found) WITH ORDINALITY f (id, place)
    JOIN public.access_reviewcase c ON c.id = f.id
    JOIN public.access_patient p ON p.id = c.patient_id
    LEFT JOIN public.access_orgunit o ON o.id = c.unit_id
    CROSS JOIN LATERAL (
        SELECT m.* FROM public.access_reviewmessage m WHERE m.case_id = c.id AND m.kind = 'question' ORDER BY m.at DESC LIMIT 1) q
    JOIN public.access_user u ON u.id = q.author_id
    ORDER BY f.place;
END $$;

-- Questions and answers of one's own case, and the outcome; no row for another's.
CREATE FUNCTION gate.my_thread(secret text, p_case uuid) RETURNS TABLE (kind text, author text, body text, at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.asked_person(secret);
BEGIN
    RETURN QUERY
    SELECT t.* FROM public.access_reviewcase c CROSS JOIN LATERAL gate.case_thread(c.id) t
    WHERE c.id = p_case AND c.user_id = g.user_id AND t.kind IN ('question', 'answer');
END $$;

-- False: another's case, or nothing is asked now.
CREATE FUNCTION gate.answer_question(secret text, p_case uuid, p_text text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.asked_person(secret);
    c public.access_reviewcase;
BEGIN
    SELECT x.* INTO c FROM public.access_reviewcase x WHERE x.id = p_case AND x.user_id = g.user_id FOR UPDATE;
    IF c.id IS NULL OR c.state <> 'asked' THEN
        RETURN false;
    END IF;
    PERFORM gate.case_say(g, c, 'answer', p_text);
    UPDATE public.access_reviewcase SET state = 'answered', answer_due = NULL WHERE id = c.id;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.my_questions(text, uuid, jsonb), gate.my_thread(text, uuid), gate.answer_question(text, uuid, text) TO epj_app;
