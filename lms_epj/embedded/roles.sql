-- The roles of the record, run as superuser on its database; may be run again. Passwords are set beside this file.
-- epj_owner owns the schema and migrates; epj_app serves the pages and owns nothing; epj_sealer seals the access log.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'epj_owner') THEN CREATE ROLE epj_owner; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'epj_app') THEN CREATE ROLE epj_app; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'epj_sealer') THEN CREATE ROLE epj_sealer; END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO epj_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO epj_app, epj_sealer', current_database());
END
$$;
-- INHERIT: the right to create in the schema public comes through the implicit role pg_database_owner.
ALTER ROLE epj_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS INHERIT;
ALTER ROLE epj_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
ALTER ROLE epj_sealer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
-- Statements carry names and words of records. One connection must not read another's (pg_stat_activity), and the server's own log none of them.
ALTER ROLE epj_app SET track_activities = off;
ALTER ROLE epj_app SET log_min_error_statement = panic;
ALTER ROLE epj_app SET log_error_verbosity = terse;
-- So that tests, which connect as the owner of their databases, may become the role that serves.
GRANT epj_app, epj_sealer TO epj_owner;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
