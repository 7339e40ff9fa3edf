"""The texts that Python code marks, and marks that do not work: found in the syntax tree, so that nothing is run."""

import ast
from collections.abc import Iterator
from pathlib import Path

from lms_epj.catalogue.text import Texts, add

# What each marking function takes: the places of its text, of its form for several, and of its context.
_ONE, _SEVERAL, _IN_CONTEXT = (0, None, None), (0, 1, None), (1, None, 0)
MARKS = {
    "gettext": _ONE, "gettext_lazy": _ONE, "gettext_noop": _ONE, "ngettext": _SEVERAL, "ngettext_lazy": _SEVERAL,
    "pgettext": _IN_CONTEXT, "pgettext_lazy": _IN_CONTEXT, "npgettext": (1, 2, 0), "npgettext_lazy": (1, 2, 0),
}  # fmt: skip
# Names that a function may get one of them by, where it is handed over: the domain packages do not import Django.
HANDED_OVER = {"_": _ONE, "__": _ONE, "translate": _ONE}
AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}
KEPT = {"cache", "lru_cache", "cached_property"}


class Reader(ast.NodeVisitor):
    """Collects the marked texts of one file in ``texts``, and in ``faults`` marks that would miss or freeze a language."""

    def __init__(self, place: str, texts: Texts) -> None:
        self.place = place
        self.texts = texts
        self.faults: list[str] = []
        self.names: dict[str, str] = {}
        self.in_function = False
        self.kept = False

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module in ("django.utils.translation", "lms_epj.core.words"):
            self.names |= {one.asname or one.name: one.name for one in node.names}

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any(_name(base) == "TextChoices" for base in node.bases):
            for one in node.body:
                if isinstance(one, ast.Assign) and isinstance(one.value, ast.Tuple):
                    add(self.texts, self.place, _literal(one.value.elts, len(one.value.elts) - 1) or "")
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        # Decorators and default values are worked out when the file is loaded.
        for one in [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]:
            if one is not None:
                self.visit(one)
        outside = (self.in_function, self.kept)
        self.in_function, self.kept = True, self.kept or any(_name(one) in KEPT for one in node.decorator_list)
        for one in node.body:
            self.visit(one)
        self.in_function, self.kept = outside

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Lambda(self, node: ast.Lambda) -> None:
        outside, self.in_function = self.in_function, True
        self.generic_visit(node)
        self.in_function = outside

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        meant = self.names.get(called, called)
        form = MARKS.get(meant) or HANDED_OVER.get(meant)
        if form is None or not node.args:
            return
        where = f"{self.place}:{node.lineno}"
        if meant in AT_ONCE and (self.kept or not self.in_function):
            self.faults.append(
                f"{where}: translated when {'first asked and kept' if self.kept else 'the file is loaded'}, so in one language for all"
            )
        text, plural, context = (_literal(node.args, place) for place in form)
        if text is not None:
            add(self.texts, self.place, text, plural or "", context or "")
        elif isinstance(node.args[form[0] or 0], ast.JoinedStr):
            self.faults.append(f"{where}: filled in before it is translated")


def _literal(arguments: list[ast.expr], place: int | None) -> str | None:
    if place is None or place >= len(arguments):
        return None
    value = arguments[place]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _name(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def python_files(root: Path, folders: list[str]) -> Iterator[Path]:
    """Migrations are history: what they write is in the database."""
    for folder in folders:
        yield from (path for path in sorted((root / folder).rglob("*.py")) if "migrations" not in path.parts)


def read_python(root: Path, folders: list[str], texts: Texts) -> list[str]:
    """Fills ``texts`` and returns the faults."""
    faults: list[str] = []
    for path in python_files(root, folders):
        reader = Reader(path.relative_to(root).as_posix(), texts)
        reader.visit(ast.parse(path.read_text(encoding="utf-8")))
        faults += reader.faults
    return faults
