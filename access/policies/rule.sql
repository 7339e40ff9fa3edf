-- The access rule as the database states it (domain 3.2). access.domain.decide states it a second time, by another hand;
-- random worlds prove that they agree.

-- A function in SQL may name what a later file makes.
SET LOCAL check_function_bodies = off;

-- Which entity answers for another's entries at a time: follow successions that have taken place.
CREATE FUNCTION gate.holder(entity uuid, t timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    WITH RECURSIVE chain AS (
        SELECT id, successor_id, valid_to, 1 AS depth FROM public.access_legalentity WHERE id = entity
        UNION ALL
        SELECT e.id, e.successor_id, e.valid_to, chain.depth + 1
        FROM chain JOIN public.access_legalentity e ON e.id = chain.successor_id
        WHERE chain.valid_to <= t AND chain.depth < 50
    )
    SELECT id FROM chain ORDER BY depth DESC LIMIT 1);
END $$;

-- The entity that answers for another at a time, first, and all those whose entries it has taken over.
CREATE FUNCTION gate.answers_for(entity uuid, t timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own uuid := gate.holder(entity, t);
BEGIN
    RETURN own || ARRAY(
        SELECT e.id FROM public.access_legalentity e WHERE e.valid_to <= t AND e.successor_id IS NOT NULL AND gate.holder(e.id, t) = own AND e.id <> own);
END $$;

-- Whose entries a unit may read: its own entity's, and those bound to it by an agreement that covers its service (R21).
CREATE FUNCTION gate.entities_for(unit uuid, t timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
    WITH own AS (
        SELECT gate.holder(u.legal_entity_id, t) AS holder, u.service_code FROM public.access_orgunit u WHERE u.id = unit
    ), bound AS (
        SELECT theirs.legal_entity_id AS holder
        FROM own
        JOIN public.access_participation ours
            ON ours.legal_entity_id = own.holder AND ours.service_code = own.service_code AND ours.mode = 'member'
            AND ours.valid_from <= t AND (ours.valid_to IS NULL OR t < ours.valid_to)
        JOIN public.access_recordcommunity c
            ON c.id = ours.community_id AND c.valid_from <= t AND (c.valid_to IS NULL OR t < c.valid_to)
        JOIN public.access_participation theirs
            ON theirs.community_id = c.id AND theirs.mode = 'member'
            AND theirs.valid_from <= t AND (theirs.valid_to IS NULL OR t < theirs.valid_to)
        UNION
        SELECT holder FROM own
    )
    SELECT coalesce(array_agg(e.id), '{}') FROM public.access_legalentity e
    WHERE CASE WHEN e.valid_to <= t AND e.successor_id IS NOT NULL THEN gate.holder(e.id, t) ELSE e.id END
        IN (SELECT holder FROM bound));
END $$;

-- What one actor may do with these patients now: measure, role and right together (clauses 2 and 3). Like blocks_for it has no SET, so that
-- it is inlined where it is asked: by owner's functions only, which pin the path.
CREATE FUNCTION gate.rights_for(actor uuid, role uuid, unit uuid, t timestamptz, patients uuid[])
RETURNS TABLE (
    patient_id uuid, measure_id uuid, template_id uuid, category smallint, actions smallint,
    in_tail boolean, own_unit_only boolean, since timestamptz, user_selected boolean)
LANGUAGE sql STABLE AS $$
    SELECT m.patient_id, m.id, mt.id, rr.category_id, rr.actions,
        m.ends_at IS NOT NULL AND t >= m.ends_at, mt.own_unit_only, m.scope_since, m.user_selected
    FROM public.access_decidedmeasure m
    JOIN public.access_measuretemplate mt ON mt.id = m.template_id
    JOIN gate.rights_in_force(role, t) rr ON rr.template_id = mt.id
    WHERE m.patient_id = ANY (patients)
        AND (m.unit_id = unit OR m.performer_id = actor)
        AND m.starts_at <= t
        AND (m.ends_at IS NULL OR t < m.ends_at + make_interval(hours => mt.tail_hours))
        AND (m.scope_categories IS NULL OR rr.category_id = ANY (m.scope_categories))
$$;

-- Blocks of these patients that are in force now and aimed at this actor. `entity` is the one that answers for the actor's unit now; a block
-- against a merged entity goes on against its successor.
CREATE FUNCTION gate.blocks_for(actor uuid, role uuid, unit uuid, entity uuid, t timestamptz, patients uuid[])
RETURNS SETOF public.access_accessblock
LANGUAGE sql STABLE AS $$
    SELECT b.* FROM public.access_accessblock b
    WHERE b.patient_id = ANY (patients)
        AND b.valid_from <= t AND (b.valid_to IS NULL OR t < b.valid_to)
        AND CASE b.target
            WHEN 'everyone' THEN true
            WHEN 'user' THEN b.target_id = actor
            WHEN 'role' THEN b.target_id = role
            WHEN 'unit' THEN b.target_id = unit
            WHEN 'legal_entity' THEN gate.holder(b.target_id, t) = entity
            ELSE true
        END
        AND NOT EXISTS (
            SELECT 1 FROM public.access_blockexception x
            WHERE x.block_id = b.id AND (x.user_id = actor OR x.unit_id = unit))
$$;

-- May the acting person do this (bit of the action mask) with this row? The whole rule but the draft clause.
CREATE FUNCTION gate.allows(
    wanted int, p_patient uuid, p_category int, p_document_type text, p_stay uuid, p_entry uuid, p_origin uuid,
    p_unit uuid, p_entity uuid, p_event_at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    IF g.user_id IS NULL OR NOT p_patient = ANY (g.subjects) OR NOT p_entity = ANY (g.entities) THEN
        RETURN false;
    END IF;
    IF wanted & 12 <> 0 AND NOT g.may_chart THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ARRAY[p_patient]) r
        WHERE r.category = p_category AND r.actions & wanted = wanted
            AND (r.since IS NULL OR p_event_at >= r.since)
            AND (NOT r.own_unit_only OR p_unit = g.unit_id)
            AND (wanted & 12 = 0 OR NOT r.in_tail OR p_unit = g.unit_id)
    ) THEN
        RETURN false;
    END IF;
    IF NOT p_patient = ANY (g.careful) THEN
        RETURN true;
    END IF;
    RETURN NOT EXISTS (
        SELECT 1 FROM gate.blocks_for(g.user_id, g.role_id, g.unit_id, g.entity_id, g.at, ARRAY[p_patient]) b
        WHERE CASE b.scope
                WHEN 'record' THEN p_category <> 3
                WHEN 'stay' THEN p_category <> 3 AND b.stay_id = p_stay
                WHEN 'category' THEN b.category = p_category
                WHEN 'document_type' THEN b.document_type = p_document_type
                WHEN 'entry' THEN b.entry_id = p_entry OR (p_category <> 3 AND b.entry_id = p_origin)
                ELSE true
            END
            AND (b.entries_from IS NULL OR p_event_at >= b.entries_from)
            AND (b.entries_to IS NULL OR p_event_at < b.entries_to)
    ) OR EXISTS (
        SELECT 1 FROM public.access_blockopening o
        WHERE o.user_id = g.user_id AND o.entry_id = p_entry AND o.patient_id = p_patient
            AND o.opened_at <= g.at AND g.at < o.valid_to
    );
END $$;

GRANT EXECUTE ON FUNCTION gate.allows(int, uuid, int, text, uuid, uuid, uuid, uuid, uuid, timestamptz) TO epj_app;
