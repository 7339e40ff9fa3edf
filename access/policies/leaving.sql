-- Periodic re-approval by the leader of a unit, and one who leaves closed in one act (R23).

INSERT INTO gate.setting VALUES ('reapproval_months', 6), ('reapproval_days', 21);

-- Opens the cycles that are due: a unit where roles are held and that has not been gone through for so long. Safe to call again.
CREATE FUNCTION gate.reapprovals_open() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t timestamptz := gate.clock();
    made int;
BEGIN
    INSERT INTO public.access_reapprovalcycle (id, unit_id, opened_at, due_at)
    SELECT gen_random_uuid(), o.id, t, t + make_interval(days => gate.setting('reapproval_days'))
    FROM public.access_orgunit o
    WHERE o.valid_from <= t AND (o.valid_to IS NULL OR t < o.valid_to)
        AND EXISTS (
            SELECT 1 FROM public.access_accessauthorisation a
            WHERE a.unit_id = o.id AND (a.valid_to IS NULL OR t < a.valid_to)
                AND a.valid_from <= t - make_interval(months => gate.setting('reapproval_months')))
        AND NOT EXISTS (
            SELECT 1 FROM public.access_reapprovalcycle c
            WHERE c.unit_id = o.id AND (c.closed_at IS NULL OR c.opened_at > t - make_interval(months => gate.setting('reapproval_months'))))
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;

-- An administrator opens one by hand, before it is due. NULL when one is open already.
CREATE FUNCTION gate.reapproval_start(p_unit uuid, p_due timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    made uuid := gen_random_uuid();
BEGIN
    PERFORM gate.must_hold(g, p_unit);
    IF p_due <= g.at THEN
        RAISE EXCEPTION 'the date lies behind' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_reapprovalcycle (id, unit_id, opened_at, due_at, opened_by_id) VALUES (made, p_unit, g.at, p_due, g.user_id)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM gate.register_log(g, 'reapproval_start', '', jsonb_build_object('reapproval', jsonb_build_array(made)));
    RETURN made;
END $$;

-- What a cycle still asks about: live authorisations of the unit from before it opened, without an answer.
CREATE FUNCTION gate.unanswered(p_cycle uuid, t timestamptz) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.id FROM public.access_reapprovalcycle c JOIN public.access_accessauthorisation a ON a.unit_id = c.unit_id
    WHERE c.id = p_cycle AND a.valid_from <= c.opened_at AND (a.valid_to IS NULL OR t < a.valid_to)
        AND NOT EXISTS (SELECT 1 FROM public.access_reapprovaldecision d WHERE d.cycle_id = c.id AND d.authorisation_id = a.id);
END $$;

-- The state of every unit, for administrators: the last cycle, and how many answers it waits for.
CREATE FUNCTION gate.reapprovals() RETURNS TABLE (
    unit_id uuid, unit_name text, entity_name text, held boolean, cycle_id uuid, opened_at timestamptz, due_at timestamptz,
    closed_at timestamptz, waiting bigint, people bigint, leaders text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT o.id, o.name, e.name, gate.holds_unit(g.user_id, o.id), c.id, c.opened_at, c.due_at, c.closed_at,
        CASE WHEN c.closed_at IS NULL THEN (SELECT count(*) FROM gate.unanswered(c.id, g.at)) ELSE 0 END, live.people, live.leaders
    FROM public.access_orgunit o
    JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT a.user_id) AS people,
            coalesce(string_agg(DISTINCT u.given_name || ' ' || u.family_name, ', ') FILTER (WHERE r.leads_unit), '') AS leaders
        FROM public.access_accessauthorisation a
        JOIN public.access_roletemplate r ON r.id = a.role_id JOIN public.access_user u ON u.id = a.user_id
        WHERE a.unit_id = o.id AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to)
    ) live
    LEFT JOIN LATERAL (
        SELECT x.* FROM public.access_reapprovalcycle x WHERE x.unit_id = o.id ORDER BY x.opened_at DESC LIMIT 1
    ) c ON true
    WHERE live.people > 0
    ORDER BY c.closed_at IS NULL AND c.id IS NOT NULL DESC, c.due_at, e.name, o.name;
END $$;

