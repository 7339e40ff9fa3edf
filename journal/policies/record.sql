-- Notes that cannot be rewritten, and the measures that follow from acts in the record. Each function looks at the row
-- itself: a measure says 'admitted' only while a stay does.

GRANT SELECT, UPDATE (status, ready_at) ON journal_bed TO epj_app;

-- Once confirmed, a note changes its text only together with a version that says the same, and never goes back.
CREATE FUNCTION gate.note_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rank constant jsonb := '{"DRAFT": 0, "CONFIRMED": 1, "SIGNED": 2, "COSIGNED": 3}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'DRAFT' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a confirmed note is not removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'DRAFT' AND OLD.state = 'DRAFT' THEN
        RETURN NEW;
    END IF;
    IF (rank ->> NEW.state)::int < (rank ->> OLD.state)::int
        OR (to_jsonb(NEW) - '{state,title,content,version,lock_version,confirmed_at,signed_by_id,signed_at,corrected_at,cosigned_by_id,cosigned_at,event_at,stay_id}'::text[])
            <> (to_jsonb(OLD) - '{state,title,content,version,lock_version,confirmed_at,signed_by_id,signed_at,corrected_at,cosigned_by_id,cosigned_at,event_at,stay_id}'::text[])
        OR (OLD.state <> 'DRAFT' AND (NEW.event_at, NEW.stay_id) IS DISTINCT FROM (OLD.event_at, OLD.stay_id))
        OR (OLD.signed_at IS NOT NULL AND (NEW.signed_by_id, NEW.signed_at) IS DISTINCT FROM (OLD.signed_by_id, OLD.signed_at))
        OR (OLD.cosigned_at IS NOT NULL AND (NEW.cosigned_by_id, NEW.cosigned_at) IS DISTINCT FROM (OLD.cosigned_by_id, OLD.cosigned_at))
        OR NEW.version NOT IN (OLD.version, OLD.version + 1)
        OR ((NEW.content, NEW.title) IS DISTINCT FROM (OLD.content, OLD.title) AND NEW.version = OLD.version)
        OR NOT EXISTS (
            SELECT 1 FROM public.journal_noteversion v
            WHERE v.note_id = NEW.id AND v.number = NEW.version AND v.content = NEW.content AND v.title = NEW.title)
    THEN
        RAISE EXCEPTION 'a confirmed note changes only by a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER note_kept BEFORE UPDATE OR DELETE ON journal_note FOR EACH ROW EXECUTE FUNCTION gate.note_kept();
CREATE POLICY note_begins_as_draft ON journal_note AS RESTRICTIVE FOR INSERT TO epj_app WITH CHECK (state = 'DRAFT' AND version = 0);
-- What hides a note hides what it said before: the rule looks from a row to its origin, so a version names its note as that.
CREATE POLICY version_of_visible_note ON journal_noteversion AS RESTRICTIVE FOR INSERT TO epj_app WITH CHECK (
    coalesce(origin_id = note_id, false) AND EXISTS (SELECT 1 FROM journal_note n
            WHERE n.id = note_id AND n.patient_id = journal_noteversion.patient_id AND n.document_type_id = journal_noteversion.document_type_id));

CREATE FUNCTION gate.version_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER version_kept BEFORE UPDATE OR DELETE ON journal_noteversion FOR EACH ROW EXECUTE FUNCTION gate.version_kept();
CREATE TRIGGER version_not_truncated BEFORE TRUNCATE ON journal_noteversion FOR EACH STATEMENT EXECUTE FUNCTION gate.version_kept();

-- Who did it is who acts: nobody signs, closes or strikes in another's name. The columns are the trigger's arguments.
CREATE FUNCTION gate.own_name() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me text := (gate.current_grant()).user_id::text;
    named text;
BEGIN
    FOREACH named IN ARRAY TG_ARGV LOOP
        IF me IS NOT NULL AND to_jsonb(NEW) ->> named IS NOT NULL AND to_jsonb(NEW) ->> named <> me
            AND (TG_OP = 'INSERT' OR to_jsonb(OLD) ->> named IS DISTINCT FROM to_jsonb(NEW) ->> named)
        THEN
            RAISE EXCEPTION 'this is done in the own name' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_note FOR EACH ROW EXECUTE FUNCTION gate.own_name('signed_by_id', 'cosigned_by_id');
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_task FOR EACH ROW EXECUTE FUNCTION gate.own_name('done_by_id');
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_visit FOR EACH ROW EXECUTE FUNCTION gate.own_name('done_by_id');
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_vitalset FOR EACH ROW EXECUTE FUNCTION gate.own_name('struck_by_id');

