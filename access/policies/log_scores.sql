-- The statistical review of the log (3.8): each person's look-ups in one patient's record on one day get points by scenario, set by set.
-- What scores below the limit is not kept: the purpose is to find unlawful look-ups, not to follow anyone's work.

-- One row per person, patient and unit of a day (Oslo): what the scenarios look at. Lists and searches are not look-ups in a record.
CREATE FUNCTION gate.look_up_pairs(p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    user_id uuid, patient_id uuid, unit_id uuid, role_name text, look_ups bigint, first_at timestamptz, last_at timestamptz,
    chosen uuid, emergency boolean, opened_blocks bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.user_id, l.patient_id, l.unit_id, max(l.role_name), count(*), min(l.at), max(l.at),
        (array_agg(l.measure_id ORDER BY l.at) FILTER (WHERE l.user_selected))[1],
        bool_or(l.template_code = 'EMERGENCY'), count(*) FILTER (WHERE l.action = 'open_blocked')
    FROM public.auditlog_entry l
    WHERE l.at >= p_from AND l.at < p_to AND l.outcome = 'allow' AND l.user_id IS NOT NULL AND l.patient_id IS NOT NULL
        AND l.action IN ('read', 'write', 'sign', 'print', 'send', 'export', 'open_blocked')
        AND NOT EXISTS (SELECT 1 FROM public.access_user u WHERE u.id = l.user_id AND u.is_system)
    GROUP BY l.user_id, l.patient_id, l.unit_id
$$;

-- The points of one day: a row per pair and scenario that hits, with the facts that explain it. Rules as they are now.
CREATE FUNCTION gate.score_hits(p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    user_id uuid, patient_id uuid, unit_id uuid, role_name text, look_ups bigint, first_at timestamptz, last_at timestamptz, pairs bigint,
    scenario text, points int, facts jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH rule AS MATERIALIZED (
        SELECT r.scenario, r.weight::int AS weight, r.threshold FROM public.access_logrule r WHERE r.active AND r.valid_to IS NULL
    ), pair AS MATERIALIZED (
        SELECT row_number() OVER () AS nr, p.*,
            count(*) OVER (PARTITION BY p.user_id ORDER BY p.first_at RANGE BETWEEN interval '1 hour' PRECEDING AND CURRENT ROW) AS in_hour,
            count(*) OVER (PARTITION BY p.patient_id, p.unit_id) - 1 AS colleagues
        FROM gate.look_up_pairs(p_from, p_to) p
    ), measure AS MATERIALIZED (
        SELECT p.nr, m.*, t.name AS template_name FROM pair p
        JOIN public.access_decidedmeasure m ON m.id = p.chosen AND m.decided_by_id = p.user_id
        JOIN public.access_measuretemplate t ON t.id = m.template_id
    ), charted AS MATERIALIZED (
        SELECT DISTINCT c.patient_id, c.author_id
        FROM gate.charted(ARRAY(SELECT DISTINCT x.patient_id FROM pair x), p_from, least(gate.clock(), p_to + make_interval(hours =>
            coalesce((SELECT max(r.threshold) FROM rule r WHERE r.scenario IN ('no_note', 'emergency_no_note')), 24)))) c
    ), silent AS MATERIALIZED (
        SELECT p.nr, p.emergency FROM pair p
        WHERE NOT EXISTS (SELECT 1 FROM charted c WHERE c.patient_id = p.patient_id AND c.author_id = p.user_id)
    ), staff AS MATERIALIZED (
        SELECT s.user_id, s.number, i.patient_id FROM public.access_staffidentity s
        LEFT JOIN public.access_patientidentity i ON i.value = s.number
    ), rare AS MATERIALIZED (
        SELECT lower(x.family_name) AS name, count(*) AS bearers FROM public.access_patient x GROUP BY lower(x.family_name)
        HAVING count(*) <= coalesce((SELECT r.threshold FROM rule r WHERE r.scenario = 'same_name'), 0)
    ), duty AS MATERIALIZED (
        SELECT x.unit_id, x.hour, gate.on_duty(x.unit_id, x.hour) AS people
        FROM (SELECT DISTINCT p.unit_id, date_trunc('hour', p.first_at) AS hour FROM pair p
            WHERE gate.roster_known() AND EXISTS (SELECT 1 FROM rule r WHERE r.scenario = 'off_duty')) x
    ), stay AS MATERIALIZED (
        SELECT p.nr, max(m.ends_at) AS left_at, bool_or(m.ends_at IS NULL OR m.ends_at > p.first_at) AS here
        FROM pair p JOIN public.access_decidedmeasure m ON m.patient_id = p.patient_id AND m.unit_id = p.unit_id AND m.starts_at <= p.first_at
        JOIN public.access_measuretemplate t ON t.id = m.template_id AND t.code <> 'TASK'
        GROUP BY p.nr
    ), hit AS (
        SELECT p.nr, r.scenario, r.weight, '{}'::jsonb AS facts
        FROM rule r JOIN pair p ON r.scenario = 'own_record' JOIN staff s ON s.user_id = p.user_id AND s.patient_id = p.patient_id
        UNION ALL
        SELECT p.nr, r.scenario, r.weight, jsonb_build_object('unit', min(o.name))
        FROM rule r JOIN pair p ON r.scenario = 'colleague' JOIN staff s ON s.patient_id = p.patient_id AND s.user_id <> p.user_id
        JOIN public.access_accessauthorisation a ON a.user_id = s.user_id AND a.valid_from <= p.first_at
            AND (a.valid_to IS NULL OR p.first_at < a.valid_to)
        JOIN public.access_orgunit o ON o.id = a.unit_id JOIN public.access_orgunit mine ON mine.id = p.unit_id
        WHERE o.legal_entity_id = mine.legal_entity_id GROUP BY p.nr, r.scenario, r.weight
        UNION ALL
        SELECT p.nr, r.scenario, r.weight, jsonb_build_object('bearers', n.bearers)
        FROM rule r JOIN pair p ON r.scenario = 'same_name' JOIN public.access_user u ON u.id = p.user_id
        JOIN public.access_patient x ON x.id = p.patient_id AND lower(x.family_name) = lower(u.family_name)
        JOIN rare n ON n.name = lower(x.family_name)
        WHERE NOT EXISTS (SELECT 1 FROM staff s WHERE s.user_id = p.user_id AND s.patient_id = p.patient_id)
        UNION ALL
        SELECT p.nr, r.scenario, r.weight, '{}'
        FROM rule r JOIN pair p ON r.scenario = 'same_address' JOIN staff s ON s.user_id = p.user_id AND s.patient_id IS DISTINCT FROM p.patient_id
        JOIN public.access_registerperson g ON g.number = s.number AND g.address <> '' AND NOT g.protected_address
        JOIN public.access_patient x ON x.id = p.patient_id AND x.address = g.address
        UNION ALL
        SELECT m.nr, r.scenario, r.weight, jsonb_build_object('template', m.template_name, 'reason', m.reason)
        FROM rule r JOIN measure m ON r.scenario = 'self_opened'
        UNION ALL
        SELECT s.nr, r.scenario, r.weight, jsonb_build_object('limit', r.threshold)
        FROM rule r JOIN silent s ON r.scenario = CASE WHEN s.emergency THEN 'emergency_no_note' ELSE 'no_note' END
        UNION ALL
        SELECT p.nr, r.scenario, r.weight, jsonb_build_object('at', p.first_at)
        FROM rule r JOIN pair p ON r.scenario = 'off_duty'
        JOIN duty d ON d.unit_id = p.unit_id AND d.hour = date_trunc('hour', p.first_at) AND d.people IS NOT NULL AND NOT p.user_id = ANY (d.people)
        UNION ALL
        SELECT p.nr, r.scenario, r.weight, jsonb_build_object('count', p.in_hour, 'limit', r.threshold)
        FROM rule r JOIN pair p ON r.scenario = 'many_patients' AND p.in_hour > r.threshold
        UNION ALL
        SELECT p.nr, r.scenario, r.weight,
            jsonb_build_object('days', floor(extract(epoch FROM p.first_at - s.left_at) / 86400), 'limit', r.threshold)
        FROM rule r JOIN pair p ON r.scenario = 'after_discharge' JOIN stay s ON s.nr = p.nr
        WHERE NOT s.here AND s.left_at < p.first_at - make_interval(days => r.threshold)
        UNION ALL
        SELECT p.nr, r.scenario, r.weight, jsonb_build_object('count', p.opened_blocks)
        FROM rule r JOIN pair p ON r.scenario = 'opened_block' AND p.opened_blocks > 0
        UNION ALL
        SELECT p.nr, r.scenario, r.weight, jsonb_build_object('entity', e.name)
        FROM rule r JOIN pair p ON r.scenario = 'other_municipality' JOIN public.access_patient x ON x.id = p.patient_id
        JOIN public.access_orgunit o ON o.id = p.unit_id JOIN public.access_legalentity e ON e.id = o.legal_entity_id
        WHERE e.kind = 'municipality' AND x.municipality_number <> '' AND e.municipality_number <> ''
            AND x.municipality_number <> e.municipality_number
        UNION ALL
        SELECT m.nr, r.scenario, r.weight, jsonb_build_object('caller', m.caller)
        FROM rule r JOIN measure m ON r.scenario = 'arrival_in_vain' AND m.source_kind = 'arrival'
        JOIN gate.arrivals_in_vain(p_from, gate.clock()) v ON v.id = m.id
        UNION ALL
        SELECT p.nr, r.scenario, r.weight, jsonb_build_object('count', p.colleagues)
        FROM rule r JOIN pair p ON r.scenario = 'usual' AND p.colleagues >= r.threshold
    )
    SELECT p.user_id, p.patient_id, p.unit_id, p.role_name, p.look_ups, p.first_at, p.last_at, (SELECT count(*) FROM pair),
        h.scenario, h.weight, h.facts
    FROM pair p LEFT JOIN hit h ON h.nr = p.nr
$$;

-- Goes through one day (Oslo) under the system purpose `log_statistics`: what scores to the limit comes on the work list, what a human has decided
-- stays. Shows nothing to the caller but how much, and takes no wish, so the worker calls it without a session. May be run again.
CREATE FUNCTION gate.score_day(p_day date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    day_from timestamptz := p_day::timestamp AT TIME ZONE 'Europe/Oslo';
    day_to timestamptz := (p_day + 1)::timestamp AT TIME ZONE 'Europe/Oslo';
    wanted int := (SELECT r.threshold FROM public.access_logrule r WHERE r.scenario = 'work_list' AND r.valid_to IS NULL);
    entry public.auditlog_entry;
    counted record;
BEGIN
    IF day_from > gate.clock() THEN
        RAISE EXCEPTION 'this day has not begun' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('gate.score_day'));
    WITH scored AS MATERIALIZED (
        SELECT h.user_id, h.patient_id, h.unit_id, max(h.role_name) AS role_name, max(h.look_ups) AS look_ups, min(h.first_at) AS first_at,
            max(h.last_at) AS last_at, greatest(0, least(1000, coalesce(sum(h.points), 0))) AS score,
            coalesce(jsonb_agg(h.facts || jsonb_build_object('scenario', h.scenario, 'points', h.points) ORDER BY h.points DESC, h.scenario)
                FILTER (WHERE h.scenario IS NOT NULL), '[]') AS reasons
        FROM gate.score_hits(day_from, day_to) h GROUP BY h.user_id, h.patient_id, h.unit_id
    ), found AS MATERIALIZED (
        SELECT * FROM scored WHERE score >= wanted
    ), gone AS (
        DELETE FROM public.access_logfinding f WHERE f.day = p_day AND f.state = 'new' AND NOT EXISTS (
            SELECT 1 FROM found x WHERE x.user_id = f.user_id AND x.patient_id = f.patient_id AND x.unit_id IS NOT DISTINCT FROM f.unit_id)
    ), kept AS (
        INSERT INTO public.access_logfinding AS f (
            id, day, user_id, patient_id, unit_id, role_name, score, reasons, look_ups, first_at, last_at, state, remark)
        SELECT gen_random_uuid(), p_day, x.user_id, x.patient_id, x.unit_id, x.role_name, x.score, x.reasons, x.look_ups, x.first_at, x.last_at,
            'new', '' FROM found x
        ON CONFLICT (day, user_id, patient_id, unit_id) DO UPDATE SET
            score = excluded.score, reasons = excluded.reasons, look_ups = excluded.look_ups, first_at = excluded.first_at, last_at = excluded.last_at
            WHERE f.state = 'new'
    )
    SELECT count(*) AS pairs, coalesce(sum(look_ups), 0) AS look_ups, count(*) FILTER (WHERE score >= wanted) AS findings INTO counted FROM scored;
    INSERT INTO public.access_logreviewrun (id, day, finished_at, look_ups, pairs, findings)
    VALUES (gen_random_uuid(), p_day, gate.clock(), counted.look_ups, counted.pairs, counted.findings);
    entry.user_name := 'Statistisk loggkontroll';
    entry.action := 'log_score';
    entry.route := 'score_day';
    entry.purpose := 'log_statistics';
    entry.outcome := 'allow';
    entry.objects_shown := jsonb_build_object('day', p_day, 'look_ups', counted.look_ups);
    PERFORM auditlog.write(entry);
    RETURN jsonb_build_object('look_ups', counted.look_ups, 'pairs', counted.pairs, 'findings', counted.findings);
END $$;

GRANT EXECUTE ON FUNCTION gate.score_day(date) TO epj_app;
