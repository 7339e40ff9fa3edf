-- Two records become one, and two again: compared, decided and carried out by the custodian (access/policies/merge.sql has the ground).

-- A function in SQL may name what a later one makes.
SET LOCAL check_function_bodies = off;

INSERT INTO gate.patient_table (table_name, column_name, decision, unless, why) VALUES
    ('journal_notenotice', 'patient_id', 'follows', 'false', 'Leads to the note'),
    ('journal_recordclaim', 'right_patient_id', 'follows', 'false', 'Where a note is to be moved'),
    ('journal_printjob', 'patient_id', 'stays', 'false', 'What was read then; gone within a day');

-- The custodian, for this purpose only.
CREATE FUNCTION gate.merging() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.custody();
BEGIN
    IF g.purpose <> 'record_merge' THEN
        RAISE EXCEPTION 'for the purpose of merging only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- Two numbers that the custodian has been told are one person's. {state: proposed | same | missing, merge?}. Logged on those that were found.
CREATE FUNCTION gate.merge_ask(p_one text, p_other text, p_reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.merging();
    one uuid := (SELECT i.patient_id FROM public.access_patientidentity i WHERE i.value = p_one LIMIT 1);
    other uuid := (SELECT i.patient_id FROM public.access_patientidentity i WHERE i.value = p_other LIMIT 1);
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'it needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    IF one = other THEN
        PERFORM gate.log_patients(g, 'merge_find', 'record_merges', ARRAY[one], p_reason, NULL);
        RETURN '{"state": "same"}';
    END IF;
    IF one IS NULL OR other IS NULL THEN
        PERFORM gate.log_patients(g, 'merge_find', 'record_merges', ARRAY[one, other], p_reason, NULL);
        RETURN '{"state": "missing"}';
    END IF;
    RETURN jsonb_build_object('state', 'proposed', 'merge', gate.merge_propose(g, one, other, p_reason));
END $$;

CREATE FUNCTION gate.merge_mine(g gate.grant_t, m public.access_recordmerge) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT gate.custody_of(g.entity_id, m.unit_id, g.at) $$;

-- Those that wait (oldest first), or the newest that are decided. Their patients are logged.
CREATE FUNCTION gate.merges(p_open boolean, request jsonb) RETURNS TABLE (
    merge_id uuid, state text, proposed_at timestamptz, proposed_by text, unit_name text, proposal text, decided_at timestamptz, decided_by text,
    survivor_name text, gone_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.merging();
    found uuid[] := ARRAY(
        SELECT m.id FROM public.access_recordmerge m WHERE (m.state = 'proposed') = p_open AND gate.merge_mine(g, m)
        ORDER BY CASE WHEN p_open THEN m.proposed_at END, m.decided_at DESC, m.id LIMIT 200);
BEGIN
    PERFORM gate.tell_patients(g, ARRAY(SELECT unnest(ARRAY[m.survivor_id, m.gone_id]) FROM public.access_recordmerge m WHERE m.id = ANY (found)),
        request || '{"action": "merge_list"}');
    RETURN QUERY
    SELECT m.id, m.state::text, m.proposed_at, u.given_name || ' ' || u.family_name, o.name, m.proposal, m.decided_at, d.given_name || ' ' || d.family_name,
        s.given_name || ' ' || s.family_name, p.given_name || ' ' || p.family_name
    FROM unnest(found) WITH ORDINALITY f (id, place) JOIN public.access_recordmerge m ON m.id = f.id
    JOIN public.access_patient s ON s.id = m.survivor_id JOIN public.access_patient p ON p.id = m.gone_id JOIN public.access_orgunit o ON o.id = m.unit_id
    JOIN public.access_user u ON u.id = m.proposed_by_id LEFT JOIN public.access_user d ON d.id = m.decided_by_id ORDER BY f.place;
END $$;

-- One record as the custodian compares it: who it says it is, and how much it holds, never a word of it.
CREATE FUNCTION gate.merge_side(p_patient uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    name text;
    held bigint;
    counts jsonb := '{}';
BEGIN
    FOREACH name IN ARRAY gate.record_tables() LOOP
        EXECUTE format('SELECT count(*) FROM public.%I x WHERE x.patient_id = $1', name) INTO held USING p_patient;
        counts := counts || CASE WHEN held > 0 THEN jsonb_build_object(name, held) ELSE '{}' END;
    END LOOP;
    RETURN (SELECT jsonb_build_object(
        'id', p.id, 'name', p.given_name || ' ' || p.family_name, 'birth_date', p.birth_date, 'sex', p.sex, 'deceased_at', p.deceased_at,
        'municipality_number', p.municipality_number, 'phone', p.phone, 'gp', p.general_practitioner, 'registered_at', p.registered_at,
        'address', CASE WHEN p.protected_address THEN '' ELSE p.address END,
        'numbers', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value, 'valid_from', i.valid_from, 'valid_to', i.valid_to)
            ORDER BY i.valid_to IS NOT NULL, i.valid_from DESC NULLS LAST), '[]') FROM public.access_patientidentity i WHERE i.patient_id = p.id),
        'unknown', (SELECT jsonb_build_object('age_from', u.age_from, 'age_to', u.age_to, 'marks', u.marks, 'found', u.found)
            FROM public.access_unknownidentity u WHERE u.patient_id = p.id),
        'counts', counts,
        'first_at', (SELECT min(e.event_at) FROM gate.entries_of(p.id) e), 'last_at', (SELECT max(e.event_at) FROM gate.entries_of(p.id) e),
        'units', (SELECT coalesce(jsonb_agg(DISTINCT o.name), '[]') FROM gate.entries_of(p.id) e JOIN public.access_orgunit o ON o.id = e.unit_id),
        'measures', (SELECT count(*) FROM public.access_decidedmeasure m WHERE m.patient_id = p.id AND m.starts_at <= gate.clock() AND (m.ends_at IS NULL OR m.ends_at > gate.clock())),
        'blocks', (SELECT count(DISTINCT coalesce(b.registration_id, b.id)) FROM public.access_accessblock b WHERE b.patient_id = p.id AND (b.valid_to IS NULL OR b.valid_to > gate.clock())))
        FROM public.access_patient p WHERE p.id = p_patient);
