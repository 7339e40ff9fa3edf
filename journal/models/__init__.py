"""The record. Every table here is an Entry: it carries what the access rule asks of a row."""

from .base import Entry
from .clinical import CriticalInfo, CriticalInfoStatus, Diagnosis, Medication, NextOfKin
from .note import Note, NoteVersion
from .service import ServiceDecision, Visit
from .stay import Bed, Stay, StayDecision
from .task import Task
from .vitals import OxygenScale, VitalSet

__all__ = [
    "Bed",
    "CriticalInfo",
    "CriticalInfoStatus",
    "Diagnosis",
    "Entry",
    "Medication",
    "NextOfKin",
    "Note",
    "NoteVersion",
    "OxygenScale",
    "ServiceDecision",
    "Stay",
    "StayDecision",
    "Task",
    "Visit",
    "VitalSet",
]
