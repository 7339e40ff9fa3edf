-- A medicine that is changed goes on as a new row: what the patient has blocked of it stays blocked. The rule looks one step back; a
-- medicine may have been changed many times.
CREATE FUNCTION gate.block_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    b public.access_accessblock;
    followed uuid;
BEGIN
    FOR b IN
        SELECT x.* FROM public.access_accessblock x
        WHERE x.patient_id = NEW.patient_id AND x.entry_id = NEW.origin_id AND (x.valid_to IS NULL OR x.valid_to > gate.clock())
    LOOP
        followed := b.id;
        b.id := gen_random_uuid();
        b.entry_id := NEW.id;
        INSERT INTO public.access_accessblock SELECT b.*;
        INSERT INTO public.access_blockexception (id, block_id, user_id, unit_id)
        SELECT gen_random_uuid(), b.id, x.user_id, x.unit_id FROM public.access_blockexception x WHERE x.block_id = followed;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER block_follows AFTER INSERT ON journal_medication
    FOR EACH ROW WHEN (NEW.origin_id IS NOT NULL) EXECUTE FUNCTION gate.block_follows();
