-- The care plan: ended in the own name; what belongs to a problem is about one that stands in the same patient's plan, and is hidden with it.
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_planproblem FOR EACH ROW EXECUTE FUNCTION gate.own_name('ended_by_id');
CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON journal_planaction FOR EACH ROW EXECUTE FUNCTION gate.own_name('ended_by_id');

-- The problem's row is locked: one that is ended in the same moment gets no new action.
CREATE FUNCTION gate.in_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p public.journal_planproblem;
BEGIN
    IF (gate.current_grant()).user_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT x.* INTO p FROM public.journal_planproblem x WHERE x.id = NEW.origin_id AND x.patient_id = NEW.patient_id FOR UPDATE;
    IF p.id IS NULL OR TG_TABLE_NAME = 'journal_planaction' AND p.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'no such open problem in the plan' USING ERRCODE = 'check_violation', CONSTRAINT = 'planaction_of_an_open_problem';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_plan BEFORE INSERT ON journal_planaction FOR EACH ROW EXECUTE FUNCTION gate.in_plan();
CREATE TRIGGER in_plan BEFORE INSERT ON journal_planevaluation FOR EACH ROW EXECUTE FUNCTION gate.in_plan();
CREATE TRIGGER block_follows AFTER INSERT ON journal_planaction FOR EACH ROW EXECUTE FUNCTION gate.block_follows();
CREATE TRIGGER block_follows AFTER INSERT ON journal_planevaluation FOR EACH ROW EXECUTE FUNCTION gate.block_follows();
