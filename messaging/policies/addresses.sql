-- The address register as the one who watches brings it up to date: all of a file or nothing, with a line in the log. Which address is which of our
-- units, and how ours are reached, is not written from here.

-- p_rows: [{her_id, kind, name, parent: her_id | null, org_number, service_type, unit, transport, receives, per_minute, valid_from, valid_to}], legal
-- entities first; p_same: HER-ids that were found as they are. Returns how many rows were written.
CREATE FUNCTION gate.addresses_write(p_rows jsonb, p_same text[], p_file text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.watching();
    v jsonb;
    old public.messaging_communicationparty;
    above uuid;
    written int := 0;
    entry public.auditlog_entry;
BEGIN
    LOCK TABLE public.messaging_communicationparty IN SHARE ROW EXCLUSIVE MODE;
    FOR v IN SELECT * FROM jsonb_array_elements(p_rows) LOOP
        above := NULL;
        SELECT p.id INTO above FROM public.messaging_communicationparty p WHERE p.her_id = v ->> 'parent';
        IF (v ->> 'parent') IS NOT NULL AND above IS NULL THEN
            RAISE EXCEPTION 'no such legal entity' USING ERRCODE = 'check_violation';
        END IF;
        SELECT p.* INTO old FROM public.messaging_communicationparty p WHERE p.her_id = v ->> 'her_id';
        IF old.unit_id IS DISTINCT FROM (v ->> 'unit')::uuid OR old.unit_id IS NOT NULL AND (old.kind, old.parent_id, old.transport, old.valid_from, old.valid_to)
            IS DISTINCT FROM ((v ->> 'kind')::varchar, above, (v ->> 'transport')::varchar, (v ->> 'valid_from')::timestamptz, (v ->> 'valid_to')::timestamptz)
        THEN
            RAISE EXCEPTION 'an address of ours' USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO public.messaging_communicationparty AS p (id, her_id, kind, name, parent_id, org_number, service_type, unit_id, transport, receives,
            per_minute, valid_from, valid_to, checked_at)
        VALUES (gen_random_uuid(), v ->> 'her_id', v ->> 'kind', v ->> 'name', above, v ->> 'org_number', v ->> 'service_type', (v ->> 'unit')::uuid,
            v ->> 'transport', v -> 'receives', (v ->> 'per_minute')::int, (v ->> 'valid_from')::timestamptz, (v ->> 'valid_to')::timestamptz, g.at)
        ON CONFLICT (her_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, parent_id = excluded.parent_id, org_number = excluded.org_number,
            service_type = excluded.service_type, transport = excluded.transport, receives = excluded.receives, per_minute = excluded.per_minute,
            valid_from = excluded.valid_from, valid_to = excluded.valid_to, checked_at = excluded.checked_at;
        written := written + 1;
    END LOOP;
    UPDATE public.messaging_communicationparty p SET checked_at = g.at WHERE p.her_id = ANY (p_same);
    entry := gate.log_row(g, jsonb_build_object('action', 'addresses_import', 'route', 'messaging', 'purpose', g.purpose));
    entry.reason := left(p_file, 200) || ': ' || written;
    PERFORM auditlog.write(entry);
    RETURN written;
END $$;

GRANT EXECUTE ON FUNCTION gate.addresses_write(jsonb, text[], text) TO epj_app;
