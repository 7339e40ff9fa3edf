-- The ground of the gate: settings, clock, and the signed grant that every policy asks for.
-- Schema `gate` belongs to the owner. The application role may call what is granted at the end of each file, no more.

CREATE SCHEMA gate;
REVOKE ALL ON SCHEMA gate FROM PUBLIC;
GRANT USAGE ON SCHEMA gate TO epj_app;
-- Not IN SCHEMA: such a default can add to what everyone may do, never take from it.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE gate.key (secret bytea NOT NULL);
INSERT INTO gate.key
SELECT sha256(string_agg(uuid_send(gen_random_uuid()), ''::bytea)) FROM generate_series(1, 8);

CREATE TABLE gate.setting (name text PRIMARY KEY, value int NOT NULL);
INSERT INTO gate.setting VALUES
    ('idle_lock_seconds', 180), ('session_hours', 12), ('emergency_minutes', 60), ('arrival_hours', 4),
    ('review_hours', 72), ('opening_minutes', 60), ('second_factor_required', 1);

-- The time of the request. Tests replace this function as owner; nothing else in the rule reads a clock.
CREATE FUNCTION gate.clock() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT transaction_timestamp() $$;

CREATE FUNCTION gate.setting(wanted text) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
    SELECT value FROM gate.setting WHERE name = wanted);
END $$;

-- Who acts, and which patients this transaction was logged for. `read_masks[i]` has bit c set when category c of
-- `subjects[i]` may be read outright; patients in `careful` are asked row by row (blocks, own unit only, since a date).
CREATE TYPE gate.grant_t AS (
    request_id uuid, session_id uuid, user_id uuid, authorisation_id uuid, role_id uuid, unit_id uuid, entity_id uuid,
    may_chart boolean, reviews_log boolean, administers_access boolean, is_custodian boolean,
    purpose text, at timestamptz, subjects uuid[], read_masks int[], careful uuid[], entities uuid[]
);

CREATE FUNCTION gate.mac(body text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT encode(sha256(k.secret || sha256(k.secret || convert_to(body, 'UTF8'))), 'hex') FROM gate.key k);
END $$;

-- The grant of this transaction, or NULL. A grant that was forged or kept from another transaction is an error.
CREATE FUNCTION gate.current_grant() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    raw text := current_setting('gate.grant', true);
    body text;
    cut int;
BEGIN
    IF raw IS NULL OR raw = '' THEN
        RETURN NULL;
    END IF;
    body := substr(raw, 66);
    cut := strpos(body, '|');
    IF left(raw, 64) <> gate.mac(body) OR left(body, cut - 1) IS DISTINCT FROM pg_current_xact_id_if_assigned()::text THEN
        RAISE EXCEPTION 'grant refused' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN substr(body, cut + 1)::gate.grant_t;
END $$;

-- Signs a grant over the running transaction. Owner's functions only.
CREATE FUNCTION gate.set_grant(g gate.grant_t) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    body text := pg_current_xact_id()::text || '|' || g::text;
BEGIN
    PERFORM set_config('gate.grant', gate.mac(body) || '|' || body, true);
END $$;

-- The grant, or an error for those who act without one.
CREATE FUNCTION gate.acting() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    IF g.user_id IS NULL THEN
        RAISE EXCEPTION 'no grant' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- The grant of one whose request stands in the log: a poll has opened nothing and is told nothing but that nothing has changed.
CREATE FUNCTION gate.logged() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF g.purpose = 'poll' THEN
        RAISE EXCEPTION 'a poll asks no questions' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

GRANT EXECUTE ON FUNCTION gate.clock(), gate.setting(text), gate.current_grant() TO epj_app;
