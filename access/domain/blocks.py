"""Clause 5, the patient's blocks (sperring, R25): whom a block is against, which rows it hits, and what stands open all the same."""

from __future__ import annotations

from uuid import UUID

from access.domain.codes import Category
from access.domain.facts import Authorisation, Block, Facts, Row
from access.domain.rules import NOTHING, Clause, Ignored, holder_of, is_live

_BY_NAME = frozenset({"entry", "category", "document_type"})


def blocks_against(facts: Facts, ignore: Ignored = NOTHING) -> tuple[Block, ...]:
    """The live blocks of the patient that are aimed at this actor and make no exception for them."""
    held = facts.actor.authorisation
    if held is None or Clause.BLOCK in ignore:
        return ()
    return tuple(
        block
        for block in facts.blocks
        if (Clause.BLOCK_LIVE in ignore or is_live(block, facts.now))
        and (Clause.BLOCK_TARGET in ignore or _is_target(block, facts, held, ignore))
        and (Clause.BLOCK_EXCEPTION in ignore or not _is_excepted(block, facts.actor.user_id, held.unit.id))
    )


def _is_target(block: Block, facts: Facts, held: Authorisation, ignore: Ignored) -> bool:
    """A block against an entity that has been merged follows those who took over its entries: the wish does not end with the name."""
    match block.target:
        case "everyone":
            return True
        case "user":
            return block.target_id == facts.actor.user_id
        case "role":
            return block.target_id == held.role.id
        case "unit":
            return block.target_id == held.unit.id
        case "legal_entity":
            entities = {} if Clause.BLOCK_SUCCESSOR in ignore else {e.id: e for e in facts.entities}
            return block.target_id is not None and holder_of(block.target_id, entities, facts.now) == held.unit.legal_entity
    raise ValueError(f"A block against an unknown kind of target: {block.target}")


def _is_excepted(block: Block, user: UUID, unit: UUID) -> bool:
    return any(x.user == user or x.unit == unit for x in block.exceptions)


def hits(block: Block, row: Row, ignore: Ignored = NOTHING) -> bool:
    """Is this row among what the block covers?

    Critical information only when it is itself blocked by name, never along with the whole record or stay: an allergy unseen does harm.
    """
    if (not ignore or Clause.BLOCK_SCOPE not in ignore) and not _covers(block, row, ignore):
        return False
    if row.category == Category.CRITICAL and (not ignore or Clause.CRITICAL_SHIELD not in ignore) and not _names(block, row):
        return False
    if ignore and Clause.BLOCK_PERIOD in ignore:
        return True
    if block.entries_from is not None and row.event_at < block.entries_from:
        return False
    return block.entries_to is None or row.event_at < block.entries_to


def _covers(block: Block, row: Row, ignore: Ignored) -> bool:
    match block.scope:
        case "record":
            return True
        case "category":
            return block.category == row.category
        case "document_type":
            return block.document_type == row.document_type
        case "stay":
            return row.stay is not None and block.stay == row.stay
        case "entry":
            return block.entry == row.entry or (row.origin is not None and block.entry == row.origin and Clause.BLOCK_ORIGIN not in ignore)
    raise ValueError(f"A block with an unknown scope: {block.scope}")


def _names(block: Block, row: Row) -> bool:
    """A critical row derived from a blocked entry stays: the allergy is shown although the note it came from is not."""
    return block.scope in _BY_NAME and (block.scope != "entry" or block.entry == row.entry)


def opened_entries(facts: Facts, ignore: Ignored = NOTHING) -> frozenset[UUID]:
    """Entries this actor has lawfully opened just now: each opens every block for itself alone, not for what was derived from it."""
    if Clause.OPENING in ignore:
        return frozenset()
    return frozenset(x.entry for x in facts.openings if Clause.OPENING_LIVE in ignore or is_live(x, facts.now))
