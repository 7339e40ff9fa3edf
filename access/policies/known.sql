-- Whom the acting person may know of, as one index range per unit and person: ended measures further back than the longest tail are not
-- read. ROWS is the size of a large unit: with the default the planner reads every patient there is to find these few.
CREATE OR REPLACE FUNCTION gate.known_patients(g gate.grant_t) RETURNS SETOF uuid
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
