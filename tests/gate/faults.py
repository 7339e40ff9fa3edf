"""Faults to seed in the rule's SQL, one clause at a time, and what counts as a clause.

Every line of the functions below that compares something must be touched by a fault, or stand in `OTHERWISE` with the reason why the
worlds cannot tell: so a clause cannot be added without a proof that its absence is noticed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from access.policies import load

# file → functions that are the rule
FUNCTIONS = {
    "rule": ("holder", "entities_for", "rights_for", "blocks_for", "allows"),
    "enter": ("session_of", "actor_of", "add_subjects"),
    "search": ("known_patients", "unit_patients"),
    "rights": ("rights_in_force",),
}
COMPARES = re.compile(r"<=|>=|<>|[<>=]|\bIS (?:NOT )?NULL\b|\bANY\b|\bEXISTS\b|\bLIKE\b")


@dataclass(frozen=True)
class Fault:
    """`old` is replaced by `new` in the `nth` place where it stands in the function."""

    function: str
    old: str
    new: str
    nth: int = 0

    def __str__(self) -> str:
        return f"{self.function}: {self.old} → {self.new or 'nothing'}" + (f" ({self.nth + 1}.)" if self.nth else "")

    def apply(self) -> str:
        """The function with the fault in it, as a statement.

        Raises LookupError when the text no longer holds the clause.
        """
        text = function_text(self.function)
        start, end = self.place(text)
        return text[:start].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) + self.new + text[end:]

    def place(self, text: str) -> tuple[int, int]:
        start = -1
        for _ in range(self.nth + 1):
            start = text.find(self.old, start + 1)
            if start < 0:
                raise LookupError(f"{self.function} no longer says {self.old!r}")
        return start, start + len(self.old)


def function_text(name: str) -> str:
    file = next(file for file, names in FUNCTIONS.items() if name in names)
    found = re.search(rf"^CREATE FUNCTION gate\.{name}\(.*?\$\$.*?\$\$;?$", load(file), re.MULTILINE | re.DOTALL)
    if not found:
        raise LookupError(f"no function gate.{name} in {file}.sql")
    return found.group()


def _dropped(function: str, *clauses: str) -> list[Fault]:
    return [Fault(function, clause, "") for clause in clauses]


def _moment(function: str, *names: str, now: str = "t") -> Iterator[Fault]:
    """A half-open span around now: its start and its end taken away, and each moved past its very moment."""
    for name in names:
        yield Fault(function, f"{name}.valid_from <= {now}", "true")
        yield Fault(function, f"{name}.valid_from <= {now}", f"{name}.valid_from < {now}")
        yield Fault(function, f"({name}.valid_to IS NULL OR {now} < {name}.valid_to)", "true")
        yield Fault(function, f"{now} < {name}.valid_to", f"{now} <= {name}.valid_to")


FAULTS: list[Fault] = [
    Fault("holder", "chain.valid_to <= t", "false"),
    Fault("holder", "chain.valid_to <= t", "true"),
    Fault("holder", "chain.valid_to <= t", "chain.valid_to < t"),
    Fault("holder", "WHERE id = entity", "WHERE false"),
    Fault("holder", "e.id = chain.successor_id", "false"),
    Fault("holder", "depth DESC", "depth"),
    Fault("entities_for", "WHERE u.id = unit", ""),
    Fault("entities_for", "ours.legal_entity_id = own.holder", "true"),
    *_dropped("entities_for", "AND ours.service_code = own.service_code ", "AND ours.mode = 'member'"),
    *_moment("entities_for", "ours", "c", "theirs"),
    Fault("entities_for", "c.id = ours.community_id", "true"),
    Fault("entities_for", "theirs.community_id = c.id", "true"),
    *_dropped("entities_for", "AND theirs.mode = 'member'", "UNION\n        SELECT holder FROM own"),
    Fault("entities_for", "WHEN e.valid_to <= t AND e.successor_id IS NOT NULL", "WHEN false"),
    Fault("entities_for", "IN (SELECT holder FROM bound)", "IS NOT NULL"),
    Fault("rights_for", "m.ends_at IS NOT NULL AND t >= m.ends_at", "false"),
    Fault("rights_for", "t >= m.ends_at", "t > m.ends_at"),
    Fault("rights_for", "mt.own_unit_only,", "false,"),
    Fault("rights_for", "m.scope_since,", "NULL::timestamptz,"),
    Fault("rights_for", "mt.id = m.template_id", "true"),
    Fault("rights_for", "rr.template_id = mt.id", "true"),
    Fault("rights_for", "m.patient_id = ANY (patients)", "true"),
    Fault("rights_for", "m.unit_id = unit OR ", ""),
    Fault("rights_for", "(m.unit_id = unit OR m.performer_id = actor)", "true"),
    Fault("rights_for", " OR m.performer_id = actor", ""),
    Fault("rights_for", "m.starts_at <= t", "true"),
    Fault("rights_for", "m.starts_at <= t", "m.starts_at < t"),
    Fault("rights_for", "(m.ends_at IS NULL OR t < m.ends_at + make_interval(hours => mt.tail_hours))", "true"),
    Fault("rights_for", "t < m.ends_at", "t <= m.ends_at"),
    Fault("rights_for", " + make_interval(hours => mt.tail_hours)", ""),
    *_dropped("rights_for", "AND (m.scope_categories IS NULL OR rr.category_id = ANY (m.scope_categories))"),
    Fault("blocks_for", "b.patient_id = ANY (patients)", "true"),
    *_moment("blocks_for", "b"),
    Fault("blocks_for", "WHEN 'everyone' THEN true", "WHEN 'everyone' THEN false"),
    *(Fault("blocks_for", f"b.target_id = {who}", answer) for who in ("actor", "role", "unit") for answer in ("true", "false")),
    *(Fault("blocks_for", "gate.holder(b.target_id, t) = entity", answer) for answer in ("true", "false", "b.target_id = entity")),
    Fault("blocks_for", "NOT EXISTS", "EXISTS"),
    Fault("blocks_for", "x.block_id = b.id", "true"),
    Fault("blocks_for", "x.user_id = actor OR ", ""),
    Fault("blocks_for", " OR x.unit_id = unit", ""),
    Fault("allows", " OR NOT p_entity = ANY (g.entities)", ""),
    Fault("allows", "wanted & 12 <> 0 AND NOT g.may_chart", "false"),
    Fault("allows", "wanted & 12 <> 0 AND NOT", "NOT"),
    Fault("allows", "IF NOT EXISTS", "IF EXISTS"),
    Fault("allows", "r.category = p_category AND ", ""),
    Fault("allows", " AND r.actions & wanted = wanted", ""),
    *_dropped("allows", "AND (r.since IS NULL OR p_event_at >= r.since)", "AND (NOT r.own_unit_only OR p_unit = g.unit_id)"),
    Fault("allows", "p_event_at >= r.since", "p_event_at > r.since"),
    *_dropped("allows", "AND (wanted & 12 = 0 OR NOT r.in_tail OR p_unit = g.unit_id)"),
    Fault("allows", "NOT p_patient = ANY (g.careful)", "true"),
    Fault("allows", "RETURN NOT EXISTS", "RETURN EXISTS"),
    Fault("allows", "'record' THEN p_category <> 3", "'record' THEN true"),
    Fault("allows", "'record' THEN p_category <> 3", "'record' THEN false"),
    Fault("allows", "'stay' THEN p_category <> 3 AND ", "'stay' THEN "),
    Fault("allows", "b.stay_id = p_stay", "true"),
    Fault("allows", "b.stay_id = p_stay", "false"),
    Fault("allows", "b.category = p_category", "true"),
    Fault("allows", "b.category = p_category", "false"),
    Fault("allows", "b.document_type = p_document_type", "true"),
    Fault("allows", "b.document_type = p_document_type", "false"),
    Fault("allows", "b.entry_id = p_entry OR ", ""),
    Fault("allows", " OR (p_category <> 3 AND b.entry_id = p_origin)", ""),
    Fault("allows", "(p_category <> 3 AND b.entry_id = p_origin)", "b.entry_id = p_origin"),
    *_dropped("allows", "AND (b.entries_from IS NULL OR p_event_at >= b.entries_from)"),
    Fault("allows", "p_event_at >= b.entries_from", "p_event_at > b.entries_from"),
    *_dropped("allows", "AND (b.entries_to IS NULL OR p_event_at < b.entries_to)"),
    Fault("allows", "p_event_at < b.entries_to", "p_event_at <= b.entries_to"),
    Fault("allows", ") OR EXISTS (", ") AND EXISTS ("),
    Fault("allows", "o.user_id = g.user_id AND ", ""),
    Fault("allows", "o.entry_id = p_entry AND ", ""),
    Fault("allows", "o.opened_at <= g.at", "o.opened_at < g.at"),
    Fault("allows", " AND g.at < o.valid_to", ""),
    Fault("allows", "g.at < o.valid_to", "g.at <= o.valid_to"),
    Fault("session_of", " AND u.is_active", ""),
    Fault("session_of", "x.secret_hash = gate.hash(secret)", "true"),
    Fault("session_of", "u.id = x.user_id", "true"),
    Fault("actor_of", "a.id = s.authorisation_id AND ", ""),
    *_moment("actor_of", "a", "o", "e", "l", now="gate.clock()"),
    Fault("actor_of", "gate.holder(o.legal_entity_id, gate.clock())", "o.legal_entity_id"),
    Fault("actor_of", "r.id = a.role_id", "true"),
    Fault("actor_of", "o.id = a.unit_id", "true"),
    Fault("actor_of", "r.required_profession = '' OR ", ""),
    Fault("actor_of", "r.required_profession = '' OR EXISTS", "true OR EXISTS"),
    Fault("actor_of", "l.user_id = s.user_id AND ", ""),
    Fault("actor_of", " AND l.profession = r.required_profession", ""),
    Fault(
        "actor_of",
        "AND NOT EXISTS (\n            SELECT 1 FROM public.access_requiredcourse d",
        "AND EXISTS (\n            SELECT 1 FROM public.access_requiredcourse d",
    ),
    Fault("actor_of", "d.role_id = a.role_id AND ", ""),
    *_moment("actor_of", "d", "h", now="gate.clock()"),
    Fault("actor_of", "AND NOT EXISTS (\n                    SELECT 1 FROM", "AND EXISTS (\n                    SELECT 1 FROM"),
    Fault("actor_of", "h.user_id = a.user_id AND ", ""),
    Fault("actor_of", " AND h.course_id = d.course_id", ""),
    Fault("add_subjects", "FILTER (WHERE r.actions & 2 <> 0 AND", "FILTER (WHERE"),
    Fault("add_subjects", "bool_or(r.own_unit_only OR r.since IS NOT NULL)", "bool_or(r.since IS NOT NULL)"),
    Fault("add_subjects", "bool_or(r.own_unit_only OR r.since IS NOT NULL)", "bool_or(r.own_unit_only)"),
    Fault("add_subjects", "o.narrow OR ", ""),
    Fault("add_subjects", " OR o.patient_id = ANY (blocked)", ""),
    Fault("known_patients", "m.unit_id = g.unit_id OR ", ""),
    Fault("known_patients", " OR m.performer_id = g.user_id", ""),
    Fault("known_patients", "m.starts_at <= g.at", "true"),
    Fault("known_patients", "m.starts_at <= g.at", "m.starts_at < g.at"),
    Fault("known_patients", "(m.ends_at IS NULL OR m.ends_at + make_interval(hours => t.tail_hours) > g.at)", "true"),
    Fault("known_patients", " + make_interval(hours => t.tail_hours)", ""),
    Fault("known_patients", "hours => t.tail_hours) > g.at", "hours => t.tail_hours) >= g.at"),
    Fault("known_patients", "t.id = m.template_id", "true"),
    Fault("rights_in_force", "r.role_id = role", "true"),
    *_moment("rights_in_force", "r"),
    Fault("unit_patients", "m.unit_id = g.unit_id", "true"),
    Fault("unit_patients", "m.starts_at <= g.at", "true"),
    Fault("unit_patients", "m.starts_at <= g.at", "m.starts_at < g.at"),
    Fault("unit_patients", "(m.ends_at IS NULL OR m.ends_at > g.at)", "true"),
    Fault("unit_patients", "m.ends_at > g.at", "m.ends_at >= g.at"),
]

RIGHTLESS = "roles of the worlds have rights under every template: test_measures.test_a_role_without_a_right_in_the_scope_is_told_of_nobody"
# Lines that compare, and that no world can tell apart: why, or which test does.
OTHERWISE = {
    "IF g.user_id IS NULL OR NOT p_patient = ANY (g.subjects) OR NOT p_entity = ANY (g.entities) THEN":
        "grant and subjects: test_attacks.test_rows_of_undisclosed_patients_are_refused_by_the_rule_itself",
    "ELSE true": "no other target or scope can be stored",
    "WHERE o.user_id = g.user_id AND o.entry_id = p_entry AND o.patient_id = p_patient": "the entry names its patient",
    "WHERE x.secret_hash = gate.hash(secret) AND x.ended_at IS NULL AND gate.clock() < x.expires_at AND u.is_active;":
        "ended and expired: test_sessions.test_an_ended_or_expired_session_opens_nothing",
    "WHERE a.id = s.authorisation_id AND a.user_id = s.user_id": "another's authorisation: test_sessions.test_another_persons_role_is_refused",
    "FILTER (WHERE r.actions & wanted <> 0))[1] AS measure_id": "which measure the log names: test_measures.test_the_log_names_the_measure",
    "WHERE NOT r.patient_id = ANY (g.subjects)": "a patient opened already is not logged twice",
    "HAVING bool_or(r.actions & wanted <> 0)": "the action asked for: test_attacks.test_entering_to_write_needs_a_right_to_write",
    "JOIN public.access_patient p ON p.id = o.patient_id": "a join by key, for names in the log",
    "JOIN public.access_decidedmeasure m ON m.id = o.measure_id": "a join by key, for names in the log",
    "JOIN public.access_measuretemplate t ON t.id = m.template_id;": "a join by key, for names in the log",
    "AND EXISTS (": RIGHTLESS,
    "SELECT 1 FROM gate.rights_in_force(g.role_id, g.at) rr WHERE rr.template_id = t.id AND rr.actions & 1 <> 0": RIGHTLESS,
    "AND (m.scope_categories IS NULL OR rr.category_id = ANY (m.scope_categories)));": RIGHTLESS,
    "AND (m.scope_categories IS NULL OR rr.category_id = ANY (m.scope_categories))));": RIGHTLESS,
    "SELECT DISTINCT m.patient_id FROM public.access_decidedmeasure m JOIN public.access_measuretemplate t ON t.id = m.template_id":
        "which templates a list is of: test_measures.test_a_list_is_of_its_templates_only",
}  # fmt: skip


def clause_lines(function: str) -> list[tuple[int, int, str]]:
    """(start, end, text) of every line of the body that compares something."""
    text = function_text(function)
    lines, at = [], text.index("$$")
    for line in text[at:].splitlines(keepends=True):
        bare = line.split("--")[0]
        if COMPARES.search(bare.replace(":=", "").replace("=>", "").replace("$$", "")):
            lines.append((at, at + len(line), bare.strip()))
        at += len(line)
    return lines


def lines_without_fault(function: str) -> list[str]:
    text = function_text(function)
    places = [fault.place(text) for fault in FAULTS if fault.function == function]
    return [
        line for start, end, line in clause_lines(function)
        if line not in OTHERWISE and not any(first < end and last > start for first, last in places)
    ]  # fmt: skip
