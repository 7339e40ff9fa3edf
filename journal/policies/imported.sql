-- Where a note of another system came from is told to whoever may read the note. The rest of the journal of imports is the owner's.
ALTER TABLE journal_importsource ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_importrun ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_importedentry ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON journal_importsource, journal_importedentry TO epj_app;
CREATE POLICY source_read ON journal_importsource FOR SELECT TO epj_app USING (true);
CREATE POLICY of_a_note ON journal_importedentry FOR SELECT TO epj_app USING (EXISTS (SELECT 1 FROM journal_note n WHERE n.id = entry_id));

-- A document of another system says what it said there: it is answered by a new note, never corrected. Deletion by decision, and a wrong patient, are
-- as for any note.
CREATE FUNCTION gate.imported_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.journal_importedentry i WHERE i.entry_id = OLD.id) THEN
        RAISE EXCEPTION 'a document of another system is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER imported_kept BEFORE UPDATE OF content, title ON journal_note FOR EACH ROW
    WHEN (OLD.state <> 'DRAFT' AND (NEW.content, NEW.title) IS DISTINCT FROM (OLD.content, OLD.title)) EXECUTE FUNCTION gate.imported_kept();
