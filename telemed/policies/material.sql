-- What one from outside is shown of the record, entry by entry: in a session while it lasts, and with a question until it is answered. Each look asks
-- the rule again as the one who showed it, so a block, or that person's lost access, takes an entry away at once. Each look is a line in the log.

-- Puts an entry of the patient's before the guests of the booking. Whoever does it must be allowed to send that very entry.
CREATE OR REPLACE FUNCTION gate.session_share(p_part uuid, p_entry uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    part public.telemed_bookingpatient;
    e record;
    made uuid := gen_random_uuid();
    entry public.auditlog_entry;
BEGIN
    SELECT x.* INTO part FROM public.telemed_bookingpatient x WHERE x.id = p_part AND x.patient_id = ANY (g.subjects);
    SELECT x.* INTO e FROM gate.entries_of(part.patient_id) x
    WHERE x.entry_id = p_entry AND x.kind IN ('note', 'vitalset', 'observation', 'medication', 'criticalinfo', 'diagnosis', 'wound', 'attachment');
    IF part.id IS NULL OR e.entry_id IS NULL OR NOT gate.booking_writable(part.booking_id)
        OR NOT EXISTS (SELECT 1 FROM public.telemed_booking b WHERE b.id = part.booking_id AND b.status NOT IN ('cancelled', 'held'))
        OR NOT gate.allows(32, part.patient_id, e.category, e.document_type, e.stay_id, e.entry_id, e.origin_id, e.unit_id, e.entity_id, e.event_at)
    THEN
        RAISE EXCEPTION 'may not be shown from here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.telemed_shareditem (id, booking_id, kind, authorisation_id, patient_id, category, document_type_id, stay_id, unit_id, legal_entity_id,
        author_id, origin_id, event_at, recorded_at)
    SELECT made, part.booking_id, e.kind, g.authorisation_id, part.patient_id, e.category, e.document_type, e.stay_id, g.unit_id, g.entity_id, g.user_id,
        e.entry_id, e.event_at, g.at
    WHERE NOT EXISTS (
        SELECT 1 FROM public.telemed_shareditem s WHERE s.booking_id = part.booking_id AND s.origin_id = e.entry_id AND s.ended_at IS NULL);
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    entry := gate.log_row(g, jsonb_build_object('action', 'session_share', 'route', 'video_share'));
    entry.patient_id := part.patient_id;
    SELECT p.given_name || ' ' || p.family_name INTO entry.patient_name FROM public.access_patient p WHERE p.id = part.patient_id;
    entry.objects_shown := jsonb_build_object(e.kind, jsonb_build_array(e.entry_id));
    entry.categories := ARRAY[e.category];
    PERFORM auditlog.write(entry);
    RETURN made;
END $$;

-- Where a wound is and of which kind, in codes.
CREATE OR REPLACE FUNCTION gate.wound_for_guest(w public.journal_wound) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('site', w.site, 'kind', w.kind, 'pressure_category', w.pressure_category, 'since', w.since, 'description', w.description)
$$;

