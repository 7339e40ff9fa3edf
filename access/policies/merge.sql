-- One person, one record (R2): who a patient without number turned out to be, and the ground of merging two records. What is merged, and what speaks
-- against it, the apps above say (gate.patient_table, gate.merge_conflicts_…); deciding and doing it is the custodian's (journal/policies/merging.sql).

ALTER TABLE access_recordmerge ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_mergedrows ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_unknownidentity ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON access_unknownidentity TO epj_app;
CREATE POLICY unknown_disclosed ON access_unknownidentity FOR SELECT TO epj_app
    USING (patient_id = ANY ((SELECT (gate.current_grant()).subjects)::uuid[]));

-- Every column that names a patient, and what a merge does with it: `follows` to the surviving record, or `stays` with the one it was written
-- about. Entries of the record follow without being named. `unless`: rows (x) for which this holds stay behind, $1 being the surviving patient.
-- A column that is in neither stops every merge, so that a new table cannot be forgotten.
CREATE TABLE gate.patient_table (
    table_name text, column_name text NOT NULL DEFAULT 'patient_id', decision text NOT NULL CHECK (decision IN ('follows', 'stays')),
    unless text NOT NULL DEFAULT 'false', why text NOT NULL, PRIMARY KEY (table_name, column_name));
INSERT INTO gate.patient_table (table_name, column_name, decision, unless, why) VALUES
    ('access_patientidentity', 'patient_id', 'follows', 'false', 'A number of the person finds the record'),
    ('access_decidedmeasure', 'patient_id', 'follows', 'false', 'What was decided for the person'),
    ('access_accessblock', 'patient_id', 'follows', 'false', 'The wish of the person; a wide one is cut first'),
    ('access_blockregistration', 'patient_id', 'follows', 'false', 'The wish of the person'),
    ('access_blockopening', 'patient_id', 'follows', 'false', 'An opening is of an entry, and the entry follows'),
    ('access_emergencycase', 'patient_id', 'follows', 'false', 'Is ended at the patient'),
    ('access_recordlink', 'patient_id', 'follows', 'false', 'Leads to a page of the person'),
    ('access_exportrefusal', 'patient_id', 'follows',
        'EXISTS (SELECT 1 FROM public.access_exportrefusal y WHERE y.export_id = x.export_id AND y.patient_id = $1)', 'The wish of the person'),
    ('access_reviewcase', 'patient_id', 'stays', 'false', 'Control of look-ups in that record'),
    ('access_logfinding', 'patient_id', 'stays', 'false', 'Counted from lines of the log, which stay'),
    ('access_exportpatient', 'patient_id', 'stays', 'false', 'What a copy was made of'),
    ('access_unknownidentity', 'patient_id', 'stays', 'false', 'What was seen of the one without a number'),
    ('access_recordmerge', 'survivor_id', 'stays', 'false', 'The merge itself'),
    ('access_recordmerge', 'gone_id', 'stays', 'false', 'The merge itself');

