"""How rows of a compiled query become objects. The same as Django's own way, with what is the same for every row worked out once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState

Row = Sequence[Any]
Converters = list[tuple[int, list[Callable[..., Any]], Any]]


def built(model: type[Any], alias: str, names: Sequence[str], values: Row) -> Any:
    """What ``Model.from_db`` gives, without signals and without asking each field whether it has a value.

    A column that was not fetched is fetched when it is asked for, as with Django.
    """
    row: Any = object.__new__(model)
    row.__dict__.update(zip(names, values, strict=True), _state=ModelState())
    row._state.adding, row._state.db = False, alias
    return row


class Shape:
    """One model's columns in a row, and those of the models that it points to. ``info``: the compiler's, of a related model."""

    def __init__(self, compiler: Any, info: dict[str, Any] | None = None) -> None:
        whole = compiler.klass_info
        info = info or whole
        places = info["select_fields"]
        self.model: type[Model] = info["model"]
        self.columns = slice(places[0], places[-1] + 1)
        expressions = [each[0] for each in compiler.select]
        self.names = [expression.target.attname for expression in expressions[self.columns]]
        self.key = places[0] + self.names.index(self.model._meta.pk.attname)
        every = compiler.get_converters(expressions)
        self.converters: Converters = [(place - places[0], *every[place]) for place in every if place in places]
        self.related = [(Shape(compiler, each), each["local_setter"]) for each in info.get("related_klass_infos", ())]
        added = compiler.annotation_col_map if info is whole else None
        self.annotations = [(name, place, *every.get(place, ([], None))) for name, place in (added or {}).items()]

    def objects(self, rows: Sequence[Row], connection: Any) -> list[Any]:
        """Rows that point to the same related row share one object of it."""
        known: dict[tuple[int, Any], Any] = {}
        return [self._object(row, connection, known) for row in rows]

    def _object(self, row: Row, connection: Any, known: dict[tuple[int, Any], Any]) -> Any:
        values = list(row[self.columns])
        for place, converters, expression in self.converters:
            values[place] = _converted(values[place], converters, expression, connection)
        made = self.model.from_db(connection.alias, self.names, values)
        for shape, setter in self.related:
            setter(made, shape._shared(row, connection, known))
        for name, place, converters, expression in self.annotations:
            setattr(made, name, _converted(row[place], converters, expression, connection))
        return made

    def _shared(self, row: Row, connection: Any, known: dict[tuple[int, Any], Any]) -> Any:
        key = (id(self), row[self.key])
        if row[self.key] is not None and key not in known:
            known[key] = self._object(row, connection, known)
        return known.get(key)


def _converted(value: Any, converters: list[Callable[..., Any]], expression: Any, connection: Any) -> Any:
    for converter in converters:
        value = converter(value, expression, connection)
    return value
