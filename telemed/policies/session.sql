-- Sessions: guests who come by a link, and the entries of the record that they are shown while it lasts. A guest has no session in the record:
-- these functions take the link's secret, and tell nothing without one.

INSERT INTO gate.setting VALUES ('room_opens_minutes', 10), ('room_closes_minutes', 60);

-- Makes the link of one who was asked; an older link of the same person is worth nothing from then on.
CREATE FUNCTION gate.guest_invite(p_participant uuid, p_hash bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    one public.telemed_participant;
    entry public.auditlog_entry;
BEGIN
    SELECT p.* INTO one FROM public.telemed_participant p WHERE p.id = p_participant AND p.kind IN ('external', 'patient');
    IF one.id IS NULL OR NOT gate.booking_writable(one.booking_id) OR one.part_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.telemed_bookingpatient x WHERE x.id = one.part_id AND x.withdrawn_at IS NULL AND x.patient_id = ANY (g.subjects)
    ) OR NOT EXISTS (
        SELECT 1 FROM public.telemed_booking b WHERE b.id = one.booking_id AND b.status NOT IN ('cancelled', 'held'))
    THEN
        RAISE EXCEPTION 'nobody to invite' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.telemed_guest (id, participant_id, booking_id, secret_hash, made_at, made_by_id)
    VALUES (gen_random_uuid(), one.id, one.booking_id, p_hash, g.at, g.user_id)
    ON CONFLICT (participant_id) DO UPDATE SET secret_hash = EXCLUDED.secret_hash, made_at = EXCLUDED.made_at, made_by_id = EXCLUDED.made_by_id,
        knocked_at = NULL, admitted_at = NULL, admitted_by_id = NULL, ended_at = NULL;
    entry := gate.log_row(g, jsonb_build_object('action', 'guest_invite', 'route', 'video_invite'));
    entry.reason := one.name || CASE WHEN one.organisation <> '' THEN ', ' || one.organisation ELSE '' END;
    SELECT b.patient_id INTO entry.patient_id FROM public.telemed_bookingpatient b 
    WHERE b.booking_id = one.booking_id AND b.patient_id = ANY (g.subjects) AND (one.part_id IS NULL OR b.id = one.part_id) LIMIT 1;
    SELECT p.given_name || ' ' || p.family_name INTO entry.patient_name FROM public.access_patient p WHERE p.id = entry.patient_id;
    PERFORM auditlog.write(entry);
END $$;

