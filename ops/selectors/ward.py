"""What the board of a ward shows beside its beds: who is on duty by the unit's shift plan, and call bells that ring."""

from datetime import datetime
from typing import Any

from access.gate import Gate, call


def beside_board(gate: Gate) -> dict[str, Any]:
    """{on_call: [{initials, name, profession, phone}], bells: [{place, at}]} of the acting unit."""
    found = call("ward_now")
    return {
        "on_call": [one | {"initials": "".join(part[0] for part in one["name"].split())[:3].upper()} for one in found["on_call"]],
        "bells": [one | {"at": datetime.fromisoformat(one["at"])} for one in found["bells"]],
    }
