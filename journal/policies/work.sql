-- What a person has under way in the record, as counts: for the leader when somebody leaves. No patient is told of.
CREATE FUNCTION gate.open_work(p_user uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_build_object(
        'drafts', (SELECT count(*) FROM public.journal_note n WHERE n.author_id = p_user AND n.state = 'DRAFT'),
        'unsigned', (SELECT count(*) FROM public.journal_note n WHERE n.author_id = p_user AND n.state = 'CONFIRMED'),
        'tasks', (SELECT count(*) FROM public.journal_task k WHERE k.for_user_id = p_user AND k.done_at IS NULL AND k.cancelled_at IS NULL),
        'primary_contact', (
            SELECT count(*) FROM public.journal_servicedecision d
            WHERE d.primary_contact_id = p_user AND (d.ends_at IS NULL OR gate.clock() < d.ends_at)));
END $$;
