-- The way out: queued by a person with the right to send, taken by one worker at a time, held when it may no longer go.

-- Queues what a person sends now, with the receipts it will be owed. values: {message: uuid, patient, category, document_type, stay, origin,
-- event_at, title, type, standard, version, status, msg_id, parent_msg_id, conversation, thread, sender_her, sender_name, receiver_her,
-- receiver_name, generated_at, recipients: [her …], priority}. Sent under an address of the acting unit's own, to parties in use.
CREATE FUNCTION gate.message_compose(message_values jsonb, p_raw bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    v jsonb := message_values;
    made uuid := (v ->> 'message')::uuid;
    sender public.messaging_communicationparty := gate.party_of(v ->> 'sender_her');
    party public.messaging_communicationparty;
    her text;
BEGIN
    IF NOT gate.allows(32, (v ->> 'patient')::uuid, (v ->> 'category')::int, v ->> 'document_type', (v ->> 'stay')::uuid, made, (v ->> 'origin')::uuid,
            g.unit_id, g.entity_id, (v ->> 'event_at')::timestamptz)
        OR sender.unit_id IS DISTINCT FROM g.unit_id OR jsonb_array_length(v -> 'recipients') = 0
    THEN
        RAISE EXCEPTION 'may not be sent from here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.messaging_message (id, direction, state, type, standard, version, status, title, msg_id, parent_msg_id, conversation, thread,
        sender_her, sender_name, receiver_her, receiver_name, generated_at, raw, sha256, transport, transport_ref, code, reason, remarks, superseded,
        patient_id, category, document_type_id, stay_id, unit_id, legal_entity_id, author_id, origin_id, event_at, recorded_at)
    VALUES (made, 'out', 'queued', v ->> 'type', v ->> 'standard', v ->> 'version', v ->> 'status', v ->> 'title', v ->> 'msg_id',
        v ->> 'parent_msg_id', v ->> 'conversation', v ->> 'thread', sender.her_id, v ->> 'sender_name', v ->> 'receiver_her', v ->> 'receiver_name',
        (v ->> 'generated_at')::timestamptz, p_raw, sha256(p_raw), sender.transport, '', '', '', '[]', '',
        (v ->> 'patient')::uuid, (v ->> 'category')::int, v ->> 'document_type', (v ->> 'stay')::uuid, g.unit_id, g.entity_id, g.user_id,
        (v ->> 'origin')::uuid, (v ->> 'event_at')::timestamptz, g.at);
    FOR her IN SELECT * FROM jsonb_array_elements_text(v -> 'recipients') LOOP
        party := gate.party_of(her);
        IF party.id IS NULL OR party.transport = '' THEN
            RAISE EXCEPTION 'no address in use: %', her USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO public.messaging_outboxitem (id, message_id, recipient_her, party_id, state, priority, due_at, worker, attempts, failures,
            last_error, transport, transport_ref)
        VALUES (gen_random_uuid(), made, her, party.id, 'waiting', (v ->> 'priority')::int, g.at, '', 0, 0, '', party.transport, '');
        INSERT INTO public.messaging_receipt (id, message_id, recipient_her, state, due_at, late, errors)
        VALUES (gen_random_uuid(), made, her, 'awaited', (v ->> 'generated_at')::timestamptz + interval '96 hours', false, '[]');
    END LOOP;
    PERFORM gate.message_log(g, 'message_queued', made, (v ->> 'patient')::uuid, '', '');
    RETURN made;
END $$;

-- Whether a party may be written to now: not while it rests (then one message tries for all), nor beyond its rate. Counts the message.
CREATE FUNCTION gate.party_free(p_party uuid, lease_seconds int) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    b public.messaging_circuitbreaker;
    this_minute timestamptz := date_trunc('minute', gate.clock());
    allowed int;
BEGIN
    IF p_party IS NULL THEN
        RETURN true;
    END IF;
    INSERT INTO public.messaging_circuitbreaker (party_id, failures, in_minute) VALUES (p_party, 0, 0) ON CONFLICT (party_id) DO NOTHING;
    SELECT x.* INTO b FROM public.messaging_circuitbreaker x WHERE x.party_id = p_party FOR UPDATE SKIP LOCKED;
    SELECT p.per_minute INTO allowed FROM public.messaging_communicationparty p WHERE p.id = p_party;
    IF b.party_id IS NULL OR b.retry_at > gate.clock() OR (b.minute = this_minute AND b.in_minute >= allowed) THEN
        RETURN false;
    END IF;
    UPDATE public.messaging_circuitbreaker SET minute = this_minute, in_minute = CASE WHEN b.minute = this_minute THEN b.in_minute ELSE 0 END + 1,
        retry_at = CASE WHEN b.opened_at IS NOT NULL THEN gate.clock() + make_interval(secs => lease_seconds) END
    WHERE party_id = p_party;
    RETURN true;
END $$;

CREATE FUNCTION gate.outbox_claim(secret text, p_worker text, wanted int, lease_seconds int) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_out');
    item record;
    taken uuid[] := '{}';
    this_minute timestamptz := date_trunc('minute', gate.clock());
