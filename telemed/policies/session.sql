-- Sessions: guests who come by a link, and the entries of the record that they are shown while it lasts. A guest has no session in the record:
-- these functions take the link's secret, and tell nothing without one.

INSERT INTO gate.setting VALUES ('room_opens_minutes', 10), ('room_closes_minutes', 60);

-- Makes the link of one who was asked; an older link of the same person is worth nothing from then on.
CREATE FUNCTION gate.guest_invite(p_participant uuid, p_hash bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    one public.telemed_participant;
    entry public.auditlog_entry;
BEGIN
    SELECT p.* INTO one FROM public.telemed_participant p WHERE p.id = p_participant AND p.kind IN ('external', 'patient');
    IF one.id IS NULL OR NOT gate.booking_writable(one.booking_id) OR one.part_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.telemed_bookingpatient x WHERE x.id = one.part_id AND x.withdrawn_at IS NULL AND x.patient_id = ANY (g.subjects)
    ) OR NOT EXISTS (
        SELECT 1 FROM public.telemed_booking b WHERE b.id = one.booking_id AND b.status NOT IN ('cancelled', 'held'))
    THEN
        RAISE EXCEPTION 'nobody to invite' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.telemed_guest (id, participant_id, booking_id, secret_hash, made_at, made_by_id)
    VALUES (gen_random_uuid(), one.id, one.booking_id, p_hash, g.at, g.user_id)
    ON CONFLICT (participant_id) DO UPDATE SET secret_hash = EXCLUDED.secret_hash, made_at = EXCLUDED.made_at, made_by_id = EXCLUDED.made_by_id,
        knocked_at = NULL, admitted_at = NULL, admitted_by_id = NULL, ended_at = NULL;
    entry := gate.log_row(g, jsonb_build_object('action', 'guest_invite', 'route', 'video_invite'));
    entry.reason := one.name || CASE WHEN one.organisation <> '' THEN ', ' || one.organisation ELSE '' END;
    SELECT b.patient_id INTO entry.patient_id FROM public.telemed_bookingpatient b 
    WHERE b.booking_id = one.booking_id AND b.patient_id = ANY (g.subjects) AND (one.part_id IS NULL OR b.id = one.part_id) LIMIT 1;
    SELECT p.given_name || ' ' || p.family_name INTO entry.patient_name FROM public.access_patient p WHERE p.id = entry.patient_id;
    PERFORM auditlog.write(entry);
END $$;

