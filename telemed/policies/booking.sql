-- Bookings. The slot says that something is taken and is read by all who act; what for, only where the rule opens a patient of it.

-- Whether the acting person may change a booking: write in the patient's part, or be of the unit whose meeting or group it is.
CREATE FUNCTION gate.booking_writable(p_booking uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
    b public.telemed_booking;
BEGIN
    SELECT x.* INTO b FROM public.telemed_booking x WHERE x.id = p_booking;
    IF g.user_id IS NULL OR NOT g.may_chart OR b.id IS NULL THEN
        RETURN false;
    END IF;
    IF NOT b.about_patient OR b.kind = 'teach_group' THEN
        RETURN b.unit_id = g.unit_id;
    END IF;
    RETURN EXISTS (
        SELECT 1 FROM public.telemed_bookingpatient p
        WHERE p.booking_id = b.id AND p.patient_id = ANY (g.subjects)
            AND gate.allows(4, p.patient_id, p.category, p.document_type_id, p.stay_id, p.id, p.origin_id, p.unit_id, p.legal_entity_id, p.event_at));
END $$;

-- Whether a patient may be put on a booking: on one's own that has just been made and has none, else where one may change it. Otherwise
-- anybody could see a booking by putting a patient of one's own on it.
CREATE FUNCTION gate.booking_takes(p_booking uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.telemed_booking b
        WHERE b.id = p_booking AND b.about_patient AND (
            b.author_id = g.user_id AND b.recorded_at = g.at AND NOT EXISTS (SELECT 1 FROM public.telemed_bookingpatient p WHERE p.booking_id = b.id)
            OR gate.booking_writable(b.id)));
END $$;

-- Whether the acting person holds a resource: an object permission, given one by one. Whoever registers it (resource.sql) holds it too.
CREATE FUNCTION gate.manages_resource(p_resource uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.guardian_userobjectpermission x JOIN public.auth_permission p ON p.id = x.permission_id
        JOIN public.django_content_type t ON t.id = p.content_type_id
        WHERE x.user_id = g.user_id AND x.object_pk = p_resource::text
            AND p.codename = 'manage_resource' AND t.app_label = 'telemed' AND t.model = 'resource')
        OR gate.registers_resource(p_resource);
END $$;

-- Of the patients booked on these resources in a time, or with no resources named by the acting unit: those the acting person may know of. Only
-- ids; the caller discloses them. Nothing is booked for more than a fortnight, so that what began earlier need not be looked at.
CREATE FUNCTION gate.booking_patients(p_from timestamptz, p_to timestamptz, p_resources uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    bookings uuid[];
    ids uuid[];
BEGIN
    IF cardinality(p_resources) > 0 THEN
        SELECT array_agg(DISTINCT s.booking_id) INTO bookings FROM public.telemed_slot s
        WHERE s.active AND s.resource_id = ANY (p_resources) AND s.during && tstzrange(p_from, p_to);
    ELSE
        SELECT array_agg(b.id) INTO bookings FROM public.telemed_booking b
        WHERE b.starts_at < p_to AND b.starts_at > p_from - interval '14 days' AND b.ends_at > p_from AND b.unit_id = g.unit_id AND b.status <> 'cancelled';
    END IF;
    SELECT array_agg(DISTINCT p.patient_id) INTO ids FROM public.telemed_bookingpatient p WHERE p.booking_id = ANY (bookings);
    RETURN ARRAY(
        SELECT DISTINCT r.patient_id FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ids) r WHERE r.actions & 1 <> 0);
END $$;

-- What is taken of these resources in a time, for whom it may be. Asked of a function, because under row security the index of the exclusion
-- constraint cannot be used.
CREATE FUNCTION gate.slots_between(p_resources uuid[], p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    booking_id uuid, resource_id uuid, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN QUERY
    SELECT s.booking_id, s.resource_id, lower(s.during), upper(s.during) FROM public.telemed_slot s
    WHERE s.active AND s.resource_id = ANY (p_resources) AND s.during && tstzrange(p_from, p_to) ORDER BY 3, 1;
END $$;

-- Patients of one booking, and those who wait for a time in the acting unit: the same, as ids.
CREATE FUNCTION gate.patients_of_booking(p_booking uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    ids uuid[] := ARRAY(SELECT p.patient_id FROM public.telemed_bookingpatient p WHERE p.booking_id = p_booking);
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT r.patient_id FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ids) r WHERE r.actions & 1 <> 0);
END $$;

CREATE FUNCTION gate.waiting_patients() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    ids uuid[] := ARRAY(SELECT w.patient_id FROM public.telemed_waitingentry w WHERE w.for_unit_id = g.unit_id AND w.ended_at IS NULL);
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT r.patient_id FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ids) r WHERE r.actions & 1 <> 0);
END $$;