-- The leader's page: everyone with a role in the own unit, and the answer of the open cycle (or of the last one).
CREATE FUNCTION gate.unit_staff() RETURNS TABLE (
    cycle_id uuid, due_at timestamptz, closed_at timestamptz, authorisation_id uuid, user_id uuid, family_name text, given_name text,
    role_name text, valid_from timestamptz, valid_to timestamptz, last_seen_at timestamptz, lacking text[], asked boolean, approved boolean,
    decided_at timestamptz, myself boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
BEGIN
    RETURN QUERY
    SELECT c.id, c.due_at, c.closed_at, a.id, u.id, u.family_name, u.given_name, r.name, a.valid_from, a.valid_to,
        (SELECT max(s.last_seen_at) FROM public.access_session s WHERE s.user_id = u.id AND s.authorisation_id = a.id),
        ARRAY(SELECT l.name FROM gate.courses_lacking(u.id, r.id, g.at) l),
        coalesce(c.closed_at IS NULL AND a.id IN (SELECT gate.unanswered(c.id, g.at)), false), d.approved, d.decided_at, u.id = g.user_id
    FROM public.access_accessauthorisation a
    JOIN public.access_user u ON u.id = a.user_id
    JOIN public.access_roletemplate r ON r.id = a.role_id
    LEFT JOIN LATERAL (
        SELECT x.* FROM public.access_reapprovalcycle x WHERE x.unit_id = g.unit_id ORDER BY x.opened_at DESC LIMIT 1
    ) c ON true
    LEFT JOIN public.access_reapprovaldecision d ON d.cycle_id = c.id AND d.authorisation_id = a.id
    WHERE a.unit_id = g.unit_id AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to)
    ORDER BY gate.name_key(u.family_name || ' ' || u.given_name) COLLATE "C", r.name;
END $$;

CREATE FUNCTION gate.close_if_answered(p_cycle uuid, t timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.access_reapprovalcycle SET closed_at = t
    WHERE id = p_cycle AND closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM gate.unanswered(p_cycle, t));
END $$;

