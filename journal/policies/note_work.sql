-- Work lists of notes: what waits for whom, as ids; the page discloses the patients before it reads. And what somebody who left has left unsigned.

-- Whether a person can no longer act in a unit: what they wrote there and did not sign, they will never sign.
CREATE FUNCTION gate.left_unit(p_user uuid, p_unit uuid, t timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM public.access_accessauthorisation a JOIN public.access_user u ON u.id = a.user_id
        WHERE a.user_id = p_user AND a.unit_id = p_unit AND u.is_active AND a.valid_from <= t AND (a.valid_to IS NULL OR t < a.valid_to))
$$;

-- What waits for the acting person: draft and sign (one's own), cosign (of the unit), left (of the unit, by one who can no longer sign).
CREATE FUNCTION gate.note_work() RETURNS TABLE (note_id uuid, patient_id uuid, unit_id uuid, work text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN QUERY
    SELECT n.id, n.patient_id, n.unit_id, CASE n.state WHEN 'DRAFT' THEN 'draft' ELSE 'sign' END FROM public.journal_note n
    WHERE n.author_id = g.user_id AND n.state NOT IN ('SIGNED', 'COSIGNED')
    UNION ALL
    SELECT n.id, n.patient_id, n.unit_id, 'cosign' FROM public.journal_note n
    WHERE g.may_chart AND n.unit_id = g.unit_id AND n.needs_cosign AND n.state = 'SIGNED' AND n.author_id <> g.user_id
    UNION ALL
    SELECT n.id, n.patient_id, n.unit_id, 'left' FROM public.journal_note n
    WHERE g.may_chart AND n.unit_id = g.unit_id AND n.state NOT IN ('SIGNED', 'COSIGNED') AND n.state = 'CONFIRMED' AND n.author_id <> g.user_id
        AND gate.left_unit(n.author_id, n.unit_id, g.at);
END $$;

-- How many of one's own notes are not signed: a number beside the menu. Others' notes are not counted: a number would tell of what is blocked.
CREATE FUNCTION gate.own_unsigned() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN (SELECT count(*) FROM public.journal_note n WHERE n.author_id = g.user_id AND n.state NOT IN ('SIGNED', 'COSIGNED'));
END $$;

-- Whether a colleague may take over: the author of this visible note can no longer act in the unit it was written in.
CREATE FUNCTION gate.author_left(p_note uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN coalesce((SELECT gate.left_unit(n.author_id, n.unit_id, g.at) FROM public.journal_note n
        WHERE n.id = p_note AND n.patient_id = ANY (g.subjects) AND n.state <> 'DRAFT'), false);
END $$;

-- The leader's list: what people who can no longer act in the unit have left there. No patient and no word of the text.
CREATE FUNCTION gate.left_notes() RETURNS TABLE (
    note_id uuid, kind text, state text, event_at timestamptz, recorded_at timestamptz, author text, left_at timestamptz, corrects boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
BEGIN
    RETURN QUERY
    SELECT n.id, coalesce(d.name, n.title), n.state::text, n.event_at, n.recorded_at, u.given_name || ' ' || u.family_name,
        (SELECT max(a.valid_to) FROM public.access_accessauthorisation a WHERE a.user_id = n.author_id AND a.unit_id = n.unit_id), n.corrects_id IS NOT NULL
    FROM public.journal_note n JOIN public.access_user u ON u.id = n.author_id LEFT JOIN public.access_documenttype d ON d.code = n.document_type_id
    WHERE n.unit_id = g.unit_id AND n.state NOT IN ('SIGNED', 'COSIGNED') AND gate.left_unit(n.author_id, n.unit_id, g.at)
    ORDER BY n.event_at, n.id;
END $$;

CREATE FUNCTION gate.left_notes_count() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN CASE WHEN gate.leads(g) THEN (
        SELECT count(*) FROM public.journal_note n
        WHERE n.unit_id = g.unit_id AND n.state NOT IN ('SIGNED', 'COSIGNED') AND gate.left_unit(n.author_id, n.unit_id, g.at)) ELSE 0 END;
END $$;

-- The leader settles a draft that its author will never sign: what was written becomes visible to those who have the record open, unsigned, and
-- a colleague goes on with it. An empty draft, and that of a correction (what it would correct stands signed), is thrown away instead.
-- Returns shown, thrown_away, or NULL when there is no such draft.
CREATE FUNCTION gate.left_draft_settle(p_note uuid, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
    n public.journal_note;
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', 'left_draft_settle', 'route', 'left_notes'));
    shown boolean;
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'this needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    SELECT x.* INTO n FROM public.journal_note x
    WHERE x.id = p_note AND x.unit_id = g.unit_id AND x.state = 'DRAFT' AND gate.left_unit(x.author_id, x.unit_id, g.at) FOR UPDATE;
    IF n.id IS NULL THEN
        RETURN NULL;
    END IF;
    shown := n.corrects_id IS NULL AND EXISTS (SELECT 1 FROM jsonb_each_text(n.content) t WHERE btrim(t.value) <> '');
    IF shown THEN
        INSERT INTO public.journal_noteversion (id, patient_id, category, document_type_id, stay_id, unit_id, legal_entity_id, author_id, origin_id, event_at,
            recorded_at, note_id, number, title, content, state, reason)
        VALUES (gen_random_uuid(), n.patient_id, n.category, n.document_type_id, n.stay_id, n.unit_id, n.legal_entity_id, g.user_id, n.id, n.event_at,
            g.at, n.id, 1, n.title, n.content, 'CONFIRMED', p_reason);
        UPDATE public.journal_note SET state = 'CONFIRMED', version = 1, lock_version = lock_version + 1, confirmed_at = g.at WHERE id = n.id;
    ELSE
        DELETE FROM public.journal_note WHERE id = n.id;
    END IF;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name FROM public.access_patient p WHERE p.id = n.patient_id;
    entry.reason := p_reason;
    entry.reason_code := CASE WHEN shown THEN 'shown' ELSE 'thrown_away' END;
    entry.objects_shown := jsonb_build_object('note', jsonb_build_array(n.id));
    PERFORM auditlog.write(entry);
    RETURN CASE WHEN shown THEN 'shown' ELSE 'thrown_away' END;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.note_work(), gate.own_unsigned(), gate.author_left(uuid), gate.left_notes(), gate.left_notes_count(), gate.left_draft_settle(uuid, text) TO epj_app;
