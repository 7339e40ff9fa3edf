-- Files and wounds: what is stored is what was checked, and is never rewritten; what hangs on a wound is about one of the same patient's, and is
-- hidden with it.

-- Compressed already; and a part of it is never asked for.
ALTER TABLE journal_attachment ALTER COLUMN content SET STORAGE EXTERNAL, ALTER COLUMN thumbnail SET STORAGE EXTERNAL;

-- Not `gate.own_name`: that one writes the whole row out as text, and these hold a file.
CREATE FUNCTION gate.attachment_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me uuid := (gate.current_grant()).user_id;
BEGIN
    IF TG_OP = 'INSERT' AND (octet_length(NEW.content) <> NEW.size OR encode(sha256(NEW.content), 'hex') <> NEW.sha256
        OR NOT CASE NEW.media_type WHEN 'image/jpeg' THEN substring(NEW.content FROM 1 FOR 3) = '\xffd8ff'::bytea AND NEW.thumbnail IS NOT NULL
            ELSE substring(NEW.content FROM 1 FOR 5) = '%PDF-'::bytea END)
    THEN
        RAISE EXCEPTION 'a file is what its row says' USING ERRCODE = 'check_violation', CONSTRAINT = 'attachment_is_what_it_says';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.struck_at IS NOT NULL THEN
        RAISE EXCEPTION 'a file is struck out once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF me IS NOT NULL AND NEW.struck_by_id <> me THEN
        RAISE EXCEPTION 'this is done in the own name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attachment_kept BEFORE INSERT OR UPDATE ON journal_attachment FOR EACH ROW EXECUTE FUNCTION gate.attachment_kept();

CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_wound FOR EACH ROW EXECUTE FUNCTION gate.own_name('healed_by_id', 'struck_by_id');
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_woundassessment FOR EACH ROW EXECUTE FUNCTION gate.own_name('struck_by_id');

-- The wound's row is locked: one that is closed in the same moment gets no new assessment.
CREATE FUNCTION gate.of_wound() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    w public.journal_wound;
BEGIN
    IF (gate.current_grant()).user_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT x.* INTO w FROM public.journal_wound x WHERE x.id = NEW.origin_id AND x.patient_id = NEW.patient_id FOR UPDATE;
    IF w.id IS NULL OR w.healed_on IS NOT NULL OR w.struck_at IS NOT NULL THEN
        RAISE EXCEPTION 'no such open wound' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_of_an_open_wound';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER of_wound BEFORE INSERT ON journal_woundassessment FOR EACH ROW EXECUTE FUNCTION gate.of_wound();
CREATE TRIGGER block_follows AFTER INSERT ON journal_woundassessment FOR EACH ROW EXECUTE FUNCTION gate.block_follows();

-- Wounds and files are charted too (access/policies/ports.sql).
ALTER FUNCTION gate.charted(uuid[], timestamptz, timestamptz) RENAME TO charted_before_wounds;
CREATE FUNCTION gate.charted(p_patients uuid[], p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    patient_id uuid, author_id uuid, entry_id uuid, kind text, document_type text, charted_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM gate.charted_before_wounds(p_patients, p_from, p_to)
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'woundassessment', NULL, x.recorded_at FROM public.journal_woundassessment x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'attachment', x.document_type_id, x.recorded_at FROM public.journal_attachment x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
$$;
