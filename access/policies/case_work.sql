-- What the one who reviews may do: the custodian with emergencies, arrivals and openings, the log reviewer with cases from the log.
-- Never with one's own access, and each for that purpose only.

-- Whether the custodian of one legal entity answers for a unit: of the own entity, or of one that has no custodian itself.
CREATE FUNCTION gate.custody_of(p_entity uuid, p_unit uuid, t timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    theirs uuid := (SELECT gate.holder(o.legal_entity_id, t) FROM public.access_orgunit o WHERE o.id = p_unit);
BEGIN
    RETURN theirs IS NULL OR theirs = gate.holder(p_entity, t) OR NOT EXISTS (
        SELECT 1 FROM public.access_accessauthorisation a
        JOIN public.access_roletemplate r ON r.id = a.role_id JOIN public.access_orgunit o ON o.id = a.unit_id
        WHERE r.is_custodian AND o.legal_entity_id = theirs AND a.valid_from <= t AND (a.valid_to IS NULL OR t < a.valid_to));
END $$;

CREATE FUNCTION gate.may_review(g gate.grant_t, c public.access_reviewcase) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.user_id <> g.user_id AND CASE WHEN c.kind = 'log' THEN g.reviews_log AND g.purpose = 'log_review'
        ELSE g.is_custodian AND g.purpose = 'case_review' AND (c.escalated_at IS NOT NULL OR gate.custody_of(g.entity_id, c.unit_id, g.at)) END
$$;

-- The acting reviewer, or an error for everyone else.
CREATE FUNCTION gate.case_reviewer() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF NOT (g.is_custodian AND g.purpose = 'case_review' OR g.reviews_log AND g.purpose = 'log_review') THEN
        RAISE EXCEPTION 'this role reviews no cases' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- The case, locked for the act, or no row: unknown, another's and one's own answer alike.
CREATE FUNCTION gate.case_mine(g gate.grant_t, p_case uuid) RETURNS public.access_reviewcase
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c public.access_reviewcase;
BEGIN
    SELECT x.* INTO c FROM public.access_reviewcase x WHERE x.id = p_case FOR UPDATE;
    IF c.id IS NULL OR NOT gate.may_review(g, c) THEN
        RETURN NULL;
    END IF;
    RETURN c;
END $$;

CREATE TYPE gate.case_t AS (
    id uuid, source_id uuid, kind text, state text, verdict text, basis text, reason text, happened_at timestamptz, opened_at timestamptz, due_at timestamptz,
    answer_due timestamptz, escalated_at timestamptz, closed_at timestamptz, closed_by text, user_id uuid, user_name text, unit_name text,
    entity_name text, patient_id uuid, patient_name text, until timestamptz);

-- A case in words. `until`: when the access it is about ended.
CREATE FUNCTION gate.case_told(c public.access_reviewcase) RETURNS gate.case_t
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (c.id, c.source_id, c.kind, c.state, c.verdict, c.basis, c.reason, c.happened_at, c.opened_at, c.due_at, c.answer_due, c.escalated_at, c.closed_at,
        (SELECT b.given_name || ' ' || b.family_name FROM public.access_user b WHERE b.id = c.closed_by_id),
        u.id, u.given_name || ' ' || u.family_name, o.name, e.name, p.id, p.given_name || ' ' || p.family_name,
        CASE c.kind
            WHEN 'emergency' THEN (SELECT coalesce(x.ended_at, max(m.ends_at)) FROM public.access_emergencycase x
                LEFT JOIN public.access_decidedmeasure m ON m.case_id = x.id WHERE x.id = c.source_id GROUP BY x.ended_at)
            WHEN 'opening' THEN (SELECT x.valid_to FROM public.access_blockopening x WHERE x.id = c.source_id)
            WHEN 'arrival' THEN (SELECT x.ends_at FROM public.access_decidedmeasure x WHERE x.id = c.source_id)
            ELSE (SELECT x.last_at FROM public.access_logfinding x WHERE x.id = c.source_id) END)::gate.case_t
    FROM public.access_user u CROSS JOIN public.access_patient p
    LEFT JOIN public.access_orgunit o ON o.id = c.unit_id LEFT JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    WHERE u.id = c.user_id AND p.id = c.patient_id
$$;

-- Whose cases were shown, one row per patient.
CREATE FUNCTION gate.tell_patients(g gate.grant_t, patients uuid[], request jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, request);
BEGIN
    FOR entry.patient_id, entry.patient_name IN
        SELECT p.id, p.given_name || ' ' || p.family_name FROM public.access_patient p WHERE p.id = ANY (patients) ORDER BY p.id
    LOOP
        PERFORM auditlog.write(entry);
    END LOOP;
END $$;

-- One page of a reviewer's cases; their patients are logged. p_view: work (to be decided, or the answer is overdue), asked (waiting for an answer),
-- closed (newest first, before a time).
CREATE FUNCTION gate.cases(p_view text, p_before timestamptz, p_page int, request jsonb) RETURNS SETOF gate.case_t
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.case_reviewer();
    found uuid[] := ARRAY(
        SELECT c.id FROM public.access_reviewcase c
        WHERE CASE p_view
            WHEN 'work' THEN c.state IN ('open', 'answered') OR c.state = 'asked' AND c.answer_due < g.at
            WHEN 'asked' THEN c.state = 'asked' AND c.answer_due >= g.at
            ELSE c.state = 'closed' AND (p_before IS NULL OR c.closed_at < p_before) END
            AND gate.may_review(g, c)
        ORDER BY CASE WHEN p_view <> 'closed' THEN c.due_at END, c.closed_at DESC, c.id LIMIT least(p_page, 201));
BEGIN
    PERFORM gate.tell_patients(g, ARRAY(SELECT x.patient_id FROM public.access_reviewcase x WHERE x.id = ANY (found)),
        request || '{"action": "case_review"}');
    RETURN QUERY
    SELECT told.* FROM unnest(found) WITH ORDINALITY f (id, place)
    JOIN public.access_reviewcase x ON x.id = f.id CROSS JOIN LATERAL gate.case_told(x) told ORDER BY f.place;
END $$;

CREATE FUNCTION gate.case_read(p_case uuid, request jsonb) RETURNS SETOF gate.case_t
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.case_reviewer();
    c public.access_reviewcase := gate.case_mine(g, p_case);
BEGIN
    IF c.id IS NOT NULL THEN
        PERFORM gate.tell_patients(g, ARRAY[c.patient_id], request || '{"action": "case_review"}');
        RETURN NEXT gate.case_told(c);
    END IF;
END $$;

CREATE FUNCTION gate.case_thread(p_case uuid) RETURNS TABLE (kind text, author text, body text, at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.kind, u.given_name || ' ' || u.family_name, m.text, m.at
    FROM public.access_reviewmessage m JOIN public.access_user u ON u.id = m.author_id WHERE m.case_id = p_case ORDER BY m.at, m.id
$$;

CREATE FUNCTION gate.case_messages(p_case uuid) RETURNS TABLE (kind text, author text, body text, at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT t.* FROM gate.case_thread((gate.case_mine(gate.case_reviewer(), p_case)).id) t;
END $$;

-- What the person did with this patient's record in the day that followed: kinds of information, never the content.
CREATE FUNCTION gate.case_look_ups(p_case uuid) RETURNS TABLE (
    at timestamptz, action text, outcome text, template_name text, reason_code text, categories smallint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c public.access_reviewcase := gate.case_mine(gate.case_reviewer(), p_case);
BEGIN
    RETURN QUERY
    SELECT l.at, l.action, l.outcome, l.template_name, l.reason_code, coalesce(s.categories, '{}')
    FROM public.auditlog_entry l
    LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT x ORDER BY x) AS categories FROM public.auditlog_entry v CROSS JOIN unnest(v.categories) x
        WHERE v.request_id = l.request_id AND v.outcome = 'shown' AND v.patient_id = l.patient_id
            AND v.at >= l.at AND v.at < l.at + interval '1 hour') s ON true
    WHERE l.patient_id = c.patient_id AND l.user_id = c.user_id AND l.outcome <> 'shown'
        AND l.at >= c.happened_at - interval '5 minutes' AND l.at < c.happened_at + interval '1 day'
    ORDER BY l.at, l.seq LIMIT 200;
END $$;

-- What the person charted on the patient afterwards: the entry that explains the access, by kind and time.
CREATE FUNCTION gate.case_charted(p_case uuid) RETURNS TABLE (entry_id uuid, kind text, document_type text, charted_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c public.access_reviewcase := gate.case_mine(gate.case_reviewer(), p_case);
BEGIN
    RETURN QUERY
    SELECT x.entry_id, x.kind, x.document_type, x.charted_at
    FROM gate.charted(ARRAY[c.patient_id], c.happened_at, coalesce(c.closed_at, gate.clock())) x
    WHERE c.id IS NOT NULL AND x.author_id = c.user_id ORDER BY x.charted_at LIMIT 20;
END $$;

CREATE FUNCTION gate.case_say(g gate.grant_t, c public.access_reviewcase, p_kind text, p_text text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF btrim(p_text) = '' THEN
        RAISE EXCEPTION 'a message needs words' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_reviewmessage (id, case_id, kind, author_id, text, at)
    VALUES (gen_random_uuid(), c.id, p_kind, g.user_id, btrim(p_text), clock_timestamp() + (gate.clock() - transaction_timestamp()));
    PERFORM gate.case_log(g, 'case_' || p_kind, c, 'case');
END $$;

-- Asks the employee. The answer is due in half the time that the review has, at most at its deadline. False: not ours, closed, or asked already.
CREATE FUNCTION gate.case_ask(p_case uuid, p_text text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.case_reviewer();
    c public.access_reviewcase := gate.case_mine(g, p_case);
BEGIN
    IF c.id IS NULL OR c.state NOT IN ('open', 'answered') THEN
        RETURN false;
    END IF;
    PERFORM gate.case_say(g, c, 'question', p_text);
    UPDATE public.access_reviewcase SET state = 'asked', answer_due = g.at + gate.review_hours() / 2 WHERE id = c.id;
    RETURN true;
END $$;

-- Decides. False: not ours, or decided already.
CREATE FUNCTION gate.case_close(p_case uuid, p_verdict text, p_text text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.case_reviewer();
    c public.access_reviewcase := gate.case_mine(g, p_case);
BEGIN
    IF p_verdict NOT IN ('lawful', 'mistake', 'unlawful') THEN
        RAISE EXCEPTION 'no such verdict' USING ERRCODE = 'check_violation';
    END IF;
    IF c.id IS NULL OR c.state = 'closed' THEN
        RETURN false;
    END IF;
    PERFORM gate.case_say(g, c, 'verdict', p_text);
    UPDATE public.access_reviewcase SET state = 'closed', verdict = p_verdict, closed_at = g.at, closed_by_id = g.user_id, answer_due = NULL
    WHERE id = c.id;
    RETURN true;
END $$;

-- Takes a verdict back, with the reason; the thread keeps it. A new deadline begins.
CREATE FUNCTION gate.case_reopen(p_case uuid, p_text text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.case_reviewer();
    c public.access_reviewcase := gate.case_mine(g, p_case);
BEGIN
    IF c.id IS NULL OR c.state <> 'closed' THEN
        RETURN false;
    END IF;
    PERFORM gate.case_say(g, c, 'reopened', p_text);
    UPDATE public.access_reviewcase SET state = 'open', verdict = '', closed_at = NULL, closed_by_id = NULL, due_at = g.at + gate.review_hours(),
        escalated_at = NULL WHERE id = c.id;
    RETURN true;
END $$;

-- How it goes, per unit and kind, for cases opened in a time. Units, never persons: the figures are about the control, not about anybody's work.
CREATE FUNCTION gate.case_figures(p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    unit_name text, entity_name text, kind text, opened bigint, waiting bigint, overdue bigint, lawful bigint, mistake bigint, unlawful bigint,
    in_time bigint, median_hours double precision)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.case_reviewer();
BEGIN
    RETURN QUERY
    SELECT o.name, e.name, c.kind::text, count(*), count(*) FILTER (WHERE c.state <> 'closed'),
        count(*) FILTER (WHERE c.state <> 'closed' AND c.due_at < g.at), count(*) FILTER (WHERE c.verdict = 'lawful'),
        count(*) FILTER (WHERE c.verdict = 'mistake'), count(*) FILTER (WHERE c.verdict = 'unlawful'),
        count(*) FILTER (WHERE c.state = 'closed' AND c.closed_at <= c.due_at),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.closed_at - c.opened_at)) / 3600
    FROM public.access_reviewcase c
    LEFT JOIN public.access_orgunit o ON o.id = c.unit_id LEFT JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    WHERE c.opened_at >= p_from AND c.opened_at < p_to AND (c.kind = 'log') = (g.purpose = 'log_review')
        AND (c.kind = 'log' OR c.escalated_at IS NOT NULL OR gate.custody_of(g.entity_id, c.unit_id, g.at))
    GROUP BY o.name, e.name, c.kind ORDER BY o.name, c.kind;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.cases(text, timestamptz, int, jsonb), gate.case_read(uuid, jsonb), gate.case_messages(uuid), gate.case_look_ups(uuid),
    gate.case_charted(uuid), gate.case_ask(uuid, text), gate.case_close(uuid, text, text), gate.case_reopen(uuid, text),
    gate.case_figures(timestamptz, timestamptz) TO epj_app;
