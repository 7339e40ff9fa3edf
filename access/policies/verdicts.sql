-- What a unit's leader is told of control after the event: whose access in the unit was judged, how, when and by whom; never the patient, the
-- reason or the thread. Of the log's cases only those reported on: the others are nobody's business but the reviewer's (3.8).

CREATE FUNCTION gate.verdicts_told(g gate.grant_t) RETURNS SETOF public.access_reviewcase
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT c.* FROM public.access_reviewcase c
    WHERE c.unit_id = g.unit_id AND c.state = 'closed' AND c.user_id <> g.user_id AND (c.kind <> 'log' OR c.verdict = 'unlawful');
END $$;

CREATE FUNCTION gate.unit_verdicts() RETURNS TABLE (
    case_id uuid, family_name text, given_name text, kind text, verdict text, happened_at timestamptz, closed_at timestamptz, closed_by text,
    read_at timestamptz, read_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
BEGIN
    RETURN QUERY
    SELECT c.id, u.family_name, u.given_name, c.kind::text, c.verdict::text, c.happened_at, c.closed_at, b.given_name || ' ' || b.family_name,
        r.read_at, l.given_name || ' ' || l.family_name
    FROM gate.verdicts_told(g) c
    JOIN public.access_user u ON u.id = c.user_id JOIN public.access_user b ON b.id = c.closed_by_id
    -- One that was reopened and judged anew is to be read anew.
    LEFT JOIN public.access_verdictread r ON r.case_id = c.id AND r.read_at >= c.closed_at
    LEFT JOIN public.access_user l ON l.id = r.read_by_id
    WHERE r.read_at IS NULL OR r.read_at > g.at - interval '90 days'
    ORDER BY r.read_at IS NOT NULL, c.closed_at DESC, c.id LIMIT 100;
END $$;

CREATE FUNCTION gate.unit_verdicts_unread() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN CASE WHEN gate.leads(g) THEN (
        SELECT count(*) FROM gate.verdicts_told(g) c
        WHERE NOT EXISTS (SELECT 1 FROM public.access_verdictread r WHERE r.case_id = c.id AND r.read_at >= c.closed_at)) ELSE 0 END;
END $$;

-- The leader has read it. False for one that is not the unit's, or has been read.
CREATE FUNCTION gate.verdict_read(p_case uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
    c public.access_reviewcase;
BEGIN
    SELECT x.* INTO c FROM gate.verdicts_told(g) x WHERE x.id = p_case;
    IF c.id IS NULL OR EXISTS (SELECT 1 FROM public.access_verdictread r WHERE r.case_id = c.id AND r.read_at >= c.closed_at) THEN
        RETURN false;
    END IF;
    INSERT INTO public.access_verdictread (id, case_id, read_by_id, read_at) VALUES (gen_random_uuid(), c.id, g.user_id, g.at);
    PERFORM gate.register_log(g, 'verdict_read', '', jsonb_build_object('user', jsonb_build_array(c.user_id)));
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION gate.unit_verdicts(), gate.unit_verdicts_unread(), gate.verdict_read(uuid) TO epj_app;
