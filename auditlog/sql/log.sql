-- The access log: partitioned by month, written through one function, read under row security.
-- `epoch` and `xid` place a row for sealing: a batch holds what lies below the oldest running transaction,
-- so a slow transaction is never missed. The epoch grows when the database is restored and xids start anew.

CREATE SCHEMA auditlog;
CREATE SEQUENCE auditlog.entry_seq AS bigint;
CREATE TABLE auditlog.epoch (number int NOT NULL);
INSERT INTO auditlog.epoch VALUES (1);

CREATE TABLE auditlog_entry (
    seq bigint NOT NULL DEFAULT nextval('auditlog.entry_seq'),
    at timestamptz NOT NULL,
    request_id uuid NOT NULL,
    session_id uuid,
    user_id uuid, user_name text NOT NULL DEFAULT '', hpr_number text NOT NULL DEFAULT '', profession text NOT NULL DEFAULT '',
    role_code text NOT NULL DEFAULT '', role_name text NOT NULL DEFAULT '',
    unit_id uuid, unit_name text NOT NULL DEFAULT '',
    legal_entity_id uuid, legal_entity_name text NOT NULL DEFAULT '',
    patient_id uuid, patient_name text NOT NULL DEFAULT '',
    action text NOT NULL, route text NOT NULL DEFAULT '',
    outcome text NOT NULL CHECK (outcome IN ('allow', 'deny', 'error', 'shown')),
    reason_code text NOT NULL DEFAULT '',
    measure_id uuid, template_code text NOT NULL DEFAULT '', template_name text NOT NULL DEFAULT '', purpose text NOT NULL DEFAULT '',
    user_selected boolean NOT NULL DEFAULT false, reason text NOT NULL DEFAULT '',
    opening_id uuid,
    objects_shown jsonb, categories smallint[],
    device text NOT NULL DEFAULT '',
    xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    epoch int NOT NULL,
    salt uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (seq, at)
) PARTITION BY RANGE (at);

CREATE INDEX auditlog_entry_patient ON auditlog_entry (patient_id, at DESC);
CREATE INDEX auditlog_entry_user ON auditlog_entry (user_id, at DESC);
CREATE INDEX auditlog_entry_request ON auditlog_entry (request_id);
CREATE INDEX auditlog_entry_sealing ON auditlog_entry (epoch, xid);
CREATE INDEX auditlog_entry_at ON auditlog_entry (at DESC);

-- A missing partition would stop the ward: rows fall here, and the worker raises an alarm when it is not empty.
CREATE TABLE auditlog_entry_default PARTITION OF auditlog_entry DEFAULT;

-- Makes the partitions from the month of `first` and `months` on; safe to call again.
CREATE FUNCTION auditlog.ensure_partitions(first date, months int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    start date := date_trunc('month', first);
    name text;
    made int := 0;
BEGIN
    IF months NOT BETWEEN 1 AND 480 THEN
        RAISE EXCEPTION 'months must lie between 1 and 480';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('auditlog.ensure_partitions'));
    FOR i IN 0 .. months - 1 LOOP
        name := 'auditlog_entry_' || to_char(start + make_interval(months => i), 'YYYYMM');
        IF to_regclass('public.' || name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE public.%I PARTITION OF public.auditlog_entry FOR VALUES FROM (%L) TO (%L)', name,
                (start + make_interval(months => i))::timestamp AT TIME ZONE 'UTC',
                (start + make_interval(months => i + 1))::timestamp AT TIME ZONE 'UTC');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;

SELECT auditlog.ensure_partitions((now() - interval '1 month')::date, 6);

-- Only the owner's other functions call this: no role is granted it.
CREATE FUNCTION auditlog.write(VARIADIC entries auditlog_entry[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.auditlog_entry (
        at, request_id, session_id, user_id, user_name, hpr_number, profession, role_code, role_name, unit_id, unit_name,
        legal_entity_id, legal_entity_name, patient_id, patient_name, action, route, outcome, reason_code, measure_id,
        template_code, template_name, purpose, user_selected, reason, opening_id, objects_shown, categories, device, epoch)
    SELECT
        clock_timestamp(), coalesce(e.request_id, gen_random_uuid()), e.session_id,
        e.user_id, coalesce(e.user_name, ''), coalesce(e.hpr_number, ''), coalesce(e.profession, ''),
        coalesce(e.role_code, ''), coalesce(e.role_name, ''), e.unit_id, coalesce(e.unit_name, ''),
        e.legal_entity_id, coalesce(e.legal_entity_name, ''), e.patient_id, coalesce(e.patient_name, ''),
        e.action, coalesce(e.route, ''), e.outcome, coalesce(e.reason_code, ''), e.measure_id,
        coalesce(e.template_code, ''), coalesce(e.template_name, ''), coalesce(e.purpose, ''),
        coalesce(e.user_selected, false), coalesce(e.reason, ''), e.opening_id, e.objects_shown,
        e.categories, coalesce(e.device, ''), (SELECT number FROM auditlog.epoch)
    FROM unnest(entries) e;
END $$;
REVOKE ALL ON FUNCTION auditlog.write(auditlog_entry[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION auditlog.ensure_partitions(date, int) FROM PUBLIC;
GRANT USAGE ON SCHEMA auditlog TO epj_app, epj_sealer;
GRANT EXECUTE ON FUNCTION auditlog.ensure_partitions(date, int) TO epj_app;

ALTER TABLE auditlog_entry ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON auditlog_entry TO epj_app;