-- Who has a link, who stands at the door and who is let in.
CREATE FUNCTION gate.guests_of(p_booking uuid) RETURNS TABLE (
    participant_id uuid, knocked_at timestamptz, admitted_at timestamptz, ended_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF gate.booking_writable(p_booking) THEN
        RETURN QUERY SELECT x.participant_id, x.knocked_at, x.admitted_at, x.ended_at FROM public.telemed_guest x WHERE x.booking_id = p_booking;
    END IF;
END $$;

-- Lets one in who stands at the door, or shows one out (p_in false). True if there was one.
CREATE FUNCTION gate.guest_admit(p_participant uuid, p_in boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.telemed_guest x
    SET admitted_at = CASE WHEN p_in THEN g.at ELSE x.admitted_at END, admitted_by_id = g.user_id, ended_at = CASE WHEN p_in THEN NULL ELSE g.at END
    WHERE x.participant_id = p_participant AND gate.booking_writable(x.booking_id) AND (x.knocked_at IS NOT NULL OR NOT p_in);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.telemed_participant p
    SET joined_at = CASE WHEN p_in THEN coalesce(p.joined_at, g.at) ELSE p.joined_at END, left_at = CASE WHEN p_in THEN NULL ELSE g.at END,
        response = CASE WHEN p_in THEN 'coming' ELSE p.response END
    WHERE p.id = p_participant;
    RETURN true;
END $$;

-- What others in the room read of one who is in it.
CREATE FUNCTION gate.shown_as(p public.telemed_participant, p_kind text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN p_kind = 'teach_group' AND p.kind = 'patient' THEN 'Deltaker' ELSE p.name END;
END $$;

-- Where a guest stands: {state: early | lobby | admitted | over, starts_at, ends_at, opens_at, room, name, shown_as, kind}, or NULL for no such link.
-- `shown_as`: what the others in the room read; patients in a group stand there without a name.
CREATE FUNCTION gate.guest_state(p_secret text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t timestamptz := gate.clock();
BEGIN
    RETURN (
        SELECT jsonb_build_object('state', CASE
                WHEN b.status IN ('cancelled', 'held') OR b.closed_at IS NOT NULL OR x.ended_at IS NOT NULL
                    OR EXISTS (SELECT 1 FROM public.telemed_bookingpatient w WHERE w.id = p.part_id AND w.withdrawn_at IS NOT NULL)
                    OR t >= b.ends_at + make_interval(mins => gate.setting('room_closes_minutes')) THEN 'over'
                WHEN t < b.starts_at - make_interval(mins => gate.setting('room_opens_minutes')) AND b.opened_at IS NULL THEN 'early'
                WHEN x.admitted_at IS NOT NULL AND b.opened_at IS NOT NULL THEN 'admitted'
                ELSE 'lobby' END,
            'starts_at', b.starts_at, 'ends_at', b.ends_at, 'opens_at', b.starts_at - make_interval(mins => gate.setting('room_opens_minutes')),
            'room', b.room, 'name', p.name, 'shown_as', gate.shown_as(p, b.kind), 'kind', p.kind, 'participant', p.id, 'knocked', x.knocked_at IS NOT NULL)
        FROM public.telemed_guest x JOIN public.telemed_booking b ON b.id = x.booking_id JOIN public.telemed_participant p ON p.id = x.participant_id
        WHERE x.secret_hash = gate.hash(p_secret));
END $$;

-- A guest says that he or she is there.
CREATE FUNCTION gate.guest_knock(p_secret text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(gate.guest_state(p_secret) ->> 'state', 'over') IN ('over', 'early') THEN
        RETURN false;
    END IF;
    UPDATE public.telemed_guest x SET knocked_at = coalesce(x.knocked_at, gate.clock()) WHERE x.secret_hash = gate.hash(p_secret);
    RETURN FOUND;
END $$;

CREATE FUNCTION gate.session_unshare(p_item uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
BEGIN
    UPDATE public.telemed_shareditem s SET ended_at = g.at
    WHERE s.id = p_item AND s.ended_at IS NULL AND s.patient_id = ANY (g.subjects) AND gate.booking_writable(s.booking_id);
    RETURN FOUND;
END $$;

-- Who is in a room now, as names. The room's name is itself a secret, and the page asks for a fresh ticket before this.
CREATE FUNCTION gate.room_people(p_room text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ARRAY(
        SELECT gate.shown_as(p, b.kind) FROM public.telemed_participant p JOIN public.telemed_booking b ON b.id = p.booking_id
        WHERE b.room = p_room AND b.opened_at IS NOT NULL AND b.closed_at IS NULL AND p.joined_at IS NOT NULL AND p.left_at IS NULL ORDER BY 1);
END $$;

-- Material of several patients is never put together: a group has no guests who read.
CREATE FUNCTION gate.share_of_one() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.telemed_bookingpatient p WHERE p.booking_id = NEW.booking_id AND p.patient_id <> NEW.patient_id) THEN
        RAISE EXCEPTION 'nothing is shown in a group' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER share_of_one BEFORE INSERT ON telemed_shareditem FOR EACH ROW EXECUTE FUNCTION gate.share_of_one();

GRANT EXECUTE ON FUNCTION
    gate.guest_invite(uuid, bytea), gate.guests_of(uuid), gate.guest_admit(uuid, boolean), gate.guest_state(text), gate.guest_knock(text),
    gate.session_unshare(uuid), gate.room_people(text) TO epj_app;
