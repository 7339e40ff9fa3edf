-- A task to read a message is seen by those who may read the message: its title says what came and from whom.
CREATE POLICY task_of_visible_message ON journal_task AS RESTRICTIVE FOR SELECT TO epj_app
    USING (kind <> 'message' OR EXISTS (SELECT 1 FROM messaging_message m WHERE m.id = journal_task.origin_id));
