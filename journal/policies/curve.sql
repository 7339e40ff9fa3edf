-- Orders that cannot be rewritten, doses that cannot be given twice, and a unit's action levels. What two people do at once is decided here.

-- Orders are signed by one whose role demands a doctor's licence, once, now and in the own name; and stopped once.
CREATE FUNCTION gate.order_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.signed_at IS NOT NULL AND (NEW.signed_at, NEW.signed_by_id) IS DISTINCT FROM (OLD.signed_at, OLD.signed_by_id)
        OR OLD.stopped_at IS NOT NULL AND (NEW.stopped_at, NEW.stopped_by_id, NEW.stop_reason) IS DISTINCT FROM (OLD.stopped_at, OLD.stopped_by_id, OLD.stop_reason)
        OR OLD.stopped_at IS NOT NULL AND NEW.signed_at IS DISTINCT FROM OLD.signed_at)
    THEN
        RAISE EXCEPTION 'an order is signed once and stopped once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF g.user_id IS NOT NULL AND NEW.signed_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.signed_at IS NULL) AND (NEW.signed_at <> g.at OR NOT EXISTS (
        SELECT 1 FROM public.access_roletemplate r WHERE r.id = g.role_id AND r.required_profession = 'doctor'))
    THEN
        RAISE EXCEPTION 'a doctor signs orders, now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_kept BEFORE INSERT OR UPDATE ON journal_medorder FOR EACH ROW EXECUTE FUNCTION gate.order_kept();
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_medorder FOR EACH ROW EXECUTE FUNCTION gate.own_name('signed_by_id', 'stopped_by_id');
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_meddose FOR EACH ROW EXECUTE FUNCTION gate.own_name('struck_by_id');
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_observation FOR EACH ROW EXECUTE FUNCTION gate.own_name('struck_by_id');
-- An order that carries on a medicine, or another order, is hidden with it.
CREATE TRIGGER block_follows AFTER INSERT ON journal_medorder
    FOR EACH ROW WHEN (NEW.origin_id IS NOT NULL) EXECUTE FUNCTION gate.block_follows();

-- A dose is charted on an order that is signed and was running when it was given, in a place that the order has. The order's row is locked:
-- a stop and a dose, and two doses, come one after the other, and the second sees what the first did.
CREATE FUNCTION gate.dose_placed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.current_grant();
    o public.journal_medorder;
    broken text;
BEGIN
    IF g.user_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT x.* INTO o FROM public.journal_medorder x WHERE x.id = NEW.order_id AND x.patient_id = NEW.patient_id FOR UPDATE;
    broken := CASE
        WHEN o.id IS NULL THEN 'dose_order_unknown'
        WHEN o.signed_at IS NULL THEN 'dose_order_unsigned'
        WHEN o.stopped_at IS NOT NULL AND NEW.event_at >= o.stopped_at THEN 'dose_order_stopped'
        WHEN NEW.event_at > g.at THEN 'dose_ahead'
        WHEN (o.kind = 'as_needed') <> (NEW.slot_at IS NULL) THEN 'dose_place'
        WHEN o.kind <> 'as_needed' AND NOT (NEW.slot_at = ANY (o.times)
            AND NEW.slot_on >= (o.starts_at AT TIME ZONE 'Europe/Oslo')::date
            AND (o.ends_at IS NULL OR NEW.slot_on <= (o.ends_at AT TIME ZONE 'Europe/Oslo')::date)
            AND (NEW.slot_on - (o.starts_at AT TIME ZONE 'Europe/Oslo')::date) % o.every_days = 0) THEN 'dose_place'
    END;
    IF broken IS NULL AND o.kind = 'as_needed' AND NEW.previous_id IS DISTINCT FROM (
        SELECT d.id FROM public.journal_meddose d WHERE d.order_id = o.id AND d.struck_at IS NULL ORDER BY d.recorded_at DESC, d.id DESC LIMIT 1)
    THEN
        broken := 'dose_follows_last';
    END IF;
    IF broken IS NULL AND TG_TABLE_NAME = 'journal_meddose' THEN
        broken := gate.dose_refused(o, NEW);
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'this dose cannot be charted' USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    RETURN NEW;
END $$;

