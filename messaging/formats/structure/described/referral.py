"""Henvisning 1.0 and 1.1 (root Message) and 2.0 (under the common head)."""

from messaging.formats.structure.described.parties import (
    ADDRESS,
    COPY,
    ENCLOSED,
    HCP,
    MODIFIED,
    PARTIES,
    PROFESSIONAL,
    RESULTS,
    UNITS,
)

_ORDER = "ServType=cs IssueDate=ts PaymentCat?=cs ReqComment?=text Ack?=cs MsgDescr=cs Id=text Patient ServProvider Requester CopyDest* RefDoc*"
_PATIENT = """BasisForHealthServices?=cs Sex?=cs DateOfBirth?=ts DateOfDeath?=ts Name?=text IdByRequester?=text OffId?=text TypeOffId?=cs
    PatientPrecaution* InfItem* PatRelHCP*"""

_COMMON = f"""
{ADDRESS}{UNITS}{COPY}{RESULTS}{MODIFIED}{PROFESSIONAL}
Message: Type?=cs MsgVersion?=text MIGversion=text GenDate=ts MsgId=text Status?=cs ServReq
Diagnosis: Concept=cv Modifier*
ReasonAsText: Heading?=cs TextResultValue?=text TextCode*=cv
Comment: Heading=cs TextResultValue=text CodedComment+=cv
Service: ServId?=cv MedSpeciality?=cv AdmCat?=cs
PatientPrecaution: Precaution=text StartDateTime?=ts EndDateTime?=ts
InfItem: ( ResultItem | Medication | Observation ) Type=cs StartDateTime?=ts EndDateTime?=ts OrgDate?=ts
PatRelHCP: Relation=cs StartDateTime?=ts EndDateTime?=ts HCP
Medication: DrugId=cv Comment?=text Status=cs IntendedDuration?=pq QuantitySupplied?=pq UnitDose?=pq DosageText?=text
Observation: Description?=text Comment?=text
ResultItem: ( TextResult | Interval | DateResult | NumResult ) ServType?=cs InvDate?=ts Comment?=text DevResultInd?=cs ClinInv
Inst: Name?=text Id?=text TypeId?=cs AdditionalId* HCPerson* Dept*
TextResult: Result?
ClinInv: Id=cv Spec*=cv
Result: Heading?=cs TextResultValue?=text TextCode?=cv
"""

