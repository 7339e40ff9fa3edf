"""The record. Every table here is an Entry: it carries what the access rule asks of a row."""

from .attachment import Attachment
from .base import Entry
from .claim import NoteNotice, RecordClaim
from .clinical import CriticalInfo, CriticalInfoStatus, Diagnosis, Medication, NextOfKin
from .curve import ActionLevels, Observation
from .imported import ImportedEntry, ImportRun, ImportSource
from .medication import DoseControl, MedDose, MedOrder, MedReconciliation
from .note import Note, NoteVersion
from .phrase import Phrase
from .plan import PlanAction, PlanEvaluation, PlanProblem
from .printing import PrintJob, PrintSheaf
from .procedure import ChecklistRun, KnowledgeLink, Procedure
from .service import ServiceDecision, Visit
from .stay import Bed, Stay, StayDecision
from .task import Task
from .vitals import OxygenScale, VitalSet
from .ward import DischargeCheck, Isolation, Placement
from .wound import Wound, WoundAssessment

__all__ = [
    "ActionLevels",
    "Attachment",
    "Bed",
    "ChecklistRun",
    "CriticalInfo",
    "CriticalInfoStatus",
    "Diagnosis",
    "DischargeCheck",
    "DoseControl",
    "Entry",
    "ImportRun",
    "ImportSource",
    "ImportedEntry",
    "Isolation",
    "KnowledgeLink",
    "MedDose",
    "MedOrder",
    "MedReconciliation",
    "Medication",
    "NextOfKin",
    "Note",
    "NoteNotice",
    "NoteVersion",
    "Observation",
    "OxygenScale",
    "Phrase",
    "Placement",
    "PlanAction",
    "PlanEvaluation",
    "PlanProblem",
    "PrintJob",
    "PrintSheaf",
    "Procedure",
    "RecordClaim",
    "ServiceDecision",
    "Stay",
    "StayDecision",
    "Task",
    "Visit",
    "VitalSet",
    "Wound",
    "WoundAssessment",
]
