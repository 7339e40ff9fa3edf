-- Changing who answers. Each function takes the roster's row first, so changes of one roster come one after another, and an act's number is its order.
-- They answer with a word: ok, or why nothing was changed (stale: it is not as the one who acts saw it).

CREATE FUNCTION gate.roster_lock(p_roster uuid) RETURNS public.ops_roster
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r public.ops_roster;
BEGIN
    SELECT * INTO r FROM public.ops_roster WHERE id = p_roster FOR UPDATE;
    IF r.id IS NULL THEN
        RAISE EXCEPTION 'no such roster' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN r;
END $$;

CREATE FUNCTION gate.must_edit(g gate.grant_t, p_roster uuid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT gate.ops_holds(g.user_id, 'edit_roster', p_roster) THEN
        RAISE EXCEPTION 'this person does not keep the roster' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION gate.in_roster(p_roster uuid, p_party uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM public.ops_roster_parties m JOIN public.ops_party p ON p.id = m.party_id AND p.active WHERE m.roster_id = p_roster AND m.party_id = p_party)
$$;

-- Whether a party answers the whole of a span; with NULL, whether nobody does in any of it.
CREATE FUNCTION gate.answers_all(p_roster uuid, p_level int, p_span tstzrange, p_party uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_party IS NULL THEN
        RETURN NOT EXISTS (SELECT 1 FROM public.ops_shift s WHERE s.roster_id = p_roster AND s.level = p_level AND s.span && p_span);
    END IF;
    RETURN coalesce((SELECT range_agg(s.span) @> p_span FROM public.ops_shift s
        WHERE s.roster_id = p_roster AND s.level = p_level AND s.party_id = p_party AND s.span && p_span), false);
END $$;

-- Puts a party in a span: everywhere, or only where another answers. What stuck out of the span stays as it was.
CREATE FUNCTION gate.duty_paint(p_roster uuid, p_level int, p_span tstzrange, p_party uuid, p_instead uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    x public.ops_shift;
    over tstzmultirange := '{}';
BEGIN
    FOR x IN SELECT * FROM public.ops_shift s WHERE s.roster_id = p_roster AND s.level = p_level AND s.span && p_span
            AND (p_instead IS NULL OR s.party_id = p_instead) LOOP
        over := over + tstzmultirange(x.span * p_span);
        IF lower(x.span) < lower(p_span) THEN
            UPDATE public.ops_shift SET span = tstzrange(lower(x.span), lower(p_span)) WHERE id = x.id;
            IF upper(x.span) > upper(p_span) THEN
                INSERT INTO public.ops_shift (id, roster_id, level, span, party_id)
                VALUES (gen_random_uuid(), p_roster, p_level, tstzrange(upper(p_span), upper(x.span)), x.party_id);
            END IF;
        ELSIF upper(x.span) > upper(p_span) THEN
            UPDATE public.ops_shift SET span = tstzrange(upper(p_span), upper(x.span)) WHERE id = x.id;
        ELSE
            DELETE FROM public.ops_shift WHERE id = x.id;
        END IF;
    END LOOP;
    INSERT INTO public.ops_shift (id, roster_id, level, span, party_id)
    SELECT gen_random_uuid(), p_roster, p_level, part, p_party FROM unnest(CASE WHEN p_instead IS NULL THEN tstzmultirange(p_span) ELSE over END) part;
END $$;

-- One act: written down, painted, logged; the roster has a new version.
CREATE FUNCTION gate.duty_act(g gate.grant_t, p_roster uuid, p_level int, p_kind text, p_span tstzrange, p_party uuid, p_instead uuid, p_swap uuid, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    act bigint;
BEGIN
    INSERT INTO public.ops_act (roster_id, level, kind, span, party_id, instead_of_id, swap_id, reason, made_by_id, made_at)
    VALUES (p_roster, p_level, p_kind, p_span, p_party, p_instead, p_swap, p_reason, g.user_id, g.at) RETURNING id INTO act;
    IF p_kind IN ('override', 'take') THEN
        PERFORM gate.duty_tell(g, p_roster, p_level, gone.span, gone.party_id, 'taken_over', NULL, p_reason) FROM (
            SELECT s.party_id, tstzrange(min(lower(s.span * p_span)), max(upper(s.span * p_span))) AS span FROM public.ops_shift s
            WHERE s.roster_id = p_roster AND s.level = p_level AND s.span && p_span AND s.party_id <> p_party GROUP BY 1) gone;
        PERFORM gate.duty_tell(g, p_roster, p_level, p_span, p_party, 'put_in', NULL, p_reason);
    END IF;
    PERFORM gate.duty_paint(p_roster, p_level, p_span, p_party, p_instead);
    UPDATE public.ops_roster SET version = version + 1 WHERE id = p_roster;
    UPDATE public.ops_swap w SET state = 'stale', answered_at = g.at
    WHERE w.roster_id = p_roster AND w.state = 'open' AND w.id IS DISTINCT FROM p_swap
        AND (w.level = p_level AND w.span && p_span AND NOT gate.answers_all(p_roster, w.level, w.span, w.giver_id)
            OR w.back_level = p_level AND w.back_span && p_span AND NOT gate.answers_all(p_roster, w.back_level, w.back_span, w.receiver_id));
    PERFORM gate.duty_log(g, 'duty_' || p_kind, p_reason, jsonb_build_object('roster', jsonb_build_array(p_roster), 'party', jsonb_build_array(p_party)));
END $$;

-- What is left of a span; never before now.
CREATE FUNCTION gate.ahead(p_from timestamptz, p_to timestamptz) RETURNS tstzrange
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE WHEN greatest(p_from, gate.clock()) < p_to THEN tstzrange(greatest(p_from, gate.clock()), p_to) ELSE 'empty' END;
END $$;

-- Whoever keeps the roster puts somebody in, whatever stood there: illness, an agreement by telephone, an external firm for a week.
CREATE FUNCTION gate.duty_override(p_roster uuid, p_level int, p_from timestamptz, p_to timestamptz, p_party uuid, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    r public.ops_roster := gate.roster_lock(p_roster);
    ahead tstzrange := gate.ahead(p_from, p_to);
BEGIN
    PERFORM gate.must_edit(g, p_roster);
    IF isempty(ahead) THEN
        RETURN 'past';
    ELSIF upper(ahead) > r.published_to OR r.published_to IS NULL THEN
        RETURN 'beyond';
    ELSIF NOT gate.in_roster(p_roster, p_party) OR NOT EXISTS (SELECT 1 FROM public.ops_rosterlevel l WHERE l.roster_id = r.id AND l.number = p_level) THEN
        RETURN 'not_in_roster';
    END IF;
    PERFORM gate.duty_act(g, p_roster, p_level, 'override', ahead, p_party, NULL, NULL, p_reason);
    RETURN 'ok';
END $$;

-- One of the roster takes a shift, or a gap, on the spot. `p_seen`: who answered at its beginning as the taker saw it, NULL for nobody.
CREATE FUNCTION gate.duty_take(p_roster uuid, p_level int, p_from timestamptz, p_to timestamptz, p_party uuid, p_seen uuid, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    r public.ops_roster := gate.roster_lock(p_roster);
    ahead tstzrange := gate.ahead(p_from, p_to);
BEGIN
    IF NOT gate.acts_for(g.user_id, p_party) OR NOT gate.in_roster(r.id, p_party) THEN
        RAISE EXCEPTION 'not one of the roster' USING ERRCODE = 'insufficient_privilege';
    ELSIF isempty(ahead) THEN
        RETURN 'past';
    ELSIF upper(ahead) > r.published_to OR r.published_to IS NULL THEN
        RETURN 'beyond';
    ELSIF NOT EXISTS (SELECT 1 FROM public.ops_rosterlevel l WHERE l.roster_id = r.id AND l.number = p_level) THEN
        RETURN 'not_in_roster';
    ELSIF upper(ahead) - lower(ahead) > interval '15 days' THEN
        RETURN 'too_long';
    ELSIF (SELECT s.party_id FROM public.ops_shift s WHERE s.roster_id = p_roster AND s.level = p_level AND s.span @> lower(ahead)) IS DISTINCT FROM p_seen THEN
        RETURN 'stale';
    END IF;
    PERFORM gate.duty_act(g, p_roster, p_level, 'take', ahead, p_party, NULL, NULL, p_reason);
    RETURN 'ok';
END $$;

-- The plan anew from now on: the rules, and what the resolver made of them and of all acts until then.
-- rules: rows of ops_rotation without id and times; rows: [{level, begins, ends, party}]. {state: ok|stale|lost, lost?: [{level, begins, ends}]}
CREATE FUNCTION gate.duty_publish(p_roster uuid, p_version int, p_from timestamptz, p_to timestamptz, p_rules jsonb, p_rows jsonb, p_release text, p_reason text)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    r public.ops_roster := gate.roster_lock(p_roster);
    lost jsonb;
BEGIN
    PERFORM gate.must_edit(g, p_roster);
    IF r.version <> p_version THEN
        RETURN jsonb_build_object('state', 'stale');
    ELSIF p_from < gate.clock() OR p_to <= p_from OR p_to < r.published_to THEN
        RAISE EXCEPTION 'a plan is made from now on, and as far as before' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (SELECT 1 FROM jsonb_to_recordset(p_rows) AS n (party uuid) WHERE NOT gate.in_roster(p_roster, n.party)) THEN
        RAISE EXCEPTION 'not one of the roster' USING ERRCODE = 'check_violation';
    END IF;
    WITH made AS (
        SELECT n.level, range_agg(tstzrange(n.begins, n.ends)) AS cover FROM jsonb_to_recordset(p_rows) AS n (level int, begins timestamptz, ends timestamptz) GROUP BY 1
    ), held AS (
        SELECT s.level::int AS level, range_agg(s.span * tstzrange(p_from, NULL)) AS cover FROM public.ops_shift s
        JOIN public.ops_rosterlevel l ON l.roster_id = s.roster_id AND l.number = s.level AND l.promised
        WHERE s.roster_id = p_roster AND upper(s.span) > p_from GROUP BY 1
    )
    SELECT jsonb_agg(jsonb_build_object('level', h.level, 'begins', lower(part), 'ends', upper(part)) ORDER BY h.level, part) INTO lost
    FROM held h LEFT JOIN made m ON m.level = h.level, unnest(h.cover - coalesce(m.cover, '{}')) part;
    IF lost IS NOT NULL AND btrim(p_release) = '' THEN
        RETURN jsonb_build_object('state', 'lost', 'lost', lost);
    END IF;
    INSERT INTO public.ops_release (id, roster_id, level, span, reason, made_by_id, made_at)
    SELECT gen_random_uuid(), p_roster, l.level, tstzrange(l.begins, l.ends), p_release, g.user_id, g.at
    FROM jsonb_to_recordset(coalesce(lost, '[]')) AS l (level int, begins timestamptz, ends timestamptz);
    UPDATE public.ops_rotation SET retired_at = g.at WHERE roster_id = p_roster AND retired_at IS NULL;
    INSERT INTO public.ops_rotation (id, roster_id, level, rank, name, members, anchor, turn_days, starts, ends, weekdays, holidays, fair, until, away, never, made_at, made_by_id)
    SELECT gen_random_uuid(), p_roster, n.level, n.rank, n.name, n.members, n.anchor, n.turn_days, n.starts, n.ends, n.weekdays, n.holidays, n.fair, n.until,
        n.away, n.never, g.at, g.user_id
    FROM jsonb_to_recordset(p_rules) AS n (level int, rank int, name text, members uuid[], anchor date, turn_days int, starts time, ends time, weekdays int[],
        holidays text, fair boolean, until date, away jsonb, never jsonb);
    PERFORM gate.duty_replace(p_roster, p_from, p_rows);
    UPDATE public.ops_roster SET version = version + 1, published_to = p_to WHERE id = p_roster;
    UPDATE public.ops_swap w SET state = 'stale', answered_at = g.at WHERE w.roster_id = p_roster AND w.state = 'open'
        AND (NOT gate.answers_all(p_roster, w.level, w.span, w.giver_id) OR w.back_span IS NOT NULL AND NOT gate.answers_all(p_roster, w.back_level, w.back_span, w.receiver_id));
    PERFORM gate.duty_log(g, 'duty_plan', p_reason, jsonb_build_object('roster', jsonb_build_array(p_roster)));
    RETURN jsonb_build_object('state', 'ok');
END $$;

CREATE FUNCTION gate.duty_replace(p_roster uuid, p_from timestamptz, p_rows jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.ops_shift SET span = tstzrange(lower(span), p_from) WHERE roster_id = p_roster AND lower(span) < p_from AND upper(span) > p_from;
    DELETE FROM public.ops_shift WHERE roster_id = p_roster AND lower(span) >= p_from;
    INSERT INTO public.ops_shift (id, roster_id, level, span, party_id)
    SELECT gen_random_uuid(), p_roster, n.level, tstzrange(n.begins, n.ends), n.party
    FROM jsonb_to_recordset(p_rows) AS n (level int, begins timestamptz, ends timestamptz, party uuid);
END $$;

-- The plan goes on by its own rules: rows after what is published, no more. Called by the worker each night, with nobody acting.
CREATE FUNCTION gate.duty_extend(p_roster uuid, p_version int, p_to timestamptz, p_rows jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r public.ops_roster := gate.roster_lock(p_roster);
BEGIN
    IF r.version <> p_version OR r.published_to IS NULL OR p_to > gate.clock() + interval '2 years' OR p_to <= r.published_to
        OR EXISTS (SELECT 1 FROM jsonb_to_recordset(p_rows) AS n (begins timestamptz, ends timestamptz, party uuid)
            WHERE n.begins < r.published_to OR n.ends > p_to OR NOT EXISTS (
                SELECT 1 FROM public.ops_rotation o WHERE o.roster_id = p_roster AND o.retired_at IS NULL AND n.party = ANY (o.members))) THEN
        RETURN false;
    END IF;
    INSERT INTO public.ops_shift (id, roster_id, level, span, party_id)
    SELECT gen_random_uuid(), p_roster, n.level, tstzrange(n.begins, n.ends), n.party
    FROM jsonb_to_recordset(p_rows) AS n (level int, begins timestamptz, ends timestamptz, party uuid);
    UPDATE public.ops_roster SET published_to = p_to WHERE id = p_roster;
    RETURN true;
END $$;

-- The rosters as they are, for the one who extends them: no names, no numbers. [{id, version, published_to, eves, rules}]
CREATE FUNCTION gate.duty_to_extend(p_before timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'version', r.version, 'published_to', r.published_to, 'eves', r.eves, 'rules', (
            SELECT jsonb_agg(to_jsonb(o)) FROM public.ops_rotation o WHERE o.roster_id = r.id AND o.retired_at IS NULL))), '[]')
        FROM public.ops_roster r WHERE r.published_to < p_before
            AND EXISTS (SELECT 1 FROM public.ops_rotation o WHERE o.roster_id = r.id AND o.retired_at IS NULL AND (o.until IS NULL OR o.until > r.published_to)));
END $$;

CREATE FUNCTION gate.handover_write(p_roster uuid, p_text text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    made uuid := gen_random_uuid();
BEGIN
    IF NOT (gate.ops_holds(g.user_id, 'edit_roster', p_roster)
            OR EXISTS (SELECT 1 FROM public.ops_roster_parties m WHERE m.roster_id = p_roster AND gate.acts_for(g.user_id, m.party_id))) THEN
        RAISE EXCEPTION 'not one of the roster' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.ops_handover (id, roster_id, text, written_by_id, written_at) VALUES (made, p_roster, btrim(p_text), g.user_id, g.at);
    PERFORM gate.duty_log(g, 'duty_handover', '', jsonb_build_object('roster', jsonb_build_array(p_roster)));
    RETURN made;
END $$;

-- Whoever comes on, or stands in for the one who does, has read it. False when somebody else has, or it is one's own.
CREATE FUNCTION gate.handover_read(p_handover uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.logged();
    h public.ops_handover;
BEGIN
    SELECT * INTO h FROM public.ops_handover WHERE id = p_handover FOR UPDATE;
    IF h.id IS NULL OR NOT EXISTS (SELECT 1 FROM public.ops_roster_parties m WHERE m.roster_id = h.roster_id AND gate.acts_for(g.user_id, m.party_id)) THEN
        RAISE EXCEPTION 'not one of the roster' USING ERRCODE = 'insufficient_privilege';
    ELSIF h.read_at IS NOT NULL OR h.written_by_id = g.user_id THEN
        RETURN false;
    END IF;
    UPDATE public.ops_handover SET read_by_id = g.user_id, read_at = g.at WHERE id = h.id;
    PERFORM gate.duty_log(g, 'duty_handover_read', '', jsonb_build_object('roster', jsonb_build_array(h.roster_id)));
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION gate.handover_read(uuid),
    gate.duty_override(uuid, int, timestamptz, timestamptz, uuid, text), gate.duty_take(uuid, int, timestamptz, timestamptz, uuid, uuid, text),
    gate.duty_publish(uuid, int, timestamptz, timestamptz, jsonb, jsonb, text, text), gate.duty_extend(uuid, int, timestamptz, jsonb),
    gate.duty_to_extend(timestamptz), gate.handover_write(uuid, text) TO epj_app;
