-- What is wrong with the exchange now, whom it is told, and each day's figures. Counts, names of partners and of units; no patient.
-- The functions without a token do nothing but find, tell and count: they must work while the message workers do not.

-- limits: {silent_seconds, queue_minutes, unreceipted_hours, tray_hours}
CREATE FUNCTION gate.alarm_conditions(limits jsonb) RETURNS TABLE (kind text, about text, label text, count bigint, since timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH partner AS (
        SELECT p.her_id AS her, concat_ws(', ', e.name, p.name) AS name FROM public.messaging_communicationparty p
        LEFT JOIN public.messaging_communicationparty e ON e.id = p.parent_id
    ), sent AS (
        SELECT r.recipient_her AS her, r.state, m.recorded_at FROM public.messaging_receipt r JOIN public.messaging_message m ON m.id = r.message_id
        WHERE m.direction = 'out' AND r.state IN ('awaited', 'missing', 'refused') AND gate.unanswered_for(m)
    ), found AS (
        SELECT h.kind || '_silent' AS kind, '' AS about, 1::bigint AS n, max(h.at) AS since FROM public.messaging_heartbeat h GROUP BY h.kind
        HAVING max(h.at) < gate.clock() - make_interval(secs => (limits ->> 'silent_seconds')::float)
        UNION ALL
        SELECT 'inbox_slow', '', count(*), min(i.due_at) FROM public.messaging_inboxitem i
        WHERE i.state = 'waiting' AND i.due_at < gate.clock() - make_interval(mins => (limits ->> 'queue_minutes')::int)
        UNION ALL
        SELECT 'outbox_slow', '', count(*), min(o.due_at) FROM public.messaging_outboxitem o LEFT JOIN public.messaging_circuitbreaker b ON b.party_id = o.party_id
        WHERE o.state = 'waiting' AND b.opened_at IS NULL AND o.due_at < gate.clock() - make_interval(mins => (limits ->> 'queue_minutes')::int)
        UNION ALL
        SELECT 'set_aside', '', count(*), min(i.due_at) FROM public.messaging_inboxitem i WHERE i.state = 'quarantine'
        UNION ALL
        SELECT 'unreceipted', s.her, count(*), min(s.recorded_at) FROM sent s
        WHERE s.state = 'missing' OR s.state = 'awaited' AND s.recorded_at < gate.clock() - make_interval(hours => (limits ->> 'unreceipted_hours')::int)
        GROUP BY s.her
        UNION ALL
        SELECT 'refused', s.her, count(*), min(s.recorded_at) FROM sent s WHERE s.state = 'refused' GROUP BY s.her
        UNION ALL
        SELECT 'undelivered', o.recipient_her, count(*), min(coalesce(o.settled_at, o.due_at)) FROM public.messaging_outboxitem o
        WHERE o.state IN ('dead', 'rejected', 'held') GROUP BY o.recipient_her
        UNION ALL
        SELECT 'resting', p.her_id, 1, b.opened_at FROM public.messaging_circuitbreaker b JOIN public.messaging_communicationparty p ON p.id = b.party_id
        WHERE b.opened_at IS NOT NULL
        UNION ALL
        SELECT 'unmatched', m.unit_id::text, count(*), min(m.received_at) FROM public.messaging_inboxitem i JOIN public.messaging_message m ON m.id = i.message_id
        WHERE i.state = 'tray' AND i.answer_due_at < gate.clock() + make_interval(hours => (limits ->> 'tray_hours')::int) GROUP BY m.unit_id
        UNION ALL
        SELECT 'unread', k.for_unit_id::text, count(*), min(k.recorded_at) FROM public.journal_task k
        WHERE k.kind = 'message' AND k.done_at IS NULL AND k.cancelled_at IS NULL AND k.due_at < gate.clock() GROUP BY k.for_unit_id
    )
    SELECT f.kind, coalesce(f.about, ''), coalesce(p.name, u.name, ''), f.n, f.since FROM found f
    LEFT JOIN partner p ON p.her = f.about LEFT JOIN public.access_orgunit u ON u.id::text = f.about WHERE f.n > 0
$$;

-- Keeps the incidents as things stand, and gives those that somebody is still to be told of: step 1 at once, step 2 when nobody has acknowledged.
-- One that has been gone for five minutes is closed; until then it may come back without anybody being told again.
CREATE FUNCTION gate.alarms_round(limits jsonb, escalate_minutes int) RETURNS TABLE (incident uuid, step int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('message alarms', 0));
    INSERT INTO public.messaging_incident AS x (id, kind, about, label, count, since, opened_at, last_seen_at, remark)
    SELECT gen_random_uuid(), c.kind, c.about, c.label, c.count, c.since, gate.clock(), gate.clock(), '' FROM gate.alarm_conditions(limits) c
    ON CONFLICT (kind, about) WHERE closed_at IS NULL
    DO UPDATE SET last_seen_at = excluded.last_seen_at, count = excluded.count, since = excluded.since, label = excluded.label;
    UPDATE public.messaging_incident x SET closed_at = gate.clock() WHERE x.closed_at IS NULL AND x.last_seen_at < gate.clock() - interval '5 minutes';
    RETURN QUERY
    SELECT x.id, s.step FROM public.messaging_incident x CROSS JOIN (VALUES (1), (2)) s (step)
    WHERE x.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM public.messaging_notice n WHERE n.incident_id = x.id AND n.step = s.step)
        AND (s.step = 1 OR x.acknowledged_at IS NULL AND x.opened_at <= gate.clock() - make_interval(mins => escalate_minutes));
