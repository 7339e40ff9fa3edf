-- Roles, categories and document types made on screen (R11, R13). None of them gives anybody access by itself: a new role is an exact copy and
-- is held by nobody, a new category is closed to all, and a document type is seen by those who see its category.

CREATE FUNCTION gate.classification_log(g gate.grant_t, act text, why text, made jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', act, 'route', 'rights'));
BEGIN
    IF btrim(why) = '' THEN
        RAISE EXCEPTION 'this needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    entry.reason := why;
    entry.objects_shown := made;
    PERFORM auditlog.write(entry);
END $$;

-- Blocks against a role are aimed at its copy too. A block that follows stands in the same registration, so it is lifted with it.
CREATE FUNCTION gate.blocks_go_along(p_from uuid, p_to uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    b public.access_accessblock;
    followed uuid;
BEGIN
    FOR b IN
        SELECT x.* FROM public.access_accessblock x
        WHERE x.target = 'role' AND x.target_id = p_from AND (x.valid_to IS NULL OR x.valid_to > gate.clock())
    LOOP
        followed := b.id;
        b.id := gen_random_uuid();
        b.target_id := p_to;
        INSERT INTO public.access_accessblock SELECT b.*;
        INSERT INTO public.access_blockexception (id, block_id, user_id, unit_id)
        SELECT gen_random_uuid(), b.id, x.user_id, x.unit_id FROM public.access_blockexception x WHERE x.block_id = followed;
    END LOOP;
END $$;

-- A role with the rights, duties, document types and demanded courses of another. NULL when code or name is taken.
CREATE FUNCTION gate.role_new(p_code text, p_name text, p_mark text, p_source uuid, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    made uuid := gen_random_uuid();
    change uuid := gen_random_uuid();
    source public.access_roletemplate;
    content jsonb;
BEGIN
    PERFORM gate.rights_lock();
    SELECT r.* INTO STRICT source FROM public.access_roletemplate r WHERE r.id = p_source;
    IF EXISTS (SELECT 1 FROM public.access_roletemplate r WHERE r.code = p_code OR lower(r.name) = lower(p_name)) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.access_roletemplate
    SELECT (jsonb_populate_record(source, jsonb_build_object('id', made, 'code', p_code, 'name', p_name, 'mark', p_mark))).*;
    SELECT jsonb_agg(jsonb_build_object('role', made, 'template', x.template_id, 'category', x.category_id, 'before', 0, 'after', x.actions))
    INTO content FROM gate.rights_in_force(p_source, g.at) x;
    INSERT INTO public.access_rightschange (id, proposed_by_id, proposed_at, reason, content, widens, state, decided_by_id, decided_at, decision_reason)
    VALUES (change, g.user_id, g.at, p_reason, coalesce(content, '[]'), false, 'in_force', g.user_id, g.at, '');
    PERFORM gate.rights_apply(change, coalesce(content, '[]'), g.at);
    UPDATE public.access_documenttype SET written_by = written_by || p_code::varchar WHERE source.code = ANY (written_by);
    -- What holds the one back holds the other back: or one person alone could go around a demand, or a patient's wish, by a copy.
    INSERT INTO public.access_requiredcourse (id, role_id, course_id, valid_from, valid_to, added_by_id, added_at)
    SELECT gen_random_uuid(), made, d.course_id, greatest(d.valid_from, g.at), d.valid_to, g.user_id, g.at
    FROM public.access_requiredcourse d WHERE d.role_id = p_source AND (d.valid_to IS NULL OR d.valid_to > g.at);
    PERFORM gate.blocks_go_along(p_source, made);
    PERFORM gate.classification_log(g, 'role_new', p_reason, jsonb_build_object('role', made, 'code', p_code, 'copy_of', source.code));
    RETURN made;
END $$;

-- A category with the lowest free code. NULL when the name is taken, 0 when there is no code left.
CREATE FUNCTION gate.category_new(p_name text, p_strict boolean, p_reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    made int;
BEGIN
    PERFORM gate.rights_lock();
    IF EXISTS (SELECT 1 FROM public.access_infocategory c WHERE lower(c.name) = lower(p_name)) THEN
        RETURN NULL;
    END IF;
    SELECT n INTO made FROM generate_series(15, 30) n WHERE NOT EXISTS (SELECT 1 FROM public.access_infocategory c WHERE c.code = n) ORDER BY n LIMIT 1;
    IF made IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO public.access_infocategory (code, name, strict) VALUES (made, p_name, p_strict);
    PERFORM gate.classification_log(g, 'category_new', p_reason, jsonb_build_object('category', made, 'name', p_name));
    RETURN made;
END $$;

-- Makes a document type, or changes name, form and who writes it: never its category, which stands on what was written. False when the name is taken.
CREATE FUNCTION gate.document_type_save(
    p_code text, p_name text, p_category int, p_written_by text[], p_sections jsonb, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    PERFORM gate.rights_lock();
    IF EXISTS (SELECT 1 FROM public.access_documenttype d WHERE lower(d.name) = lower(p_name) AND d.code <> p_code) THEN
        RETURN false;
    END IF;
    INSERT INTO public.access_documenttype (code, name, category_id, sections, written_by, "order")
    SELECT p_code, p_name, p_category, p_sections, p_written_by, coalesce(max(d."order"), 0) + 1 FROM public.access_documenttype d
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, sections = excluded.sections, written_by = excluded.written_by
    WHERE access_documenttype.category_id = excluded.category_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a document type keeps its category' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM gate.classification_log(g, 'document_type_save', p_reason,
        jsonb_build_object('document_type', p_code, 'name', p_name, 'category', p_category, 'written_by', p_written_by));
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.role_new(text, text, text, uuid, text), gate.category_new(text, boolean, text),
    gate.document_type_save(text, text, int, text[], jsonb, text) TO epj_app;
