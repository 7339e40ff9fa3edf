-- Procedures belong to the community: every role of a member reads what is approved, leaders write it, and another leader than the writer approves it.

CREATE FUNCTION gate.own_communities() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT p.community_id), '{}')
    FROM gate.current_grant() g JOIN public.access_participation p ON p.legal_entity_id = g.entity_id
    WHERE p.mode = 'member' AND p.valid_from <= g.at AND (p.valid_to IS NULL OR g.at < p.valid_to)
$$;
CREATE FUNCTION gate.leads_here() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT coalesce(gate.leads(g), false) FROM gate.current_grant() g $$;
GRANT EXECUTE ON FUNCTION gate.own_communities(), gate.leads_here() TO epj_app;

ALTER TABLE journal_procedure ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal_knowledgelink ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON journal_procedure, journal_knowledgelink TO epj_app;
CREATE POLICY procedure_read ON journal_procedure FOR SELECT TO epj_app USING (
    community_id = ANY ((SELECT gate.own_communities())::uuid[]) AND (approved_at IS NOT NULL OR (SELECT gate.leads_here())));
CREATE POLICY knowledge_read ON journal_knowledgelink FOR SELECT TO epj_app USING (community_id = ANY ((SELECT gate.own_communities())::uuid[]));

-- The leader's grant with the community that is written for.
CREATE FUNCTION gate.own_community(g gate.grant_t) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid := (gate.own_communities())[1];
BEGIN
    IF found IS NULL THEN
        RAISE EXCEPTION 'this unit takes part in no community' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN found;
END $$;

-- A new procedure (`p_series` NULL), the next version of one, or the own proposal once more. `p_base`: the newest version that the writer saw.
CREATE FUNCTION gate.procedure_propose(p_series uuid, p_base int, p jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
    place uuid := gate.own_community(g);
    its_series uuid := coalesce(p_series, gen_random_uuid());
    newest public.journal_procedure;
    made uuid := gen_random_uuid();
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(its_series::text, 7));
    SELECT x.* INTO newest FROM public.journal_procedure x WHERE x.series = its_series ORDER BY x.number DESC LIMIT 1;
    IF p_series IS NOT NULL AND (newest.id IS NULL OR newest.community_id <> place) THEN
        RAISE EXCEPTION 'no such procedure' USING ERRCODE = 'no_data_found';
    END IF;
    IF coalesce(newest.number, 0) <> p_base OR newest.approved_at IS NULL AND newest.withdrawn_at IS NULL AND newest.written_by_id <> g.user_id THEN
        RAISE EXCEPTION 'another has written since' USING ERRCODE = 'check_violation', CONSTRAINT = 'procedure_moved';
    END IF;
    IF newest.approved_at IS NULL AND newest.withdrawn_at IS NULL AND newest.id IS NOT NULL THEN
        UPDATE public.journal_procedure SET withdrawn_at = g.at, withdrawn_by_id = g.user_id, withdrawn_reason = '' WHERE id = newest.id;
    END IF;
    INSERT INTO public.journal_procedure (id, series, number, community_id, title, keywords, text, steps, codes, changed, review_on,
        written_by_id, written_at, withdrawn_reason)
    SELECT made, its_series, p_base + 1, place, p ->> 'title', p ->> 'keywords', p ->> 'text', p -> 'steps',
        ARRAY(SELECT jsonb_array_elements_text(p -> 'codes')), p ->> 'changed', (p ->> 'review_on')::date, g.user_id, g.at, '';
    RETURN made;
END $$;

