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
from .session import Credential, LoginAttempt, Session

__all__ = [
    "AccessAuthorisation",
    "AccessBlock",
    "AgreementSignature",
    "AgreementVersion",
    "BlockException",
    "BlockOpening",
    "CommunityChange",
    "Credential",
    "DecidedMeasure",
    "DocumentType",
    "EmergencyCase",
    "ExportPatient",
    "ExportRefusal",
    "ExportRule",
    "InfoCategory",
    "LegalEntity",
    "Licence",
    "LoginAttempt",
    "MeasureTemplate",
    "OrgUnit",
    "Participation",
    "Patient",
    "PatientIdentity",
    "RecordCommunity",
    "RecordExport",
    "RegisterPerson",
    "RoleRight",
    "RoleTemplate",
    "ServiceType",
    "Session",
    "User",
]
