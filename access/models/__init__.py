"""Who is who, and the rule's own tables. One module per concern."""

from .authorisation import AccessAuthorisation, RoleRight, RoleTemplate
from .block import AccessBlock, BlockAssessment, BlockException, BlockOpening, BlockRegistration
from .classification import DocumentType, InfoCategory, LegalGround, ServiceType
from .community import Participation, RecordCommunity
from .emergency import EmergencyCase
from .identity import LegalEntity, Licence, OrgUnit, User
from .measure import DecidedMeasure, MeasureTemplate
from .patient import Patient, PatientIdentity, RegisterPerson
from .session import Credential, LoginAttempt, Session

__all__ = [
    "AccessAuthorisation",
    "AccessBlock",
    "BlockAssessment",
    "BlockException",
    "BlockOpening",
    "BlockRegistration",
    "Credential",
    "DecidedMeasure",
    "DocumentType",
    "EmergencyCase",
    "InfoCategory",
    "LegalEntity",
    "LegalGround",
    "Licence",
    "LoginAttempt",
    "MeasureTemplate",
    "OrgUnit",
    "Participation",
    "Patient",
    "PatientIdentity",
    "RecordCommunity",
    "RegisterPerson",
    "RoleRight",
    "RoleTemplate",
    "ServiceType",
    "Session",
    "User",
]
