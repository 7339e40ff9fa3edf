-- Measures are opened here and nowhere else: one function per template. Each checks who decides, and logs the opening.

-- Owner's functions only: writes the measure and its log row. A template's limit becomes the end at once.
CREATE FUNCTION gate.open_measure(
    g gate.grant_t, template_code text, p_patient uuid, p_unit uuid, p_performer uuid, p_starts_at timestamptz, p_hours int,
    p_reason text, p_caller text, p_source_kind text, p_source_id uuid, p_service_code int, p_categories smallint[],
    p_since timestamptz, p_case uuid) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t public.access_measuretemplate;
    entry public.auditlog_entry;
    measure uuid := gen_random_uuid();
    hours int;
BEGIN
    SELECT x.* INTO STRICT t FROM public.access_measuretemplate x WHERE x.code = template_code;
    IF NOT EXISTS (
        SELECT 1 FROM public.access_roletemplate r WHERE r.id = g.role_id AND template_code = ANY (r.decides)
    ) THEN
        RAISE EXCEPTION 'role may not decide %', template_code USING ERRCODE = 'insufficient_privilege';
    END IF;
    hours := coalesce(p_hours, t.max_hours);
    INSERT INTO public.access_decidedmeasure (
        id, patient_id, template_id, unit_id, performer_id, service_code, starts_at, ends_at, decided_by_id, decided_in_unit_id, decided_at,
        reason, caller, user_selected, source_kind, source_id, scope_categories, scope_since, case_id, end_reason)
    VALUES (
        measure, p_patient, t.id, p_unit, p_performer, p_service_code, p_starts_at, p_starts_at + make_interval(hours => hours),
        g.user_id, g.unit_id, g.at, p_reason, p_caller, t.user_selected OR p_caller <> '', p_source_kind, p_source_id, p_categories, p_since, p_case, '');
    entry := gate.log_row(g, jsonb_build_object('action', 'open_measure', 'route', p_source_kind));
    entry.measure_id := measure;
    entry.template_code := t.code;
    entry.template_name := t.name;
    entry.purpose := t.purpose;
    entry.user_selected := t.user_selected OR p_caller <> '';
    entry.reason := p_reason;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name
    FROM public.access_patient p WHERE p.id = p_patient;
    PERFORM auditlog.write(entry);
    RETURN measure;
END $$;

-- Ends the live measures that came from one source (stay, service decision, task). Returns how many.
CREATE FUNCTION gate.end_measures(g gate.grant_t, p_source_id uuid, template_codes text[], at_time timestamptz, p_reason text) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended int;
BEGIN
    UPDATE public.access_decidedmeasure m
    SET ends_at = greatest(at_time, m.starts_at), ended_by_id = g.user_id, end_reason = p_reason
    FROM public.access_measuretemplate t
    WHERE t.id = m.template_id AND m.source_id = p_source_id AND t.code = ANY (template_codes)
        AND (m.ends_at IS NULL OR m.ends_at > at_time);
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- A person behind a number: the patient who has it, else one registered from the population register, else NULL.
CREATE FUNCTION gate.patient_behind(p_number text) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid;
    person public.access_registerperson;
BEGIN
    SELECT i.patient_id INTO found FROM public.access_patientidentity i WHERE i.value = p_number;
    IF found IS NOT NULL THEN
        RETURN found;
    END IF;
    SELECT r.* INTO person FROM public.access_registerperson r WHERE r.number = p_number;
    IF person.number IS NULL THEN
        RETURN NULL;
    END IF;
    found := gen_random_uuid();
    INSERT INTO public.access_patient (id, family_name, given_name, birth_date, sex, deceased_at, municipality_number, address,
        protected_address, phone, general_practitioner, registered_at, name_fold)
    VALUES (found, person.family_name, person.given_name, person.birth_date, person.sex, person.deceased_at, person.municipality_number,
        CASE WHEN person.protected_address THEN '' ELSE person.address END, person.protected_address, '', '', gate.clock(), person.name_fold);
    INSERT INTO public.access_patientidentity (id, patient_id, kind, value) VALUES (gen_random_uuid(), found, person.kind, p_number);
    RETURN found;
END $$;