-- The list of a meeting: those admitted in the unit whose meeting it is, to each reader those the rule opens (R47).
CREATE FUNCTION gate.meeting_patients(p_booking uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    ids uuid[];
BEGIN
    SELECT array_agg(DISTINCT m.patient_id) INTO ids
    FROM public.telemed_booking b JOIN public.access_decidedmeasure m ON m.unit_id = b.unit_id JOIN public.access_measuretemplate t ON t.id = m.template_id
    WHERE b.id = p_booking AND b.ward_list AND t.code = 'ADMITTED' AND m.starts_at <= g.at AND (m.ends_at IS NULL OR m.ends_at > g.at);
    RETURN ARRAY(
        SELECT DISTINCT r.patient_id FROM gate.rights_for(g.user_id, g.role_id, g.unit_id, g.at, ids) r WHERE r.actions & 1 <> 0);
END $$;

ALTER TABLE telemed_booking ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON telemed_booking TO epj_app;
GRANT UPDATE (title, starts_at, ends_at, status, opened_at, closed_at, cancel_reason, cancelled_at, lock_version) ON telemed_booking TO epj_app;
-- That a group is held is its unit's; who is in it stands in the rows of each.
CREATE POLICY booking_read ON telemed_booking FOR SELECT TO epj_app USING (
    (SELECT (gate.current_grant()).user_id) IS NOT NULL
    AND (NOT about_patient OR kind = 'teach_group' AND unit_id = (SELECT (gate.current_grant()).unit_id) OR EXISTS (SELECT 1 FROM telemed_bookingpatient p WHERE p.booking_id = telemed_booking.id)));
CREATE POLICY booking_insert ON telemed_booking FOR INSERT TO epj_app WITH CHECK (EXISTS (
    SELECT 1 FROM gate.current_grant() g
    WHERE g.may_chart AND author_id = g.user_id AND unit_id = g.unit_id AND legal_entity_id = g.entity_id AND recorded_at = g.at AND status = 'booked'));
CREATE POLICY booking_update ON telemed_booking FOR UPDATE TO epj_app USING (gate.booking_writable(id));
-- A meeting never becomes a patient's, nor the reverse; a cancelled or held one is over.
CREATE FUNCTION gate.booking_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.status IN ('cancelled', 'held') AND (NEW.status, NEW.starts_at, NEW.ends_at) IS DISTINCT FROM (OLD.status, OLD.starts_at, OLD.ends_at) THEN
        RAISE EXCEPTION 'a booking that is over does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_kept BEFORE UPDATE ON telemed_booking FOR EACH ROW EXECUTE FUNCTION gate.booking_kept();

CREATE POLICY booking_takes ON telemed_bookingpatient AS RESTRICTIVE FOR INSERT TO epj_app WITH CHECK (gate.booking_takes(booking_id));
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON telemed_bookingpatient FOR EACH ROW EXECUTE FUNCTION gate.own_name('informed_by_id');

ALTER TABLE telemed_slot ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (during, active) ON telemed_slot TO epj_app;
CREATE POLICY slot_read ON telemed_slot FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY slot_insert ON telemed_slot FOR INSERT TO epj_app WITH CHECK (gate.booking_writable(booking_id));
CREATE POLICY slot_update ON telemed_slot FOR UPDATE TO epj_app USING (gate.booking_writable(booking_id));

-- Who takes part is seen with the booking (group.sql), and so is what is made ready.
ALTER TABLE telemed_participant ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (response, joined_at, left_at) ON telemed_participant TO epj_app;
CREATE POLICY participant_insert ON telemed_participant FOR INSERT TO epj_app WITH CHECK (gate.booking_writable(booking_id));
CREATE POLICY participant_update ON telemed_participant FOR UPDATE TO epj_app
    USING (gate.booking_writable(booking_id) OR user_id = (SELECT (gate.current_grant()).user_id));

ALTER TABLE telemed_checklistitem ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (done_at, done_by_id) ON telemed_checklistitem TO epj_app;
CREATE POLICY checklist_read ON telemed_checklistitem FOR SELECT TO epj_app
    USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL AND EXISTS (SELECT 1 FROM telemed_booking b WHERE b.id = booking_id));
CREATE POLICY checklist_insert ON telemed_checklistitem FOR INSERT TO epj_app WITH CHECK (gate.booking_writable(booking_id));
CREATE POLICY checklist_update ON telemed_checklistitem FOR UPDATE TO epj_app USING (gate.booking_writable(booking_id));
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON telemed_checklistitem FOR EACH ROW EXECUTE FUNCTION gate.own_name('done_by_id');

ALTER TABLE telemed_series ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON telemed_series TO epj_app;
CREATE POLICY series_read ON telemed_series FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY series_insert ON telemed_series FOR INSERT TO epj_app WITH CHECK (EXISTS (
    SELECT 1 FROM gate.current_grant() g WHERE g.may_chart AND author_id = g.user_id AND unit_id = g.unit_id AND recorded_at = g.at));

-- What can be booked and when it is open: read by all who act, changed by those who hold it (resource.sql).
GRANT SELECT ON telemed_resource, telemed_opening TO epj_app;
ALTER TABLE telemed_openingexception ENABLE ROW LEVEL SECURITY;
ALTER TABLE telemed_duty ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON telemed_openingexception, telemed_duty TO epj_app;
CREATE POLICY exception_read ON telemed_openingexception FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY exception_insert ON telemed_openingexception FOR INSERT TO epj_app WITH CHECK (gate.manages_resource(resource_id));
CREATE POLICY duty_read ON telemed_duty FOR SELECT TO epj_app USING ((SELECT (gate.current_grant()).user_id) IS NOT NULL);
CREATE POLICY duty_insert ON telemed_duty FOR INSERT TO epj_app WITH CHECK (gate.manages_resource(resource_id));

GRANT EXECUTE ON FUNCTION
    gate.booking_writable(uuid), gate.booking_takes(uuid), gate.manages_resource(uuid), gate.booking_patients(timestamptz, timestamptz, uuid[]),
    gate.slots_between(uuid[], timestamptz, timestamptz),
    gate.patients_of_booking(uuid), gate.waiting_patients(), gate.meeting_patients(uuid) TO epj_app;
