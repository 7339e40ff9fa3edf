-- Who may look at what. Everything is written through functions; sources of events, nonces and feeds are not read by the application at all.

ALTER TABLE ops_system ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_party ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_roster ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_roster_parties ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_rosterlevel ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_rotation ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_shift ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_act ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_release ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_handover ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_swap ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_incident ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_incidentline ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_buildingevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_eventsource ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops_seennonce ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON ops_system, ops_party, ops_roster, ops_roster_parties, ops_rosterlevel, ops_rotation, ops_shift, ops_act, ops_release, ops_handover, ops_swap,
    ops_incident, ops_step, ops_notice, ops_incidentline, ops_buildingevent TO epj_app;
GRANT SELECT (id, user_id, made_at, read_at, revoked_at) ON ops_feed TO epj_app;

CREATE POLICY system_seen ON ops_system FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY party_seen ON ops_party FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY roster_seen ON ops_roster FOR SELECT TO epj_app USING (id IN (SELECT gate.duty_rosters()));
CREATE POLICY member_seen ON ops_roster_parties FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
CREATE POLICY level_seen ON ops_rosterlevel FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
CREATE POLICY rotation_seen ON ops_rotation FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
CREATE POLICY shift_seen ON ops_shift FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
CREATE POLICY act_seen ON ops_act FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
CREATE POLICY release_seen ON ops_release FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
CREATE POLICY handover_seen ON ops_handover FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
CREATE POLICY swap_seen ON ops_swap FOR SELECT TO epj_app USING (roster_id IN (SELECT gate.duty_rosters()));
CREATE POLICY feed_own ON ops_feed FOR SELECT TO epj_app USING (user_id = (SELECT (gate.current_grant()).user_id));
CREATE POLICY incident_seen ON ops_incident FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY line_seen ON ops_incidentline FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY step_seen ON ops_step FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY notice_seen ON ops_notice FOR SELECT TO epj_app USING (
    EXISTS (SELECT 1 FROM ops_step s JOIN ops_incident i ON i.id = s.incident_id WHERE s.id = step_id AND gate.runs_system(i.system_id)));
-- A call bell is the ward's: whoever works in its unit. What else a building tells is seen with its incident.
CREATE POLICY buildingevent_seen ON ops_buildingevent FOR SELECT TO epj_app USING (source_id IN (SELECT gate.own_bells()) OR incident_id IS NOT NULL);

-- Who answers now for each system, for a page that nobody is logged in on: name of who answers, and the number. [{code, name, icon, phone, party, of, until}]
CREATE FUNCTION gate.duty_now() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object('code', y.code, 'name', y.name, 'icon', y.icon, 'roster', r.id, 'phone', coalesce(nullif(y.phone, ''), p.phone, ''),
            'party', p.name, 'of', e.name, 'until', upper(s.span)) ORDER BY y.place, y.name), '[]')
        FROM public.ops_system y JOIN public.ops_roster r ON r.system_id = y.id
        LEFT JOIN public.ops_shift s ON s.roster_id = r.id AND s.level = 1 AND s.span @> gate.clock()
        LEFT JOIN public.ops_party p ON p.id = s.party_id LEFT JOIN public.access_legalentity e ON e.id = p.legal_entity_id AND e.name <> p.name);
END $$;

-- Where whoever answers for a system now is reached, for alarms of other kinds. Called by workers, with nobody acting.
CREATE FUNCTION gate.duty_addresses(p_system text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(a.address), '{}') FROM public.ops_system y JOIN public.ops_roster r ON r.system_id = y.id
    JOIN public.ops_shift s ON s.roster_id = r.id AND s.level = 1 AND s.span @> gate.clock() JOIN public.ops_party p ON p.id = s.party_id,
        LATERAL (VALUES ('sms:' || nullif(p.phone, '')), ('mailto:' || nullif(p.email, ''))) a (address)
    WHERE y.code = p_system AND a.address IS NOT NULL
$$;