-- Who the population register says has this number, and the patient's id if the acting person may know of the record.
-- The same answer with and without a record. NULL where nobody has the number.
CREATE FUNCTION gate.lookup_number(p_number text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN (
        SELECT jsonb_build_object('number', r.number, 'family_name', r.family_name, 'given_name', r.given_name,
            'birth_date', r.birth_date, 'sex', r.sex, 'deceased_at', r.deceased_at, 'municipality_number', r.municipality_number,
            'patient_id', (
                SELECT i.patient_id FROM public.access_patientidentity i
                WHERE i.value = p_number AND EXISTS (
                    SELECT 1 FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ARRAY[i.patient_id]) x WHERE x.actions & 1 <> 0)))
        FROM public.access_registerperson r WHERE r.number = p_number);
END $$;

-- Arrival registered by hand: NOTIFIED for the acting person's unit, for the set hours unless message or admission follows.
CREATE FUNCTION gate.register_arrival(p_number text, p_caller text, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    patient uuid := gate.patient_behind(p_number);
BEGIN
    IF patient IS NULL OR btrim(p_caller) = '' OR btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'an arrival needs a person, a caller and a reason' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM gate.open_measure(g, 'NOTIFIED', patient, g.unit_id, NULL, g.at, gate.setting('arrival_hours'),
        p_reason, p_caller, 'arrival', NULL, NULL, NULL, NULL, NULL);
    RETURN patient;
END $$;

-- A person without a number (unconscious, foreign): registered as such, found and merged later by a human.
CREATE FUNCTION gate.register_unknown_arrival(
    p_family_name text, p_given_name text, p_name_fold text, p_birth_date date, p_sex text, p_caller text, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    patient uuid := gen_random_uuid();
BEGIN
    IF btrim(p_family_name) = '' OR btrim(p_caller) = '' OR btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'an arrival needs a name, a caller and a reason' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_patient (id, family_name, given_name, birth_date, sex, municipality_number, address,
        protected_address, phone, general_practitioner, registered_at, name_fold)
    VALUES (patient, p_family_name, p_given_name, p_birth_date, p_sex, '', '', false, '', '', gate.clock(), p_name_fold);
    PERFORM gate.open_measure(g, 'NOTIFIED', patient, g.unit_id, NULL, g.at, gate.setting('arrival_hours'),
        p_reason, p_caller, 'arrival', NULL, NULL, NULL, NULL, NULL);
    RETURN patient;
END $$;

-- Explicit participation in treatment, and finishing work after access has closed: personal, reasoned, 24 hours.
CREATE FUNCTION gate.open_personal(template_code text, p_number text, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    patient uuid;
BEGIN
    IF template_code NOT IN ('PARTICIPATION', 'FINISHING') OR btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'this measure is not opened by oneself, or has no reason' USING ERRCODE = 'check_violation';
    END IF;
    IF template_code = 'PARTICIPATION' THEN
        patient := gate.patient_behind(p_number);
    ELSE
        SELECT i.patient_id INTO patient FROM public.access_patientidentity i WHERE i.value = p_number;
    END IF;
    -- Finishing work presumes work: the unit, or the person, had the patient before. No record and no work answer alike.
    IF patient IS NULL OR template_code = 'FINISHING' AND NOT EXISTS (
        SELECT 1 FROM public.access_decidedmeasure m
        WHERE m.patient_id = patient AND (m.unit_id = g.unit_id OR m.performer_id = g.user_id) AND m.starts_at <= g.at
    ) THEN
        RETURN NULL;
    END IF;
    PERFORM gate.open_measure(g, template_code, patient, NULL, g.user_id, g.at, NULL, p_reason, '', 'self', NULL, NULL, NULL, NULL, NULL);
    RETURN patient;
END $$;
CREATE FUNCTION gate.open_participation(p_number text, p_reason text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT gate.open_personal('PARTICIPATION', p_number, p_reason) $$;
CREATE FUNCTION gate.open_finishing(p_number text, p_reason text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT gate.open_personal('FINISHING', p_number, p_reason) $$;

-- Emergency access: one case, and one measure per part of the chosen scope.
-- scope: [{categories: [int …] | null, since_days: int | null}]; null categories means the whole record.
CREATE FUNCTION gate.open_emergency(p_number text, p_reason_code text, p_reason text, scope jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    patient uuid := gate.patient_behind(p_number);
    case_id uuid := gen_random_uuid();
    part jsonb;
    measure uuid;
BEGIN
    IF patient IS NULL OR btrim(p_reason) = '' OR jsonb_array_length(scope) = 0 THEN
        RAISE EXCEPTION 'emergency access needs a person, a reason and a scope' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_emergencycase (id, patient_id, user_id, unit_id, reason_code, reason, opened_at, review_due)
    VALUES (case_id, patient, g.user_id, g.unit_id, p_reason_code, p_reason, g.at, g.at + make_interval(hours => gate.setting('review_hours')));
    FOR part IN SELECT * FROM jsonb_array_elements(scope) LOOP
        measure := gate.open_measure(g, 'EMERGENCY', patient, NULL, g.user_id, g.at, 1, p_reason, '', 'emergency', case_id, NULL,
            CASE WHEN jsonb_typeof(part -> 'categories') = 'array'
                THEN ARRAY(SELECT c::smallint FROM jsonb_array_elements_text(part -> 'categories') c) END,
            g.at - make_interval(days => (part ->> 'since_days')::int), case_id);
        UPDATE public.access_decidedmeasure SET ends_at = g.at + make_interval(mins => gate.setting('emergency_minutes')) WHERE id = measure;
    END LOOP;
    RETURN patient;
END $$;

CREATE FUNCTION gate.end_emergency(p_patient uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    ended int := 0;
    one uuid;
BEGIN
    FOR one IN
        UPDATE public.access_emergencycase c SET ended_at = g.at
        WHERE c.patient_id = p_patient AND c.user_id = g.user_id AND c.ended_at IS NULL RETURNING c.id
    LOOP
        ended := ended + gate.end_measures(g, one, ARRAY['EMERGENCY'], g.at, 'Avsluttet av den som åpnet');
    END LOOP;
    RETURN ended;
END $$;

-- Opening of one blocked entry by the acting person: consent now or a weighty reason, for a time (3.5).
-- Answers alike whether the entry exists, is blocked or neither: what is not blocked is opened by nothing.
CREATE FUNCTION gate.open_blocked(p_patient uuid, p_entry uuid, p_basis text, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    entry public.auditlog_entry;
    opening uuid := gen_random_uuid();
BEGIN
    IF NOT (g.may_chart AND p_patient = ANY (g.subjects)) OR btrim(p_reason) = '' OR p_basis NOT IN ('consent', 'weighty') THEN
        RAISE EXCEPTION 'an opening needs an open record, a basis and a reason' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_blockopening (id, patient_id, entry_id, user_id, unit_id, basis, reason, opened_at, valid_to)
    VALUES (opening, p_patient, p_entry, g.user_id, g.unit_id, p_basis, p_reason, g.at, g.at + make_interval(mins => gate.setting('opening_minutes')));
    entry := gate.log_row(g, jsonb_build_object('action', 'open_blocked'));
    entry.opening_id := opening;
    entry.reason := p_reason;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name
    FROM public.access_patient p WHERE p.id = p_patient;
    PERFORM auditlog.write(entry);
    RETURN opening;
END $$;

-- Whether anything is blocked for the acting person: the one thing a reader learns of a block. Asked of the grant, it names nothing.
CREATE FUNCTION gate.something_blocked(p_patient uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN p_patient = ANY (g.subjects) AND EXISTS (
        SELECT 1 FROM gate.blocks_for(g.user_id, g.role_id, g.unit_id, g.entity_id, g.at, ARRAY[p_patient]));
END $$;

-- The acting person's own live basis for a patient: what the banner strip says, and the countdown of emergency access.
CREATE FUNCTION gate.my_measures(p_patient uuid) RETURNS TABLE (
    measure_id uuid, template_code text, template_name text, unit_id uuid, starts_at timestamptz, ends_at timestamptz, in_tail boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN QUERY
    SELECT m.id, t.code::text, t.name, m.unit_id, m.starts_at, m.ends_at, m.ends_at IS NOT NULL AND g.at >= m.ends_at
    FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
    WHERE m.patient_id = p_patient AND p_patient = ANY (g.subjects) AND (m.unit_id = g.unit_id OR m.performer_id = g.user_id)
        AND m.starts_at <= g.at AND (m.ends_at IS NULL OR g.at < m.ends_at + make_interval(hours => t.tail_hours))
    ORDER BY m.user_selected, m.starts_at DESC;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.lookup_number(text), gate.register_arrival(text, text, text),
    gate.register_unknown_arrival(text, text, text, date, text, text, text),
    gate.open_participation(text, text), gate.open_finishing(text, text), gate.open_emergency(text, text, text, jsonb),
    gate.end_emergency(uuid), gate.open_blocked(uuid, uuid, text, text), gate.something_blocked(uuid), gate.my_measures(uuid) TO epj_app;
