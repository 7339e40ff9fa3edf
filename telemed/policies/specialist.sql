-- A question to a specialist outside (R41). The specialist has no session in the record: these functions take the secret of a link and, once, a code
-- that was told another way; they tell nothing without both, and nothing but what was put before that specialist.

INSERT INTO gate.setting VALUES ('question_tries', 5), ('question_proof_minutes', 60);

-- Asks: about a wound, with these entries. Whoever asks must be allowed to send each of them, and to chart where the wound is charted.
CREATE FUNCTION gate.specialist_ask(
    p_wound uuid, p_entries uuid[], p_question text, p_name text, p_organisation text, p_days int, p_secret bytea, p_code bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    of_patient uuid;
    w record;
    made uuid := gen_random_uuid();
    entry public.auditlog_entry;
BEGIN
    SELECT x.patient_id INTO of_patient FROM public.journal_wound x WHERE x.id = p_wound AND x.patient_id = ANY (g.subjects) AND x.struck_at IS NULL;
    SELECT x.* INTO w FROM gate.entries_of(of_patient) x WHERE x.entry_id = p_wound;
    IF w.entry_id IS NULL OR p_days NOT BETWEEN 1 AND 30 OR octet_length(p_secret) <> 32 OR octet_length(p_code) <> 32 OR EXISTS (
        SELECT 1 FROM unnest(p_entries || p_wound) one LEFT JOIN gate.entries_of(of_patient) e ON e.entry_id = one
        WHERE e.entry_id IS NULL OR e.kind NOT IN ('wound', 'attachment')
            OR NOT gate.allows(32, of_patient, e.category, e.document_type, e.stay_id, e.entry_id, e.origin_id, e.unit_id, e.entity_id, e.event_at))
    THEN
        RAISE EXCEPTION 'may not be shown from here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.telemed_specialistquestion (id, patient_id, category, document_type_id, stay_id, unit_id, legal_entity_id, author_id, origin_id,
        event_at, recorded_at, question, name, organisation, shown, authorisation_id, valid_to, answer, answered_by)
    VALUES (made, of_patient, w.category, NULL, w.stay_id, g.unit_id, g.entity_id, g.user_id, p_wound, g.at, g.at, p_question, p_name, p_organisation,
        p_entries, g.authorisation_id, g.at + make_interval(days => p_days), '', '');
    INSERT INTO public.telemed_questionlink (id, question_id, secret_hash, code_hash, tries) VALUES (gen_random_uuid(), made, p_secret, p_code, 0);
    entry := gate.log_row(g, jsonb_build_object('action', 'specialist_ask', 'route', 'wound_ask'));
    entry.reason := concat_ws(', ', p_name, nullif(p_organisation, ''));
    entry.patient_id := of_patient;
    SELECT p.given_name || ' ' || p.family_name INTO entry.patient_name FROM public.access_patient p WHERE p.id = of_patient;
    SELECT jsonb_object_agg(f.kind, f.ids) || jsonb_build_object('specialistquestion', jsonb_build_array(made)) INTO entry.objects_shown FROM (
        SELECT x.kind, jsonb_agg(x.entry_id) AS ids FROM gate.entries_of(of_patient) x WHERE x.entry_id = ANY (p_entries || p_wound) GROUP BY x.kind) f;
    entry.categories := ARRAY[w.category]::smallint[];
    PERFORM auditlog.write(entry);
    RETURN made;
END $$;

