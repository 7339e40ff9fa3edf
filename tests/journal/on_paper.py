"""Pressing «Lag PDF», and reading what comes."""

import io
from typing import Any

import pypdf
from django.http import HttpResponse


def press(client: Any, actor: Any, patient: Any, **form: Any) -> HttpResponse:
    """What the form of the patient's print page answers: ``press(client, cast[NURSE].id, cast.anna.id, what="record")``."""
    return client.post(f"/pasient/{patient}/utskrift/lag/", {"patient": patient, "actor": actor, "receiver": "own", **form})


def sheets(response: HttpResponse) -> list[str]:
    """The words on each sheet of the PDF."""
    assert response["Content-Type"] == "application/pdf", response.content.decode()[-4000:]
    return sheets_of(response.content)


def sheets_of(file: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(file)).pages]


def words(response: HttpResponse) -> str:
    return " ".join(sheets(response))
