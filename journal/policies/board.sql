-- What a ward sees of its beds: who stands on the board, and how many beds have been in use.

-- The patients of a board and a fingerprint of all it shows, in one call: an unchanged board is answered without opening a record.
-- {patients: [uuid …], blocked: [uuid …], taken: [bed …], beds: [row …], version: text}. A bed is taken also where the stay is blocked for the reader. Things fall due without being changed, so what is overdue counts too.
CREATE OR REPLACE FUNCTION gate.board_state(template_codes text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    ids uuid[] := gate.unit_patients(template_codes);
    closed uuid[] := ARRAY(
        SELECT DISTINCT b.patient_id FROM gate.blocks_for(g.user_id, g.role_id, g.unit_id, g.entity_id, g.at, ids) b ORDER BY 1);
    version text;
BEGIN
    SELECT md5(concat_ws('|', g.user_id, g.role_id, g.unit_id, (SELECT string_agg(p::text, ',' ORDER BY p) FROM unnest(ids) p), closed::text,
        (SELECT string_agg(s.id::text || s.lock_version, ',' ORDER BY s.id) FROM public.journal_stay s
            WHERE s.patient_id = ANY (ids) AND s.status NOT IN ('discharged', 'cancelled')),
        (SELECT string_agg(b.id::text || concat_ws(' ', b.status, b.ready_at, b.room, b.remark), ',' ORDER BY b.id)
            FROM public.journal_bed b WHERE b.unit_id = g.unit_id),
        (SELECT string_agg(concat_ws(' ', n.patient_id, n.row_count, n.struck, n.latest, n.due < g.at), ',' ORDER BY n.patient_id) FROM (
            SELECT v.patient_id, count(*) AS row_count, count(v.struck_at) AS struck, max(v.recorded_at) AS latest,
                (array_agg(v.next_due_at ORDER BY v.event_at DESC) FILTER (WHERE v.struck_at IS NULL))[1] AS due
            FROM public.journal_vitalset v WHERE v.patient_id = ANY (ids) GROUP BY v.patient_id) n),
        (SELECT string_agg(concat_ws(' ', t.id, t.lock_version, t.due_at < g.at), ',' ORDER BY t.id) FROM public.journal_task t
            WHERE t.patient_id = ANY (ids) AND t.done_at IS NULL AND t.cancelled_at IS NULL),
        (SELECT string_agg(concat_ws(' ', c.id, c.lock_version), ',' ORDER BY c.id) FROM public.journal_criticalinfo c
            WHERE c.patient_id = ANY (ids)),
        (SELECT string_agg(concat_ws(' ', i.id, i.lock_version), ',' ORDER BY i.id) FROM public.journal_isolation i
            WHERE i.patient_id = ANY (ids)),
        (SELECT concat_ws(' ', count(*), max(d.recorded_at)) FROM public.journal_staydecision d WHERE d.patient_id = ANY (ids)),
        (SELECT concat_ws(' ', count(*), max(k.recorded_at)) FROM public.journal_dischargecheck k WHERE k.patient_id = ANY (ids)),
        (SELECT string_agg(concat_ws(' ', n.id, n.state), ',' ORDER BY n.id) FROM public.journal_note n
            WHERE n.patient_id = ANY (ids) AND n.author_id = g.user_id AND n.state IN ('DRAFT', 'CONFIRMED'))))
    INTO version;
    RETURN jsonb_build_object('patients', to_jsonb(ids), 'blocked', to_jsonb(closed), 'version', version, 'taken', to_jsonb(gate.taken_beds(g.unit_id)),
        'beds', (SELECT coalesce(jsonb_agg(to_jsonb(b) ORDER BY b.number), '[]') FROM public.journal_bed b WHERE b.unit_id = g.unit_id));
END $$;


-- How the acting ward's beds have been used, day by day (Norway): patients on the average of the day's hours so far. Numbers alone: also those whose
-- stay is blocked for the reader lie in a bed, as `gate.taken_beds` says.
CREATE FUNCTION gate.occupancy(p_days int) RETURNS TABLE (day date, used numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
    today date := (g.at AT TIME ZONE 'Europe/Oslo')::date;
    since timestamptz := (today - p_days + 1)::timestamp AT TIME ZONE 'Europe/Oslo';
BEGIN
    IF NOT g.may_chart OR p_days NOT BETWEEN 1 AND 92 THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH moved AS (
        SELECT p.ward_id, p.event_at AS a,
            least(coalesce(lead(p.event_at) OVER (PARTITION BY p.stay_id ORDER BY p.event_at, p.id), s.discharged_at, g.at), g.at) AS b
        FROM public.journal_placement p JOIN public.journal_stay s ON s.id = p.stay_id
        WHERE p.stay_id IN (SELECT x.stay_id FROM public.journal_placement x WHERE x.ward_id = g.unit_id)
            AND (s.discharged_at IS NULL OR s.discharged_at > since)),
    lain AS (
        SELECT m.a, m.b FROM moved m WHERE m.ward_id = g.unit_id
        UNION ALL
        SELECT s.admitted_at, least(coalesce(s.discharged_at, g.at), g.at) FROM public.journal_stay s
        WHERE s.ward_id = g.unit_id AND s.admitted_at IS NOT NULL AND s.status <> 'cancelled' AND (s.discharged_at IS NULL OR s.discharged_at > since)
            AND NOT EXISTS (SELECT 1 FROM public.journal_placement p WHERE p.stay_id = s.id)),
    days AS (
        SELECT d::date AS day, d AT TIME ZONE 'Europe/Oslo' AS a, least((d + interval '1 day') AT TIME ZONE 'Europe/Oslo', g.at) AS b
        FROM generate_series((today - p_days + 1)::timestamp, today::timestamp, interval '1 day') d)
    SELECT d.day, round((coalesce(sum(extract(epoch FROM least(l.b, d.b) - greatest(l.a, d.a))) FILTER (WHERE l.a IS NOT NULL), 0)
        / greatest(extract(epoch FROM d.b - d.a), 1))::numeric, 1)
    FROM days d LEFT JOIN lain l ON l.a < d.b AND l.b > d.a GROUP BY d.day, d.a, d.b ORDER BY d.day;
END $$;
-- Beds of the acting ward in which somebody is isolated: who chooses a bed for another shall know it. Whose they are is not said.
CREATE FUNCTION gate.isolated_beds() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.acting();
BEGIN
    RETURN ARRAY(
        SELECT s.bed_id FROM public.journal_stay s JOIN public.journal_bed b ON b.id = s.bed_id
        WHERE b.unit_id = g.unit_id AND g.may_chart AND s.status IN ('admitted', 'discharge_ready')
            AND EXISTS (SELECT 1 FROM public.journal_isolation i WHERE i.patient_id = s.patient_id AND i.ended_at IS NULL));
END $$;
GRANT EXECUTE ON FUNCTION gate.board_state(text[]), gate.occupancy(int), gate.isolated_beds() TO epj_app;
GRANT UPDATE (room, remark) ON journal_bed TO epj_app;

CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_isolation FOR EACH ROW EXECUTE FUNCTION gate.own_name('ended_by_id');
