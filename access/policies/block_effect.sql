-- What a block leads to, asked of the rule itself: a grant is made for each reader in turn, and gate.allows answers for it.
-- Owner's functions only, but for those granted at the end.

-- The grant that a person in a role would have for this patient; user_id NULL when the authorisation gives nothing now.
CREATE FUNCTION gate.stand_in(p_authorisation uuid, p_patient uuid) RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session;
    g gate.grant_t;
BEGIN
    SELECT a.id, a.user_id INTO s.authorisation_id, s.user_id
    FROM public.access_accessauthorisation a JOIN public.access_user u ON u.id = a.user_id WHERE a.id = p_authorisation AND u.is_active;
    g := gate.actor_of(s);
    g.subjects := ARRAY[p_patient];
    g.read_masks := ARRAY[0];
    g.careful := ARRAY[p_patient];
    RETURN g;
END $$;

-- Units that treat the patient now and have nobody who could read what is charted there today, in a field that the person charts in.
-- Measured by the rule, so that it counts whatever hits: this block, an older one, or both together.
CREATE FUNCTION gate.units_unable(g gate.grant_t, p_patient uuid) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    treats record;
    one record;
    reader gate.grant_t;
    able boolean;
    unable uuid[] := '{}';
BEGIN
    FOR treats IN
        SELECT m.unit_id, o.legal_entity_id, (array_agg(m.source_id) FILTER (WHERE t.code = 'ADMITTED'))[1] AS stay_id
        FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        JOIN public.access_orgunit o ON o.id = m.unit_id
        WHERE m.patient_id = p_patient AND t.code IN ('NOTIFIED', 'ADMITTED', 'SERVICE_HEALTH')
            AND m.starts_at <= g.at AND (m.ends_at IS NULL OR g.at < m.ends_at)
        GROUP BY m.unit_id, o.legal_entity_id
    LOOP
        able := false;
        FOR one IN
            SELECT a.id, a.role_id FROM public.access_accessauthorisation a JOIN public.access_roletemplate r ON r.id = a.role_id
            WHERE a.unit_id = treats.unit_id AND r.may_chart AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to)
        LOOP
            reader := gate.stand_in(one.id, p_patient);
            CONTINUE WHEN reader.user_id IS NULL;
            PERFORM gate.set_grant(reader);
            -- Care is charted in all categories but contacts, logistics, critical information, casework, arrival and tasks.
            able := EXISTS (
                SELECT 1 FROM public.access_infocategory c
                WHERE c.code NOT IN (1, 2, 3, 11, 12, 13) AND EXISTS (
                    SELECT 1 FROM public.access_roleright x WHERE x.role_id = one.role_id AND x.category_id = c.code AND x.actions & 4 <> 0)
                AND gate.allows(2, p_patient, c.code, NULL, treats.stay_id, gen_random_uuid(), NULL, treats.unit_id, treats.legal_entity_id, g.at));
            EXIT WHEN able;
        END LOOP;
        IF NOT able THEN
            unable := unable || treats.unit_id;
        END IF;
    END LOOP;
    PERFORM gate.set_grant(g);
    RETURN unable;
END $$;

-- Those who may know of the patient now, one line for each person and role: whom a preview can be shown as.
CREATE FUNCTION gate.block_readers(p_patient uuid) RETURNS TABLE (
    authorisation_id uuid, user_id uuid, family_name text, given_name text, role_id uuid, role_name text, mark text, unit_id uuid, unit_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
BEGIN
    RETURN QUERY
    SELECT a.id, u.id, u.family_name, u.given_name, r.id, r.name, r.mark::text, o.id, o.name
    FROM public.access_accessauthorisation a
    JOIN public.access_user u ON u.id = a.user_id AND u.is_active
    JOIN public.access_roletemplate r ON r.id = a.role_id
    JOIN public.access_orgunit o ON o.id = a.unit_id
    WHERE a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to)
        AND (o.id IN (SELECT m.unit_id FROM public.access_decidedmeasure m WHERE m.patient_id = p_patient)
            OR u.id IN (SELECT m.performer_id FROM public.access_decidedmeasure m WHERE m.patient_id = p_patient))
        AND EXISTS (SELECT 1 FROM gate.rights_for(u.id, r.id, o.id, g.at, ARRAY[p_patient]) x WHERE x.actions & 2 <> 0)
    ORDER BY o.name, r.name, u.family_name, u.given_name;
END $$;

