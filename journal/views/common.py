"""What the views of the record share: form values, the line after an act, and the answer to a refusal."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.models import Entry

# code in the address → (what the page says, route that undoes it or "")
DONE = {
    "signert": (gettext_noop("Notatet er signert."), ""),
    "bekreftet": (gettext_noop("Notatet er synlig for kolleger. Det er ikke signert."), ""),
    "kontrasignert": (gettext_noop("Notatet er kontrasignert."), ""),
    "rettet": (gettext_noop("Notatet er rettet. Den tidligere teksten kan fortsatt leses."), ""),
    "forkastet": (gettext_noop("Kladden er forkastet."), ""),
    "krav": (gettext_noop("Kravet er registrert i journalen."), ""),
    "avgjort": (gettext_noop("Avgjørelsen er lagret."), ""),
    "ikke-utlevering": (gettext_noop("Notatet er merket: skal ikke gis til pasienten."), ""),
    "utlevering": (gettext_noop("Merket er fjernet. Pasienten kan få notatet."), ""),
    "malt": (gettext_noop("Målingene er lagret."), ""),
    "feil": (gettext_noop("Målingen er merket som feil. Den teller ikke lenger, men kan fortsatt leses."), ""),
    "skala": (gettext_noop("SpO₂-skalaen er endret. Den gjelder fra neste måling."), ""),
    "legemiddel": (gettext_noop("Legemiddelet er lagt til."), ""),
    "endret": (gettext_noop("Endringen er lagret."), ""),
    "seponert": (gettext_noop("Legemiddelet er seponert."), "medication_resume"),
    "forordnet": (gettext_noop("Forordningen er lagret."), ""),
    "signerte": (gettext_noop("Forordningene er signert."), ""),
    "stoppet": (gettext_noop("Forordningen er stoppet. Det som er gitt, står i historikken."), ""),
    "gitt": (gettext_noop("Ført som gitt."), ""),
    "kontrollert": (gettext_noop("Dosen er kontrollert. En annen gir den."), ""),
    "fort": (gettext_noop("Dosen er ført."), ""),
    "feilfort": (gettext_noop("Dosen er merket som feilført og kan føres på nytt."), ""),
    "samstemt": (gettext_noop("Listen er samstemt. Det som fortsetter, ligger klart til signering."), ""),
    "baret": (gettext_noop("Legemiddellisten er oppdatert. Den er nå det pasienten skal bruke hjemme."), ""),
    "kritisk": (gettext_noop("Kritisk informasjon er lagt til."), ""),
    "avsluttet": (gettext_noop("Opplysningen gjelder ikke lenger."), "critical_reopen"),
    "ingen": (gettext_noop("«Ingen kjente» er registrert."), ""),
    "diagnose": (gettext_noop("Diagnosen er lagt til."), ""),
    "ikke-aktiv": (gettext_noop("Diagnosen er ikke lenger aktiv."), "diagnosis_reopen"),
    "kontakt": (gettext_noop("Kontakten er lagt til."), ""),
    "fjernet": (gettext_noop("Kontakten er fjernet fra listen."), "next_of_kin_restore"),
    "problem": (gettext_noop("Lagt til i planen."), ""),
    "evaluert": (gettext_noop("Evalueringen er lagret."), ""),
    "problem-avsluttet": (gettext_noop("Problemet er avsluttet, og tiltakene med det."), "problem_reopen"),
    "gjenapnet": (gettext_noop("Problemet er åpnet igjen. Sett opp tiltakene på nytt."), ""),
    "tiltak": (gettext_noop("Tiltaket er lagt til."), ""),
    "tiltak-avsluttet": (gettext_noop("Tiltaket er avsluttet."), ""),
    "vedlegg": (gettext_noop("Vedlegget er lagret i journalen."), ""),
    "vedlegg-feil": (gettext_noop("Vedlegget er merket som feil. Det vises ikke lenger."), ""),
    "sar": (gettext_noop("Såret er lagt til. Vurder det nå, eller gå tilbake."), ""),
    "vurdert": (gettext_noop("Vurderingen er lagret."), ""),
    "leget": (gettext_noop("Såret er avsluttet som leget."), "wound_reopen"),
    "gjenapnet-sar": (gettext_noop("Såret er åpnet igjen."), ""),
    "sar-feil": (gettext_noop("Merket som feil. Det står med begrunnelsen, men vises ikke lenger."), ""),
    "trukket": (gettext_noop("Spørsmålet er trukket tilbake. Lenken virker ikke lenger."), ""),
    "isolert": (gettext_noop("Pasienten er isolert. Det står på tavlen og sengekartet."), ""),
    "isolering-slutt": (gettext_noop("Isoleringen er avsluttet."), ""),
    "sjekket": (gettext_noop("Sjekklisten er lagret."), ""),
    "flyttet": (gettext_noop("Pasienten er flyttet."), ""),
    "sjekkliste": (gettext_noop("Sjekklisten er ferdig og står i journalen."), ""),
    "sjekkpunkter": (gettext_noop("Svarene er lagret."), ""),
    "strokket": (gettext_noop("Sjekklisten er strøket. Den kan fortsatt leses."), ""),
    "angret": (gettext_noop("Angret. Slik var det før."), ""),
}


def after(route: str, patient: UUID, code: str, row: Entry | None = None, args: Sequence[UUID] = ()) -> HttpResponseRedirect:
    """The next page with one line that says what was done. The address carries codes and ids, never words about a patient.

    ``args``: what the route names beside the patient.
    """
    query = f"?gjort={code}" + (f"&rad={row.pk}" if row is not None else "")
    return HttpResponseRedirect(reverse(route, args=[patient, *args]) + query)


def messages(request: HttpRequest, patient: UUID) -> list[dict[str, Any]]:
    """What the last act led to, from the address, and the way back where there is one."""
    text, undo = DONE.get(request.GET.get("gjort", ""), ("", ""))
    if not text:
        return []
    message: dict[str, Any] = {"text": _(text), "fields": {"patient": patient, "actor": request.gate.user_id}}
    row = request.GET.get("rad", "")
    if undo and is_uuid(row):
        message["undo_url"] = reverse(undo, args=[patient, row])
    return [message]


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def row_or_404(model: type[Entry], patient: UUID, key: UUID, **also: Any) -> Any:
    """A row of this patient that this reader may see. What is blocked and what does not exist answer alike."""
    row = model._default_manager.filter(patient_id=patient, pk=key, **also).first()
    if row is None:
        raise Http404
    return row


def number(text: str) -> int:
    """A whole number of a hidden field; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
