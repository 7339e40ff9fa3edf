-- What must never break, whoever writes: one answers at a time (constraint shift_one_answers), what has been stays, and cover that was
-- promised is not lost but by a release that says why.

CREATE FUNCTION gate.shift_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF lower(OLD.span) < gate.clock() AND (TG_OP = 'DELETE' OR NEW.party_id <> OLD.party_id OR NEW.roster_id <> OLD.roster_id
            OR NEW.level <> OLD.level OR lower(NEW.span) <> lower(OLD.span) OR upper(NEW.span) < least(upper(OLD.span), gate.clock())) THEN
        RAISE EXCEPTION 'who has answered is not changed afterwards' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER shift_kept BEFORE UPDATE OR DELETE ON ops_shift FOR EACH ROW EXECUTE FUNCTION gate.shift_kept();

-- Asked when the transaction ends, so that one may be put in another's place. As owner: the one who commits may not see every row.
CREATE FUNCTION gate.cover_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lost tstzmultirange;
BEGIN
    IF EXISTS (SELECT 1 FROM public.ops_rosterlevel l WHERE l.roster_id = OLD.roster_id AND l.number = OLD.level AND l.promised) THEN
        SELECT tstzmultirange(OLD.span * tstzrange(gate.clock(), NULL))
            - coalesce((SELECT range_agg(s.span) FROM public.ops_shift s WHERE s.roster_id = OLD.roster_id AND s.level = OLD.level AND s.span && OLD.span), '{}')
            - coalesce((SELECT range_agg(r.span) FROM public.ops_release r WHERE r.roster_id = OLD.roster_id AND r.level = OLD.level AND r.span && OLD.span), '{}')
        INTO lost;
        IF NOT isempty(lost) THEN
            RAISE EXCEPTION 'cover that was promised would be lost' USING ERRCODE = 'check_violation', CONSTRAINT = 'cover_kept', TABLE = 'ops_shift';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cover_kept AFTER UPDATE OR DELETE ON ops_shift DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate.cover_kept();

CREATE FUNCTION gate.only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER act_kept BEFORE UPDATE OR DELETE ON ops_act FOR EACH ROW EXECUTE FUNCTION gate.only_added_to();
CREATE TRIGGER release_kept BEFORE UPDATE OR DELETE ON ops_release FOR EACH ROW EXECUTE FUNCTION gate.only_added_to();
CREATE TRIGGER incidentline_kept BEFORE UPDATE OR DELETE ON ops_incidentline FOR EACH ROW EXECUTE FUNCTION gate.only_added_to();

-- Whether a person has an object permission of this app (django-guardian): edit_roster on a roster, answer_for on a party.
CREATE FUNCTION gate.ops_holds(p_user uuid, p_codename text, p_object uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission x
        JOIN public.auth_permission p ON p.id = x.permission_id AND p.codename = p_codename
        JOIN public.django_content_type t ON t.id = x.content_type_id AND t.app_label = 'ops'
        WHERE x.user_id = p_user AND x.object_pk = p_object::text);
END $$;

-- A person acts for a party by being it, or by an object permission on it.
CREATE FUNCTION gate.acts_for(p_user uuid, p_party uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM public.ops_party p WHERE p.id = p_party AND p.active AND p.user_id = p_user) OR gate.ops_holds(p_user, 'answer_for', p_party);
END $$;

-- Rosters that the acting person may look at: those of systems, for everyone with a role; a shift plan for its unit, those in it, and who keeps it.
CREATE FUNCTION gate.duty_rosters() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    IF g.user_id IS NULL OR g.purpose = 'poll' THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT r.id FROM public.ops_roster r
    WHERE r.system_id IS NOT NULL OR r.unit_id = g.unit_id OR gate.ops_holds(g.user_id, 'edit_roster', r.id) OR EXISTS (
        SELECT 1 FROM public.ops_roster_parties m JOIN public.ops_party p ON p.id = m.party_id WHERE m.roster_id = r.id AND p.user_id = g.user_id);
END $$;

-- Whether the acting person is in the roster of a system, or keeps it: they are told what goes out and to which number.
CREATE FUNCTION gate.runs_system(p_system uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.ops_roster r LEFT JOIN public.ops_roster_parties m ON m.roster_id = r.id
        WHERE r.system_id = p_system AND (gate.acts_for(g.user_id, m.party_id) OR gate.ops_holds(g.user_id, 'edit_roster', r.id)));
END $$;

-- Sources whose call bells belong to the acting unit.
CREATE FUNCTION gate.own_bells() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    RETURN QUERY SELECT s.id FROM public.ops_eventsource s WHERE s.unit_id = g.unit_id;
END $$;

CREATE FUNCTION gate.duty_log(g gate.grant_t, p_action text, p_reason text, p_objects jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry public.auditlog_entry := gate.log_row(g, jsonb_build_object('action', p_action, 'route', 'duty', 'purpose', 'duty'));
BEGIN
    entry.reason := p_reason;
    entry.objects_shown := p_objects;
    PERFORM auditlog.write(entry);
END $$;

GRANT EXECUTE ON FUNCTION gate.duty_rosters(), gate.own_bells(), gate.runs_system(uuid) TO epj_app;
