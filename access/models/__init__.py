"""Who is who, and the rule's own tables. One module per concern."""

from .authorisation import AccessAuthorisation, RoleRight, RoleTemplate
from .block import AccessBlock, BlockException, BlockOpening
from .classification import DocumentType, InfoCategory, ServiceType
from .community import (
    AgreementSignature,
    AgreementVersion,
    CommunityChange,
    ExportPatient,
    ExportRefusal,
    ExportRule,
    Participation,
    RecordCommunity,
    RecordExport,
)
from .emergency import EmergencyCase
from .identity import LegalEntity, Licence, OrgUnit, User
from .measure import DecidedMeasure, MeasureTemplate
from .patient import Patient, PatientIdentity, RegisterPerson
from .register import AuthorisationImport, Course, CourseCompletion, Departure, ReapprovalCycle, ReapprovalDecision, RequiredCourse
from .rights import RightsChange
from .review import LogFinding, LogReviewRun, LogRule, ReviewCase, ReviewMessage, StaffIdentity
from .session import Credential, LoginAttempt, Session

__all__ = [
    "AccessAuthorisation",
    "AccessBlock",
    "AgreementSignature",
    "AgreementVersion",
    "AuthorisationImport",
    "BlockException",
    "BlockOpening",
    "CommunityChange",
    "Course",
    "CourseCompletion",
    "Credential",
    "DecidedMeasure",
    "Departure",
    "DocumentType",
    "EmergencyCase",
    "ExportPatient",
    "ExportRefusal",
    "ExportRule",
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
    "ReapprovalCycle",
    "ReapprovalDecision",
    "RecordCommunity",
    "RecordExport",
    "RegisterPerson",
    "RequiredCourse",
    "RightsChange",
    "ReviewCase",
    "ReviewMessage",
    "RoleRight",
    "RoleTemplate",
    "ServiceType",
    "Session",
    "StaffIdentity",
    "User",
]
