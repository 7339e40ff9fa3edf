-- A group: its unit's, with a row of the record for each patient in it. The name of a patient who takes part is seen by those who see that row,
-- so one who sees a single patient of the group sees none of the others.

GRANT UPDATE (attended, withdrawn_at) ON telemed_bookingpatient TO epj_app;
CREATE POLICY participant_read ON telemed_participant FOR SELECT TO epj_app USING (
    (SELECT (gate.current_grant()).user_id) IS NOT NULL AND EXISTS (SELECT 1 FROM telemed_booking b WHERE b.id = booking_id)
    AND (part_id IS NULL OR EXISTS (SELECT 1 FROM telemed_bookingpatient x WHERE x.id = part_id)));
