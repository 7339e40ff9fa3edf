r"""The notation the structure is written in, and its reader.

    namespace PREFIX URI      what follows belongs here
    Name: PARTICLES           an element anybody may refer to
    type Name: PARTICLES      a type for elements that are declared where they stand
    list Name: A "B C"        a closed list of values
                              a line that begins with a space continues the one above

Particles: `Name` refers to an element, `po:Name` to one of another namespace, `Name=cs` declares one on the spot (`Name=text"fixed"` with a
fixed value); `?`, `*`, `+` after the name or after `( … )` say how often; `( a | b )` is a choice; `{lax other}` is anything, `lax` or `strict`,
of `other` namespaces or any. `mixed` lets text stand between. `=base64` alone is an element with a value only. `@name!=text"fixed"` is an
attribute (`!`: required), `@{lax other}` any attribute.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_TOKEN = re.compile(r'[()|]|(?:[^\s()|"{]|"[^"]*"|\{[^}]*\})+')
_OCCURS = {"?": (0, False), "*": (0, True), "+": (1, True), "": (1, False)}
_ELEMENT = re.compile(r'(?P<name>[\w:.\-]+)(?P<occurs>[?*+]?)(?:=(?P<type>[\w:]+)(?:"(?P<fixed>[^"]*)")?)?$')
_ATTRIBUTE = re.compile(r'@(?P<name>[\w:]+)(?P<required>!?)=(?P<type>[\w:]+)(?:"(?P<fixed>[^"]*)")?$')
_WILDCARD = re.compile(r"\{(?P<words>[a-z ]+)\}")


class Name(NamedTuple):
    """A qualified name. As a type, a local name may also be one of the common types or values."""

    space: str
    local: str

    @property
    def tag(self) -> str:
        """As the parser writes it: `{namespace}name`."""
        return f"{{{self.space}}}{self.local}" if self.space else self.local


@dataclass(frozen=True)
class Element:
    name: Name
    type: Name | None  # None: refers to the element of that name
    fixed: str | None = None


@dataclass(frozen=True)
class Wildcard:
    strict: bool
    other: bool  # only of namespaces other than `home`
    home: str = ""


@dataclass(frozen=True)
class Group:
    choice: bool
    parts: tuple["Repeated", ...]


@dataclass(frozen=True)
class Repeated:
    what: Element | Wildcard | Group
    least: int = 1
    many: bool = False


@dataclass(frozen=True)
class Attribute:
    name: Name
    type: Name
    required: bool = False
    fixed: str | None = None


@dataclass(frozen=True, eq=False)
class Described:
    """One element's or type's content: a value, or particles, and its attributes."""

    content: Group | None = None
    value: Name | None = None
    mixed: bool = False
    attributes: tuple[Attribute, ...] = ()
    any_attribute: Wildcard | None = None


@dataclass
class Description:
    """Everything described: by qualified name, namespaces written out."""

    elements: dict[Name, Described] = field(default_factory=dict)
    types: dict[Name, Described] = field(default_factory=dict)
    lists: dict[Name, frozenset[str]] = field(default_factory=dict)


def read_description(texts: Iterable[str]) -> Description:
    """Reads the notation; a slip in it is a ValueError, and stops the start."""
    statements = [list(_statements(text)) for text in texts]
    spaces = {words[1]: words[2] for text in statements for words in text if words[0] == "namespace"}
    found = Description()
    for text in statements:
        here = ""
        for words in text:
            if words[0] == "namespace":
                here = words[2]
            else:
                _declare(found, words, _Namer(spaces, here))
    return found


def _statements(text: str) -> Iterator[list[str]]:
    joined = re.sub(r"\n[ \t]+", " ", text)
    for line in filter(None, map(str.strip, joined.splitlines())):
        yield line.split() if line.startswith("namespace ") else _TOKEN.findall(line)


@dataclass(frozen=True)
class _Namer:
    spaces: dict[str, str]
    here: str

    def __call__(self, written: str, *, unprefixed: str | None = None) -> Name:
        prefix, _, local = written.rpartition(":")
        if prefix:
            return Name(self.spaces[prefix], local)
        return Name(self.here if unprefixed is None else unprefixed, local)


def _declare(found: Description, words: list[str], namer: _Namer) -> None:
    kind = words.pop(0) if words[0] in ("type", "list") else "element"
    head = words.pop(0)
    if not head.endswith(":"):
        raise ValueError(f"a declaration begins with a name and a colon: {head}")
    name = namer(head[:-1])
    if kind == "list":
        found.lists[name] = frozenset(word.strip('"') for word in words)
        return
    target = found.types if kind == "type" else found.elements
    if name in target:
        raise ValueError(f"described twice: {name}")
    target[name] = _described(words, namer)


def _described(words: list[str], namer: _Namer) -> Described:
    attributes = tuple(_attribute(word, namer) for word in words if word.startswith("@") and "{" not in word)
    rest = [word for word in words if not word.startswith("@")]
    mixed = rest[:1] == ["mixed"]
    if rest and rest[0].startswith("="):
        return Described(value=namer(rest[0][1:]), attributes=attributes)
    content = _group(iter(rest[1:] if mixed else rest), namer)
    wildcards = [_wildcard_of(word[1:], namer) for word in words if word.startswith("@{")]
    return Described(content, mixed=mixed, attributes=attributes, any_attribute=wildcards[0] if wildcards else None)


def _attribute(word: str, namer: _Namer) -> Attribute:
    match = _ATTRIBUTE.match(word)
    if not match:
        raise ValueError(f"not an attribute: {word}")
    name = namer(match["name"], unprefixed="")
    # A list is looked for beside the attribute's own name first: it is declared in that namespace.
    kind = namer(match["type"], unprefixed=name.space or None)
    return Attribute(name, kind, bool(match["required"]), match["fixed"])


def _group(words: Iterator[str], namer: _Namer, *, nested: bool = False) -> Group:
    """Reads up to the closing parenthesis, or the end."""
    alternatives: list[list[Repeated]] = [[]]
    for word in words:
        if word == "|":
            alternatives.append([])
        elif word == "(":
            alternatives[-1].append(Repeated(_group(words, namer, nested=True)))
        elif word == ")" and nested:
            break
        elif word in _OCCURS:
            least, many = _OCCURS[word]
            alternatives[-1][-1] = Repeated(alternatives[-1][-1].what, least, many)
        else:
            alternatives[-1].append(_particle(word, namer))
    sequences = [tuple(parts) for parts in alternatives]
    if len(sequences) == 1:
        return Group(False, sequences[0])
    return Group(True, tuple(parts[0] if len(parts) == 1 else Repeated(Group(False, parts)) for parts in sequences))


def _particle(word: str, namer: _Namer) -> Repeated:
    if word.startswith("{"):
        least, many = _OCCURS[word.rpartition("}")[2]]
        return Repeated(_wildcard_of(word.rstrip("?*+"), namer), least, many)
    match = _ELEMENT.match(word)
    if not match:
        raise ValueError(f"not a particle: {word}")
    least, many = _OCCURS[match["occurs"]]
    kind = namer(match["type"]) if match["type"] else None
    return Repeated(Element(namer(match["name"]), kind, match["fixed"]), least, many)


def _wildcard_of(word: str, namer: _Namer) -> Wildcard:
    match = _WILDCARD.fullmatch(word)
    if not match:
        raise ValueError(f"not a wildcard: {word}")
    words = match["words"].split()
    return Wildcard("strict" in words, "other" in words, namer.here)