-- The newest entries that a person in a role may read, as the rule answers at this moment of the transaction; or could, were there no
-- blocks (the rule asks of blocks only for those among the careful). The caller puts the own grant back.
CREATE FUNCTION gate.readable_as(p_authorisation uuid, p_patient uuid, p_limit int, p_blocks boolean DEFAULT true) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reader gate.grant_t := gate.stand_in(p_authorisation, p_patient);
BEGIN
    IF reader.user_id IS NULL THEN
        RETURN '{}';
    END IF;
    IF NOT p_blocks THEN
        reader.careful := '{}';
    END IF;
    PERFORM gate.set_grant(reader);
    RETURN ARRAY(
        SELECT e.entry_id FROM (
            SELECT * FROM gate.entries_of(p_patient) x WHERE x.kind <> 'noteversion' ORDER BY x.event_at DESC, x.entry_id LIMIT p_limit) e
        WHERE gate.allows(2, p_patient, e.category, e.document_type, e.stay_id, e.entry_id,
            e.origin_id, e.unit_id, e.entity_id, e.event_at));
END $$;

-- What the blocks would do before they are registered: they are written, looked at, and taken back.
-- One who treats is told only of entries open to that person: what is blocked for the one who registers is not counted for anybody.
-- {unable: [unit …], groups: [{role, mark, unit, people, hidden}], hidden: entries that somebody would lose, medication, critical: bool,
-- seen: [{at, unit, hidden}] as `p_as` would read it}. Of the record dates and units only.
CREATE FUNCTION gate.block_try(p_patient uuid, whats jsonb, p_as uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
    newest constant int := 300;
    unable uuid[] := gate.units_unable(g, p_patient);
    mine uuid[] := gate.told_of(g, p_patient, newest);
    readers jsonb := '[]';
    before uuid[];
    one record;
    lost uuid[] := '{}';
    groups jsonb := '[]';
    seen jsonb := '[]';
    now_unable uuid[];
BEGIN
    FOR one IN SELECT * FROM gate.reader_groups(p_patient, whats) LOOP
        readers := readers || jsonb_build_array(to_jsonb(one) || jsonb_build_object('before', gate.readable_as(one.authorisation_id, p_patient, newest)));
        PERFORM gate.set_grant(g);
    END LOOP;
    before := gate.readable_as(p_as, p_patient, newest);
    PERFORM gate.set_grant(g);
    BEGIN
        PERFORM gate.blocks_write(g, p_patient, whats, '{"kind": "patient", "wish_of": "-"}');
        now_unable := gate.units_unable(g, p_patient);
        FOR one IN SELECT x.value AS reader FROM jsonb_array_elements(readers) x LOOP
            DECLARE
                gone uuid[] := ARRAY(
                    SELECT id::uuid FROM jsonb_array_elements_text(one.reader -> 'before') id
                    EXCEPT SELECT unnest(gate.readable_as((one.reader ->> 'authorisation_id')::uuid, p_patient, newest)));
            BEGIN
                PERFORM gate.set_grant(g);
                gone := ARRAY(SELECT id FROM unnest(gone) id WHERE mine IS NULL OR id = ANY (mine));
                lost := lost || gone;
                groups := groups || jsonb_build_array((one.reader - '{before,authorisation_id}'::text[]) || jsonb_build_object('hidden', cardinality(gone)));
            END;
        END LOOP;
        seen := gate.outline_as(p_as, p_patient, before, mine, newest);
        RAISE EXCEPTION 'taken back' USING ERRCODE = 'triggered_action_exception';
    EXCEPTION WHEN triggered_action_exception THEN
        PERFORM gate.set_grant(g);
    END;
    RETURN jsonb_build_object(
        'unable', (SELECT coalesce(jsonb_agg(o.name ORDER BY o.name), '[]') FROM public.access_orgunit o
            WHERE o.id = ANY (now_unable) AND NOT o.id = ANY (unable)),
        'groups', groups, 'seen', seen, 'hidden', (SELECT count(DISTINCT x) FROM unnest(lost) x))
        || (SELECT jsonb_build_object('medication', count(*) FILTER (WHERE e.category = 5) > 0, 'critical', count(*) FILTER (WHERE e.category = 3) > 0)
            FROM gate.entries_of(p_patient) e WHERE e.entry_id = ANY (lost));
END $$;

-- One person stands for all who hold the same role in the same unit, unless a block names somebody: that person is asked for alone.
CREATE FUNCTION gate.reader_groups(p_patient uuid, whats jsonb) RETURNS TABLE (
    authorisation_id uuid, role text, mark text, unit text, people bigint, person text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named uuid[] := ARRAY(
        SELECT (w ->> 'target_id')::uuid FROM jsonb_array_elements(whats) w WHERE w ->> 'target' = 'user'
        UNION SELECT (x ->> 'user_id')::uuid FROM jsonb_array_elements(whats) w, jsonb_array_elements(coalesce(w -> 'exceptions', '[]')) x
        UNION SELECT b.target_id FROM public.access_accessblock b WHERE b.patient_id = p_patient AND b.target = 'user'
        UNION SELECT o.user_id FROM public.access_blockopening o WHERE o.patient_id = p_patient AND o.valid_to > gate.clock());
BEGIN
    RETURN QUERY
    SELECT (array_agg(r.authorisation_id))[1], r.role_name, r.mark, r.unit_name, count(*),
        CASE WHEN r.user_id = ANY (named) THEN min(r.given_name || ' ' || r.family_name) ELSE '' END
    FROM gate.block_readers(p_patient) r
    GROUP BY r.unit_name, r.role_name, r.mark, r.unit_id, r.role_id, CASE WHEN r.user_id = ANY (named) THEN r.user_id END, r.user_id = ANY (named)
    ORDER BY r.unit_name, r.role_name;
END $$;

-- The entries that the one who registers may be told of; NULL for an administrator, who is told of all, as dates and units.
CREATE FUNCTION gate.told_of(g gate.grant_t, p_patient uuid, newest int) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine uuid[];
BEGIN
    IF NOT g.administers_access THEN
        mine := gate.readable_as(g.authorisation_id, p_patient, newest);
        PERFORM gate.set_grant(g);
    END IF;
    RETURN mine;
END $$;

-- [{at, unit, hidden}]: what was readable before, with what is no longer.
CREATE FUNCTION gate.outline_as(p_as uuid, p_patient uuid, before uuid[], mine uuid[], newest int) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_readable uuid[] := gate.readable_as(p_as, p_patient, newest);
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object('at', e.event_at, 'unit', o.name, 'hidden', NOT e.entry_id = ANY (now_readable))
            ORDER BY e.event_at DESC, e.entry_id), '[]')
        FROM gate.entries_of(p_patient) e JOIN public.access_orgunit o ON o.id = e.unit_id WHERE e.entry_id = ANY (before || now_readable)
            AND (mine IS NULL OR e.entry_id = ANY (mine)));
