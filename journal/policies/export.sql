-- The copy of the records that one who leaves takes along: by patient, in slices that the worker asks for. Works only on an export that the
-- custodian has released; each patient is one row in the log. Rows are given as they are stored, so that they can be compared one by one.

-- Tables of the record in an order that their references allow. From the catalogue: a new table goes along from the day it stands.
-- What a guest was shown stands in the log; the row that let it be shown hangs on a role of this installation.
CREATE FUNCTION gate.record_tables() RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(c.relname::text ORDER BY c.relname <> 'journal_stay', c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname ~ '^(journal|messaging|telemed)_' AND c.relname <> 'telemed_shareditem' AND (
        SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
            AND a.attname IN ('patient_id', 'legal_entity_id', 'event_at', 'recorded_at')) = 4
$$;

-- Whether a block keeps this entry, which another has charted, from the leaver: one against the leaver itself, or against all but others.
CREATE FUNCTION gate.withheld(
    p_entity uuid, p_units uuid[], t timestamptz, p_patient uuid, p_category int, p_document_type text, p_stay uuid, p_entry uuid, p_origin uuid,
    p_event_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM gate.blocks_for(NULL, NULL, NULL, p_entity, t, ARRAY[p_patient]) b
        WHERE b.target IN ('everyone', 'legal_entity')
            AND NOT EXISTS (SELECT 1 FROM public.access_blockexception x WHERE x.block_id = b.id AND x.unit_id = ANY (p_units))
            AND CASE b.scope
                WHEN 'record' THEN p_category <> 3
                WHEN 'stay' THEN p_category <> 3 AND b.stay_id = p_stay
                WHEN 'category' THEN b.category = p_category
                WHEN 'document_type' THEN b.document_type = p_document_type
                WHEN 'entry' THEN b.entry_id = p_entry OR (p_category <> 3 AND b.entry_id = p_origin)
                ELSE true
            END
            AND (b.entries_from IS NULL OR p_event_at >= b.entries_from)
            AND (b.entries_to IS NULL OR p_event_at < b.entries_to))
$$;

-- The next export to work on, taken for ten minutes, or NULL. On the first time its patients are listed.
CREATE FUNCTION gate.export_take() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    r public.access_recordexport;
    c public.access_communitychange;
    entity public.access_legalentity;
BEGIN
    SELECT x.* INTO r FROM public.access_recordexport x
    WHERE x.state = 'released' OR x.state = 'running' AND x.lease_until < gate.clock()
    ORDER BY x.released_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF r.id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT x.* INTO c FROM public.access_communitychange x WHERE x.id = r.change_id;
    SELECT x.* INTO entity FROM public.access_legalentity x WHERE x.id = c.legal_entity_id;
    IF NOT EXISTS (SELECT 1 FROM public.access_exportpatient n WHERE n.export_id = r.id) THEN
        PERFORM gate.list_export(r, c);
    END IF;
    UPDATE public.access_recordexport SET state = 'running', lease_until = gate.clock() + interval '10 minutes' WHERE id = r.id;
    RETURN jsonb_build_object('id', r.id, 'rule', r.rule, 'certificate', r.certificate, 'effective_at', c.effective_at, 'closes_at', c.closes_at, 'released_at', r.released_at,
        'entity', jsonb_build_object('id', entity.id, 'name', entity.name, 'org_number', entity.org_number,
            'municipality_number', entity.municipality_number),
        'next_file', (SELECT coalesce(max(n.file), 0) + 1 FROM public.access_exportpatient n WHERE n.export_id = r.id));
END $$;

CREATE FUNCTION gate.list_export(r public.access_recordexport, c public.access_communitychange) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own uuid[] := gate.answers_for(c.legal_entity_id, c.closes_at);
    t text;
    charted text := (SELECT string_agg(format('SELECT x.patient_id FROM public.%I x WHERE x.legal_entity_id = ANY ($1)', name), ' UNION ')
        FROM unnest(gate.record_tables()) name);
BEGIN
    EXECUTE format(
        'INSERT INTO public.access_exportpatient (export_id, patient_id) SELECT $2, p FROM (%s UNION
            SELECT y.id FROM public.access_patient y WHERE $3 = ''residents'' AND y.municipality_number = ANY ($4)) found (p)
        WHERE NOT EXISTS (SELECT 1 FROM public.access_exportrefusal f WHERE f.export_id = $2 AND f.patient_id = p)', charted)
    USING own, r.id, r.rule, gate.numbers_of(c.legal_entity_id, c.closes_at);
END $$;

-- What hangs on entries and is no entry itself, for the apps that have such: {table: [row …]}. They replace this.
CREATE FUNCTION gate.export_attached(p_ids uuid[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT '{}'::jsonb $$;

-- One patient as stored: {patient, identities, measures, blocks, entries: {table: [row …]}, attached: {table: [row …]}, outside: {row: {column: id}}, withheld: int}.
-- A reference to a row that stays behind is emptied and kept under `outside`.
CREATE FUNCTION gate.export_patient(p_patient uuid, p_rule text, p_entity uuid, p_left timestamptz, p_closed timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    own uuid[] := gate.answers_for(p_entity, p_closed);
    units uuid[] := gate.units_of(p_entity, p_closed);
    whole boolean := p_rule = 'residents' AND EXISTS (SELECT 1 FROM public.access_patient p
        WHERE p.id = p_patient AND p.municipality_number = ANY (gate.numbers_of(p_entity, p_closed)));
    ids uuid[] := '{}';
    entries jsonb := '{}';
    outside jsonb := '{}';
    kept_back int := 0;
    name text;
    reference text;
    line record;
    found jsonb;
BEGIN
    FOREACH name IN ARRAY gate.record_tables() LOOP
        found := '[]';
        FOR line IN EXECUTE format('SELECT to_jsonb(x) AS r FROM public.%I x WHERE x.patient_id = $1 ORDER BY x.recorded_at, x.id', name) USING p_patient LOOP
            IF name = 'journal_noteversion' THEN
                CONTINUE WHEN NOT (line.r ->> 'note_id')::uuid = ANY (ids);
            ELSIF NOT (line.r ->> 'legal_entity_id')::uuid = ANY (own) THEN
                CONTINUE WHEN NOT whole OR (line.r ->> 'recorded_at')::timestamptz >= p_left OR line.r ->> 'state' = 'DRAFT';
                IF gate.withheld(p_entity, units, p_left, p_patient, (line.r ->> 'category')::int, line.r ->> 'document_type_id',
                    CASE WHEN name = 'journal_stay' THEN (line.r ->> 'id')::uuid ELSE (line.r ->> 'stay_id')::uuid END,
                    (line.r ->> 'id')::uuid, (line.r ->> 'origin_id')::uuid, (line.r ->> 'event_at')::timestamptz)
                THEN
                    kept_back := kept_back + 1;
                    CONTINUE;
                END IF;
            END IF;
            FOREACH reference IN ARRAY ARRAY['stay_id', 'note_id', 'decision_id'] LOOP
                IF line.r ->> reference IS NOT NULL AND NOT (line.r ->> reference)::uuid = ANY (ids) THEN
                    outside := jsonb_set(outside, ARRAY[line.r ->> 'id'], coalesce(outside -> (line.r ->> 'id'), '{}') || jsonb_build_object(reference, line.r -> reference));
                    line.r := line.r || jsonb_build_object(reference, NULL);
                END IF;
            END LOOP;
            -- What took its place may have come later, or stay behind.
            IF line.r ->> 'superseded_by_id' IS NOT NULL THEN
                outside := jsonb_set(outside, ARRAY[line.r ->> 'id'], coalesce(outside -> (line.r ->> 'id'), '{}') || jsonb_build_object('superseded_by_id', line.r -> 'superseded_by_id'));
                line.r := line.r || '{"superseded_by_id": null}';
            END IF;
            ids := ids || (line.r ->> 'id')::uuid;
            -- A file's bytes go along as a file (gate.export_content): those of one patient would burst what a value can hold.
            found := found || CASE WHEN name = 'journal_attachment' THEN line.r - 'content' ELSE line.r END;
        END LOOP;
        entries := entries || jsonb_build_object(name, found);
    END LOOP;
    SELECT coalesce(jsonb_agg(CASE WHEN n ->> 'corrects_id' IS NULL OR (n ->> 'corrects_id')::uuid = ANY (ids) THEN n ELSE n || '{"corrects_id": null}' END), '[]'),
        outside || coalesce(jsonb_object_agg(n ->> 'id', coalesce(outside -> (n ->> 'id'), '{}') || jsonb_build_object('corrects_id', n -> 'corrects_id'))
            FILTER (WHERE NOT (n ->> 'corrects_id')::uuid = ANY (ids)), '{}')
    INTO found, outside FROM jsonb_array_elements(entries -> 'journal_note') n;
    RETURN jsonb_build_object(
        'patient', (SELECT to_jsonb(p) - 'sort_name' FROM public.access_patient p WHERE p.id = p_patient),
        'identities', (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.id), '[]') FROM public.access_patientidentity i WHERE i.patient_id = p_patient),
        'measures', (SELECT coalesce(jsonb_agg(to_jsonb(m) - 'template_id' - 'case_id' || jsonb_build_object('template', t.code) ORDER BY m.starts_at, m.id), '[]')
            FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
            WHERE m.patient_id = p_patient AND (whole OR m.unit_id = ANY (units))),
        'blocks', (SELECT coalesce(jsonb_agg(to_jsonb(b) || jsonb_build_object(
                'role', (SELECT r.code FROM public.access_roletemplate r WHERE b.target = 'role' AND r.id = b.target_id),
                'exceptions', (SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.id), '[]') FROM public.access_blockexception x WHERE x.block_id = b.id))
                ORDER BY b.registered_at, b.id), '[]')
            FROM public.access_accessblock b WHERE b.patient_id = p_patient),
        'entries', entries || jsonb_build_object('journal_note', found), 'attached', gate.export_attached(ids), 'outside', outside, 'withheld', kept_back);
