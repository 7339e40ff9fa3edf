-- What the one who watches sees: how many, where and since when. No patient, no word of what is written.

CREATE FUNCTION gate.messages_alive(secret text, p_kind text, p_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_deadlines');
BEGIN
    IF p_kind NOT IN ('worker', 'tasks') THEN
        RAISE EXCEPTION 'no such sign of life' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.messaging_heartbeat (name, kind, at) VALUES (left(p_name, 80), p_kind, gate.clock())
    ON CONFLICT (name) DO UPDATE SET at = excluded.at;
    DELETE FROM public.messaging_heartbeat WHERE at < gate.clock() - interval '1 day';
END $$;

-- Where messages stand now, per address outside and in the last 24 hours:
-- {party, name, entity, received, sent, acknowledged, refused, awaited, missing, undelivered, waiting, rests_until, last_in, last_out}.
CREATE FUNCTION gate.watch_partners() RETURNS TABLE (
    name text, entity text, received bigint, sent bigint, acknowledged bigint, refused bigint, awaited bigint, missing bigint, undelivered bigint,
    waiting bigint, rests_until timestamptz, last_in timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
    since timestamptz := g.at - interval '24 hours';
BEGIN
    RETURN QUERY
    WITH incoming AS (
        SELECT m.sender_her AS her, count(*) FILTER (WHERE m.received_at >= since AND m.type <> 'APPREC') AS received, max(m.received_at) AS last_in
        FROM public.messaging_message m WHERE m.direction = 'in' AND m.received_at >= g.at - interval '7 days' GROUP BY 1
    ), outgoing AS (
        SELECT r.recipient_her AS her, count(*) FILTER (WHERE m.recorded_at >= since) AS sent,
            count(*) FILTER (WHERE m.recorded_at >= since AND r.state IN ('ok', 'partial')) AS acknowledged,
            count(*) FILTER (WHERE r.state = 'refused' AND gate.unanswered_for(m)) AS refused,
            count(*) FILTER (WHERE r.state = 'awaited') AS awaited, count(*) FILTER (WHERE r.state = 'missing' AND gate.unanswered_for(m)) AS missing
        FROM public.messaging_receipt r JOIN public.messaging_message m ON m.id = r.message_id AND m.direction = 'out'
        WHERE m.recorded_at >= since OR r.state IN ('awaited', 'refused', 'missing') GROUP BY 1
    ), stuck AS (
        SELECT o.recipient_her AS her, count(*) FILTER (WHERE o.state IN ('dead', 'rejected', 'held')) AS undelivered,
            count(*) FILTER (WHERE o.state = 'waiting') AS waiting
        FROM public.messaging_outboxitem o WHERE o.state IN ('dead', 'rejected', 'held', 'waiting') GROUP BY 1
    )
    SELECT p.name, coalesce(e.name, ''), coalesce(i.received, 0), coalesce(o.sent, 0), coalesce(o.acknowledged, 0), coalesce(o.refused, 0),
        coalesce(o.awaited, 0), coalesce(o.missing, 0), coalesce(s.undelivered, 0), coalesce(s.waiting, 0), b.retry_at, i.last_in
    FROM public.messaging_communicationparty p
    LEFT JOIN public.messaging_communicationparty e ON e.id = p.parent_id
    LEFT JOIN incoming i ON i.her = p.her_id LEFT JOIN outgoing o ON o.her = p.her_id LEFT JOIN stuck s ON s.her = p.her_id
    LEFT JOIN public.messaging_circuitbreaker b ON b.party_id = p.id AND b.opened_at IS NOT NULL
    WHERE p.unit_id IS NULL AND p.transport <> '' AND (p.valid_to IS NULL OR g.at < p.valid_to)
    ORDER BY coalesce(s.undelivered, 0) + coalesce(o.refused, 0) + coalesce(o.missing, 0) DESC, coalesce(i.received, 0) + coalesce(o.sent, 0) DESC, p.name;
END $$;

-- Whether nobody of the unit that sent it has followed it up.
CREATE FUNCTION gate.unanswered_for(m public.messaging_message) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.superseded = '' AND NOT EXISTS (
        SELECT 1 FROM public.messaging_reading r WHERE r.message_id = m.id AND r.unit_id = m.unit_id AND r.acknowledged_at IS NOT NULL)
$$;

-- Whether the patient has blocked a message for all who work in a unit: then nobody there knows of it, and somebody else must act.
CREATE FUNCTION gate.hidden_from_unit(p_message uuid, p_unit uuid, t timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.messaging_message m
        JOIN public.access_orgunit u ON u.id = p_unit
        CROSS JOIN LATERAL gate.blocks_for(NULL, NULL, u.id, gate.holder(u.legal_entity_id, t), t, ARRAY[m.patient_id]) b
        WHERE m.id = p_message AND b.target IN ('everyone', 'legal_entity', 'unit') AND CASE b.scope
                WHEN 'record' THEN true
                WHEN 'stay' THEN b.stay_id = m.stay_id
                WHEN 'category' THEN b.category = m.category
                WHEN 'document_type' THEN b.document_type = m.document_type_id
                ELSE b.entry_id IN (m.id, m.origin_id)
            END
            AND (b.entries_from IS NULL OR m.event_at >= b.entries_from) AND (b.entries_to IS NULL OR m.event_at < b.entries_to))
$$;

-- Per unit of ours: what lies unassessed (and beyond its time), what has no sure patient (and since when), what did not get through, and what
-- is blocked for all who work there.
CREATE FUNCTION gate.watch_units() RETURNS TABLE (
    name text, unread bigint, overdue bigint, oldest timestamptz, tray bigint, answer_due_at timestamptz, failed bigint, hidden bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
BEGIN
    RETURN QUERY
    WITH lying AS (
        SELECT k.for_unit_id AS unit, count(*) AS unread, count(*) FILTER (WHERE k.due_at < g.at) AS overdue, min(k.recorded_at) AS oldest,
            count(*) FILTER (WHERE gate.hidden_from_unit(k.origin_id, k.for_unit_id, g.at)) AS hidden
        FROM public.journal_task k WHERE k.kind = 'message' AND k.done_at IS NULL AND k.cancelled_at IS NULL GROUP BY 1
    ), unsure AS (
        SELECT m.unit_id AS unit, count(*) AS tray, min(i.answer_due_at) AS due
        FROM public.messaging_inboxitem i JOIN public.messaging_message m ON m.id = i.message_id WHERE i.state = 'tray' GROUP BY 1
    ), lost AS (
        SELECT m.unit_id AS unit, count(DISTINCT m.id) AS failed
        FROM public.messaging_message m JOIN public.messaging_receipt r ON r.message_id = m.id JOIN public.messaging_outboxitem o ON o.message_id = m.id
        WHERE m.direction = 'out' AND (r.state IN ('refused', 'missing') OR o.state IN ('dead', 'rejected', 'held')) AND gate.unanswered_for(m) GROUP BY 1
    )
    SELECT u.name, coalesce(l.unread, 0), coalesce(l.overdue, 0), l.oldest, coalesce(t.tray, 0), t.due, coalesce(x.failed, 0), coalesce(l.hidden, 0)
    FROM public.access_orgunit u LEFT JOIN lying l ON l.unit = u.id LEFT JOIN unsure t ON t.unit = u.id LEFT JOIN lost x ON x.unit = u.id
    WHERE EXISTS (SELECT 1 FROM public.messaging_communicationparty p WHERE p.unit_id = u.id AND (p.valid_to IS NULL OR g.at < p.valid_to))
    ORDER BY coalesce(l.overdue, 0) + coalesce(x.failed, 0) DESC, coalesce(t.tray, 0) DESC, coalesce(l.unread, 0) DESC, u.name;
END $$;

-- What was refused of what came in the last seven days: nobody else here sees it, since it is in no record. Words that a sender wrote stay out.
CREATE FUNCTION gate.watch_refused() RETURNS TABLE (at timestamptz, title text, sender text, receiver text, code text, reason text, answered boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
BEGIN
    RETURN QUERY
    SELECT m.received_at, m.title, m.sender_name, coalesce(o.name, m.receiver_name), m.code::text,
        CASE WHEN m.code IN ('E21', 'E35', 'E36', 'X99', 'T01') THEN m.reason ELSE '' END,
        EXISTS (SELECT 1 FROM public.messaging_receipt r WHERE r.message_id = m.id)
    FROM public.messaging_message m LEFT JOIN public.access_orgunit o ON o.id = m.unit_id
    WHERE m.direction = 'in' AND m.state = 'refused' AND m.received_at >= g.at - interval '7 days'
    ORDER BY m.received_at DESC LIMIT 100;
END $$;

-- Messages of the last 24 hours by hour, receipts left out: {hour, received, sent, failed}.
CREATE FUNCTION gate.watch_hours() RETURNS TABLE (hour timestamptz, received bigint, sent bigint, failed bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
    since timestamptz := date_trunc('hour', g.at) - interval '23 hours';
BEGIN
    RETURN QUERY
    WITH done AS (
        SELECT date_trunc('hour', coalesce(m.received_at, m.recorded_at)) AS at, m.direction,
            m.state IN ('refused', 'quarantine') OR EXISTS (SELECT 1 FROM public.messaging_receipt r WHERE r.message_id = m.id AND r.state = 'refused') AS bad
        FROM public.messaging_message m
        WHERE m.type <> 'APPREC' AND (m.direction = 'in' AND m.received_at >= since OR m.direction = 'out' AND m.recorded_at >= since)
    )
    SELECT h, count(*) FILTER (WHERE d.direction = 'in'), count(*) FILTER (WHERE d.direction = 'out'), count(*) FILTER (WHERE d.bad)
    FROM generate_series(since, date_trunc('hour', g.at), interval '1 hour') h LEFT JOIN done d ON d.at = h GROUP BY h ORDER BY h;
END $$;

-- Signs of life, and what has waited too long for a worker: {kind, name, at} and the oldest due row of each queue.
CREATE FUNCTION gate.watch_alive() RETURNS TABLE (kind text, name text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
BEGIN
    RETURN QUERY
    SELECT h.kind::text, h.name::text, h.at FROM public.messaging_heartbeat h
    UNION ALL SELECT 'inbox', '', min(i.due_at) FROM public.messaging_inboxitem i WHERE i.state = 'waiting' AND i.due_at < g.at
    UNION ALL SELECT 'outbox', '', min(o.due_at) FROM public.messaging_outboxitem o WHERE o.state = 'waiting' AND o.due_at < g.at;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.messages_alive(text, text, text), gate.watch_partners(), gate.watch_units(), gate.watch_refused(), gate.watch_hours(), gate.watch_alive() TO epj_app;
