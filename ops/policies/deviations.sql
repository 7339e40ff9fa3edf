-- Deviations: reported by anyone who works, handled by the leader of the unit they happened in and by those who run the system they are about. The
-- custodian handles those of privacy, and those of units that nobody leads.

CREATE SEQUENCE gate.deviation_number;

-- Whether somebody leads a unit now: a deviation must never be nobody's.
CREATE FUNCTION gate.has_leader(p_unit uuid, t timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM public.access_accessauthorisation a JOIN public.access_roletemplate r ON r.id = a.role_id AND r.leads_unit
        WHERE a.unit_id = p_unit AND a.ended_at IS NULL AND a.valid_from <= t AND (a.valid_to IS NULL OR t < a.valid_to))
$$;

CREATE FUNCTION gate.handles_deviation(g gate.grant_t, d public.ops_deviation) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN d.unit_id = g.unit_id AND gate.leads(g) OR d.system_id IS NOT NULL AND gate.runs_system(d.system_id)
        OR g.is_custodian AND (d.kind = 'privacy' OR NOT gate.has_leader(d.unit_id, g.at));
END $$;

-- Deviations that the acting person may read: one's own, and those one handles.
CREATE FUNCTION gate.own_deviations() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
    led uuid;
    run uuid[];
BEGIN
    IF g.user_id IS NULL OR g.purpose = 'poll' THEN
        RETURN;
    END IF;
    led := CASE WHEN gate.leads(g) THEN g.unit_id END;
    run := ARRAY(SELECT y.id FROM public.ops_system y WHERE gate.runs_system(y.id));
    RETURN QUERY SELECT d.id FROM public.ops_deviation d WHERE d.reported_by_id = g.user_id OR d.unit_id = led OR d.system_id = ANY (run)
        OR g.is_custodian AND (d.kind = 'privacy' OR NOT gate.has_leader(d.unit_id, g.at));
END $$;

-- Whether the acting person handles it: what the page offers.
CREATE FUNCTION gate.may_handle(p_deviation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN coalesce((SELECT gate.handles_deviation(g, d) FROM public.ops_deviation d WHERE d.id = p_deviation), false);
END $$;

CREATE FUNCTION gate.deviation_line(g gate.grant_t, p_deviation uuid, p_text text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.ops_deviationline (deviation_id, at, text, by) VALUES (p_deviation, g.at, p_text, gate.person_name(g.user_id));
END $$;
CREATE TRIGGER deviationline_kept BEFORE UPDATE OR DELETE ON ops_deviationline FOR EACH ROW EXECUTE FUNCTION gate.only_added_to();

-- What was reported stays as it was reported.
CREATE FUNCTION gate.deviation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    handled text[] := '{state,handler_id,due_on,cause,measures,closed_by_id,closed_at}';
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - handled <> to_jsonb(OLD) - handled THEN
        RAISE EXCEPTION 'what was reported is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deviation_kept BEFORE UPDATE OR DELETE ON ops_deviation FOR EACH ROW EXECUTE FUNCTION gate.deviation_kept();

-- One reported. Of an incident that has one already, that one.
CREATE FUNCTION gate.deviation_report(p jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    made uuid := gen_random_uuid();
    known uuid := (SELECT d.id FROM public.ops_deviation d WHERE d.incident_id = (p ->> 'incident')::uuid);
BEGIN
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    INSERT INTO public.ops_deviation (id, number, kind, consequence, title, what, done_now, happened_at, unit_id, system_id, incident_id, link, reported_by_id, reported_at,
        state, cause, measures)
    VALUES (made, nextval('gate.deviation_number'), p ->> 'kind', p ->> 'consequence', p ->> 'title', p ->> 'what', p ->> 'done_now',
        least((p ->> 'happened_at')::timestamptz, g.at), g.unit_id,
        coalesce((SELECT i.system_id FROM public.ops_incident i WHERE i.id = (p ->> 'incident')::uuid), (p ->> 'system')::uuid), (p ->> 'incident')::uuid,
        (p ->> 'link')::uuid, g.user_id, g.at, 'reported', '', '');
    PERFORM gate.deviation_line(g, made, 'Meldt');
    PERFORM gate.duty_log(g, 'deviation_report', '', jsonb_build_object('deviation', jsonb_build_array(made)));
    RETURN made;
END $$;

-- take, note, plan (due, cause, measures), close, reopen. False when it is not as the one who acts saw it.
CREATE FUNCTION gate.deviation_act(p_deviation uuid, p_act text, p jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    d public.ops_deviation;
    handles boolean;
BEGIN
    SELECT * INTO d FROM public.ops_deviation WHERE id = p_deviation FOR UPDATE;
    handles := d.id IS NOT NULL AND gate.handles_deviation(g, d);
    IF NOT handles AND NOT (p_act = 'note' AND d.reported_by_id = g.user_id) THEN
        RAISE EXCEPTION 'not one''s own to handle' USING ERRCODE = 'insufficient_privilege';
    ELSIF p_act = 'note' THEN
        PERFORM gate.deviation_line(g, d.id, p ->> 'text');
    ELSIF p_act = 'take' AND d.state <> 'closed' THEN
        UPDATE public.ops_deviation SET state = 'handled', handler_id = g.user_id WHERE id = d.id;
        PERFORM gate.deviation_line(g, d.id, 'Tok saken');
    ELSIF p_act = 'plan' AND d.state <> 'closed' THEN
        UPDATE public.ops_deviation SET state = 'handled', handler_id = coalesce(handler_id, g.user_id), due_on = (p ->> 'due_on')::date, cause = p ->> 'cause',
            measures = p ->> 'measures' WHERE id = d.id;
        PERFORM gate.deviation_line(g, d.id, 'Skrev årsak og tiltak');
    ELSIF p_act = 'close' AND d.state <> 'closed' THEN
        UPDATE public.ops_deviation SET state = 'closed', handler_id = coalesce(handler_id, g.user_id), due_on = (p ->> 'due_on')::date, cause = p ->> 'cause',
            measures = p ->> 'measures', closed_by_id = g.user_id, closed_at = g.at WHERE id = d.id;
        PERFORM gate.deviation_line(g, d.id, 'Lukket');
    ELSIF p_act = 'reopen' AND d.state = 'closed' THEN
        UPDATE public.ops_deviation SET state = 'handled', closed_by_id = NULL, closed_at = NULL WHERE id = d.id;
        PERFORM gate.deviation_line(g, d.id, 'Åpnet igjen');
    ELSE
        RETURN false;
    END IF;
    PERFORM gate.duty_log(g, 'deviation_' || p_act, '', jsonb_build_object('deviation', jsonb_build_array(d.id)));
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION gate.own_deviations(), gate.may_handle(uuid), gate.deviation_report(jsonb), gate.deviation_act(uuid, text, jsonb) TO epj_app;

ALTER TABLE ops_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_deviation ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_deviationline ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_dutymessage ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON ops_terms, ops_deviation, ops_deviationline, ops_dutymessage TO epj_app;
CREATE POLICY terms_seen ON ops_terms FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY deviation_seen ON ops_deviation FOR SELECT TO epj_app USING (id IN (SELECT gate.own_deviations()));
CREATE POLICY deviationline_seen ON ops_deviationline FOR SELECT TO epj_app USING (deviation_id IN (SELECT gate.own_deviations()));
CREATE POLICY dutymessage_seen ON ops_dutymessage FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
