-- Incidents and whom they are told. Steps are rows with a due time and a short lease: whoever runs (a worker's own thread, or a task that beat woke)
-- takes what is due. The functions without a session find, tell and count, nothing else: they must work when nobody is logged in.

CREATE FUNCTION gate.incident_line(p_incident uuid, p_kind text, p_text text, p_by text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.ops_incidentline (incident_id, at, kind, text, by) VALUES (p_incident, gate.clock(), p_kind, p_text, p_by)
$$;

-- The open incident of a key, made where there is none; what is told again is counted. The first step is due at once, unless it is for information only.
-- What turns out worse than it was told at first is an alarm anew: nobody has answered for that.
CREATE FUNCTION gate.incident_begin(p_system uuid, p_key text, p_severity text, p_title text, p_detail text, p_origin text, p_by uuid, p_by_name text) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said text := concat_ws(': ', btrim(p_title), nullif(btrim(p_detail), ''));
    order_of text[] := ARRAY['notice', 'serious', 'critical'];
    made uuid;
    known public.ops_incident;
BEGIN
    INSERT INTO public.ops_incident (id, system_id, key, severity, title, detail, origin, count, opened_at, alarmed_at, last_seen_at, opened_by_id, review)
    VALUES (gen_random_uuid(), p_system, p_key, p_severity, btrim(p_title), btrim(p_detail), p_origin, 1, gate.clock(), gate.clock(), gate.clock(), p_by, '')
    ON CONFLICT (system_id, key) WHERE closed_at IS NULL DO NOTHING RETURNING id INTO made;
    IF made IS NOT NULL THEN
        PERFORM gate.incident_line(made, 'opened', said, p_by_name);
        IF p_severity <> 'notice' THEN
            PERFORM gate.incident_alarm(made);
        END IF;
        RETURN made;
    END IF;
    SELECT * INTO known FROM public.ops_incident i WHERE i.system_id = p_system AND i.key = p_key AND i.closed_at IS NULL FOR UPDATE;
    UPDATE public.ops_incident i SET count = i.count + 1, last_seen_at = gate.clock() WHERE i.id = known.id;
    IF array_position(order_of, p_severity) > array_position(order_of, known.severity::text) THEN
        UPDATE public.ops_incident i SET severity = p_severity, alarmed_at = gate.clock(), acknowledged_at = NULL, acknowledged_by_id = NULL WHERE i.id = known.id;
        PERFORM gate.incident_line(known.id, 'raised', 'Verre enn først meldt. ' || said, p_by_name);
        PERFORM gate.incident_alarm(known.id);
    ELSE
        PERFORM gate.incident_line(known.id, 'again', said, p_by_name);
    END IF;
    RETURN known.id;
END $$;

-- A step that is due now, from the first line on; what waited is due no more.
CREATE FUNCTION gate.incident_alarm(p_incident uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.ops_step SET state = 'stopped', lease_until = NULL WHERE incident_id = p_incident AND state = 'waiting';
    INSERT INTO public.ops_step (id, incident_id, number, level, due_at, claims, state)
    SELECT gen_random_uuid(), i.id, 1 + coalesce((SELECT max(s.number) FROM public.ops_step s WHERE s.incident_id = i.id), 0), min(l.number), gate.clock(), 0, 'waiting'
    FROM public.ops_incident i JOIN public.ops_roster r ON r.system_id = i.system_id JOIN public.ops_rosterlevel l ON l.roster_id = r.id
    WHERE i.id = p_incident GROUP BY i.id;
END $$;

CREATE FUNCTION gate.person_name(p_user uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT u.given_name || ' ' || u.family_name FROM public.access_user u WHERE u.id = p_user $$;

-- Somebody who is logged in says that a system does not work.
CREATE FUNCTION gate.incident_report(p_system uuid, p_severity text, p_title text, p_detail text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    made uuid := gate.incident_begin(p_system, 'person', p_severity, p_title, p_detail, 'person', g.user_id, gate.person_name(g.user_id));
BEGIN
    PERFORM gate.duty_log(g, 'incident_report', p_title, jsonb_build_object('incident', jsonb_build_array(made)));
    RETURN made;
END $$;

-- A check of our own says that something is wrong, or right again. Returns the incident; NULL where the system is not one.
CREATE FUNCTION gate.monitor_tell(p_system text, p_key text, p_wrong boolean, p_severity text, p_title text, p_detail text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known_system uuid := (SELECT y.id FROM public.ops_system y WHERE y.code = p_system);
    known uuid;
BEGIN
    IF p_wrong THEN
        RETURN CASE WHEN known_system IS NOT NULL THEN gate.incident_begin(known_system, 'monitor:' || p_key, p_severity, p_title, p_detail, 'monitor', NULL, '') END;
    END IF;
    UPDATE public.ops_incident SET closed_at = gate.clock() WHERE system_id = known_system AND key = 'monitor:' || p_key AND closed_at IS NULL RETURNING id INTO known;
    IF known IS NOT NULL THEN
        UPDATE public.ops_step SET state = 'stopped' WHERE incident_id = known AND state = 'waiting';
        PERFORM gate.incident_line(known, 'closed', 'Overvåkingen melder at det virker igjen', '');
    END IF;
    RETURN known;
END $$;

-- What proves that a page was sent to a party: in its link, so that whoever is woken need not log in to acknowledge.
CREATE FUNCTION gate.page_proof(p_step uuid, p_party uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT left(gate.mac('page:' || p_step || ':' || p_party), 24) $$;

-- A step that is due, held for twenty seconds, and whom it is told: the one who answers on its level now; where nobody does, all of the roster. The next
-- step is written at once, so that it comes in time whatever becomes of this one. A step is told at most twice.
CREATE FUNCTION gate.step_claim() RETURNS TABLE (
    step uuid, incident uuid, number int, repeated boolean, nobody boolean, party uuid, name text, phone text, email text, proof text,
    title text, detail text, severity text, system text, opened_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.ops_step;
    i public.ops_incident;
    l public.ops_rosterlevel;
    r uuid;
    answering uuid;
BEGIN
    UPDATE public.ops_step x SET lease_until = gate.clock() + interval '20 seconds', claims = claims + 1
    WHERE x.id = (
        SELECT w.id FROM public.ops_step w WHERE w.state = 'waiting' AND w.due_at <= gate.clock() AND (w.lease_until IS NULL OR w.lease_until <= gate.clock())
        ORDER BY w.due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING * INTO s;
    IF s.id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO i FROM public.ops_incident x WHERE x.id = s.incident_id;
    SELECT x.id INTO r FROM public.ops_roster x WHERE x.system_id = i.system_id;
    SELECT * INTO l FROM public.ops_rosterlevel x WHERE x.roster_id = r AND x.number = s.level;
    SELECT x.party_id INTO answering FROM public.ops_shift x WHERE x.roster_id = r AND x.level = s.level AND x.span @> gate.clock();
    INSERT INTO public.ops_step (id, incident_id, number, level, due_at, claims, state)
    SELECT gen_random_uuid(), i.id, s.number + 1,
        coalesce((SELECT min(x.number) FROM public.ops_rosterlevel x WHERE x.roster_id = r AND x.number > s.level), (SELECT min(x.number) FROM public.ops_rosterlevel x WHERE x.roster_id = r)),
        s.due_at + make_interval(mins => coalesce(l.wait_minutes, 5)), 0, 'waiting'
    WHERE s.number < 60 ON CONFLICT DO NOTHING;
    IF s.claims > 2 THEN
        UPDATE public.ops_step x SET state = 'told', lease_until = NULL WHERE x.id = s.id;
        PERFORM gate.incident_line(i.id, 'lost', 'Varselet ble avbrutt to ganger. Neste trinn varsles etter planen', '');
        RETURN;
    END IF;
    -- To tell all takes longer than to tell one.
    UPDATE public.ops_step x SET party_id = answering, lease_until = CASE WHEN answering IS NULL THEN gate.clock() + interval '2 minutes' ELSE x.lease_until END
    WHERE x.id = s.id;
    RETURN QUERY
    SELECT s.id, i.id, s.number::int, s.claims > 1, answering IS NULL, p.id, p.name, p.phone::text, p.email::text, gate.page_proof(s.id, p.id),
        i.title, i.detail, i.severity::text, y.name, i.opened_at
    FROM public.ops_system y, public.ops_party p
    WHERE y.id = i.system_id AND p.active AND (p.id = answering OR answering IS NULL AND EXISTS (
        SELECT 1 FROM public.ops_roster_parties m WHERE m.roster_id = r AND m.party_id = p.id));
END $$;

-- What became of it. notices: [{channel, address, text, error}]. When nothing got through the next step is due at once.
CREATE FUNCTION gate.step_told(p_step uuid, p_repeated boolean, p_notices jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.ops_step;
    through boolean := EXISTS (SELECT 1 FROM jsonb_array_elements(p_notices) n WHERE n ->> 'error' = '');
BEGIN
    UPDATE public.ops_step x SET state = CASE WHEN x.party_id IS NULL THEN 'nobody' ELSE 'told' END, told_at = gate.clock(), lease_until = NULL
    WHERE x.id = p_step AND x.state = 'waiting' RETURNING * INTO s;
    IF s.id IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO public.ops_notice (id, step_id, channel, address, text, repeated, at, error)
    SELECT gen_random_uuid(), s.id, n.channel, n.address, n.text, p_repeated, gate.clock(), n.error
    FROM jsonb_to_recordset(p_notices) AS n (channel text, address text, text text, error text);
    PERFORM gate.incident_line(s.incident_id, CASE WHEN through THEN 'told' ELSE 'failed' END, concat_ws(' ',
        CASE WHEN s.party_id IS NULL THEN 'Ingen har vakt på trinn ' || s.level || '. Alle i vaktordningen er varslet.'
            ELSE 'Varslet ' || (SELECT p.name FROM public.ops_party p WHERE p.id = s.party_id) || ' (trinn ' || s.level || ').' END,
        CASE WHEN p_repeated THEN 'Gjentatt: første gang kan også ha kommet fram.' END,
        CASE WHEN NOT through THEN 'Varselet kom ikke ut. Neste trinn varsles nå.' END), '');
    IF NOT through THEN
        UPDATE public.ops_step x SET due_at = gate.clock() WHERE x.incident_id = s.incident_id AND x.state = 'waiting' AND x.number = s.number + 1 AND s.number % 5 <> 0;
    END IF;
END $$;

CREATE FUNCTION gate.acknowledge(p_incident uuid, p_party uuid, p_by text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.ops_incident SET acknowledged_at = gate.clock(), acknowledged_by_id = p_party WHERE id = p_incident AND acknowledged_at IS NULL AND closed_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.ops_step SET state = 'stopped', lease_until = NULL WHERE incident_id = p_incident AND state = 'waiting';
    PERFORM gate.incident_line(p_incident, 'acknowledged', 'Kvittert. Ingen flere varsles', p_by);
    RETURN true;
END $$;

-- The page of one who was woken, by the proof in the link: until a day after it was sent, or until the incident is closed. NULL for anything else.
CREATE FUNCTION gate.page_open(p_step uuid, p_party uuid, p_proof text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_proof IS DISTINCT FROM gate.page_proof(p_step, p_party) THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT jsonb_build_object('incident', i.id, 'title', i.title, 'detail', i.detail, 'severity', i.severity, 'system', y.name, 'runbook', y.runbook, 'phone', y.phone,
            'opened_at', i.opened_at, 'count', i.count, 'acknowledged_at', i.acknowledged_at, 'acknowledged_by', a.name, 'closed_at', i.closed_at, 'me', p.name,
            'now', gate.clock(), 'handover', (SELECT h.text FROM public.ops_handover h JOIN public.ops_roster r ON r.id = h.roster_id
                WHERE r.system_id = y.id AND h.written_at > gate.clock() - interval '14 days' ORDER BY h.written_at DESC LIMIT 1), 'lines', (SELECT jsonb_agg(jsonb_build_object('at', l.at, 'text', l.text, 'by', l.by) ORDER BY l.id) FROM public.ops_incidentline l WHERE l.incident_id = i.id))
        FROM public.ops_step s JOIN public.ops_incident i ON i.id = s.incident_id JOIN public.ops_system y ON y.id = i.system_id
        JOIN public.ops_party p ON p.id = p_party LEFT JOIN public.ops_party a ON a.id = i.acknowledged_by_id
        WHERE s.id = p_step AND (i.closed_at IS NULL OR s.due_at > gate.clock() - interval '1 day') AND s.due_at > gate.clock() - interval '7 days');
END $$;

CREATE FUNCTION gate.page_acknowledge(p_step uuid, p_party uuid, p_proof text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF gate.page_open(p_step, p_party, p_proof) IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN gate.acknowledge((SELECT s.incident_id FROM public.ops_step s WHERE s.id = p_step), p_party, (SELECT p.name FROM public.ops_party p WHERE p.id = p_party));
END $$;

-- Whoever runs the system, logged in: acknowledge, write, close, look back. False when it is so already.
CREATE FUNCTION gate.incident_act(p_incident uuid, p_act text, p_text text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    i public.ops_incident;
    name text := gate.person_name(g.user_id);
    done boolean := true;
BEGIN
    SELECT * INTO i FROM public.ops_incident WHERE id = p_incident FOR UPDATE;
    IF i.id IS NULL OR NOT gate.runs_system(i.system_id) THEN
        RAISE EXCEPTION 'this person does not run the system' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_act = 'acknowledge' THEN
        done := gate.acknowledge(i.id, (SELECT p.id FROM public.ops_party p WHERE p.user_id = g.user_id), name);
    ELSIF p_act = 'note' THEN
        PERFORM gate.incident_line(i.id, 'note', btrim(p_text), name);
    ELSIF p_act = 'close' AND i.closed_at IS NULL THEN
        PERFORM gate.acknowledge(i.id, (SELECT p.id FROM public.ops_party p WHERE p.user_id = g.user_id), name);
        UPDATE public.ops_incident SET closed_at = g.at WHERE id = i.id;
        PERFORM gate.incident_line(i.id, 'closed', btrim('Lukket. ' || p_text), name);
    ELSIF p_act = 'review' AND i.closed_at IS NOT NULL THEN
        UPDATE public.ops_incident SET review = btrim(p_text) WHERE id = i.id;
        PERFORM gate.incident_line(i.id, 'review', 'Gjennomgått', name);
    ELSE
        done := false;
    END IF;
    IF done THEN
        PERFORM gate.duty_log(g, 'incident_' || p_act, '', jsonb_build_object('incident', jsonb_build_array(i.id)));
    END IF;
    RETURN done;
END $$;

-- HMAC-SHA256 (RFC 2104): the signing keys of building systems never leave the database.
CREATE FUNCTION gate.hmac_sha256(p_key bytea, p_body bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    key bytea := CASE WHEN length(p_key) > 64 THEN sha256(p_key) ELSE p_key END;
    inside bytea;
    outside bytea;
BEGIN
    key := key || decode(repeat('00', 64 - length(key)), 'hex');
    inside := key;
    outside := key;
    FOR n IN 0..63 LOOP
        inside := set_byte(inside, n, get_byte(key, n) # 54);
        outside := set_byte(outside, n, get_byte(key, n) # 92);
    END LOOP;
    RETURN sha256(outside || sha256(inside || p_body));
END $$;

-- One event of a building system. ok, unknown (token), late (clock), forged (signature), replayed, unreadable.
CREATE FUNCTION gate.building_event(p_token text, p_time text, p_nonce text, p_signature text, p_body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    source public.ops_eventsource;
    told jsonb;
    moment timestamptz;
    made uuid := gen_random_uuid();
BEGIN
    SELECT * INTO source FROM public.ops_eventsource x WHERE x.token_hash = gate.hash(p_token) AND x.active;
    IF source.id IS NULL THEN
        RETURN 'unknown';
    ELSIF p_time !~ '^[0-9]{1,12}$' OR abs(extract(epoch FROM gate.clock()) - p_time::bigint) > 300 THEN
        RETURN 'late';
    ELSIF length(p_nonce) NOT BETWEEN 8 AND 64
        OR encode(gate.hmac_sha256(source.signing_key, convert_to(p_time || '.' || p_nonce || '.' || p_body, 'UTF8')), 'hex') IS DISTINCT FROM lower(p_signature) THEN
        RETURN 'forged';
    END IF;
    DELETE FROM public.ops_seennonce WHERE ops_seennonce.at < gate.clock() - interval '1 day';
    INSERT INTO public.ops_seennonce (source_id, nonce, at) VALUES (source.id, p_nonce, gate.clock()) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'replayed';
    END IF;
    BEGIN
        told := p_body::jsonb;
        moment := coalesce((told ->> 'at')::timestamptz, gate.clock());
    EXCEPTION WHEN data_exception OR invalid_text_representation THEN
        RETURN 'unreadable';
    END;
    IF jsonb_typeof(told) <> 'object' OR coalesce(told ->> 'kind', '') NOT IN ('call', 'technical', 'access') OR length(coalesce(told ->> 'place', '')) NOT BETWEEN 1 AND 40
        OR length(coalesce(told ->> 'text', '')) > 200 OR abs(extract(epoch FROM gate.clock() - moment)) > 86400 THEN
        RETURN 'unreadable';
    END IF;
    IF coalesce((told ->> 'ended') = 'true', false) THEN
        UPDATE public.ops_buildingevent b SET ended_at = gate.clock()
        WHERE b.source_id = source.id AND b.kind = told ->> 'kind' AND b.place = told ->> 'place' AND b.ended_at IS NULL;
        RETURN 'ok';
    END IF;
    INSERT INTO public.ops_buildingevent (id, source_id, kind, place, text, at, received_at, incident_id)
    VALUES (made, source.id, told ->> 'kind', told ->> 'place', coalesce(told ->> 'text', ''), moment, gate.clock(), CASE WHEN told ->> 'kind' <> 'call' THEN
        gate.incident_begin(source.system_id, (told ->> 'kind') || ':' || (told ->> 'place'), CASE WHEN told ->> 'severity' = 'critical' THEN 'critical' ELSE 'serious' END,
            concat_ws(' – ', coalesce(nullif(told ->> 'text', ''), CASE told ->> 'kind' WHEN 'technical' THEN 'Teknisk alarm' ELSE 'Adgangskontroll' END), told ->> 'place'), '', 'building', NULL, source.name) END);
    RETURN 'ok';
END $$;

GRANT EXECUTE ON FUNCTION
    gate.incident_report(uuid, text, text, text), gate.monitor_tell(text, text, boolean, text, text, text), gate.step_claim(), gate.step_told(uuid, boolean, jsonb),
    gate.page_open(uuid, uuid, text), gate.page_acknowledge(uuid, uuid, text), gate.incident_act(uuid, text, text),
    gate.building_event(text, text, text, text, text) TO epj_app;
