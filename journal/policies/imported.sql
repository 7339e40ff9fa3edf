-- Where a note of another system came from is told to whoever may read the note. The rest of the journal of imports is the owner's.
ALTER TABLE journal_importsource ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_importrun ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_importedentry ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON journal_importsource, journal_importedentry TO epj_app;
CREATE POLICY source_read ON journal_importsource FOR SELECT TO epj_app USING (true);
CREATE POLICY of_a_note ON journal_importedentry FOR SELECT TO epj_app USING (EXISTS (SELECT 1 FROM journal_note n WHERE n.id = entry_id));
