"""The schema is whole, and each of its examples is true: sent as it stands, it is answered in the shape that the schema shows."""

import json
from datetime import timedelta
from io import StringIO

import jsonschema
import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

from access.models import DecidedMeasure, MeasureTemplate
from journal.api import examples
from journal.models import Note, Stay, VitalSet
from lms_epj.core.clock import now

pytestmark = pytest.mark.django_db
SCHEMA = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = [(path, method) for path, methods in SCHEMA["paths"].items() for method in methods]
# What each of the three acts that need a version finds.
WITH_VERSION = {"/notes/{note}/": "put", "/notes/{note}/sign/": "post", "/stays/{stay}/admit/": "post", "/tasks/{task}/done/": "post"}


def test_schema_is_valid_and_without_warning():
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "openapi: 3.0.3" in out.getvalue()


def test_schema_is_served_and_tells_both_ways_in(client_for):
    served = json.loads(client_for(None, HTTP_ACCEPT="application/json").get("/api/v1/schema/?format=json").content)
    assert served["paths"]["/api/v1/patients/{patient}/notes/"]["get"]["security"] == [{"bearer": []}, {"session": []}]


def test_every_operation_has_examples():
    assert len(OPERATIONS) == 15
    for path, method in OPERATIONS:
        operation = SCHEMA["paths"][path][method]
        assert answer_example(operation), path
        assert "requestBody" not in operation or "examples" in operation["requestBody"]["content"]["application/json"], path


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
def test_example_is_true(cast, person, path, method):
    operation = SCHEMA["paths"][path][method]
    stands_for = prepare(cast, path)
    body = next(iter(operation["requestBody"]["content"]["application/json"]["examples"].values()))["value"] if "requestBody" in operation else None
    headers = {"if_match": '"1"'} if any(path.endswith(end) and method == own for end, own in WITH_VERSION.items()) else {}
    filled = path.format(patient=examples.PATIENT, stay=examples.STAY, note=examples.NOTE, task=examples.TASK)
    send = getattr(person("lms.sykepleier").client, method)
    arguments = {"content_type": "application/json", "data": put_in_place(body, stands_for)} if body is not None else {}
    answer = send(put_in_place(filled, stands_for), headers=headers, **arguments)
    status, schema, example = answer_example(operation)
    assert answer.status_code == status, answer.content
    validate(answer.json(), schema)
    validate(example, schema)
    assert shape_of(answer.json()) == shape_of(example)
    told_by_request = {key: value for key, value in (body or {}).items() if isinstance(example, dict) and key in example}
    assert {key: example[key] for key in told_by_request if not key.endswith("_at")} == {
        k: v for k, v in told_by_request.items() if not k.endswith("_at")
    }


def prepare(cast, path):
    """Anna with a stay to admit, a draft of the nurse's own, a task; the examples' ids → hers."""
    anna, nurse = cast.anna, cast["lms.sykepleier"].id
    stay = Stay.objects.filter(pk=anna.rows["stay"])
    if path.endswith("/admit/"):
        stay.update(status="expected", bed=None, admitted_at=None)
    elif path.endswith("/stays/"):
        stay.update(status="cancelled", bed=None)
    Note.objects.filter(pk=anna.rows["draft"]).update(author_id=nurse, content={"text": "Drikker godt."})
    if path.endswith("/notes/"):
        Note.objects.filter(pk=anna.rows["draft"]).update(document_type_id="nurse_isbar")
    VitalSet.objects.filter(pk=anna.rows["vitalset"]).update(news2_points={}, next_due_at=now() + timedelta(hours=4))
    notified = MeasureTemplate.objects.get(code="NOTIFIED")
    DecidedMeasure.objects.create(
        patient_id=anna.id, template=notified, unit_id=cast.units["ward"], starts_at=now() - timedelta(hours=1), decided_at=now(), source_kind="cast"
    )
    return {
        examples.PATIENT: anna.id, examples.STAY: anna.rows["stay"], examples.NOTE: anna.rows["draft"], examples.TASK: anna.rows["task"],
        examples.BED: cast.beds[6], examples.UNIT: cast.units["ward"],
    }  # fmt: skip


def put_in_place(value, stands_for):
    text = json.dumps(value)
    for placeholder, real in stands_for.items():
        text = text.replace(placeholder, str(real))
    return json.loads(text)


def answer_example(operation):
    """(status, schema, example) of the answer that goes well."""
    status = next(code for code in operation["responses"] if code in ("200", "201"))
    media = operation["responses"][status]["content"]["application/json"]
    return int(status), media["schema"], next(iter(media["examples"].values()))["value"]


def validate(value, schema):
    """Against the schema, with OpenAPI 3.0's `nullable` said as JSON Schema says it."""
    jsonschema.validate(value, nullable({**schema, "components": SCHEMA["components"]}), format_checker=jsonschema.FormatChecker())


def nullable(schema):
    if isinstance(schema, list):
        return [nullable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: nullable(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def shape_of(value):
    """The keys, and what kind each value is. Null and a value are alike; what a free object holds is not compared."""
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    if isinstance(value, dict):
        return {key: "object" if key in ("content", "news2_points") else "value" for key in value}
    return "value"
