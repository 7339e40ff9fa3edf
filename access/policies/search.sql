-- Who the acting person may know of. Only ids leave these functions; the caller discloses them, and so logs them, before reading a name.

-- Live (not in the tail) measures of the acting unit or person by template: the ward board, the day list.
CREATE FUNCTION gate.unit_patients(template_codes text[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT m.patient_id FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        WHERE m.unit_id = g.unit_id AND t.code = ANY (template_codes)
            AND m.starts_at <= g.at AND (m.ends_at IS NULL OR m.ends_at > g.at)
            AND EXISTS (
                SELECT 1 FROM gate.rights_in_force(g.role_id, g.at) rr WHERE rr.template_id = t.id AND rr.actions & 1 <> 0
                    AND (m.scope_categories IS NULL OR rr.category_id = ANY (m.scope_categories))));
END $$;

-- Whom the acting person may know of, as one index range per unit and person: ended measures further back than the longest tail are not
-- read. ROWS is the size of a large unit: with the default the planner reads every patient there is to find these few.
CREATE FUNCTION gate.known_patients(g gate.grant_t) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE ROWS 500 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tail interval := (SELECT make_interval(hours => max(t.tail_hours)) FROM public.access_measuretemplate t);
BEGIN
    RETURN QUERY
    SELECT DISTINCT m.patient_id FROM (
        SELECT x.* FROM public.access_decidedmeasure x WHERE x.unit_id = g.unit_id AND x.ends_at IS NULL
        UNION ALL
        SELECT x.* FROM public.access_decidedmeasure x WHERE x.unit_id = g.unit_id AND x.ends_at > g.at - tail
        UNION ALL
        SELECT x.* FROM public.access_decidedmeasure x WHERE x.performer_id = g.user_id AND (x.ends_at IS NULL OR x.ends_at > g.at - tail)
    ) m JOIN public.access_measuretemplate t ON t.id = m.template_id
    WHERE m.starts_at <= g.at AND (m.ends_at IS NULL OR m.ends_at + make_interval(hours => t.tail_hours) > g.at)
        AND EXISTS (
            SELECT 1 FROM gate.rights_in_force(g.role_id, g.at) rr WHERE rr.template_id = t.id AND rr.actions & 1 <> 0
                AND (m.scope_categories IS NULL OR rr.category_id = ANY (m.scope_categories)));
END $$;

-- Name search in the visible set: every folded term begins a word of the name or is a near miss of one. Best first, at most 25.
CREATE FUNCTION gate.search_patients(terms text[], born date) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT p.id FROM gate.known_patients(g) k
        -- One look-up each: left to itself the planner reads every patient there is.
        CROSS JOIN LATERAL (SELECT x.* FROM public.access_patient x WHERE x.id = k OFFSET 0) p
        CROSS JOIN LATERAL (
            SELECT min(CASE WHEN ' ' || p.name_fold LIKE '% ' || term || '%' THEN 1.0 ELSE word_similarity(term, p.name_fold) END) AS worst
            FROM unnest(terms) AS term
        ) score
        WHERE (born IS NULL OR p.birth_date = born) AND (cardinality(terms) = 0 OR score.worst >= 0.5)
        ORDER BY score.worst DESC NULLS LAST, p.sort_name, p.id LIMIT 25);
END $$;

GRANT EXECUTE ON FUNCTION
    gate.unit_patients(text[]), gate.search_patients(text[], date) TO epj_app;
