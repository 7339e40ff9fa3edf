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

-- Everyone the acting person may know of now, with when the measure began; one page in Norwegian order of names.
CREATE FUNCTION gate.my_patients(after_name text, after_id uuid, page int) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT p.id FROM gate.known_patients(g) k JOIN public.access_patient p ON p.id = k
        WHERE after_name IS NULL OR (p.sort_name, p.id) > (after_name, after_id)
        ORDER BY p.sort_name, p.id LIMIT least(page, 100));
END $$;

CREATE FUNCTION gate.known_patients(g gate.grant_t) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT m.patient_id FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
    WHERE (m.unit_id = g.unit_id OR m.performer_id = g.user_id) AND m.starts_at <= g.at
        AND (m.ends_at IS NULL OR m.ends_at + make_interval(hours => t.tail_hours) > g.at)
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
        SELECT p.id FROM gate.known_patients(g) k JOIN public.access_patient p ON p.id = k
        CROSS JOIN LATERAL (
            SELECT min(CASE WHEN ' ' || p.name_fold LIKE '% ' || term || '%' THEN 1.0 ELSE word_similarity(term, p.name_fold) END) AS worst
            FROM unnest(terms) AS term
        ) score
        WHERE (born IS NULL OR p.birth_date = born) AND (cardinality(terms) = 0 OR score.worst >= 0.5)
        ORDER BY score.worst DESC NULLS LAST, p.sort_name, p.id LIMIT 25);
END $$;

GRANT EXECUTE ON FUNCTION
    gate.unit_patients(text[]), gate.my_patients(text, uuid, int), gate.search_patients(text[], date) TO epj_app;
