"""Outside the gate Python refuses too: a query on patient data while serving, without an open gate, raises.

The database would answer such a query with no rows; the error shows the fault instead of hiding it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from access import gate

_serving: ContextVar[bool] = ContextVar("serving", default=False)
_PATIENT_DATA = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE)\s+\"?(?:journal_(?!bed\b)\w+|messaging_(?!communicationparty\b)\w+|telemed_(?:bookingpatient|waitingentry|shareditem|guest|specialistquestion|questionlink)\b|access_patient\w*|auditlog_entry\w*)",
    re.IGNORECASE,
)


@contextmanager
def serving() -> Iterator[None]:
    """While a request or a task is being served."""
    token = _serving.set(True)
    try:
        yield
    finally:
        _serving.reset(token)


def refuse_outside_gate(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An execute wrapper of every connection."""
    if _serving.get() and not gate.is_open() and _PATIENT_DATA.search(str(sql)):
        raise gate.GateClosed("a query on patient data outside the gate")
    return execute(sql, params, many, context)


def install(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receiver of connection_created."""
    if refuse_outside_gate not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_outside_gate)
