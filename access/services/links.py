"""Handles into a record, for what is written about it elsewhere (R58)."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import Resolver404, resolve

from access.gate import call


def record_link_make(path: str) -> UUID | None:
    """A handle for a page about a patient. None where the address is no such page, or its record is not the acting person's to open."""
    match = page_of_patient(path)
    return call("record_link_make", urlsplit(path).path) if match else None


def page_of_patient(path: str) -> Any:
    """The route behind an address, where it is a page about one patient."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    rule = getattr(match.func, "rule", None)
    return match if rule is not None and rule.subject == "patient" and path.startswith("/pasient/") else None