END $$;

-- The incident is to be told to an address. Once: the words are made from the incident when it is sent.
CREATE FUNCTION gate.alarm_queue(p_incident uuid, p_step int, p_channel text, p_address text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.messaging_notice (id, incident_id, step, channel, address, state, due_at, failures, last_error)
    VALUES (gen_random_uuid(), p_incident, p_step, p_channel, p_address, 'waiting', gate.clock(), 0, '') ON CONFLICT DO NOTHING
$$;

-- One that is due, kept from others for two minutes.
CREATE FUNCTION gate.alarm_claim() RETURNS TABLE (
    notice uuid, channel text, address text, step int, failures int, kind text, label text, count int, since timestamptz, opened_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    UPDATE public.messaging_notice n SET due_at = gate.clock() + interval '2 minutes' FROM public.messaging_incident x
    WHERE x.id = n.incident_id AND n.id = (
        SELECT w.id FROM public.messaging_notice w WHERE w.state = 'waiting' AND w.due_at <= gate.clock() ORDER BY w.due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING n.id, n.channel::text, n.address, n.step::int, n.failures, x.kind::text, x.label, x.count, x.since, x.opened_at;
END $$;

-- What became of it: '' when it was sent, else what was wrong. Given up after twenty tries.
CREATE FUNCTION gate.alarm_told(p_notice uuid, p_error text, wait_seconds float) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.messaging_notice n SET last_error = left(p_error, 500), failures = n.failures + (p_error <> '')::int,
        state = CASE WHEN p_error = '' THEN 'sent' WHEN n.failures + 1 >= 20 THEN 'dead' ELSE 'waiting' END,
        sent_at = CASE WHEN p_error = '' THEN gate.clock() END, due_at = gate.clock() + make_interval(secs => wait_seconds)
    WHERE n.id = p_notice AND n.state = 'waiting'
$$;

-- For the one who watches: what is open, and what was closed the last seven days. told: [{step, channel, address, state, sent_at}]
CREATE FUNCTION gate.watch_incidents() RETURNS TABLE (
    incident uuid, kind text, label text, count int, since timestamptz, opened_at timestamptz, closed_at timestamptz, acknowledged_at timestamptz,
    acknowledged_by text, remark text, told jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
BEGIN
    RETURN QUERY
    SELECT x.id, x.kind::text, x.label, x.count, x.since, x.opened_at, x.closed_at, x.acknowledged_at, u.given_name || ' ' || u.family_name, x.remark,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('step', n.step, 'channel', n.channel, 'address', n.address, 'state', n.state, 'sent_at', n.sent_at)
            ORDER BY n.step, n.address), '[]') FROM public.messaging_notice n WHERE n.incident_id = x.id)
    FROM public.messaging_incident x LEFT JOIN public.access_user u ON u.id = x.acknowledged_by_id
    WHERE x.closed_at IS NULL OR x.closed_at > g.at - interval '7 days'
    ORDER BY x.closed_at IS NOT NULL, x.acknowledged_at IS NOT NULL, x.opened_at DESC LIMIT 100;
END $$;

-- The acting person takes it in hand. False when another was first.
CREATE FUNCTION gate.alarm_acknowledge(p_incident uuid, p_remark text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
    entry public.auditlog_entry;
BEGIN
    UPDATE public.messaging_incident x SET acknowledged_at = g.at, acknowledged_by_id = g.user_id, remark = btrim(p_remark)
    WHERE x.id = p_incident AND x.acknowledged_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    entry := gate.log_row(g, jsonb_build_object('action', 'alarm_acknowledge', 'route', 'messaging', 'purpose', g.purpose));
    entry.reason := btrim(p_remark);
    PERFORM auditlog.write(entry);
    RETURN true;
END $$;

-- A day's figures per partner and service of ours: [{partner, unit, received, sent, refused_by_us, refused_by_them, unreceipted, unmatched,
-- receipt_median, receipt_p95, read_median, read_p95}], times in seconds. Receipts and copies of one message are left out.
CREATE FUNCTION gate.report_rows(p_from timestamptz, p_to timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH arrived AS (
        SELECT m.sender_her AS her, m.unit_id AS unit, count(*) AS received, count(*) FILTER (WHERE m.state = 'refused') AS refused,
            count(*) FILTER (WHERE i.tray_reason <> '') AS unmatched,
            percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM s.seen_at - m.received_at)) AS waited
        FROM public.messaging_message m LEFT JOIN public.messaging_inboxitem i ON i.message_id = m.id
        LEFT JOIN LATERAL (SELECT min(r.seen_at) AS seen_at FROM public.messaging_reading r WHERE r.message_id = m.id) s ON true
        WHERE m.direction = 'in' AND m.type <> 'APPREC' AND m.state <> 'duplicate' AND m.received_at >= p_from AND m.received_at < p_to GROUP BY 1, 2
    ), gone AS (
        SELECT r.recipient_her AS her, m.unit_id AS unit, count(*) AS sent, count(*) FILTER (WHERE r.state = 'refused') AS refused,
            count(*) FILTER (WHERE r.state IN ('awaited', 'missing')) AS unreceipted,
            percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM r.given_at - m.recorded_at)) AS waited
        FROM public.messaging_message m JOIN public.messaging_receipt r ON r.message_id = m.id
        WHERE m.direction = 'out' AND m.type <> 'APPREC' AND m.recorded_at >= p_from AND m.recorded_at < p_to GROUP BY 1, 2
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('partner', coalesce(concat_ws(', ', e.name, p.name), nullif(x.her, ''), ''), 'unit', coalesce(u.name, ''),
        'received', coalesce(a.received, 0), 'sent', coalesce(o.sent, 0), 'refused_by_us', coalesce(a.refused, 0), 'refused_by_them', coalesce(o.refused, 0),
        'unreceipted', coalesce(o.unreceipted, 0), 'unmatched', coalesce(a.unmatched, 0), 'receipt_median', round(o.waited[1]::numeric, 1),
        'receipt_p95', round(o.waited[2]::numeric, 1), 'read_median', round(a.waited[1]::numeric, 1), 'read_p95', round(a.waited[2]::numeric, 1))
        ORDER BY e.name, p.name, x.her, u.name), '[]')
    FROM (SELECT her, unit FROM arrived UNION SELECT her, unit FROM gone) x
    LEFT JOIN arrived a ON a.her = x.her AND a.unit IS NOT DISTINCT FROM x.unit LEFT JOIN gone o ON o.her = x.her AND o.unit IS NOT DISTINCT FROM x.unit
    LEFT JOIN public.messaging_communicationparty p ON p.her_id = x.her LEFT JOIN public.messaging_communicationparty e ON e.id = p.parent_id
    LEFT JOIN public.access_orgunit u ON u.id = x.unit