-- Who was on duty in a unit: the port that access declares (access/policies/ports.sql). NULL where no shift plan was made for that time.
CREATE OR REPLACE FUNCTION gate.on_duty(p_unit uuid, p_at timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN EXISTS (SELECT 1 FROM public.ops_roster r WHERE r.unit_id = p_unit AND p_at < r.published_to
            AND p_at >= (SELECT min(lower(x.span)) FROM public.ops_shift x WHERE x.roster_id = r.id))
        THEN ARRAY(SELECT DISTINCT p.user_id FROM public.ops_roster r JOIN public.ops_shift s ON s.roster_id = r.id AND s.span @> p_at
            JOIN public.ops_party p ON p.id = s.party_id WHERE r.unit_id = p_unit AND p.user_id IS NOT NULL) END
$$;
CREATE OR REPLACE FUNCTION gate.roster_known() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT EXISTS (SELECT 1 FROM public.ops_roster r WHERE r.unit_id IS NOT NULL AND r.published_to IS NOT NULL) $$;

-- What the acting unit's board shows beside its beds. Also under a poll: it is about no patient. {on_call: [{name, profession, phone}], bells: [{place, at}]}
CREATE FUNCTION gate.ward_now() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN jsonb_build_object(
        'on_call', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'profession', l.name, 'phone', coalesce(nullif(p.phone, ''), o.phone)) ORDER BY l.number), '[]')
            FROM public.ops_roster r JOIN public.access_orgunit o ON o.id = r.unit_id JOIN public.ops_rosterlevel l ON l.roster_id = r.id
            JOIN public.ops_shift s ON s.roster_id = r.id AND s.level = l.number AND s.span @> g.at JOIN public.ops_party p ON p.id = s.party_id
            WHERE r.unit_id = g.unit_id),
        'bells', (SELECT coalesce(jsonb_agg(jsonb_build_object('place', x.place, 'at', x.at) ORDER BY x.at), '[]') FROM (
            SELECT b.place, min(b.at) AS at FROM public.ops_buildingevent b JOIN public.ops_eventsource s ON s.id = b.source_id AND s.unit_id = g.unit_id
            WHERE b.kind = 'call' AND b.ended_at IS NULL AND b.received_at > g.at - interval '12 hours' GROUP BY b.place) x));
END $$;

-- A calendar address: made by its owner, read by whoever holds the secret, revoked by its owner.
CREATE FUNCTION gate.duty_feed_make(p_secret text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    made uuid := gen_random_uuid();
BEGIN
    UPDATE public.ops_feed SET revoked_at = g.at WHERE user_id = g.user_id AND revoked_at IS NULL;
    INSERT INTO public.ops_feed (id, secret_hash, user_id, made_at) VALUES (made, gate.hash(p_secret), g.user_id, g.at);
    PERFORM gate.duty_log(g, 'feed_make', '', '{}');
    RETURN made;
END $$;

CREATE FUNCTION gate.duty_feed_revoke() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.ops_feed SET revoked_at = g.at WHERE user_id = g.user_id AND revoked_at IS NULL;
    IF FOUND THEN
        PERFORM gate.duty_log(g, 'feed_revoke', '', '{}');
    END IF;
    RETURN FOUND;
END $$;

-- The shifts of the feed's person and of those the person answers for, from a month back. NULL for a secret that is not, or no longer, one.
-- {shifts: [{roster, name, level, number, party?, key, begins, ends}]}; `party` is a name where it is another than the person.
CREATE FUNCTION gate.duty_feed_read(p_secret text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    f public.ops_feed;
BEGIN
    SELECT x.* INTO f FROM public.ops_feed x JOIN public.access_user u ON u.id = x.user_id AND u.is_active
    WHERE x.secret_hash = gate.hash(p_secret) AND x.revoked_at IS NULL;
    IF f.id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE public.ops_feed SET read_at = gate.clock() WHERE id = f.id AND (read_at IS NULL OR read_at < gate.clock() - interval '1 hour');
    RETURN jsonb_build_object('shifts', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('roster', r.id, 'name', r.name, 'level', l.name, 'number', s.level, 'key', p.id,
            'party', CASE WHEN p.user_id IS DISTINCT FROM f.user_id THEN p.name END, 'begins', lower(s.span), 'ends', upper(s.span)) ORDER BY s.roster_id, s.level, p.id, s.span), '[]')
        FROM public.ops_party p JOIN public.ops_shift s ON s.party_id = p.id JOIN public.ops_roster r ON r.id = s.roster_id
        JOIN public.ops_rosterlevel l ON l.roster_id = r.id AND l.number = s.level
        WHERE p.active AND (p.user_id = f.user_id OR gate.ops_holds(f.user_id, 'answer_for', p.id)) AND upper(s.span) > gate.clock() - interval '31 days'));
END $$;

GRANT EXECUTE ON FUNCTION gate.duty_now(), gate.duty_addresses(text), gate.ward_now(), gate.duty_feed_make(text), gate.duty_feed_revoke(), gate.duty_feed_read(text) TO epj_app;
