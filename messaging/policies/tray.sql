-- The tray: messages that only a person can say whose they are. For those who chart in the unit addressed; each look is logged.

CREATE FUNCTION gate.tray_grant() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF NOT g.may_chart THEN
        RAISE EXCEPTION 'the tray is for those who chart' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- What waits in the acting unit's tray, the most urgent first (ø-hjelp, whose sender has been answered). Says who sent it and when an answer is due; not whom it is about.
CREATE FUNCTION gate.tray() RETURNS TABLE (message uuid, title text, sender text, received_at timestamptz, answer_due_at timestamptz, reason text,
    answered boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.tray_grant();
BEGIN
    RETURN QUERY
    SELECT m.id, m.title, m.sender_name, m.received_at, i.answer_due_at, i.tray_reason,
        EXISTS (SELECT 1 FROM public.messaging_receipt r WHERE r.message_id = m.id)
    FROM public.messaging_inboxitem i JOIN public.messaging_message m ON m.id = i.message_id
    WHERE i.state = 'tray' AND m.unit_id = g.unit_id ORDER BY i.priority, i.answer_due_at, m.received_at;
END $$;

-- One of them, to be read and matched; no row when it is not in this unit's tray.
CREATE FUNCTION gate.tray_open(p_message uuid) RETURNS TABLE (raw bytea, reason text, answer_due_at timestamptz, answered boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.tray_grant();
BEGIN
    PERFORM gate.message_log(g, 'tray_read', p_message, NULL, '', '');
    RETURN QUERY
    SELECT m.raw, i.tray_reason, i.answer_due_at, EXISTS (SELECT 1 FROM public.messaging_receipt r WHERE r.message_id = m.id) FROM public.messaging_inboxitem i JOIN public.messaging_message m ON m.id = i.message_id
    WHERE i.message_id = p_message AND i.state = 'tray' AND m.unit_id = g.unit_id;
END $$;

-- Patients of the acting unit whom nobody has a number for yet: an unconscious one, a foreigner, a newborn. Ids only.
CREATE FUNCTION gate.unit_numberless() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.tray_grant();
BEGIN
    RETURN ARRAY(SELECT p FROM unnest(gate.unit_patients(ARRAY['NOTIFIED', 'ADMITTED'])) p
        WHERE NOT EXISTS (SELECT 1 FROM public.access_patientidentity i WHERE i.patient_id = p));
END $$;

-- Whose it is (a full number, or one of the unit's without a number), or why it is refused. The engine goes on from there. False when another was
-- first, or nobody has the number.
CREATE FUNCTION gate.tray_decide(p_message uuid, p_number text, p_refusal text, p_patient uuid DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.tray_grant();
    patient_key uuid;
BEGIN
    IF num_nonnulls(nullif(btrim(p_number), ''), nullif(btrim(p_refusal), ''), p_patient) <> 1 THEN
        RAISE EXCEPTION 'a number, a patient or a refusal' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM public.messaging_inboxitem i JOIN public.messaging_message m ON m.id = i.message_id
    WHERE i.message_id = p_message AND i.state = 'tray' AND m.unit_id = g.unit_id FOR UPDATE OF i;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF btrim(p_refusal) <> '' AND EXISTS (SELECT 1 FROM public.messaging_receipt r WHERE r.message_id = p_message) THEN
        RAISE EXCEPTION 'the sender has been told that it was taken in' USING ERRCODE = 'check_violation';
    END IF;
    IF p_patient IS NOT NULL THEN
        IF NOT p_patient = ANY (gate.unit_numberless()) THEN
            RETURN false;
        END IF;
        patient_key := p_patient;
    ELSIF btrim(p_number) <> '' THEN
        patient_key := gate.patient_behind(p_number);
        IF patient_key IS NULL THEN
            RETURN false;
        END IF;
    END IF;
    UPDATE public.messaging_inboxitem SET state = 'waiting', decided_patient_id = patient_key, decided_refusal = btrim(p_refusal),
        decided_by_id = g.user_id, decided_at = g.at, due_at = g.at, attempts = 0 WHERE message_id = p_message;
    PERFORM gate.message_log(g, 'tray_decide', p_message, patient_key, CASE WHEN patient_key IS NULL THEN 'refused' ELSE 'matched' END, p_refusal);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION gate.tray(), gate.tray_open(uuid), gate.unit_numberless(), gate.tray_decide(uuid, text, text, uuid) TO epj_app;
