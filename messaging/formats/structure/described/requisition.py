"""Rekvisisjon 1.5 and 1.6."""

from messaging.formats.structure.described.laboratory import ANIMAL, EXCHANGE, MATERIAL, PATIENT
from messaging.formats.structure.described.parties import ENCLOSED

_ORDER = """ServType=cs IssueDate=ts PaymentCat?=cs ReqComment?=text Ack?=cs MsgDescr=cs Id=text ServProvId?=text RequestedDateReport?=ts
    RequestedPrioReport?=cs NoReport?=bl LevelOfDetail?=text EscortRequired?=cs Reservation*=cv"""
_ORDER_END = """( Patient? | Material? | Animal? ) ServProvider Requester PaymentResponsible? CopyDest* RefDoc* ReasonAsText* Comment*
    ReqInvestigation*"""

_COMMON = f"""
{EXCHANGE}
Message: Type=cs MsgVersion?=text MIGversion=text GenDate=ts MsgId=text Status?=cs ServReq?
Patient: {PATIENT}
Material: {MATERIAL}
Animal: {ANIMAL}
ReqInvestigation: ServType=cs Purpose?=cs ReqDate?=ts Priority?=cs Comment?=text Investigation* StandingInv? AnalysedSubject*
Investigation: Id+=cv Spec*=cv Comment?=text Priority?=cs
StandingInv: NumberOfTimes?=integer ScheduledStart?=ts ScheduledEnd?=ts CycleTime?=text EndCondition?=text Instructions?=text
AdmLocation: Role?=cs StartDateTime?=ts EndDateTime?=ts AdmCat?=cs Location?
Location: Type?=cs Description?=text SubLocation* Address? Inst?
AnalysedSubject: ( ( RequestedSubject | CollectedSample | CollectedStudyProduct ) Type?=text TypeCoded?=cv IdByRequester?=text
    IdByServProv?=text PreservMaterial?=text Comment?=text AnatomicalOrigin?=text Number?=integer SampleCollInd?=cs
    SampleCollProc?=cv SampleHandling*=text SubjectMeasures* AnalysedSubject? Pretreatment? )?
CollectedSample: CollectedDate?=ts CollectorComment?=text CollectorsCommentCoded*=cv Logistics?=text
RequestedSubject: Priority?=cs ReqDate?=ts
SubjectMeasures: TypeQuantity=text Quantity=pq
"""

TEXTS = (
    f"""
namespace req15 http://www.kith.no/xmlstds/rekvisisjon/2008-12-01
{_COMMON}{ENCLOSED.format(more=" Booking?")}
ServReq: {_ORDER} Permission*=cv {_ORDER_END}
Booking: Name=text Id=text TypeId=text Appointment SubOrg*
SubOrg: ( Name=text Id=text TypeId=text SubOrg? )?
Appointment: StartDateTime=ts EndDateTime=ts ResourceId=text Index=integer Service=cs
""",
    f"""
namespace req16 http://www.kith.no/xmlstds/rekvisisjon/2012-02-15
{_COMMON}{ENCLOSED.format(more="")}
ServReq: {_ORDER} {_ORDER_END}
""",
)
