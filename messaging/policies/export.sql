-- Receipts and readings hang on them. A receipt's own message has no patient and stays behind.
CREATE OR REPLACE FUNCTION gate.export_attached(p_ids uuid[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
        'messaging_receipt', (SELECT coalesce(jsonb_agg(to_jsonb(r) || '{"carrier_id": null}' ORDER BY r.id), '[]')
            FROM public.messaging_receipt r WHERE r.message_id = ANY (p_ids)),
        'messaging_reading', (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.id), '[]')
            FROM public.messaging_reading s WHERE s.message_id = ANY (p_ids)))
$$;