END $$;

-- The bytes of a file that goes along, while the page of its patient is being written; NULL for one that stays behind.
CREATE FUNCTION gate.export_content(p_export uuid, p_attachment uuid) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c public.access_communitychange;
    f record;
BEGIN
    SELECT x.* INTO c FROM public.access_recordexport r JOIN public.access_communitychange x ON x.id = r.change_id
    WHERE r.id = p_export AND r.state = 'running' AND r.lease_until > gate.clock();
    IF c.id IS NULL THEN
        RAISE EXCEPTION 'this export is not being written' USING ERRCODE = 'check_violation';
    END IF;
    SELECT a.patient_id, a.category, a.document_type_id, a.stay_id, a.id, a.origin_id, a.legal_entity_id, a.event_at, a.content INTO f
    FROM public.journal_attachment a JOIN public.access_exportpatient n ON n.patient_id = a.patient_id AND n.export_id = p_export AND n.file IS NULL
    WHERE a.id = p_attachment;
    RETURN CASE WHEN f.legal_entity_id = ANY (gate.answers_for(c.legal_entity_id, c.closes_at))
        OR NOT gate.withheld(c.legal_entity_id, gate.units_of(c.legal_entity_id, c.closes_at), c.effective_at, f.patient_id, f.category, f.document_type_id,
            f.stay_id, f.id, f.origin_id, f.event_at) THEN f.content END;
