-- When one was here last, and with whom something has happened since: what the shift report begins from.

-- The end of one's last time at work in this unit: the last line of one's log before a pause of five hours. NULL where there is none within two weeks.
CREATE FUNCTION gate.last_here() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN (
        SELECT x.at FROM (
            SELECT e.at, lead(e.at, 1, g.at) OVER (ORDER BY e.at) AS next FROM public.auditlog_entry e
            WHERE e.user_id = g.user_id AND e.unit_id = g.unit_id AND e.at > g.at - interval '14 days' AND e.at <= g.at) x
        WHERE x.next - x.at > interval '5 hours' ORDER BY x.at DESC LIMIT 1);
END $$;

-- Those of these patients on whom others have charted since a time.
CREATE FUNCTION gate.charted_since(p_patients uuid[], p_since timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN ARRAY(SELECT DISTINCT c.patient_id FROM gate.charted(p_patients, p_since, g.at) c WHERE c.author_id <> g.user_id);
END $$;
GRANT EXECUTE ON FUNCTION gate.last_here(), gate.charted_since(uuid[], timestamptz) TO epj_app;
