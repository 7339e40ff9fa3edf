-- Times that rows of the record are of. Several patients may have one; the meeting it belongs to stays behind.
ALTER FUNCTION gate.export_attached(uuid[]) RENAME TO export_attached_before_bookings;

CREATE FUNCTION gate.export_attached(p_ids uuid[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT gate.export_attached_before_bookings(p_ids) || jsonb_build_object('telemed_booking', (
        SELECT coalesce(jsonb_agg(to_jsonb(b) || '{"series_id": null}' ORDER BY b.id), '[]') FROM public.telemed_booking b WHERE b.id IN (
            SELECT x.booking_id FROM public.telemed_bookingpatient x WHERE x.id = ANY (p_ids)
            UNION SELECT x.booking_id FROM public.telemed_waitingentry x WHERE x.id = ANY (p_ids)
            UNION SELECT x.booking_id FROM public.telemed_shareditem x WHERE x.id = ANY (p_ids))))
$$;