END $$;

-- The next patients of an export that this worker holds, one row in the log each. None left: an empty list.
CREATE FUNCTION gate.export_page(p_export uuid, p_count int) RETURNS TABLE (patient_id uuid, line jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    r public.access_recordexport;
    c public.access_communitychange;
    g gate.grant_t;
    entry public.auditlog_entry;
    entries public.auditlog_entry[] := '{}';
BEGIN
    SELECT x.* INTO STRICT r FROM public.access_recordexport x
    WHERE x.id = p_export AND x.state = 'running' AND x.lease_until > gate.clock() FOR UPDATE;
    UPDATE public.access_recordexport SET lease_until = gate.clock() + interval '10 minutes' WHERE id = r.id;
    SELECT x.* INTO c FROM public.access_communitychange x WHERE x.id = r.change_id;
    SELECT a.role_id, a.unit_id, o.legal_entity_id INTO g.role_id, g.unit_id, g.entity_id
    FROM public.access_accessauthorisation a JOIN public.access_orgunit o ON o.id = a.unit_id WHERE a.id = r.released_as_id;
    g.user_id := r.released_by_id;
    g.request_id := gen_random_uuid();
    entry := gate.log_row(g, '{"action": "export", "route": "record_export", "purpose": "exit"}');
    entry.reason := c.reason;
    FOR patient_id, line, entry.patient_name IN
        SELECT n.patient_id, gate.export_patient(n.patient_id, r.rule, c.legal_entity_id, c.effective_at, c.closes_at),
            p.given_name || ' ' || p.family_name
        FROM public.access_exportpatient n JOIN public.access_patient p ON p.id = n.patient_id
        WHERE n.export_id = r.id AND n.file IS NULL ORDER BY n.patient_id LIMIT least(p_count, 500)
    LOOP
        entry.patient_id := patient_id;
        entry.objects_shown := jsonb_build_object('export', r.id);
        entries := entries || entry;
        RETURN NEXT;
    END LOOP;
    PERFORM auditlog.write(VARIADIC entries);
END $$;

-- A file is on the disk: its patients are done.
CREATE FUNCTION gate.export_written(p_export uuid, p_file int, p_patients uuid[], p_entries int, p_withheld int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.access_recordexport SET entries_done = entries_done + p_entries, withheld = withheld + p_withheld
    WHERE id = p_export AND state = 'running';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this export is not being written' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.access_exportpatient n SET file = p_file WHERE n.export_id = p_export AND n.patient_id = ANY (p_patients) AND n.file IS NULL;
END $$;

-- What the rows refer to: entities, and these units, people and beds. Nothing of how people log in.
CREATE FUNCTION gate.export_organisation(p_export uuid, p_units uuid[], p_users uuid[], p_beds uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.access_recordexport x WHERE x.id = p_export AND x.state = 'running') THEN
        RAISE EXCEPTION 'this export is not being written' USING ERRCODE = 'check_violation';
    END IF;
    RETURN jsonb_build_object(
        'access_legalentity', (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.id) FROM public.access_legalentity e),
        'access_orgunit', (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.id), '[]') FROM public.access_orgunit u WHERE u.id = ANY (p_units)),
        'access_user', (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.id), '[]') FROM public.access_user u WHERE u.id = ANY (p_users)),
        'access_licence', (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.id), '[]') FROM public.access_licence l WHERE l.user_id = ANY (p_users)),
        'journal_bed', (SELECT coalesce(jsonb_agg(to_jsonb(b) ORDER BY b.id), '[]') FROM public.journal_bed b WHERE b.id = ANY (p_beds)),
        'access_infocategory', (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.code) FROM public.access_infocategory i),
        'access_documenttype', (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.code) FROM public.access_documenttype d),
        'access_servicetype', (SELECT jsonb_agg(to_jsonb(s) - 'template_id' || jsonb_build_object('template', t.code) ORDER BY s.code)
            FROM public.access_servicetype s LEFT JOIN public.access_measuretemplate t ON t.id = s.template_id));
END $$;

-- Done, with the checksum of the manifest; or stopped by a fault, which the custodian may release again.
CREATE FUNCTION gate.export_end(p_export uuid, p_manifest text, p_error text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.access_recordexport SET state = CASE WHEN p_error = '' THEN 'done' ELSE 'failed' END, manifest_sha256 = p_manifest,
        error = p_error, finished_at = gate.clock(), lease_until = NULL WHERE id = p_export AND state = 'running'
$$;

-- A slice is over and more is left: the next worker may go on at once.
CREATE FUNCTION gate.export_pause(p_export uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.access_recordexport SET lease_until = gate.clock() - interval '1 second' WHERE id = p_export AND state = 'running'
$$;

GRANT EXECUTE ON FUNCTION
    gate.export_take(), gate.export_page(uuid, int), gate.export_content(uuid, uuid), gate.export_written(uuid, int, uuid[], int, int),
    gate.export_organisation(uuid, uuid[], uuid[], uuid[]), gate.export_end(uuid, text, text), gate.export_pause(uuid) TO epj_app;
