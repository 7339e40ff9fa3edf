-- Leaving the record community, calling a change off, and the custodian's part of the copy that goes along.

CREATE FUNCTION gate.custody() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT g.is_custodian THEN
        RAISE EXCEPTION 'this role is not the custodian' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- One leaves: from `p_from` no longer bound to the others; at `p_closes` its own units close too. Both are midnights in Norway.
CREATE FUNCTION gate.exit_plan(p_community uuid, p_entity uuid, p_from timestamptz, p_closes timestamptz, p_rule text, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.community_held(p_community);
    change uuid;
    ended jsonb;
    closed jsonb;
BEGIN
    IF p_from <= g.at OR p_closes < p_from
        OR (p_from AT TIME ZONE 'Europe/Oslo')::time <> '00:00' OR (p_closes AT TIME ZONE 'Europe/Oslo')::time <> '00:00'
        OR NOT EXISTS (SELECT 1 FROM public.access_legalentity e WHERE e.id = p_entity AND e.kind = 'municipality' AND e.successor_id IS NULL)
    THEN
        RAISE EXCEPTION 'a municipality leaves at a coming midnight' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM public.access_agreementversion v WHERE v.community_id = p_community AND v.host_id = p_entity
        AND (v.valid_to IS NULL OR v.valid_to > p_from))
    THEN
        RAISE EXCEPTION 'the host cannot leave' USING ERRCODE = 'check_violation';
    END IF;
    SELECT jsonb_agg(jsonb_build_object('id', p.id, 'valid_to', p.valid_to)) INTO ended FROM public.access_participation p
    WHERE p.community_id = p_community AND p.legal_entity_id = p_entity AND (p.valid_to IS NULL OR p.valid_to > p_from);
    IF ended IS NULL THEN
        RAISE EXCEPTION 'does not take part' USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'valid_to', u.valid_to)), '[]') INTO closed FROM public.access_orgunit u
    WHERE gate.holder(u.legal_entity_id, g.at) = p_entity AND (u.valid_to IS NULL OR u.valid_to > p_closes);
    UPDATE public.access_participation SET valid_to = greatest(p_from, valid_from)
    WHERE id IN (SELECT (x ->> 'id')::uuid FROM jsonb_array_elements(ended) x);
    UPDATE public.access_orgunit SET valid_to = greatest(p_closes, valid_from)
    WHERE id IN (SELECT (x ->> 'id')::uuid FROM jsonb_array_elements(closed) x);
    change := gate.register_change(g, p_community, 'exit', p_entity, p_from,
        jsonb_build_object('ended', ended, 'closed', closed, 'closes', p_closes, 'rule', p_rule), p_reason);
    UPDATE public.access_communitychange SET closes_at = p_closes WHERE id = change;
    INSERT INTO public.access_recordexport (id, change_id, rule, state, entries_done, withheld, manifest_sha256, error, receipt)
    VALUES (gen_random_uuid(), change, p_rule, 'ordered', 0, 0, '', '', '');
    RETURN change;
END $$;

