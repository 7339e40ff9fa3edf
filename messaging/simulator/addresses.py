"""The address register of the demo, as the national one would give it: who has which HER-id, and which of them the simulator plays."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from messaging.formats.model.parties import Identifier, Organisation, Party, Person, Professional
from messaging.formats.model.values import Code

FILE = Path(__file__).with_name("addresses.json")
OID = "2.16.578.1.12.4.1.1."
HER = Code("HER", "HER-id", f"{OID}9051")
PERSON_HER = Code("HER", "HER-id", f"{OID}8116")


@dataclass(frozen=True)
class Address:
    """One communication party (level 2) with the legal entity above it."""

    her_id: str
    name: str
    entity_her: str
    entity: str
    is_person: bool
    partner: str

    @property
    def party(self) -> Party:
        own = (Identifier(self.entity_her, HER),)
        if self.is_person:
            given, _, family = self.name.rpartition(" ")
            doctor = Professional(Person(family=family, given=given, identifiers=(Identifier(self.her_id, PERSON_HER),)), Code("LE", "Lege"))
            return Party(Organisation(name=self.entity, identifiers=own, professionals=(doctor,)))
        return Party(
            Organisation(name=self.entity, identifiers=own, units=(Organisation(name=self.name, identifiers=(Identifier(self.her_id, HER),)),))
        )


@cache
def addresses() -> dict[str, Address]:
    """Every level 2 party of the file, by HER-id."""
    rows: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    names = {row["her_id"]: row["name"] for row in rows}
    return {
        row["her_id"]: Address(
            row["her_id"], row["name"], row["parent"], names[row["parent"]], row["kind"] == "person", row.get("partner", "")
        )
        for row in rows
        if row.get("parent")
    }  # fmt: skip


def addresses_of(partner: str) -> tuple[Address, ...]:
    """Those a partner answers to, the one it sends from first."""
    return tuple(one for one in addresses().values() if one.partner == partner)
