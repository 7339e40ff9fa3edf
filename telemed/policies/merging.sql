-- Bookings follow the person when two records become one (journal/policies/merging.sql).

INSERT INTO gate.patient_table (table_name, decision, why) VALUES ('telemed_shareditem', 'follows', 'What is shared is an entry, and the entry follows');

CREATE FUNCTION gate.merge_conflicts_bookings(p_one uuid, p_other uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('code', 'same_booking', 'blocks', true, 'facts', NULL)) FROM (
        SELECT 1 FROM public.telemed_bookingpatient a JOIN public.telemed_bookingpatient b ON b.booking_id = a.booking_id
        WHERE a.patient_id = p_one AND b.patient_id = p_other LIMIT 1) c
$$;

SELECT gate.guard_patient_tables();
