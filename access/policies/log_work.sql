-- The log reviewer's work list, and the rules of the statistics. Only for that role, and for the purpose of reviewing the log.

CREATE TYPE gate.finding_t AS (
    id uuid, day date, score smallint, reasons jsonb, look_ups int, first_at timestamptz, last_at timestamptz, state text, remark text,
    decided_at timestamptz, decided_by text, user_id uuid, user_name text, role_name text, unit_name text, entity_name text, patient_id uuid,
    patient_name text, case_id uuid);

CREATE FUNCTION gate.finding_told(f public.access_logfinding) RETURNS gate.finding_t
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (f.id, f.day, f.score, f.reasons, f.look_ups, f.first_at, f.last_at, f.state, f.remark, f.decided_at,
        (SELECT b.given_name || ' ' || b.family_name FROM public.access_user b WHERE b.id = f.decided_by_id),
        u.id, u.given_name || ' ' || u.family_name, f.role_name, o.name, e.name, p.id, p.given_name || ' ' || p.family_name,
        (SELECT c.id FROM public.access_reviewcase c WHERE c.kind = 'log' AND c.source_id = f.id))::gate.finding_t
    FROM public.access_user u CROSS JOIN public.access_patient p
    LEFT JOIN public.access_orgunit o ON o.id = f.unit_id LEFT JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    WHERE u.id = f.user_id AND p.id = f.patient_id
$$;

-- One page of the work list, highest score first, after a finding; never one's own look-ups. p_scenario: only those that it hit ('' for all).
CREATE FUNCTION gate.findings(p_scenario text, p_after uuid, p_page int, request jsonb) RETURNS SETOF gate.finding_t
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
    after_score smallint := (SELECT x.score FROM public.access_logfinding x WHERE x.id = p_after);
    found uuid[] := ARRAY(
        SELECT f.id FROM public.access_logfinding f
        WHERE f.state = 'new' AND f.user_id <> g.user_id AND (after_score IS NULL OR f.score < after_score OR f.score = after_score AND f.id > p_after)
            AND (p_scenario = '' OR f.reasons @> jsonb_build_array(jsonb_build_object('scenario', p_scenario)))
        ORDER BY f.score DESC, f.id LIMIT least(p_page, 101));
BEGIN
    PERFORM gate.reviewed(ARRAY(SELECT f.patient_id FROM public.access_logfinding f WHERE f.id = ANY (found)), request);
    RETURN QUERY
    SELECT told.* FROM unnest(found) WITH ORDINALITY n (id, place)
    JOIN public.access_logfinding f ON f.id = n.id CROSS JOIN LATERAL gate.finding_told(f) told ORDER BY n.place;
END $$;

CREATE FUNCTION gate.finding_read(p_finding uuid, request jsonb) RETURNS SETOF gate.finding_t
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
    f public.access_logfinding;
BEGIN
    SELECT x.* INTO f FROM public.access_logfinding x WHERE x.id = p_finding AND x.user_id <> g.user_id;
    IF f.id IS NOT NULL THEN
        PERFORM gate.reviewed(ARRAY[f.patient_id], request);
        RETURN NEXT gate.finding_told(f);
    END IF;
END $$;

