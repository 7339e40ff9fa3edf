"""The custodian's pages of the copy for one who leaves: let it be written, leave out who has said no, note that it arrived."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models import ExportRule, RecordExport
from access.selectors import community as reading
from access.services import community as acting
from access.services.recipient import described
from access.views.community_input import Posted


def exports(request: HttpRequest) -> HttpResponse:
    """All copies that were ordered, the newest first."""
    found = [{**change, "state_name": RecordExport.State(change["export"]["state"]).label} for _one, change in reading.exports()]
    return render(request, "access/community/exports.html", {"changes": found})


def export(request: HttpRequest, export: UUID) -> HttpResponse:
    return _page(request, export, Posted(request))


def release(request: HttpRequest, export: UUID) -> HttpResponse:
    """For the receiver whose certificate is given."""
    return _act(request, export, lambda form: acting.export_release(
        gate=request.gate, export=export, certificate=form.value("certificate"), fingerprint=form.value("fingerprint")))  # fmt: skip


def refuse(request: HttpRequest, export: UUID) -> HttpResponse:
    """Leaves out one patient, found by full number."""

    def act(form: Posted) -> None:
        number = form.text("number", _("Skriv hele fødselsnummeret.")).replace(" ", "")
        acting.export_refuse(gate=request.gate, export=export, number=number, receiver=form.text("receiver"))

    return _act(request, export, act)


def receive(request: HttpRequest, export: UUID) -> HttpResponse:
    return _act(request, export, lambda form: acting.export_receive(gate=request.gate, export=export, receipt=form.text("receipt")))


def _act(request: HttpRequest, export: UUID, act: Callable[[Posted], None]) -> HttpResponse:
    form = Posted(request)
    if not form.posted:
        return HttpResponseRedirect(reverse("export", args=[export]))
    if reading.export_of(export) is None:
        raise Http404
    try:
        act(form)
    except acting.CommunityError as error:
        form.errors |= error.errors
        return _page(request, export, form, status=422)
    return HttpResponseRedirect(reverse("export", args=[export]))


def _page(request: HttpRequest, export: UUID, form: Posted, status: int = 200) -> HttpResponse:
    found = reading.export_of(export)
    if found is None:
        raise Http404
    one, change = found
    copy: dict[str, Any] = change["export"]
    context = {
        "community": one, "change": change, "export": copy, "errors": form.summary(), "rule": ExportRule(copy["rule"]).label,
        "state_name": RecordExport.State(copy["state"]).label,
        "may_release": copy["state"] in ("ordered", "failed") and change["state"] == "done",
        "recipient": described(copy["certificate"]),
        "release_fields": [
            form.area("certificate", _("Mottakerens sertifikat for kryptering"), rows=5, required=True, spellcheck="false",
                      hint=_("PEM-filen fra mottakeren, som tekst. Bare den som har nøkkelen til sertifikatet, kan lese uttrekket.")),
            form.field("fingerprint", _("Sertifikatets fingeravtrykk (SHA-256)"), required=True, autocomplete="off", spellcheck="false",
                       hint=_("Slik mottakeren har oppgitt det på telefon eller i brev, ikke sammen med sertifikatet.")),
        ],
        "writing": copy["state"] in ("released", "running"),
        "refusal_fields": [
            form.field("number", _("Fødselsnummer"), inputmode="numeric", autocomplete="off", maxlength=12, required=True),
            form.field("receiver", _("Annen mottaker, hvis pasienten ønsker det"), autocomplete="off"),
        ],
        "receipt_fields": [form.field("receipt", _("Hvem bekreftet, og hvordan?"), required=True)],
    }  # fmt: skip
    return render(request, "access/community/export.html", context, status=status)
