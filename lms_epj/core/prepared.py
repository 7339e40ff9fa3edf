"""Queries compiled once, by Django and by PostgreSQL.

Django builds the SQL of a queryset anew each time, and PostgreSQL puts row security into it and plans it anew: both cost more than the
answer itself. A query that is the same each time is kept by both.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import BooleanField, Expression, Field, Func, Model, QuerySet
from psycopg.sql import Literal

from lms_epj.core.shape import Shape

M = TypeVar("M", bound=Model)


@contextmanager
def kept_by_server() -> Iterator[Any]:
    """The database connection of this thread; what is asked inside is sent with its values apart from its text.

    Where the connection has a ``prepare_threshold`` (the web), PostgreSQL then keeps its plan. The text must not vary without need.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    raw = connection.connection
    usual, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
    try:
        yield connection
    finally:
        raw.cursor_factory = usual


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
    from call to call must be a slot; a limit, an order and the set of conditions are fixed. Other values stand in the text, where the
    planner sees that a partial index fits. Rows that point to the same related row share one object of it.
    """

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._made: tuple[str, tuple[str, ...], Shape] | None = None

    def rows(self, **values: Any) -> list[M]:
        """Raises KeyError when a slot has no value."""
        sql, slots, shape = self._made or self._make()
        with kept_by_server() as connection, connection.cursor() as cursor:
            cursor.execute(sql, [values[slot] for slot in slots])
            found = cursor.fetchall()
        return shape.objects(found, connection)

    def first(self, **values: Any) -> M | None:
        """The first row: give the queryset an order and a limit."""
        return next(iter(self.rows(**values)), None)

    def _make(self) -> tuple[str, tuple[str, ...], Shape]:
        compiler = self._build().query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        text = sql % tuple("%s" if isinstance(each, Slot) else Literal(each).as_string().replace("%", "%%") for each in values)
        self._made = text, tuple(each.name for each in values if isinstance(each, Slot)), Shape(compiler)
        return self._made
