-- Changing what roles may do. What takes away is in force at once; what gives waits for a second administrator, who must not gain by it.

-- A change is kept as it was proposed; only its fate is written, once.
CREATE FUNCTION gate.change_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR (to_jsonb(NEW) - '{state,decided_by_id,decided_at,decision_reason}'::text[])
            <> (to_jsonb(OLD) - '{state,decided_by_id,decided_at,decision_reason}'::text[]) THEN
        RAISE EXCEPTION 'a change of rights is decided once, and never rewritten' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_kept BEFORE UPDATE OR DELETE ON access_rightschange FOR EACH ROW EXECUTE FUNCTION gate.change_kept();

-- One change at a time: what a person saw is compared with what stands, and then written.
CREATE FUNCTION gate.rights_lock() RETURNS void LANGUAGE sql AS $$ SELECT pg_advisory_xact_lock(hashtext('gate.rights')) $$;

-- Whether every cell still stands as it did when the change was made: as it stands last, not at the time when this request began. One that
-- waited for its turn would otherwise judge by what another has changed meanwhile.
CREATE FUNCTION gate.rights_stand(content jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT 1 FROM jsonb_array_elements(content) c
        LEFT JOIN public.access_roleright x ON x.role_id = (c ->> 'role')::uuid AND x.valid_to IS NULL
            AND x.template_id = (c ->> 'template')::uuid AND x.category_id = (c ->> 'category')::smallint
        WHERE coalesce(x.actions, 0) <> (c ->> 'before')::int);
END $$;