-- Who has a link, who stands at the door and who is let in.
CREATE FUNCTION gate.guests_of(p_booking uuid) RETURNS TABLE (
    participant_id uuid, knocked_at timestamptz, admitted_at timestamptz, ended_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF gate.booking_writable(p_booking) THEN
        RETURN QUERY SELECT x.participant_id, x.knocked_at, x.admitted_at, x.ended_at FROM public.telemed_guest x WHERE x.booking_id = p_booking;
    END IF;
END $$;

-- Lets one in who stands at the door, or shows one out (p_in false). True if there was one.
CREATE FUNCTION gate.guest_admit(p_participant uuid, p_in boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.telemed_guest x
    SET admitted_at = CASE WHEN p_in THEN g.at ELSE x.admitted_at END, admitted_by_id = g.user_id, ended_at = CASE WHEN p_in THEN NULL ELSE g.at END
    WHERE x.participant_id = p_participant AND gate.booking_writable(x.booking_id) AND (x.knocked_at IS NOT NULL OR NOT p_in);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.telemed_participant p
    SET joined_at = CASE WHEN p_in THEN coalesce(p.joined_at, g.at) ELSE p.joined_at END, left_at = CASE WHEN p_in THEN NULL ELSE g.at END,
        response = CASE WHEN p_in THEN 'coming' ELSE p.response END
    WHERE p.id = p_participant;
    RETURN true;
END $$;

-- What others in the room read of one who is in it.
CREATE FUNCTION gate.shown_as(p public.telemed_participant, p_kind text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN p_kind = 'teach_group' AND p.kind = 'patient' THEN 'Deltaker' ELSE p.name END;
END $$;

-- Where a guest stands: {state: early | lobby | admitted | over, starts_at, ends_at, opens_at, room, name, shown_as, kind}, or NULL for no such link.
-- `shown_as`: what the others in the room read; patients in a group stand there without a name.
CREATE FUNCTION gate.guest_state(p_secret text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t timestamptz := gate.clock();
BEGIN
    RETURN (
        SELECT jsonb_build_object('state', CASE
                WHEN b.status IN ('cancelled', 'held') OR b.closed_at IS NOT NULL OR x.ended_at IS NOT NULL
                    OR EXISTS (SELECT 1 FROM public.telemed_bookingpatient w WHERE w.id = p.part_id AND w.withdrawn_at IS NOT NULL)
                    OR t >= b.ends_at + make_interval(mins => gate.setting('room_closes_minutes')) THEN 'over'
                WHEN t < b.starts_at - make_interval(mins => gate.setting('room_opens_minutes')) AND b.opened_at IS NULL THEN 'early'
                WHEN x.admitted_at IS NOT NULL AND b.opened_at IS NOT NULL THEN 'admitted'
                ELSE 'lobby' END,
            'starts_at', b.starts_at, 'ends_at', b.ends_at, 'opens_at', b.starts_at - make_interval(mins => gate.setting('room_opens_minutes')),
            'room', b.room, 'name', p.name, 'shown_as', gate.shown_as(p, b.kind), 'kind', p.kind, 'participant', p.id, 'knocked', x.knocked_at IS NOT NULL)
        FROM public.telemed_guest x JOIN public.telemed_booking b ON b.id = x.booking_id JOIN public.telemed_participant p ON p.id = x.participant_id
        WHERE x.secret_hash = gate.hash(p_secret));
END $$;

-- A guest says that he or she is there.
CREATE FUNCTION gate.guest_knock(p_secret text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(gate.guest_state(p_secret) ->> 'state', 'over') IN ('over', 'early') THEN
        RETURN false;
    END IF;
    UPDATE public.telemed_guest x SET knocked_at = coalesce(x.knocked_at, gate.clock()) WHERE x.secret_hash = gate.hash(p_secret);
    RETURN FOUND;
END $$;

-- Puts an entry of the patient's before the guests of the booking. Whoever does it must be allowed to send that very entry.
CREATE FUNCTION gate.session_share(p_part uuid, p_entry uuid) RETURNS uuid
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
    WHERE x.entry_id = p_entry AND x.kind IN ('note', 'vitalset', 'observation', 'medication', 'criticalinfo', 'diagnosis');
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

CREATE FUNCTION gate.session_unshare(p_item uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.telemed_shareditem s SET ended_at = g.at
    WHERE s.id = p_item AND s.ended_at IS NULL AND s.patient_id = ANY (g.subjects) AND gate.booking_writable(s.booking_id);
    RETURN FOUND;
END $$;

-- One entry as a guest reads it: never more than this. No name, no number.
CREATE FUNCTION gate.shown_to_guest(p_kind text, p_entry uuid) RETURNS jsonb
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
    END;
END $$;

-- What a specialist who is let in may read now: {version, items: [{kind, …}]}, or NULL where nothing has changed since `p_seen`. The rule is asked
-- again as the one who shared, so a block, or that person's lost access, takes the entry away at once. Each showing is a line in the patient's log.
CREATE FUNCTION gate.guest_material(p_secret text, p_seen text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    where_now jsonb := gate.guest_state(p_secret);
    guest public.telemed_guest;
    person public.telemed_participant;
    s record;
    e record;
    reader gate.grant_t;
    one jsonb;
    items jsonb := '[]';
    objects jsonb := '{}';
    categories smallint[] := '{}';
    of_patient uuid;
    entry public.auditlog_entry;
    version text;
BEGIN
    IF coalesce(where_now ->> 'state', '') <> 'admitted' OR where_now ->> 'kind' <> 'external' THEN
        RETURN jsonb_build_object('version', '', 'items', '[]'::jsonb);
    END IF;
    SELECT x.* INTO guest FROM public.telemed_guest x WHERE x.secret_hash = gate.hash(p_secret);
    SELECT p.* INTO person FROM public.telemed_participant p WHERE p.id = guest.participant_id;
    FOR s IN SELECT x.* FROM public.telemed_shareditem x WHERE x.booking_id = guest.booking_id AND x.ended_at IS NULL ORDER BY x.recorded_at, x.id LOOP
        SELECT x.* INTO e FROM gate.entries_of(s.patient_id) x WHERE x.entry_id = s.origin_id;
        reader := gate.stand_in(s.authorisation_id, s.patient_id);
        CONTINUE WHEN reader.user_id IS NULL OR e.entry_id IS NULL;
        PERFORM gate.set_grant(reader);
        one := NULL;
        IF gate.allows(32, s.patient_id, e.category, e.document_type, e.stay_id, e.entry_id, e.origin_id, e.unit_id, e.entity_id, e.event_at) THEN
            one := gate.shown_to_guest(s.kind, s.origin_id);
        END IF;
        PERFORM set_config('gate.grant', '', true);
        CONTINUE WHEN one IS NULL;
        items := items || jsonb_build_array(one || jsonb_build_object('kind', s.kind));
        objects := objects || jsonb_build_object(s.kind, coalesce(objects -> s.kind, '[]') || to_jsonb(s.origin_id));
        categories := categories || s.category;
        of_patient := s.patient_id;
    END LOOP;
    version := md5(items::text);
    IF version = p_seen THEN
        RETURN NULL;
    END IF;
    IF of_patient IS NOT NULL THEN
        entry.request_id := gen_random_uuid();
        entry.user_name := person.name;
        entry.role_name := 'Ekstern spesialist';
        entry.unit_name := person.organisation;
        entry.action := 'guest_read';
        entry.route := 'guest_material';
        entry.outcome := 'allow';
        entry.purpose := 'TREAT';
        entry.reason := 'Videotime';
        entry.patient_id := of_patient;
        SELECT p.given_name || ' ' || p.family_name INTO entry.patient_name FROM public.access_patient p WHERE p.id = of_patient;
        entry.objects_shown := objects;
        entry.categories := categories;
        PERFORM auditlog.write(entry);
    END IF;
    RETURN jsonb_build_object('version', version, 'items', items);
END $$;

-- Who is in a room now, as names. The room's name is itself a secret, and the page asks for a fresh ticket before this.
CREATE FUNCTION gate.room_people(p_room text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ARRAY(
        SELECT gate.shown_as(p, b.kind) FROM public.telemed_participant p JOIN public.telemed_booking b ON b.id = p.booking_id
        WHERE b.room = p_room AND b.opened_at IS NOT NULL AND b.closed_at IS NULL AND p.joined_at IS NOT NULL AND p.left_at IS NULL ORDER BY 1);
END $$;

-- Material of several patients is never put together: a group has no guests who read.
CREATE FUNCTION gate.share_of_one() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.telemed_bookingpatient p WHERE p.booking_id = NEW.booking_id AND p.patient_id <> NEW.patient_id) THEN
        RAISE EXCEPTION 'nothing is shown in a group' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER share_of_one BEFORE INSERT ON telemed_shareditem FOR EACH ROW EXECUTE FUNCTION gate.share_of_one();

GRANT EXECUTE ON FUNCTION
    gate.guest_invite(uuid, bytea), gate.guests_of(uuid), gate.guest_admit(uuid, boolean), gate.guest_state(text), gate.guest_knock(text),
    gate.session_share(uuid, uuid), gate.session_unshare(uuid), gate.guest_material(text, text), gate.room_people(text) TO epj_app;
