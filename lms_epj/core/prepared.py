"""Queries compiled once. Django builds the SQL of a queryset anew each time, which costs more than the database takes to answer it."""

import copy
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, Expression, Field, Func, Model, QuerySet

M = TypeVar("M", bound=Model)


class Slot(Expression):
    """A place in a prepared query for a value that comes later: ``filter(patient=Slot("patient", UUIDField()))``."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Among(Func):
    """A condition for a list that comes later: ``filter(Among(F("patient_id"), Slot("patients", UUIDField())))``."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class Prepared(Generic[M]):
    """A queryset whose SQL is made at the first call; later calls fill in the slots.

    Rows come as they would from the queryset itself: with related objects and annotations, and reported to the gate. What differs
    from call to call must be a slot; a limit, an order and the set of conditions are fixed.
    """

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._made: tuple[QuerySet[M], Any, str, tuple[Any, ...]] | None = None

    def rows(self, **values: Any) -> list[M]:
        """Raises KeyError when a slot has no value."""
        template, compiler, sql, slots = self._made or self._make()
        params = tuple(values[each.name] if isinstance(each, Slot) else each for each in slots)
        filled = copy.copy(compiler)
        filled.connection = connections[DEFAULT_DB_ALIAS]  # the calling thread's own
        filled.as_sql = lambda *_args, **_kwargs: (sql, params)
        found = template.all()
        found.query.get_compiler = lambda *_args, **_kwargs: filled  # type: ignore[method-assign]
        return list(found)

    def first(self, **values: Any) -> M | None:
        """The first row: give the queryset an order and a limit."""
        return next(iter(self.rows(**values)), None)

    def _make(self) -> tuple[QuerySet[M], Any, str, tuple[Any, ...]]:
        template = self._build()
        compiler = template.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, slots = compiler.as_sql()
        self._made = template, compiler, sql, tuple(slots)
        return self._made
