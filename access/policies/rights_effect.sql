-- Who would gain and who would lose by a change of cells, over all who hold the roles and all patients under a measure now.
-- Patients are counted, never named. Blocks and agreements are left out: they narrow single entries, and change on their own.

-- One row per role, unit and patient with something to gain or lose by the unit's measures (user_id NULL), and one per person and patient with
-- a measure of the person's own, which counts instead. `cells`: [{role, template, category, after}]; gained and lost are sums of Action bits.
-- A right under a narrow measure (own unit only, since a date, writing in a tail) does not count as held when a wider one is gained.
CREATE FUNCTION gate.rights_effect_rows(cells jsonb, t timestamptz)
RETURNS TABLE (user_id uuid, role_id uuid, unit_id uuid, patient_id uuid, gained int, lost int)
LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, pg_temp SET jit = off SET enable_sort = off SET work_mem = '64MB' AS $$
BEGIN
    RETURN QUERY
    WITH changed AS (
        SELECT (c ->> 'role')::uuid AS role_id, (c ->> 'template')::uuid AS template_id, (c ->> 'category')::smallint AS category,
            (c ->> 'after')::int AS after
        FROM jsonb_array_elements(cells) c
    ), matrix AS MATERIALIZED (
        -- The rows of the matrix that are touched, under every measure template: another one may give the same.
        SELECT a.role_id, mt.id AS template_id, a.category, mt.own_unit_only, mt.tail_hours,
            coalesce(x.actions, 0) & m.kept AS before, coalesce(c.after, x.actions, 0) & m.kept AS after
        FROM (SELECT DISTINCT d.role_id, d.category FROM changed d) a
        CROSS JOIN public.access_measuretemplate mt
        JOIN public.access_roletemplate r ON r.id = a.role_id
        CROSS JOIN LATERAL (SELECT CASE WHEN r.may_chart THEN 127 ELSE 127 & ~12 END AS kept) m
        LEFT JOIN LATERAL gate.rights_in_force(a.role_id, t) x ON x.template_id = mt.id AND x.category_id = a.category
        LEFT JOIN changed c ON c.role_id = a.role_id AND c.template_id = mt.id AND c.category = a.category
    ), holder AS MATERIALIZED (
        SELECT h.* FROM gate.holders(t) h WHERE h.licensed AND h.role_id IN (SELECT d.role_id FROM changed d)
    ), measure AS MATERIALIZED (
        SELECT m.patient_id, m.unit_id, m.performer_id, m.template_id, m.scope_categories, m.scope_since, m.ends_at <= t AS in_tail
        FROM public.access_decidedmeasure m JOIN public.access_measuretemplate mt ON mt.id = m.template_id
        WHERE m.starts_at <= t AND (m.ends_at IS NULL OR t < m.ends_at + make_interval(hours => mt.tail_hours))
            AND m.template_id IN (SELECT x.template_id FROM matrix x WHERE x.before <> 0 OR x.after <> 0)
    ), own AS MATERIALIZED (
        SELECT DISTINCT h.user_id, h.role_id, h.unit_id, m.patient_id FROM holder h JOIN measure m ON m.performer_id = h.user_id
    ), weighed AS (
        SELECT NULL::uuid AS user_id, p.role_id, p.unit_id, m.patient_id, m.template_id, m.scope_categories, m.scope_since, m.in_tail
        FROM (SELECT DISTINCT h.role_id, h.unit_id FROM holder h) p JOIN measure m ON m.unit_id = p.unit_id
        UNION ALL
        SELECT o.user_id, o.role_id, o.unit_id, m.patient_id, m.template_id, m.scope_categories, m.scope_since, m.in_tail
        FROM own o JOIN measure m ON m.patient_id = o.patient_id AND (m.unit_id = o.unit_id OR m.performer_id = o.user_id)
    ), answer AS (
        SELECT w.user_id, w.role_id, w.unit_id, w.patient_id, x.category,
            bit_or(x.after & ~x.before) & ~bit_or(x.before & s.wide) AS gained,
            bit_or(x.before & ~x.after) & ~bit_or(x.after & s.wide) AS lost
        FROM weighed w
        JOIN matrix x ON x.role_id = w.role_id AND x.template_id = w.template_id
            AND (w.scope_categories IS NULL OR x.category = ANY (w.scope_categories))
        CROSS JOIN LATERAL (
            SELECT CASE WHEN x.own_unit_only OR w.scope_since IS NOT NULL THEN 0 WHEN w.in_tail THEN 127 & ~12 ELSE 127 END AS wide
        ) s
        GROUP BY w.user_id, w.role_id, w.unit_id, w.patient_id, x.category
    )
    SELECT a.user_id, a.role_id, a.unit_id, a.patient_id, bit_or(a.gained), bit_or(a.lost)
    FROM answer a
    GROUP BY a.user_id, a.role_id, a.unit_id, a.patient_id
    HAVING a.user_id IS NOT NULL OR bit_or(a.gained) <> 0 OR bit_or(a.lost) <> 0;
