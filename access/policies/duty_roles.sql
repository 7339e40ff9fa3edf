-- The roles of the session's own person in whose unit the shift plan names that person now (see ports.sql): marked at the choice of role.
CREATE FUNCTION gate.my_duty_roles(secret text) RETURNS TABLE (authorisation_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    s public.access_session := gate.session_of(secret);
BEGIN
    RETURN QUERY
    SELECT a.id FROM public.access_accessauthorisation a
    WHERE a.user_id = s.user_id AND a.valid_from <= gate.clock() AND (a.valid_to IS NULL OR gate.clock() < a.valid_to) AND a.user_id = ANY (gate.on_duty(a.unit_id, gate.clock()));
END $$;
GRANT EXECUTE ON FUNCTION gate.my_duty_roles(text) TO epj_app;
