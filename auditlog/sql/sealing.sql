-- The signed batches. The sealer reads the log and appends batches; nobody but the owner could change one, and the chain,
-- the signatures and the copy outside the database are there to tell if the owner did.

GRANT SELECT ON auditlog_entry, auditlog_batch TO epj_sealer;
GRANT INSERT ON auditlog_batch TO epj_sealer;
GRANT SELECT ON auditlog.epoch TO epj_sealer;
CREATE POLICY sealer_reads ON auditlog_entry FOR SELECT TO epj_sealer USING (true);

-- For the reviewer's page: when the newest seal was set. NULL while nothing is sealed.
CREATE FUNCTION auditlog.sealed_at() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT sealed_at FROM public.auditlog_batch ORDER BY number DESC LIMIT 1
$$;

-- Whether a month's partition was missing when rows came: they fell into the default one, and someone must look.
CREATE FUNCTION auditlog.default_partition_used() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM public.auditlog_entry_default)
$$;
REVOKE ALL ON FUNCTION auditlog.sealed_at(), auditlog.default_partition_used() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auditlog.sealed_at(), auditlog.default_partition_used() TO epj_app;

-- The reviewer's filters. What is common is found by time; what is rare has an index of its own.
CREATE INDEX auditlog_entry_refused ON auditlog_entry (outcome, at DESC) WHERE outcome IN ('deny', 'error');
CREATE INDEX auditlog_entry_basis ON auditlog_entry (template_code, at DESC) WHERE template_code <> '';
CREATE INDEX auditlog_entry_action ON auditlog_entry (action, at DESC);