-- A draft is thrown away by its author, or taken up in what it corrected. True if there was one.
CREATE FUNCTION gate.discard_draft(p_note uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    DELETE FROM public.journal_note n
    WHERE n.id = p_note AND n.state = 'DRAFT' AND n.author_id = g.user_id AND n.patient_id = ANY (g.subjects);
    RETURN FOUND;
END $$;

-- Own drafts per patient, as ids only: what "you have a draft here" may be built from after disclosure.
CREATE FUNCTION gate.patients_with_my_drafts() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(SELECT DISTINCT n.patient_id FROM public.journal_note n WHERE n.author_id = g.user_id AND n.state = 'DRAFT');
END $$;

-- Brings the measures of a stay into step with the stay: expected → NOTIFIED, present → ADMITTED, ended → closed with its tail.
-- Serves admission, transfer between wards, discharge, undo and cancellation alike.
CREATE FUNCTION gate.stay_changed(p_stay uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    stay public.journal_stay;
BEGIN
    SELECT s.* INTO STRICT stay FROM public.journal_stay s WHERE s.id = p_stay AND s.patient_id = ANY (g.subjects);
    UPDATE public.access_decidedmeasure m
    SET ends_at = greatest(g.at, m.starts_at), ended_by_id = g.user_id, end_reason = stay.status
    FROM public.access_measuretemplate t
    WHERE t.id = m.template_id AND m.patient_id = stay.patient_id AND (m.ends_at IS NULL OR m.ends_at > g.at)
        AND (t.code = 'ADMITTED' AND m.source_id = stay.id
                AND (stay.status NOT IN ('admitted', 'discharge_ready') OR m.unit_id <> stay.ward_id)
            OR t.code = 'NOTIFIED' AND stay.status <> 'expected' AND m.unit_id IN (stay.ward_id, stay.unit_id));
    IF stay.status IN ('admitted', 'discharge_ready') AND NOT EXISTS (
        SELECT 1 FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        WHERE t.code = 'ADMITTED' AND m.source_id = stay.id AND m.unit_id = stay.ward_id AND (m.ends_at IS NULL OR m.ends_at > g.at)
    ) THEN
        PERFORM gate.open_measure(g, 'ADMITTED', stay.patient_id, stay.ward_id, NULL, g.at, NULL, '', '', 'stay', stay.id,
            NULL, NULL, NULL, NULL);
    END IF;
END $$;

-- Brings the measures of a service decision into step with it: the executing unit reads while the service lasts,
-- and a named primary contact beside it.
CREATE FUNCTION gate.service_changed(p_decision uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    d public.journal_servicedecision;
    template_code text;
BEGIN
    SELECT x.* INTO STRICT d FROM public.journal_servicedecision x WHERE x.id = p_decision AND x.patient_id = ANY (g.subjects);
    SELECT t.code INTO STRICT template_code
    FROM public.access_servicetype s JOIN public.access_measuretemplate t ON t.id = s.template_id WHERE s.code = d.service_type_id;
    IF NOT EXISTS (
        SELECT 1 FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        WHERE m.source_id = d.id AND t.code = template_code AND m.unit_id = d.executing_unit_id
    ) THEN
        PERFORM gate.open_measure(g, template_code, d.patient_id, d.executing_unit_id, NULL, d.starts_at, NULL, '', '', 'service', d.id,
            d.service_type_id, NULL, NULL, NULL);
    END IF;
    UPDATE public.access_decidedmeasure m
    SET ends_at = greatest(g.at, m.starts_at), ended_by_id = g.user_id, end_reason = 'primary_contact_relieved'
    FROM public.access_measuretemplate t
    WHERE t.id = m.template_id AND t.code = 'PRIMARY_CONTACT' AND m.source_id = d.id AND m.ends_at IS NULL
        AND m.performer_id IS DISTINCT FROM d.primary_contact_id;
    IF d.primary_contact_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id
        WHERE t.code = 'PRIMARY_CONTACT' AND m.source_id = d.id AND m.performer_id = d.primary_contact_id AND m.ends_at IS NULL
    ) THEN
        PERFORM gate.open_measure(g, 'PRIMARY_CONTACT', d.patient_id, NULL, d.primary_contact_id, d.starts_at, NULL, '', '', 'service', d.id,
            d.service_type_id, NULL, NULL, NULL);
    END IF;
    UPDATE public.access_decidedmeasure m
    SET ends_at = greatest(d.ends_at, m.starts_at), ended_by_id = g.user_id, end_reason = 'service_ended'
    WHERE m.source_id = d.id AND d.ends_at IS NOT NULL AND (m.ends_at IS NULL OR m.ends_at > d.ends_at);
END $$;

-- An open task gives the unit or person that shall do it what the task needs; a closed or cancelled one ends that. It gives nothing to the
-- one who writes it: access that lasts an hour would last until the task is done.
CREATE FUNCTION gate.task_changed(p_task uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    task public.journal_task;
BEGIN
    SELECT x.* INTO STRICT task FROM public.journal_task x WHERE x.id = p_task AND x.patient_id = ANY (g.subjects);
    UPDATE public.access_decidedmeasure m SET ends_at = greatest(g.at, m.starts_at), ended_by_id = g.user_id, end_reason = 'task_closed'
    WHERE m.source_id = task.id AND (m.ends_at IS NULL OR m.ends_at > g.at)
        AND (task.done_at IS NOT NULL OR task.cancelled_at IS NOT NULL
            OR (m.unit_id, m.performer_id) IS DISTINCT FROM
                (CASE WHEN task.for_user_id IS NULL THEN task.for_unit_id END, task.for_user_id));
    IF task.done_at IS NULL AND task.cancelled_at IS NULL AND task.for_unit_id IS DISTINCT FROM g.unit_id
        AND task.for_user_id IS DISTINCT FROM g.user_id AND NOT EXISTS (
        SELECT 1 FROM public.access_decidedmeasure m WHERE m.source_id = task.id AND m.ends_at IS NULL
    ) THEN
        PERFORM gate.open_measure(g, 'TASK', task.patient_id, CASE WHEN task.for_user_id IS NULL THEN task.for_unit_id END,
            task.for_user_id, g.at, NULL, '', '', 'task', task.id, NULL, NULL, NULL, NULL);
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.discard_draft(uuid), gate.patients_with_my_drafts(), gate.stay_changed(uuid), gate.service_changed(uuid),
    gate.task_changed(uuid) TO epj_app;