END $$;

-- What speaks against merging, or must be looked at after it: [{code, blocks, facts?}]. Each app has its own gate.merge_conflicts_…(one, other).
CREATE FUNCTION gate.merge_conflicts(p_one uuid, p_other uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked text;
    answer jsonb;
    found jsonb := '[]';
BEGIN
    FOR asked IN SELECT f.proname FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
        WHERE n.nspname = 'gate' AND f.proname ~ '^merge_conflicts_' ORDER BY f.proname
    LOOP
        EXECUTE format('SELECT gate.%I($1, $2)', asked) INTO answer USING p_one, p_other;
        found := found || coalesce(answer, '[]');
    END LOOP;
    RETURN found;
END $$;

CREATE FUNCTION gate.merge_conflicts_identity(p_one uuid, p_other uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('code', c.code, 'blocks', c.blocks, 'facts', c.facts)) FROM (
        SELECT 'merged_already' AS code, true AS blocks, NULL::jsonb AS facts WHERE EXISTS (
            SELECT 1 FROM public.access_recordmerge m WHERE m.gone_id IN (p_one, p_other) AND m.state = 'done')
        UNION ALL
        SELECT 'undecided_table', true, jsonb_agg(t.table_name || '.' || t.column_name) FROM gate.patient_columns() t WHERE t.decision IS NULL HAVING count(*) > 0
        UNION ALL
        SELECT 'copy_in_work', true, NULL WHERE EXISTS (
            SELECT 1 FROM public.access_exportpatient x JOIN public.access_recordexport r ON r.id = x.export_id
            WHERE x.patient_id IN (p_one, p_other) AND x.file IS NULL AND r.state IN ('released', 'running'))
        UNION ALL
        SELECT 'two_numbers', false, NULL WHERE (
            SELECT count(DISTINCT i.patient_id) FROM public.access_patientidentity i
            WHERE i.patient_id IN (p_one, p_other) AND i.kind = 'FNR' AND i.valid_to IS NULL) = 2
        UNION ALL
        SELECT 'other_birth_date', false, NULL FROM public.access_patient a, public.access_patient b
        WHERE a.id = p_one AND b.id = p_other AND a.birth_date <> b.birth_date
        UNION ALL
        SELECT 'other_sex', false, NULL FROM public.access_patient a, public.access_patient b
        WHERE a.id = p_one AND b.id = p_other AND a.sex <> b.sex AND 'U' NOT IN (a.sex, b.sex)
        UNION ALL
        SELECT 'one_is_dead', false, NULL FROM public.access_patient a, public.access_patient b
        WHERE a.id = p_one AND b.id = p_other AND (a.deceased_at IS NULL) <> (b.deceased_at IS NULL)
        UNION ALL
        SELECT 'wide_block', false, jsonb_build_object('count', count(DISTINCT coalesce(b.registration_id, b.id))) FROM public.access_accessblock b
        WHERE b.patient_id IN (p_one, p_other) AND gate.block_is_wide(b) HAVING count(*) > 0) c
$$;

CREATE FUNCTION gate.merge_conflicts_journal(p_one uuid, p_other uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('code', c.code, 'blocks', c.blocks, 'facts', c.facts)) FROM (
        SELECT 'two_open_stays' AS code, true AS blocks, jsonb_agg(DISTINCT o.name) AS facts
        FROM public.journal_stay s JOIN public.access_orgunit o ON o.id = s.ward_id
        WHERE s.patient_id IN (p_one, p_other) AND s.status IN ('expected', 'admitted', 'discharge_ready') HAVING count(*) > 1
        UNION ALL
        SELECT 'two_drafts', true, jsonb_agg(DISTINCT u.given_name || ' ' || u.family_name)
        FROM public.journal_note a JOIN public.journal_note b ON b.author_id = a.author_id AND b.document_type_id IS NOT DISTINCT FROM a.document_type_id
            AND b.corrects_id IS NOT DISTINCT FROM a.corrects_id AND b.state = 'DRAFT'
        JOIN public.access_user u ON u.id = a.author_id WHERE a.patient_id = p_one AND b.patient_id = p_other AND a.state = 'DRAFT' HAVING count(*) > 0
        UNION ALL
        SELECT 'two_checklists', true, jsonb_agg(DISTINCT o.name)
        FROM public.journal_checklistrun a JOIN public.journal_checklistrun b ON b.series = a.series AND b.unit_id = a.unit_id
            AND b.finished_at IS NULL AND b.struck_at IS NULL
        JOIN public.access_orgunit o ON o.id = a.unit_id
        WHERE a.patient_id = p_one AND b.patient_id = p_other AND a.finished_at IS NULL AND a.struck_at IS NULL HAVING count(*) > 0
        UNION ALL
        SELECT 'two_isolations', true, jsonb_agg(DISTINCT o.name)
        FROM public.journal_isolation a JOIN public.journal_isolation b ON b.unit_id = a.unit_id AND b.ended_at IS NULL
        JOIN public.access_orgunit o ON o.id = a.unit_id
        WHERE a.patient_id = p_one AND b.patient_id = p_other AND a.ended_at IS NULL HAVING count(*) > 0
        UNION ALL
        SELECT 'note_between', true, NULL WHERE EXISTS (
            SELECT 1 FROM public.journal_recordclaim c WHERE c.state = 'open' AND (c.patient_id, c.right_patient_id) IN ((p_one, p_other), (p_other, p_one)))
        UNION ALL
        SELECT 'cave', false, NULL WHERE (
            SELECT count(DISTINCT x.patient_id) FROM public.journal_criticalinfo x
            WHERE x.patient_id IN (p_one, p_other) AND x.ended_at IS NULL AND x.kind IN ('allergy', 'intolerance')) = 1 AND EXISTS (
            SELECT 1 FROM public.journal_criticalinfostatus s WHERE s.patient_id IN (p_one, p_other) AND s.none_known AND NOT EXISTS (
                SELECT 1 FROM public.journal_criticalinfo x WHERE x.patient_id = s.patient_id AND x.ended_at IS NULL AND x.kind IN ('allergy', 'intolerance')))
        UNION ALL
        SELECT 'two_plans', false, NULL WHERE (
            SELECT count(DISTINCT x.patient_id) FROM public.journal_planproblem x WHERE x.patient_id IN (p_one, p_other) AND x.ended_at IS NULL) = 2
        UNION ALL
        SELECT 'two_medication_lists', false, NULL WHERE (
            SELECT count(DISTINCT x.patient_id) FROM public.journal_medication x WHERE x.patient_id IN (p_one, p_other) AND x.stopped_at IS NULL) = 2) c
$$;

-- --- Blocks. One that names an entry or a stay follows it. A wide one covered one record: it goes on over what that record held, and over what comes. ---

CREATE FUNCTION gate.block_is_wide(b public.access_accessblock) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT b.scope IN ('record', 'category', 'document_type') AND (b.valid_to IS NULL OR b.valid_to > gate.clock())
$$;

-- Entries of a patient that a wide block is about, drafts too, with their times.
CREATE FUNCTION gate.block_covers(b public.access_accessblock, p_patient uuid) RETURNS TABLE (entry_id uuid, at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.entry_id, e.event_at FROM (
        SELECT x.entry_id, x.category, x.document_type, x.event_at FROM gate.entries_of(p_patient) x
        UNION ALL SELECT n.id, n.category, n.document_type_id, n.event_at FROM public.journal_note n WHERE n.patient_id = p_patient AND n.state = 'DRAFT') e
    WHERE CASE b.scope WHEN 'record' THEN e.category <> 3 WHEN 'category' THEN e.category = b.category ELSE e.document_type = b.document_type END
        AND (b.entries_from IS NULL OR e.event_at >= b.entries_from) AND (b.entries_to IS NULL OR e.event_at < b.entries_to)
$$;

-- A copy of a block for a stretch of time, or for one entry.
CREATE FUNCTION gate.block_copy(b public.access_accessblock, p_patient uuid, p_entry uuid, p_from timestamptz, p_to timestamptz) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    original uuid := b.id;
BEGIN
    b.id := gen_random_uuid();
    b.patient_id := p_patient;
    b.valid_from := greatest(b.valid_from, gate.clock());
    b.valid_to := NULL;
    b.lifted_by_id := NULL;
    b.lift_wish_of := '';
    b.entries_from := p_from;
    b.entries_to := p_to;
    IF p_entry IS NOT NULL THEN
        b.scope := 'entry';
        b.entry_id := p_entry;
        b.category := NULL;
        b.document_type := NULL;
    END IF;
    INSERT INTO public.access_accessblock SELECT b.*;
    INSERT INTO public.access_blockexception (id, block_id, user_id, unit_id)
    SELECT gen_random_uuid(), b.id, x.user_id, x.unit_id FROM public.access_blockexception x WHERE x.block_id = original;
    RETURN b.id;
END $$;

-- Before the rows meet: the stretches of time in which no entry of the other record lies, and single entries where two have the same time. Exactly
-- what was covered stays covered, and nothing of the other record is. {id, valid_to, stands}: what taking apart needs.
CREATE FUNCTION gate.block_cut(b public.access_accessblock, p_other uuid, p_survivor uuid) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stands uuid[] := '{}';
    part record;
BEGIN
    FOR part IN
        WITH own AS MATERIALIZED (SELECT * FROM gate.block_covers(b, b.patient_id)), others AS MATERIALIZED (SELECT DISTINCT o.at FROM gate.block_covers(b, p_other) o),
        gap AS (
            SELECT lag(o.at) OVER (ORDER BY o.at) AS after, o.at AS before FROM others o
            UNION ALL SELECT max(o.at), NULL FROM others o
        )
        SELECT NULL::uuid AS entry, coalesce(g.after + interval '1 microsecond', b.entries_from) AS since, coalesce(g.before, b.entries_to) AS until FROM gap g
        WHERE g.before IS NULL OR EXISTS (SELECT 1 FROM own WHERE own.at < g.before AND (g.after IS NULL OR own.at > g.after))
        UNION ALL
        SELECT own.entry_id, NULL, NULL FROM own JOIN others ON others.at = own.at
    LOOP
        stands := stands || gate.block_copy(b, p_survivor, part.entry, part.since, part.until);
    END LOOP;
    UPDATE public.access_accessblock SET valid_to = greatest(gate.clock(), b.valid_from) WHERE id = b.id;
    RETURN jsonb_build_object('id', b.id, 'valid_to', b.valid_to, 'patient', b.patient_id, 'stands', to_jsonb(stands));
END $$;

-- --- Merging and taking apart. ---

-- Moves the rows of one column. Returns their keys.
CREATE FUNCTION gate.rows_move(t_name text, c_name text, k_name text, p_unless text, p_from uuid, p_to uuid, p_only uuid[]) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved uuid[];
BEGIN
    EXECUTE format('WITH moved AS (UPDATE public.%1$I x SET %2$I = $1 WHERE x.%2$I = $2 AND NOT (%3$s) AND ($3 IS NULL OR x.%4$I = ANY ($3)) RETURNING x.%4$I AS k)
        SELECT coalesce(array_agg(k), ''{}'') FROM moved', t_name, c_name, p_unless, k_name) INTO moved USING p_to, p_from, p_only;
    RETURN moved;
END $$;

-- The custodian's decision. {state: done | blocked | changed | busy | decided}: `changed` when something has come up that was not on the page (p_seen:
-- the codes that were). One transaction: whoever reads sees both records, or the one.
CREATE FUNCTION gate.records_merge(p_merge uuid, p_survivor uuid, p_reason text, p_seen text[], request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.merging();
    m public.access_recordmerge;
    other uuid;
    conflicts jsonb;
    b public.access_accessblock;
    blocks jsonb := '[]';
    ended jsonb;
    t record;
    moved uuid[];
BEGIN
    SELECT x.* INTO m FROM public.access_recordmerge x WHERE x.id = p_merge FOR UPDATE;
    IF m.id IS NULL OR NOT gate.merge_mine(g, m) OR m.state <> 'proposed' THEN
        RETURN '{"state": "decided"}';
    END IF;
    IF btrim(p_reason) = '' OR NOT p_survivor IN (m.survivor_id, m.gone_id) THEN
        RAISE EXCEPTION 'a merge names the record that goes on, and why' USING ERRCODE = 'check_violation';
    END IF;
    other := CASE WHEN p_survivor = m.survivor_id THEN m.gone_id ELSE m.survivor_id END;
    IF NOT gate.hold_alone(ARRAY[p_survivor, other]) THEN
        RETURN '{"state": "busy"}';
    END IF;
    PERFORM 1 FROM public.access_patient p WHERE p.id IN (p_survivor, other) ORDER BY p.id FOR UPDATE;
    conflicts := gate.merge_conflicts(p_survivor, other);
    IF EXISTS (SELECT 1 FROM jsonb_array_elements(conflicts) c WHERE (c ->> 'blocks')::boolean) THEN
        RETURN '{"state": "blocked"}';
    END IF;
    IF EXISTS (SELECT 1 FROM jsonb_array_elements(conflicts) c WHERE NOT c ->> 'code' = ANY (p_seen)) THEN
        RETURN '{"state": "changed"}';
    END IF;
    UPDATE public.access_recordmerge SET state = 'moving', survivor_id = p_survivor, gone_id = other WHERE id = m.id;
    FOR b IN SELECT x.* FROM public.access_accessblock x WHERE x.patient_id IN (p_survivor, other) AND gate.block_is_wide(x) LOOP
        blocks := blocks || gate.block_cut(b, CASE WHEN b.patient_id = p_survivor THEN other ELSE p_survivor END, p_survivor);
    END LOOP;
    -- What counts of the numbers: the survivor's own, else the other's own, else a temporary one. The rest is history, and still found.
    WITH live AS (
        SELECT i.id, CASE WHEN i.kind = 'TMP' THEN 3 ELSE 1 END + CASE WHEN i.patient_id = other THEN 1 ELSE 0 END AS place
        FROM public.access_patientidentity i WHERE i.patient_id IN (p_survivor, other) AND i.valid_to IS NULL
    ), closed AS (
        UPDATE public.access_patientidentity i SET valid_to = (g.at AT TIME ZONE 'Europe/Oslo')::date FROM live
        WHERE i.id = live.id AND live.place > (SELECT min(l.place) FROM live l) RETURNING i.id
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', closed.id, 'valid_to', NULL)), '[]') INTO ended FROM closed;
    SET CONSTRAINTS ALL DEFERRED;
    FOR t IN SELECT * FROM gate.patient_columns() c WHERE c.decision = 'follows' LOOP
        moved := gate.rows_move(t.table_name, t.column_name, t.key_name, t.unless, other, p_survivor, NULL);
        IF moved <> '{}' THEN
            INSERT INTO public.access_mergedrows (id, merge_id, table_name, column_name, ids) VALUES (gen_random_uuid(), m.id, t.table_name, t.column_name, moved);
        END IF;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    UPDATE public.access_recordmerge SET state = 'done', decided_by_id = g.user_id, decided_at = g.at, reason = btrim(p_reason),
        kept = jsonb_build_object('identities', ended, 'blocks', blocks) WHERE id = m.id;
    PERFORM gate.log_patients(g, 'record_merge', 'record_merge', ARRAY[p_survivor, other], btrim(p_reason), jsonb_build_object('merge', m.id));
    PERFORM gate.merge_tasks(g, p_survivor, m.id);
    RETURN '{"state": "done"}';
END $$;

-- Units that treat the person now are asked to go through what two records may say differently.
CREATE FUNCTION gate.merge_tasks(g gate.grant_t, p_patient uuid, p_merge uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.journal_task (id, patient_id, category, unit_id, legal_entity_id, author_id, origin_id, event_at, recorded_at, title, due_at, kind, for_unit_id,
        outcome, lock_version)
    SELECT gen_random_uuid(), p_patient, 13, g.unit_id, g.entity_id, g.user_id, p_merge, g.at, g.at,
        'Journalen er slått sammen av to. Gå gjennom CAVE, legemidler, tiltaksplan og avtaler.', g.at + interval '4 hours', 'merge', u.unit_id, '', 1
    FROM (
        SELECT DISTINCT m.unit_id FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        WHERE m.patient_id = p_patient AND m.unit_id IS NOT NULL AND m.starts_at <= g.at AND (m.ends_at IS NULL OR m.ends_at > g.at)
            AND t.code IN ('ADMITTED', 'NOTIFIED', 'SERVICE_HEALTH')) u
$$;

-- What the custodian refuses stays as it was: two records.
CREATE FUNCTION gate.merge_refuse(p_merge uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.merging();
    m public.access_recordmerge;
BEGIN
    SELECT x.* INTO m FROM public.access_recordmerge x WHERE x.id = p_merge FOR UPDATE;
    IF m.id IS NULL OR NOT gate.merge_mine(g, m) OR m.state <> 'proposed' OR btrim(p_reason) = '' THEN
        RETURN false;
    END IF;
    UPDATE public.access_recordmerge SET state = 'refused', decided_by_id = g.user_id, decided_at = g.at, reason = btrim(p_reason) WHERE id = m.id;
    PERFORM gate.log_patients(g, 'merge_refuse', 'record_merge', ARRAY[m.survivor_id, m.gone_id], btrim(p_reason), jsonb_build_object('merge', m.id));
    RETURN true;
END $$;

-- Columns of a table by which its row hangs on another row of the record: its stay, what it was derived from, what it is a part of.
CREATE FUNCTION gate.hangs_by(t_name text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT a.attname::text), '{}') FROM pg_attribute a
    WHERE a.attrelid = ('public.' || t_name)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'superseded_by_id' AND (
        a.attname IN ('stay_id', 'origin_id') OR a.attname = 'source_id' AND t_name = 'access_decidedmeasure' OR EXISTS (
            SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = a.attrelid AND f.conkey = ARRAY[a.attnum]
                AND f.confrelid IN (SELECT ('public.' || c.table_name)::regclass FROM gate.patient_columns() c WHERE c.decision = 'follows')))
$$;

-- The keys of all rows that go back: those that followed, but for what has since been put into a stay of the survivor's; and what has since been
-- written that hangs on one of them: it is about the one in that bed, in that service, in that note.
CREATE FUNCTION gate.merge_back(m public.access_recordmerge) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    back uuid[] := ARRAY(SELECT unnest(r.ids) FROM public.access_mergedrows r WHERE r.merge_id = m.id);
    found uuid[];
    more uuid[];
    t record;
    links text[];
BEGIN
    FOR t IN SELECT * FROM gate.patient_columns() c WHERE c.decision = 'follows' AND 'stay_id' = ANY (gate.hangs_by(c.table_name)) LOOP
        EXECUTE format('SELECT array_agg(x.%1$I) FROM public.%2$I x WHERE x.%3$I = $1 AND x.%1$I = ANY ($2) AND x.stay_id IS NOT NULL AND NOT x.stay_id = ANY ($2)',
            t.key_name, t.table_name, t.column_name) INTO found USING m.survivor_id, back;
        IF found IS NOT NULL THEN
            back := ARRAY(SELECT x FROM unnest(back) x WHERE NOT x = ANY (found));
        END IF;
    END LOOP;
    LOOP
        more := '{}';
        FOR t IN SELECT * FROM gate.patient_columns() c WHERE c.decision = 'follows' LOOP
            links := gate.hangs_by(t.table_name);
            CONTINUE WHEN links = '{}';
            EXECUTE format('SELECT array_agg(x.%1$I) FROM public.%2$I x WHERE x.%3$I = $1 AND NOT x.%1$I = ANY ($2) AND (%4$s)', t.key_name, t.table_name, t.column_name,
                (SELECT string_agg(format('x.%I = ANY ($2)', c), ' OR ') FROM unnest(links) c)) INTO found USING m.survivor_id, back;
            more := more || coalesce(found, '{}');
        END LOOP;
        EXIT WHEN more = '{}';
        back := back || more;
    END LOOP;
    RETURN back;
END $$;

-- What has been written in the surviving record since, but for the tasks that the merge made: {table: [ids]}.
CREATE FUNCTION gate.written_since(p_patient uuid, p_at timestamptz, p_merge uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
    ids jsonb;
    found jsonb := '{}';
BEGIN
    FOREACH name IN ARRAY gate.record_tables() LOOP
        EXECUTE format('SELECT jsonb_agg(x.id) FROM public.%I x WHERE x.patient_id = $1 AND x.recorded_at >= $2 AND x.origin_id IS DISTINCT FROM $3', name)
            INTO ids USING p_patient, p_at, p_merge;
        found := found || CASE WHEN ids IS NOT NULL THEN jsonb_build_object(name, ids) ELSE '{}' END;
    END LOOP;
    RETURN found;
END $$;

-- One merge as the custodian reads it: both records as they stand, what speaks against, and, once done, what would go where. NULL if not this custodian's.
CREATE FUNCTION gate.merge_read(p_merge uuid, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    g gate.grant_t := gate.merging();
    m public.access_recordmerge;
    since jsonb := '{}';
    back uuid[] := '{}';
BEGIN
    SELECT x.* INTO m FROM public.access_recordmerge x WHERE x.id = p_merge;
    IF m.id IS NULL OR NOT gate.merge_mine(g, m) THEN
        RETURN NULL;
    END IF;
    PERFORM gate.tell_patients(g, ARRAY[m.survivor_id, m.gone_id], request || '{"action": "merge_compare"}');
    IF m.state = 'done' THEN
        since := gate.written_since(m.survivor_id, m.decided_at, m.id);
        back := gate.merge_back(m);
    END IF;
    RETURN jsonb_build_object(
        'id', m.id, 'state', m.state, 'proposal', m.proposal, 'proposed_at', m.proposed_at, 'reason', m.reason, 'decided_at', m.decided_at,
        'undone_at', m.undone_at, 'undo_reason', m.undo_reason, 'survivor', gate.merge_side(m.survivor_id), 'gone', gate.merge_side(m.gone_id),
        'conflicts', CASE WHEN m.state = 'proposed' THEN gate.merge_conflicts(m.survivor_id, m.gone_id) ELSE '[]' END,
        'followed', (SELECT coalesce(jsonb_object_agg(r.table_name, cardinality(r.ids)), '{}') FROM public.access_mergedrows r
            WHERE r.merge_id = m.id AND r.table_name = ANY (gate.record_tables()) AND r.column_name = 'patient_id'),
        'since_back', (SELECT coalesce(jsonb_object_agg(s.key, n), '{}') FROM jsonb_each(since) s
            CROSS JOIN LATERAL (SELECT count(*) AS n FROM jsonb_array_elements_text(s.value) x WHERE x::uuid = ANY (back)) c WHERE n > 0),
        'since_stays', (SELECT coalesce(jsonb_object_agg(s.key, n), '{}') FROM jsonb_each(since) s
            CROSS JOIN LATERAL (SELECT count(*) AS n FROM jsonb_array_elements_text(s.value) x WHERE NOT x::uuid = ANY (back)) c WHERE n > 0),
        'later', EXISTS (SELECT 1 FROM public.access_recordmerge l WHERE l.gone_id = m.survivor_id AND l.state = 'done'),
        'names', (SELECT jsonb_object_agg(u.id, u.given_name || ' ' || u.family_name) FROM public.access_user u
            WHERE u.id IN (m.proposed_by_id, m.decided_by_id, m.undone_by_id)),
        'proposed_by', m.proposed_by_id, 'decided_by', m.decided_by_id, 'undone_by', m.undone_by_id,
        'unit', (SELECT o.name FROM public.access_orgunit o WHERE o.id = m.unit_id));
END $$;

-- Two records again: every row that followed stands where it stood. {state: undone | later | busy | decided}; `later`: the surviving record has itself been
-- merged into another, which is taken apart first.
CREATE FUNCTION gate.merge_undo(p_merge uuid, p_reason text, request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.merging();
    m public.access_recordmerge;
    since uuid[];
    back uuid[];
    t record;
    was jsonb;
BEGIN
    SELECT x.* INTO m FROM public.access_recordmerge x WHERE x.id = p_merge FOR UPDATE;
    IF m.id IS NULL OR NOT gate.merge_mine(g, m) OR m.state <> 'done' OR btrim(p_reason) = '' THEN
        RETURN '{"state": "decided"}';
    END IF;
    IF EXISTS (SELECT 1 FROM public.access_recordmerge l WHERE l.gone_id = m.survivor_id AND l.state = 'done') THEN
        RETURN '{"state": "later"}';
    END IF;
    IF NOT gate.hold_alone(ARRAY[m.survivor_id, m.gone_id]) THEN
        RETURN '{"state": "busy"}';
    END IF;
    PERFORM 1 FROM public.access_patient p WHERE p.id IN (m.survivor_id, m.gone_id) ORDER BY p.id FOR UPDATE;
    UPDATE public.access_recordmerge SET state = 'moving' WHERE id = m.id;
    back := gate.merge_back(m);
    since := ARRAY(SELECT x::uuid FROM jsonb_each(gate.written_since(m.survivor_id, m.decided_at, m.id)) s, jsonb_array_elements_text(s.value) x);
    SET CONSTRAINTS ALL DEFERRED;
    FOR t IN SELECT * FROM gate.patient_columns() c WHERE c.decision = 'follows' LOOP
        PERFORM gate.rows_move(t.table_name, t.column_name, t.key_name, 'false', m.survivor_id, m.gone_id, back);
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    UPDATE public.access_patientidentity i SET valid_to = (x ->> 'valid_to')::date FROM jsonb_array_elements(m.kept -> 'identities') x WHERE i.id = (x ->> 'id')::uuid;
    FOR was IN SELECT * FROM jsonb_array_elements(m.kept -> 'blocks') LOOP
        PERFORM gate.block_mend(was, since, m);
    END LOOP;
    UPDATE public.journal_task SET cancelled_at = g.at, outcome = 'Sammenslåingen er opphevet', lock_version = lock_version + 1
    WHERE kind = 'merge' AND origin_id = m.id AND done_at IS NULL AND cancelled_at IS NULL;
    UPDATE public.access_recordmerge SET state = 'undone', undone_by_id = g.user_id, undone_at = g.at, undo_reason = btrim(p_reason) WHERE id = m.id;
    PERFORM gate.log_patients(g, 'merge_undo', 'record_merge', ARRAY[m.survivor_id, m.gone_id], btrim(p_reason), jsonb_build_object('merge', m.id));
    RETURN '{"state": "undone"}';
END $$;

-- A wide block that was cut is whole again, unless the patient has lifted it since. What was written in the meantime and now stands in the other record
-- stays under it, entry by entry.
CREATE FUNCTION gate.block_mend(was jsonb, p_since uuid[], m public.access_recordmerge) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stands uuid[] := ARRAY(SELECT x::uuid FROM jsonb_array_elements_text(was -> 'stands') x);
    home uuid := (was ->> 'patient')::uuid;
    away uuid := CASE WHEN home = m.survivor_id THEN m.gone_id ELSE m.survivor_id END;
    b public.access_accessblock;
    part public.access_accessblock;
    one uuid;
BEGIN
    SELECT x.* INTO b FROM public.access_accessblock x WHERE x.id = (was ->> 'id')::uuid;
    IF NOT EXISTS (SELECT 1 FROM public.access_accessblock x WHERE x.id = ANY (stands) AND (x.valid_to IS NULL OR x.valid_to > gate.clock())) THEN
        RETURN;
    END IF;
    FOR part IN SELECT x.* FROM public.access_accessblock x WHERE x.id = ANY (stands) AND x.scope <> 'entry' AND (x.valid_to IS NULL OR x.valid_to > gate.clock()) LOOP
        FOR one IN SELECT c.entry_id FROM gate.block_covers(part, away) c WHERE c.entry_id = ANY (p_since) LOOP
            PERFORM gate.block_copy(b, away, one, NULL, NULL);
        END LOOP;
    END LOOP;
    UPDATE public.access_accessblock SET valid_to = greatest(gate.clock(), valid_from) WHERE id = ANY (stands) AND (valid_to IS NULL OR valid_to > gate.clock());
    UPDATE public.access_accessblock SET valid_to = (was ->> 'valid_to')::timestamptz WHERE id = b.id;
END $$;

-- --- Questions about one record that go on over two. ---

-- A look-up in a record that has since been merged is judged by what was charted in the surviving one.
ALTER FUNCTION gate.charted(uuid[], timestamptz, timestamptz) RENAME TO charted_rows;
CREATE FUNCTION gate.charted(p_patients uuid[], p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    patient_id uuid, author_id uuid, entry_id uuid, kind text, document_type text, charted_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.access_recordmerge m WHERE m.state = 'done') THEN
        RETURN QUERY SELECT * FROM gate.charted_rows(p_patients, p_from, p_to);
        RETURN;
    END IF;
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT p AS id, CASE WHEN m.id IS NULL THEN p ELSE gate.surviving(p) END AS stands FROM unnest(p_patients) p
        LEFT JOIN public.access_recordmerge m ON m.gone_id = p AND m.state = 'done')
    SELECT a.id, c.author_id, c.entry_id, c.kind, c.document_type, c.charted_at
    FROM gate.charted_rows(ARRAY(SELECT DISTINCT x.stands FROM asked x), p_from, p_to) c JOIN asked a ON a.stands = c.patient_id;
END $$;

-- Who has read a note is known from the log of the record in which it stood when it was read.
CREATE OR REPLACE FUNCTION gate.tell_readers(p_patient uuid, p_note uuid, p_author uuid, p_what text, g gate.grant_t) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.journal_notenotice (id, user_id, patient_id, note_id, what, read_at, made_at)
    SELECT gen_random_uuid(), r.user_id, p_patient, p_note, p_what, max(r.at), g.at
    FROM (
        SELECT e.user_id, e.at FROM public.auditlog_entry e
        WHERE e.patient_id IN (SELECT l.patient_id FROM gate.lines_of(p_patient) l) AND e.outcome = 'shown' AND (e.objects_shown -> 'note') ? p_note::text
        UNION ALL SELECT p_author, NULL) r
    JOIN public.access_user u ON u.id = r.user_id
    WHERE r.user_id <> g.user_id GROUP BY r.user_id
$$;
DO $do$
BEGIN
    EXECUTE replace(pg_get_functiondef('gate.claim_read(uuid, jsonb)'::regprocedure), 'WHERE e.patient_id = n.patient_id AND',
        'WHERE e.patient_id IN (SELECT l.patient_id FROM gate.lines_of(n.patient_id) l) AND');
    EXECUTE replace(pg_get_functiondef('gate.export_copies(uuid)'::regprocedure), 'x.patient_id = p_patient',
        'x.patient_id IN (SELECT l.patient_id FROM gate.lines_of(p_patient) l)');
    -- One who has been merged into another has nothing left to hand over.
    EXECUTE replace(pg_get_functiondef('gate.list_export(public.access_recordexport, public.access_communitychange)'::regprocedure),
        'WHERE NOT EXISTS (SELECT 1 FROM public.access_exportrefusal',
        'WHERE NOT EXISTS (SELECT 1 FROM public.access_recordmerge o WHERE o.gone_id = p AND o.state = ''''done'''') AND NOT EXISTS (SELECT 1 FROM public.access_exportrefusal');
END $do$;

-- The stay of a row is its patient's: held at the end of the statement, and in a merge at the end of all its statements.
DO $do$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT f.conrelid::regclass AS owner, f.conname FROM pg_constraint f
        WHERE f.contype = 'f' AND f.confrelid = 'public.journal_stay'::regclass AND cardinality(f.conkey) = 2 AND NOT f.condeferrable
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY IMMEDIATE', one.owner, one.conname);
    END LOOP;
END $do$;
SELECT gate.guard_patient_tables();

GRANT EXECUTE ON FUNCTION
    gate.merge_ask(text, text, text), gate.merges(boolean, jsonb), gate.merge_read(uuid, jsonb), gate.records_merge(uuid, uuid, text, text[], jsonb),
    gate.merge_refuse(uuid, text), gate.merge_undo(uuid, text, jsonb) TO epj_app;
