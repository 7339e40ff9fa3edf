-- The record's answer to what was charted and by whom (access/policies/ports.sql). Drafts are nobody's but the author's, and are not counted.
CREATE OR REPLACE FUNCTION gate.charted(p_patients uuid[], p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    patient_id uuid, author_id uuid, entry_id uuid, kind text, document_type text, charted_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT n.patient_id, v.author_id, n.id, 'note', n.document_type_id, v.recorded_at
    FROM public.journal_noteversion v JOIN public.journal_note n ON n.id = v.note_id
    WHERE v.patient_id = ANY (p_patients) AND v.recorded_at >= p_from AND v.recorded_at < p_to
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'vitalset', NULL, x.recorded_at FROM public.journal_vitalset x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'medication', NULL, x.recorded_at FROM public.journal_medication x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'criticalinfo', NULL, x.recorded_at FROM public.journal_criticalinfo x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'diagnosis', NULL, x.recorded_at FROM public.journal_diagnosis x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
    UNION ALL
    SELECT x.patient_id, coalesce(x.done_by_id, x.author_id), x.id, 'visit', NULL, x.done_at FROM public.journal_visit x
    WHERE x.patient_id = ANY (p_patients) AND x.done_at >= p_from AND x.done_at < p_to
$$;
