-- When one last had this patient's record open, before now: the last line of one's log about the patient before a pause of an hour, so that what is
-- new stays marked while one works with it. Lists that name the patient do not count. NULL where there is none within thirty days.
CREATE FUNCTION gate.last_look(p_patient uuid) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    later timestamptz := g.at;
    line record;
BEGIN
    IF NOT p_patient = ANY (g.subjects) THEN
        RETURN NULL;
    END IF;
    -- Walked from the newest back: the index gives them in that order, and the pause is mostly found soon.
    FOR line IN
        SELECT e.at FROM public.auditlog_entry e
        WHERE e.patient_id = p_patient AND e.user_id = g.user_id AND e.at < g.at AND e.at > g.at - interval '30 days'
            AND e.outcome = 'allow' AND e.action <> 'search'
        ORDER BY e.at DESC
    LOOP
        IF later - line.at > interval '1 hour' THEN
            RETURN line.at;
        END IF;
        later := line.at;
    END LOOP;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION gate.last_look(uuid) TO epj_app;

-- Which problem a note is about is said while it is a draft (`gate.note_kept` holds the rest).
GRANT UPDATE (problem_id) ON journal_note TO epj_app;
