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
-- As gate.actor_of for this one role, which asks for no licence and no course and reads no entity's entries: asked several times for each message.
CREATE FUNCTION gate.messenger(secret text, p_purpose text) RETURNS gate.grant_t
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
    g gate.grant_t;
BEGIN
    SELECT NULL, s.id, s.user_id, a.id, r.id, o.id, e.id, r.may_chart, r.reviews_log, r.administers_access, r.is_custodian, p_purpose, gate.clock(),
        '{}', '{}', '{}', '{}'
    INTO g
    FROM public.access_accessauthorisation a
    JOIN public.access_roletemplate r ON r.id = a.role_id AND r.code = 'message_service'
    JOIN public.access_orgunit o ON o.id = a.unit_id
    JOIN public.access_legalentity e ON e.id = gate.holder(o.legal_entity_id, gate.clock())
    WHERE s.purpose = 'messaging' AND s.locked_at IS NULL AND a.id = s.authorisation_id AND a.user_id = s.user_id
        AND a.valid_from <= gate.clock() AND (a.valid_to IS NULL OR gate.clock() < a.valid_to)
        AND o.valid_from <= gate.clock() AND (o.valid_to IS NULL OR gate.clock() < o.valid_to)
        AND e.valid_from <= gate.clock() AND (e.valid_to IS NULL OR gate.clock() < e.valid_to);
    IF g.user_id IS NULL THEN
        RAISE EXCEPTION 'not the message service' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- This transaction's commit need not wait for the disk: nothing outside is told of it before a later commit that does wait, and what was
-- written before that one is then on disk too. If the server falls in between, it is as if the work had not been done, and it is done again.
CREATE FUNCTION gate.commit_soon() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
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
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.messaging_attempt (message_id, recipient_her, at, worker, outcome, error)
    VALUES (p_message, p_recipient, gate.clock(), p_worker, p_outcome, left(p_error, 2000));
END $$;

-- The party with this HER-id that is in use now. (PostgreSQL plans what is written in plpgsql once for a connection, an SQL function at each call.)
CREATE FUNCTION gate.party_of(p_her text) RETURNS public.messaging_communicationparty
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    party public.messaging_communicationparty;
BEGIN
    SELECT p.* INTO party FROM public.messaging_communicationparty p
    WHERE p.her_id = p_her AND p.valid_from <= gate.clock() AND (p.valid_to IS NULL OR gate.clock() < p.valid_to);
    RETURN party;
END $$;