CREATE FUNCTION gate.rights_apply(change uuid, content jsonb, t timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    cell jsonb;
    moment timestamptz;
BEGIN
    FOR cell IN SELECT * FROM jsonb_array_elements(content) LOOP
        moment := t;
        UPDATE public.access_roleright SET valid_to = greatest(t, valid_from)
        WHERE role_id = (cell ->> 'role')::uuid AND template_id = (cell ->> 'template')::uuid
            AND category_id = (cell ->> 'category')::smallint AND valid_to IS NULL
        RETURNING valid_to INTO moment;
        IF (cell ->> 'after')::int <> 0 THEN
            INSERT INTO public.access_roleright (id, role_id, template_id, category_id, actions, valid_from, change_id)
            VALUES (gen_random_uuid(), (cell ->> 'role')::uuid, (cell ->> 'template')::uuid, (cell ->> 'category')::smallint,
                (cell ->> 'after')::smallint, coalesce(moment, t), change);
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION gate.rights_log(g gate.grant_t, act text, change uuid, why text, content jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', act, 'route', 'rights'));
BEGIN
    entry.reason := why;
    entry.objects_shown := jsonb_build_object('change', change, 'cells', content);
    PERFORM auditlog.write(entry);
END $$;

-- Registers a change of cells [{role, template, category, before, after}]. Cells that both give and take are split. Returns
-- {state: ok | stale | same, in_force?: change, proposed?: change}; stale: the matrix is no longer as the person saw it.
CREATE FUNCTION gate.rights_propose(p_cells jsonb, p_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    narrower jsonb;
    wider jsonb;
    answer jsonb := '{"state": "same"}';
    change uuid;
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'a change of rights needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM jsonb_array_elements(p_cells) c CROSS JOIN LATERAL (SELECT (c ->> 'after')::int AS after) x
        -- Whoever does anything may know of the patient; whoever writes may read what was written.
        WHERE x.after NOT BETWEEN 0 AND 127 OR (x.after <> 0 AND x.after & 1 = 0) OR (x.after & 12 <> 0 AND x.after & 2 = 0)
    ) OR (SELECT count(*) <> count(DISTINCT ((c ->> 'role')::uuid, (c ->> 'template')::uuid, (c ->> 'category')::smallint)) FROM jsonb_array_elements(p_cells) c) THEN
        RAISE EXCEPTION 'not a set of actions' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM gate.rights_lock();
    IF NOT gate.rights_stand(p_cells) THEN
        RETURN '{"state": "stale"}';
    END IF;
    SELECT jsonb_agg(c || jsonb_build_object('after', x.before & x.after)) FILTER (WHERE x.before & ~x.after <> 0),
        jsonb_agg(c || jsonb_build_object('before', x.before & x.after)) FILTER (WHERE x.after & ~x.before <> 0)
    INTO narrower, wider
    FROM jsonb_array_elements(p_cells) c CROSS JOIN LATERAL (SELECT (c ->> 'before')::int AS before, (c ->> 'after')::int AS after) x;
    IF narrower IS NOT NULL THEN
        change := gen_random_uuid();
        INSERT INTO public.access_rightschange (id, proposed_by_id, proposed_at, reason, content, widens, state, decided_by_id, decided_at, decision_reason)
        VALUES (change, g.user_id, g.at, p_reason, narrower, false, 'in_force', g.user_id, g.at, '');
        PERFORM gate.rights_apply(change, narrower, g.at);
        PERFORM gate.rights_log(g, 'rights_narrow', change, p_reason, narrower);
        answer := answer || jsonb_build_object('state', 'ok', 'in_force', change);
    END IF;
    IF wider IS NOT NULL THEN
        change := gen_random_uuid();
        INSERT INTO public.access_rightschange (id, proposed_by_id, proposed_at, reason, content, widens, state, decision_reason)
        VALUES (change, g.user_id, g.at, p_reason, wider, true, 'proposed', '');
        PERFORM gate.rights_log(g, 'rights_propose', change, p_reason, wider);
        answer := answer || jsonb_build_object('state', 'ok', 'proposed', change);
    END IF;
    RETURN answer;
END $$;

-- Why this person may not let a change come into force: 'decided', 'own', 'gains', or '' when nothing hinders.
CREATE FUNCTION gate.rights_hindrance(g gate.grant_t, c public.access_rightschange) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE
        WHEN c.state IS DISTINCT FROM 'proposed' THEN 'decided'
        WHEN c.proposed_by_id = g.user_id THEN 'own'
        WHEN EXISTS (
            SELECT 1 FROM public.access_accessauthorisation a JOIN jsonb_array_elements(c.content) cell ON (cell ->> 'role')::uuid = a.role_id
            WHERE a.user_id = g.user_id AND (a.valid_to IS NULL OR a.valid_to > g.at)) THEN 'gains'
        ELSE '' END;
END $$;

CREATE FUNCTION gate.rights_may_approve(p_change uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    c public.access_rightschange;
BEGIN
    SELECT x.* INTO c FROM public.access_rightschange x WHERE x.id = p_change;
    RETURN gate.rights_hindrance(g, c);
END $$;

-- Decides a proposed change: approve, reject or (the proposer) withdraw. Returns ok, or why not: decided, own, gains, stale.
CREATE FUNCTION gate.rights_decide(p_change uuid, p_verdict text, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    c public.access_rightschange;
    hindrance text;
BEGIN
    PERFORM gate.rights_lock();
    SELECT x.* INTO c FROM public.access_rightschange x WHERE x.id = p_change FOR UPDATE;
    hindrance := gate.rights_hindrance(g, c);
    CASE p_verdict
        WHEN 'approve' THEN
            IF hindrance = '' AND NOT gate.rights_stand(c.content) THEN
                hindrance := 'stale';
            END IF;
        WHEN 'reject' THEN
            IF btrim(p_reason) = '' THEN
                RAISE EXCEPTION 'rejecting needs a reason' USING ERRCODE = 'check_violation';
            END IF;
            hindrance := replace(hindrance, 'gains', '');
        WHEN 'withdraw' THEN
            hindrance := CASE hindrance WHEN 'own' THEN '' WHEN 'decided' THEN hindrance ELSE 'other' END;
    END CASE;
    IF hindrance <> '' THEN
        RETURN hindrance;
    END IF;
    UPDATE public.access_rightschange SET decided_by_id = g.user_id, decided_at = g.at, decision_reason = p_reason,
        state = CASE p_verdict WHEN 'approve' THEN 'in_force' WHEN 'reject' THEN 'rejected' ELSE 'withdrawn' END
    WHERE id = p_change;
    IF p_verdict = 'approve' THEN
        PERFORM gate.rights_apply(p_change, c.content, g.at);
    END IF;
    PERFORM gate.rights_log(g, 'rights_' || p_verdict, p_change, p_reason, c.content);
    RETURN 'ok';
END $$;

GRANT EXECUTE ON FUNCTION
    gate.rights_propose(jsonb, text), gate.rights_may_approve(uuid), gate.rights_decide(uuid, text, text) TO epj_app;
