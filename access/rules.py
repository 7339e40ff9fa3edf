"""Rules that a route can carry. A route without one does not start (see access.routes)."""

from dataclasses import dataclass

from access.domain.codes import Action


@dataclass(frozen=True)
class Rule:
    """What a request must be allowed to do before its view runs.

    subject: ``patient`` (the URL names one), ``unit`` (a list of the working role's own), ``self`` (the person's own things,
    with or without a role) or ``public``.
    """

    subject: str
    action: Action = Action.READ
    category: int | None = None
    purpose: str = ""
    unit_kinds: frozenset[str] = frozenset()
    flag: str = ""


def patient(action: Action = Action.READ, category: int | None = None) -> Rule:
    """One patient's record; ``category`` where the route is of one kind of information only."""
    return Rule("patient", action, category)


def unit(*kinds: str) -> Rule:
    """A list of the acting unit's. ``kinds``: the kinds of unit that have it; none means all."""
    return Rule("unit", Action.SEARCH, unit_kinds=frozenset(kinds))


def own() -> Rule:
    """The person's own session: role, lock, settings. Opens no patient."""
    return Rule("self")


def role(flag: str, purpose: str) -> Rule:
    """A role with a duty of its own (``reviews_log`` …), for that purpose only."""
    return Rule("unit", Action.SEARCH, purpose=purpose, flag=flag)


PUBLIC = Rule("public")