-- What keeps one dose from being given: another must have controlled it; as needed, the interval and the number in 24 hours.
CREATE FUNCTION gate.dose_refused(o public.journal_medorder, d public.journal_meddose) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF d.status NOT IN ('given', 'partly') THEN
        RETURN NULL;
    END IF;
    IF o.double_control AND NOT EXISTS (
        SELECT 1 FROM public.journal_dosecontrol c
        WHERE c.order_id = o.id AND c.author_id <> d.author_id
            AND (c.slot_on, c.slot_at, c.previous_id) IS NOT DISTINCT FROM (d.slot_on, d.slot_at, d.previous_id))
    THEN
        RETURN 'dose_uncontrolled';
    END IF;
    IF o.kind = 'as_needed' AND o.min_interval IS NOT NULL AND EXISTS (
        SELECT 1 FROM public.journal_meddose x WHERE x.order_id = o.id AND x.struck_at IS NULL AND x.status IN ('given', 'partly')
            AND abs(extract(epoch FROM x.event_at - d.event_at)) < o.min_interval * 60)
    THEN
        RETURN 'dose_too_soon';
    END IF;
    IF o.kind = 'as_needed' AND o.max_per_day IS NOT NULL AND (
        SELECT count(*) FROM public.journal_meddose x WHERE x.order_id = o.id AND x.struck_at IS NULL AND x.status IN ('given', 'partly')
            AND x.event_at > d.event_at - interval '24 hours' AND x.event_at <= d.event_at) >= o.max_per_day
    THEN
        RETURN 'dose_too_many';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER dose_placed BEFORE INSERT ON journal_meddose FOR EACH ROW EXECUTE FUNCTION gate.dose_placed();
CREATE TRIGGER dose_placed BEFORE INSERT ON journal_dosecontrol FOR EACH ROW EXECUTE FUNCTION gate.dose_placed();

-- A measurement or a dose is struck once, and never brought back.
CREATE FUNCTION gate.struck_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.struck_at IS NOT NULL THEN
        RAISE EXCEPTION 'this has been struck out already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER struck_once BEFORE UPDATE ON journal_meddose FOR EACH ROW EXECUTE FUNCTION gate.struck_once();
CREATE TRIGGER struck_once BEFORE UPDATE ON journal_observation FOR EACH ROW EXECUTE FUNCTION gate.struck_once();

-- The leader of a unit decides how soon the unit wants the next set, and what is done: a new version, never a changed one. Returns its number.
CREATE FUNCTION gate.set_action_levels(p_zero int, p_low int, p_low_medium int, p_medium int, p_high int, p_incomplete int, p_actions jsonb, p_reason text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g gate.grant_t := gate.leading();
    version int;
BEGIN
    PERFORM 1 FROM public.access_orgunit u WHERE u.id = g.unit_id FOR UPDATE;
    SELECT coalesce(max(l.number), 0) + 1 INTO version FROM public.journal_actionlevels l WHERE l.unit_id = g.unit_id;
    INSERT INTO public.journal_actionlevels (id, unit_id, number, zero, low, low_medium, medium, high, incomplete, actions, reason, decided_by_id, decided_at)
    VALUES (gen_random_uuid(), g.unit_id, version, p_zero, p_low, p_low_medium, p_medium, p_high, p_incomplete, p_actions, p_reason, g.user_id, g.at);
    RETURN version;
END $$;
GRANT SELECT ON journal_actionlevels TO epj_app;
GRANT EXECUTE ON FUNCTION gate.set_action_levels(int, int, int, int, int, int, jsonb, text) TO epj_app;

-- Doses, orders and measurements are charted too (access/policies/ports.sql).
ALTER FUNCTION gate.charted(uuid[], timestamptz, timestamptz) RENAME TO charted_before_curve;
CREATE FUNCTION gate.charted(p_patients uuid[], p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    patient_id uuid, author_id uuid, entry_id uuid, kind text, document_type text, charted_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM gate.charted_before_curve(p_patients, p_from, p_to)
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'meddose', NULL, x.recorded_at FROM public.journal_meddose x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'medorder', NULL, x.recorded_at FROM public.journal_medorder x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
    UNION ALL
    SELECT x.patient_id, x.signed_by_id, x.id, 'medorder', NULL, x.signed_at FROM public.journal_medorder x
    WHERE x.patient_id = ANY (p_patients) AND x.signed_by_id <> x.author_id AND x.signed_at >= p_from AND x.signed_at < p_to
    UNION ALL
    SELECT x.patient_id, x.author_id, x.id, 'observation', NULL, x.recorded_at FROM public.journal_observation x
    WHERE x.patient_id = ANY (p_patients) AND x.recorded_at >= p_from AND x.recorded_at < p_to
$$;
