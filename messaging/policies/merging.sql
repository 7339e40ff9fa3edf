-- Messages follow the person when two records become one (journal/policies/merging.sql): rows are re-pointed, bytes never change.

INSERT INTO gate.patient_table (table_name, column_name, decision, unless, why) VALUES
    ('messaging_inboxitem', 'decided_patient_id', 'follows', 'false', 'Whose a message is, decided in the tray and not yet filed'),
    ('messaging_exchangerefusal', 'patient_id', 'follows',
        'x.ended_at IS NULL AND EXISTS (SELECT 1 FROM public.messaging_exchangerefusal y WHERE y.patient_id = $1 AND y.ended_at IS NULL)',
        'The wish of the person; the same wish stands once');

CREATE FUNCTION gate.merge_conflicts_messages(p_one uuid, p_other uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_agg(jsonb_build_object('code', c.code, 'blocks', false, 'facts', jsonb_build_object('count', c.n))) FROM (
        SELECT 'same_messages' AS code, count(DISTINCT a.id) AS n
        FROM public.messaging_message a JOIN public.messaging_message b ON b.sha256 = a.sha256 OR b.msg_id = a.msg_id AND a.msg_id <> ''
        WHERE a.patient_id = p_one AND b.patient_id = p_other HAVING count(*) > 0
        UNION ALL
        SELECT 'queued_messages', count(*) FROM public.messaging_message m
        WHERE m.patient_id IN (p_one, p_other) AND m.direction = 'out' AND m.state = 'queued' HAVING count(*) > 0
        UNION ALL
        SELECT 'exchange_refused', count(*) FROM public.messaging_exchangerefusal r
        WHERE r.patient_id IN (p_one, p_other) AND r.ended_at IS NULL HAVING count(DISTINCT r.patient_id) = 1) c
$$;

-- Patients of the acting unit whom nobody has a number for yet, a temporary one of our own left aside. Ids only.
CREATE OR REPLACE FUNCTION gate.unit_numberless() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.tray_grant();
BEGIN
    RETURN ARRAY(SELECT p FROM unnest(gate.unit_patients(ARRAY['NOTIFIED', 'ADMITTED'])) p
        WHERE NOT EXISTS (SELECT 1 FROM public.access_patientidentity i WHERE i.patient_id = p AND i.kind <> 'TMP'));
END $$;

SELECT gate.guard_patient_tables();
