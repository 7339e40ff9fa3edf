"""Who is who, and the rule's own tables. One module per concern."""

from .authorisation import AccessAuthorisation, RoleRight, RoleTemplate
from .block import AccessBlock, BlockException, BlockOpening
from .classification import DocumentType, InfoCategory, ServiceType
from .community import Participation, RecordCommunity
from .emergency import EmergencyCase
from .identity import LegalEntity, Licence, OrgUnit, User
from .measure import DecidedMeasure, MeasureTemplate
from .patient import Patient, PatientIdentity, RegisterPerson
from .review import LogFinding, LogReviewRun, LogRule, ReviewCase, ReviewMessage, StaffIdentity
from .session import Credential, LoginAttempt, Session

__all__ = [
    "AccessAuthorisation",
    "AccessBlock",
    "BlockException",
    "BlockOpening",
    "Credential",
    "DecidedMeasure",
    "DocumentType",
    "EmergencyCase",
    "InfoCategory",
    "LegalEntity",
    "Licence",
    "LogFinding",
    "LogReviewRun",
    "LogRule",
    "LoginAttempt",
    "MeasureTemplate",
    "OrgUnit",
    "Participation",
    "Patient",
    "PatientIdentity",
    "RecordCommunity",
    "RegisterPerson",
    "ReviewCase",
    "ReviewMessage",
    "RoleRight",
    "RoleTemplate",
    "ServiceType",
    "Session",
    "StaffIdentity",
    "User",
]
