-- When a member leaves: what hangs on its units, the sweep that ends it, and the copy of the records that goes along.
-- One function says what dangles; the page counts it before, the sweep ends it, and nothing of it may be left afterwards.

CREATE FUNCTION gate.units_of(p_entity uuid, t timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(u.id), '{}') FROM public.access_orgunit u WHERE gate.holder(u.legal_entity_id, t) = p_entity
$$;

-- People who work in these units at a time and nowhere else then.
CREATE FUNCTION gate.people_of(p_units uuid[], t timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT a.user_id), '{}') FROM public.access_accessauthorisation a
    WHERE a.unit_id = ANY (p_units) AND (a.valid_to IS NULL OR a.valid_to >= t) AND NOT EXISTS (
        SELECT 1 FROM public.access_accessauthorisation x
        WHERE x.user_id = a.user_id AND NOT x.unit_id = ANY (p_units) AND (x.valid_to IS NULL OR x.valid_to > t))
$$;

-- Everything that would be left hanging at a time, by kind. `draft`, `unsigned` and `inpatient` are told of and stay.
CREATE FUNCTION gate.exit_dangling(p_entity uuid, t timestamptz) RETURNS TABLE (kind text, id uuid, patient_id uuid)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    units uuid[] := gate.units_of(p_entity, t);
    people uuid[] := gate.people_of(units, t);
BEGIN
    RETURN QUERY
    SELECT 'authorisation', a.id, NULL::uuid FROM public.access_accessauthorisation a
    WHERE a.unit_id = ANY (units) AND (a.valid_to IS NULL OR a.valid_to > greatest(t, a.valid_from))
    UNION ALL
    SELECT 'account', u.id, NULL FROM public.access_user u WHERE u.id = ANY (people) AND u.is_active
    UNION ALL
    SELECT 'session', s.id, NULL FROM public.access_session s LEFT JOIN public.access_accessauthorisation a ON a.id = s.authorisation_id
    WHERE s.ended_at IS NULL AND s.expires_at > t AND (a.unit_id = ANY (units) OR s.user_id = ANY (people))
    UNION ALL
    SELECT 'permission', u.id, NULL FROM public.access_orgunit u
    WHERE u.id = ANY (units) AND EXISTS (SELECT 1 FROM public.guardian_userobjectpermission p WHERE p.object_pk = u.id::text)
    UNION ALL
    SELECT 'measure', m.id, m.patient_id FROM public.access_decidedmeasure m
    WHERE (m.unit_id = ANY (units) OR m.performer_id = ANY (people)) AND (m.ends_at IS NULL OR m.ends_at > greatest(t, m.starts_at))
    UNION ALL
    SELECT 'emergency', c.id, c.patient_id FROM public.access_emergencycase c WHERE c.unit_id = ANY (units) AND c.ended_at IS NULL
    UNION ALL
    SELECT 'opening', o.id, o.patient_id FROM public.access_blockopening o WHERE o.user_id = ANY (people) AND o.valid_to > greatest(t, o.opened_at)
    UNION ALL
    SELECT 'service', d.id, d.patient_id FROM public.journal_servicedecision d
    WHERE d.executing_unit_id = ANY (units) AND (d.ends_at IS NULL OR d.ends_at > greatest(t, d.starts_at))
    UNION ALL
    SELECT 'visit', v.id, v.patient_id FROM public.journal_visit v
    WHERE v.visiting_unit_id = ANY (units) AND v.status = 'planned'
    UNION ALL
    SELECT 'task', k.id, k.patient_id FROM public.journal_task k
    WHERE (k.for_unit_id = ANY (units) OR k.for_user_id = ANY (people)) AND k.done_at IS NULL AND k.cancelled_at IS NULL
    UNION ALL
    SELECT 'stay', y.id, y.patient_id FROM public.journal_stay y
    WHERE y.ward_id = ANY (units) AND y.status IN ('expected', 'admitted', 'discharge_ready')
    UNION ALL
    SELECT 'draft', n.id, n.patient_id FROM public.journal_note n WHERE n.unit_id = ANY (units) AND n.state = 'DRAFT'
    UNION ALL
    SELECT 'unsigned', n.id, n.patient_id FROM public.journal_note n WHERE n.unit_id = ANY (units) AND n.state = 'CONFIRMED'
    UNION ALL
    SELECT 'inpatient', y.id, y.patient_id FROM public.journal_stay y JOIN public.access_patient p ON p.id = y.patient_id
    WHERE NOT y.ward_id = ANY (units) AND y.status IN ('expected', 'admitted', 'discharge_ready')
        AND p.municipality_number = ANY (gate.numbers_of(p_entity, t));
END $$;

-- The municipality's number, and those of the ones it has taken over.
CREATE FUNCTION gate.numbers_of(p_entity uuid, t timestamptz) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(e.municipality_number), '{}') FROM public.access_legalentity e
    WHERE e.id = ANY (gate.answers_for(p_entity, t)) AND e.municipality_number <> ''
$$;