-- «Vanlig oppslag»: a human has looked and found it in order, and says why. False: another has decided, or it is one's own.
CREATE FUNCTION gate.finding_usual(p_finding uuid, p_remark text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
BEGIN
    IF btrim(p_remark) = '' THEN
        RAISE EXCEPTION 'say why it is in order' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.access_logfinding SET state = 'usual', decided_by_id = g.user_id, decided_at = g.at, remark = btrim(p_remark)
    WHERE id = p_finding AND state = 'new' AND user_id <> g.user_id;
    RETURN FOUND;
END $$;

-- Takes «vanlig oppslag» back to the work list.
CREATE FUNCTION gate.finding_undo(p_finding uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
BEGIN
    UPDATE public.access_logfinding SET state = 'new', decided_by_id = NULL, decided_at = NULL, remark = ''
    WHERE id = p_finding AND state = 'usual' AND user_id <> g.user_id;
    RETURN FOUND;
END $$;

-- Takes a finding into a case of its own. Returns the case; the same one when it has been taken before, NULL when it is not ours to take.
CREATE FUNCTION gate.finding_case(p_finding uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
    f public.access_logfinding;
BEGIN
    SELECT x.* INTO f FROM public.access_logfinding x WHERE x.id = p_finding AND x.user_id <> g.user_id FOR UPDATE;
    IF f.state = 'new' THEN
        PERFORM gate.case_open('log', f.id, f.patient_id, f.user_id, f.unit_id, f.first_at, f.score::text, '', g.at + gate.review_hours());
        UPDATE public.access_logfinding SET state = 'case', decided_by_id = g.user_id, decided_at = g.at WHERE id = f.id;
        PERFORM gate.reviewed(ARRAY[f.patient_id], '{"route": "finding_case"}');
    END IF;
    RETURN (SELECT c.id FROM public.access_reviewcase c WHERE c.kind = 'log' AND c.source_id = f.id);
END $$;

-- The rules in force, and those that were: who changed them and why. `counts`: false where what it asks for is not known here.
CREATE FUNCTION gate.log_rules() RETURNS TABLE (
    scenario text, weight smallint, threshold int, active boolean, counts boolean, valid_from timestamptz, valid_to timestamptz, changed_by text, reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
BEGIN
    RETURN QUERY
    SELECT r.scenario::text, r.weight, r.threshold, r.active, r.scenario <> 'off_duty' OR gate.roster_known(), r.valid_from, r.valid_to, u.given_name || ' ' || u.family_name, r.reason
    FROM public.access_logrule r LEFT JOIN public.access_user u ON u.id = r.changed_by_id ORDER BY r.valid_from DESC, r.scenario;
END $$;

-- Changes one rule from now on; the former stays in the history. False: no such scenario, or nothing is changed.
CREATE FUNCTION gate.log_rule_set(p_scenario text, p_weight int, p_threshold int, p_active boolean, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
    entry public.auditlog_entry := gate.log_row(g, '{"action": "log_rule", "route": "log_rules", "purpose": "log_review"}');
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'a change needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.access_logrule SET valid_to = greatest(g.at, valid_from)
    WHERE scenario = p_scenario AND valid_to IS NULL AND (threshold IS NULL) = (p_threshold IS NULL)
        AND (weight, threshold, active) IS DISTINCT FROM (p_weight::smallint, p_threshold, p_active);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO public.access_logrule (id, scenario, weight, threshold, active, valid_from, changed_by_id, reason)
    VALUES (gen_random_uuid(), p_scenario, p_weight, p_threshold, p_active, g.at, g.user_id, btrim(p_reason));
    entry.reason := btrim(p_reason);
    entry.objects_shown := jsonb_build_object('scenario', p_scenario, 'weight', p_weight, 'threshold', p_threshold, 'active', p_active);
    PERFORM auditlog.write(entry);
    RETURN true;
END $$;

-- What the statistics have gone through: the newest run of each of the last days.
CREATE FUNCTION gate.log_runs(p_days int) RETURNS TABLE (day date, finished_at timestamptz, look_ups int, pairs int, findings int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
BEGIN
    RETURN QUERY
    SELECT DISTINCT ON (r.day) r.day, r.finished_at, r.look_ups, r.pairs, r.findings FROM public.access_logreviewrun r
    ORDER BY r.day DESC, r.finished_at DESC LIMIT p_days;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.findings(text, uuid, int, jsonb), gate.finding_read(uuid, jsonb), gate.finding_usual(uuid, text), gate.finding_undo(uuid),
    gate.finding_case(uuid), gate.log_rules(), gate.log_rule_set(text, int, int, boolean, text), gate.log_runs(int) TO epj_app;
