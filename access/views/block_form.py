"""The form of a new block, for administrators and for those who treat: what was sent, what it means, and what it would lead to."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from access.models import DocumentType, InfoCategory, LegalEntity, OrgUnit, RoleTemplate, User
from access.selectors import blocks
from access.services.blocks import BlockError, Wish, WishOf, blocks_set, blocks_try, leaves_nobody
from access.views.common import text_field
from lms_epj.core.clock import end_of_day, plausible, start_of_day

STRETCHES = ("all", "past", "future", "period")
MODELS = {"role": RoleTemplate, "legal_entity": LegalEntity}


class BlockForm:
    """One request's form. ``errors``: [{field, text}] for the summary; ``effect``: what the database answered, when it was asked."""

    def __init__(self, request: HttpRequest, patient: UUID, titles: dict[UUID, str] | None = None, moments: Sequence[datetime] = ()) -> None:
        self.gate, self.post, self.patient = request.gate, request.POST, patient
        self.sent = request.method == "POST"
        self.titles = titles or {}
        self.readers = blocks.readers(patient)
        self.stays = blocks.stays(patient)
        chosen = request.GET.get("innslag", "")
        self.chosen = set(self.post.getlist("entry")) if self.sent else {chosen}
        # What is chosen stands first: it could be far down the list, or too old for it.
        self.entries = sorted(blocks.entries(patient, moments), key=lambda row: str(row["entry_id"]) not in self.chosen)
        self.errors: list[dict[str, str]] = []
        self.effect: dict[str, Any] | None = None
        self.ready = False
        self.fingerprint = ""

    def handle(self) -> UUID | None:
        """Looks at what the block leads to, or registers it when that has been looked at. Returns the registration, else shows the form again."""
        try:
            wishes, wish_of = self.wishes(), self.wish_of()
            self.fingerprint = _fingerprint(wishes)
            self.effect = blocks_try(gate=self.gate, patient=self.patient, wishes=wishes, seen_as=_uuid(self.post.get("seen_as", "")))
            if self.effect["unable"]:
                raise BlockError(leaves_nobody("; ".join(self.effect["unable"])), "block-whom")
            self.ready = True
            if "save" not in self.post or self.post.get("seen") != self.fingerprint:
                return None
            if "informed" not in self.post:
                raise BlockError(_("Bekreft at pasienten vet hva en sperring fører til."), "block-informed")
            return blocks_set(gate=self.gate, patient=self.patient, wishes=wishes, wish_of=wish_of)
        except BlockError as error:
            self.errors.append({"field": error.field, "text": str(error)})
            return None

    # what was sent

    def wishes(self) -> list[Wish]:
        """One wish for each thing and each reader.

        Raises BlockError.
        """
        times = self._times()
        return [Wish(**thing, **whom, **(times if thing["scope"] != "entry" else {})) for thing in self._things() for whom in self._whom()]

    def _things(self) -> list[dict[str, Any]]:
        scope = self.post.get("scope", "")
        match scope:
            case "record":
                return [{"scope": scope}]
            case "entry":
                known = [row["entry_id"] for row in self.entries if str(row["entry_id"]) in self.chosen]
                if known:
                    return [{"scope": scope, "entry_id": entry} for entry in known]
                raise BlockError(_("Velg minst ett innslag."), "block-entries")
            case "stay":
                if (stay := _uuid(self.post.get("stay", ""))) in {row["entry_id"] for row in self.stays}:
                    return [{"scope": scope, "stay_id": stay}]
                raise BlockError(_("Velg oppholdet."), "field-stay")
            case "category":
                code = self.post.get("category", "")
                if code.isascii() and code.isdigit() and InfoCategory.objects.filter(code=int(code[:4])).exists():
                    return [{"scope": scope, "category": int(code[:4])}]
                raise BlockError(_("Velg hvilken type opplysninger."), "field-category")
            case "document_type":
                if DocumentType.objects.filter(code=self.post.get("document_type", "")).exists():
                    return [{"scope": scope, "document_type": self.post["document_type"]}]
                raise BlockError(_("Velg dokumenttypen."), "field-document_type")
        raise BlockError(_("Velg hva som skal sperres."), "block-what")

    def _times(self) -> dict[str, datetime | None]:
        match self.post.get("stretch", "all"):
            case "past":
                return {"entries_from": None, "entries_to": self.gate.now}
            case "future":
                return {"entries_from": self.gate.now, "entries_to": None}
            case "period":
                first, last = self._day("from"), self._day("to")
                if first is None and last is None:
                    raise BlockError(_("Skriv fra dato, til dato eller begge."), "field-from")
                if first and last and last < first:
                    raise BlockError(_("Til dato må være samme dag som fra dato eller senere."), "field-to")
                return {"entries_from": start_of_day(first) if first else None, "entries_to": end_of_day(last) if last else None}
        return {"entries_from": None, "entries_to": None}

    def _day(self, name: str) -> date | None:
        text = self.post.get(name, "").strip()
        try:
            # Only the date is wanted: the zone plays no part.
            return plausible(datetime.strptime(text, "%d.%m.%Y").date()) if text else None  # noqa: DTZ007
        except ValueError:
            raise BlockError(_("Datoen finnes ikke. Skriv den som dd.mm.åååå."), f"field-{name}") from None

    def _whom(self) -> list[dict[str, Any]]:
        target = self.post.get("target", "")
        match target:
            case "unit":
                asked = [key for text in (*self.post.getlist("unit"), self.post.get("other_unit", "")) if (key := _uuid(text))]
                found = list(OrgUnit.objects.filter(id__in=asked).values_list("id", flat=True))
                if found:
                    return [{"target": target, "target_id": unit} for unit in found]
                raise BlockError(_("Velg minst én enhet."), "block-units")
            case "user":
                return [{"target": target, "target_id": self._person("user", "username")}]
            case "role" | "legal_entity":
                key = _uuid(self.post.get(target, ""))
                if key and MODELS[target].objects.filter(id=key).exists():
                    return [{"target": target, "target_id": key}]
                raise BlockError(_("Velg hvem sperringen gjelder for."), f"field-{target}")
            case "everyone":
                return [{"target": target, "exceptions": self._exceptions()}]
        raise BlockError(_("Velg hvem sperringen gjelder for."), "block-whom")

    def _person(self, chosen: str, typed: str) -> UUID:
        username = self.post.get(typed, "").strip()
        if username:
            user = User.objects.filter(username__iexact=username).first()
            if user is None:
                raise BlockError(_("Ingen har dette brukernavnet. Kontroller det."), f"field-{typed}")
            return user.id
        key = _uuid(self.post.get(chosen, ""))
        if key is None or not User.objects.filter(id=key).exists():
            raise BlockError(_("Velg personen, eller skriv brukernavnet."), f"field-{chosen}")
        return key

    def _exceptions(self) -> tuple[dict[str, UUID], ...]:
        units = {row["unit_id"] for row in self.readers}
        people = {row["user_id"] for row in self.readers}
        kept = [("unit_id", key) for text in self.post.getlist("except_unit") if (key := _uuid(text)) in units and key]
        kept += [("user_id", key) for text in self.post.getlist("except_user") if (key := _uuid(text)) in people and key]
        return tuple({name: key} for name, key in kept)

    def wish_of(self) -> WishOf:
        """Whose wish it is. Raises BlockError."""
        ground = self.post.get("ground", "")
        more = {"ground": ground if ground in {one.code for one in blocks.grounds()} else "", "reason": self.post.get("reason", "")[:2000]}
        if self.post.get("wish_kind") != "representative":
            return WishOf(_("Pasienten selv"), **more)
        name, basis = self.post.get("representative", "").strip(), self.post.get("basis", "").strip()
        if not name:
            raise BlockError(_("Skriv navnet på den som svarer for pasienten."), "field-representative")
        if not basis:
            raise BlockError(_("Skriv hva som gir retten til å svare for pasienten, for eksempel vergemål eller nærmeste pårørende."), "field-basis")
        return WishOf(f"{name}, {basis}"[:500], kind="representative", **more)

    # what is shown

    def context(self) -> dict[str, Any]:
        """For access/blocks/form.html and effect.html."""
        post = self.post
        units = {row["unit_id"]: row["unit_name"] for row in self.readers}
        people = {row["user_id"]: f"{row['given_name']} {row['family_name']}, {row['role_name']}, {row['unit_name']}" for row in self.readers}
        excepted, asked = set(post.getlist("except_unit")), set(post.getlist("unit"))
        excepted_people = set(post.getlist("except_user"))
        error_of = {error["field"]: error["text"] for error in self.errors}
        fields = {name: self._select(name, label, options, error_of) for name, label, options in self._selects(people, units)}
        texts = (
            ("from", _("Fra dato"), {"maxlength": 10, "autocomplete": "off"}), ("to", _("Til dato"), {"maxlength": 10, "autocomplete": "off"}),
            ("username", _("Eller brukernavnet til en annen ansatt"), {"maxlength": 60, "autocomplete": "off"}),
            ("representative", _("Navn"), {"maxlength": 200, "autocomplete": "off"}),
            ("basis", _("Hva gir rett til å svare for pasienten?"), {"maxlength": 200, "autocomplete": "off"}),
            ("reason", _("Begrunnelse (frivillig)"), {"rows": 2, "maxlength": 2000, "hint": _("Vises for pasienten, ikke for dem sperringen gjelder.")}),
        )  # fmt: skip
        fields |= {name: text_field(name, label, post.get(name, ""), error=error_of.get(f"field-{name}"), **more) for name, label, more in texts}
        return {
            "form": fields, "errors": self.errors, "error_of": error_of, "effect": self.effect, "ready": self.ready, "scope": post.get("scope", "entry"),
            "stretch": post.get("stretch", "all"), "target": post.get("target", "unit"), "wish_kind": post.get("wish_kind", "patient"),
            "entries": [{"id": row["entry_id"], "at": row["event_at"], "unit": row["unit_name"], "title": self.titles.get(row["entry_id"], ""),
                         "checked": str(row["entry_id"]) in self.chosen} for row in self.entries],
            "units": [{"id": key, "name": name, "checked": str(key) in asked} for key, name in units.items()],
            "except_units": [{"id": key, "name": name, "checked": str(key) in excepted} for key, name in units.items()],
            "except_people": [{"id": key, "name": name, "checked": str(key) in excepted_people} for key, name in people.items()],
            "seen": self.fingerprint if self.ready else "", "informed": "informed" in post, "has_stays": bool(self.stays),
            "seen_as": next((f"{r['given_name']} {r['family_name']}" for r in self.readers if str(r["authorisation_id"]) == post.get("seen_as")), ""),
        }  # fmt: skip

    def _selects(self, people: dict[UUID, str], units: dict[UUID, str]) -> list[tuple[str, str, list[tuple[Any, str]]]]:
        live = {"valid_to__isnull": True}
        stays = [(row["entry_id"], f"{row['event_at']:%d.%m.%Y}, {row['unit_name']}") for row in self.stays]
        others = OrgUnit.objects.filter(**live).exclude(id__in=units).select_related("legal_entity").order_by("name")
        return [
            ("category", _("Type opplysninger"), list(InfoCategory.objects.order_by("name").values_list("code", "name"))),
            ("document_type", _("Dokumenttype"), list(DocumentType.objects.order_by("name").values_list("code", "name"))),
            ("stay", _("Opphold"), stays),
            ("other_unit", _("En annen enhet"), [(unit.id, f"{unit.name}, {unit.legal_entity.name}") for unit in others]),
            ("user", _("Person som har tilgang nå"), list(people.items())),
            ("role", _("Rolle"), list(RoleTemplate.objects.filter(may_chart=True).order_by("name").values_list("id", "name"))),
            ("legal_entity", _("Virksomhet"), list(LegalEntity.objects.filter(**live).order_by("name").values_list("id", "name"))),
            ("ground", _("Hjemmel"), [(one.code, str(one)) for one in blocks.grounds()]),
            ("seen_as", _("Vis slik denne personen ser journalen"), [
                (row["authorisation_id"], f"{row['given_name']} {row['family_name']}, {row['role_name']}, {row['unit_name']}") for row in self.readers]),
        ]  # fmt: skip

    def _select(self, name: str, label: str, options: list[tuple[Any, str]], error_of: dict[str, str]) -> dict[str, Any]:
        value = self.post.get(name, "")
        empty = [] if name == "ground" else [{"value": "", "label": _("Velg"), "selected": not value}]
        shown = [{"value": str(key), "label": text, "selected": str(key) == value} for key, text in options]
        return text_field(name, label, options=[*empty, *shown], error=error_of.get(f"field-{name}"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _fingerprint(wishes: list[Wish]) -> str:
    """Of what was looked at: a form that has been changed since is looked at again. Moments of «now» move and are left out."""
    kept = [asdict(wish) | {"entries_from": bool(wish.entries_from), "entries_to": bool(wish.entries_to)} for wish in wishes]
    return hashlib.sha256(json.dumps(kept, default=str, sort_keys=True).encode()).hexdigest()[:32]
