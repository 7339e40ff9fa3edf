-- Correction, deletion, wrong patient (3.6): what is demanded stands in the record; what is decided is done here, and told to those who had read.

-- A demand is about a note that this person can see, and begins undecided. The right patient's record is open to whoever names it.
CREATE POLICY claim_begins_open ON journal_recordclaim AS RESTRICTIVE FOR INSERT TO epj_app WITH CHECK (
    state = 'open' AND decided_by_id IS NULL AND erased_at IS NULL AND moved_to IS NULL AND decision = '' AND copies = '[]' AND EXISTS (
        SELECT 1 FROM journal_note n WHERE n.id = about_id AND n.patient_id = journal_recordclaim.patient_id AND n.state <> 'DRAFT'
            AND n.corrects_id IS NULL AND (n.category, n.document_type_id, n.stay_id, n.event_at, n.unit_id) IS NOT DISTINCT FROM
                (journal_recordclaim.category, journal_recordclaim.document_type_id, journal_recordclaim.stay_id, journal_recordclaim.event_at, responsible_unit_id))
    AND (right_patient_id IS NULL OR kind = 'wrong_patient' AND right_patient_id <> patient_id
        AND right_patient_id = ANY ((SELECT (gate.current_grant()).subjects)::uuid[])));

-- Whether a decision to delete this note is being carried out: what otherwise is never changed goes then, for every role alike.
CREATE FUNCTION gate.being_erased(p_note uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM public.journal_recordclaim c
        WHERE c.about_id = p_note AND c.kind <> 'correction' AND c.state = 'granted' AND c.erased_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION gate.note_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rank constant jsonb := '{"DRAFT": 0, "CONFIRMED": 1, "SIGNED": 2, "COSIGNED": 3}';
    may_change constant text[] := '{state,title,content,version,lock_version,confirmed_at,signed_by_id,signed_at,corrected_at,cosigned_by_id,cosigned_at,event_at,stay_id,withheld_at,withheld_by_id,withheld_reason}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'DRAFT' OR gate.being_erased(OLD.id) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a confirmed note is not removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'DRAFT' AND OLD.state = 'DRAFT' THEN
        RETURN NEW;
    END IF;
    IF (rank ->> NEW.state)::int < (rank ->> OLD.state)::int
        OR (to_jsonb(NEW) - may_change) <> (to_jsonb(OLD) - may_change)
        OR (OLD.state <> 'DRAFT' AND (NEW.event_at, NEW.stay_id) IS DISTINCT FROM (OLD.event_at, OLD.stay_id))
        OR (OLD.signed_at IS NOT NULL AND (NEW.signed_by_id, NEW.signed_at) IS DISTINCT FROM (OLD.signed_by_id, OLD.signed_at))
        OR (OLD.cosigned_at IS NOT NULL AND (NEW.cosigned_by_id, NEW.cosigned_at) IS DISTINCT FROM (OLD.cosigned_by_id, OLD.cosigned_at))
        OR NEW.version NOT IN (OLD.version, OLD.version + 1)
        OR ((NEW.content, NEW.title) IS DISTINCT FROM (OLD.content, OLD.title) AND NEW.version = OLD.version)
        OR NOT EXISTS (
            SELECT 1 FROM public.journal_noteversion v
            WHERE v.note_id = NEW.id AND v.number = NEW.version AND v.content = NEW.content AND v.title = NEW.title)
    THEN
        RAISE EXCEPTION 'a confirmed note changes only by a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
-- The application's own writing only: a note moved to the right patient keeps who signed it.
DROP TRIGGER own_name ON journal_note;
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_note
    FOR EACH ROW WHEN (current_user = 'epj_app') EXECUTE FUNCTION gate.own_name('signed_by_id', 'cosigned_by_id', 'withheld_by_id');
GRANT UPDATE (withheld_at, withheld_by_id, withheld_reason) ON journal_note TO epj_app;

CREATE OR REPLACE FUNCTION gate.version_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF gate.being_erased(OLD.note_id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'a version is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;

-- What has been copied from a note and left the record: [{kind, to, at}]; and the emptying of copies kept here. Apps that copy replace both.
CREATE FUNCTION gate.note_copies(p_note uuid) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT '[]'::jsonb $$;
CREATE FUNCTION gate.erase_copies(p_note uuid) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$ SELECT NULL::void $$;

-- Whoever has had the note on the screen, and its author, is told; not the one who acts. The log knows who.
CREATE FUNCTION gate.tell_readers(p_patient uuid, p_note uuid, p_author uuid, p_what text, g gate.grant_t) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.journal_notenotice (id, user_id, patient_id, note_id, what, read_at, made_at)
    SELECT gen_random_uuid(), r.user_id, p_patient, p_note, p_what, max(r.at), g.at
    FROM (
        SELECT e.user_id, e.at FROM public.auditlog_entry e
        WHERE e.patient_id = p_patient AND e.outcome = 'shown' AND (e.objects_shown -> 'note') ? p_note::text
        UNION ALL SELECT p_author, NULL) r
    JOIN public.access_user u ON u.id = r.user_id
    WHERE r.user_id <> g.user_id GROUP BY r.user_id
$$;

CREATE FUNCTION gate.correction_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    IF g.user_id IS NOT NULL THEN
        PERFORM gate.tell_readers(NEW.patient_id, NEW.id, NEW.author_id, 'correction', g);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER correction_told AFTER UPDATE OF corrected_at ON journal_note
    FOR EACH ROW WHEN (NEW.corrected_at IS DISTINCT FROM OLD.corrected_at) EXECUTE FUNCTION gate.correction_told();

-- One's own notices that are not seen. The note of a correction can be opened if it can be read; of what is gone there is nothing more to tell.
CREATE FUNCTION gate.my_notices() RETURNS TABLE (notice_id uuid, patient_id uuid, note_id uuid, what text, read_at timestamptz, made_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN QUERY SELECT n.id, n.patient_id, n.note_id, n.what::text, n.read_at, n.made_at FROM public.journal_notenotice n
    WHERE n.user_id = g.user_id AND n.seen_at IS NULL ORDER BY n.made_at DESC, n.id LIMIT 200;
END $$;

CREATE FUNCTION gate.notice_seen(p_notice uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.journal_notenotice SET seen_at = g.at WHERE id = p_notice AND user_id = g.user_id AND seen_at IS NULL;
    RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION gate.own_unsigned() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN (SELECT count(*) FROM public.journal_note n WHERE n.author_id = g.user_id AND n.state NOT IN ('SIGNED', 'COSIGNED'))
        + (SELECT count(*) FROM public.journal_notenotice n WHERE n.user_id = g.user_id AND n.seen_at IS NULL AND n.what <> 'correction');
END $$;

-- A demand to correct is decided where one signs: granted once the note has been corrected since, refused with a reason. False if it is decided already.
CREATE FUNCTION gate.correction_decide(p_claim uuid, p_granted boolean, p_ground text, p_reason text, p_told text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    c public.journal_recordclaim;
    stands public.journal_note;
BEGIN
    SELECT x.* INTO STRICT c FROM public.journal_recordclaim x
    WHERE x.id = p_claim AND x.kind = 'correction' AND x.patient_id = ANY (g.subjects) FOR UPDATE;
    SELECT n.* INTO stands FROM public.journal_note n WHERE n.id = c.about_id;
    IF stands.id IS NULL OR NOT gate.allows(8, stands.patient_id, stands.category, stands.document_type_id, stands.stay_id, stands.id, stands.origin_id,
            stands.unit_id, stands.legal_entity_id, stands.event_at) OR NOT gate.allows(2, c.patient_id, c.category, c.document_type_id, c.stay_id, c.id, c.origin_id,
            c.unit_id, c.legal_entity_id, c.event_at)
    THEN
        RAISE EXCEPTION 'may not decide this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF c.state <> 'open' THEN
        RETURN false;
    END IF;
    IF p_granted AND coalesce(stands.corrected_at <= c.recorded_at, true) OR NOT p_granted AND btrim(p_reason) = '' OR c.wish_of <> 'own' AND btrim(p_told) = '' THEN
        RAISE EXCEPTION 'granted when it is corrected, refused with a reason, and the patient told' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.journal_recordclaim SET state = CASE WHEN p_granted THEN 'granted' ELSE 'refused' END, ground = p_ground, decision = p_reason, told = p_told,
        decided_by_id = g.user_id, decided_at = g.at WHERE id = c.id;
    RETURN true;
END $$;

-- The custodian, for this purpose only, and the demands that are this custodian's: of the own entity, never what one has registered oneself.
CREATE FUNCTION gate.claim_custodian() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.custody();
BEGIN
    IF g.purpose <> 'record_claims' THEN
        RAISE EXCEPTION 'for the purpose of demands only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

CREATE FUNCTION gate.claim_is_mine(g gate.grant_t, c public.journal_recordclaim) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.kind <> 'correction' AND c.author_id <> g.user_id AND gate.custody_of(g.entity_id, c.responsible_unit_id, g.at)
$$;

-- Those that wait first, then the newest that are decided. Their patients are logged.
CREATE FUNCTION gate.claims(p_open boolean, request jsonb) RETURNS TABLE (
    claim_id uuid, kind text, state text, recorded_at timestamptz, decided_at timestamptz, wish_of text, document text, unit_name text, registered_by text, patient_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.claim_custodian();
    found uuid[] := ARRAY(
        SELECT c.id FROM public.journal_recordclaim c WHERE (c.state = 'open') = p_open AND gate.claim_is_mine(g, c)
        ORDER BY CASE WHEN p_open THEN c.recorded_at END, c.decided_at DESC, c.id LIMIT 200);
BEGIN
    PERFORM gate.tell_patients(g, ARRAY(SELECT c.patient_id FROM public.journal_recordclaim c WHERE c.id = ANY (found)), request || '{"action": "record_claims"}');
    RETURN QUERY
    SELECT c.id, c.kind::text, c.state::text, c.recorded_at, c.decided_at, c.wish_of::text, d.name, o.name, u.given_name || ' ' || u.family_name,
        p.given_name || ' ' || p.family_name
    FROM unnest(found) WITH ORDINALITY f (id, place) JOIN public.journal_recordclaim c ON c.id = f.id
    JOIN public.access_patient p ON p.id = c.patient_id JOIN public.access_orgunit o ON o.id = c.unit_id JOIN public.access_user u ON u.id = c.author_id
    LEFT JOIN public.access_documenttype d ON d.code = c.document_type_id ORDER BY f.place;
END $$;

-- One demand with the note it is about, as the custodian must read it to decide; logged on the patient, and on the right one. NULL if not this custodian's.
CREATE FUNCTION gate.claim_read(p_claim uuid, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    g gate.grant_t := gate.claim_custodian();
    c public.journal_recordclaim;
    entry public.auditlog_entry := gate.log_row(g, request || '{"action": "record_claim"}');
BEGIN
    SELECT x.* INTO c FROM public.journal_recordclaim x WHERE x.id = p_claim;
    IF c.id IS NULL OR NOT gate.claim_is_mine(g, c) THEN
        RETURN NULL;
    END IF;
    entry.objects_shown := jsonb_build_object('recordclaim', jsonb_build_array(c.id)) ||
        CASE WHEN c.erased_at IS NULL THEN jsonb_build_object('note', jsonb_build_array(c.about_id)) ELSE '{}' END;
    FOR entry.patient_id, entry.patient_name IN SELECT p.id, p.given_name || ' ' || p.family_name FROM public.access_patient p
        WHERE p.id IN (c.patient_id, c.right_patient_id) ORDER BY p.id
    LOOP
        PERFORM auditlog.write(entry);
    END LOOP;
    RETURN jsonb_build_object(
        'id', c.id, 'kind', c.kind, 'state', c.state, 'wish_of', c.wish_of, 'text', c.text, 'recorded_at', c.recorded_at,
        'ground', c.ground, 'heard', c.heard, 'decision', c.decision, 'told', c.told, 'decided_at', c.decided_at, 'erased_at', c.erased_at, 'copies', c.copies,
        'decided_by', (SELECT u.given_name || ' ' || u.family_name FROM public.access_user u WHERE u.id = c.decided_by_id),
        'registered_by', (SELECT u.given_name || ' ' || u.family_name FROM public.access_user u WHERE u.id = c.author_id),
        'unit', (SELECT o.name FROM public.access_orgunit o WHERE o.id = c.unit_id),
        'patient', (SELECT jsonb_build_object('name', p.given_name || ' ' || p.family_name, 'birth_date', p.birth_date) FROM public.access_patient p WHERE p.id = c.patient_id),
        'right_patient', (SELECT jsonb_build_object('name', p.given_name || ' ' || p.family_name, 'birth_date', p.birth_date)
            FROM public.access_patient p WHERE p.id = c.right_patient_id),
        'copies_now', gate.note_copies(c.about_id) || gate.export_copies(c.patient_id),
        'note', (SELECT jsonb_build_object('title', n.title, 'content', n.content, 'document_type', n.document_type_id, 'template_version', n.template_version, 'state', n.state, 'event_at', n.event_at,
                'author', u.given_name || ' ' || u.family_name, 'unit', o.name, 'versions', n.version, 'readers', (
                    SELECT count(DISTINCT e.user_id) FROM public.auditlog_entry e
                    WHERE e.patient_id = n.patient_id AND e.outcome = 'shown' AND (e.objects_shown -> 'note') ? n.id::text))
            FROM public.journal_note n JOIN public.access_user u ON u.id = n.author_id JOIN public.access_orgunit o ON o.id = n.unit_id WHERE n.id = c.about_id));
END $$;

-- Copies of whole records that have been written for one who leaves, with this patient in them.
CREATE FUNCTION gate.export_copies(p_patient uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('kind', 'export', 'to', l.name, 'at', r.released_at) ORDER BY r.released_at), '[]')
    FROM public.access_exportpatient x JOIN public.access_recordexport r ON r.id = x.export_id
    JOIN public.access_communitychange h ON h.id = r.change_id JOIN public.access_legalentity l ON l.id = h.legal_entity_id
    WHERE x.patient_id = p_patient AND x.file IS NOT NULL
$$;

-- The custodian's decision. Granted, the note goes: text, versions, drafts that would correct it, and copies kept here; where the right patient is
-- named it stands there again with its author, its times and its versions. {state, moved}, or NULL if it is not this custodian's or decided already.
CREATE FUNCTION gate.claim_decide(p_claim uuid, p_granted boolean, p_ground text, p_reason text, p_heard text, p_told text, request jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.claim_custodian();
    c public.journal_recordclaim;
    stands public.journal_note;
    entry public.auditlog_entry := gate.log_row(g, request || '{"action": "record_claim_decide"}');
BEGIN
    SELECT x.* INTO c FROM public.journal_recordclaim x WHERE x.id = p_claim FOR UPDATE;
    IF c.id IS NULL OR NOT gate.claim_is_mine(g, c) OR c.state <> 'open' THEN
        RETURN NULL;
    END IF;
    IF btrim(p_reason) = '' OR btrim(p_heard) = '' OR c.wish_of <> 'own' AND btrim(p_told) = '' OR p_granted AND NOT (
        CASE c.kind WHEN 'deletion' THEN p_ground IN ('burden', 'not_needed') ELSE p_ground = 'wrong_patient' END)
    THEN
        RAISE EXCEPTION 'a decision needs its ground, a reason, the author heard and the patient told' USING ERRCODE = 'check_violation';
    END IF;
    SELECT n.* INTO stands FROM public.journal_note n WHERE n.id = c.about_id FOR UPDATE;
    IF stands.id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE public.journal_recordclaim SET state = CASE WHEN p_granted THEN 'granted' ELSE 'refused' END, ground = CASE WHEN p_granted THEN p_ground ELSE '' END,
        decision = p_reason, heard = p_heard, told = p_told, decided_by_id = g.user_id, decided_at = g.at WHERE id = c.id;
    entry.reason_code := CASE WHEN p_granted THEN p_ground ELSE 'refused' END;
    entry.objects_shown := jsonb_build_object('recordclaim', jsonb_build_array(c.id));
    FOR entry.patient_id, entry.patient_name IN SELECT p.id, p.given_name || ' ' || p.family_name FROM public.access_patient p
        WHERE p.id IN (c.patient_id, CASE WHEN p_granted THEN c.right_patient_id END) ORDER BY p.id
    LOOP
        PERFORM auditlog.write(entry);
    END LOOP;
    IF p_granted THEN
        PERFORM gate.note_erase(g, c, stands, p_reason);
    END IF;
    RETURN CASE WHEN NOT p_granted THEN 'refused' WHEN c.right_patient_id IS NOT NULL THEN 'moved' ELSE 'erased' END;
END $$;

-- Takes the note away, and every text that would tell what stood in it. Those who had read it are told first: afterwards nobody knows.
CREATE FUNCTION gate.note_erase(g gate.grant_t, c public.journal_recordclaim, stands public.journal_note, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved uuid := CASE WHEN c.right_patient_id IS NOT NULL THEN gen_random_uuid() END;
    left_here jsonb := gate.note_copies(c.about_id) || gate.export_copies(c.patient_id);
    pointing record;
BEGIN
    PERFORM gate.tell_readers(c.patient_id, c.about_id, stands.author_id, c.kind, g);
    PERFORM gate.erase_copies(c.about_id);
    IF moved IS NOT NULL THEN
        PERFORM gate.note_stands_elsewhere(g, c, stands, moved);
    END IF;
    -- What only points to it, such as the session it was written of, stays without.
    FOR pointing IN SELECT k.conrelid::regclass AS owner, a.attname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.confrelid = 'public.journal_note'::regclass AND k.conrelid <> k.confrelid AND cardinality(k.conkey) = 1 AND NOT a.attnotnull
    LOOP
        EXECUTE format('UPDATE %s SET %2$I = NULL WHERE %2$I = $1', pointing.owner, pointing.attname) USING c.about_id;
    END LOOP;
    DELETE FROM public.journal_note WHERE corrects_id = c.about_id;
    DELETE FROM public.journal_noteversion WHERE note_id = c.about_id;
    DELETE FROM public.journal_note WHERE id = c.about_id;
    UPDATE public.journal_recordclaim SET text = '', decision = CASE WHEN id = c.id THEN decision ELSE '' END WHERE about_id = c.about_id;
    UPDATE public.journal_recordclaim SET state = 'granted', decided_by_id = g.user_id, decided_at = g.at WHERE about_id = c.about_id AND state = 'open';
    UPDATE public.journal_recordclaim SET erased_at = g.at, copies = left_here, moved_to = CASE WHEN id = c.id THEN moved END WHERE about_id = c.about_id;
END $$;

-- The same note in the right record: author, signatures and times are as they were, and a last version says that it was moved, by whom and when.
CREATE FUNCTION gate.note_stands_elsewhere(g gate.grant_t, c public.journal_recordclaim, stands public.journal_note, p_new uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v public.journal_noteversion;
    n public.journal_note := stands;
BEGIN
    n.id := p_new;
    n.patient_id := c.right_patient_id;
    n.stay_id := NULL;
    n.version := stands.version + 1;
    n.corrected_at := CASE WHEN stands.state IN ('SIGNED', 'COSIGNED') THEN g.at END;
    n.withheld_at := NULL;
    n.withheld_by_id := NULL;
    n.withheld_reason := '';
    INSERT INTO public.journal_note SELECT n.*;
    FOR v IN SELECT x.* FROM public.journal_noteversion x WHERE x.note_id = c.about_id ORDER BY x.number LOOP
        v.id := gen_random_uuid();
        v.patient_id := n.patient_id;
        v.note_id := p_new;
        v.origin_id := p_new;
        v.stay_id := NULL;
        INSERT INTO public.journal_noteversion SELECT v.*;
    END LOOP;
    v.id := gen_random_uuid();
    v.number := n.version;
    v.content := n.content;
    v.title := n.title;
    v.state := n.state;
    v.author_id := g.user_id;
    v.recorded_at := g.at;
    v.reason := 'Flyttet hit: notatet var ført på feil pasient.';
    INSERT INTO public.journal_noteversion SELECT v.*;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.my_notices(), gate.notice_seen(uuid), gate.correction_decide(uuid, boolean, text, text, text), gate.claims(boolean, jsonb),
    gate.claim_read(uuid, jsonb), gate.claim_decide(uuid, boolean, text, text, text, text, jsonb) TO epj_app;
