-- Equipment: everyone who acts reads the register, whoever charts checks and reports, and those who hold a piece change, move and repair it.

ALTER TABLE telemed_equipment ENABLE ROW LEVEL SECURITY;
ALTER TABLE telemed_equipmentmove ENABLE ROW LEVEL SECURITY;
ALTER TABLE telemed_functioncheck ENABLE ROW LEVEL SECURITY;
ALTER TABLE telemed_fault ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON telemed_equipment, telemed_equipmentmove, telemed_functioncheck, telemed_fault TO epj_app;
GRANT INSERT ON telemed_equipmentmove, telemed_functioncheck, telemed_fault TO epj_app;
GRANT UPDATE (support_name, support_phone, check_days, serial) ON telemed_equipment TO epj_app;
GRANT UPDATE (case_number, expected_at, closed_at, closed_by_id) ON telemed_fault TO epj_app;
CREATE POLICY read ON telemed_equipment FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY read ON telemed_equipmentmove FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY read ON telemed_functioncheck FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY read ON telemed_fault FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY move ON telemed_equipmentmove FOR INSERT TO epj_app WITH CHECK (
    gate.manages_resource(equipment_id) AND moved_by_id = (SELECT (gate.current_grant()).user_id));
CREATE POLICY checked ON telemed_functioncheck FOR INSERT TO epj_app WITH CHECK (EXISTS (
    SELECT 1 FROM gate.current_grant() g WHERE g.may_chart AND checked_by_id = g.user_id));
CREATE POLICY report ON telemed_fault FOR INSERT TO epj_app WITH CHECK (closed_at IS NULL AND EXISTS (
    SELECT 1 FROM gate.current_grant() g WHERE g.may_chart AND reported_by_id = g.user_id));
CREATE POLICY repair ON telemed_fault FOR UPDATE TO epj_app USING (gate.manages_resource(equipment_id));
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON telemed_fault FOR EACH ROW EXECUTE FUNCTION gate.own_name('closed_by_id');

-- Where a resource stands now is kept on it as well, so that the calendar need not look for the newest move.
CREATE FUNCTION gate.equipment_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.telemed_resource SET place = NEW.place, unit_id = NEW.unit_id WHERE id = NEW.equipment_id;
    RETURN NEW;
END $$;
CREATE TRIGGER equipment_moved AFTER INSERT ON telemed_equipmentmove FOR EACH ROW EXECUTE FUNCTION gate.equipment_moved();

-- What is out of order is not booked. Those who book at the same time as it is reported are told by the page; the slot itself may stand.
CREATE FUNCTION gate.bookings_on(p_resource uuid, p_from timestamptz) RETURNS TABLE (booking_id uuid, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN QUERY
    SELECT s.booking_id, lower(s.during), upper(s.during) FROM public.telemed_slot s
    WHERE s.resource_id = p_resource AND s.active AND upper(s.during) > p_from ORDER BY lower(s.during);
END $$;

-- How much each piece was used where it stood (R49): the place is that of the newest move before the session, else where the resource is.
CREATE FUNCTION gate.equipment_use(p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    resource_id uuid, unit_id uuid, place text, sessions int, minutes int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    RETURN QUERY
    SELECT s.resource_id, coalesce(m.unit_id, r.unit_id), coalesce(m.place, r.place)::text, count(*)::int,
        (sum(extract(epoch FROM upper(s.during) - lower(s.during))) / 60)::int
    FROM public.telemed_slot s JOIN public.telemed_booking b ON b.id = s.booking_id JOIN public.telemed_resource r ON r.id = s.resource_id
    LEFT JOIN LATERAL (
        SELECT x.unit_id, x.place FROM public.telemed_equipmentmove x
        WHERE x.equipment_id = s.resource_id AND x.moved_at <= lower(s.during) ORDER BY x.moved_at DESC, x.id DESC LIMIT 1) m ON true
    WHERE s.active AND b.status = 'held' AND s.during && tstzrange(p_from, p_to) AND r.kind <> 'person'
    GROUP BY s.resource_id, 2, 3;
END $$;

GRANT EXECUTE ON FUNCTION gate.bookings_on(uuid, timestamptz), gate.equipment_use(timestamptz, timestamptz) TO epj_app;
