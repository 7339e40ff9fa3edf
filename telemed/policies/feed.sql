-- What leaves the house about bookings: times by a secret link, and reminders. Neither tells what for, nor for whom.

-- Makes the acting person's link; an older one is worth nothing from then on.
CREATE FUNCTION gate.booking_feed_make(p_hash bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.telemed_feedlink SET revoked_at = g.at WHERE user_id = g.user_id AND revoked_at IS NULL;
    INSERT INTO public.telemed_feedlink (id, user_id, secret_hash, made_at) VALUES (gen_random_uuid(), g.user_id, p_hash, g.at);
END $$;

CREATE FUNCTION gate.booking_feed_revoke() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.telemed_feedlink SET revoked_at = g.at WHERE user_id = g.user_id AND revoked_at IS NULL;
    RETURN FOUND;
END $$;

-- When the acting person's link was made, or NULL.
CREATE FUNCTION gate.booking_feed_mine() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN (SELECT f.made_at FROM public.telemed_feedlink f WHERE f.user_id = g.user_id AND f.revoked_at IS NULL);
END $$;

-- The times of a link's person, from a month back to half a year on: {events: [{id, start, end, place, changed, sequence, cancelled}]}, or NULL for
-- no such link, or a person who has left. No kind, no title, no name.
CREATE FUNCTION gate.booking_feed_read(p_secret text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person uuid;
BEGIN
    SELECT u.id INTO person FROM public.telemed_feedlink f JOIN public.access_user u ON u.id = f.user_id
    WHERE f.secret_hash = gate.hash(p_secret) AND f.revoked_at IS NULL AND u.is_active;
    IF person IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('events', coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', b.id, 'start', b.starts_at, 'end', b.ends_at, 'changed', b.recorded_at, 'sequence', b.lock_version - 1,
            'cancelled', b.status = 'cancelled', 'place', (
                SELECT coalesce(string_agg(r.name, ', ' ORDER BY r.name), '') FROM public.telemed_slot s JOIN public.telemed_resource r ON r.id = s.resource_id
                WHERE s.booking_id = b.id AND s.active AND r.kind = 'room')) ORDER BY b.starts_at)
        FROM public.telemed_booking b
        WHERE b.starts_at > gate.clock() - interval '31 days' AND b.starts_at < gate.clock() + interval '183 days' AND (
            EXISTS (SELECT 1 FROM public.telemed_participant p WHERE p.booking_id = b.id AND p.user_id = person AND p.response <> 'declined')
            OR EXISTS (SELECT 1 FROM public.telemed_slot s JOIN public.telemed_resource r ON r.id = s.resource_id
                WHERE s.booking_id = b.id AND s.active AND r.user_id = person))), '[]'));
END $$;

-- A booking and its reminders change together: one row for each who has been asked, due a day and fifteen minutes before, gone when it is moved
-- or cancelled. The rows are the outbox; what is sent is only that there is a time.
CREATE FUNCTION gate.reminders_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'telemed_participant' THEN
        INSERT INTO public.telemed_reminder (id, booking_id, participant_id, due_at, failures)
        SELECT gen_random_uuid(), b.id, NEW.id, b.starts_at - ahead, 0
        FROM public.telemed_booking b, unnest(ARRAY[interval '1 day', interval '15 minutes']) ahead
        WHERE b.id = NEW.booking_id AND b.starts_at - ahead > gate.clock();
    ELSIF NEW.starts_at <> OLD.starts_at OR NEW.status = 'cancelled' AND OLD.status <> 'cancelled' THEN
        DELETE FROM public.telemed_reminder r WHERE r.booking_id = NEW.id AND r.sent_at IS NULL;
        INSERT INTO public.telemed_reminder (id, booking_id, participant_id, due_at, failures)
        SELECT gen_random_uuid(), NEW.id, p.id, NEW.starts_at - ahead, 0
        FROM public.telemed_participant p, unnest(ARRAY[interval '1 day', interval '15 minutes']) ahead
        WHERE p.booking_id = NEW.id AND NEW.status <> 'cancelled' AND NEW.starts_at - ahead > gate.clock();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reminders_follow AFTER INSERT ON telemed_participant FOR EACH ROW EXECUTE FUNCTION gate.reminders_follow();
CREATE TRIGGER reminders_follow AFTER UPDATE OF starts_at, status ON telemed_booking FOR EACH ROW EXECUTE FUNCTION gate.reminders_follow();

-- The worker's: takes those that are due, at most so many, and marks them as sent in the same transaction: a carrier that fails rolls it back.
-- {id, to, kind, starts_at, booking} each; `to` is a user name or, for a patient at home, the telephone in the record.
CREATE FUNCTION gate.reminders_take(wanted int) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken uuid[];
BEGIN
    WITH due AS (
        SELECT r.id FROM public.telemed_reminder r JOIN public.telemed_booking b ON b.id = r.booking_id
        WHERE r.sent_at IS NULL AND r.due_at <= gate.clock() AND b.status NOT IN ('cancelled', 'held') AND b.starts_at > gate.clock()
        ORDER BY r.due_at LIMIT wanted FOR UPDATE OF r SKIP LOCKED
    ), marked AS (
        UPDATE public.telemed_reminder r SET sent_at = gate.clock() FROM due WHERE r.id = due.id RETURNING r.id
    )
    SELECT array_agg(id) INTO taken FROM marked;
    RETURN coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', r.id, 'kind', p.kind, 'starts_at', b.starts_at, 'to', CASE p.kind
            WHEN 'staff' THEN u.username
            WHEN 'patient' THEN (
                SELECT x.phone FROM public.telemed_bookingpatient bp JOIN public.access_patient x ON x.id = bp.patient_id
                WHERE bp.id = p.part_id AND bp.withdrawn_at IS NULL)
            ELSE '' END))
        FROM public.telemed_reminder r JOIN public.telemed_participant p ON p.id = r.participant_id JOIN public.telemed_booking b ON b.id = r.booking_id
        LEFT JOIN public.access_user u ON u.id = p.user_id
        WHERE r.id = ANY (taken)), '[]');
END $$;

GRANT EXECUTE ON FUNCTION gate.booking_feed_make(bytea), gate.booking_feed_revoke(), gate.booking_feed_mine(), gate.booking_feed_read(text), gate.reminders_take(int) TO epj_app;
