-- A patient's refusal of exchange, what a receiver may not have, and how long information was lacking. The gap follows stays and messages by
-- triggers: whoever admits, files or discharges, it is measured alike.

CREATE FUNCTION gate.exchange_refused(p_patient uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM public.messaging_exchangerefusal r WHERE r.patient_id = p_patient AND r.ended_at IS NULL)
$$;
REVOKE EXECUTE ON FUNCTION gate.exchange_refused(uuid) FROM PUBLIC;

-- The same, for who has the record open.
CREATE FUNCTION gate.exchange_stopped(p_patient uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN p_patient = ANY (g.subjects) AND gate.exchange_refused(p_patient);
END $$;

-- Who has refused gets no message sent about them. That a message of another's was wrong is still told its sender, and one of ours can be taken back:
-- neither gives anything away.
CREATE FUNCTION gate.refusal_stops() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.direction = 'out' AND NEW.patient_id IS NOT NULL AND NEW.type NOT IN ('APPREC', 'DIALOG_AVVIK') AND NEW.status <> 'C' AND gate.exchange_refused(NEW.patient_id) THEN
        RAISE EXCEPTION 'the patient has refused exchange of messages' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refusal_stops BEFORE INSERT ON messaging_message FOR EACH ROW EXECUTE FUNCTION gate.refusal_stops();

-- The legal entity of the register of units that a HER-id belongs to, where there is one.
CREATE FUNCTION gate.entity_of_her(p_her text) RETURNS public.access_legalentity
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e FROM public.messaging_communicationparty p
    LEFT JOIN public.messaging_communicationparty above ON above.id = p.parent_id
    JOIN public.access_legalentity e ON e.org_number <> '' AND e.org_number IN (p.org_number, above.org_number)
    WHERE p.her_id = p_her ORDER BY e.valid_to IS NULL DESC LIMIT 1
$$;

-- Which of these entries the patient has blocked for everyone, or for the legal entity of the recipient. For the sender, who sees them all.
-- p_entries: [{id, category, document_type, stay, origin, event_at}]
CREATE FUNCTION gate.entries_withheld(p_patient uuid, p_recipient text, p_entries jsonb) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    receiver uuid := (gate.entity_of_her(p_recipient)).id;
BEGIN
    IF NOT p_patient = ANY (g.subjects) OR NOT g.may_chart THEN
        RAISE EXCEPTION 'not for this patient' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN coalesce((
        SELECT array_agg(e.id)
        FROM jsonb_to_recordset(p_entries) AS e (id uuid, category int, document_type text, stay uuid, origin uuid, event_at timestamptz)
        WHERE gate.withheld(gate.holder(receiver, g.at), '{}', g.at, p_patient, e.category, e.document_type, e.stay, e.id, e.origin, e.event_at)), '{}');
END $$;

-- How what a patient's home municipality knows reaches a ward: by the record they share, or by message.
CREATE FUNCTION gate.gap_mode(p_number text, p_entity uuid, t timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN EXISTS (
        SELECT 1 FROM public.access_legalentity e
        JOIN public.access_participation theirs ON theirs.legal_entity_id = gate.holder(e.id, t) AND theirs.mode = 'member'
            AND theirs.valid_from <= t AND (theirs.valid_to IS NULL OR t < theirs.valid_to)
        JOIN public.access_participation ours ON ours.community_id = theirs.community_id AND ours.legal_entity_id = gate.holder(p_entity, t)
            AND ours.valid_from <= t AND (ours.valid_to IS NULL OR t < ours.valid_to)
        WHERE e.municipality_number = p_number AND e.kind = 'municipality' AND p_number <> '') THEN 'record' ELSE 'message' END
$$;

CREATE FUNCTION gate.tells_of_health(p_type text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN p_type IN ('INNLEGGELSESRAPPORT', 'UTSKRIVNINGSRAPPORT', 'HELSEOPPL_SOKNAD', 'HELSEOPPLYSNINGER_LEGE', 'MEDISINSKE_OPPLYSNINGER',
    'EPJ-EKSTRAKT', 'DIALOG_SVAR', 'DIALOG_HELSEFAGLIG', 'DIALOG_NOTAT');

-- The first message about the patient's health from the home municipality that stands in the record since `t`.
CREATE FUNCTION gate.gap_answer(p_patient uuid, p_number text, t timestamptz) RETURNS public.messaging_message
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT m FROM public.messaging_message m
    WHERE m.patient_id = p_patient AND m.direction = 'in' AND m.state = 'filed' AND m.recorded_at >= t AND gate.tells_of_health(m.type)
        AND (gate.entity_of_her(m.sender_her)).municipality_number = p_number AND p_number <> ''
    ORDER BY m.recorded_at LIMIT 1
$$;

CREATE FUNCTION gate.minutes_between(since timestamptz, until timestamptz) RETURNS int
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN until IS NOT NULL THEN greatest(0, floor(extract(epoch FROM until - since) / 60))::int END
$$;

-- A stay begins: from the shared record the ward reads from the moment its first measure opened; from others not before something is filed.
CREATE FUNCTION gate.gap_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ward public.access_orgunit;
    number text;
    how text;
    had timestamptz;
    told public.messaging_message;
BEGIN
    IF NEW.admitted_at IS NULL OR NEW.status = 'cancelled' THEN
        RETURN NULL;
    END IF;
    SELECT o.* INTO STRICT ward FROM public.access_orgunit o WHERE o.id = NEW.ward_id;
    SELECT p.municipality_number INTO number FROM public.access_patient p WHERE p.id = NEW.patient_id;
    how := gate.gap_mode(number, ward.legal_entity_id, NEW.admitted_at);
    IF how = 'record' THEN
        SELECT greatest(NEW.admitted_at, min(x.starts_at)) INTO had FROM public.access_decidedmeasure x
        WHERE x.patient_id = NEW.patient_id AND x.unit_id = NEW.ward_id AND (x.ends_at IS NULL OR x.ends_at >= NEW.admitted_at - interval '1 minute');
        had := coalesce(had, NEW.admitted_at);
    ELSE
        told := gate.gap_answer(NEW.patient_id, number, NEW.admitted_at - interval '24 hours');
        had := greatest(told.recorded_at, NEW.admitted_at);
        IF told.id IS NULL THEN
            had := NULL;
        END IF;
    END IF;
    INSERT INTO public.messaging_informationgap (id, patient_id, category, stay_id, unit_id, legal_entity_id, author_id, event_at, recorded_at, mode,
        municipality_number, started_at, received_at, answer_id, minutes)
    VALUES (gen_random_uuid(), NEW.patient_id, 2, NEW.id, NEW.ward_id, NEW.legal_entity_id, NEW.author_id, NEW.admitted_at, gate.clock(), how,
        coalesce(number, ''), NEW.admitted_at, had, told.id, gate.minutes_between(NEW.admitted_at, had))
    ON CONFLICT (stay_id) DO NOTHING;
    IF NEW.discharged_at IS NOT NULL THEN
        UPDATE public.messaging_informationgap x SET closed_at = NEW.discharged_at, minutes = gate.minutes_between(x.started_at, NEW.discharged_at)
        WHERE x.stay_id = NEW.id AND x.received_at IS NULL AND x.closed_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER gap_begins AFTER INSERT OR UPDATE OF status, admitted_at, discharged_at ON journal_stay FOR EACH ROW EXECUTE FUNCTION gate.gap_begins();

-- Something is filed from the home municipality: what was lacking has come.
CREATE FUNCTION gate.gap_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.messaging_informationgap x
    SET received_at = NEW.recorded_at, answer_id = NEW.id, minutes = gate.minutes_between(x.started_at, NEW.recorded_at)
    WHERE x.patient_id = NEW.patient_id AND x.mode = 'message' AND x.received_at IS NULL AND x.closed_at IS NULL
        AND x.municipality_number = (gate.entity_of_her(NEW.sender_her)).municipality_number AND x.municipality_number <> '';
    RETURN NULL;
END $$;
CREATE TRIGGER gap_ends AFTER UPDATE OF state ON messaging_message FOR EACH ROW
    WHEN (NEW.direction = 'in' AND NEW.state = 'filed' AND OLD.state <> 'filed' AND NEW.patient_id IS NOT NULL AND gate.tells_of_health(NEW.type))
    EXECUTE FUNCTION gate.gap_ends();

-- The home municipality is asked. The newest question is the one that counts, also where a copy brings them in another order.
CREATE FUNCTION gate.gap_asked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.messaging_informationgap x SET asked_at = coalesce(x.asked_at, NEW.recorded_at), question_id = NEW.id
    WHERE x.stay_id = NEW.stay_id AND x.received_at IS NULL
        AND x.municipality_number = (gate.entity_of_her(NEW.receiver_her)).municipality_number AND x.municipality_number <> ''
        AND (x.question_id IS NULL OR NEW.recorded_at > (SELECT q.recorded_at FROM public.messaging_message q WHERE q.id = x.question_id));
    RETURN NULL;
END $$;
CREATE TRIGGER gap_asked AFTER INSERT ON messaging_message FOR EACH ROW
    WHEN (NEW.direction = 'out' AND NEW.type IN ('DIALOG_FORESPORSEL', 'DIALOG_HELSEFAGLIG') AND NEW.stay_id IS NOT NULL)
    EXECUTE FUNCTION gate.gap_asked();

-- Both stories side by side, for the acting unit's own stays that began in the time: numbers only, and no patient. One who has blocked something
-- is not counted: a number must not tell that there is more than can be seen.
CREATE FUNCTION gate.gap_figures(p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    mode text, stays bigint, received bigint, never bigint, lacking bigint, asked bigint, median float, ninth float, longest int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN QUERY
    SELECT x.mode::text, count(*), count(x.received_at), count(x.closed_at), count(*) FILTER (WHERE x.received_at IS NULL AND x.closed_at IS NULL),
        count(x.asked_at), percentile_cont(0.5) WITHIN GROUP (ORDER BY x.minutes) FILTER (WHERE x.received_at IS NOT NULL),
        percentile_cont(0.9) WITHIN GROUP (ORDER BY x.minutes) FILTER (WHERE x.received_at IS NOT NULL), max(x.minutes) FILTER (WHERE x.received_at IS NOT NULL)
    FROM public.messaging_informationgap x
    WHERE x.unit_id = g.unit_id AND x.started_at >= p_from AND x.started_at < p_to AND NOT EXISTS (
        SELECT 1 FROM public.access_accessblock b
        WHERE b.patient_id = x.patient_id AND b.valid_from <= g.at AND (b.valid_to IS NULL OR g.at < b.valid_to))
    GROUP BY x.mode;
END $$;

GRANT EXECUTE ON FUNCTION gate.exchange_stopped(uuid), gate.entries_withheld(uuid, text, jsonb), gate.gap_figures(timestamptz, timestamptz) TO epj_app;
