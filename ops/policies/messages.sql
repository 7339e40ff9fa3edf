-- Words about shifts to those they concern: rows written with their cause, taken by whatever worker comes first, under a lease, and said at most twice.

CREATE FUNCTION gate.duty_tell(g gate.grant_t, p_roster uuid, p_level int, p_span tstzrange, p_party uuid, p_kind text, p_swap uuid, p_note text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.ops_dutymessage (id, roster_id, level, span, party_id, kind, swap_id, actor, note, made_at, claims)
    SELECT gen_random_uuid(), p_roster, p_level, p_span, p.id, p_kind, p_swap, gate.person_name(g.user_id), p_note, g.at, 0
    FROM public.ops_party p WHERE p.id = p_party AND p.active AND (p.phone <> '' OR p.email <> '') AND p.user_id IS DISTINCT FROM g.user_id;
END $$;

-- One that waits, held for twenty seconds. `answer`: what became of the question, where it tells of one.
CREATE FUNCTION gate.duty_message_claim() RETURNS TABLE (
    message uuid, kind text, repeated boolean, roster text, level text, begins timestamptz, ends timestamptz, giver text, answer text, actor text, note text,
    phone text, email text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m public.ops_dutymessage;
BEGIN
    UPDATE public.ops_dutymessage x SET lease_until = gate.clock() + interval '20 seconds', claims = x.claims + 1,
        sent_at = CASE WHEN x.claims >= 2 THEN gate.clock() END
    WHERE x.id = (
        SELECT w.id FROM public.ops_dutymessage w WHERE w.sent_at IS NULL AND (w.lease_until IS NULL OR w.lease_until <= gate.clock())
        ORDER BY w.made_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING * INTO m;
    RETURN QUERY
    SELECT m.id, m.kind::text, m.claims > 1, r.name, CASE WHEN (SELECT count(*) FROM public.ops_rosterlevel n WHERE n.roster_id = r.id) > 1 THEN l.name END,
        lower(m.span), upper(m.span), g.name, w.state::text, m.actor, m.note, CASE WHEN m.claims < 3 THEN p.phone::text END, CASE WHEN m.claims < 3 THEN p.email::text END
    FROM public.ops_roster r JOIN public.ops_party p ON p.id = m.party_id LEFT JOIN public.ops_rosterlevel l ON l.roster_id = r.id AND l.number = m.level
    LEFT JOIN public.ops_swap w ON w.id = m.swap_id LEFT JOIN public.ops_party g ON g.id = w.giver_id
    WHERE r.id = m.roster_id;
END $$;

CREATE FUNCTION gate.duty_message_sent(p_message uuid, p_repeated boolean, p_notices jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.ops_dutymessage SET sent_at = gate.clock(), lease_until = NULL WHERE id = p_message AND sent_at IS NULL;
    IF FOUND THEN
        INSERT INTO public.ops_notice (id, message_id, channel, address, text, repeated, at, error)
        SELECT gen_random_uuid(), p_message, n.channel, n.address, n.text, p_repeated, gate.clock(), n.error
        FROM jsonb_to_recordset(p_notices) AS n (channel text, address text, text text, error text);
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION gate.duty_message_claim(), gate.duty_message_sent(uuid, boolean, jsonb) TO epj_app;

DROP POLICY notice_seen ON ops_notice;
CREATE POLICY notice_seen ON ops_notice FOR SELECT TO epj_app USING (
    message_id IN (SELECT m.id FROM ops_dutymessage m)
    OR EXISTS (SELECT 1 FROM ops_step s JOIN ops_incident i ON i.id = s.incident_id WHERE s.id = step_id AND gate.runs_system(i.system_id)));

-- What waits for the acting person: incidents of systems one answers for now that nobody has acknowledged, and the number of questions about shifts.
-- {incidents: [{id, title, system, opened_at}], questions}
CREATE FUNCTION gate.duty_calls() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    mine uuid[] := ARRAY(SELECT p.id FROM public.ops_party p WHERE p.active AND p.user_id = g.user_id
        UNION SELECT x.object_pk::uuid FROM public.guardian_userobjectpermission x JOIN public.auth_permission a ON a.id = x.permission_id AND a.codename = 'answer_for'
        JOIN public.django_content_type t ON t.id = x.content_type_id AND t.app_label = 'ops' WHERE x.user_id = g.user_id);
BEGIN
    RETURN jsonb_build_object('incidents', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'title', i.title, 'system', y.name, 'opened_at', i.opened_at) ORDER BY i.opened_at), '[]')
        FROM public.ops_incident i JOIN public.ops_system y ON y.id = i.system_id
        WHERE i.closed_at IS NULL AND i.acknowledged_at IS NULL AND i.severity <> 'notice' AND EXISTS (
            SELECT 1 FROM public.ops_roster r JOIN public.ops_shift s ON s.roster_id = r.id AND s.span @> g.at AND s.party_id = ANY (mine) WHERE r.system_id = y.id)),
        'questions', (SELECT count(*) FROM public.ops_swap w WHERE w.state = 'open' AND NOT coalesce(w.giver_id = ANY (mine), false) AND lower(w.span) > g.at
            AND (w.receiver_id = ANY (mine) OR w.receiver_id IS NULL AND EXISTS (
                SELECT 1 FROM public.ops_roster_parties m WHERE m.roster_id = w.roster_id AND m.party_id = ANY (mine)))));
END $$;

CREATE OR REPLACE FUNCTION gate.duty_waiting() RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
    calls jsonb;
BEGIN
    IF g.user_id IS NULL OR g.purpose = 'poll' THEN
        RETURN 0;
    END IF;
    calls := gate.duty_calls();
    RETURN jsonb_array_length(calls -> 'incidents') + (calls ->> 'questions')::int;
END $$;

GRANT EXECUTE ON FUNCTION gate.duty_calls(), gate.duty_waiting() TO epj_app;