$$;

-- One row per day, for the days that are over; run again it changes nothing. Returns how many were made.
CREATE FUNCTION gate.reports_make(most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (gate.clock() AT TIME ZONE 'Europe/Oslo')::date;
    one date;
    made int := 0;
BEGIN
    FOR one IN
        SELECT d::date FROM generate_series(today - most, today - 1, interval '1 day') d
        WHERE NOT EXISTS (SELECT 1 FROM public.messaging_dailyreport r WHERE r.day = d::date)
            AND d::date >= (SELECT (min(m.received_at) AT TIME ZONE 'Europe/Oslo')::date FROM public.messaging_message m)
    LOOP
        INSERT INTO public.messaging_dailyreport (day, made_at, rows)
        VALUES (one, gate.clock(), gate.report_rows(one::timestamp AT TIME ZONE 'Europe/Oslo', (one + 1)::timestamp AT TIME ZONE 'Europe/Oslo'))
        ON CONFLICT (day) DO NOTHING;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- The newest reports, or the one of a day.
CREATE FUNCTION gate.watch_reports(p_day date, most int) RETURNS TABLE (day date, made_at timestamptz, rows jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
BEGIN
    RETURN QUERY SELECT r.day, r.made_at, r.rows FROM public.messaging_dailyreport r WHERE p_day IS NULL OR r.day = p_day ORDER BY r.day DESC LIMIT most;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.alarms_round(jsonb, int), gate.alarm_queue(uuid, int, text, text), gate.alarm_claim(), gate.alarm_told(uuid, text, float), gate.watch_incidents(),
    gate.alarm_acknowledge(uuid, text), gate.reports_make(int), gate.watch_reports(date, int) TO epj_app;
