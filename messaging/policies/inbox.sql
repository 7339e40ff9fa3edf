-- The way in: stored as it came, taken by one worker at a time, settled in one transaction.

-- Stores what came, before anybody looks at it. NULL when this file or transport message has been stored already.
CREATE FUNCTION gate.message_arrived(secret text, p_raw bytea, p_transport text, p_ref text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_in');
    stored uuid;
BEGIN
    PERFORM gate.commit_soon();
    INSERT INTO public.messaging_message (id, direction, state, type, standard, version, status, title, msg_id, parent_msg_id, conversation, thread,
        sender_her, sender_name, receiver_her, receiver_name, received_at, raw, sha256, transport, transport_ref, code, reason, remarks, superseded)
    VALUES (gen_random_uuid(), 'in', 'arrived', '', '', '', '', '', '', '', '', '', '', '', '', '', gate.clock(), p_raw, sha256(p_raw), p_transport, p_ref,
        '', '', '[]', '')
    ON CONFLICT (transport, transport_ref) WHERE direction = 'in' DO NOTHING RETURNING id INTO stored;
    IF stored IS NOT NULL THEN
        INSERT INTO public.messaging_inboxitem (message_id, state, priority, due_at, worker, attempts, failures, last_error, tray_reason, decided_refusal)
        VALUES (stored, 'waiting', 5, gate.clock(), '', 0, 0, '', '', '');
        PERFORM gate.message_log(g, 'message_arrived', stored, NULL, '', '');
    END IF;
    RETURN stored;
END $$;

-- Returns when all that was committed before is on disk: after it the transport may forget what it has given us.
CREATE FUNCTION gate.messages_durable(secret text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.messenger(secret, 'message_in');
    -- A commit waits for the disk only when it has written something.
    PERFORM pg_logical_emit_message(true, 'messages', '');
END $$;

-- Takes what is due, the most urgent first, for as long as the lease. One that has been taken three times without an answer is taken
-- alone: whatever brings the worker down then counts against it and no other.
CREATE FUNCTION gate.inbox_claim(secret text, p_worker text, wanted int, lease_seconds int, poison int) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_in');
    item public.messaging_inboxitem;
    taken uuid[] := '{}';
BEGIN
    PERFORM gate.commit_soon();
    FOR item IN
        SELECT i.* FROM public.messaging_inboxitem i
        WHERE i.state = 'waiting' AND i.due_at <= gate.clock() AND (i.lease_until IS NULL OR i.lease_until <= gate.clock())
        ORDER BY i.priority, i.due_at LIMIT wanted FOR UPDATE SKIP LOCKED
    LOOP
        IF item.attempts >= poison THEN
            UPDATE public.messaging_inboxitem SET state = 'quarantine', lease_until = NULL, last_error = 'Leseren falt hver gang' WHERE message_id = item.message_id;
            UPDATE public.messaging_message SET state = 'quarantine' WHERE id = item.message_id;
            PERFORM gate.message_tried(item.message_id, '', p_worker, 'poison', '');
            PERFORM gate.message_log(g, 'message_set_aside', item.message_id, NULL, 'poison', '');
            CONTINUE;
        END IF;
        CONTINUE WHEN item.attempts >= 3 AND cardinality(taken) > 0;
        UPDATE public.messaging_inboxitem SET attempts = attempts + 1, worker = p_worker, lease_until = gate.clock() + make_interval(secs => lease_seconds)
        WHERE message_id = item.message_id;
        taken := taken || item.message_id;
        EXIT WHEN item.attempts >= 3;
    END LOOP;
    RETURN taken;
END $$;

-- Gives back what was taken and not begun: the worker is stopping.
CREATE FUNCTION gate.inbox_release(secret text, p_worker text, p_messages uuid[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_in');
    given int;
BEGIN
    UPDATE public.messaging_inboxitem SET lease_until = NULL, worker = '', attempts = attempts - 1
    WHERE message_id = ANY (p_messages) AND worker = p_worker AND state = 'waiting' AND lease_until IS NOT NULL;
    GET DIAGNOSTICS given = ROW_COUNT;
    RETURN given;
END $$;

-- Opens one message for the worker that has taken it: the bytes, and what a person decided. No row when it is no longer the worker's.
-- The grant names the message and no patient; there can be only one in a transaction.
CREATE FUNCTION gate.inbox_open(secret text, p_message uuid, p_worker text) RETURNS TABLE (
    raw bytea, received_at timestamptz, at timestamptz, decided_patient uuid, decided_refusal text, failures int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_in');
BEGIN
    IF gate.current_grant() IS NOT NULL THEN
        RAISE EXCEPTION 'one message per transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM public.messaging_inboxitem i
    WHERE i.message_id = p_message AND i.state = 'waiting' AND i.worker = p_worker AND i.lease_until IS NOT NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM gate.commit_soon();
    g.request_id := p_message;
    PERFORM gate.set_grant(g);
    PERFORM gate.message_log(g, 'message_read', p_message, NULL, '', '');
    RETURN QUERY SELECT m.raw, m.received_at, gate.clock(), i.decided_patient_id, i.decided_refusal, i.failures
    FROM public.messaging_message m JOIN public.messaging_inboxitem i ON i.message_id = m.id WHERE m.id = p_message;
END $$;

-- The message this transaction is about.
CREATE FUNCTION gate.message_at_hand() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF g.purpose <> 'message_in' THEN
        RAISE EXCEPTION 'no message is open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- What is known of its number and thread, of those it names by HER-id, and of those who have its patient's numbers. Holds number and thread until
-- the transaction ends, so that two copies, or a document and its cancellation, are taken one after the other.
-- {first: id | null, same: bool, parent: bool, answered: bool, versions: [{id, status, generated_at}], registered: bool, ours: [{her_id, name, kind, unit}],
-- candidates: [as message_candidates]}
CREATE FUNCTION gate.message_known(
    p_sender text, p_msg_id text, p_thread text, p_type text, p_parent text, p_addressed text[], p_numbers text[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.message_at_hand();
    first public.messaging_message;
    number bigint := hashtextextended('message|' || p_sender || '|' || p_msg_id, 0);
    thread bigint := CASE WHEN p_thread = '' THEN number ELSE hashtextextended('message|' || p_sender || '|' || p_thread, 0) END;
BEGIN
    -- Always in this order, so that no two wait for each other.
    PERFORM pg_advisory_xact_lock(least(number, thread));
    PERFORM pg_advisory_xact_lock(greatest(number, thread));
    SELECT m.* INTO first FROM public.messaging_message m
    WHERE m.direction = 'in' AND m.sender_her = p_sender AND m.msg_id = p_msg_id AND m.msg_id <> '' AND m.id <> g.request_id
        AND m.state IN ('filed', 'tray', 'refused', 'taken');
    IF first.id IS NOT NULL THEN
        RETURN jsonb_build_object('first', first.id, 'same', first.sha256 = (SELECT m.sha256 FROM public.messaging_message m WHERE m.id = g.request_id));
    END IF;
    RETURN jsonb_build_object(
        'parent', p_parent <> '' AND (
            EXISTS (SELECT 1 FROM public.messaging_message m WHERE m.direction = 'out' AND m.msg_id = p_parent AND m.state IN ('queued', 'sent'))
            OR EXISTS (SELECT 1 FROM public.messaging_message m WHERE m.direction = 'in' AND m.msg_id = p_parent AND m.msg_id <> '' AND m.state = 'filed')),
        'answered', EXISTS (SELECT 1 FROM public.messaging_receipt r WHERE r.message_id = g.request_id),
        'registered', p_sender <> '' AND EXISTS (SELECT 1 FROM public.messaging_communicationparty p WHERE p.her_id = p_sender),
        'ours', (SELECT coalesce(jsonb_agg(jsonb_build_object('her_id', p.her_id, 'name', p.name, 'kind', p.kind, 'unit', p.unit_id)), '[]')
            FROM public.messaging_communicationparty p
            WHERE p.her_id = ANY (p_addressed) AND p.unit_id IS NOT NULL AND p.valid_from <= g.at AND (p.valid_to IS NULL OR g.at < p.valid_to)),
        'candidates', CASE WHEN p_numbers = '{}' THEN '[]' ELSE (SELECT coalesce(jsonb_agg(c), '[]') FROM gate.message_candidates(p_numbers) c) END,
        'versions', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'status', m.status, 'generated_at', m.generated_at)), '[]')
            FROM public.messaging_message m
            WHERE m.direction = 'in' AND m.state = 'filed' AND m.sender_her = p_sender AND m.thread = p_thread AND m.type = p_type AND p_thread <> ''));
END $$;

-- Everyone who has one of these numbers: patients, and those of the population register who have no record.
CREATE FUNCTION gate.message_candidates(p_numbers text[]) RETURNS TABLE (
    number text, patient uuid, family text, given text, born date, dead boolean, former boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.message_at_hand();
BEGIN
    RETURN QUERY
    SELECT i.value::text, p.id, p.family_name, p.given_name, p.birth_date, p.deceased_at IS NOT NULL,
        coalesce(i.valid_to <= gate.clock(), false)
    FROM public.access_patientidentity i JOIN public.access_patient p ON p.id = i.patient_id WHERE i.value = ANY (p_numbers)
    UNION ALL
    SELECT r.number::text, NULL, r.family_name, r.given_name, r.birth_date, r.deceased_at IS NOT NULL, false
    FROM public.access_registerperson r
    WHERE r.number = ANY (p_numbers) AND NOT EXISTS (SELECT 1 FROM public.access_patientidentity i WHERE i.value = r.number);
END $$;

-- An error while it was worked on, told in a transaction of its own. `tries` says how many errors are borne before it is set aside.
CREATE FUNCTION gate.inbox_failed(secret text, p_message uuid, p_worker text, p_error text, wait_seconds float, tries int) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_in');
    item public.messaging_inboxitem;
BEGIN
    UPDATE public.messaging_inboxitem i SET failures = i.failures + 1, last_error = left(p_error, 2000), lease_until = NULL,
        state = CASE WHEN i.failures + 1 >= tries THEN 'quarantine' ELSE 'waiting' END, due_at = gate.clock() + make_interval(secs => wait_seconds)
    WHERE i.message_id = p_message AND i.worker = p_worker AND i.state = 'waiting' RETURNING i.* INTO item;
    IF item.message_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM gate.message_tried(p_message, '', p_worker, CASE item.state WHEN 'waiting' THEN 'retry' ELSE 'poison' END, p_error);
    IF item.state = 'quarantine' THEN
        UPDATE public.messaging_message SET state = 'quarantine' WHERE id = p_message;
        PERFORM gate.message_log(g, 'message_set_aside', p_message, NULL, 'errors', '');
    END IF;
    RETURN item.state;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.message_arrived(text, bytea, text, text), gate.inbox_claim(text, text, int, int, int), gate.inbox_release(text, text, uuid[]),
    gate.inbox_open(text, uuid, text), gate.message_known(text, text, text, text, text, text[], text[]), gate.messages_durable(text), gate.message_candidates(text[]),
    gate.inbox_failed(text, uuid, text, text, float, int) TO epj_app;