END $$;

-- «Slik ser NN det» with the blocks that are in force. Logged: it tells what a colleague may see.
CREATE FUNCTION gate.block_seen_as(p_patient uuid, p_as uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.blocking(p_patient);
    reader gate.grant_t := gate.stand_in(p_as, p_patient);
    newest constant int := 300;
    seen jsonb;
    told boolean;
BEGIN
    IF reader.user_id IS NULL THEN
        RETURN NULL;
    END IF;
    told := EXISTS (SELECT 1 FROM gate.blocks_for(reader.user_id, reader.role_id, reader.unit_id, reader.entity_id, g.at, ARRAY[p_patient]));
    seen := gate.outline_as(p_as, p_patient, gate.readable_as(p_as, p_patient, newest, false), gate.told_of(g, p_patient, newest), newest);
    PERFORM gate.set_grant(g);
    PERFORM gate.log_block(g, 'block_preview', p_patient, '');
    RETURN jsonb_build_object('seen', seen, 'told', told);
END $$;

-- What is blocked for the acting person and would be open without the block: date and unit, after a basis has been given. Logged with it.
CREATE FUNCTION gate.blocked_entries(p_patient uuid, p_basis text, p_reason text)
RETURNS TABLE (entry_id uuid, event_at timestamptz, unit_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    readable uuid[];
    whole uuid[];
BEGIN
    IF NOT (g.may_chart AND p_patient = ANY (g.subjects)) OR btrim(p_reason) = '' OR p_basis NOT IN ('consent', 'weighty') THEN
        RAISE EXCEPTION 'what is blocked is told of with an open record, a basis and a reason' USING ERRCODE = 'check_violation';
    END IF;
    readable := gate.readable_as(g.authorisation_id, p_patient, 5000);
    whole := gate.readable_as(g.authorisation_id, p_patient, 5000, false);
    PERFORM gate.set_grant(g);
    PERFORM gate.log_block(g, 'blocked_list', p_patient, p_reason);
    RETURN QUERY
    SELECT e.entry_id, e.event_at, o.name FROM gate.entries_of(p_patient) e JOIN public.access_orgunit o ON o.id = e.unit_id
    WHERE e.entry_id = ANY (whole) AND NOT e.entry_id = ANY (readable) ORDER BY e.event_at DESC, e.entry_id LIMIT 200;
END $$;

CREATE FUNCTION gate.authorisation_of(g gate.grant_t) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT g.authorisation_id $$;

-- Ends the acting person's own openings of a patient's entries before their time. How many ended.
CREATE FUNCTION gate.close_openings(p_patient uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    ended int;
BEGIN
    UPDATE public.access_blockopening o SET valid_to = greatest(g.at, o.opened_at)
    WHERE o.patient_id = p_patient AND o.user_id = g.user_id AND o.valid_to > g.at;
    GET DIAGNOSTICS ended = ROW_COUNT;
    IF ended > 0 THEN
        PERFORM gate.log_block(g, 'close_opening', p_patient, '');
    END IF;
    RETURN ended;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.block_readers(uuid), gate.block_try(uuid, jsonb, uuid), gate.block_seen_as(uuid, uuid), gate.blocked_entries(uuid, text, text),
    gate.close_openings(uuid) TO epj_app;
