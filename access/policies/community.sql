-- The agreement of the record community: read and changed by one who holds it (object permission), never by SQL of the application.
-- What the rule reads (participation, units, successions) is dated when a change is registered: no process has to run at midnight.

CREATE FUNCTION gate.community_held(p_community uuid) RETURNS gate.grant_t
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission p JOIN public.auth_permission a ON a.id = p.permission_id
        WHERE p.user_id = g.user_id AND a.codename = 'administer_community' AND p.object_pk = p_community::text
    ) THEN
        RAISE EXCEPTION 'this agreement is held by others' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

CREATE FUNCTION gate.community_log(g gate.grant_t, p_action text, p_reason text, p_objects jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', p_action, 'route', 'community'));
BEGIN
    entry.reason := p_reason;
    entry.objects_shown := p_objects;
    PERFORM auditlog.write(entry);
END $$;

CREATE FUNCTION gate.name_of(p_user uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT u.given_name || ' ' || u.family_name FROM public.access_user u WHERE u.id = p_user
$$;

-- All agreements with versions, signatures, parties and changes, for administrators of access and custodians. No patient stands here.
CREATE FUNCTION gate.communities() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF NOT (g.administers_access OR g.is_custodian) THEN
        RAISE EXCEPTION 'the agreement is for administrators and custodians' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN (SELECT coalesce(jsonb_agg(to_jsonb(c) || jsonb_build_object(
        'held', g.administers_access AND EXISTS (
            SELECT 1 FROM public.guardian_userobjectpermission p JOIN public.auth_permission a ON a.id = p.permission_id
            WHERE p.user_id = g.user_id AND a.codename = 'administer_community' AND p.object_pk = c.id::text),
        'versions', (SELECT coalesce(jsonb_agg(to_jsonb(v) || jsonb_build_object(
                'host', h.name, 'operator', o.name, 'registered_by', gate.name_of(v.registered_by_id),
                'signatures', (SELECT coalesce(jsonb_agg(to_jsonb(s) || jsonb_build_object('entity', e.name) ORDER BY e.name), '[]')
                    FROM public.access_agreementsignature s JOIN public.access_legalentity e ON e.id = s.legal_entity_id WHERE s.version_id = v.id)
            ) ORDER BY v.number DESC), '[]')
            FROM public.access_agreementversion v
            JOIN public.access_legalentity h ON h.id = v.host_id JOIN public.access_legalentity o ON o.id = v.operator_id
            WHERE v.community_id = c.id),
        'participations', (SELECT coalesce(jsonb_agg(to_jsonb(p) || jsonb_build_object('entity', e.name, 'kind', e.kind,
                'service', coalesce(s.name, p.service_code::text)) ORDER BY e.name, p.service_code, p.valid_from), '[]')
            FROM public.access_participation p JOIN public.access_legalentity e ON e.id = p.legal_entity_id
            LEFT JOIN public.access_servicetype s ON s.code = p.service_code WHERE p.community_id = c.id),
        'changes', (SELECT coalesce(jsonb_agg(to_jsonb(x) || jsonb_build_object('entity', e.name,
                'registered_by', gate.name_of(x.registered_by_id), 'cancelled_by', gate.name_of(x.cancelled_by_id),
                'export', (SELECT to_jsonb(r) || jsonb_build_object('released_by', gate.name_of(r.released_by_id), 'received_by', gate.name_of(r.received_by_id),
                        'refusals', (SELECT count(*) FROM public.access_exportrefusal f WHERE f.export_id = r.id),
                        'patients_total', (SELECT count(*) FROM public.access_exportpatient n WHERE n.export_id = r.id),
                        'patients_done', (SELECT count(n.file) FROM public.access_exportpatient n WHERE n.export_id = r.id))
                    FROM public.access_recordexport r WHERE r.change_id = x.id)) ORDER BY x.effective_at DESC, x.registered_at DESC), '[]')
            FROM public.access_communitychange x LEFT JOIN public.access_legalentity e ON e.id = x.legal_entity_id WHERE x.community_id = c.id)
        ) ORDER BY c.valid_from), '[]') FROM public.access_recordcommunity c);
END $$;

-- Entities that take part as members at a time: those whose signature an agreement needs.
CREATE FUNCTION gate.members_of(p_community uuid, t timestamptz) RETURNS TABLE (entity_id uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT p.legal_entity_id FROM public.access_participation p
    WHERE p.community_id = p_community AND p.mode = 'member' AND p.valid_from <= t AND (p.valid_to IS NULL OR t < p.valid_to)
$$;

-- One signature: {entity, signer, title, signed_on}. A signature without a name, or dated ahead, is none.
CREATE FUNCTION gate.sign_agreement(g gate.grant_t, p_version uuid, signature jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF btrim(coalesce(signature ->> 'signer', '')) = '' OR btrim(coalesce(signature ->> 'title', '')) = '' OR signature ->> 'signed_on' IS NULL
        OR (signature ->> 'signed_on')::date > (g.at AT TIME ZONE 'Europe/Oslo')::date
    THEN
        RAISE EXCEPTION 'unsigned: %', (SELECT e.name FROM public.access_legalentity e WHERE e.id = (signature ->> 'entity')::uuid)
            USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_agreementsignature (id, version_id, legal_entity_id, signer, title, signed_on, registered_by_id, registered_at)
    VALUES (gen_random_uuid(), p_version, (signature ->> 'entity')::uuid, btrim(signature ->> 'signer'), btrim(signature ->> 'title'),
        (signature ->> 'signed_on')::date, g.user_id, g.at)
    ON CONFLICT (version_id, legal_entity_id) DO NOTHING;
END $$;

CREATE FUNCTION gate.register_change(
    g gate.grant_t, p_community uuid, p_kind text, p_entity uuid, p_from timestamptz, p_details jsonb, p_reason text) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    change uuid := gen_random_uuid();
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'a change needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_communitychange (id, community_id, kind, legal_entity_id, effective_at, state, details, reason, registered_by_id,
        registered_at, cancel_reason)
    VALUES (change, p_community, p_kind, p_entity, p_from, 'registered', p_details, btrim(p_reason), g.user_id, g.at, '');
    PERFORM gate.community_log(g, 'community_' || p_kind, p_reason, jsonb_build_object('change', change, 'entity', p_entity, 'from', p_from) || p_details);
    RETURN change;
END $$;

-- The version that holds at a time. An agreement without one binds nobody new.
CREATE FUNCTION gate.version_at(p_community uuid, t timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid := (SELECT v.id FROM public.access_agreementversion v
        WHERE v.community_id = p_community AND v.valid_from <= t AND (v.valid_to IS NULL OR t < v.valid_to));
BEGIN
    IF found IS NULL THEN
        RAISE EXCEPTION 'no agreement in force then' USING ERRCODE = 'check_violation';
    END IF;
    RETURN found;
END $$;

-- A new version from a moment on, signed by every member of that moment; another host makes it a change of host.
CREATE FUNCTION gate.agreement_set(p_community uuid, p_from timestamptz, content jsonb, signatures jsonb, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.community_held(p_community);
    former public.access_agreementversion;
    version uuid := gen_random_uuid();
    missing text;
    signature jsonb;
    kind text := 'agreement';
BEGIN
    SELECT v.* INTO former FROM public.access_agreementversion v WHERE v.community_id = p_community AND v.valid_to IS NULL FOR UPDATE;
    IF p_from < g.at OR p_from <= former.valid_from THEN
        RAISE EXCEPTION 'a version holds from now on, and after the former' USING ERRCODE = 'check_violation';
    END IF;
    SELECT string_agg(e.name, ', ' ORDER BY e.name) INTO missing
    FROM gate.members_of(p_community, p_from) m JOIN public.access_legalentity e ON e.id = m.entity_id
    WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(signatures) s WHERE (s ->> 'entity')::uuid = m.entity_id);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'unsigned: %', missing USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.access_agreementversion SET valid_to = p_from WHERE id = former.id;
    INSERT INTO public.access_agreementversion (id, community_id, number, valid_from, coverage, patient_rights, processing, controller, rights_contact,
        host_id, operator_id, notice_months, export_rule, exit_plan, law, reason, registered_by_id, registered_at)
    VALUES (version, p_community, (SELECT coalesce(max(v.number), 0) + 1 FROM public.access_agreementversion v WHERE v.community_id = p_community), p_from, content ->> 'coverage', content ->> 'patient_rights', content ->> 'processing',
        content ->> 'controller', content ->> 'rights_contact', (content ->> 'host')::uuid, (content ->> 'operator')::uuid,
        (content ->> 'notice_months')::smallint, content ->> 'export_rule', content ->> 'exit_plan', coalesce(content ->> 'law', ''), btrim(p_reason),
        g.user_id, g.at);
    FOR signature IN SELECT * FROM jsonb_array_elements(signatures) LOOP
        PERFORM gate.sign_agreement(g, version, signature);
    END LOOP;
    IF former.id IS NOT NULL AND former.host_id <> (content ->> 'host')::uuid THEN
        kind := 'host';
    END IF;
    PERFORM gate.register_change(g, p_community, kind, (content ->> 'host')::uuid, p_from,
        jsonb_build_object('version', version, 'former_version', former.id, 'former_host', former.host_id), p_reason);
    RETURN version;
END $$;

-- A known entity by id, or a new municipality {name, org_number, municipality_number} that begins then.
CREATE FUNCTION gate.entity_for(party jsonb, p_from timestamptz) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entity uuid := (party ->> 'id')::uuid;
BEGIN
    IF entity IS NULL THEN
        -- One whose joining was called off before it began may come back.
        UPDATE public.access_legalentity e SET valid_from = p_from, valid_to = NULL, name = btrim(party ->> 'name')
        WHERE e.org_number = party ->> 'org_number' AND e.valid_to = e.valid_from AND e.successor_id IS NULL RETURNING e.id INTO entity;
    END IF;
    IF entity IS NULL THEN
        entity := gen_random_uuid();
        INSERT INTO public.access_legalentity (id, name, org_number, kind, municipality_number, valid_from)
        VALUES (entity, btrim(party ->> 'name'), party ->> 'org_number', 'municipality', coalesce(party ->> 'municipality_number', ''), p_from);
    END IF;
    RETURN entity;
END $$;

-- One more party, with its services and the units that give them. Its signature on the version in force is part of the act.
CREATE FUNCTION gate.community_join(
    p_community uuid, party jsonb, services smallint[], p_mode text, p_from timestamptz, signature jsonb, units jsonb, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.community_held(p_community);
    entity uuid;
    joined uuid[];
    opened uuid[];
    ended jsonb;
BEGIN
    IF p_from < g.at OR cardinality(services) = 0 THEN
        RAISE EXCEPTION 'a party joins from now on, with a service' USING ERRCODE = 'check_violation';
    END IF;
    entity := gate.entity_for(party, p_from);
    IF EXISTS (SELECT 1 FROM public.access_participation p WHERE p.community_id = p_community AND p.legal_entity_id = entity
        AND p.service_code = ANY (services) AND p.mode = p_mode AND (p.valid_to IS NULL OR p.valid_to > p_from))
    THEN
        RAISE EXCEPTION 'takes part already' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM gate.sign_agreement(g, gate.version_at(p_community, p_from), signature || jsonb_build_object('entity', entity));
    -- Who took part by messages only, or the other way round, changes the way of taking part.
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'valid_to', p.valid_to)), '[]') INTO ended FROM public.access_participation p
    WHERE p.community_id = p_community AND p.legal_entity_id = entity AND p.mode <> p_mode AND (p.valid_to IS NULL OR p.valid_to > p_from);
    UPDATE public.access_participation SET valid_to = greatest(p_from, valid_from)
    WHERE id IN (SELECT (x ->> 'id')::uuid FROM jsonb_array_elements(ended) x);
    WITH made AS (
        INSERT INTO public.access_participation (id, community_id, legal_entity_id, service_code, mode, valid_from)
        SELECT gen_random_uuid(), p_community, entity, s, p_mode, p_from FROM unnest(services) s RETURNING id
    ) SELECT array_agg(id) INTO joined FROM made;
    WITH made AS (
        INSERT INTO public.access_orgunit (id, legal_entity_id, name, kind, service_code, phone, valid_from)
        SELECT gen_random_uuid(), entity, btrim(u ->> 'name'), u ->> 'kind', (u ->> 'service_code')::smallint, '', p_from
        FROM jsonb_array_elements(units) u RETURNING id
    ) SELECT array_agg(id) INTO opened FROM made;
    RETURN gate.register_change(g, p_community, 'join', entity, p_from,
        jsonb_build_object('participations', to_jsonb(joined), 'units', coalesce(to_jsonb(opened), '[]'), 'services', to_jsonb(services), 'mode', p_mode, 'ended', ended,
            'new_entity', party ->> 'id' IS NULL), p_reason);
END $$;

-- Two or more become one: their entries, units and blocks go on under the successor, which signs and takes part with their services.
CREATE FUNCTION gate.community_merge(
    p_community uuid, predecessors uuid[], party jsonb, p_from timestamptz, signature jsonb, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.community_held(p_community);
    successor uuid;
    joined uuid[];
    ended jsonb;
BEGIN
    IF p_from <= g.at OR cardinality(predecessors) < (CASE WHEN party ->> 'id' IS NULL THEN 2 ELSE 1 END)
        OR (party ->> 'id')::uuid = ANY (predecessors)
        OR EXISTS (SELECT 1 FROM unnest(predecessors) p WHERE NOT EXISTS (
            SELECT 1 FROM public.access_legalentity e WHERE e.id = p AND e.kind = 'municipality' AND e.valid_to IS NULL AND e.successor_id IS NULL))
        OR EXISTS (SELECT 1 FROM public.access_communitychange c WHERE c.legal_entity_id = ANY (predecessors) AND c.kind = 'exit' AND c.state = 'registered')
    THEN
        RAISE EXCEPTION 'these cannot merge then' USING ERRCODE = 'check_violation';
    END IF;
    successor := gate.entity_for(party, p_from);
    PERFORM gate.sign_agreement(g, gate.version_at(p_community, p_from), signature || jsonb_build_object('entity', successor));
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'valid_to', p.valid_to)), '[]') INTO ended FROM public.access_participation p
    WHERE p.community_id = p_community AND p.legal_entity_id = ANY (predecessors) AND (p.valid_to IS NULL OR p.valid_to > p_from);
    WITH made AS (
        INSERT INTO public.access_participation (id, community_id, legal_entity_id, service_code, mode, valid_from)
        SELECT gen_random_uuid(), p_community, successor, p.service_code, min(p.mode), p_from FROM public.access_participation p
        WHERE p.id IN (SELECT (x ->> 'id')::uuid FROM jsonb_array_elements(ended) x) AND NOT EXISTS (
            SELECT 1 FROM public.access_participation has WHERE has.community_id = p_community AND has.legal_entity_id = successor
                AND has.service_code = p.service_code AND (has.valid_to IS NULL OR has.valid_to > p_from))
        GROUP BY p.service_code RETURNING id
    ) SELECT array_agg(id) INTO joined FROM made;
    UPDATE public.access_participation SET valid_to = greatest(p_from, valid_from)
    WHERE id IN (SELECT (x ->> 'id')::uuid FROM jsonb_array_elements(ended) x);
    UPDATE public.access_legalentity SET valid_to = p_from, successor_id = successor WHERE id = ANY (predecessors);
    RETURN gate.register_change(g, p_community, 'merge', successor, p_from,
        jsonb_build_object('predecessors', to_jsonb(predecessors), 'participations', coalesce(to_jsonb(joined), '[]'), 'ended', ended,
            'new_entity', party ->> 'id' IS NULL), p_reason);
END $$;

-- What was agreed and signed stays as it was; only its end may be set.
CREATE FUNCTION gate.agreement_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'valid_to') <> (to_jsonb(OLD) - 'valid_to') THEN
        RAISE EXCEPTION 'an agreement is followed by a new version, never changed or removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_kept BEFORE UPDATE OR DELETE ON access_agreementversion FOR EACH ROW EXECUTE FUNCTION gate.agreement_kept();
CREATE TRIGGER signature_kept BEFORE UPDATE OR DELETE ON access_agreementsignature FOR EACH ROW EXECUTE FUNCTION gate.agreement_kept();

GRANT EXECUTE ON FUNCTION
    gate.communities(), gate.agreement_set(uuid, timestamptz, jsonb, jsonb, text),
    gate.community_join(uuid, jsonb, smallint[], text, timestamptz, jsonb, jsonb, text),
    gate.community_merge(uuid, uuid[], jsonb, timestamptz, jsonb, text) TO epj_app;
