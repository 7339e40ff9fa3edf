"""Svarrapport 1.3 and 1.4, and what a requisition has in common with it."""

from messaging.formats.structure.described.parties import (
    ADDRESS,
    COPY,
    ENCLOSED,
    HCP,
    INSTITUTION,
    MODIFIED,
    PARTIES,
    PROFESSIONAL,
    RESULTS,
    UNITS,
)

# Both ways of the laboratory's exchange.
EXCHANGE = f"""
{ADDRESS}{UNITS}{PARTIES}{COPY}{HCP}{PROFESSIONAL}{INSTITUTION}
Comment: Heading?=cs TextResultValue?=text TextCode?=cv
ReasonAsText: Heading?=cs TextResultValue?=rich TextCode?=cv
PaymentResponsible: Role?=cs TypeGuarantor=text HCP
ResponsibleHcp: Role?=cs Relation?=cs HCP
InfItem: Observation Type=cs StartDateTime?=ts EndDateTime?=ts OrgDate?=ts
Observation: Description?=rich Comment?=text CodedDescr?=cv
Pretreatment: Heading?=cs TextResultValue?=text
CollectedStudyProduct: Type?=text ProducedDate?=ts RefRelatedProd?=text
SubLocation: Type=cs Place=text
"""
PATIENT = """BasisForHealthServices?=cs Sex?=cs DateOfBirth?=ts DateOfDeath?=ts Name?=text IdByServProvider?=text IdByRequester?=text
    OffId=text TypeOffId=cs Relation?=cs ResponsibleHcp? AdmLocation? AdditionalId* Address? InfItem*"""
MATERIAL = "InvMaterial?=text IdByServProvider?=text IdByRequester?=text Relation?=cs ResponsibleHcp?"
ANIMAL = """Sex?=cs Name?=text NameOwner?=text Species?=text IdByServProvider?=text IdByRequester?=text Relation?=cs ResponsibleHcp?"""

_HEAD = "Type=cs MsgVersion?=text MIGversion=text GenDate=ts MsgId=text Status?=cs"
_ORDER = """ServType?=cs IssueDate?=ts PaymentCat?=cs ReqComment?=text Ack?=cs MsgDescr?=cs Id=text RequestedPrioReport?=cs
    ReceiptDate?=ts IdByServProvider?=text Reservation*=cv"""
_REPORT_START = "ServType=cs IssueDate=ts ApprDate?=ts Status=cs CancellationCode?=cv Ack?=cs MsgDescr=cs"
_REPORT_END = """Comment?=text CodedComment*=cv RefDoc* ServReq* ( Patient? | Animal? | Material? ) ServProvider Requester
    PaymentResponsible? CopyDest* RelServProv?"""

_COMMON = f"""
{EXCHANGE}{ENCLOSED.format(more="")}{RESULTS}{MODIFIED}
Patient: {PATIENT} AnalysedSubject* ResultItem* Patient?
Material: {MATERIAL} AnalysedSubject* ResultItem* Material?
Animal: {ANIMAL} AnalysedSubject* ResultItem* Animal?
AdmLocation: Role?=cs StartDateTime?=ts EndDateTime?=ts AdmCat?=cs Location
Location: Type?=cs Description?=text SubLocation* Address? Inst
Investigation: Id+=cv Spec*=cv Comment?=text
ResultItem: ( TextResult | Interval | DateResult | NumResult )? ServType?=cs RefInterval* Investigation* InvDate?=ts Comment?=text
    DevResultInd?=cs IdResultItem?=text RefIdResultItem?=text StatusInvestigation?=cs StatusChangeDate?=ts DescrDate?=ts
    CounterSignDate?=ts MedicalValidationDate?=ts RefAnalysedSubject*=text Accredited?=bl RelServProv* DiagComment? StructuredInfo*
    ResultItem*
TextResult: Heading?=cs TextResultValue?=rich TextCode*=cv Unit?=text
RefInterval: Descr?=text
AnalysedSubject: ( CollectedSample | CollectedStudyProduct )? ServType?=cs Type?=text TypeCoded?=cv IdByRequester?=text
    PreservMaterial?=text Comment?=text AnatomicalOrigin?=text Number?=integer SampleCollInd?=cs SampleCollProc?=cv
    SampleHandling*=text IdByServProvider=text Accredited?=bl AnalysedSubject? Pretreatment? RelServProv?
CollectedSample: CollectedDate?=ts CollectorComment?=text CollectorCommentCoded*=cv Logistics?=text
RelServProv: Role?=cs Relation=cs HCP
DiagComment: Concept=cv Modifier*
TextInfo: Text=text
IntegerInfo: Integer=integer
PhysicalInfo: Quantity=pq
BooleanInfo: Flag=bl
"""
_STRUCTURED = "StructuredInfo: Type={kind} TextInfo* IntegerInfo* PhysicalInfo* CodedInfo* BooleanInfo*\nCodedInfo: Code={kind}\n"

TEXTS = (
    f"""
namespace lab13 http://www.kith.no/xmlstds/labsvar/2008-12-01
{_COMMON}{_STRUCTURED.format(kind="cs")}
Message: {_HEAD} ServReport+
ServReport: {_REPORT_START} ServProvId?=text {_REPORT_END}
ServReq: {_ORDER} Permission*=cv ReasonAsText* Comment*
""",
    f"""
namespace lab14 http://www.kith.no/xmlstds/labsvar/2012-02-15
{_COMMON}{_STRUCTURED.format(kind="cv")}
Message: {_HEAD} ServReport?
ServReport: {_REPORT_START} ServProvId=text {_REPORT_END}
ServReq: {_ORDER} ReasonAsText* Comment*
""",
)
