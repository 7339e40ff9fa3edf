"""What an import would do, as the page shows it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms_epj.core.formatting import format_date
from messaging.domain.register_rows import Fault
from messaging.models import CommunicationParty
from messaging.services.addresses import CHANGED, ENDED, NEW, Change

WORDS = {NEW: (gettext_lazy("Ny"), "success"), CHANGED: (gettext_lazy("Endres"), "info"), ENDED: (gettext_lazy("Avsluttes"), "oransje")}
COLUMNS = {
    "kind": gettext_lazy("Slags"), "name": gettext_lazy("Navn"), "parent": gettext_lazy("Virksomhet"), "org_number": gettext_lazy("Organisasjonsnummer"),
    "service_type": gettext_lazy("Tjenestetype"), "unit": gettext_lazy("Enhet hos oss"), "transport": gettext_lazy("Transport"),
    "receives": gettext_lazy("Tar imot"), "per_minute": gettext_lazy("Meldinger i minuttet"), "valid_from": gettext_lazy("Gjelder fra"),
    "valid_to": gettext_lazy("Gjelder til"),
}  # fmt: skip


def shown_change(one: Change) -> dict[str, Any]:
    """{her_id, name, kind, what, color, differs: [{label, old, new}]}."""
    word, color = WORDS[one.what]
    before = one.before or {}
    differs = [{"label": COLUMNS[name], "old": _value(name, before[name]), "new": _value(name, one.values[name])} for name in one.differs]
    return {
        "her_id": one.her_id, "name": one.name, "kind": CommunicationParty.Kind(str(one.values["kind"])).label, "what": word, "color": color,
        "differs": differs,
    }  # fmt: skip


def shown_fault(one: Fault) -> dict[str, str]:
    return {"place": one.place, "text": _(one.text) % one.values}


def _value(name: str, value: Any) -> str:
    if value in (None, "", {}):
        return _("tomt")
    if isinstance(value, datetime):
        return format_date(value)
    if name == "receives":
        return ", ".join(f"{kind} {'/'.join(versions)}" for kind, versions in sorted(value.items()))
    if name in ("kind", "transport"):
        return str({"kind": CommunicationParty.Kind, "transport": CommunicationParty.Transport}[name](value).label)
    return str(value)
