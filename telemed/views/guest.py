"""What one from outside sees by a link: the door, the room, and what is shown. No session in the record, and nothing but this."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from journal.views.attachments import file_answer
from lms_epj.core.clock import now
from lms_epj.core.formatting import format_decimal, format_moment
from telemed.selectors.questions import in_words
from telemed.video import provider
from telemed.video.tokens import Ticket, read_ticket, sign_ticket


def guest(request: HttpRequest, secret: str) -> HttpResponse:
    """The door; asks again by itself until somebody opens. A post says «I am here»."""
    with transaction.atomic():
        if request.method == "POST":
            call("guest_knock", secret)
        state = _state(secret)
    if request.method == "POST":
        return HttpResponseRedirect(reverse("guest", args=[secret]))
    return _answer(request, "telemed/guest.html", _context(secret, state))


def material(request: HttpRequest, secret: str) -> HttpResponse:
    """What is shown now. 204 while nothing has changed: then nothing is read, and nothing is logged."""
    with transaction.atomic():
        _state(secret)
        found = call("guest_material", secret, request.GET.get("sett", ""))
    if found is None:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    return _answer(
        request,
        "telemed/guest_material.html",
        {"material": found | {"items": [readable(one, lambda key: reverse("guest_image", args=[secret, key])) for one in found["items"]]},
         "url": reverse("guest_material", args=[secret])},
    )  # fmt: skip


def image(request: HttpRequest, secret: str, image: UUID) -> HttpResponse:
    """An image that is shown in the session now. What is not shown, or no longer, does not exist."""
    with transaction.atomic():
        _state(secret)
        content = call("guest_image", secret, image)
    return shown_image(content)


def shown_image(content: Any) -> HttpResponse:
    """Bytes for one from outside.

    Raises Http404 where nothing is to be shown.
    """
    if content is None:
        raise Http404
    response = file_answer(content, "image/jpeg", "bilde.jpg", download=False)
    response.headers["Cache-Control"] = "no-store"
    return response


def readable(item: dict[str, Any], image_url: Callable[[str], str]) -> dict[str, Any]:
    """One shown entry with its time and its values in words. ``image_url``: where an image of it is read."""
    shown = item | {"when": format_moment(_moment(item["at"]))}
    if "image" in item:
        return shown | {"image_url": image_url(item["image"])}
    if "wound" in item:
        return in_words(shown)
    values = item.get("values")
    if values:
        pressure = "/".join(str(values[name]) for name in ("systolic", "diastolic") if values[name] is not None)
        lines = [
            ("RF", values["respiration"], "/min"), ("SpO₂", values["spo2"], "%"), (_("Oksygen"), {True: _("ja"), False: _("nei")}.get(values["on_oxygen"]), ""),
            (_("BT"), pressure or None, "mmHg"), (_("Puls"), values["pulse"], "/min"), ("ACVPU", values["consciousness"] or None, ""),
            (_("Temp."), format_decimal(values["temperature"], 1) if values["temperature"] is not None else None, "°C"), ("NEWS2", values["news2"], ""),
        ]  # fmt: skip
        shown["numbers"] = [(label, f"{value} {unit}".strip()) for label, value, unit in lines if value is not None]
    return shown


def test_room(request: HttpRequest, room: str) -> HttpResponse:
    """The local room: let in by a fresh ticket, shows who else is there."""
    ticket = read_ticket(request.GET.get("t", ""), room)
    if ticket is None:
        return _answer(request, "telemed/room_closed.html", {}, status=403)
    with transaction.atomic():
        people = call("room_people", room)
    return _answer(request, "telemed/test_room.html", {"ticket": ticket, "people": people, "fresh": sign_ticket(ticket)})


def sound_test(request: HttpRequest) -> HttpResponse:
    """One's own camera and microphone, and nobody else."""
    return _answer(request, "telemed/sound_test.html", {})


def _state(secret: str) -> dict[str, Any]:
    found = call("guest_state", secret)
    if found is None:
        raise Http404
    return found


def _context(secret: str, state: dict[str, Any]) -> dict[str, Any]:
    carrier = provider()
    join = ""
    if state["state"] == "admitted" and carrier:
        join = carrier.join_address(state["room"], sign_ticket(Ticket(state["room"], state["participant"], state["shown_as"], host=False)))
    return {
        "state": state["state"], "knocked": state["knocked"], "starts_at": _moment(state["starts_at"]), "ends_at": _moment(state["ends_at"]),
        "opens_at": _moment(state["opens_at"]), "name": state["name"], "specialist": state["kind"] == "external", "join_url": join, "now": now(),
        "material_url": reverse("guest_material", args=[secret]), "url": reverse("guest", args=[secret]),
    }  # fmt: skip


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