-- Another leader of the community puts a proposal in force. False: it no longer waits, or is the own one.
CREATE FUNCTION gate.procedure_approve(p_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
BEGIN
    UPDATE public.journal_procedure SET approved_at = g.at, approved_by_id = g.user_id
    WHERE id = p_id AND community_id = ANY (gate.own_communities()) AND approved_at IS NULL AND withdrawn_at IS NULL AND written_by_id <> g.user_id;
    RETURN FOUND;
END $$;

-- A proposal is sent back, or the version in force is withdrawn, and with it the procedure. False: it was so already.
CREATE FUNCTION gate.procedure_withdraw(p_id uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'withdrawn for a reason' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.journal_procedure SET withdrawn_at = g.at, withdrawn_by_id = g.user_id, withdrawn_reason = btrim(p_reason)
    WHERE id = p_id AND community_id = ANY (gate.own_communities()) AND withdrawn_at IS NULL;
    RETURN FOUND;
END $$;

CREATE FUNCTION gate.knowledge_add(p_system text, p_prefix text, p_title text, p_address text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
    made uuid := gen_random_uuid();
BEGIN
    INSERT INTO public.journal_knowledgelink (id, community_id, system, prefix, title, address, added_by_id, added_at)
    VALUES (made, gate.own_community(g), p_system, p_prefix, p_title, p_address, g.user_id, g.at);
    RETURN made;
END $$;

CREATE FUNCTION gate.knowledge_end(p_link uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
BEGIN
    UPDATE public.journal_knowledgelink SET ended_at = g.at WHERE id = p_link AND community_id = ANY (gate.own_communities()) AND ended_at IS NULL;
    RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION gate.procedure_propose(uuid, int, jsonb), gate.procedure_approve(uuid), gate.procedure_withdraw(uuid, text),
    gate.knowledge_add(text, text, text, text), gate.knowledge_end(uuid) TO epj_app;

-- A checklist begins with the points of the version in force, unanswered. A point is answered in the own name, now; a finished list is only struck out.
CREATE FUNCTION gate.checklist_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
    p public.journal_procedure;
    said jsonb;
    before jsonb;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.struck_at IS NOT NULL OR OLD.finished_at IS NOT NULL
        AND (NEW.points, NEW.finished_at, NEW.finished_by_id) IS DISTINCT FROM (OLD.points, OLD.finished_at, OLD.finished_by_id))
    THEN
        RAISE EXCEPTION 'a finished checklist is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF g.user_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT x.* INTO p FROM public.journal_procedure x
        WHERE x.series = NEW.series AND x.approved_at IS NOT NULL AND x.community_id = ANY (gate.own_communities()) ORDER BY x.number DESC LIMIT 1;
        IF p.id IS NULL OR p.withdrawn_at IS NOT NULL OR p.steps = '[]' OR (NEW.number, NEW.title) IS DISTINCT FROM (p.number, p.title::text)
            OR NEW.points <> (SELECT jsonb_agg(s || '{"state": "", "note": ""}' ORDER BY n) FROM jsonb_array_elements(p.steps) WITH ORDINALITY AS x (s, n))
            OR NEW.finished_at IS NOT NULL
        THEN
            RAISE EXCEPTION 'a checklist begins as its procedure says' USING ERRCODE = 'check_violation', CONSTRAINT = 'checklist_begins';
        END IF;
        RETURN NEW;
    END IF;
    IF jsonb_array_length(NEW.points) <> jsonb_array_length(OLD.points) THEN
        RAISE EXCEPTION 'the points of a checklist stand' USING ERRCODE = 'restrict_violation';
    END IF;
    FOR i IN 0 .. jsonb_array_length(NEW.points) - 1 LOOP
        said := NEW.points -> i;
        before := OLD.points -> i;
        CONTINUE WHEN said = before;
        IF (said -> 'text', said -> 'required') IS DISTINCT FROM (before -> 'text', before -> 'required')
            OR said ->> 'state' NOT IN ('', 'done', 'not_relevant', 'not_done')
            OR said ->> 'by' IS DISTINCT FROM g.user_id::text OR (said ->> 'at')::timestamptz IS DISTINCT FROM g.at
        THEN
            RAISE EXCEPTION 'a point is answered in the own name, now' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    IF NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL AND (NEW.finished_at <> g.at OR EXISTS (
        SELECT 1 FROM jsonb_array_elements(NEW.points) x
        WHERE (x -> 'required')::boolean AND x ->> 'state' = '' OR x ->> 'state' = 'not_done' AND btrim(x ->> 'note') = ''))
    THEN
        RAISE EXCEPTION 'something required is unanswered' USING ERRCODE = 'check_violation', CONSTRAINT = 'checklist_unanswered';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checklist_kept BEFORE INSERT OR UPDATE ON journal_checklistrun FOR EACH ROW EXECUTE FUNCTION gate.checklist_kept();
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_checklistrun FOR EACH ROW EXECUTE FUNCTION gate.own_name('finished_by_id', 'struck_by_id');

-- A task that asks for a note or a checklist is done when there is one that the doer can see, newer than the task.
CREATE FUNCTION gate.task_asks() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (gate.current_grant()).user_id IS NOT NULL AND (
        NEW.asks_note_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.journal_note n WHERE n.patient_id = NEW.patient_id
            AND n.document_type_id = NEW.asks_note_id AND n.state IN ('SIGNED', 'COSIGNED') AND n.signed_at >= NEW.recorded_at)
        OR NEW.asks_series IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.journal_checklistrun c WHERE c.patient_id = NEW.patient_id
            AND c.series = NEW.asks_series AND c.struck_at IS NULL AND c.finished_at >= NEW.recorded_at))
    THEN
        RAISE EXCEPTION 'the task asks for what is not there yet' USING ERRCODE = 'check_violation', CONSTRAINT = 'task_asks';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER task_asks BEFORE UPDATE OF done_at ON journal_task
    FOR EACH ROW WHEN (NEW.done_at IS NOT NULL AND OLD.done_at IS NULL) EXECUTE FUNCTION gate.task_asks();
