-- Prints made by the worker. What is in them was read in the request that asked for them; the worker is given sealed sheaves and gives back
-- sealed files, and has no way to the record. A print is its maker's, in the role it was made in, while the patient is open to that person.

ALTER TABLE journal_printjob ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_printsheaf ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON journal_printjob TO epj_app;
GRANT INSERT ON journal_printjob TO epj_app;
GRANT SELECT (id, job_id, number, entries, file), INSERT ON journal_printsheaf TO epj_app;
-- Columns are named with their table: `user_id` alone would be the grant's own.
CREATE POLICY print_read ON journal_printjob FOR SELECT TO epj_app USING (EXISTS (
    SELECT 1 FROM gate.current_grant() g
    WHERE journal_printjob.user_id = g.user_id AND journal_printjob.authorisation_id = g.authorisation_id
        AND journal_printjob.patient_id = ANY (g.subjects) AND journal_printjob.expires_at > g.at));
CREATE POLICY print_insert ON journal_printjob FOR INSERT TO epj_app WITH CHECK (EXISTS (
    SELECT 1 FROM gate.current_grant() g
    WHERE journal_printjob.user_id = g.user_id AND journal_printjob.authorisation_id = g.authorisation_id
        AND journal_printjob.patient_id = ANY (g.subjects) AND asked_at = g.at AND expires_at = g.at + interval '24 hours'
        AND state = 'waiting' AND attempts = 0 AND lease_until IS NULL AND finished_at IS NULL));
CREATE POLICY sheaf_read ON journal_printsheaf FOR SELECT TO epj_app USING (EXISTS (SELECT 1 FROM journal_printjob j WHERE j.id = job_id));
CREATE POLICY sheaf_insert ON journal_printsheaf FOR INSERT TO epj_app WITH CHECK (
    file IS NULL AND EXISTS (SELECT 1 FROM journal_printjob j WHERE j.id = job_id AND j.state = 'waiting'));

