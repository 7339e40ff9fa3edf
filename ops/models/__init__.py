from .deviation import Deviation, DeviationLine
from .incident import BuildingEvent, EventSource, Incident, IncidentLine, Notice, SeenNonce, Step
from .plan import Act, Feed, Handover, Party, Release, Roster, RosterLevel, Rotation, Shift, System
from .swap import DutyMessage, Swap
from .terms import Terms

__all__ = [
    "Act", "BuildingEvent", "Deviation", "DeviationLine", "DutyMessage", "EventSource", "Feed", "Handover", "Incident", "IncidentLine", "Notice",
    "Party", "Release", "Roster", "RosterLevel", "Rotation", "SeenNonce", "Shift", "Step", "Swap", "System", "Terms",
]  # fmt: skip
