-- Templates of document types as versions: what a note was written in is kept as it was, whatever the template becomes (R9, R13).

CREATE FUNCTION gate.template_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER template_numbered BEFORE UPDATE OF sections ON access_documenttype
    FOR EACH ROW WHEN (NEW.sections <> OLD.sections) EXECUTE FUNCTION gate.template_numbered();

-- By a trigger, so that no way of making or changing a type can forget its version.
CREATE FUNCTION gate.template_stored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.access_documenttemplate (document_type_id, number, sections, reason, decided_by_id, decided_at)
    VALUES (NEW.code, NEW.version, NEW.sections, '', (gate.current_grant()).user_id, gate.clock());
    RETURN NULL;
END $$;
CREATE TRIGGER template_stored AFTER INSERT ON access_documenttype FOR EACH ROW EXECUTE FUNCTION gate.template_stored();
CREATE TRIGGER template_changed AFTER UPDATE OF sections ON access_documenttype
    FOR EACH ROW WHEN (NEW.sections <> OLD.sections) EXECUTE FUNCTION gate.template_stored();

CREATE FUNCTION gate.template_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.reason <> '' OR (to_jsonb(NEW) - 'reason') <> (to_jsonb(OLD) - 'reason') THEN
        RAISE EXCEPTION 'a version of a template is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER template_kept BEFORE UPDATE OR DELETE ON access_documenttemplate FOR EACH ROW EXECUTE FUNCTION gate.template_kept();
GRANT SELECT ON access_documenttemplate TO epj_app;

CREATE OR REPLACE FUNCTION gate.document_type_save(
    p_code text, p_name text, p_category int, p_written_by text[], p_sections jsonb, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    stands int;
BEGIN
    PERFORM gate.rights_lock();
    IF EXISTS (SELECT 1 FROM public.access_documenttype d WHERE lower(d.name) = lower(p_name) AND d.code <> p_code) THEN
        RETURN false;
    END IF;
    INSERT INTO public.access_documenttype (code, name, category_id, sections, written_by, "order")
    SELECT p_code, p_name, p_category, p_sections, p_written_by, coalesce(max(d."order"), 0) + 1 FROM public.access_documenttype d
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, sections = excluded.sections, written_by = excluded.written_by
    WHERE access_documenttype.category_id = excluded.category_id
    RETURNING version INTO stands;
    IF stands IS NULL THEN
        RAISE EXCEPTION 'a document type keeps its category' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM gate.classification_log(g, 'document_type_save', p_reason, jsonb_build_object('document_type', p_code, 'name', p_name, 'category', p_category,
        'written_by', p_written_by, 'version', stands));
    UPDATE public.access_documenttemplate SET reason = p_reason WHERE document_type_id = p_code AND number = stands AND reason = '' AND decided_at = g.at;
    RETURN true;
END $$;

INSERT INTO access_documenttemplate (document_type_id, number, sections, reason, decided_at)
SELECT code, version, sections, '', gate.clock() FROM access_documenttype;