-- All of them as the catalogue knows them; decision NULL: nobody has said. The log names patients too, is sealed, and stays.
CREATE FUNCTION gate.patient_columns() RETURNS TABLE (table_name text, column_name text, key_name text, decision text, unless text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entries text[] := gate.record_tables();
BEGIN
    RETURN QUERY
    SELECT c.relname::text, a.attname::text,
        (SELECT k.attname::text FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = i.indkey[0] WHERE i.indrelid = c.oid AND i.indisprimary),
        coalesce(p.decision, CASE WHEN c.relname = ANY (entries) AND a.attname = 'patient_id' THEN 'follows' END), coalesce(p.unless, 'false')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN gate.patient_table p ON p.table_name = c.relname AND p.column_name = a.attname
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT c.relispartition AND a.atttypid = 'uuid'::regtype AND (
        a.attname ~ 'patient_id$' OR EXISTS (
            SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.confrelid = 'public.access_patient'::regclass AND f.conkey = ARRAY[a.attnum]))
    ORDER BY 1, 2;
END $$;

-- The record that a patient's rows stand in now: the one it was merged into, and that one's, to the end.
CREATE FUNCTION gate.surviving(p_patient uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at uuid := p_patient;
    next uuid;
BEGIN
    FOR i IN 1 .. 50 LOOP
        SELECT m.survivor_id INTO next FROM public.access_recordmerge m WHERE m.gone_id = at AND m.state = 'done';
        EXIT WHEN next IS NULL;
        at := next;
        next := NULL;
    END LOOP;
    RETURN at;
END $$;

-- Where the lines of a patient's log stand, and for which time: its own, those of the records merged into it, and, while it was merged into another,
-- that one's: who read that then read this too.
CREATE FUNCTION gate.lines_of(p_patient uuid) RETURNS TABLE (patient_id uuid, since timestamptz, until timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE held AS (
        SELECT p_patient AS id
        UNION
        SELECT m.gone_id FROM held JOIN public.access_recordmerge m ON m.survivor_id = held.id AND m.state = 'done'
    ), held_by AS (
        SELECT m.survivor_id AS id, m.decided_at AS since, m.undone_at AS until FROM public.access_recordmerge m
        WHERE m.gone_id = p_patient AND m.state IN ('done', 'undone')
        UNION ALL
        SELECT m.survivor_id, greatest(m.decided_at, h.since), least(m.undone_at, h.until) FROM held_by h JOIN public.access_recordmerge m
            ON m.gone_id = h.id AND m.state IN ('done', 'undone') AND m.decided_at >= h.since AND (h.until IS NULL OR m.decided_at < h.until)
    )
    SELECT id, NULL::timestamptz, NULL::timestamptz FROM held
    UNION ALL
    SELECT id, since, until FROM held_by
$$;

-- The same for the log reviewer's page.
CREATE FUNCTION gate.log_of(p_patient uuid) RETURNS TABLE (patient_id uuid, since timestamptz, until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.reviewing();
    RETURN QUERY SELECT * FROM gate.lines_of(p_patient);
END $$;

-- A line in the log of each of these patients.
CREATE FUNCTION gate.log_patients(g gate.grant_t, p_action text, p_route text, p_patients uuid[], p_reason text, p_objects jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', p_action, 'route', p_route, 'purpose', g.purpose));
BEGIN
    entry.reason := p_reason;
    entry.objects_shown := p_objects;
    FOR entry.patient_id, entry.patient_name IN
        SELECT p.id, p.given_name || ' ' || p.family_name FROM public.access_patient p WHERE p.id = ANY (p_patients) ORDER BY p.id
    LOOP
        PERFORM auditlog.write(entry);
    END LOOP;
END $$;

-- --- Nobody reads or writes a record while it is being merged. A request holds the records it opens, shared; a merge holds both alone. ---

-- gate.enter for a request about patients: it waits for a merge of theirs that is under way, and no merge begins before the request is over.
CREATE FUNCTION gate.enter_held(secret text, wanted int, patients uuid[], request jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(patients) > 0 THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('record|' || p, 0)) FROM unnest(patients) p;
    END IF;
    RETURN gate.enter(secret, wanted, patients, request);
END $$;

-- Owner's functions only. It never waits while it holds one of them, so two that wait cannot lock each other. False when they were in use for ten seconds.
CREATE FUNCTION gate.hold_alone(p_patients uuid[]) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    FOR i IN 1 .. 100 LOOP
        BEGIN
            IF (SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended('record|' || p, 0))) FROM unnest(p_patients) p) THEN
                RETURN true;
            END IF;
            RAISE lock_not_available;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RETURN false;
END $$;

-- What is written without a request (a message that comes in) is caught here: a row on a record that has been merged away is an error of its own
-- kind, and whoever tries again finds the surviving one. The lock makes a merge wait for those who have written and not committed.
CREATE FUNCTION gate.patient_is_live() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named uuid[];
BEGIN
    -- Nearly every table calls it so, and its plan is kept.
    IF TG_ARGV[0] = 'patient_id' THEN
        SELECT array_agg(DISTINCT a.patient_id) INTO named FROM added a WHERE a.patient_id IS NOT NULL;
    ELSE
        EXECUTE format('SELECT array_agg(DISTINCT a.%1$I) FROM added a WHERE a.%1$I IS NOT NULL', TG_ARGV[0]) INTO named;
    END IF;
    IF named IS NOT NULL THEN
        PERFORM gate.check_live(named);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION gate.check_live(p_patients uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM public.access_patient p WHERE p.id = ANY (p_patients) ORDER BY p.id FOR KEY SHARE;
    IF EXISTS (SELECT 1 FROM public.access_recordmerge m WHERE m.gone_id = ANY (p_patients) AND m.state = 'done') THEN
        RAISE EXCEPTION 'this record has been merged into another' USING ERRCODE = 'EPM01';
    END IF;
END $$;

-- Whose a row is changes by a merge alone, and nothing else changes with it; so what keeps signed text as it is may look away from that.
CREATE FUNCTION gate.patient_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before uuid := (to_jsonb(OLD) ->> TG_ARGV[0])::uuid;
    after uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
    IF before IS NULL THEN
        PERFORM gate.check_live(ARRAY[after]);
    ELSIF to_jsonb(OLD) - TG_ARGV[0] <> to_jsonb(NEW) - TG_ARGV[0] OR NOT EXISTS (
        SELECT 1 FROM public.access_recordmerge m
        WHERE m.state = 'moving' AND (m.gone_id, m.survivor_id) IN ((before, after), (after, before)))
    THEN
        RAISE EXCEPTION 'whose a row is changes by a merge alone' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

-- Puts both guards on every column that follows a merge, and lets the triggers before an update that keep a row as it is pass over a change of
-- patient. Does nothing twice. A migration that makes a table with a patient ends with it (journal.policies.outline_adds does).
CREATE FUNCTION gate.guard_patient_tables() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t record;
    k record;
BEGIN
    FOR t IN SELECT * FROM gate.patient_columns() c WHERE c.decision = 'follows' LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = ('public.' || t.table_name)::regclass AND g.tgname = t.column_name || '_kept') THEN
            EXECUTE format('CREATE TRIGGER %1$I AFTER INSERT ON public.%2$I REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION gate.patient_is_live(%3$L)',
                t.column_name || '_is_live', t.table_name, t.column_name);
            EXECUTE format('CREATE TRIGGER %1$I AFTER UPDATE ON public.%2$I FOR EACH ROW WHEN (NEW.%3$I IS DISTINCT FROM OLD.%3$I) EXECUTE FUNCTION gate.patient_kept(%3$L)',
                t.column_name || '_kept', t.table_name, t.column_name);
        END IF;
        FOR k IN SELECT g.tgname, g.tgtype, pg_get_triggerdef(g.oid) AS def FROM pg_trigger g JOIN pg_proc f ON f.oid = g.tgfoid
            WHERE f.proname <> 'own_name' AND g.tgrelid = ('public.' || t.table_name)::regclass AND NOT g.tgisinternal AND g.tgqual IS NULL
                AND g.tgtype & 1 = 1 AND g.tgtype & 2 = 2 AND g.tgtype & 16 = 16
        LOOP
            EXECUTE format('DROP TRIGGER %I ON public.%I', k.tgname, t.table_name);
            -- A condition cannot name both rows of an insert or a removal, so the trigger of an update is parted from those.
            IF k.tgtype & 12 <> 0 THEN
                EXECUTE regexp_replace(k.def, ' BEFORE .*? ON public\.', format(' BEFORE %s ON public.',
                    concat_ws(' OR ', CASE WHEN k.tgtype & 4 <> 0 THEN 'INSERT' END, CASE WHEN k.tgtype & 8 <> 0 THEN 'DELETE' END)));
            END IF;
            EXECUTE replace(replace(regexp_replace(k.def, ' BEFORE .*?(UPDATE(?: OF [^ ]+(?:, [^ ]+)*)?).*? ON public\.', ' BEFORE \1 ON public.'),
                'FOR EACH ROW', format('FOR EACH ROW WHEN (OLD.%1$I IS NULL OR NEW.%1$I = OLD.%1$I)', t.column_name)),
                'CREATE TRIGGER ' || k.tgname, 'CREATE OR REPLACE TRIGGER ' || k.tgname || CASE WHEN k.tgtype & 12 <> 0 THEN '_changed' ELSE '' END);
        END LOOP;
    END LOOP;
END $$;

-- Where a request that was refused belongs: the surviving record, if the acting person may open that one; else NULL, as for a record that never was.
CREATE FUNCTION gate.merged_to(secret text, p_patient uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.actor_of(gate.session_of(secret));
    target uuid := gate.surviving(p_patient);
BEGIN
    IF target = p_patient OR g.user_id IS NULL OR NOT gate.opens_record(g, target) THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT jsonb_build_object('patient', target, 'at', m.decided_at) FROM public.access_recordmerge m WHERE m.gone_id = p_patient AND m.state = 'done');
END $$;

-- --- A patient whose number nobody knows. ---

CREATE SEQUENCE gate.temporary_serial;

-- The scheme of access.domain.temporary.
CREATE FUNCTION gate.temporary_number() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    seven text;
    digit int;
BEGIN
    LOOP
        seven := to_char(gate.clock() AT TIME ZONE 'Europe/Oslo', 'YY') || lpad((nextval('gate.temporary_serial') % 100000)::text, 5, '0');
        digit := (11 - (SELECT sum(substr(seven, i, 1)::int * (ARRAY[2, 7, 6, 5, 4, 3, 2])[i]) FROM generate_series(1, 7) i) % 11) % 11;
        IF digit < 10 AND NOT EXISTS (SELECT 1 FROM public.access_patientidentity x WHERE x.value = 'U' || seven || digit) THEN
            RETURN 'U' || seven || digit;
        END IF;
    END LOOP;
END $$;

-- A person without a number comes: registered with what can be seen, and with a temporary number. seen: {age_from?, age_to?, marks?, found?}.
DROP FUNCTION gate.register_unknown_arrival(text, text, text, date, text, text, text);
CREATE FUNCTION gate.register_unknown_arrival(
    p_family_name text, p_given_name text, p_name_fold text, p_birth_date date, p_sex text, p_caller text, p_reason text, seen jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    patient uuid := gen_random_uuid();
    made text := gate.temporary_number();
BEGIN
    IF btrim(p_family_name) = '' OR btrim(p_caller) = '' OR btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'an arrival needs a name, a caller and a reason' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_patient (id, family_name, given_name, birth_date, sex, municipality_number, address,
        protected_address, phone, general_practitioner, registered_at, name_fold)
    VALUES (patient, p_family_name, p_given_name, p_birth_date, p_sex, '', '', false, '', '', gate.clock(), p_name_fold);
    INSERT INTO public.access_patientidentity (id, patient_id, kind, value, valid_from)
    VALUES (gen_random_uuid(), patient, 'TMP', made, (g.at AT TIME ZONE 'Europe/Oslo')::date);
    INSERT INTO public.access_unknownidentity (patient_id, number, age_from, age_to, marks, found, registered_by_id, registered_at, basis, before)
    VALUES (patient, made, (seen ->> 'age_from')::smallint, (seen ->> 'age_to')::smallint, coalesce(seen ->> 'marks', ''), coalesce(seen ->> 'found', ''),
        g.user_id, g.at, '', '{}');
    PERFORM gate.open_measure(g, 'NOTIFIED', patient, g.unit_id, NULL, g.at, gate.setting('arrival_hours'),
        p_reason, p_caller, 'arrival', NULL, NULL, NULL, NULL, NULL);
    RETURN patient;
END $$;

-- Whoever may chart on the patient, with the record open. Owner's functions only.
CREATE FUNCTION gate.identifying(p_patient uuid) RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT (g.may_chart AND p_patient = ANY (g.subjects) AND EXISTS (
        SELECT 1 FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ARRAY[p_patient]) r WHERE r.actions & 4 <> 0))
    THEN
        RAISE EXCEPTION 'this record is not open for charting' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- A human says whose number it is. {state}: `known` – nobody had it, it is this patient's now and the temporary one is history; `proposed` – another
-- record has it, and merging is proposed (logged on both); `same`; `numbered` – the patient has a birth number already; `unknown` – the population
-- register does not know it, and no name was typed. person: {family_name, given_name, name_fold, birth_date?, sex}.
CREATE FUNCTION gate.identify(p_patient uuid, p_number text, p_kind text, person jsonb, p_basis text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.identifying(p_patient);
    today date := (g.at AT TIME ZONE 'Europe/Oslo')::date;
    holder uuid;
    known public.access_registerperson;
    former public.access_patient;
    made uuid := gen_random_uuid();
BEGIN
    IF btrim(p_basis) = '' OR p_kind NOT IN ('FNR', 'DNR', 'FHN', 'DUF') THEN
        RAISE EXCEPTION 'a number needs its kind, and how it is known' USING ERRCODE = 'check_violation';
    END IF;
    SELECT p.* INTO former FROM public.access_patient p WHERE p.id = p_patient FOR NO KEY UPDATE;
    SELECT i.patient_id INTO holder FROM public.access_patientidentity i WHERE i.value = p_number LIMIT 1;
    IF holder = p_patient THEN
        RETURN '{"state": "same"}';
    END IF;
    IF EXISTS (SELECT 1 FROM public.access_patientidentity i WHERE i.patient_id = p_patient AND i.kind = 'FNR' AND i.valid_to IS NULL) THEN
        RETURN '{"state": "numbered"}';
    END IF;
    IF holder IS NOT NULL THEN
        RETURN jsonb_build_object('state', 'proposed', 'merge', gate.merge_propose(g, holder, p_patient, p_basis));
    END IF;
    SELECT r.* INTO known FROM public.access_registerperson r WHERE r.number = p_number;
    IF known.number IS NULL AND coalesce(btrim(person ->> 'family_name'), '') = '' THEN
        RETURN '{"state": "unknown"}';
    END IF;
    UPDATE public.access_unknownidentity SET identified_by_id = g.user_id, identified_at = g.at, basis = btrim(p_basis), before = jsonb_build_object(
        'identity', made, 'family_name', former.family_name, 'given_name', former.given_name, 'name_fold', former.name_fold,
        'birth_date', former.birth_date, 'sex', former.sex, 'municipality_number', former.municipality_number, 'address', former.address,
        'protected_address', former.protected_address, 'deceased_at', former.deceased_at) WHERE patient_id = p_patient;
    UPDATE public.access_patientidentity SET valid_to = today WHERE patient_id = p_patient AND valid_to IS NULL;
    INSERT INTO public.access_patientidentity (id, patient_id, kind, value, valid_from) VALUES (made, p_patient, coalesce(known.kind, p_kind), p_number, today);
    UPDATE public.access_patient SET
        family_name = coalesce(known.family_name, btrim(person ->> 'family_name')), given_name = coalesce(known.given_name, btrim(person ->> 'given_name'), ''),
        name_fold = coalesce(known.name_fold, person ->> 'name_fold'), birth_date = coalesce(known.birth_date, (person ->> 'birth_date')::date, birth_date),
        sex = coalesce(known.sex, nullif(person ->> 'sex', ''), sex), deceased_at = coalesce(deceased_at, known.deceased_at),
        municipality_number = coalesce(known.municipality_number, municipality_number), protected_address = coalesce(known.protected_address, protected_address),
        address = CASE WHEN known.protected_address THEN '' ELSE coalesce(known.address, address) END
    WHERE id = p_patient;
    PERFORM gate.log_patients(g, 'identify', 'identify', ARRAY[p_patient], btrim(p_basis), NULL);
    RETURN '{"state": "known"}';
END $$;

-- It was somebody else after all: the number and the name go off again, and the temporary number counts. False where there is nothing to take off.
CREATE FUNCTION gate.identity_withdraw(p_patient uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.identifying(p_patient);
    u public.access_unknownidentity;
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'it needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    SELECT x.* INTO u FROM public.access_unknownidentity x WHERE x.patient_id = p_patient AND x.identified_at IS NOT NULL FOR UPDATE;
    -- Another record may have been merged into this one on the strength of that number: that is taken apart first.
    IF u.patient_id IS NULL OR EXISTS (SELECT 1 FROM public.access_recordmerge m WHERE m.survivor_id = p_patient AND m.state = 'done') THEN
        RETURN false;
    END IF;
    DELETE FROM public.access_patientidentity WHERE id = (u.before ->> 'identity')::uuid;
    UPDATE public.access_patientidentity SET valid_to = NULL WHERE patient_id = p_patient AND value = u.number;
    UPDATE public.access_patient SET family_name = u.before ->> 'family_name', given_name = u.before ->> 'given_name', name_fold = u.before ->> 'name_fold',
        birth_date = (u.before ->> 'birth_date')::date, sex = u.before ->> 'sex', municipality_number = u.before ->> 'municipality_number', deceased_at = (u.before ->> 'deceased_at')::timestamptz,
        address = u.before ->> 'address', protected_address = (u.before ->> 'protected_address')::boolean WHERE id = p_patient;
    UPDATE public.access_unknownidentity SET identified_by_id = NULL, identified_at = NULL, basis = '', before = '{}' WHERE patient_id = p_patient;
    PERFORM gate.log_patients(g, 'identity_withdraw', 'identify', ARRAY[p_patient], btrim(p_reason), NULL);
    RETURN true;
END $$;

-- Somebody thinks that two records are one person's. The same pair waits once. Owner's functions only.
CREATE FUNCTION gate.merge_propose(g gate.grant_t, p_survivor uuid, p_gone uuid, p_reason text) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made uuid;
BEGIN
    PERFORM 1 FROM public.access_patient p WHERE p.id IN (p_survivor, p_gone) ORDER BY p.id FOR NO KEY UPDATE;
    SELECT m.id INTO made FROM public.access_recordmerge m
    WHERE m.state = 'proposed' AND (m.survivor_id, m.gone_id) IN ((p_survivor, p_gone), (p_gone, p_survivor));
    IF made IS NULL THEN
        made := gen_random_uuid();
        INSERT INTO public.access_recordmerge (id, survivor_id, gone_id, state, unit_id, proposed_by_id, proposed_at, proposal, reason, kept, undo_reason)
        VALUES (made, p_survivor, p_gone, 'proposed', g.unit_id, g.user_id, g.at, btrim(p_reason), '', '{}', '');
    END IF;
    PERFORM gate.log_patients(g, 'merge_propose', 'identify', ARRAY[p_survivor, p_gone], btrim(p_reason), jsonb_build_object('merge', made));
    RETURN made;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.log_of(uuid), gate.enter_held(text, int, uuid[], jsonb), gate.merged_to(text, uuid),
    gate.register_unknown_arrival(text, text, text, date, text, text, text, jsonb),
    gate.identify(uuid, text, text, jsonb, text), gate.identity_withdraw(uuid, text) TO epj_app;
