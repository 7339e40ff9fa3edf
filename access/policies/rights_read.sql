-- What the administrator may read of the matrix and its changes. None of it tells of a patient.

-- The matrix at a moment, of one role or (NULL) of all.
CREATE FUNCTION gate.rights_matrix(p_role uuid, p_at timestamptz)
RETURNS TABLE (role_id uuid, template_id uuid, category smallint, actions smallint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT r.id, x.template_id, x.category_id, x.actions
    FROM public.access_roletemplate r CROSS JOIN LATERAL gate.rights_in_force(r.id, coalesce(p_at, g.at)) x
    WHERE p_role IS NULL OR r.id = p_role;
END $$;

-- Each time a cell of a role came to be or was changed, newest first: what it started with, and every change in force.
CREATE FUNCTION gate.rights_history(p_role uuid, p_template uuid, p_category int)
RETURNS TABLE (
    at timestamptz, template_id uuid, category smallint, before smallint, after smallint, change_id uuid, reason text, proposed_by text, decided_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT h.* FROM (
        SELECT r.valid_from AS at, r.template_id, r.category_id AS category, 0::smallint AS before, r.actions AS after, NULL::uuid AS change_id,
            '' AS reason, '' AS proposed_by, '' AS decided_by
        FROM public.access_roleright r WHERE r.role_id = p_role AND r.change_id IS NULL
        UNION ALL
        SELECT c.decided_at, (cell ->> 'template')::uuid, (cell ->> 'category')::smallint, (cell ->> 'before')::smallint,
            (cell ->> 'after')::smallint, c.id, c.reason, p.given_name || ' ' || p.family_name, coalesce(d.given_name || ' ' || d.family_name, '')
        FROM public.access_rightschange c
        CROSS JOIN LATERAL jsonb_array_elements(c.content) cell
        JOIN public.access_user p ON p.id = c.proposed_by_id
        LEFT JOIN public.access_user d ON d.id = c.decided_by_id
        WHERE c.state = 'in_force' AND (cell ->> 'role')::uuid = p_role
    ) h
    WHERE (p_template IS NULL OR h.template_id = p_template) AND (p_category IS NULL OR h.category = p_category)
    ORDER BY h.at DESC, h.template_id, h.category LIMIT 1000;
END $$;

-- Changes, those that wait first, then the newest; or one of them.
CREATE FUNCTION gate.rights_changes(p_change uuid)
RETURNS TABLE (
    id uuid, state text, widens boolean, content jsonb, reason text, proposed_by_id uuid, proposed_by text, proposed_at timestamptz,
    decided_by text, decided_at timestamptz, decision_reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT c.id, c.state::text, c.widens, c.content, c.reason, p.id, p.given_name || ' ' || p.family_name, c.proposed_at,
        coalesce(d.given_name || ' ' || d.family_name, ''), c.decided_at, c.decision_reason
    FROM public.access_rightschange c
    JOIN public.access_user p ON p.id = c.proposed_by_id
    LEFT JOIN public.access_user d ON d.id = c.decided_by_id
    WHERE p_change IS NULL OR c.id = p_change
    ORDER BY c.state <> 'proposed', c.proposed_at DESC, c.widens LIMIT 200;
END $$;

-- Who holds a role now, where; NULL counts for all roles. Holding is clause 1 of the rule: a missing licence withholds.
CREATE FUNCTION gate.holders(t timestamptz)
RETURNS TABLE (role_id uuid, unit_id uuid, user_id uuid, user_name text, valid_from timestamptz, valid_to timestamptz, licensed boolean)
LANGUAGE sql STABLE AS $$
    SELECT a.role_id, a.unit_id, u.id, u.given_name || ' ' || u.family_name, a.valid_from, a.valid_to,
        r.required_profession = '' OR EXISTS (
            SELECT 1 FROM public.access_licence l WHERE l.user_id = u.id AND l.profession = r.required_profession
                AND l.valid_from <= t AND (l.valid_to IS NULL OR t < l.valid_to))
    FROM public.access_accessauthorisation a
    JOIN public.access_roletemplate r ON r.id = a.role_id
    JOIN public.access_user u ON u.id = a.user_id AND u.is_active
    JOIN public.access_orgunit o ON o.id = a.unit_id
    JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    WHERE a.valid_from <= t AND (a.valid_to IS NULL OR t < a.valid_to)
        AND o.valid_from <= t AND (o.valid_to IS NULL OR t < o.valid_to)
        AND e.valid_from <= t AND (e.valid_to IS NULL OR t < e.valid_to)
$$;

CREATE FUNCTION gate.role_counts() RETURNS TABLE (role_id uuid, people bigint, units bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY SELECT h.role_id, count(DISTINCT h.user_id), count(DISTINCT h.unit_id) FROM gate.holders(g.at) h GROUP BY h.role_id;
END $$;

CREATE FUNCTION gate.role_people(p_role uuid)
RETURNS TABLE (user_name text, unit_name text, entity_name text, valid_from timestamptz, valid_to timestamptz, licensed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT h.user_name, o.name, e.name, h.valid_from, h.valid_to, h.licensed
    FROM gate.holders(g.at) h
    JOIN public.access_orgunit o ON o.id = h.unit_id
    JOIN public.access_legalentity e ON e.id = o.legal_entity_id
    WHERE h.role_id = p_role;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.rights_matrix(uuid, timestamptz), gate.rights_history(uuid, uuid, int), gate.rights_changes(uuid), gate.role_counts(),
    gate.role_people(uuid) TO epj_app;
