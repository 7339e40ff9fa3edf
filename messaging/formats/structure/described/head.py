"""Hodemelding 1.2, the persons and organisations shared by its payloads, and the container of attachments."""

# The same person stands in three places, each time with its own neighbours.
PERSON = """FamilyName?=text MiddleName?=text GivenName?=text DateOfBirth?=date Sex?=cs Nationality?=cs
    Ident*=Ident Address?=Address TeleCom*=TeleCom"""
PROFESSIONAL = """TypeHealthcareProfessional?=cs RoleToPatient?=cv FamilyName?=text MiddleName?=text GivenName?=text
    DateOfBirth?=date Sex?=cs Nationality?=cs Ident+=Ident Address?=Address TeleCom*=TeleCom"""
CONTACT = """
type Ident: Id=text TypeId=cv
type Address: Type?=cs StreetAdr?=text PostalCode?=text City?=text Postbox?=text County?=cs Country?=cs
type TeleCom: TypeTelecom?=cs TeleAddress=url
"""

TEXT = f"""
namespace fk http://www.kith.no/xmlstds/felleskomponent1
{CONTACT}
type Person: {PERSON}
type HealthcareProfessional: {PROFESSIONAL}
type Organisation: TypeOrganisation?=cv OrganisationName=text Ident+=Ident Address?=Address TeleCom*=TeleCom
    Organisation?=Organisation

namespace b64 http://www.kith.no/xmlstds/base64container
Base64Container: =base64

namespace mh http://www.kith.no/xmlstds/msghead/2006-05-24
{CONTACT}
MsgHead: MsgInfo ( Document+ | PatientReport+ ) ds:Signature?
MsgInfo: Type=cs MIGversion=text"v1.2 2006-05-24" GenDate=datetime MsgId=text ProcessingStatus?=cs RequestedPriority?=cs Ack?=cs
    ConversationRef? Sender Receiver OtherReceiver* Patient?
ConversationRef: RefToParent=text RefToConversation=text
Sender: ComMethod?=cs Organisation
Receiver: ComMethod?=cs Organisation
OtherReceiver: ComMethod?=cs RoleReceiver=cs ( Organisation? | Patient? | Person? | HealthcareProfessional? )
Patient: {PERSON}
Person: {PERSON}
HealthcareProfessional: {PROFESSIONAL}
Organisation: ( OrganisationName=text TypeOrganisation?=cv Ident+=Ident Address?=Address TeleCom*=TeleCom
    Organisation? HealthcareProfessional? )?
PatientReport: DocumentConnection?=cs CaseNo=text Document+ Patient?
Document: DocumentConnection?=cs ContentType?=cv ContentDescription?=text ContentCategory?=cv Consent?=cv Annotation?=text
    FromDate?=ts ToDate?=ts OidRef?=oid EnquiryRefId?=text RefDoc
RefDoc: IssueDate?=ts MsgType=cs Id?=text MimeType?=text Description?=text Compression?=cs ( FileReference?=uri | Content?=open )
"""
