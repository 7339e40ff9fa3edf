-- Handles into a record, for what is written about it elsewhere. Closed: only these two functions read and write them.

ALTER TABLE access_recordlink ENABLE ROW LEVEL SECURITY;

-- Whether the acting person may open the record now: by the rule, as when it is opened.
CREATE FUNCTION gate.opens_record(g gate.grant_t, p_patient uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ARRAY[p_patient]) r WHERE r.actions & 2 <> 0);
END $$;

-- A handle for a page of a patient's; NULL for a page that the acting person may not open, whether it exists or not.
CREATE FUNCTION gate.record_link_make(p_path text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    patient uuid := substring(p_path FROM '^/pasient/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/')::uuid;
    made uuid := gen_random_uuid();
BEGIN
    IF patient IS NULL OR NOT gate.opens_record(g, patient) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.access_recordlink (id, patient_id, path, made_by_id, made_at) VALUES (made, patient, p_path, g.user_id, g.at);
    RETURN made;
END $$;

-- Where it leads; NULL alike for a handle that is none and for a record that is not the acting person's to open.
CREATE FUNCTION gate.record_link_follow(p_link uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN (SELECT l.path FROM public.access_recordlink l WHERE l.id = p_link AND gate.opens_record(g, l.patient_id));
END $$;

GRANT EXECUTE ON FUNCTION gate.record_link_make(text), gate.record_link_follow(uuid) TO epj_app;
