-- A result stands with its message: neither is changed, and what the rule reads of it cannot lie.
ALTER TABLE messaging_labresult ADD CONSTRAINT labresult_stay_is_the_patients FOREIGN KEY (stay_id, patient_id) REFERENCES journal_stay (id, patient_id);
ALTER TABLE messaging_labresult ADD CONSTRAINT labresult_type_fits_category
    FOREIGN KEY (document_type_id, category) REFERENCES access_documenttype (code, category_id);

CREATE FUNCTION gate.result_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a result is kept as it came' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER result_kept BEFORE UPDATE OR DELETE ON messaging_labresult FOR EACH ROW EXECUTE FUNCTION gate.result_kept();