-- Answers the open cycle of a unit. The leader for the own unit, but not for oneself; an administrator who holds the unit for what is left
-- (the leader's own role). One that is not approved ends now. Returns how many were answered.
CREATE FUNCTION gate.reapprove(p_unit uuid, p_authorisations uuid[], p_approved boolean, p_reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    cycle uuid;
    answered uuid[];
BEGIN
    IF NOT (gate.leads(g) AND p_unit = g.unit_id) AND NOT (g.administers_access AND gate.holds_unit(g.user_id, p_unit)) THEN
        RAISE EXCEPTION 'neither leader nor administrator of the unit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT p_approved AND btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'ending needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    SELECT c.id INTO cycle FROM public.access_reapprovalcycle c WHERE c.unit_id = p_unit AND c.closed_at IS NULL FOR UPDATE;
    answered := ARRAY(
        SELECT a.id FROM public.access_accessauthorisation a
        WHERE a.id = ANY (p_authorisations) AND a.user_id <> g.user_id AND a.id IN (SELECT gate.unanswered(cycle, g.at)));
    INSERT INTO public.access_reapprovaldecision (id, cycle_id, authorisation_id, approved, decided_by_id, decided_at, reason)
    SELECT gen_random_uuid(), cycle, x, p_approved, g.user_id, g.at, p_reason FROM unnest(answered) x;
    IF NOT p_approved THEN
        UPDATE public.access_accessauthorisation
        SET valid_to = greatest(g.at, valid_from), ended_by_id = g.user_id, ended_reason = p_reason, ended_at = g.at WHERE id = ANY (answered);
    END IF;
    PERFORM gate.close_if_answered(cycle, g.at);
    PERFORM gate.register_log(g, CASE WHEN p_approved THEN 'reapproval_approve' ELSE 'reapproval_end' END, p_reason,
        jsonb_build_object('authorisation', to_jsonb(answered)));
    RETURN cardinality(answered);
END $$;

-- What leaving would close and leave open: {ends: [authorisation], stays: [authorisation], sessions, work: {...}}. NULL if not one's to close.
CREATE FUNCTION gate.leaving_preview(p_user uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    ends uuid[] := ARRAY(SELECT gate.endable(g, p_user));
BEGIN
    IF NOT gate.answers_for(g, p_user) OR p_user = g.user_id THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT jsonb_build_object(
            'user', jsonb_build_object('id', u.id, 'family_name', u.family_name, 'given_name', u.given_name, 'username', u.username),
            'ends', coalesce(jsonb_agg(row) FILTER (WHERE a.id = ANY (ends)), '[]'),
            'stays', coalesce(jsonb_agg(row) FILTER (WHERE NOT a.id = ANY (ends)), '[]'),
            'sessions', (SELECT count(*) FROM public.access_session s WHERE s.user_id = u.id AND s.ended_at IS NULL AND g.at < s.expires_at),
            'work', gate.open_work(u.id))
        FROM public.access_user u
        LEFT JOIN (public.access_accessauthorisation a
            JOIN public.access_roletemplate r ON r.id = a.role_id
            JOIN public.access_orgunit o ON o.id = a.unit_id
            JOIN public.access_legalentity e ON e.id = o.legal_entity_id)
            ON a.user_id = u.id AND a.ended_at IS NULL AND (a.valid_to IS NULL OR g.at < a.valid_to)
        CROSS JOIN LATERAL (SELECT jsonb_build_object('id', a.id, 'role', r.name, 'unit', o.name, 'entity', e.name) AS row) x
        WHERE u.id = p_user GROUP BY u.id);
END $$;

-- Ends all authorisations one may end and every session and token. Where none is left anywhere the person becomes inactive. Returns the
-- preview as it was, with `closed`: whether the person is out altogether.
CREATE FUNCTION gate.leaving_close(p_user uuid, p_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    before jsonb;
    ends uuid[];
    closed boolean;
    cycle uuid;
BEGIN
    PERFORM 1 FROM public.access_user u WHERE u.id = p_user FOR UPDATE;
    before := gate.leaving_preview(p_user);
    IF before IS NULL OR btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'not a person one answers for, or no reason' USING ERRCODE = 'insufficient_privilege';
    END IF;
    ends := ARRAY(SELECT gate.endable(g, p_user));
    UPDATE public.access_accessauthorisation
    SET valid_to = greatest(g.at, valid_from), ended_by_id = g.user_id, ended_reason = p_reason, ended_at = g.at WHERE id = ANY (ends);
    UPDATE public.access_session SET ended_at = g.at WHERE user_id = p_user AND ended_at IS NULL;
    closed := jsonb_array_length(before -> 'stays') = 0;
    IF closed THEN
        UPDATE public.access_user SET is_active = false WHERE id = p_user;
        INSERT INTO public.access_departure (id, user_id, valid_from, reason, closed_by_id, open_work)
        VALUES (gen_random_uuid(), p_user, g.at, p_reason, g.user_id, before -> 'work') ON CONFLICT DO NOTHING;
        DELETE FROM public.guardian_userobjectpermission WHERE user_id = p_user;
    END IF;
    FOR cycle IN
        SELECT c.id FROM public.access_reapprovalcycle c WHERE c.closed_at IS NULL AND c.unit_id IN (
            SELECT a.unit_id FROM public.access_accessauthorisation a WHERE a.id = ANY (ends))
    LOOP
        PERFORM gate.close_if_answered(cycle, g.at);
    END LOOP;
    PERFORM gate.register_log(g, 'leaving_close', p_reason,
        jsonb_build_object('user', jsonb_build_array(p_user), 'authorisation', to_jsonb(ends)));
    RETURN before || jsonb_build_object('closed', closed);
END $$;

-- A person who left is taken in again: may log in, with no role until one is given.
CREATE FUNCTION gate.leaving_undo(p_user uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    IF btrim(p_reason) = '' OR p_user = g.user_id THEN
        RAISE EXCEPTION 'a reason is needed, and another person' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.access_departure SET valid_to = g.at, returned_by_id = g.user_id WHERE user_id = p_user AND valid_to IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.access_user SET is_active = true WHERE id = p_user;
    PERFORM gate.register_log(g, 'leaving_undo', p_reason, jsonb_build_object('user', jsonb_build_array(p_user)));
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.reapprovals_open(), gate.reapproval_start(uuid, timestamptz), gate.reapprovals(), gate.unit_staff(),
    gate.reapprove(uuid, uuid[], boolean, text), gate.leaving_preview(uuid), gate.leaving_close(uuid, text),
    gate.leaving_undo(uuid, text) TO epj_app;
