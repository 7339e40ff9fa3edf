-- Courses that a role demands (R23): without a live completion the role opens nothing (clause 1, gate.actor_of).

GRANT SELECT ON access_course TO epj_app;
UPDATE access_roletemplate SET leads_unit = true WHERE code = 'unit_leader';

-- Past answers hold only if the past is kept: a completion and a demand may be ended, never changed or removed.
CREATE FUNCTION gate.course_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{valid_to,struck_by_id,struck_reason,end_proposed_by_id,end_proposed_at,ended_by_id}';
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - free) <> (to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'a course that was demanded or taken is ended, never changed or removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER course_kept BEFORE UPDATE OR DELETE ON access_coursecompletion FOR EACH ROW EXECUTE FUNCTION gate.course_kept();
CREATE TRIGGER course_kept BEFORE UPDATE OR DELETE ON access_requiredcourse FOR EACH ROW EXECUTE FUNCTION gate.course_kept();

-- Courses that a role demands at a time and this person lacks, with when the last completion ran out.
CREATE FUNCTION gate.courses_lacking(p_user uuid, p_role uuid, t timestamptz) RETURNS TABLE (course_id uuid, name text, lapsed_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT c.id, c.name, (
        SELECT max(h.valid_to) FROM public.access_coursecompletion h WHERE h.user_id = p_user AND h.course_id = c.id AND h.valid_to <= t)
    FROM public.access_requiredcourse d JOIN public.access_course c ON c.id = d.course_id
    WHERE d.role_id = p_role AND d.valid_from <= t AND (d.valid_to IS NULL OR t < d.valid_to)
        AND NOT EXISTS (
            SELECT 1 FROM public.access_coursecompletion h
            WHERE h.user_id = p_user AND h.course_id = c.id AND h.valid_from <= t AND (h.valid_to IS NULL OR t < h.valid_to));
END $$;

-- For the choice of role: the session's own authorisations that a course withholds.
CREATE FUNCTION gate.my_courses_lacking(secret text) RETURNS TABLE (authorisation_id uuid, name text, lapsed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.id, l.name, l.lapsed_at
    FROM gate.session_of(secret) s
    JOIN public.access_accessauthorisation a ON a.user_id = s.user_id
    CROSS JOIN LATERAL gate.courses_lacking(a.user_id, a.role_id, gate.clock()) l
    WHERE s.locked_at IS NULL AND a.valid_from <= gate.clock() AND (a.valid_to IS NULL OR gate.clock() < a.valid_to)
    ORDER BY l.name
$$;

CREATE FUNCTION gate.course_make(p_code text, p_name text, p_months int) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    made uuid := gen_random_uuid();
BEGIN
    INSERT INTO public.access_course (id, code, name, valid_months, registered_at) VALUES (made, p_code, p_name, p_months, g.at);
    PERFORM gate.register_log(g, 'course_make', p_name, jsonb_build_object('course', jsonb_build_array(made)));
    RETURN made;
END $$;

-- What each role demands, with who has proposed to take the demand away.
CREATE FUNCTION gate.course_demands() RETURNS TABLE (
    demand_id uuid, role_id uuid, role_name text, course_id uuid, course_name text, valid_from timestamptz, valid_to timestamptz,
    end_proposed_by uuid, end_proposed_name text, ended_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    SELECT d.id, r.id, r.name, c.id, c.name, d.valid_from, d.valid_to, d.end_proposed_by_id, p.given_name || ' ' || p.family_name,
        coalesce(e.given_name || ' ' || e.family_name, '')
    FROM public.access_requiredcourse d
    JOIN public.access_roletemplate r ON r.id = d.role_id
    JOIN public.access_course c ON c.id = d.course_id
    LEFT JOIN public.access_user p ON p.id = d.end_proposed_by_id
    LEFT JOIN public.access_user e ON e.id = d.ended_by_id
    ORDER BY c.name, r.name, d.valid_from;
END $$;

-- Who holds the role now (or will, at p_from) and would be without it for want of the course.
CREATE FUNCTION gate.course_demand_preview(p_role uuid, p_course uuid, p_from timestamptz) RETURNS TABLE (
    user_id uuid, family_name text, given_name text, unit_name text, holders bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    RETURN QUERY
    WITH held AS (
        SELECT a.user_id, o.name, count(*) OVER () AS holders
        FROM public.access_accessauthorisation a JOIN public.access_orgunit o ON o.id = a.unit_id JOIN public.access_user x ON x.id = a.user_id
        WHERE a.role_id = p_role AND x.is_active AND a.valid_from <= p_from AND (a.valid_to IS NULL OR p_from < a.valid_to)
    )
    SELECT u.id, u.family_name, u.given_name, h.name, h.holders
    FROM held h JOIN public.access_user u ON u.id = h.user_id
    WHERE NOT EXISTS (
        SELECT 1 FROM public.access_coursecompletion x
        WHERE x.user_id = h.user_id AND x.course_id = p_course AND x.valid_from <= p_from AND (x.valid_to IS NULL OR p_from < x.valid_to))
    ORDER BY gate.name_key(u.family_name || ' ' || u.given_name) COLLATE "C", h.name;
END $$;

-- A demand narrows, so one administrator is enough; it never reaches back in time.
CREATE FUNCTION gate.course_demand(p_role uuid, p_course uuid, p_from timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    made uuid := gen_random_uuid();
BEGIN
    INSERT INTO public.access_requiredcourse (id, role_id, course_id, valid_from, added_by_id, added_at)
    VALUES (made, p_role, p_course, greatest(p_from, g.at), g.user_id, g.at);
    PERFORM gate.register_log(g, 'course_demand', '', jsonb_build_object('course', jsonb_build_array(p_course), 'role', jsonb_build_array(p_role)));
    RETURN made;
END $$;

-- Taking a demand away widens. The first call proposes; the second, by somebody else who does not hold the role, carries it out. Returns proposed, ended or refused.
CREATE FUNCTION gate.course_demand_end(p_demand uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
    d public.access_requiredcourse;
    answer text := 'ended';
BEGIN
    SELECT x.* INTO d FROM public.access_requiredcourse x WHERE x.id = p_demand AND x.valid_to IS NULL FOR UPDATE;
    IF d.id IS NULL OR d.end_proposed_by_id = g.user_id OR d.end_proposed_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM public.access_accessauthorisation a
        WHERE a.user_id = g.user_id AND a.role_id = d.role_id AND (a.valid_to IS NULL OR a.valid_to > g.at))
    THEN
        RETURN 'refused';
    END IF;
    IF d.end_proposed_by_id IS NULL THEN
        answer := 'proposed';
        UPDATE public.access_requiredcourse SET end_proposed_by_id = g.user_id, end_proposed_at = g.at WHERE id = p_demand;
    ELSE
        UPDATE public.access_requiredcourse SET valid_to = greatest(g.at, valid_from), ended_by_id = g.user_id WHERE id = p_demand;
    END IF;
    PERFORM gate.register_log(g, 'course_demand_' || answer, '', jsonb_build_object('course', jsonb_build_array(d.course_id)));
    RETURN answer;
END $$;

-- Takes a proposal back: by anyone who administers, since it leaves things as they are.
CREATE FUNCTION gate.course_demand_keep(p_demand uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.administering();
BEGIN
    UPDATE public.access_requiredcourse SET end_proposed_by_id = NULL, end_proposed_at = NULL
    WHERE id = p_demand AND valid_to IS NULL AND end_proposed_by_id IS NOT NULL;
    IF FOUND THEN
        PERFORM gate.register_log(g, 'course_demand_keep', '', jsonb_build_object('course_demand', jsonb_build_array(p_demand)));
    END IF;
    RETURN FOUND;
END $$;

-- An administrator of a unit where the person works, or the leader of it, registers a course; never one's own.
CREATE FUNCTION gate.course_completed(p_user uuid, p_course uuid, p_on date) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    made uuid := gen_random_uuid();
    months int := (SELECT c.valid_months FROM public.access_course c WHERE c.id = p_course);
BEGIN
    IF NOT gate.answers_for(g, p_user) OR p_user = g.user_id THEN
        RAISE EXCEPTION 'not a person one answers for' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_on > (g.at AT TIME ZONE 'Europe/Oslo')::date THEN
        RAISE EXCEPTION 'a course is registered when it has been taken' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.access_coursecompletion (id, user_id, course_id, completed_on, valid_from, valid_to, registered_by_id, struck_reason)
    VALUES (made, p_user, p_course, p_on, g.at,
        greatest(g.at, (p_on + make_interval(months => months))::timestamp AT TIME ZONE 'Europe/Oslo'), g.user_id, '');
    PERFORM gate.register_log(g, 'course_completed', '',
        jsonb_build_object('course', jsonb_build_array(p_course), 'user', jsonb_build_array(p_user)));
    RETURN made;
END $$;

-- A completion that was wrong stops counting from now on.
CREATE FUNCTION gate.course_strike(p_completion uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    h public.access_coursecompletion;
BEGIN
    SELECT x.* INTO h FROM public.access_coursecompletion x WHERE x.id = p_completion FOR UPDATE;
    IF h.id IS NULL OR h.valid_to <= g.at OR btrim(p_reason) = '' OR h.user_id = g.user_id OR NOT gate.answers_for(g, h.user_id) THEN
        RETURN false;
    END IF;
    UPDATE public.access_coursecompletion SET valid_to = greatest(g.at, valid_from), struck_by_id = g.user_id, struck_reason = p_reason
    WHERE id = p_completion;
    PERFORM gate.register_log(g, 'course_strike', p_reason,
        jsonb_build_object('course', jsonb_build_array(h.course_id), 'user', jsonb_build_array(h.user_id)));
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.my_courses_lacking(text), gate.course_make(text, text, int), gate.course_demands(),
    gate.course_demand_preview(uuid, uuid, timestamptz), gate.course_demand(uuid, uuid, timestamptz), gate.course_demand_end(uuid),
    gate.course_demand_keep(uuid), gate.course_completed(uuid, uuid, date), gate.course_strike(uuid, text) TO epj_app;
