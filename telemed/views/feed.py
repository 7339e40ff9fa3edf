"""One's calendar link: made, shown once, revoked; and the calendar behind it."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.services.secrets import new_secret
from telemed.domain.ics import Event, calendar


def mine(request: HttpRequest) -> HttpResponse:
    """Makes a link, or revokes the one there is."""
    address = ""
    if request.method == "POST" and request.POST.get("revoke"):
        call("booking_feed_revoke")
    elif request.method == "POST":
        secret = new_secret()
        call("booking_feed_make", hashlib.sha256(secret.encode()).digest())
        address = request.build_absolute_uri(reverse("feed", args=[secret]))
    context = {"address": address, "made_at": call("booking_feed_mine"), "hidden": {"actor": request.gate.user_id}, "now": request.gate.now}
    return render(request, "telemed/feed.html", context)


def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar, to whatever program holds the address."""
    with transaction.atomic():
        found = call("booking_feed_read", secret)
    if found is None:
        raise Http404
    events = [
        Event(
            uid=f"{one['id']}@fellesjournalen", start=datetime.fromisoformat(one["start"]), end=datetime.fromisoformat(one["end"]), summary=_("Avtale"),
            place=one["place"], changed=datetime.fromisoformat(one["changed"]), sequence=one["sequence"], cancelled=one["cancelled"],
        )
        for one in found["events"]
    ]  # fmt: skip
    response = HttpResponse(calendar(_("Videotimer"), events), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
