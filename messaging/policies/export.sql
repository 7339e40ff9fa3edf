-- Messages are entries of the record: they go along when a municipality leaves.
CREATE OR REPLACE FUNCTION gate.record_tables() RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(c.relname::text ORDER BY c.relname <> 'journal_stay', c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND (c.relname LIKE 'journal\_%' OR c.relname LIKE 'messaging\_%') AND (
        SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
            AND a.attname IN ('patient_id', 'legal_entity_id', 'event_at', 'recorded_at')) = 4
$$;

-- Receipts and readings hang on them. A receipt's own message has no patient and stays behind.
CREATE OR REPLACE FUNCTION gate.export_attached(p_ids uuid[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
        'messaging_receipt', (SELECT coalesce(jsonb_agg(to_jsonb(r) || '{"carrier_id": null}' ORDER BY r.id), '[]')
            FROM public.messaging_receipt r WHERE r.message_id = ANY (p_ids)),
        'messaging_reading', (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.id), '[]')
            FROM public.messaging_reading s WHERE s.message_id = ANY (p_ids)))
$$;
