"""Looked at before the first request: does the database still guard the record against this very connection?

A wrong role in DATABASE_URL, a table someone forgot, or a policy that was dropped would open everything without a sound.
"""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

# The rule's own tables and the secrets: reached through the gate's functions only.
CLOSED = (
    "access_accessauthorisation", "access_accessblock", "access_agreementsignature", "access_agreementversion",
    "access_authorisationimport", "access_blockassessment", "access_blockexception", "access_blockopening", "access_blockregistration",
    "access_communitychange", "access_coursecompletion", "access_credential", "access_decidedmeasure", "access_departure",
    "access_emergencycase", "access_exportpatient", "access_exportrefusal", "access_loginattempt", "access_participation",
    "access_reapprovalcycle", "access_reapprovaldecision", "access_recordcommunity", "access_recordexport", "access_registerperson",
    "access_requiredcourse", "access_rightschange", "access_roleright", "access_session", "telemed_feedlink",
    "telemed_guest", "telemed_questionlink", "telemed_reminder",
)  # fmt: skip
_COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE"}

_ROLE = """
    SELECT r.rolname, r.rolsuper, r.rolbypassrls,
        EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname IN ('public', 'gate', 'auditlog') AND c.relowner = r.oid)
    FROM pg_roles r WHERE r.rolname = current_user"""

# Every table that says whose a row is, with what this role may do to it.
_TABLES = """
    SELECT c.relname, c.relrowsecurity,
        has_any_column_privilege(c.oid, 'SELECT'), has_any_column_privilege(c.oid, 'INSERT'), has_any_column_privilege(c.oid, 'UPDATE'),
        has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE'),
        ARRAY(SELECT p.polcmd::text FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polroles && mine.roles
              AND coalesce(pg_get_expr(p.polqual, c.oid), '') || coalesce(pg_get_expr(p.polwithcheck, c.oid), '') LIKE '%%gate.%%'),
        EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polroles && mine.roles
              AND coalesce(pg_get_expr(p.polqual, c.oid), '') || coalesce(pg_get_expr(p.polwithcheck, c.oid), '') NOT LIKE '%%gate.%%')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        (SELECT ARRAY[0, oid] AS roles FROM pg_roles WHERE rolname = current_user) mine
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') AND (c.relname = 'access_patient' OR EXISTS (
        SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'patient_id' AND NOT a.attisdropped))
    ORDER BY c.relname"""


def faults() -> list[str]:
    """What is wrong with the guard, as the default connection sees it; empty when nothing is."""
    return [*_role_faults(), *_table_faults(), *_closed_faults(), *_setting_faults()]


def assert_guarding() -> None:
    """Raises ImproperlyConfigured when the database would not hold: the process must not serve."""
    found = faults()
    connection.close()
    if found:
        raise ImproperlyConfigured("The database does not guard the record: " + "; ".join(found) + ".")


def _rows(sql: str, *arguments: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall()


def _role_faults() -> list[str]:
    ((name, is_super, bypasses, owns),) = _rows(_ROLE)
    checks = ((is_super, "is superuser"), (bypasses, "passes by row security"), (owns, "owns tables of the record"))
    return [f"the role {name} {words}" for wrong, words in checks if wrong]


def _table_faults() -> list[str]:
    found = []
    for name, secured, selects, inserts, updates, removes, policies, ungated in _rows(_TABLES):
        held = [mark for mark, allowed in (("r", selects), ("a", inserts), ("w", updates)) if allowed]
        if held and not secured:
            found.append(f"{name} has no row security")
        if removes:
            found.append(f"rows of {name} can be removed")
        if held and ungated:
            found.append(f"{name} has a policy that does not ask the gate")
        found += [f"{name} lacks a policy for {_COMMANDS[mark]}" for mark in held if mark not in policies and "*" not in policies]
    return found


def _closed_faults() -> list[str]:
    open_ones = _rows("SELECT t FROM unnest(%s::text[]) t WHERE has_any_column_privilege(t::regclass, 'SELECT, INSERT, UPDATE')", list(CLOSED))
    return [f"{name} is not closed" for (name,) in open_ones]


def _setting_faults() -> list[str]:
    """The setting may be stricter than asked for; never laxer."""
    ((required,),) = _rows("SELECT gate.setting('second_factor_required')")
    laxer = settings.EPJ_SECOND_FACTOR_REQUIRED and not required
    return ["second factor is required but the database does not ask for it (run manage.py apply_settings as owner)"] if laxer else []
