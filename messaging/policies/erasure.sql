-- When a note is deleted, what was sent of it: told of to the custodian, emptied here, and held where it has not left. The receiver has its own copy
-- and its own duty; whom to tell is listed before the text goes.

-- Messages taken from the note, or with a line of it in them (lines of 25 characters or more, as they stand in XML).
CREATE FUNCTION gate.messages_of_note(p_note uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH told AS (
        SELECT n.patient_id, n.recorded_at, replace(replace(replace(btrim(line), '&', '&amp;'), '<', '&lt;'), '>', '&gt;') AS line
        FROM public.journal_note n
        CROSS JOIN LATERAL (SELECT n.content UNION SELECT v.content FROM public.journal_noteversion v WHERE v.note_id = n.id) c (content)
        CROSS JOIN LATERAL jsonb_each_text(c.content) t CROSS JOIN LATERAL regexp_split_to_table(t.value, '\n') line
        WHERE n.id = p_note AND length(btrim(line)) >= 25)
    SELECT m.id FROM public.messaging_message m WHERE m.direction = 'out' AND m.origin_id = p_note
    UNION
    SELECT m.id FROM told JOIN public.messaging_message m ON m.patient_id = told.patient_id AND m.direction = 'out' AND m.recorded_at >= told.recorded_at
    WHERE position(convert_to(told.line, 'UTF8') IN m.raw) > 0
$$;

CREATE OR REPLACE FUNCTION gate.note_copies(p_note uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('kind', CASE WHEN m.sent_at IS NULL THEN 'queued' ELSE 'message' END, 'to', m.receiver_name, 'at', coalesce(m.sent_at, m.recorded_at))
        ORDER BY m.recorded_at, m.id), '[]')
    FROM public.messaging_message m WHERE m.id IN (SELECT gate.messages_of_note(p_note)) AND m.raw <> ''
$$;

CREATE OR REPLACE FUNCTION gate.erase_copies(p_note uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone uuid[] := ARRAY(SELECT gate.messages_of_note(p_note));
BEGIN
    UPDATE public.messaging_outboxitem SET state = 'held', lease_until = NULL, last_error = '' WHERE message_id = ANY (gone) AND state = 'waiting';
    UPDATE public.messaging_message SET raw = '', sha256 = sha256(''), origin_id = p_note, remarks = '[]', reason = '',
        state = CASE WHEN state = 'queued' THEN 'held' ELSE state END
    WHERE id = ANY (gone);
END $$;

CREATE OR REPLACE FUNCTION gate.raw_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.raw = '' AND (to_jsonb(NEW) - '{raw,sha256,origin_id,remarks,reason,state}'::text[])
            = (to_jsonb(OLD) - '{raw,sha256,origin_id,remarks,reason,state}'::text[]) THEN
        IF gate.being_erased(NEW.origin_id) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP = 'DELETE' OR (NEW.raw, NEW.sha256, NEW.direction, NEW.transport, NEW.transport_ref)
            IS DISTINCT FROM (OLD.raw, OLD.sha256, OLD.direction, OLD.transport, OLD.transport_ref)
        OR (OLD.patient_id IS NOT NULL AND (NEW.patient_id, NEW.category, NEW.document_type_id, NEW.msg_id, NEW.author_id, NEW.recorded_at)
            IS DISTINCT FROM (OLD.patient_id, OLD.category, OLD.document_type_id, OLD.msg_id, OLD.author_id, OLD.recorded_at))
    THEN
        RAISE EXCEPTION 'a message is kept as it came' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
