-- The roll-out: read by all who act, switched by those who hold the plan; grades are read only as figures.

CREATE FUNCTION gate.manages_plan(p_plan uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission x JOIN public.auth_permission p ON p.id = x.permission_id
        JOIN public.django_content_type t ON t.id = p.content_type_id
        WHERE x.user_id = g.user_id AND x.object_pk = p_plan::text
            AND p.codename = 'manage_rollout' AND t.app_label = 'telemed' AND t.model = 'rolloutplan');
END $$;

-- Per entity and kind, of sessions in a time: held, cancelled, what was spared, and how those who took part found them. Figures about patients
-- and grades stand only where at least five sessions, or answers, are behind them.
CREATE FUNCTION gate.rollout_figures(p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    entity_id uuid, kind text, held int, cancelled int, saved_km int, saved_hours numeric, answers int, useful numeric, technical numeric, prepared numeric, again int, asked int, patient numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN QUERY
    WITH b AS (
        SELECT x.id, x.legal_entity_id, x.kind AS k, x.status FROM public.telemed_booking x
        WHERE x.about_patient AND x.starts_at >= p_from AND x.starts_at < p_to AND x.status IN ('held', 'cancelled')
    ), spared AS (
        SELECT p.booking_id, sum(p.saved_km) AS km, sum(p.saved_escort_hours) AS hours FROM public.telemed_bookingpatient p
        WHERE p.booking_id IN (SELECT id FROM b) GROUP BY p.booking_id
    ), graded AS (
        SELECT b.legal_entity_id, b.k, count(*)::int AS n, avg(e.useful) AS u, avg(e.technical) AS t, avg(e.prepared) AS p, count(*) FILTER (WHERE e.again)::int AS a,
            count(e.patient)::int AS asked, avg(e.patient) AS pt
        FROM public.telemed_evaluation e JOIN b ON b.id = e.booking_id GROUP BY b.legal_entity_id, b.k
    )
    SELECT b.legal_entity_id, b.k::text, count(*) FILTER (WHERE b.status = 'held')::int, count(*) FILTER (WHERE b.status = 'cancelled')::int,
        CASE WHEN count(*) FILTER (WHERE b.status = 'held') >= 5 THEN sum(s.km)::int END,
        CASE WHEN count(*) FILTER (WHERE b.status = 'held') >= 5 THEN sum(s.hours) END,
        max(q.n), max(CASE WHEN q.n >= 5 THEN round(q.u, 1) END), max(CASE WHEN q.n >= 5 THEN round(q.t, 1) END),
        max(CASE WHEN q.n >= 5 THEN round(q.p, 1) END), max(CASE WHEN q.n >= 5 THEN q.a END),
        max(q.asked), max(CASE WHEN q.asked >= 5 THEN round(q.pt, 1) END)
    FROM b LEFT JOIN spared s ON s.booking_id = b.id AND b.status = 'held' LEFT JOIN graded q ON q.legal_entity_id = b.legal_entity_id AND q.k = b.k
    GROUP BY b.legal_entity_id, b.k;
END $$;

-- Whether the acting person has graded a booking.
CREATE FUNCTION gate.evaluated(p_booking uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.telemed_evaluation e WHERE e.booking_id = p_booking AND e.author_id = g.user_id);
END $$;

ALTER TABLE telemed_rolloutplan ENABLE ROW LEVEL SECURITY;
ALTER TABLE telemed_featureperiod ENABLE ROW LEVEL SECURITY;
ALTER TABLE telemed_evaluation ENABLE ROW LEVEL SECURITY;
ALTER TABLE telemed_experience ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON telemed_rolloutplan, telemed_featureperiod, telemed_experience TO epj_app;
GRANT INSERT ON telemed_featureperiod, telemed_evaluation, telemed_experience TO epj_app;
GRANT UPDATE (valid_to) ON telemed_featureperiod TO epj_app;
CREATE POLICY read ON telemed_rolloutplan FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY read ON telemed_featureperiod FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY read ON telemed_experience FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY switch ON telemed_featureperiod FOR INSERT TO epj_app WITH CHECK (
    gate.manages_plan(plan_id) AND set_by_id = (SELECT (gate.current_grant()).user_id));
CREATE POLICY ended ON telemed_featureperiod FOR UPDATE TO epj_app USING (gate.manages_plan(plan_id));
CREATE POLICY grade ON telemed_evaluation FOR INSERT TO epj_app WITH CHECK (
    author_id = (SELECT (gate.current_grant()).user_id)
    AND EXISTS (SELECT 1 FROM telemed_booking b WHERE b.id = booking_id AND b.status = 'held'));
-- Whoever charts, and whoever holds a plan, tells what has been learnt.
CREATE POLICY tell ON telemed_experience FOR INSERT TO epj_app WITH CHECK (EXISTS (
    SELECT 1 FROM gate.current_grant() g
    WHERE (g.may_chart OR EXISTS (SELECT 1 FROM telemed_rolloutplan p WHERE gate.manages_plan(p.id))) AND author_id = g.user_id AND legal_entity_id = g.entity_id));

-- A session about a patient is made only where its kind is switched on that day, whoever asks.
CREATE FUNCTION gate.kind_switched_on(p_entity uuid, p_kind text, p_day date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    RETURN g.user_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM public.telemed_featureperiod f JOIN public.telemed_rolloutplan p ON p.id = f.plan_id
        WHERE gate.holder(p.legal_entity_id, gate.clock()) = p_entity AND f.kind = p_kind AND f.stage IN ('pilot', 'in_use')
            AND f.valid_from <= p_day AND (f.valid_to IS NULL OR p_day <= f.valid_to));
END $$;
CREATE POLICY kind_switched_on ON telemed_booking AS RESTRICTIVE FOR INSERT TO epj_app WITH CHECK (
    NOT about_patient OR gate.kind_switched_on(legal_entity_id, kind, (starts_at AT TIME ZONE 'Europe/Oslo')::date));

GRANT EXECUTE ON FUNCTION
    gate.manages_plan(uuid), gate.rollout_figures(timestamptz, timestamptz), gate.evaluated(uuid), gate.kind_switched_on(uuid, text, date) TO epj_app;
