-- What people do with messages: see them, answer for them, send again what did not get through. All of it by name, all of it in the log.

GRANT SELECT ON messaging_reading TO epj_app;
ALTER TABLE messaging_reading ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading_of_visible_message ON messaging_reading FOR SELECT TO epj_app
    USING (EXISTS (SELECT 1 FROM messaging_message m WHERE m.id = message_id));

-- A filed message that the acting person may do this with, or an error.
CREATE FUNCTION gate.message_held(wanted int, p_message uuid) RETURNS public.messaging_message
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m public.messaging_message;
BEGIN
    SELECT x.* INTO m FROM public.messaging_message x WHERE x.id = p_message;
    IF m.patient_id IS NULL OR NOT gate.allows(wanted, m.patient_id, m.category, m.document_type_id, m.stay_id, m.id, m.origin_id, m.unit_id,
            m.legal_entity_id, m.event_at)
    THEN
        RAISE EXCEPTION 'no such message here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN m;
END $$;

CREATE FUNCTION gate.message_seen(p_message uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    PERFORM gate.message_held(2, p_message);
    INSERT INTO public.messaging_reading (id, message_id, user_id, unit_id, seen_at, remark)
    VALUES (gen_random_uuid(), p_message, g.user_id, g.unit_id, g.at, '') ON CONFLICT (message_id, user_id, unit_id) DO NOTHING;
END $$;

-- One of the unit's own takes the place of another: sent again, in a changed version, or cancelled.
CREATE FUNCTION gate.message_takes_place(g gate.grant_t, m public.messaging_message, p_by uuid, p_how text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.messaging_message x SET superseded_by_id = p_by, superseded = p_how
    WHERE x.id = m.id AND x.id <> p_by AND x.direction = 'out' AND x.unit_id = g.unit_id AND x.superseded = '' AND EXISTS (
        SELECT 1 FROM public.messaging_message n WHERE n.id = p_by AND n.direction = 'out' AND n.patient_id = m.patient_id AND n.author_id = g.user_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'does not take its place' USING ERRCODE = 'check_violation';
    END IF;
END $$;

-- The acting person has sent a changed version of it, or taken it back; a cancellation takes back the versions before it too.
CREATE FUNCTION gate.message_replaced(p_message uuid, p_by uuid, p_how text, p_remark text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    m public.messaging_message := gate.message_held(32, p_message);
BEGIN
    IF p_how NOT IN ('changed', 'cancelled') THEN
        RAISE EXCEPTION 'no such way' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM gate.message_takes_place(g, m, p_by, p_how);
    IF p_how = 'cancelled' THEN
        WITH RECURSIVE before AS (
            SELECT x.id FROM public.messaging_message x WHERE x.superseded_by_id = m.id AND x.superseded = 'changed'
            UNION SELECT x.id FROM before b JOIN public.messaging_message x ON x.superseded_by_id = b.id AND x.superseded = 'changed'
        )
        UPDATE public.messaging_message x SET superseded_by_id = p_by, superseded = 'cancelled' FROM before b WHERE x.id = b.id;
    END IF;
    PERFORM gate.message_log(g, 'message_' || p_how, m.id, m.patient_id, '', p_remark);
END $$;

-- The acting person answers for it: assessed, or followed up in another way. `p_resent` is the message that took its place.
CREATE FUNCTION gate.message_acknowledge(p_message uuid, p_remark text, p_resent uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    m public.messaging_message := gate.message_held(2, p_message);
BEGIN
    IF NOT g.may_chart THEN
        RAISE EXCEPTION 'messages are answered for by those who chart' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_resent IS NOT NULL THEN
        PERFORM gate.message_takes_place(g, m, p_resent, 'resent');
    END IF;
    INSERT INTO public.messaging_reading (id, message_id, user_id, unit_id, seen_at, acknowledged_at, remark)
    VALUES (gen_random_uuid(), m.id, g.user_id, g.unit_id, g.at, g.at, btrim(p_remark))
    ON CONFLICT (message_id, user_id, unit_id) DO UPDATE
    SET acknowledged_at = CASE WHEN gate.note_corrected(m) THEN g.at ELSE coalesce(messaging_reading.acknowledged_at, g.at) END,
        remark = coalesce(nullif(btrim(p_remark), ''), messaging_reading.remark);
    PERFORM gate.message_log(g, 'message_acknowledge', m.id, m.patient_id, '', p_remark);
END $$;

-- Whether nobody of the acting ward has answered for it yet. Holds the others who ask until the transaction ends.
CREATE FUNCTION gate.reception_begin(p_message uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    m public.messaging_message := gate.message_held(32, p_message);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('reception|' || m.id || '|' || g.unit_id, 0));
    RETURN NOT EXISTS (
        SELECT 1 FROM public.messaging_reading r WHERE r.message_id = m.id AND r.unit_id = g.unit_id AND r.acknowledged_at IS NOT NULL);
END $$;

-- The acting ward does not take in the patient whom this message notifies to it: what the notification opened is closed at once.
CREATE FUNCTION gate.reception_declined(p_message uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    m public.messaging_message := gate.message_held(32, p_message);
BEGIN
    UPDATE public.access_decidedmeasure d SET ends_at = greatest(g.at, d.starts_at), ended_by_id = g.user_id, end_reason = 'declined'
    FROM public.access_measuretemplate t
    WHERE t.id = d.template_id AND t.code = 'NOTIFIED' AND d.source_id = m.id AND d.patient_id = m.patient_id AND d.unit_id = g.unit_id
        AND (d.ends_at IS NULL OR d.ends_at > g.at);
    PERFORM gate.message_log(g, 'reception_declined', m.id, m.patient_id, '', '');
END $$;

-- Whether the note that a message was taken from has been corrected since, and nobody of the unit has dealt with that.
CREATE FUNCTION gate.note_corrected(m public.messaging_message) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.journal_note n WHERE n.id = m.origin_id AND n.corrected_at > m.recorded_at AND NOT EXISTS (
            SELECT 1 FROM public.messaging_reading r WHERE r.message_id = m.id AND r.unit_id = m.unit_id AND r.acknowledged_at > n.corrected_at))
$$;

-- Messages of the acting unit: what nobody here has answered for, and the latest, of those the person may open. Ids only: the caller discloses the patients before a word is read.
CREATE FUNCTION gate.unit_messages(p_since timestamptz, most int) RETURNS TABLE (message uuid, patient uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN QUERY
    SELECT m.id, m.patient_id FROM public.messaging_message m
    WHERE m.patient_id IS NOT NULL AND m.id IN (
            SELECT x.id FROM public.messaging_message x WHERE x.unit_id = g.unit_id AND x.patient_id IS NOT NULL
            UNION SELECT k.origin_id FROM public.journal_task k WHERE k.for_unit_id = g.unit_id AND k.kind = 'message')
        AND (m.recorded_at >= p_since OR m.superseded = '' AND NOT EXISTS (
                SELECT 1 FROM public.messaging_reading r WHERE r.message_id = m.id AND r.unit_id = g.unit_id AND r.acknowledged_at IS NOT NULL)
            AND (m.direction = 'in' OR EXISTS (SELECT 1 FROM public.messaging_receipt r WHERE r.message_id = m.id AND r.state IN ('awaited', 'missing', 'refused')))
            OR gate.note_corrected(m) AND m.superseded = '' AND m.direction = 'out')
        AND EXISTS (SELECT 1 FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ARRAY[m.patient_id]) x WHERE x.actions & 1 <> 0)
    ORDER BY m.recorded_at DESC LIMIT least(most, 200);
END $$;

-- Who watches that messages get through (meldingsansvarlig). Sees senders, services and faults; a patient only in what has been set aside and is opened.
CREATE FUNCTION gate.watching() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.access_roletemplate r WHERE r.id = g.role_id AND r.watches_messages) THEN
        RAISE EXCEPTION 'this role does not watch messages' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- Everything that waits for a person because it could not be taken in or handed over. `item` is set for what goes out.
CREATE FUNCTION gate.messages_aside() RETURNS TABLE (
    message uuid, item uuid, direction text, state text, type text, title text, sender text, receiver text, unit text, since timestamptz, attempts int,
    reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
BEGIN
    RETURN QUERY
    SELECT m.id, NULL::uuid, 'in', i.state::text, m.type::text, m.title, m.sender_name, m.receiver_name, o.name, m.received_at, i.attempts,
        coalesce(nullif(m.reason, ''), i.last_error)
    FROM public.messaging_inboxitem i JOIN public.messaging_message m ON m.id = i.message_id LEFT JOIN public.access_orgunit o ON o.id = m.unit_id
    WHERE i.state = 'quarantine'
    UNION ALL
    SELECT m.id, x.id, 'out', x.state::text, m.type::text, m.title, m.sender_name, coalesce(p.name, m.receiver_name), o.name,
        coalesce(x.settled_at, m.generated_at), x.attempts, x.last_error
    FROM public.messaging_outboxitem x JOIN public.messaging_message m ON m.id = x.message_id
    LEFT JOIN public.messaging_communicationparty p ON p.id = x.party_id LEFT JOIN public.access_orgunit o ON o.id = m.unit_id
    WHERE x.state IN ('dead', 'rejected', 'held')
    ORDER BY 10;
END $$;

-- The bytes of one that was set aside on its way in, to be looked at; the look is logged. No row for anything else.
CREATE FUNCTION gate.aside_open(p_message uuid) RETURNS TABLE (raw bytea, received_at timestamptz, reason text, attempts int, first uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
BEGIN
    RETURN QUERY
    SELECT m.raw, m.received_at, coalesce(nullif(m.reason, ''), i.last_error), i.attempts, m.duplicate_of_id
    FROM public.messaging_inboxitem i JOIN public.messaging_message m ON m.id = i.message_id
    WHERE i.state = 'quarantine' AND m.id = p_message;
    IF FOUND THEN
        PERFORM gate.message_log(g, 'aside_read', p_message, NULL, '', '');
    END IF;
END $$;

-- Tried again from the start, or closed because it was settled in another way. `p_item`: one that goes out. False when somebody was first.
CREATE FUNCTION gate.aside_settle(p_message uuid, p_item uuid, p_again boolean, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
    whose uuid;
    hit boolean;
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'a reason is needed' USING ERRCODE = 'check_violation';
    END IF;
    IF p_item IS NULL THEN
        UPDATE public.messaging_inboxitem SET state = CASE WHEN p_again THEN 'waiting' ELSE 'closed' END, attempts = 0, failures = 0, due_at = g.at, last_error = ''
        WHERE message_id = p_message AND state = 'quarantine';
        hit := FOUND;
        IF hit AND p_again THEN
            UPDATE public.messaging_message SET state = 'arrived', reason = '', duplicate_of_id = NULL WHERE id = p_message;
        END IF;
    ELSE
        UPDATE public.messaging_outboxitem SET state = CASE WHEN p_again THEN 'waiting' ELSE 'closed' END, attempts = 0, failures = 0, due_at = g.at,
            settled_at = CASE WHEN p_again THEN NULL ELSE g.at END
        WHERE id = p_item AND message_id = p_message AND state IN ('dead', 'rejected', 'held');
        hit := FOUND;
        IF hit AND p_again THEN
            UPDATE public.messaging_message SET state = 'queued' WHERE id = p_message AND state = 'held';
        END IF;
    END IF;
    IF NOT hit THEN
        RETURN false;
    END IF;
    SELECT m.patient_id INTO whose FROM public.messaging_message m WHERE m.id = p_message;
    PERFORM gate.message_log(g, CASE WHEN p_again THEN 'aside_retry' ELSE 'aside_close' END, p_message, whose, '', p_reason);
    RETURN true;
END $$;

-- What the transport gave up is tried again by the unit that sent it, under the same number: the receiver drops it if it came through after all.
CREATE FUNCTION gate.message_again(p_message uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    m public.messaging_message := gate.message_held(32, p_message);
    again int;
BEGIN
    IF m.unit_id <> g.unit_id THEN
        RAISE EXCEPTION 'sent by another unit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.messaging_outboxitem SET state = 'waiting', attempts = 0, failures = 0, due_at = g.at, settled_at = NULL
    WHERE message_id = m.id AND state IN ('dead', 'rejected', 'held');
    GET DIAGNOSTICS again = ROW_COUNT;
    IF again > 0 THEN
        UPDATE public.messaging_message SET state = 'queued' WHERE id = m.id AND state = 'held';
        PERFORM gate.message_log(g, 'message_again', m.id, m.patient_id, '', '');
    END IF;
    RETURN again;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.message_seen(uuid), gate.message_acknowledge(uuid, text, uuid), gate.reception_begin(uuid), gate.reception_declined(uuid), gate.message_replaced(uuid, uuid, text, text), gate.unit_messages(timestamptz, int), gate.messages_aside(), gate.aside_open(uuid),
    gate.aside_settle(uuid, uuid, boolean, text), gate.message_again(uuid) TO epj_app;
