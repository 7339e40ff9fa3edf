-- Courses of the register of authorisations, as sessions read them (R52), and what sessions spared month by month (R54).

-- Of these people: those who have a live completion of the course at a time.
CREATE FUNCTION gate.trained(p_users uuid[], p_course uuid, p_at timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT c.user_id FROM public.access_coursecompletion c
        WHERE c.user_id = ANY (p_users) AND c.course_id = p_course AND c.valid_from <= g.at AND (c.valid_to IS NULL OR p_at < c.valid_to));
END $$;

-- How an entity stands with the courses its sessions ask for: those who chart there, those who have the course, and those whose course runs out
-- within p_days. Numbers only.
CREATE FUNCTION gate.course_standing(p_days int) RETURNS TABLE (entity_id uuid, course_id uuid, people int, trained int, due int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN QUERY
    WITH asked AS (
        SELECT DISTINCT p.legal_entity_id AS entity, f.course_id AS course
        FROM public.telemed_featureperiod f JOIN public.telemed_rolloutplan p ON p.id = f.plan_id
        WHERE f.course_id IS NOT NULL AND (f.valid_to IS NULL OR f.valid_to >= g.at::date)
    ), staff AS (
        SELECT DISTINCT x.entity, a.user_id
        FROM asked x
        JOIN public.access_orgunit o ON gate.holder(o.legal_entity_id, g.at) = gate.holder(x.entity, g.at)
        JOIN public.access_accessauthorisation a ON a.unit_id = o.id AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to)
        JOIN public.access_roletemplate r ON r.id = a.role_id AND r.may_chart
    ), standing AS (
        SELECT x.entity, x.course, s.user_id, bool_or(c.id IS NOT NULL) AS has, min(coalesce(c.valid_to, 'infinity')) FILTER (WHERE c.id IS NOT NULL) AS soonest,
            max(coalesce(c.valid_to, 'infinity')) FILTER (WHERE c.id IS NOT NULL) AS latest
        FROM asked x LEFT JOIN staff s ON s.entity = x.entity
        LEFT JOIN public.access_coursecompletion c
            ON c.user_id = s.user_id AND c.course_id = x.course AND c.valid_from <= g.at AND (c.valid_to IS NULL OR g.at < c.valid_to)
        GROUP BY x.entity, x.course, s.user_id
    )
    SELECT s.entity, s.course, count(s.user_id)::int, count(*) FILTER (WHERE s.has)::int,
        count(*) FILTER (WHERE s.latest < g.at + make_interval(days => p_days))::int
    FROM standing s GROUP BY s.entity, s.course;
END $$;

-- Per entity and month: sessions about patients that were held, and what they spared of travel and escort. Sums stand only where at least five
-- sessions are behind them.
CREATE FUNCTION gate.spared_by_month(p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    entity_id uuid, month date, held int, saved_km int, saved_hours numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN QUERY
    WITH b AS (
        SELECT x.id, x.legal_entity_id AS entity, date_trunc('month', x.starts_at AT TIME ZONE 'Europe/Oslo')::date AS began FROM public.telemed_booking x
        WHERE x.about_patient AND x.status = 'held' AND x.starts_at >= p_from AND x.starts_at < p_to
    ), spared AS (
        SELECT p.booking_id, sum(p.saved_km) AS km, sum(p.saved_escort_hours) AS hours FROM public.telemed_bookingpatient p
        WHERE p.booking_id IN (SELECT id FROM b) GROUP BY p.booking_id
    )
    SELECT b.entity, b.began, count(*)::int, CASE WHEN count(*) >= 5 THEN coalesce(sum(s.km), 0)::int END,
        CASE WHEN count(*) >= 5 THEN coalesce(sum(s.hours), 0) END
    FROM b LEFT JOIN spared s ON s.booking_id = b.id GROUP BY b.entity, b.began;
END $$;

GRANT EXECUTE ON FUNCTION gate.trained(uuid[], uuid, timestamptz), gate.course_standing(int), gate.spared_by_month(timestamptz, timestamptz) TO epj_app;
