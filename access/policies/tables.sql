-- What the application role may touch in this app, and row security of the patient's identity and of the log.

GRANT USAGE ON SCHEMA public TO epj_app;
GRANT SELECT ON
    access_legalentity, access_orgunit, access_user, access_infocategory, access_documenttype, access_servicetype,
    access_roletemplate, access_measuretemplate, access_licence, django_content_type TO epj_app;
-- The rule's own tables are leaves: no SELECT for the application, or a block's policy would hide the block (and fail open).

ALTER TABLE access_patient ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_patientidentity ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON access_patient, access_patientidentity TO epj_app;
-- A grant holds a patient only when some category gives SEARCH or more; blocks never hide who the patient is.
CREATE POLICY patient_disclosed ON access_patient FOR SELECT TO epj_app
    USING (id = ANY ((SELECT (gate.current_grant()).subjects)::uuid[]));
CREATE POLICY identity_disclosed ON access_patientidentity FOR SELECT TO epj_app
    USING (patient_id = ANY ((SELECT (gate.current_grant()).subjects)::uuid[]));

CREATE POLICY log_review ON auditlog_entry FOR SELECT TO epj_app
    USING ((SELECT (g).reviews_log AND (g).purpose = 'log_review' FROM (SELECT gate.current_grant() AS g) x));

-- The register answers for the past only if the past cannot be rewritten: an authorisation is ended, never changed.
CREATE FUNCTION gate.authorisation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - '{valid_to,ended_by_id,ended_reason,ended_at}'::text[])
            <> (to_jsonb(OLD) - '{valid_to,ended_by_id,ended_reason,ended_at}'::text[]) THEN
        RAISE EXCEPTION 'an authorisation is ended, never changed or removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER authorisation_kept BEFORE UPDATE OR DELETE ON access_accessauthorisation
    FOR EACH ROW EXECUTE FUNCTION gate.authorisation_kept();
ALTER TABLE access_roleright ADD CONSTRAINT roleright_write_implies_read CHECK (actions & 12 = 0 OR actions & 2 <> 0);
