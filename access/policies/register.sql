-- The register of authorisations (R23): given and ended by an administrator of access, never to oneself, and answerable for any date.

CREATE FUNCTION gate.administering() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    IF NOT g.administers_access THEN
        RAISE EXCEPTION 'this role does not administer access' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

CREATE FUNCTION gate.authorisation_give(
    p_user uuid, p_role uuid, p_unit uuid, p_from timestamptz, p_to timestamptz, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    given uuid := gen_random_uuid();
    entry public.auditlog_entry := gate.log_row(g, '{"action": "authorisation_give", "route": "register"}');
BEGIN
    IF btrim(p_reason) = '' OR p_user = g.user_id THEN
        RAISE EXCEPTION 'an authorisation needs a reason, and is not given to oneself' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_accessauthorisation (id, user_id, role_id, unit_id, valid_from, valid_to, given_by_id, reason, registered_at, ended_reason)
    VALUES (given, p_user, p_role, p_unit, greatest(p_from, g.at), p_to, g.user_id, p_reason, g.at, '');
    entry.reason := p_reason;
    entry.objects_shown := jsonb_build_object('authorisation', given, 'user', p_user, 'role', p_role, 'unit', p_unit);
    PERFORM auditlog.write(entry);
    RETURN given;
END $$;

-- Ends an authorisation in a unit from now on. False for one that has ended already, or is not there.
CREATE FUNCTION gate.authorisation_end(p_authorisation uuid, p_unit uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    entry public.auditlog_entry := gate.log_row(g, '{"action": "authorisation_end", "route": "register"}');
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'ending needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.access_accessauthorisation
    SET valid_to = greatest(g.at, valid_from), ended_by_id = g.user_id, ended_reason = p_reason, ended_at = g.at
    WHERE id = p_authorisation AND unit_id = p_unit AND (valid_to IS NULL OR valid_to > g.at);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    entry.reason := p_reason;
    entry.objects_shown := jsonb_build_object('authorisation', p_authorisation);
    PERFORM auditlog.write(entry);
    RETURN true;
END $$;

-- Who held which role where at a time, and who had given it.
CREATE FUNCTION gate.register_on(p_at timestamptz) RETURNS TABLE (
    authorisation_id uuid, user_id uuid, family_name text, given_name text, username text, role_name text, unit_id uuid, unit_name text,
    entity_name text, valid_from timestamptz, valid_to timestamptz, given_by text, reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT a.id, u.id, u.family_name, u.given_name, u.username::text, r.name, o.id, o.name, e.name, a.valid_from, a.valid_to,
        coalesce(b.given_name || ' ' || b.family_name, ''), a.reason
    FROM public.access_accessauthorisation a
    JOIN public.access_user u ON u.id = a.user_id
    JOIN public.access_roletemplate r ON r.id = a.role_id
    JOIN public.access_orgunit o ON o.id = a.unit_id
    JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    LEFT JOIN public.access_user b ON b.id = a.given_by_id
    WHERE a.valid_from <= p_at AND (a.valid_to IS NULL OR p_at < a.valid_to);
END $$;

GRANT EXECUTE ON FUNCTION
    gate.authorisation_give(uuid, uuid, uuid, timestamptz, timestamptz, text), gate.authorisation_end(uuid, uuid, text),
    gate.register_on(timestamptz) TO epj_app;
-- What django-guardian and Django's permissions need to answer whether an administrator holds a unit.
GRANT SELECT ON
    auth_permission, auth_group, auth_group_permissions, access_user_groups, access_user_user_permissions,
    guardian_userobjectpermission, guardian_groupobjectpermission TO epj_app;
