"""Who is who, and the rule's own tables. One module per concern."""

from .authorisation import AccessAuthorisation, RoleRight, RoleTemplate
from .block import AccessBlock, BlockAssessment, BlockException, BlockOpening, BlockRegistration
from .classification import DocumentTemplate, DocumentType, InfoCategory, LegalGround, ServiceType
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
from .link import RecordLink
from .measure import DecidedMeasure, MeasureTemplate
from .merging import MergedRows, RecordMerge, UnknownIdentity
from .patient import Patient, PatientIdentity, RegisterPerson
from .register import AuthorisationImport, Course, CourseCompletion, Departure, ReapprovalCycle, ReapprovalDecision, RequiredCourse
from .review import LogFinding, LogReviewRun, LogRule, ReviewCase, ReviewMessage, StaffIdentity, VerdictRead
from .rights import RightsChange
from .session import Credential, LoginAttempt, Session

__all__ = [
    "AccessAuthorisation",
    "AccessBlock",
    "AgreementSignature",
    "AgreementVersion",
    "AuthorisationImport",
    "BlockAssessment",
    "BlockException",
    "BlockOpening",
    "BlockRegistration",
    "CommunityChange",
    "Course",
    "CourseCompletion",
    "Credential",
    "DecidedMeasure",
    "Departure",
    "DocumentTemplate",
    "DocumentType",
    "EmergencyCase",
    "ExportPatient",
    "ExportRefusal",
    "ExportRule",
    "InfoCategory",
    "LegalEntity",
    "LegalGround",
    "Licence",
    "LogFinding",
    "LogReviewRun",
    "LogRule",
    "LoginAttempt",
    "MeasureTemplate",
    "MergedRows",
    "OrgUnit",
    "Participation",
    "Patient",
    "PatientIdentity",
    "ReapprovalCycle",
    "ReapprovalDecision",
    "RecordCommunity",
    "RecordExport",
    "RecordLink",
    "RecordMerge",
    "RegisterPerson",
    "RequiredCourse",
    "ReviewCase",
    "ReviewMessage",
    "RightsChange",
    "RoleRight",
    "RoleTemplate",
    "ServiceType",
    "Session",
    "StaffIdentity",
    "UnknownIdentity",
    "User",
    "VerdictRead",
]
