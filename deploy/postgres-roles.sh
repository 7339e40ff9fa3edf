#!/bin/bash
# Runs once, when the database is made: the three roles and their passwords. The superuser's stays inside this container.
set -euo pipefail
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -f /roles.sql
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv owner EPJ_OWNER_PASSWORD
\getenv app EPJ_APP_PASSWORD
\getenv sealer EPJ_SEALER_PASSWORD
ALTER ROLE epj_owner PASSWORD :'owner';
ALTER ROLE epj_app PASSWORD :'app';
ALTER ROLE epj_sealer PASSWORD :'sealer';
SQL
