-- The register of authorisations (R23): given and ended by an administrator of access, never to oneself, and answerable for any date.

CREATE FUNCTION gate.administering() RETURNS gate.grant_t
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT g.administers_access THEN
        RAISE EXCEPTION 'this role does not administer access' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN g;
END $$;

-- Whether a person administers a unit's register: an object permission, given unit by unit (django-guardian).
CREATE FUNCTION gate.holds_unit(p_user uuid, p_unit uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission x
        JOIN public.auth_permission p ON p.id = x.permission_id AND p.codename = 'administer_register'
        JOIN public.django_content_type t ON t.id = x.content_type_id AND t.app_label = 'access' AND t.model = 'orgunit'
        WHERE x.user_id = p_user AND x.object_pk = p_unit::text);
END $$;

CREATE FUNCTION gate.must_hold(g gate.grant_t, p_unit uuid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT gate.holds_unit(g.user_id, p_unit) THEN
        RAISE EXCEPTION 'this administrator does not hold the unit' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- One log row for an act in the register; what was done stands in objects_shown.
CREATE FUNCTION gate.register_log(g gate.grant_t, p_action text, p_reason text, p_objects jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', p_action, 'route', 'register'));
BEGIN
    entry.reason := p_reason;
    entry.objects_shown := p_objects;
    PERFORM auditlog.write(entry);
END $$;

CREATE FUNCTION gate.authorisation_give(
    p_user uuid, p_role uuid, p_unit uuid, p_from timestamptz, p_to timestamptz, p_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    given uuid := gen_random_uuid();
BEGIN
    PERFORM gate.must_hold(g, p_unit);
    IF btrim(p_reason) = '' OR p_user = g.user_id THEN
        RAISE EXCEPTION 'an authorisation needs a reason, and is not given to oneself' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_accessauthorisation (id, user_id, role_id, unit_id, valid_from, valid_to, given_by_id, reason, registered_at, ended_reason)
    VALUES (given, p_user, p_role, p_unit, greatest(p_from, g.at), p_to, g.user_id, p_reason, g.at, '');
    PERFORM gate.register_log(g, 'authorisation_give', p_reason,
        jsonb_build_object('authorisation', jsonb_build_array(given), 'user', jsonb_build_array(p_user)));
    RETURN given;
END $$;

-- Ends an authorisation in a unit from now on. False for one that has ended already, or is not there.
CREATE FUNCTION gate.authorisation_end(p_authorisation uuid, p_unit uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    PERFORM gate.must_hold(g, p_unit);
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'ending needs a reason' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.access_accessauthorisation
    SET valid_to = greatest(g.at, valid_from), ended_by_id = g.user_id, ended_reason = p_reason, ended_at = g.at
    WHERE id = p_authorisation AND unit_id = p_unit AND ended_at IS NULL AND (valid_to IS NULL OR valid_to > g.at);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM gate.register_log(g, 'authorisation_end', p_reason, jsonb_build_object('authorisation', jsonb_build_array(p_authorisation)));
    RETURN true;
END $$;

-- A name as lists are sorted and searched by: lms_epj.core.folding.sort_key in SQL.
CREATE FUNCTION gate.name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT translate(replace(lower(name), 'aa', 'å'), 'æäøöåüéèêëáàâãíìîïóòôõúùûýñçšžčćđ', '{{||}yeeeeaaaaiiiioooouuuyncszccd')
$$;

-- Who held which role where at a time, and who had given it. Each filter may be left out; `total` counts all pages.
CREATE FUNCTION gate.register_on(p_at timestamptz, p_words text[], p_unit uuid, p_role uuid, p_from int, p_size int) RETURNS TABLE (
    authorisation_id uuid, user_id uuid, family_name text, given_name text, username text, is_active boolean, role_name text, unit_id uuid,
    unit_name text, entity_name text, valid_from timestamptz, valid_to timestamptz, given_by text, reason text, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT a.id, u.id, u.family_name, u.given_name, u.username::text, u.is_active, r.name, o.id, o.name, e.name, a.valid_from, a.valid_to,
        coalesce(b.given_name || ' ' || b.family_name, ''), a.reason, count(*) OVER ()
    FROM public.access_accessauthorisation a
    JOIN public.access_user u ON u.id = a.user_id
    JOIN public.access_roletemplate r ON r.id = a.role_id
    JOIN public.access_orgunit o ON o.id = a.unit_id
    JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    LEFT JOIN public.access_user b ON b.id = a.given_by_id
    WHERE a.valid_from <= p_at AND (a.valid_to IS NULL OR p_at < a.valid_to)
        AND (p_unit IS NULL OR a.unit_id = p_unit) AND (p_role IS NULL OR a.role_id = p_role)
        AND NOT EXISTS (
            SELECT 1 FROM unnest(p_words) w
            WHERE strpos(gate.name_key(u.given_name || ' ' || u.family_name || ' ' || u.username), gate.name_key(w)) = 0)
    ORDER BY gate.name_key(u.family_name || ' ' || u.given_name) COLLATE "C", u.id, o.name, r.name
    OFFSET p_from LIMIT least(p_size, 500);
END $$;

GRANT EXECUTE ON FUNCTION
    gate.authorisation_give(uuid, uuid, uuid, timestamptz, timestamptz, text), gate.authorisation_end(uuid, uuid, text),
    gate.register_on(timestamptz, text[], uuid, uuid, int, int) TO epj_app;
-- What django-guardian and Django's permissions need to answer whether an administrator holds a unit.
GRANT SELECT ON
    auth_permission, auth_group, auth_group_permissions, access_user_groups, access_user_user_permissions,
    guardian_userobjectpermission, guardian_groupobjectpermission TO epj_app;
