-- The log reviewer's own functions. Whose log was read is itself logged, one row per patient, so that «who has looked in Kari's log» has an answer.

CREATE FUNCTION gate.reviewing() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF g.reviews_log IS NOT TRUE OR g.purpose <> 'log_review' THEN
        RAISE EXCEPTION 'not a log review' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- One row per patient whose look-ups the answer shows, and for the one the reviewer asked for.
CREATE FUNCTION gate.reviewed(patients uuid[], request jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
    entry public.auditlog_entry := gate.log_row(g, request || '{"action": "log_review"}');
BEGIN
    FOR entry.patient_id, entry.patient_name IN
        SELECT p.id, p.given_name || ' ' || p.family_name FROM public.access_patient p WHERE p.id = ANY (patients) ORDER BY p.id
    LOOP
        PERFORM auditlog.write(entry);
    END LOOP;
END $$;

-- The patient behind a full identity number, or NULL. Logged, also when the page it leads to is never fetched.
CREATE FUNCTION gate.review_patient(p_number text, request jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.reviewing();
    found uuid := (SELECT i.patient_id FROM public.access_patientidentity i WHERE i.value = p_number LIMIT 1);
BEGIN
    PERFORM gate.reviewed(ARRAY[found], request);
    RETURN found;
END $$;

GRANT EXECUTE ON FUNCTION gate.reviewed(uuid[], jsonb), gate.review_patient(text, jsonb) TO epj_app;
