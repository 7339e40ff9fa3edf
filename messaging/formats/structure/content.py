"""Content models as automata: which element may come next.

Each particle is a position; after a position come the positions that may follow it. The standards' models are
deterministic, so an element's name decides the next position and a message is checked in one pass.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from messaging.formats.structure.notation import Element, Group, Repeated, Wildcard

Position = int
START: Position = -1


@dataclass
class ContentModel:
    """`next[p]` holds the positions that may follow `p`; `ends` those that may be the last."""

    particles: list[Element | Wildcard] = field(default_factory=list)
    next: dict[Position, list[Position]] = field(default_factory=dict)
    ends: set[Position] = field(default_factory=set)
    by_tag: dict[Position, dict[str, Position]] = field(default_factory=dict)

    def step(self, position: Position, tag: str) -> Position | None:
        """The position an element of this tag takes after `position`, or None."""
        named = self.by_tag[position].get(tag)
        if named is not None:
            return named
        return next((p for p in self.next[position] if admits(self.particles[p], tag)), None)

    def expected(self, position: Position) -> list[str]:
        """Local names of what may follow, in the order they are described."""
        following = (self.particles[p] for p in self.next[position])
        return list(dict.fromkeys(p.name.local if isinstance(p, Element) else "et annet element" for p in following))


def admits(particle: Element | Wildcard | None, tag: str) -> bool:
    """Whether a wildcard lets an element or attribute of this tag in."""
    return isinstance(particle, Wildcard) and not (particle.other and (not tag.startswith("{") or tag.startswith(f"{{{particle.home}}}")))


@dataclass(frozen=True)
class _Part:
    empty: bool
    first: tuple[Position, ...]
    last: tuple[Position, ...]


def build(content: Group | None) -> ContentModel:
    model = ContentModel()
    follow: dict[Position, dict[Position, None]] = {}
    whole = _place(Repeated(content), model, follow) if content else _Part(True, (), ())
    model.next = {p: list(follow.get(p, ())) for p in range(len(model.particles))}
    model.next[START] = list(whole.first)
    model.ends = set(whole.last) | ({START} if whole.empty else set())
    for position, following in model.next.items():
        named = [(p, particle) for p in following if isinstance(particle := model.particles[p], Element)]
        model.by_tag[position] = {particle.name.tag: p for p, particle in reversed(named)}
    return model


def _place(repeated: Repeated, model: ContentModel, follow: dict[Position, dict[Position, None]]) -> _Part:
    what = repeated.what
    if isinstance(what, Group):
        parts = [_place(part, model, follow) for part in what.parts]
        part = _choice(parts) if what.choice else _sequence(parts, follow)
    else:
        position = len(model.particles)
        model.particles.append(what)
        part = _Part(False, (position,), (position,))
    if repeated.many:
        _connect(part.last, part.first, follow)
    return _Part(part.empty or repeated.least == 0, part.first, part.last)


def _choice(parts: list[_Part]) -> _Part:
    return _Part(any(p.empty for p in parts), tuple(x for p in parts for x in p.first), tuple(x for p in parts for x in p.last))


def _sequence(parts: list[_Part], follow: dict[Position, dict[Position, None]]) -> _Part:
    whole = _Part(True, (), ())
    for part in parts:
        _connect(whole.last, part.first, follow)
        whole = _Part(
            whole.empty and part.empty,
            whole.first + (part.first if whole.empty else ()),
            part.last + (whole.last if part.empty else ()),
        )
    return whole


def _connect(before: Iterable[Position], after: Iterable[Position], follow: dict[Position, dict[Position, None]]) -> None:
    for position in before:
        follow.setdefault(position, {}).update(dict.fromkeys(after))