-- Something of this patient goes on paper: what, to whom and why, as a row of its own.
CREATE FUNCTION gate.printed(p_patient uuid, p_what text, request jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    entry public.auditlog_entry := gate.log_row(g, request);
BEGIN
    IF (p_patient = ANY (g.subjects)) IS NOT TRUE THEN
        RAISE EXCEPTION 'this patient was not opened' USING ERRCODE = 'insufficient_privilege';
    END IF;
    entry.action := 'print';
    entry.reason := p_what;
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name FROM public.access_patient p WHERE p.id = p_patient;
    PERFORM auditlog.write(entry);
END $$;

-- The maker's own, whatever page asks: how far it has come, without a word of whom it is about. NULL for another's.
CREATE FUNCTION gate.print_status(p_job uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN (SELECT jsonb_build_object('state', j.state, 'entries', j.entries, 'done', coalesce(sum(s.entries) FILTER (WHERE s.file IS NOT NULL), 0))
        FROM public.journal_printjob j LEFT JOIN public.journal_printsheaf s ON s.job_id = j.id
        WHERE j.id = p_job AND j.user_id = g.user_id AND j.authorisation_id = g.authorisation_id AND j.expires_at > gate.clock() GROUP BY j.id);
END $$;

-- The maker takes it back: what was read, and what was made of it, is gone at once.
CREATE FUNCTION gate.print_cancel(p_job uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.journal_printjob SET state = 'cancelled', finished_at = g.at, objects_read = '{}', lease_until = NULL
    WHERE id = p_job AND user_id = g.user_id AND patient_id = ANY (g.subjects) AND state <> 'cancelled';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.journal_printsheaf WHERE job_id = p_job;
    RETURN true;
END $$;

CREATE FUNCTION gate.print_again(p_job uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.journal_printjob SET state = 'waiting', attempts = 0, finished_at = NULL
    WHERE id = p_job AND user_id = g.user_id AND patient_id = ANY (g.subjects) AND state = 'failed';
    RETURN FOUND;
END $$;

-- --- The worker's ---

-- The next print to work on, taken for three minutes, or NULL. One whose worker has died three times over the same sheaf stops.
CREATE FUNCTION gate.print_take() RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r public.journal_printjob;
BEGIN
    UPDATE public.journal_printjob SET state = 'failed', finished_at = gate.clock(), lease_until = NULL
    WHERE state = 'running' AND lease_until < gate.clock() AND attempts >= 3;
    SELECT x.* INTO r FROM public.journal_printjob x
    WHERE (x.state = 'waiting' OR x.state = 'running' AND x.lease_until < gate.clock()) AND x.expires_at > gate.clock()
    ORDER BY x.asked_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF r.id IS NOT NULL THEN
        UPDATE public.journal_printjob SET state = 'running', attempts = attempts + 1, lease_until = gate.clock() + interval '3 minutes' WHERE id = r.id;
    END IF;
    RETURN r.id;
END $$;

-- {number, total, spool} of the next sheaf of a print that is being made; no row when all are made, or when it was taken back.
CREATE FUNCTION gate.print_next(p_job uuid) RETURNS TABLE (number smallint, total bigint, spool bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.journal_printjob SET lease_until = gate.clock() + interval '3 minutes' WHERE id = p_job AND state = 'running';
    IF FOUND THEN
        RETURN QUERY SELECT s.number, (SELECT count(*) FROM public.journal_printsheaf t WHERE t.job_id = p_job), s.spool FROM public.journal_printsheaf s WHERE s.job_id = p_job AND s.file IS NULL ORDER BY s.number LIMIT 1;
    END IF;
END $$;

-- A sheaf is made. What was read for it is not kept. False when the print was taken back meanwhile.
CREATE FUNCTION gate.print_made(p_job uuid, p_number int, p_file bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.journal_printjob SET attempts = 1 WHERE id = p_job AND state = 'running';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.journal_printsheaf s SET file = p_file, spool = NULL WHERE s.job_id = p_job AND s.number = p_number AND s.file IS NULL;
    RETURN true;
END $$;

-- 'done' when every sheaf is made, 'failed' by a fault, or 'waiting': a slice of time is over and another worker may go on.
CREATE FUNCTION gate.print_end(p_job uuid, p_state text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_state NOT IN ('done', 'failed', 'waiting')
        OR p_state = 'done' AND EXISTS (SELECT 1 FROM public.journal_printsheaf s WHERE s.job_id = p_job AND s.file IS NULL)
    THEN
        RAISE EXCEPTION 'a print does not end like this' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.journal_printjob SET state = p_state, lease_until = NULL,
        attempts = CASE WHEN p_state = 'waiting' THEN 0 ELSE attempts END,
        finished_at = CASE WHEN p_state <> 'waiting' THEN gate.clock() END
    WHERE id = p_job AND state = 'running';
END $$;

-- What is older than a day goes, finished or not. Returns how many.
CREATE FUNCTION gate.print_sweep() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone uuid[] := ARRAY(SELECT j.id FROM public.journal_printjob j WHERE j.expires_at <= gate.clock() FOR UPDATE SKIP LOCKED);
BEGIN
    DELETE FROM public.journal_printsheaf WHERE job_id = ANY (gone);
    DELETE FROM public.journal_printjob WHERE id = ANY (gone);
    RETURN cardinality(gone);
END $$;

-- A note that is deleted, or taken off the wrong patient, stands in no print that is kept here.
CREATE FUNCTION gate.prints_go() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.journal_printsheaf s USING public.journal_printjob j WHERE j.id = s.job_id AND j.patient_id = OLD.patient_id;
    DELETE FROM public.journal_printjob j WHERE j.patient_id = OLD.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER prints_go AFTER DELETE ON journal_note FOR EACH ROW WHEN (OLD.state <> 'DRAFT') EXECUTE FUNCTION gate.prints_go();

GRANT EXECUTE ON FUNCTION
    gate.printed(uuid, text, jsonb), gate.print_status(uuid), gate.print_cancel(uuid), gate.print_again(uuid), gate.print_take(), gate.print_next(uuid),
    gate.print_made(uuid, int, bytea), gate.print_end(uuid, text), gate.print_sweep() TO epj_app;
