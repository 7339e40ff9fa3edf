"""One's own phrases and those the unit shares: made, changed and removed."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from journal.models import Phrase
from journal.views.typed import Typed


def phrase_list(request: HttpRequest) -> HttpResponse:
    """All that this person can use here, and a form for a new one."""
    typed = Typed(request)
    if typed.posted and _kept(request, typed, Phrase(author_id=request.gate.user_id, unit_id=request.gate.unit_id)):
        return HttpResponseRedirect(f"{reverse('phrases')}?gjort=lagret")
    return _page(request, typed)


def phrase_change(request: HttpRequest, phrase: UUID) -> HttpResponse:
    """One of one's own is changed, or removed."""
    row = Phrase.objects.filter(pk=phrase, author=request.gate.user_id).first()
    if row is None:
        raise Http404
    typed = Typed(request, {"name": row.name, "text": row.text, "shared": "1" if row.shared else ""})
    if typed.posted and typed.text("act") == "remove":
        call("phrase_remove", row.pk)
        return HttpResponseRedirect(f"{reverse('phrases')}?gjort=fjernet")
    if typed.posted and _kept(request, typed, row):
        return HttpResponseRedirect(f"{reverse('phrases')}?gjort=lagret")
    return _page(request, typed, row)


def _kept(request: HttpRequest, typed: Typed, row: Phrase) -> bool:
    name, text = " ".join(typed.text("name").split()), typed.text("text").strip()
    if not name or len(name) > 60:
        typed.errors["name"] = _("Skriv et kort navn.")
    if not text or len(text) > 2000:
        typed.errors["text"] = _("Skriv teksten, høyst 2000 tegn.")
    if not typed.ready:
        return False
    new = row._state.adding
    row.name, row.text, row.shared = name, text, bool(typed.text("shared"))
    try:
        with transaction.atomic():
            row.save(force_insert=True) if new else row.save(update_fields=["name", "text", "shared"])
    except IntegrityError:
        typed.errors["name"] = _("Du har en frase med dette navnet.")
    return typed.ready


def _page(request: HttpRequest, typed: Typed, row: Phrase | None = None) -> HttpResponse:
    gate = request.gate
    done = {"lagret": _("Frasen er lagret."), "fjernet": _("Frasen er fjernet.")}.get(request.GET.get("gjort", ""), "")
    context: dict[str, Any] = {
        "phrases": list(Phrase.objects.select_related("author")), "actor": gate.user_id, "unit": gate.unit, "row": row, "errors": typed.error_list(),
        "name": typed.field("name", _("Navn"), maxlength=60, autocomplete="off"),
        "text": typed.field("text", _("Tekst"), rows=4, maxlength=2000, hint=_("Ingenting om en bestemt pasient.")), "shared": typed.text("shared"),
        "messages": [{"text": done}] if done else [],
    }  # fmt: skip
    return render(request, "journal/phrases.html", context, status=typed.status)
