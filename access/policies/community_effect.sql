-- Who would gain and who would lose by a change of the agreement, over the real population: whose entries each unit reads before and after, the
-- staff who read there, and the unit's patients of whom those entities have charted. Patients are counted, never named.

-- {unit: [legal entity]}: whose entries each unit reads at a moment, by the rule itself.
CREATE FUNCTION gate.community_reach(p_at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(o.id, to_jsonb(gate.entities_for(o.id, p_at))), '{}') FROM public.access_orgunit o
        WHERE o.valid_to IS NULL OR o.valid_to > p_at);
END $$;

-- Which of these patients have an entry of one of these entities.
CREATE FUNCTION gate.charted_by(p_patients uuid[], p_entities uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
    RETURN QUERY EXECUTE (
        SELECT 'SELECT p FROM unnest($1) p WHERE '
            || string_agg(format('EXISTS (SELECT 1 FROM public.%I x WHERE x.patient_id = p AND x.legal_entity_id = ANY ($2))', name), ' OR ')
        FROM unnest(gate.record_tables()) name) USING p_patients, p_entities;
END $$;

-- One row per unit, way and patient with something to gain or lose. A measure that opens the own unit's entries only gives nothing here.
CREATE FUNCTION gate.reach_rows(p_before jsonb, p_after jsonb, t timestamptz) RETURNS TABLE (way text, unit_id uuid, entities uuid[], patient_id uuid)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unit uuid;
    direction text;
    theirs uuid[];
    patients uuid[];
BEGIN
    FOR unit, direction, theirs IN
        SELECT u.key::uuid, w.way, ARRAY(
            SELECT x::uuid FROM jsonb_array_elements_text(w.has) x WHERE NOT w.had @> to_jsonb(x))
        FROM jsonb_each(p_after) u
        CROSS JOIN LATERAL (VALUES
            ('gain', coalesce(p_before -> u.key, '[]'), u.value), ('lose', u.value, coalesce(p_before -> u.key, '[]'))) w (way, had, has)
    LOOP
        IF cardinality(theirs) > 0 THEN
            patients := ARRAY(
                SELECT DISTINCT m.patient_id FROM public.access_decidedmeasure m JOIN public.access_measuretemplate mt ON mt.id = m.template_id
                WHERE m.unit_id = unit AND NOT mt.own_unit_only AND m.starts_at <= t
                    AND (m.ends_at IS NULL OR t < m.ends_at + make_interval(hours => mt.tail_hours)));
            RETURN QUERY SELECT direction, unit, theirs, p FROM gate.charted_by(patients, theirs) p;
        END IF;
    END LOOP;
END $$;

-- {gain, lose: {people, patients, units: [{role, unit, entity, reads, patients, people: [{name, patients}]}]}}, as of rights_effect. `p_before`: of
-- community_reach, before the change; called after it, in a transaction that is taken back.
CREATE FUNCTION gate.community_effect(p_before jsonb, p_at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN (
    WITH reach AS MATERIALIZED (
        SELECT * FROM gate.reach_rows(p_before, gate.community_reach(p_at), g.at)
    ), by_unit AS (
        SELECT r.way, r.unit_id, count(*) AS patients, min(r.entities::text)::uuid[] AS entities FROM reach r GROUP BY 1, 2
    ), reads AS (
        SELECT r.id FROM public.access_roletemplate r
        WHERE EXISTS (SELECT 1 FROM gate.rights_in_force(r.id, g.at) x WHERE x.actions & 2 <> 0)
    ), people AS (
        SELECT u.way, u.unit_id, u.patients, u.entities, h.role_id, h.user_id, h.user_name
        FROM by_unit u JOIN gate.holders(g.at) h ON h.unit_id = u.unit_id AND h.licensed
        WHERE h.role_id IN (SELECT r.id FROM reads r)
    ), units AS (
        SELECT p.way, jsonb_agg(jsonb_build_object('role', p.name, 'unit', p.unit, 'entity', p.entity, 'reads', p.reads, 'patients', p.patients,
            'people', p.people) ORDER BY p.unit, p.name) AS units
        FROM (
            SELECT x.way, r.name, o.name AS unit, e.name AS entity, max(x.patients) AS patients,
                (SELECT string_agg(l.name, ', ' ORDER BY l.name) FROM public.access_legalentity l WHERE l.id = ANY (min(x.entities::text)::uuid[])) AS reads,
                jsonb_agg(jsonb_build_object('name', x.user_name, 'patients', x.patients) ORDER BY x.user_name) AS people
            FROM people x
            JOIN public.access_roletemplate r ON r.id = x.role_id
            JOIN public.access_orgunit o ON o.id = x.unit_id
            JOIN public.access_legalentity e ON e.id = o.legal_entity_id
            GROUP BY x.way, r.id, o.id, e.id
        ) p GROUP BY p.way
    )
    SELECT jsonb_object_agg(w.way, jsonb_build_object(
        'people', (SELECT count(DISTINCT p.user_id) FROM people p WHERE p.way = w.way),
        'patients', (SELECT count(DISTINCT r.patient_id) FROM reach r WHERE r.way = w.way AND r.unit_id IN (SELECT p.unit_id FROM people p WHERE p.way = w.way)),
        'units', coalesce((SELECT u.units FROM units u WHERE u.way = w.way), '[]')))
    FROM (VALUES ('gain'), ('lose')) w (way));
END $$;

GRANT EXECUTE ON FUNCTION gate.community_reach(timestamptz), gate.community_effect(jsonb, timestamptz) TO epj_app;
