-- What roles may do, dated (R11, R12). Every function of the rule reads the rights through this one; it has no SET, so that it is inlined.
CREATE FUNCTION gate.rights_in_force(role uuid, t timestamptz) RETURNS SETOF public.access_roleright
LANGUAGE sql STABLE AS $$
    SELECT r.* FROM public.access_roleright r
    WHERE r.role_id = role
        AND r.valid_from <= t
        AND (r.valid_to IS NULL OR t < r.valid_to)
$$;

-- The matrix answers for the past only if the past cannot be rewritten: a right is ended and followed by another.
CREATE FUNCTION gate.right_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'valid_to' <> to_jsonb(OLD) - 'valid_to' OR OLD.valid_to IS NOT NULL THEN
        RAISE EXCEPTION 'a right is ended, never changed or removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER right_kept BEFORE UPDATE OR DELETE ON access_roleright FOR EACH ROW EXECUTE FUNCTION gate.right_kept();
