-- Phrases are no record: one sees one's own and what the unit shares, and changes one's own.
ALTER TABLE journal_phrase ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (name, text, shared) ON journal_phrase TO epj_app;
CREATE POLICY phrase_read ON journal_phrase FOR SELECT TO epj_app USING (EXISTS (
    SELECT 1 FROM gate.current_grant() g WHERE g.may_chart AND journal_phrase.unit_id = g.unit_id AND (shared OR author_id = g.user_id)));
CREATE POLICY phrase_insert ON journal_phrase FOR INSERT TO epj_app WITH CHECK (EXISTS (
    SELECT 1 FROM gate.current_grant() g WHERE g.may_chart AND journal_phrase.unit_id = g.unit_id AND author_id = g.user_id));
CREATE POLICY phrase_update ON journal_phrase FOR UPDATE TO epj_app USING (author_id = (SELECT (gate.current_grant()).user_id))
    WITH CHECK (author_id = (SELECT (gate.current_grant()).user_id));

-- Nothing is deleted by the application's own right.
CREATE FUNCTION gate.phrase_remove(p_phrase uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    DELETE FROM public.journal_phrase WHERE id = p_phrase AND author_id = g.user_id;
    RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION gate.phrase_remove(uuid) TO epj_app;