-- Takes back a change that has not begun: every date gets the end it had. False for one that has begun, or is not there.
CREATE FUNCTION gate.change_cancel(p_change uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c public.access_communitychange;
    g gate.grant_t;
BEGIN
    SELECT x.* INTO c FROM public.access_communitychange x WHERE x.id = p_change FOR UPDATE;
    g := gate.community_held(c.community_id);
    IF c.state <> 'registered' OR c.effective_at <= g.at OR btrim(p_reason) = '' THEN
        RETURN false;
    END IF;
    IF c.kind IN ('join', 'merge', 'exit') THEN
        UPDATE public.access_participation p SET valid_to = (x ->> 'valid_to')::timestamptz
        FROM jsonb_array_elements(c.details -> 'ended') x WHERE p.id = (x ->> 'id')::uuid;
        UPDATE public.access_orgunit u SET valid_to = (x ->> 'valid_to')::timestamptz
        FROM jsonb_array_elements(coalesce(c.details -> 'closed', '[]')) x WHERE u.id = (x ->> 'id')::uuid;
        UPDATE public.access_legalentity SET valid_to = NULL, successor_id = NULL
        WHERE id IN (SELECT p::uuid FROM jsonb_array_elements_text(coalesce(c.details -> 'predecessors', '[]')) p);
    END IF;
    IF c.kind IN ('join', 'merge') THEN
        UPDATE public.access_participation SET valid_to = valid_from
        WHERE id IN (SELECT p::uuid FROM jsonb_array_elements_text(c.details -> 'participations') p);
        UPDATE public.access_orgunit SET valid_to = valid_from
        WHERE id IN (SELECT u::uuid FROM jsonb_array_elements_text(coalesce(c.details -> 'units', '[]')) u);
        IF (c.details ->> 'new_entity')::boolean THEN
            UPDATE public.access_legalentity SET valid_to = valid_from WHERE id = c.legal_entity_id;
        END IF;
    END IF;
    IF c.kind IN ('agreement', 'host') THEN
        UPDATE public.access_agreementversion SET valid_to = valid_from WHERE id = (c.details ->> 'version')::uuid;
        UPDATE public.access_agreementversion SET valid_to = NULL WHERE id = (c.details ->> 'former_version')::uuid;
    END IF;
    UPDATE public.access_communitychange SET state = 'cancelled', cancelled_by_id = g.user_id, cancelled_at = g.at, cancel_reason = btrim(p_reason)
    WHERE id = c.id;
    PERFORM gate.community_log(g, 'community_cancel', p_reason, jsonb_build_object('change', c.id, 'kind', c.kind));
    RETURN true;
END $$;

-- Released by the custodian once the leaver's units are closed: until then the copy would not be the last word.
CREATE FUNCTION gate.export_release(p_export uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.custody();
BEGIN
    UPDATE public.access_recordexport r SET state = 'released', released_by_id = g.user_id, released_as_id = g.authorisation_id, released_at = g.at,
        error = '', lease_until = NULL
    FROM public.access_communitychange c
    WHERE r.id = p_export AND c.id = r.change_id AND c.state = 'done' AND r.state IN ('ordered', 'failed') AND c.registered_by_id <> g.user_id;
    IF FOUND THEN
        PERFORM gate.community_log(g, 'export_release', '', jsonb_build_object('export', p_export));
    END IF;
    RETURN FOUND;
END $$;

-- A patient who does not want the record handed over is left out. Found by full number; logged, also when nobody has it (NULL).
CREATE FUNCTION gate.export_refuse(p_export uuid, p_number text, p_receiver text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.custody();
    entry public.auditlog_entry := gate.log_row(g, '{"action": "export_refuse", "route": "community"}');
    patient uuid := (SELECT i.patient_id FROM public.access_patientidentity i WHERE i.value = p_number LIMIT 1);
BEGIN
    entry.reason := btrim(p_receiver);
    SELECT p.id, p.given_name || ' ' || p.family_name INTO entry.patient_id, entry.patient_name FROM public.access_patient p WHERE p.id = patient;
    PERFORM auditlog.write(entry);
    IF patient IS NULL OR NOT EXISTS (SELECT 1 FROM public.access_recordexport r WHERE r.id = p_export AND r.state = 'ordered') THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.access_exportrefusal (id, export_id, patient_id, receiver, registered_by_id, registered_at)
    VALUES (gen_random_uuid(), p_export, patient, btrim(p_receiver), g.user_id, g.at) ON CONFLICT (export_id, patient_id) DO NOTHING;
    RETURN patient;
END $$;

CREATE FUNCTION gate.export_receive(p_export uuid, p_receipt text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.custody();
BEGIN
    UPDATE public.access_recordexport SET state = 'received', received_by_id = g.user_id, received_at = g.at, receipt = btrim(p_receipt)
    WHERE id = p_export AND state = 'done' AND btrim(p_receipt) <> '';
    IF FOUND THEN
        PERFORM gate.community_log(g, 'export_receive', p_receipt, jsonb_build_object('export', p_export));
    END IF;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.exit_plan(uuid, uuid, timestamptz, timestamptz, text, text), gate.change_cancel(uuid, text),
    gate.export_release(uuid), gate.export_refuse(uuid, text, text), gate.export_receive(uuid, text) TO epj_app;
