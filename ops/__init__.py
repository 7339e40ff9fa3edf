"""Systems, rosters and incidents. Never sees a patient."""
