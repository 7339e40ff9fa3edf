"""One policy text for every table of the record, so that no table can follow a rule of its own.

The grant is verified once per query (a materialised CTE). A plain patient is read by a bit of a mask; one with
a block or a narrow right is asked row by row through ``gate.allows``. Writing always asks it.
"""

# Application column → how gate.allows is given it. Stay has no stay: it is one.
_ROW = "{t}.patient_id, {t}.category, {t}.document_type_id, {stay}, {t}.id, {t}.origin_id, {t}.unit_id, {t}.legal_entity_id, {t}.event_at"


def _row(table: str) -> str:
    return _ROW.format(t=table, stay=f"{table}.id" if table == "journal_stay" else f"{table}.stay_id")


def read_clause(table: str, *, draft: bool = False) -> str:
    """USING clause of SELECT (clauses 2–6 of the rule)."""
    own = f" AND ({table}.state <> 'DRAFT' OR {table}.author_id = g.user_id)" if draft else ""
    return f"""EXISTS (
    WITH g AS MATERIALIZED (SELECT * FROM gate.current_grant())
    SELECT 1 FROM g WHERE {table}.legal_entity_id = ANY (g.entities){own} AND CASE
        WHEN {table}.patient_id = ANY (g.careful) THEN gate.allows(2, {_row(table)})
        ELSE (g.read_masks[array_position(g.subjects, {table}.patient_id)] >> {table}.category) & 1 = 1 END)"""


def policies(table: str, *, update: tuple[str, ...] = (), draft: bool = False, insert: bool = True) -> str:
    """Statements that put ``table`` under the rule.

    update: columns the application may change; none of them says whose the row is, who charted it, or when.
    draft: the table has drafts, which only their author sees and touches.
    """
    row = _row(table)
    signs = " OR ".join(f"gate.allows({bit}, {row})" for bit in ((4, 8) if draft else (4,)))
    own = f" AND ({table}.state <> 'DRAFT' OR {table}.author_id = (SELECT (gate.current_grant()).user_id))" if draft else ""
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"GRANT SELECT ON {table} TO epj_app;",
        f"CREATE POLICY entry_read ON {table} FOR SELECT TO epj_app USING ({read_clause(table, draft=draft)});",
    ]
    if insert:
        statements += [
            f"GRANT INSERT ON {table} TO epj_app;",
            f"""CREATE POLICY entry_insert ON {table} FOR INSERT TO epj_app WITH CHECK (
    gate.allows(4, {row}) AND EXISTS (
        SELECT 1 FROM gate.current_grant() g
        WHERE {table}.author_id = g.user_id AND {table}.unit_id = g.unit_id AND {table}.legal_entity_id = g.entity_id
            AND {table}.recorded_at = g.at));""",
        ]
    if update:
        statements += [
            f"GRANT UPDATE ({', '.join(update)}) ON {table} TO epj_app;",
            f"CREATE POLICY entry_update ON {table} FOR UPDATE TO epj_app USING (({signs}){own}) WITH CHECK (({signs}){own});",
        ]
    return "\n".join(statements)
