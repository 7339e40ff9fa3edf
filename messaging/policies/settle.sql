-- How a message that came is settled: filed, refused, put aside or taken as a receipt, with all that follows, in the transaction that opened it.

-- The patient a number belongs to, or the one a person has chosen in the tray. NULL where there is none.
CREATE FUNCTION gate.message_patient(file jsonb) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((file ->> 'patient')::uuid, gate.patient_behind(file ->> 'number'));
END $$;

-- Each service addressed by a message of this patient's gets a task and may read, and one on the way to a ward is notified to it.
-- file: {number | patient, units: [uuid …], document_type, event_at, title, due_at, notifies}
CREATE FUNCTION gate.message_hand_out(g gate.grant_t, p_message uuid, patient_key uuid, file jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    addressed uuid;
    task uuid;
BEGIN
    FOR addressed IN SELECT DISTINCT u::uuid FROM jsonb_array_elements_text(file -> 'units') u LOOP
        task := gen_random_uuid();
        INSERT INTO public.journal_task (id, patient_id, category, unit_id, legal_entity_id, author_id, origin_id, event_at, recorded_at,
            title, due_at, kind, for_unit_id, outcome, lock_version)
        SELECT task, patient_key, 13, o.id, gate.holder(o.legal_entity_id, g.at), g.user_id, p_message, g.at, g.at,
            file ->> 'title', (file ->> 'due_at')::timestamptz, 'message', o.id, '', 1
        FROM public.access_orgunit o WHERE o.id = addressed;
        PERFORM gate.open_measure(g, 'TASK', patient_key, addressed, NULL, g.at, NULL, '', '', 'task', task, NULL, NULL, NULL, NULL);
        IF (file ->> 'notifies')::boolean AND EXISTS (SELECT 1 FROM public.access_orgunit o WHERE o.id = addressed AND o.kind = 'observation_ward') THEN
            PERFORM gate.open_measure(g, 'NOTIFIED', patient_key, addressed, NULL, g.at, NULL, '', '', 'message', p_message, NULL, NULL, NULL, NULL);
        END IF;
    END LOOP;
END $$;

-- The results of a report, as rows of the record under the message they came in. one: the columns of messaging_labresult that are its own.
CREATE FUNCTION gate.message_results(p_message uuid, results jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.messaging_labresult (id, patient_id, category, document_type_id, stay_id, unit_id, legal_entity_id, author_id, origin_id, event_at,
        recorded_at, message_id, place, analyte, code, system, name, comparator, value, number, measured_in, reference, deviation, preliminary, withdrawn,
        day_only, sampled, material, comment)
    SELECT gen_random_uuid(), m.patient_id, m.category, m.document_type_id, m.stay_id, m.unit_id, m.legal_entity_id, m.author_id, m.id, r.event_at,
        m.recorded_at, m.id, r.place, r.analyte, r.code, r.system, r.name, r.comparator, r.value, r.number, r.measured_in, r.reference, r.deviation,
        r.preliminary, r.withdrawn, r.day_only, r.sampled, r.material, r.comment
    FROM public.messaging_message m, jsonb_to_recordset(results) AS r (place int, analyte text, code text, system text, name text, comparator text,
        value text, number numeric, measured_in text, reference text, deviation text, preliminary boolean, withdrawn boolean, day_only boolean, sampled boolean,
        event_at timestamptz, material text, comment text)
    WHERE m.id = p_message;
END $$;

-- One receipt of ours: the row that says it was given, the message that carries it, and its place in the outbox, before all else.
-- one: {recipient, sender_name, to, to_name, msg_id, type, version, state, errors, transport}
CREATE FUNCTION gate.message_receipt(p_message public.messaging_message, one jsonb, p_raw bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    carrier uuid := gen_random_uuid();
    party public.messaging_communicationparty := gate.party_of(one ->> 'to');
    way text := coalesce(nullif(party.transport, ''), p_message.transport);
BEGIN
    INSERT INTO public.messaging_message (id, direction, state, type, standard, version, status, title, msg_id, parent_msg_id, conversation, thread,
        sender_her, sender_name, receiver_her, receiver_name, generated_at, raw, sha256, transport, transport_ref, code, reason, remarks, superseded)
    VALUES (carrier, 'out', 'queued', 'APPREC', 'Applikasjonskvittering', one ->> 'version', '', '', one ->> 'msg_id', p_message.msg_id, '', '',
        one ->> 'recipient', one ->> 'sender_name', one ->> 'to', one ->> 'to_name', gate.clock(), p_raw, sha256(p_raw), way, '', '', '', '[]', '');
    INSERT INTO public.messaging_receipt (id, message_id, recipient_her, state, due_at, given_at, late, errors, carrier_id)
    VALUES (gen_random_uuid(), p_message.id, one ->> 'recipient', one ->> 'state', coalesce(p_message.generated_at, p_message.received_at) + interval '96 hours',
        gate.clock(), gate.clock() > coalesce(p_message.generated_at, p_message.received_at) + interval '96 hours', one -> 'errors', carrier);
    INSERT INTO public.messaging_outboxitem (id, message_id, recipient_her, party_id, state, priority, due_at, worker, attempts, failures, last_error,
        transport, transport_ref)
    VALUES (gen_random_uuid(), carrier, one ->> 'to', party.id, 'waiting', 1, gate.clock(), '', 0, 0, '', way, '');
END $$;

-- Another's receipt for what we sent: the first is final, a late one clears the alarm. Answers taken, late, second or unknown.
-- told: {original, recipient, state, errors}
CREATE FUNCTION gate.receipt_taken(g gate.grant_t, p_carrier uuid, told jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r public.messaging_receipt;
    ours public.messaging_message;
BEGIN
    SELECT m.* INTO ours FROM public.messaging_message m WHERE m.direction = 'out' AND m.msg_id = told ->> 'original';
    SELECT x.* INTO r FROM public.messaging_receipt x WHERE x.message_id = ours.id AND x.recipient_her = told ->> 'recipient' FOR UPDATE;
    IF r.id IS NULL THEN
        RETURN 'unknown';
    END IF;
    IF r.state NOT IN ('awaited', 'missing') THEN
        PERFORM gate.message_log(g, 'receipt_again', ours.id, ours.patient_id, told ->> 'state', '');
        RETURN 'second';
    END IF;
    UPDATE public.messaging_receipt SET state = told ->> 'state', errors = told -> 'errors', given_at = gate.clock(), carrier_id = p_carrier,
        late = gate.clock() > r.due_at WHERE id = r.id;
    -- Whoever has answered has got it, whatever the transport says, and though the worker died before it could say so.
    UPDATE public.messaging_outboxitem SET state = 'acknowledged', settled_at = gate.clock(), lease_until = NULL,
        handed_over_at = coalesce(handed_over_at, gate.clock())
    WHERE message_id = ours.id AND recipient_her = r.recipient_her AND state <> 'acknowledged';
    UPDATE public.messaging_message SET state = 'sent', sent_at = gate.clock() WHERE id = ours.id AND state = 'queued';
    PERFORM gate.message_log(g, 'receipt_taken', ours.id, ours.patient_id, told ->> 'state', '');
    RETURN CASE WHEN gate.clock() > r.due_at THEN 'late' ELSE 'taken' END;
END $$;

-- Settles the message at hand. head: columns of the message; result: {state, code, reason, remarks, duplicate_of, worker, tray_reason,
-- answer_due_at, priority, unit, file, results, superseded: [{id, by, how}], receipt, receipts: [{…, as message_receipt}]}; raws: the receipts' bytes, in order.
-- Answers the state, or for a receipt what it came to.
CREATE FUNCTION gate.message_settle(head jsonb, result jsonb, raws bytea[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.message_at_hand();
    m public.messaging_message;
    settled text := result ->> 'state';
    said text := settled;
    file jsonb := result -> 'file';
    patient_key uuid;
    place public.access_documenttype;
    ward public.access_orgunit;
BEGIN
    IF settled = 'filed' THEN
        patient_key := gate.message_patient(file);
        SELECT d.* INTO STRICT place FROM public.access_documenttype d WHERE d.code = file ->> 'document_type';
        SELECT o.* INTO ward FROM public.access_orgunit o WHERE o.id = (file -> 'units' ->> 0)::uuid;
        IF ward.id IS NULL THEN
            RAISE EXCEPTION 'a filed message needs a unit' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    -- All of it at once: each change of the row is written to every index again.
    UPDATE public.messaging_message x SET state = settled,
        type = head ->> 'type', standard = head ->> 'standard', version = head ->> 'version', status = head ->> 'status', title = head ->> 'title',
        msg_id = head ->> 'msg_id', parent_msg_id = head ->> 'parent_msg_id', conversation = head ->> 'conversation', thread = head ->> 'thread',
        sender_her = head ->> 'sender_her', sender_name = head ->> 'sender_name', receiver_her = head ->> 'receiver_her',
        receiver_name = head ->> 'receiver_name', generated_at = (head ->> 'generated_at')::timestamptz, code = result ->> 'code',
        reason = result ->> 'reason', remarks = result -> 'remarks', duplicate_of_id = (result ->> 'duplicate_of')::uuid,
        unit_id = coalesce(ward.id, (result ->> 'unit')::uuid), patient_id = patient_key, category = place.category_id, document_type_id = place.code,
        legal_entity_id = CASE settled WHEN 'filed' THEN gate.holder(ward.legal_entity_id, g.at) END,
        author_id = CASE settled WHEN 'filed' THEN g.user_id END, recorded_at = CASE settled WHEN 'filed' THEN g.at END,
        event_at = CASE settled WHEN 'filed' THEN coalesce((file ->> 'event_at')::timestamptz, x.received_at) END
    WHERE x.id = g.request_id RETURNING x.* INTO m;
    IF settled = 'filed' THEN
        PERFORM gate.message_hand_out(g, m.id, patient_key, file);
        IF jsonb_array_length(result -> 'results') > 0 THEN
            PERFORM gate.message_results(m.id, result -> 'results');
        END IF;
    ELSIF settled = 'taken' THEN
        said := gate.receipt_taken(g, g.request_id, result -> 'receipt');
    END IF;
    IF result -> 'superseded' <> '[]' THEN
        UPDATE public.messaging_message x SET superseded_by_id = (s ->> 'by')::uuid, superseded = s ->> 'how'
        FROM jsonb_array_elements(result -> 'superseded') s WHERE x.id = (s ->> 'id')::uuid AND x.direction = 'in';
    END IF;
    FOR i IN 1 .. coalesce(jsonb_array_length(result -> 'receipts'), 0) LOOP
        PERFORM gate.message_receipt(m, result -> 'receipts' -> (i - 1), raws[i]);
    END LOOP;
    UPDATE public.messaging_inboxitem i SET lease_until = NULL, last_error = '', tray_reason = coalesce(result ->> 'tray_reason', ''),
        answer_due_at = (result ->> 'answer_due_at')::timestamptz, priority = coalesce((result ->> 'priority')::int, i.priority),
        state = CASE WHEN settled IN ('tray', 'quarantine') THEN settled ELSE 'done' END
    WHERE i.message_id = g.request_id;
    PERFORM gate.message_tried(g.request_id, '', result ->> 'worker', settled, coalesce(result ->> 'reason', ''));
    PERFORM gate.message_log(g, 'message_' || settled, g.request_id, m.patient_id, result ->> 'code', '');
    PERFORM set_config('gate.grant', '', true);
    RETURN said;
END $$;

GRANT EXECUTE ON FUNCTION gate.message_settle(jsonb, jsonb, bytea[]) TO epj_app;