TEXTS = (
    f"""
namespace hen10 http://www.kith.no/xmlstds/henvisning/2005-07-08
{_COMMON}
ServReq: {_ORDER} ReasonAsText* Diagnosis+ ReqServ? Comment*
ReqServ: ServType=cs Purpose?=cs ReqDate?=ts Priority?=cs Comment?=text Service?
Patient: {_PATIENT} NeedTranslator* CareSituation? PatRelperson* PatRelInst* Consent? AdditionalId* Address?
Requester: Role?=cs HCP
ServProvider: Role?=cs HCP
RefDoc: IssueDate?=ts MsgType=cs Id?=text Booking?
Booking: Name=text Id=text TypeId?=text Appointment SubOrg?
SubOrg: ( Name=text Id=text TypeId?=text SubOrg? )?
Appointment: StartDateTime=ts EndDateTime=ts ResourceId=text Index=integer Service=cs
CareSituation: Description?=text CustodyType=cs CustodyOwner?=text CareSituationType=cs NativeLanguage?=cs
NeedTranslator: Person?=integer IsDeaf?=bl IsBlind?=bl Language?=cs PreferredTranslator?=integer TranslatorEndDate?=ts Note?=text
PatRelperson: Description?=text DateOfBirth?=ts Sex?=cs Occupation?=cs Role?=text EthnicBelonging?=cs Name=text OffId?=text
    TypeOffId?=cs Relation? Address? Consent?
PatRelInst: NameInst?=text WorkingTime?=text ContactPerson=text Address?
HCP: ( Inst | HCProf ) MedSpeciality?=cv PartyIdByRequester?=text PartyIdByServProv?=text Address?
Relation: Guardien?=bl RelationCode?=cs Description?=text
Consent: ConsentStatus?=cv ConsentDate?=ts Merknad=text
""",
    f"""
namespace hen11 http://www.kith.no/xmlstds/henvisning/2012-02-15
{_COMMON}{PARTIES}{ENCLOSED.format(more="")}{HCP}
ServReq: {_ORDER} ReasonAsText* Diagnosis* ReqServ Comment*
ReqServ: ServType=cs Purpose?=cs ReqDate?=ts Priority=cs Comment?=text Service?
Patient: {_PATIENT} po15:AssistertKommunikasjon* po15:ParorendeForesatt* ContactPerson* PatRelInst* Consent? AdditionalId* Address?
ParorendeForesatt: Slektskap?=cs Omsorgsfunksjon?=cs Referanseperson=fk:Person Merknad?=text
ContactPerson: OccupationRole?=text WorkingPlace?=text Referanseperson=fk:Person Merknad?=text
PatRelInst: NameInst?=text RoleInst?=text ContactPerson?=text Merknad?=text
Consent: ConsentStatus?=cv ConsentDate?=date Merknad?=text GivenBy?=text
""",
    f"""
namespace hen20 http://ehelse.no/xmlstds/henvisning/2017-11-30
{MODIFIED}
Henvisning: ServType=cs IssueDate=datetime PaymentCat?=cs ReqComment?=text DocumentId=text BasisForHealthServices?=cs
    po20:TilleggsopplysningPasient? po20:ParorendeForesatt* po20:TilknyttetEnhet* po20:KontaktpersonHelsepersonell*
    po20:AnsvarForRapport* po20:SendtDokument* po20:TypeInnholdIMelding po20:InfoAssistertKommunikasjon*
    po20:OpplysningerOmIndividuellPlan? po20:PasientrelatertKontaktperson* po20:Legemiddelgjennomgang?
    PatientPrecaution* InfItem* ReasonAsText* Diagnosis* ReqServ Comment* VurderingAvHenvisning? Pakkeforlop* Consent*
PatientPrecaution: Precaution=text StartDateTime?=datetime EndDateTime?=datetime
InfItem: ( ResultItem | Medication | Observation ) Type=cv StartDateTime?=datetime EndDateTime?=datetime OrgDate?=datetime
Medication: DrugId=cv Comment?=text Status=cs IntendedDuration?=pq QuantitySupplied?=pq UnitDose?=pq DosageText?=text
Observation: Description?=text Comment?=text
ResultItem: ( TextResult | Interval | DateResult | NumResult ) ServType?=cs InvDate?=datetime Comment?=text DevResultInd?=cs ClinInv
NumResult: ArithmeticComp?=cs NumResultValue=pq
TextResult: Result?
Interval: Low?=pq High?=pq
DateResult: DateResultValue=date
ClinInv: Id=cv Spec*=cv
Result: Heading?=cs TextResultValue?=text TextCode?=cv
ReasonAsText: Heading?=cv TextResultValue?=text TextCode*=cv
Diagnosis: Concept=cv Modifier*
ReqServ: ServType=cs ReqDate?=date Priority=cs Comment?=text
Comment: Heading?=cv TextResultValue?=text CodedComment*=cv
VurderingAvHenvisning: DatoMottakOgVurdering+ Opplysninger?
DatoMottakOgVurdering: TypeDato=cv Dato=date
Opplysninger: FrittSykehusvalg?=boolean VentetidSluttkode?=cv ForlopsId=text RettTilHelsehjelp=boolean UtfallAvVurdering=cv
Pakkeforlop: Pakkeforlopskode=cv Merknad?=text
Consent: ConsentStatus=cv ConsentDate?=date Merknad?=text GivenBy?=text
""",
)