END $$;

-- No just-in-time compilation: it takes longer than the query.
-- {gain, lose: {people, patients, units: [{role, unit, entity, patients, people: [{name, patients}]}]}}; numbers are of different people.
CREATE FUNCTION gate.rights_effect(p_cells jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_sort = off SET work_mem = '64MB' AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN (
    WITH effect AS MATERIALIZED (
        SELECT x.user_id, x.role_id, x.unit_id, x.patient_id, x.gained <> 0 AS gains, x.lost <> 0 AS loses FROM gate.rights_effect_rows(p_cells, g.at) x
    ), by_unit AS (
        SELECT e.role_id, e.unit_id, count(*) FILTER (WHERE e.gains) AS gains, count(*) FILTER (WHERE e.loses) AS loses
        FROM effect e WHERE e.user_id IS NULL GROUP BY 1, 2
    ), by_own AS (
        -- What differs for the person from what the unit's measures give all who work there.
        SELECT o.user_id, o.role_id, o.unit_id, count(*) FILTER (WHERE o.gains) - count(*) FILTER (WHERE u.gains) AS gains,
            count(*) FILTER (WHERE o.loses) - count(*) FILTER (WHERE u.loses) AS loses
        FROM (SELECT * FROM effect e WHERE e.user_id IS NOT NULL) o
        LEFT JOIN (SELECT * FROM effect e WHERE e.user_id IS NULL) u
            ON u.patient_id = o.patient_id AND u.unit_id = o.unit_id AND u.role_id = o.role_id
        GROUP BY 1, 2, 3
    ), patients AS (
        SELECT count(*) FILTER (WHERE p.gains) AS gains, count(*) FILTER (WHERE p.loses) AS loses
        FROM (SELECT bool_or(e.gains) AS gains, bool_or(e.loses) AS loses FROM effect e GROUP BY e.patient_id) p
    ), people AS (
        SELECT w.way, h.role_id, h.unit_id, h.user_id, h.user_name, w.patients
        FROM gate.holders(g.at) h
        LEFT JOIN by_unit u ON u.role_id = h.role_id AND u.unit_id = h.unit_id
        LEFT JOIN by_own o ON o.role_id = h.role_id AND o.unit_id = h.unit_id AND o.user_id = h.user_id
        CROSS JOIN LATERAL (VALUES
            ('gain', coalesce(u.gains, 0) + coalesce(o.gains, 0)), ('lose', coalesce(u.loses, 0) + coalesce(o.loses, 0))) w (way, patients)
        WHERE h.licensed AND w.patients > 0
    ), units AS (
        SELECT p.way, jsonb_agg(jsonb_build_object('role', p.name, 'unit', p.unit, 'entity', p.entity, 'patients', p.patients, 'people', p.people)
            ORDER BY p.unit, p.name) AS units
        FROM (
            SELECT x.way, r.name, o.name AS unit, e.name AS entity, max(x.patients) AS patients,
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
        'patients', (SELECT CASE w.way WHEN 'gain' THEN p.gains ELSE p.loses END FROM patients p),
        'units', coalesce((SELECT u.units FROM units u WHERE u.way = w.way), '[]')))
    FROM (VALUES ('gain'), ('lose')) w (way));
END $$;

GRANT EXECUTE ON FUNCTION gate.rights_effect(jsonb) TO epj_app;
