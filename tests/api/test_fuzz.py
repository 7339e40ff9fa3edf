"""What nobody thought of: requests made from the schema, right and wrong, as several callers.

No request may fail in the program, answer outside the schema, or show a patient without a line in the log.
"""

import functools
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from journal.api.examples import AT
from tests.api.conftest import issue, last_seq, make_gateway_role, make_system, read_log
from tests.conftest import acting_as

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {"get": 3, "post": 8, "put": 8}


@functools.cache
def schema() -> Any:
    return schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))


OPERATIONS = [(method, path) for path, methods in SchemaGenerator().get_schema(request=None, public=True)["paths"].items() for method in methods]


@functools.cache
def served() -> Any:
    """The site as a server runs it, as the role that serves, on the test's connection."""
    handler = get_wsgi_application()

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        request_started.disconnect(close_old_connections)
        try:
            with acting_as("epj_app"):
                return list(handler(environ, start_response))
        finally:
            request_started.connect(close_old_connections)

    return app


def headers_of(cast: Any, caller: str) -> dict[str, str]:
    if caller == "system":
        make_gateway_role()
        make_system(cast, "monitor", "gateway")
        return {"Authorization": f"Bearer {issue('monitor')}"}
    # A cookie with its CSRF token, as the pages' scripts send it.
    return {"Cookie": f"epj_session={cast[caller].secret.replace(' ', '%20')}; csrftoken={'k' * 32}", "X-CSRFToken": "k" * 32}


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
@pytest.mark.parametrize("caller", ["lms.sykepleier", "frogn.hjemmesykepleier", "system"])
def test_no_request_breaks_the_api_or_shows_a_patient_unlogged(cast, caller, method, path):
    operation, headers = schema()[path][method.upper()], headers_of(cast, caller)
    seen: list[int] = []
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])

    @settings(max_examples=EXAMPLES[method], derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=modes.flatmap(lambda mode: operation.as_strategy(generation_mode=mode)), data=st.data())
    def run(case: Any, data: Any) -> None:
        aim(case, data, cast)
        with transaction.atomic():
            seq = last_seq()
            response = case.call(app=served(), headers={**headers, **aimed_headers(case, data)})
            seen.append(response.status_code)
            check_logged(cast, response.content.decode(), seq)
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    run()
    assert seen


def aim(case: Any, data: Any, cast: Any) -> None:
    """Most paths lead to someone: the patients of the cast, their rows, and now and then to nobody."""
    if case.path_parameters and data.draw(st.integers(0, 9)):
        person = data.draw(st.sampled_from([cast.anna, cast.anna, cast.kari, cast.foreign, cast.blocked]))
        known = {"patient": person.id, "stay": person.rows["stay"], "note": data.draw(st.sampled_from([person.rows["note"], person.rows["draft"]])),
                 "task": person.rows["task"]}  # fmt: skip
        case.path_parameters = {name: str(known.get(name, uuid4())) for name in case.path_parameters}
    if isinstance(case.body, dict):
        known_values = {"bed_id": str(cast.beds[6]), "for_unit_id": str(cast.units["aas_home"]), "document_type": "nurse_isbar", "event_at": AT,
                        "taken_at": AT, "admitted_at": AT, "name": "sengemyr"}  # fmt: skip
        wanted = data.draw(st.sets(st.sampled_from(sorted(known_values))))
        case.body = case.body | {key: known_values[key] for key in wanted if key in case.body}


def aimed_headers(case: Any, data: Any) -> dict[str, str]:
    right = case.headers is not None and "If-Match" in case.headers and data.draw(st.booleans())
    return {"If-Match": '"1"'} if right else {}


def check_logged(cast: Any, body: str, seq: int) -> None:
    shown = [one for one in cast.patients.values() if any(marker in body for marker in one.markers)]
    if not shown:
        return
    lines = read_log(seq)
    for one in shown:
        assert any(row["patient_id"] == one.id and row["outcome"] == "allow" for row in lines), one.key
    assert len({row["request_id"] for row in lines}) == 1