-- {kind: {rows, patients}} of what an exit leaves hanging now; counts only. Before it is registered too: then by entity and moment.
CREATE FUNCTION gate.exit_findings(p_entity uuid, t timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF NOT (g.administers_access OR g.is_custodian) THEN
        RAISE EXCEPTION 'findings are for administrators and custodians' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN (SELECT coalesce(jsonb_object_agg(f.kind, jsonb_build_object('rows', f.row_count, 'patients', f.patients)), '{}') FROM (
        SELECT d.kind, count(*) AS row_count, count(DISTINCT d.patient_id) AS patients FROM gate.exit_dangling(p_entity, t) d GROUP BY d.kind) f);
END $$;

-- Ends what hangs on the units of one who has left. Only what an administrator registered and whose moment has come; so anyone may call it.
CREATE FUNCTION gate.exit_carry_out() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c public.access_communitychange;
    g gate.grant_t;
    name text;
    hanging jsonb;
    found jsonb;
    done int := 0;
BEGIN
    FOR c IN
        SELECT x.* FROM public.access_communitychange x
        WHERE x.kind = 'exit' AND x.state = 'registered' AND x.closes_at <= gate.clock() FOR UPDATE SKIP LOCKED
    LOOP
        SELECT e.name INTO name FROM public.access_legalentity e WHERE e.id = c.legal_entity_id;
        SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') INTO hanging FROM gate.exit_dangling(c.legal_entity_id, c.closes_at) d;
        SELECT coalesce(jsonb_object_agg(f.kind, f.row_count), '{}') INTO found
        FROM (SELECT x ->> 'kind' AS kind, count(*) AS row_count FROM jsonb_array_elements(hanging) x GROUP BY 1) f;
        PERFORM gate.end_hanging(c, name, hanging);
        UPDATE public.access_communitychange SET state = 'done', done_at = gate.clock(), details = details || jsonb_build_object('handled', found)
        WHERE access_communitychange.id = c.id;
        g.user_id := c.registered_by_id;
        g.request_id := gen_random_uuid();
        PERFORM gate.community_log(g, 'exit_carry_out', c.reason, jsonb_build_object('change', c.id, 'handled', found));
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;

CREATE FUNCTION gate.of_kind(hanging jsonb, wanted text) RETURNS SETOF uuid
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (x ->> 'id')::uuid FROM jsonb_array_elements(hanging) x WHERE x ->> 'kind' = wanted
$$;

-- hanging: [{kind, id}], as gate.exit_dangling tells it. Not a temporary table: that could be the caller's own, with triggers of the caller's.
CREATE FUNCTION gate.end_hanging(c public.access_communitychange, p_name text, hanging jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t timestamptz := c.closes_at;
    why text := p_name || ' er meldt ut av felles journal';
BEGIN
    UPDATE public.access_accessauthorisation a SET valid_to = greatest(t, a.valid_from), ended_by_id = c.registered_by_id, ended_reason = why,
        ended_at = gate.clock() WHERE a.id IN (SELECT gate.of_kind(hanging, 'authorisation'));
    UPDATE public.access_session s SET ended_at = gate.clock() WHERE s.id IN (SELECT gate.of_kind(hanging, 'session'));
    UPDATE public.access_user u SET is_active = false WHERE u.id IN (SELECT gate.of_kind(hanging, 'account'));
    DELETE FROM public.guardian_userobjectpermission p WHERE p.object_pk IN (SELECT x::text FROM gate.of_kind(hanging, 'permission') x);
    UPDATE public.access_decidedmeasure m SET ends_at = greatest(t, m.starts_at), ended_by_id = c.registered_by_id, end_reason = why
    WHERE m.id IN (SELECT gate.of_kind(hanging, 'measure'));
    UPDATE public.access_emergencycase x SET ended_at = greatest(t, x.opened_at) WHERE x.id IN (SELECT gate.of_kind(hanging, 'emergency'));
    UPDATE public.access_blockopening o SET valid_to = greatest(t, o.opened_at) WHERE o.id IN (SELECT gate.of_kind(hanging, 'opening'));
    UPDATE public.journal_servicedecision d SET ends_at = greatest(t, d.starts_at), lock_version = d.lock_version + 1
    WHERE d.id IN (SELECT gate.of_kind(hanging, 'service'));
    UPDATE public.journal_visit v SET status = 'cancelled', remark = concat_ws('. ', nullif(v.remark, ''), why), lock_version = v.lock_version + 1
    WHERE v.id IN (SELECT gate.of_kind(hanging, 'visit'));
    UPDATE public.journal_task k SET cancelled_at = t, outcome = concat_ws('. ', nullif(k.outcome, ''), why), lock_version = k.lock_version + 1
    WHERE k.id IN (SELECT gate.of_kind(hanging, 'task'));
    UPDATE public.journal_stay y SET status = CASE WHEN y.status = 'expected' THEN 'cancelled' ELSE 'discharged' END,
        discharged_at = CASE WHEN y.status <> 'expected' THEN t END, bed_id = NULL, destination = why, lock_version = y.lock_version + 1
    WHERE y.id IN (SELECT gate.of_kind(hanging, 'stay'));
    -- Others' measures that came from what was closed now, as that of one who had a task from there.
    UPDATE public.access_decidedmeasure m SET ends_at = greatest(t, m.starts_at), ended_by_id = c.registered_by_id, end_reason = why
    WHERE m.source_id IN (SELECT gate.of_kind(hanging, 'service') UNION SELECT gate.of_kind(hanging, 'task'))
        AND (m.ends_at IS NULL OR m.ends_at > greatest(t, m.starts_at));
END $$;

GRANT EXECUTE ON FUNCTION gate.exit_findings(uuid, timestamptz), gate.exit_carry_out() TO epj_app;
