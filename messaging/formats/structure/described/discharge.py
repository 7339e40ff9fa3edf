"""Epikrise 1.1 and 1.2."""

from messaging.formats.structure.described.parties import ADDRESS, COPY, ENCLOSED, MODIFIED, PARTIES, RESULTS, UNITS

_ITEMS = "Service RelServProvider* AssRequest* EventLocation* InfItem* Comment* CodedComment*"

_COMMON = f"""
{ADDRESS}{UNITS}{PARTIES}{COPY}{ENCLOSED.format(more="")}{RESULTS}{MODIFIED}
ServRprt: ServType=cs IssueDate=ts ApprDate?=ts Status=cs Priority?=cs Ack?=cs MsgDescr=text ServProvId?=text ServReq* Event* Patient
    ServProvider CopyDest* Requester RelServProvider* RefDoc*
Patient: Sex?=cs DateOfBirth?=ts DateOfDeath?=ts Name?=text IdByServProvider?=text IdByRequester?=text OffId?=text TypeOffId?=cs
    PatientPrecaution* PatientRelParty* PatRelHCP* AdditionalId* Address?
ReasonAsText: Heading?=cs TextResultValue?=rich TextCode*=cv
Comment: Heading?=cs TextResultValue?=rich TextCode*=cv
Result: Heading?=cs TextResultValue?=rich TextCode*=cv
AssRequest: IssueDate?=ts MsgType=cs Id?=text
PatientRelParty: Relation=cs Name?=text RelPartyOffId?=text Address?
PatientPrecaution: Precaution=text StartDateTime?=ts EndDateTime?=ts
PlannedEvent: PlanningStage?=cs StatusOfPlan?=cs PlanComment?=text PlanningDate?=ts ScheduledDate?=ts AdviceSentTo?=cs
    ExpectedDelay?=pq CommentExpDuration?=text Preparation?=text Advice?=text TransportArr?
ReportedEvent: StartDateTime=ts EndDateTime?=ts
TransportArr: Responsibility?=cs Status?=cs TransportRequirement?=cv EscortRequired?=cs Comment?=text
Service: ServId?=cv MedSpecialty?=cv AdmCat?=cs
EventLocation: Role?=cs StartDateTime?=ts EndDateTime?=ts Location
Location: Type?=cs Description?=text Inst? Address? SubLocation*
SubLocation: Type=cs Place=text
RelServProvider: Relation=cs Role?=cs HCP
RelHCProvider: Relation=cs Role?=cs HCP
Origin: Role?=cs HCP
InfItem: ( ResultItem | Medication | Observation ) Type=cs StartDateTime?=ts EndDateTime?=ts OrgDate?=ts Origin? RelHCProvider*
ResultItem: ( TextResult | Interval | NumResult | DateResult ) ServType?=cs InvDate?=ts Comment?=text DevResultInd?=cs ClinInv
    DiagComment?
TextResult: Result?
ClinInv: Id=cv Spec*=cv
Medication: DrugId=cv DosageCoded?=cv Comment?=text Status=cs Form?=cv RouteOfAdm?=cv IntendedDuration?=pq QuantitySupplied?=pq
    UnitDose?=pq DosageText?=text
Observation: Description?=rich Comment?=text CodedDescr?
CodedComment: Concept=cv Modifier*
Diagnosis: Concept=cv Modifier*
DiagComment: Concept=cv Modifier*
CodedDescr: Concept=cv Modifier*
HCProf: Type?=cs Position?=cv Name?=text Qual*=cv Id?=text TypeId?=cs AdditionalId*
"""

TEXTS = (
    f"""
namespace epi11 http://www.kith.no/xmlstds/epikrise/2006-09-23
{_COMMON}
Message: Type?=cs MsgVersion?=text MIGversion=text GenDate=ts MsgId=text ServRprt
ServReq: ServType=cs IssueDate=ts ReceiptDate?=ts ReqComment?=text MsgDescr=text Id=text ReasonAsText* Diagnosis+
PatRelHCP: Relation=cs StartDateTime?=ts EndDateTime?=ts Role?=cs HCP
Event: ( ( PlannedEvent | ReportedEvent ) ServType=cs Recipient?=cs Priority?=cs AdmOutcome?=cs ExpDuration?=pq Id=integer Event* {_ITEMS} )?
HCP: ( Inst | HCProf ) MedSpecialty?=cv PartyIdByRequester?=text PartyIdByServProv?=text Address?
Inst: Name?=text Type?=cs Id?=text TypeId?=cs Dept* HCPerson* AdditionalId*
""",
    f"""
namespace epi12 http://www.kith.no/xmlstds/epikrise/2012-02-15
{_COMMON}
Message: Type?=cs MsgVersion?=text MIGversion=text GenDate=ts MsgId=text Status?=cs ServRprt
ServReq: ServType=cs IssueDate=ts ReceiptDate?=ts ReqComment?=text MsgDescr=cs Id=text ReasonAsText* Diagnosis+
PatRelHCP: Relation=cs StartDateTime?=ts EndDateTime?=ts HCP
Event: ( ( PlannedEvent | ReportedEvent ) ServType=cs Recipient?=cs Priority?=cs AdmOutcome?=cs ExpDuration?=pq Event* {_ITEMS} )?
HCP: ( Inst | HCProf ) MedSpecialty?=cv Address?
Inst: Name?=text Id?=text TypeId?=cs Dept* HCPerson* AdditionalId*
""",
)
