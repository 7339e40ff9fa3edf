-- What waits for a doctor: blocks in force that nobody has assessed, of patients whom the unit (or the doctor) has now. A block that hits the
-- doctor is not told of, here as elsewhere.

CREATE FUNCTION gate.assesses(g gate.grant_t) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.access_roletemplate r WHERE r.id = g.role_id AND r.may_chart AND r.required_profession = 'doctor');
END $$;

CREATE FUNCTION gate.blocks_unassessed(g gate.grant_t) RETURNS SETOF public.access_blockregistration
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT r.* FROM public.access_blockregistration r
    WHERE NOT EXISTS (SELECT 1 FROM public.access_blockassessment a WHERE a.registration_id = r.id)
        AND EXISTS (
            SELECT 1 FROM public.access_decidedmeasure m
            WHERE m.patient_id = r.patient_id AND (m.unit_id = g.unit_id OR m.performer_id = g.user_id)
                AND m.starts_at <= g.at AND (m.ends_at IS NULL OR g.at < m.ends_at))
        AND EXISTS (
            SELECT 1 FROM public.access_accessblock b
            WHERE b.registration_id = r.id AND (b.valid_to IS NULL OR g.at < b.valid_to)
                AND b.id NOT IN (SELECT gate.blocks_hitting(g, r.patient_id)))
        AND EXISTS (
            SELECT 1 FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ARRAY[r.patient_id]) x WHERE x.actions & 1 <> 0);
END $$;

CREATE FUNCTION gate.blocks_to_assess() RETURNS TABLE (
    patient_id uuid, registration_id uuid, registered_at timestamptz, registered_by text, registered_in text, wish_kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT gate.assesses(g) THEN
        RAISE EXCEPTION 'a doctor assesses a block' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT r.patient_id, r.id, r.registered_at, coalesce(u.given_name || ' ' || u.family_name, ''), coalesce(o.name, ''), r.wish_kind::text
    FROM gate.blocks_unassessed(g) r
    LEFT JOIN public.access_user u ON u.id = r.registered_by_id LEFT JOIN public.access_orgunit o ON o.id = r.registered_in_id
    ORDER BY r.registered_at, r.id LIMIT 200;
END $$;

-- The number in the menu; 0 for those who do not assess.
CREATE FUNCTION gate.blocks_to_assess_count() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN CASE WHEN gate.assesses(g) THEN (SELECT count(*) FROM gate.blocks_unassessed(g)) ELSE 0 END;
END $$;

GRANT EXECUTE ON FUNCTION gate.blocks_to_assess(), gate.blocks_to_assess_count() TO epj_app;
