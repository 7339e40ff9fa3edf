from .incident import BuildingEvent, EventSource, Incident, IncidentLine, Notice, SeenNonce, Step
from .plan import Act, Feed, Handover, Party, Release, Roster, RosterLevel, Rotation, Shift, System
from .swap import Swap

__all__ = [
    "Act", "BuildingEvent", "EventSource", "Feed", "Handover", "Incident", "IncidentLine", "Notice", "Party", "Release", "Roster", "RosterLevel",
    "Rotation", "SeenNonce", "Shift", "Step", "Swap", "System",
]  # fmt: skip
