-- Shifts that change hands by consent. Asked by the one who answers (or by a leader for one who is ill), answered by the one asked (or by a leader for him).

CREATE FUNCTION gate.speaks_for(g gate.grant_t, p_roster uuid, p_party uuid) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN gate.acts_for(g.user_id, p_party) THEN 'self' WHEN gate.ops_holds(g.user_id, 'edit_roster', p_roster) THEN 'leader' END;
END $$;

-- {state: ok|past|beyond|stale|not_in_roster|asked_already, swap?}. giver NULL: a gap, all are asked. receiver NULL: all are asked.
CREATE FUNCTION gate.swap_ask(p_roster uuid, p_level int, p_from timestamptz, p_to timestamptz, p_giver uuid, p_receiver uuid, p_back_level int,
    p_back_from timestamptz, p_back_to timestamptz, p_note text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    r public.ops_roster := gate.roster_lock(p_roster);
    asked tstzrange := gate.ahead(p_from, p_to);
    back tstzrange := CASE WHEN p_back_from IS NOT NULL THEN gate.ahead(p_back_from, p_back_to) END;
    made uuid := gen_random_uuid();
BEGIN
    IF p_giver IS NULL AND NOT (gate.ops_holds(g.user_id, 'edit_roster', r.id)
            OR EXISTS (SELECT 1 FROM public.ops_roster_parties m WHERE m.roster_id = r.id AND gate.acts_for(g.user_id, m.party_id)))
        OR p_giver IS NOT NULL AND gate.speaks_for(g, r.id, p_giver) IS NULL THEN
        RAISE EXCEPTION 'not one''s own shift' USING ERRCODE = 'insufficient_privilege';
    ELSIF isempty(asked) OR isempty(back) THEN
        RETURN jsonb_build_object('state', 'past');
    ELSIF upper(asked) > r.published_to OR r.published_to IS NULL THEN
        RETURN jsonb_build_object('state', 'beyond');
    ELSIF p_receiver IS NOT NULL AND (p_receiver IS NOT DISTINCT FROM p_giver OR NOT gate.in_roster(r.id, p_receiver)) THEN
        RETURN jsonb_build_object('state', 'not_in_roster');
    ELSIF NOT gate.answers_all(r.id, p_level, asked, p_giver) OR back IS NOT NULL AND NOT gate.answers_all(r.id, p_back_level, back, p_receiver) THEN
        RETURN jsonb_build_object('state', 'stale');
    ELSIF EXISTS (SELECT 1 FROM public.ops_swap w WHERE w.roster_id = r.id AND w.state = 'open' AND w.level = p_level AND w.span && asked) THEN
        RETURN jsonb_build_object('state', 'asked_already');
    END IF;
    INSERT INTO public.ops_swap (id, roster_id, level, span, giver_id, receiver_id, back_level, back_span, note, state, asked_by_id, asked_at, on_behalf)
    VALUES (made, r.id, p_level, asked, p_giver, p_receiver, CASE WHEN back IS NOT NULL THEN p_back_level END, back, btrim(p_note), 'open', g.user_id, g.at, false);
    PERFORM gate.duty_tell(g, r.id, p_level, asked, m.party_id, 'asked', made, btrim(p_note)) FROM public.ops_roster_parties m
    WHERE m.roster_id = r.id AND m.party_id = coalesce(p_receiver, m.party_id) AND m.party_id IS DISTINCT FROM p_giver;
    PERFORM gate.duty_log(g, 'swap_ask', p_note, jsonb_build_object('roster', jsonb_build_array(r.id), 'swap', jsonb_build_array(made)));
    RETURN jsonb_build_object('state', 'ok', 'swap', made);
END $$;

-- Yes or no. `p_party`: who takes it, where all were asked. ok, declined, stale (someone else was first, or the shift is another's now), answered.
CREATE FUNCTION gate.swap_answer(p_swap uuid, p_yes boolean, p_party uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    w public.ops_swap;
    taker uuid;
    voice text;
    part tstzrange;
    asking uuid;
BEGIN
    SELECT * INTO w FROM public.ops_swap WHERE id = p_swap;
    asking := coalesce(w.giver_id, (SELECT p.id FROM public.ops_party p WHERE p.user_id = w.asked_by_id));
    PERFORM gate.roster_lock(w.roster_id);
    SELECT * INTO w FROM public.ops_swap WHERE id = p_swap;
    taker := coalesce(w.receiver_id, p_party);
    voice := gate.speaks_for(g, w.roster_id, taker);
    IF voice IS NULL OR NOT gate.in_roster(w.roster_id, taker) OR NOT p_yes AND w.receiver_id IS NULL THEN
        RAISE EXCEPTION 'not one''s own to answer' USING ERRCODE = 'insufficient_privilege';
    ELSIF w.state = 'stale' THEN
        RETURN 'stale';
    ELSIF w.state <> 'open' OR taker = w.giver_id THEN
        RETURN 'answered';
    ELSIF NOT p_yes THEN
        UPDATE public.ops_swap SET state = 'declined', answered_by_id = g.user_id, answered_at = g.at, on_behalf = (voice = 'leader') WHERE id = w.id;
        PERFORM gate.duty_tell(g, w.roster_id, w.level, w.span, asking, 'answered', w.id, '');
        PERFORM gate.duty_log(g, 'swap_decline', '', jsonb_build_object('roster', jsonb_build_array(w.roster_id), 'swap', jsonb_build_array(w.id)));
        RETURN 'declined';
    END IF;
    part := gate.ahead(lower(w.span), upper(w.span));
    IF isempty(part) OR NOT gate.answers_all(w.roster_id, w.level, part, w.giver_id)
        OR w.back_span IS NOT NULL AND (lower(w.back_span) < g.at OR NOT gate.answers_all(w.roster_id, w.back_level, w.back_span, w.receiver_id)) THEN
        UPDATE public.ops_swap SET state = 'stale', answered_at = g.at WHERE id = w.id;
        RETURN 'stale';
    END IF;
    UPDATE public.ops_swap SET state = 'accepted', answered_by_id = g.user_id, answered_at = g.at, taker_id = taker, on_behalf = (voice = 'leader') WHERE id = w.id;
    PERFORM gate.duty_tell(g, w.roster_id, w.level, part, asking, 'answered', w.id, '');
    PERFORM gate.duty_act(g, w.roster_id, w.level, CASE WHEN w.giver_id IS NULL THEN 'cover' ELSE 'swap' END, part, taker, w.giver_id, w.id, w.note);
    IF w.back_span IS NOT NULL THEN
        PERFORM gate.duty_act(g, w.roster_id, w.back_level, 'swap', w.back_span, w.giver_id, taker, w.id, w.note);
    END IF;
    RETURN 'ok';
END $$;

CREATE FUNCTION gate.swap_withdraw(p_swap uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    w public.ops_swap;
BEGIN
    SELECT * INTO w FROM public.ops_swap WHERE id = p_swap;
    PERFORM gate.roster_lock(w.roster_id);
    IF w.asked_by_id <> g.user_id AND NOT gate.ops_holds(g.user_id, 'edit_roster', w.roster_id) THEN
        RAISE EXCEPTION 'not one''s own to withdraw' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.ops_swap SET state = 'withdrawn', answered_by_id = g.user_id, answered_at = g.at WHERE id = w.id AND state = 'open';
    IF FOUND THEN
        PERFORM gate.duty_log(g, 'swap_withdraw', '', jsonb_build_object('roster', jsonb_build_array(w.roster_id), 'swap', jsonb_build_array(w.id)));
    END IF;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION
    gate.swap_ask(uuid, int, timestamptz, timestamptz, uuid, uuid, int, timestamptz, timestamptz, text), gate.swap_answer(uuid, boolean, uuid),
    gate.swap_withdraw(uuid) TO epj_app;
