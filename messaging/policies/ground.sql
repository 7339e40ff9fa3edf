-- Who the engine is, what it may touch, and what never changes. It has no right to read a record: each function here does one thing with
-- one message, and writes the log. Its token is held by the worker alone, so a taken-over web process does nothing of this.

GRANT SELECT ON messaging_communicationparty TO epj_app;

-- States and receipts are seen by whoever sees the message.
GRANT SELECT ON messaging_receipt, messaging_outboxitem TO epj_app;
ALTER TABLE messaging_receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE messaging_outboxitem ENABLE ROW LEVEL SECURITY;
CREATE POLICY receipt_of_visible_message ON messaging_receipt FOR SELECT TO epj_app
    USING (EXISTS (SELECT 1 FROM messaging_message m WHERE m.id = message_id));
CREATE POLICY outbox_of_visible_message ON messaging_outboxitem FOR SELECT TO epj_app
    USING (EXISTS (SELECT 1 FROM messaging_message m WHERE m.id = message_id));

ALTER TABLE messaging_message ADD CONSTRAINT message_stay_is_the_patients
    FOREIGN KEY (stay_id, patient_id) REFERENCES journal_stay (id, patient_id);
ALTER TABLE messaging_message ADD CONSTRAINT message_type_fits_category
    FOREIGN KEY (document_type_id, category) REFERENCES access_documenttype (code, category_id);

-- What came and what went stays as it was; once filed, whose it is and what it is too.
CREATE FUNCTION gate.raw_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.raw, NEW.sha256, NEW.direction, NEW.transport, NEW.transport_ref)
            IS DISTINCT FROM (OLD.raw, OLD.sha256, OLD.direction, OLD.transport, OLD.transport_ref)
        OR (OLD.patient_id IS NOT NULL AND (NEW.patient_id, NEW.category, NEW.document_type_id, NEW.msg_id, NEW.author_id, NEW.recorded_at)
            IS DISTINCT FROM (OLD.patient_id, OLD.category, OLD.document_type_id, OLD.msg_id, OLD.author_id, OLD.recorded_at))
    THEN
        RAISE EXCEPTION 'a message is kept as it came' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER raw_kept BEFORE UPDATE OR DELETE ON messaging_message FOR EACH ROW EXECUTE FUNCTION gate.raw_kept();

CREATE FUNCTION gate.attempt_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an attempt is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER attempt_kept BEFORE UPDATE OR DELETE ON messaging_attempt FOR EACH ROW EXECUTE FUNCTION gate.attempt_kept();

-- The first receipt is final; only one that was missed may still come.
CREATE FUNCTION gate.receipt_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state NOT IN ('awaited', 'missing') THEN
        RAISE EXCEPTION 'a receipt is final' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipt_kept BEFORE UPDATE OR DELETE ON messaging_receipt FOR EACH ROW EXECUTE FUNCTION gate.receipt_kept();

-- The engine behind a token, or an error. The token's purpose is the one it was issued for; no other client's token works here.
CREATE FUNCTION gate.messenger(secret text, p_purpose text) RETURNS gate.grant_t
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    g gate.grant_t;
BEGIN
    IF s.id IS NOT NULL AND s.purpose = 'messaging' AND s.locked_at IS NULL THEN
        g := gate.actor_of(s);
    END IF;
    IF g.user_id IS NULL OR NOT EXISTS (SELECT 1 FROM public.access_roletemplate r WHERE r.id = g.role_id AND r.code = 'message_service') THEN
        RAISE EXCEPTION 'not the message service' USING ERRCODE = 'insufficient_privilege';
    END IF;
    g.purpose := p_purpose;
    RETURN g;
END $$;

-- One row in the log about one message, and its patient where there is one. All rows of one message carry its id as request.
CREATE FUNCTION gate.message_log(g gate.grant_t, p_action text, p_message uuid, p_patient uuid, p_code text, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', p_action, 'route', 'messaging', 'purpose', g.purpose));
BEGIN
    entry.request_id := p_message;
    entry.objects_shown := jsonb_build_object('message', jsonb_build_array(p_message));
    entry.reason_code := p_code;
    entry.reason := p_reason;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name FROM public.access_patient p WHERE p.id = p_patient;
    PERFORM auditlog.write(entry);
END $$;

CREATE FUNCTION gate.message_tried(p_message uuid, p_recipient text, p_worker text, p_outcome text, p_error text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.messaging_attempt (message_id, recipient_her, at, worker, outcome, error)
    VALUES (p_message, p_recipient, gate.clock(), p_worker, p_outcome, left(p_error, 2000))
$$;

-- The party with this HER-id that is in use now.
CREATE FUNCTION gate.party_of(p_her text) RETURNS public.messaging_communicationparty
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT p FROM public.messaging_communicationparty p
    WHERE p.her_id = p_her AND p.valid_from <= gate.clock() AND (p.valid_to IS NULL OR gate.clock() < p.valid_to)
$$;
