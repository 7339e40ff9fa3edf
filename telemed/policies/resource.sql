-- The register of rooms, equipment and people that can be booked: kept by those who hold the roll-out plan of its legal entity; they also say who
-- looks after each.

-- Whether the acting person holds the plan of the entity that a unit belongs to.
CREATE FUNCTION gate.registers_unit(p_unit uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.access_orgunit u
        JOIN public.telemed_rolloutplan p ON gate.holder(p.legal_entity_id, gate.clock()) = gate.holder(u.legal_entity_id, gate.clock())
        WHERE u.id = p_unit AND gate.manages_plan(p.id));
END $$;

-- The same for a resource; equipment that is lent out is still its owner's to keep.
CREATE FUNCTION gate.registers_resource(p_resource uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.telemed_resource r WHERE r.id = p_resource AND gate.registers_unit(r.unit_id))
        OR EXISTS (
            SELECT 1 FROM public.telemed_equipment e JOIN public.telemed_rolloutplan p ON p.legal_entity_id = e.owner_id
            WHERE e.resource_id = p_resource AND gate.manages_plan(p.id));
END $$;

ALTER TABLE telemed_resource ENABLE ROW LEVEL SECURITY;
GRANT INSERT, UPDATE (name, place, position, by_duty, ended_at) ON telemed_resource TO epj_app;
CREATE POLICY read ON telemed_resource FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY register ON telemed_resource FOR INSERT TO epj_app WITH CHECK (gate.registers_unit(unit_id));
CREATE POLICY keep ON telemed_resource FOR UPDATE TO epj_app USING (gate.registers_resource(id));

ALTER TABLE telemed_opening ENABLE ROW LEVEL SECURITY;
GRANT INSERT, UPDATE (valid_to) ON telemed_opening TO epj_app;
CREATE POLICY read ON telemed_opening FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY open ON telemed_opening FOR INSERT TO epj_app WITH CHECK (gate.manages_resource(resource_id));
CREATE POLICY ended ON telemed_opening FOR UPDATE TO epj_app USING (gate.manages_resource(resource_id));

GRANT INSERT ON telemed_equipment TO epj_app;
CREATE POLICY register ON telemed_equipment FOR INSERT TO epj_app WITH CHECK (gate.registers_resource(resource_id));
CREATE POLICY change ON telemed_equipment FOR UPDATE TO epj_app USING (gate.manages_resource(resource_id));

-- Who may be given something to look after: those who work in the plan's entity now.
CREATE FUNCTION gate.plan_people(p_plan uuid) RETURNS TABLE (user_id uuid, name text, unit_id uuid, unit_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    IF NOT gate.manages_plan(p_plan) THEN
        RAISE EXCEPTION 'this plan is held by others' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
    SELECT DISTINCT ON (u.family_name, u.given_name, u.id) u.id, u.given_name || ' ' || u.family_name, o.id, o.name::text
    FROM public.telemed_rolloutplan p
    JOIN public.access_orgunit o ON gate.holder(o.legal_entity_id, g.at) = gate.holder(p.legal_entity_id, g.at)
    JOIN public.access_accessauthorisation a ON a.unit_id = o.id AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to)
    JOIN public.access_user u ON u.id = a.user_id AND u.is_active
    WHERE p.id = p_plan ORDER BY u.family_name, u.given_name, u.id, o.name;
END $$;

-- Gives somebody a resource or a plan to hold (p_model: resource | rolloutplan), or takes it back. A plan is never given to or taken from oneself,
-- so that it is not left without a holder. False when it is so already.
CREATE FUNCTION gate.telemed_holder_set(p_model text, p_object uuid, p_user uuid, p_held boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    permission int;
    kind int;
BEGIN
    IF NOT (p_model = 'resource' AND gate.registers_resource(p_object)
            OR p_model = 'rolloutplan' AND gate.manages_plan(p_object) AND p_user <> g.user_id)
        OR p_held AND NOT EXISTS (
            SELECT 1 FROM public.access_accessauthorisation a
            WHERE a.user_id = p_user AND a.valid_from <= g.at AND (a.valid_to IS NULL OR g.at < a.valid_to))
    THEN
        RAISE EXCEPTION 'not one''s own to hand on' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT p.id, p.content_type_id INTO permission, kind
    FROM public.auth_permission p JOIN public.django_content_type t ON t.id = p.content_type_id
    WHERE p.codename = CASE p_model WHEN 'resource' THEN 'manage_resource' ELSE 'manage_rollout' END AND t.app_label = 'telemed' AND t.model = p_model;
    IF p_held THEN
        INSERT INTO public.guardian_userobjectpermission (permission_id, content_type_id, object_pk, user_id)
        SELECT permission, kind, p_object::text, p_user
        WHERE NOT EXISTS (
            SELECT 1 FROM public.guardian_userobjectpermission x
            WHERE x.permission_id = permission AND x.object_pk = p_object::text AND x.user_id = p_user);
    ELSE
        DELETE FROM public.guardian_userobjectpermission x
        WHERE x.permission_id = permission AND x.object_pk = p_object::text AND x.user_id = p_user;
    END IF;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM gate.register_log(g, CASE WHEN p_held THEN 'telemed_holder_give' ELSE 'telemed_holder_take' END, '',
        jsonb_build_object('user', jsonb_build_array(p_user), p_model, jsonb_build_array(p_object)));
    RETURN true;
END $$;

-- A plan for one who has none yet, made by whoever administers the community; who makes it holds it until it is given to the right person.
CREATE FUNCTION gate.plan_start(p_entity uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    made uuid := gen_random_uuid();
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission p JOIN public.auth_permission a ON a.id = p.permission_id
        WHERE p.user_id = g.user_id AND a.codename = 'administer_community')
    THEN
        RAISE EXCEPTION 'the community is administered by others' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.telemed_rolloutplan (id, legal_entity_id, contact) VALUES (made, p_entity, '');
    INSERT INTO public.guardian_userobjectpermission (permission_id, content_type_id, object_pk, user_id)
    SELECT p.id, p.content_type_id, made::text, g.user_id
    FROM public.auth_permission p JOIN public.django_content_type t ON t.id = p.content_type_id
    WHERE p.codename = 'manage_rollout' AND t.app_label = 'telemed' AND t.model = 'rolloutplan';
    PERFORM gate.register_log(g, 'plan_start', '', jsonb_build_object('rolloutplan', jsonb_build_array(made), 'legal_entity', jsonb_build_array(p_entity)));
    RETURN made;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.plan_start(uuid), gate.registers_unit(uuid), gate.registers_resource(uuid), gate.plan_people(uuid), gate.telemed_holder_set(text, uuid, uuid, boolean) TO epj_app;