-- One entry as a guest reads it: never more than this. No name, no number.
CREATE OR REPLACE FUNCTION gate.shown_to_guest(p_kind text, p_entry uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE p_kind
        WHEN 'note' THEN (
            SELECT jsonb_build_object('title', n.title, 'at', n.event_at, 'by', u.given_name || ' ' || u.family_name, 'sections', (
                SELECT coalesce(jsonb_agg(jsonb_build_object('label', s.value ->> 'label', 'text', n.content ->> (s.value ->> 'key')) ORDER BY s.ordinality)
                    FILTER (WHERE coalesce(n.content ->> (s.value ->> 'key'), '') <> ''), '[]')
                FROM jsonb_array_elements(d.sections) WITH ORDINALITY s))
            FROM public.journal_note n JOIN public.access_user u ON u.id = n.author_id JOIN public.access_documenttype d ON d.code = n.document_type_id
            WHERE n.id = p_entry AND n.state <> 'DRAFT')
        WHEN 'vitalset' THEN (
            SELECT jsonb_build_object('at', v.event_at, 'values', jsonb_build_object('respiration', v.respiration, 'spo2', v.spo2, 'on_oxygen', v.on_oxygen,
                'systolic', v.systolic, 'diastolic', v.diastolic, 'pulse', v.pulse, 'consciousness', v.consciousness, 'temperature', v.temperature,
                'news2', v.news2_total))
            FROM public.journal_vitalset v WHERE v.id = p_entry AND v.struck_at IS NULL)
        -- An order stands in the outline as a medicine.
        WHEN 'medication' THEN coalesce((
            SELECT jsonb_build_object('at', m.event_at, 'lines', jsonb_build_array(concat_ws(' ', m.generic, m.dose, m.route, m.frequency), m.indication))
            FROM public.journal_medication m WHERE m.id = p_entry), (
            SELECT jsonb_build_object('at', o.event_at, 'lines', jsonb_build_array(
                concat_ws(' ', o.generic, nullif(o.strength, ''), replace(trim_scale(o.dose)::text, '.', ','), o.unit_text, nullif(o.route, '')),
                CASE WHEN o.kind = 'as_needed' THEN concat_ws(', ', 'Ved behov', 'inntil ' || o.max_per_day || ' i døgnet')
                    ELSE concat_ws(', ', CASE WHEN o.kind = 'once' THEN 'Engangsdose' END,
                        'kl. ' || array_to_string(ARRAY(SELECT to_char(t, 'HH24:MI') FROM unnest(o.times) t), ' '),
                        CASE WHEN o.every_days > 1 THEN 'hver ' || o.every_days || '. dag' END, nullif(o.rate, '')) END,
                o.indication))
            FROM public.journal_medorder o WHERE o.id = p_entry AND o.signed_at IS NOT NULL AND o.stopped_at IS NULL))
        WHEN 'observation' THEN (
            SELECT jsonb_build_object('at', o.event_at, 'lines', jsonb_build_array(concat_ws(' ', CASE o.kind
                    WHEN 'pain' THEN 'Smerte NRS' WHEN 'weight' THEN 'Vekt' WHEN 'glucose' THEN 'Blodsukker' WHEN 'stool' THEN 'Avføring, Bristol'
                    WHEN 'fluid_in' THEN 'Væske inn' ELSE 'Væske ut' END,
                replace(trim_scale(o.value)::text, '.', ','),
                CASE o.kind WHEN 'weight' THEN 'kg' WHEN 'glucose' THEN 'mmol/L' WHEN 'fluid_in' THEN 'mL' WHEN 'fluid_out' THEN 'mL' END), o.comment))
            FROM public.journal_observation o WHERE o.id = p_entry AND o.struck_at IS NULL AND o.value IS NOT NULL)
        WHEN 'criticalinfo' THEN (
            SELECT jsonb_build_object('at', c.event_at, 'lines', jsonb_build_array(concat_ws(': ', c.substance, nullif(c.reaction, ''))))
            FROM public.journal_criticalinfo c WHERE c.id = p_entry AND c.ended_at IS NULL)
        WHEN 'diagnosis' THEN (
            SELECT jsonb_build_object('at', x.event_at, 'lines', jsonb_build_array(concat_ws(' ', x.icpc2, x.text)))
            FROM public.journal_diagnosis x WHERE x.id = p_entry)
        -- An assessment stands in the outline as its wound. Codes; the page puts words to them.
        WHEN 'wound' THEN coalesce((
            SELECT jsonb_build_object('at', a.event_at, 'wound', gate.wound_for_guest(w), 'assessment', jsonb_build_object(
                'pressure_category', a.pressure_category, 'length_mm', a.length_mm, 'width_mm', a.width_mm, 'depth_mm', a.depth_mm,
                'granulation', a.granulation, 'fibrin', a.fibrin, 'necrosis', a.necrosis, 'exudate', a.exudate, 'exudate_kind', a.exudate_kind,
                'edges', a.edges, 'skin', a.skin, 'smell', a.smell, 'pain', a.pain, 'signs', a.signs, 'dressing', a.dressing, 'comment', a.comment))
            FROM public.journal_woundassessment a JOIN public.journal_wound w ON w.id = a.origin_id
            WHERE a.id = p_entry AND a.struck_at IS NULL AND w.struck_at IS NULL), (
            SELECT jsonb_build_object('at', w.event_at, 'wound', gate.wound_for_guest(w))
            FROM public.journal_wound w WHERE w.id = p_entry AND w.struck_at IS NULL))
        -- Images alone: a document would leave the house as a file.
        WHEN 'attachment' THEN (
            SELECT jsonb_build_object('at', f.event_at, 'title', f.title, 'image', f.id, 'width', f.width, 'height', f.height)
            FROM public.journal_attachment f WHERE f.id = p_entry AND f.struck_at IS NULL AND f.media_type = 'image/jpeg')
    END;
END $$;

-- One entry, if the one who showed it in that role may send it now; else NULL. The grant of the transaction is gone afterwards: a guest has none.
CREATE OR REPLACE FUNCTION gate.shown_as_sender(p_authorisation uuid, p_patient uuid, p_entry uuid, p_kind text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reader gate.grant_t := gate.stand_in(p_authorisation, p_patient);
    e record;
    one jsonb;
BEGIN
    SELECT x.* INTO e FROM gate.entries_of(p_patient) x WHERE x.entry_id = p_entry;
    IF reader.user_id IS NULL OR e.entry_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM gate.set_grant(reader);
    IF gate.allows(32, p_patient, e.category, e.document_type, e.stay_id, e.entry_id, e.origin_id, e.unit_id, e.entity_id, e.event_at) THEN
        one := gate.shown_to_guest(coalesce(p_kind, e.kind), p_entry) || jsonb_build_object('kind', coalesce(p_kind, e.kind), 'category', e.category);
    END IF;
    PERFORM set_config('gate.grant', '', true);
    RETURN one;
END $$;

-- What a specialist who is let in may read now: {version, items: [{kind, …}]}, or NULL where nothing has changed since `p_seen`. The rule is asked
-- again as the one who shared, so a block, or that person's lost access, takes the entry away at once. Each showing is a line in the patient's log.
CREATE OR REPLACE FUNCTION gate.guest_material(p_secret text, p_seen text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    where_now jsonb := gate.guest_state(p_secret);
    guest public.telemed_guest;
    person public.telemed_participant;
    s record;
    one jsonb;
    items jsonb := '[]';
    objects jsonb := '{}';
    categories smallint[] := '{}';
    of_patient uuid;
    version text;
BEGIN
    IF coalesce(where_now ->> 'state', '') <> 'admitted' OR where_now ->> 'kind' <> 'external' THEN
        RETURN jsonb_build_object('version', '', 'items', '[]'::jsonb);
    END IF;
    SELECT x.* INTO guest FROM public.telemed_guest x WHERE x.secret_hash = gate.hash(p_secret);
    SELECT p.* INTO person FROM public.telemed_participant p WHERE p.id = guest.participant_id;
    FOR s IN SELECT x.* FROM public.telemed_shareditem x WHERE x.booking_id = guest.booking_id AND x.ended_at IS NULL ORDER BY x.recorded_at, x.id LOOP
        one := gate.shown_as_sender(s.authorisation_id, s.patient_id, s.origin_id, s.kind);
        CONTINUE WHEN one IS NULL;
        items := items || jsonb_build_array(one - 'category');
        objects := objects || jsonb_build_object(s.kind, coalesce(objects -> s.kind, '[]') || to_jsonb(s.origin_id));
        categories := categories || s.category;
        of_patient := s.patient_id;
    END LOOP;
    version := md5(items::text);
    IF version = p_seen THEN
        RETURN NULL;
    END IF;
    IF of_patient IS NOT NULL THEN
        PERFORM gate.log_guest('guest_read', 'guest_material', person.name, person.organisation, 'Videotime', of_patient, objects, categories);
    END IF;
    RETURN jsonb_build_object('version', version, 'items', items);
END $$;

-- The image of an entry that is shown in the session, as bytes; NULL where it is not, or no longer. A line in the log, as for what stands in words.
CREATE OR REPLACE FUNCTION gate.guest_image(p_secret text, p_image uuid) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    where_now jsonb := gate.guest_state(p_secret);
    guest public.telemed_guest;
    person public.telemed_participant;
    s public.telemed_shareditem;
BEGIN
    IF coalesce(where_now ->> 'state', '') <> 'admitted' OR where_now ->> 'kind' <> 'external' THEN
        RETURN NULL;
    END IF;
    SELECT x.* INTO guest FROM public.telemed_guest x WHERE x.secret_hash = gate.hash(p_secret);
    SELECT p.* INTO person FROM public.telemed_participant p WHERE p.id = guest.participant_id;
    SELECT x.* INTO s FROM public.telemed_shareditem x
    WHERE x.booking_id = guest.booking_id AND x.origin_id = p_image AND x.kind = 'attachment' AND x.ended_at IS NULL;
    IF s.id IS NULL OR gate.shown_as_sender(s.authorisation_id, s.patient_id, p_image, s.kind) IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM gate.log_guest('guest_read', 'guest_image', person.name, person.organisation, 'Videotime', s.patient_id, jsonb_build_object('attachment', jsonb_build_array(p_image)),
        ARRAY[s.category]::smallint[]);
    RETURN (SELECT f.content FROM public.journal_attachment f WHERE f.id = p_image);
END $$;

-- A look by one from outside, in the patient's log.
CREATE OR REPLACE FUNCTION gate.log_guest(
    p_action text, p_route text, p_name text, p_organisation text, p_reason text, p_patient uuid, p_objects jsonb, p_categories smallint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry;
BEGIN
    entry.request_id := gen_random_uuid();
    entry.user_name := p_name;
    entry.role_name := 'Ekstern spesialist';
    entry.unit_name := p_organisation;
    entry.action := p_action;
    entry.route := p_route;
    entry.outcome := 'allow';
    entry.purpose := 'TREAT';
    entry.reason := p_reason;
    entry.patient_id := p_patient;
    SELECT p.given_name || ' ' || p.family_name INTO entry.patient_name FROM public.access_patient p WHERE p.id = p_patient;
    entry.objects_shown := p_objects;
    entry.categories := p_categories;
    PERFORM auditlog.write(entry);
END $$;

GRANT EXECUTE ON FUNCTION gate.session_share(uuid, uuid), gate.guest_material(text, text), gate.guest_image(text, uuid) TO epj_app;