BEGIN
    PERFORM gate.commit_soon();
    -- Those of a party that rests, or has had its share of this minute, are passed over here already: they must not fill the batch.
    FOR item IN
        SELECT o.id, o.party_id FROM public.messaging_outboxitem o
        WHERE o.state = 'waiting' AND o.due_at <= gate.clock() AND (o.lease_until IS NULL OR o.lease_until <= gate.clock()) AND NOT EXISTS (
            SELECT 1 FROM public.messaging_circuitbreaker b JOIN public.messaging_communicationparty p ON p.id = b.party_id
            WHERE b.party_id = o.party_id AND (b.retry_at > gate.clock() OR b.minute = this_minute AND b.in_minute >= p.per_minute))
        ORDER BY o.priority, o.due_at LIMIT wanted FOR UPDATE OF o SKIP LOCKED
    LOOP
        CONTINUE WHEN NOT gate.party_free(item.party_id, lease_seconds);
        UPDATE public.messaging_outboxitem SET attempts = attempts + 1, worker = p_worker, lease_until = gate.clock() + make_interval(secs => lease_seconds)
        WHERE id = item.id;
        taken := taken || item.id;
    END LOOP;
    RETURN taken;
END $$;

CREATE FUNCTION gate.outbox_release(secret text, p_worker text, p_items uuid[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_out');
    given int;
BEGIN
    UPDATE public.messaging_outboxitem SET lease_until = NULL, worker = '', attempts = attempts - 1
    WHERE id = ANY (p_items) AND worker = p_worker AND state = 'waiting' AND lease_until IS NOT NULL;
    GET DIAGNOSTICS given = ROW_COUNT;
    RETURN given;
END $$;

-- Why a message may not go after all, or ''. Asked again when it is sent: much can happen in between.
CREATE FUNCTION gate.message_withheld(m public.messaging_message, o public.messaging_outboxitem) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    party public.messaging_communicationparty;
    receiver uuid;
BEGIN
    IF m.type = 'APPREC' THEN
        RETURN '';
    END IF;
    party := gate.party_of(o.recipient_her);
    IF party.id IS NULL THEN
        RETURN 'Mottakeren er ikke lenger i adresseregisteret.';
    END IF;
    -- What takes back tells nothing: the receiver has it already.
    IF m.status = 'C' THEN
        RETURN '';
    END IF;
    IF m.patient_id IS NOT NULL AND m.type <> 'DIALOG_AVVIK' AND gate.exchange_refused(m.patient_id) THEN
        RETURN 'Pasienten har motsatt seg meldingsutveksling etter at meldingen ble skrevet.';
    END IF;
    -- A block against all, or against the legal entity it goes to, closes the way out too.
    SELECT e.id INTO receiver FROM public.access_legalentity e
    JOIN public.messaging_communicationparty p ON p.org_number = e.org_number AND p.id IN (party.id, party.parent_id);
    IF m.patient_id IS NOT NULL AND gate.withheld(gate.holder(receiver, gate.clock()), '{}', gate.clock(), m.patient_id, m.category, m.document_type_id, m.stay_id, m.id, m.origin_id,
            m.event_at)
    THEN
        RETURN 'Pasienten har sperret opplysningene etter at meldingen ble skrevet.';
    END IF;
    RETURN '';
END $$;

-- Opens one message for the worker that has taken it, and writes that it is sent. No row when it is no longer the worker's, or is held.
-- `answers` tells, for a receipt, what it answers: {ref, recipient, state, errors}.
CREATE FUNCTION gate.outbox_open(secret text, p_item uuid, p_worker text) RETURNS TABLE (
    message uuid, raw bytea, msg_id text, sender_her text, recipient_her text, transport text, answers jsonb, failures int, party_failures int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_out');
    o public.messaging_outboxitem;
    m public.messaging_message;
    why text;
BEGIN
    SELECT x.* INTO o FROM public.messaging_outboxitem x
    WHERE x.id = p_item AND x.worker = p_worker AND x.state = 'waiting' AND x.lease_until IS NOT NULL FOR UPDATE;
    IF o.id IS NULL THEN
        RETURN;
    END IF;
    SELECT x.* INTO m FROM public.messaging_message x WHERE x.id = o.message_id;
    why := gate.message_withheld(m, o);
    IF why <> '' THEN
        UPDATE public.messaging_outboxitem SET state = 'held', lease_until = NULL, last_error = why, settled_at = gate.clock() WHERE id = o.id;
        UPDATE public.messaging_message SET state = 'held' WHERE id = m.id;
        PERFORM gate.message_tried(m.id, o.recipient_her, p_worker, 'held', why);
        PERFORM gate.message_log(g, 'message_held', m.id, m.patient_id, '', why);
        RETURN;
    END IF;
    PERFORM gate.message_log(g, 'message_send', m.id, m.patient_id, '', '');
    RETURN QUERY SELECT m.id, m.raw, m.msg_id, m.sender_her::text, o.recipient_her::text, o.transport::text,
        (SELECT jsonb_build_object('ref', first.transport_ref, 'recipient', r.recipient_her, 'state', r.state, 'errors', r.errors)
         FROM public.messaging_receipt r JOIN public.messaging_message first ON first.id = r.message_id WHERE r.carrier_id = m.id AND m.type = 'APPREC'),
        o.failures, coalesce((SELECT b.failures FROM public.messaging_circuitbreaker b WHERE b.party_id = o.party_id), 0);
END $$;

-- What a try came to. outcome: unconfirmed, acknowledged, rejected (by the network, for good), retry. A party that fails in a row gets rest.
CREATE FUNCTION gate.outbox_tried(
    secret text, p_item uuid, p_worker text, outcome text, p_ref text, p_error text, wait_seconds float, tries int, rest_after int, rest_seconds float)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_out');
    o public.messaging_outboxitem;
    m public.messaging_message;
BEGIN
    IF outcome NOT IN ('unconfirmed', 'acknowledged', 'rejected', 'retry') THEN
        RAISE EXCEPTION 'no such outcome';
    END IF;
    PERFORM gate.commit_soon();
    UPDATE public.messaging_outboxitem x SET lease_until = NULL, last_error = left(p_error, 2000), transport_ref = coalesce(nullif(p_ref, ''), x.transport_ref),
        failures = x.failures + (outcome = 'retry')::int,
        due_at = gate.clock() + make_interval(secs => wait_seconds),
        handed_over_at = CASE WHEN outcome IN ('unconfirmed', 'acknowledged') THEN coalesce(x.handed_over_at, gate.clock()) END,
        settled_at = CASE WHEN outcome IN ('acknowledged', 'rejected') THEN gate.clock() END,
        state = CASE WHEN outcome <> 'retry' THEN outcome WHEN x.failures + 1 >= tries THEN 'dead' ELSE 'waiting' END
    WHERE x.id = p_item AND x.worker = p_worker AND x.state IN ('waiting', 'unconfirmed') RETURNING x.* INTO o;
    IF o.id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE public.messaging_message x SET state = 'sent', sent_at = coalesce(x.sent_at, gate.clock())
    WHERE x.id = o.message_id AND outcome IN ('unconfirmed', 'acknowledged') RETURNING x.* INTO m;
    PERFORM gate.message_tried(o.message_id, o.recipient_her, p_worker, CASE o.state WHEN 'dead' THEN 'dead' ELSE outcome END, p_error);
    IF o.state IN ('dead', 'rejected') THEN
        SELECT x.* INTO m FROM public.messaging_message x WHERE x.id = o.message_id;
        PERFORM gate.message_log(g, 'message_' || o.state, m.id, m.patient_id, '', '');
    END IF;
    UPDATE public.messaging_circuitbreaker b SET failures = CASE outcome WHEN 'retry' THEN b.failures + 1 ELSE 0 END,
        opened_at = CASE WHEN outcome = 'retry' AND b.failures + 1 >= rest_after THEN coalesce(b.opened_at, gate.clock()) END,
        retry_at = CASE WHEN outcome = 'retry' AND b.failures + 1 >= rest_after THEN gate.clock() + make_interval(secs => rest_seconds) END
    WHERE b.party_id = o.party_id;
    RETURN o.state;
END $$;

-- Handed over and not confirmed: what to ask the transport about now. Asked again after the wait.
CREATE FUNCTION gate.outbox_unconfirmed(secret text, p_worker text, wanted int, wait_seconds float) RETURNS TABLE (item uuid, transport text, ref text, recipient text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_out');
BEGIN
    RETURN QUERY
    UPDATE public.messaging_outboxitem o SET worker = p_worker, due_at = gate.clock() + make_interval(secs => wait_seconds)
    WHERE o.id IN (SELECT x.id FROM public.messaging_outboxitem x WHERE x.state = 'unconfirmed' AND x.due_at <= gate.clock()
        ORDER BY x.due_at LIMIT wanted FOR UPDATE SKIP LOCKED)
    RETURNING o.id, o.transport::text, o.transport_ref, o.recipient_her::text;
END $$;

-- What time alone brings: receipts that did not come within 96 hours. Returns how many.
CREATE FUNCTION gate.messages_sweep(secret text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.messenger(secret, 'message_deadlines');
    r record;
    missed int := 0;
BEGIN
    FOR r IN
        UPDATE public.messaging_receipt x SET state = 'missing' FROM public.messaging_message m
        WHERE m.id = x.message_id AND x.state = 'awaited' AND x.due_at < gate.clock() RETURNING m.id, m.patient_id
    LOOP
        PERFORM gate.message_log(g, 'receipt_missing', r.id, r.patient_id, '', '');
        missed := missed + 1;
    END LOOP;
    RETURN missed;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.message_compose(jsonb, bytea), gate.outbox_claim(text, text, int, int), gate.outbox_release(text, text, uuid[]),
    gate.outbox_open(text, uuid, text), gate.outbox_tried(text, uuid, text, text, text, text, float, int, int, float),
    gate.outbox_unconfirmed(text, text, int, float), gate.messages_sweep(text) TO epj_app;
