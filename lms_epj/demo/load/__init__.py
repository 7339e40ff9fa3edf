"""From plain demo rows to tables. Runs as the owner of the database, past the gate: there is nobody to act yet."""