-- Takes a question back: the link is worth nothing from then on. By the unit that asked.
CREATE FUNCTION gate.specialist_close(p_question uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.telemed_specialistquestion q SET closed_at = g.at
    WHERE q.id = p_question AND q.patient_id = ANY (g.subjects) AND q.unit_id = g.unit_id AND q.closed_at IS NULL AND q.answered_at IS NULL
        AND gate.allows(4, q.patient_id, q.category, NULL, q.stay_id, q.id, q.origin_id, q.unit_id, q.legal_entity_id, q.event_at);
    RETURN FOUND;
END $$;

CREATE FUNCTION gate.question_of(p_secret text) RETURNS public.telemed_questionlink
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT x FROM public.telemed_questionlink x WHERE x.secret_hash = gate.hash(p_secret)
$$;

-- Where a question stands for whoever holds the link: code | open | answered | over; NULL for no such link. `p_proof`: what the right code gave.
CREATE FUNCTION gate.specialist_state(p_secret text, p_proof text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link public.telemed_questionlink := gate.question_of(p_secret);
    q public.telemed_specialistquestion;
BEGIN
    SELECT x.* INTO q FROM public.telemed_specialistquestion x WHERE x.id = link.question_id;
    RETURN CASE
        WHEN link.id IS NULL THEN NULL
        WHEN q.answered_at IS NOT NULL THEN 'answered'
        WHEN q.closed_at IS NOT NULL OR gate.clock() >= q.valid_to OR link.tries >= gate.setting('question_tries')
            OR gate.shown_as_sender(q.authorisation_id, q.patient_id, q.origin_id) IS NULL THEN 'over'
        WHEN link.proof_hash = gate.hash(p_proof) AND gate.clock() < link.proof_until THEN 'open'
        ELSE 'code' END;
END $$;

-- The code, of which so many may be tried; the right one gives a proof for an hour. p_proof: the hash of it.
CREATE FUNCTION gate.specialist_code(p_secret text, p_code text, p_proof bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link public.telemed_questionlink;
    right_one boolean;
BEGIN
    SELECT x.* INTO link FROM public.telemed_questionlink x WHERE x.secret_hash = gate.hash(p_secret) FOR UPDATE;
    IF coalesce(gate.specialist_state(p_secret, ''), 'over') <> 'code' OR octet_length(p_proof) <> 32 THEN
        RETURN false;
    END IF;
    right_one := link.code_hash = gate.hash(p_code);
    UPDATE public.telemed_questionlink x SET tries = CASE WHEN right_one THEN 0 ELSE x.tries + 1 END,
        proof_hash = CASE WHEN right_one THEN p_proof ELSE x.proof_hash END,
        proof_until = CASE WHEN right_one THEN gate.clock() + make_interval(mins => gate.setting('question_proof_minutes')) ELSE x.proof_until END
    WHERE x.id = link.id;
    RETURN right_one;
END $$;

-- What the specialist reads: {question, asked_at, unit, name, items: [{kind, …}]}; NULL unless it is open. A line in the log each time.
CREATE FUNCTION gate.specialist_read(p_secret text, p_proof text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link public.telemed_questionlink := gate.question_of(p_secret);
    q public.telemed_specialistquestion;
    one jsonb;
    shown_entry uuid;
    items jsonb := '[]';
    objects jsonb := '{}';
    categories smallint[] := '{}';
BEGIN
    IF coalesce(gate.specialist_state(p_secret, p_proof), '') <> 'open' THEN
        RETURN NULL;
    END IF;
    SELECT x.* INTO q FROM public.telemed_specialistquestion x WHERE x.id = link.question_id;
    FOREACH shown_entry IN ARRAY q.origin_id || q.shown LOOP
        one := gate.shown_as_sender(q.authorisation_id, q.patient_id, shown_entry);
        CONTINUE WHEN one IS NULL;
        items := items || jsonb_build_array(one - 'category');
        objects := jsonb_set(objects, ARRAY[one ->> 'kind'], coalesce(objects -> (one ->> 'kind'), '[]') || to_jsonb(shown_entry));
        categories := categories || (one ->> 'category')::smallint;
    END LOOP;
    UPDATE public.telemed_specialistquestion x SET opened_at = coalesce(x.opened_at, gate.clock()) WHERE x.id = q.id;
    PERFORM gate.log_guest('specialist_read', 'specialist', q.name, q.organisation, 'Spørsmål til spesialist', q.patient_id,
        objects || jsonb_build_object('specialistquestion', jsonb_build_array(q.id)), ARRAY(SELECT DISTINCT unnest(categories)));
    RETURN jsonb_build_object('question', q.question, 'asked_at', q.event_at, 'valid_to', q.valid_to, 'name', q.name, 'items', items,
        'unit', (SELECT o.name FROM public.access_orgunit o WHERE o.id = q.unit_id),
        'by', (SELECT u.given_name || ' ' || u.family_name FROM public.access_user u WHERE u.id = q.author_id));
END $$;

-- An image that was put before the specialist, as bytes; NULL where it was not, or may not be shown any longer. A line in the log.
CREATE FUNCTION gate.specialist_image(p_secret text, p_proof text, p_image uuid) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link public.telemed_questionlink := gate.question_of(p_secret);
    q public.telemed_specialistquestion;
    one jsonb;
BEGIN
    IF coalesce(gate.specialist_state(p_secret, p_proof), '') <> 'open' THEN
        RETURN NULL;
    END IF;
    SELECT x.* INTO q FROM public.telemed_specialistquestion x WHERE x.id = link.question_id;
    one := CASE WHEN p_image = ANY (q.shown) THEN gate.shown_as_sender(q.authorisation_id, q.patient_id, p_image, 'attachment') END;
    IF one IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM gate.log_guest('specialist_read', 'specialist_image', q.name, q.organisation, 'Spørsmål til spesialist', q.patient_id,
        jsonb_build_object('attachment', jsonb_build_array(p_image)), ARRAY[(one ->> 'category')::smallint]);
    RETURN (SELECT f.content FROM public.journal_attachment f WHERE f.id = p_image);
END $$;

-- The answer, once, by one who has shown the code. It ends the link, and tells the unit that asked by a task.
CREATE FUNCTION gate.specialist_answer(p_secret text, p_proof text, p_by text, p_answer text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link public.telemed_questionlink := gate.question_of(p_secret);
    q public.telemed_specialistquestion;
BEGIN
    SELECT x.* INTO q FROM public.telemed_specialistquestion x WHERE x.id = link.question_id FOR UPDATE;
    IF coalesce(gate.specialist_state(p_secret, p_proof), '') <> 'open' OR btrim(p_answer) = '' OR btrim(p_by) = '' THEN
        RETURN false;
    END IF;
    UPDATE public.telemed_specialistquestion x SET answer = p_answer, answered_by = left(p_by, 80), answered_at = gate.clock() WHERE x.id = q.id;
    UPDATE public.telemed_questionlink x SET proof_hash = NULL, proof_until = NULL WHERE x.id = link.id;
    INSERT INTO public.journal_task (id, patient_id, category, stay_id, unit_id, legal_entity_id, author_id, origin_id, event_at, recorded_at, title, due_at,
        kind, for_unit_id, outcome, lock_version)
    VALUES (gen_random_uuid(), q.patient_id, 13, q.stay_id, q.unit_id, q.legal_entity_id, q.author_id, q.id, gate.clock(), gate.clock(),
        'Les svar fra spesialist om sår: ' || q.name, gate.clock() + interval '1 day', 'specialist', q.unit_id, '', 1);
    PERFORM gate.log_guest('specialist_answer', 'specialist', q.name, q.organisation, 'Svar fra spesialist', q.patient_id,
        jsonb_build_object('specialistquestion', jsonb_build_array(q.id)), ARRAY[q.category]::smallint[]);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.specialist_ask(uuid, uuid[], text, text, text, int, bytea, bytea), gate.specialist_close(uuid), gate.specialist_state(text, text),
    gate.specialist_code(text, text, bytea), gate.specialist_read(text, text), gate.specialist_image(text, text, uuid),
    gate.specialist_answer(text, text, text, text) TO epj_app;
