-- Questions that apps above this one answer. Each is replaced (CREATE OR REPLACE, as owner) by the app that knows; until then the answer
-- is «unknown», and what depends on it does not count.

-- Who is on duty in a unit at a time. NULL: no roster is known for that unit and time; an empty array: nobody was on duty.
CREATE FUNCTION gate.on_duty(p_unit uuid, p_at timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$ SELECT NULL::uuid[] $$;

-- Whether any roster at all answers the question above.
CREATE FUNCTION gate.roster_known() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT false $$;

-- What was charted on these patients in a time, and by whom: never what it says. `kind` is the name of the row's table, as in the log.
CREATE FUNCTION gate.charted(p_patients uuid[], p_from timestamptz, p_to timestamptz) RETURNS TABLE (
    patient_id uuid, author_id uuid, entry_id uuid, kind text, document_type text, charted_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT NULL::uuid, NULL::uuid, NULL::uuid, NULL::text, NULL::text, NULL::timestamptz WHERE false
$$;

-- How much about duty waits for the acting person: shown in the menu of those who run systems.
CREATE FUNCTION gate.duty_waiting() RETURNS int
LANGUAGE sql STABLE AS $$ SELECT 0 $$;
