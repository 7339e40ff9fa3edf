"""Small messages written by hand, one for each standard that is only read. Everybody in them is synthetic."""

from datetime import date

from access.domain.identity import synthetic_number

KITH = "http://www.kith.no/xmlstds"
NUMBER = synthetic_number(date(1941, 3, 2), female=True)
MESSAGE_ID = "5f0c3c2e-6c0b-4c0e-9d6e-0c9a2a6f1b11"
PARENT_ID = "5f0c3c2e-6c0b-4c0e-9d6e-0c9a2a6f1b00"


def her(value: str) -> str:
    return f'<Ident><Id>{value}</Id><TypeId V="HER" DN="HER-id" S="2.16.578.1.12.4.1.1.9051"/></Ident>'


PATIENT = (
    f"<Patient><FamilyName>Solberg</FamilyName><GivenName>Kari</GivenName><DateOfBirth>1941-03-02</DateOfBirth><Sex V='2' DN='Kvinne'/>"
    f'<Ident><Id>{NUMBER}</Id><TypeId V="FNR" DN="Fødselsnummer" S="2.16.578.1.12.4.1.1.8116"/></Ident></Patient>'
)


def end(name: str, entity: str, number: str, service: str, service_number: str) -> str:
    inner = f"<Organisation><OrganisationName>{service}</OrganisationName>{her(service_number)}</Organisation>"
    return f"<{name}><Organisation><OrganisationName>{entity}</OrganisationName>{her(number)}{inner}</Organisation></{name}>"


SENDER = end("Sender", "Enebakk kommune", "101", "Sykepleietjenesten", "102")
RECEIVER = end("Receiver", "Follo LMS", "201", "Døgnenheten", "202")


def msghead(
    message_type: str,
    payload: str,
    *,
    message_id: str = MESSAGE_ID,
    sender: str = SENDER,
    patient: str = PATIENT,
    more: str = "",
    reference: str = "",
) -> str:
    return (
        f'<MsgHead xmlns="{KITH}/msghead/2006-05-24"><MsgInfo><Type V="{message_type}" DN="{message_type.title()}"/>'
        f"<MIGversion>v1.2 2006-05-24</MIGversion><GenDate>2026-11-20T09:12:00</GenDate><MsgId>{message_id}</MsgId>{reference}"
        f"{sender}{RECEIVER}{patient}</MsgInfo>"
        f'<Document><RefDoc><MsgType V="XML" DN="XML-instans"/><Content>{payload}</Content></RefDoc></Document>{more}</MsgHead>'
    )


REFERENCE = f"<ConversationRef><RefToParent>{PARENT_ID}</RefToParent><RefToConversation>{PARENT_ID}</RefToConversation></ConversationRef>"


def enclosed(encoded: str, mime_type: str = "application/pdf", title: str = "Vedlegg") -> str:
    return (
        f'<Document><RefDoc><MsgType V="A" DN="Vedlegg"/><MimeType>{mime_type}</MimeType><Description>{title}</Description>'
        f'<Content><Base64Container xmlns="{KITH}/base64container">{encoded}</Base64Container></Content></RefDoc></Document>'
    )


def care(root: str, word: str, body: str, day: str = "2009-06-30") -> str:
    po = f"{KITH}/po/poKomponent/{day}"
    return (
        f'<{root} xmlns="{KITH}/po/{word}/{day}" xmlns:po="{po}"><po:InformasjonOmForsendelsen><po:Forsendelsesstatus V="N" DN="Ny"/>'
        f"</po:InformasjonOmForsendelsen>{body}</{root}>"
    )


_DEATH = '<po:TidsfestetHendelse><po:Hendelsekode V="13" DN="Pasienten er død"/><po:TidspunktForHendelse V="2026-11-19"/><po:Anslag>true</po:Anslag></po:TidsfestetHendelse>'
_ABSENCE = "<po:Fraversassistent><po:MottakerFravarende>true</po:MottakerFravarende><po:Merknad>Tilbake mandag</po:Merknad></po:Fraversassistent>"
_NOTE = '<Dialogmelding xmlns="{space}"><Notat><TemaKodet V="6" DN="Henvendelse"/><Tema>Sår</Tema><TekstNotatInnhold>{text}</TekstNotatInnhold></Notat></Dialogmelding>'
DIALOGUE_10, DIALOGUE_11 = f"{KITH}/dialog/2006-10-11", f"{KITH}/dialog/2013-01-23"


def note(text: str, space: str = DIALOGUE_11) -> str:
    return _NOTE.format(space=space, text=text)


def _referral_20() -> str:
    po = "http://ehelse.no/xmlstds/po/poKomponent/2017-11-30"
    return (
        f'<Henvisning xmlns="http://ehelse.no/xmlstds/henvisning/2017-11-30" xmlns:po="{po}"><ServType V="N" DN="Ny"/>'
        "<IssueDate>2026-11-20T08:00:00</IssueDate><DocumentId>H-17</DocumentId>"
        '<po:TypeInnholdIMelding><po:TypeInnhold V="1" DN="Ny tilstand"/></po:TypeInnholdIMelding>'
        '<ReasonAsText><Heading V="BG" DN="Begrunnelse"/><TextResultValue>Økende tungpust</TextResultValue></ReasonAsText>'
        '<Diagnosis><Concept V="K77" DN="Hjertesvikt" S="2.16.578.1.12.4.1.1.7170"/></Diagnosis>'
        '<ReqServ><ServType V="N" DN="Ny"/><Priority V="0" DN="Øyeblikkelig hjelp"/></ReqServ></Henvisning>'
    )


def _extract() -> str:
    meta = f'xmlns:m="{KITH}/epj/meta/2008-02-20"'
    return (
        f'<Notater xmlns="{KITH}/epj/epj2/2008-02-20" {meta} m:basiskomponenttype="EPJ sak" m:komponenttype="2.16.578.1.12.4.1.6.14.50301.0" komponentID="a">'
        f'<GenereltJournalnotat m:basiskomponenttype="EPJ dokument" m:komponenttype="2.16.578.1.12.4.1.6.13.11009.0" komponentID="b">'
        "<Journaltekst><Notat>Bruker rullator ute</Notat></Journaltekst></GenereltJournalnotat></Notater>"
    )


def _extract_frame() -> str:
    return (
        f'<Node xmlns="{KITH}/epj/EPJEkstrakt/2008-02-20" xmlns:m="{KITH}/epj/meta/2008-02-20" m:basiskomponenttype="EPJ ekstrakt" '
        'm:komponenttype="2.16.578.1.12.4.1.6.15.901.0" komponentID="rot"/>'
    )


def hcp(name: str, entity: str, number: str, service: str, service_number: str) -> str:
    return (
        f'<{name}><HCP><Inst><Name>{entity}</Name><Id>{number}</Id><TypeId V="HER" DN="HER-id"/>'
        f'<Dept><Name>{service}</Name><Id>{service_number}</Id><TypeId V="HER" DN="HER-id"/></Dept></Inst></HCP></{name}>'
    )


OLDER_PATIENT = (
    f'<Sex V="2" DN="Kvinne"/><DateOfBirth V="1941-03-02"/><Name>Solberg, Kari</Name><OffId>{NUMBER}</OffId><TypeOffId V="FNR" DN="Fødselsnummer"/>'
)
PROVIDER, REQUESTER = hcp("ServProvider", "Sykehuset", "301", "Laboratoriet", "302"), hcp("Requester", "Follo LMS", "201", "Døgnenheten", "202")


def older(word: str, day: str, version: str, message_type: str, body: str, message_id: str = MESSAGE_ID) -> str:
    return (
        f'<Message xmlns="{KITH}/{word}/{day}"><Type V="{message_type}" DN="{message_type.title()}"/><MIGversion>{version} {day}</MIGversion>'
        f'<GenDate V="2026-11-20T07:30:00"/><MsgId>{message_id}</MsgId>{body}</Message>'
    )


def result(number: str, name: str, value: str, unit: str, reference: str = "") -> str:
    within = f"<RefInterval><Descr>{reference}</Descr></RefInterval>" if reference else ""
    return (
        f'<ResultItem><NumResult><NumResultValue V="{value}" U="{unit}"/></NumResult>{within}'
        f'<Investigation><Id V="{number}" DN="{name}" S="2.16.578.1.12.4.1.1.7280"/></Investigation></ResultItem>'
    )


def laboratory(day: str, version: str, message_type: str, items: str = "") -> str:
    items = items or result("NPU19748", "P-CRP", "12.4", "mg/L", "&lt; 5") + result("NPU03568", "P-Glukose", "6.1", "mmol/L", "4,0 - 6,0")
    sample = '<AnalysedSubject><CollectedSample><CollectedDate V="2026-11-19T08:10:00"/></CollectedSample><TypeCoded V="P" DN="Plasma"/><IdByServProvider>1</IdByServProvider></AnalysedSubject>'
    body = (
        '<ServReport><ServType V="N" DN="Ny"/><IssueDate V="2026-11-20"/><Status V="F" DN="Endelig rapport"/><MsgDescr V="CLIN" DN="Medisinsk biokjemi"/>'
        f"<ServProvId>S-9</ServProvId><ServReq><Id>R-5</Id></ServReq><Patient>{OLDER_PATIENT}{sample}{items}</Patient>{PROVIDER}{REQUESTER}</ServReport>"
    )
    return older("labsvar", day, version, message_type, body)


def requisition(day: str, version: str, message_type: str) -> str:
    ordered = '<ReqInvestigation><ServType V="N" DN="Ny"/><Investigation><Id V="RTG" DN="Røntgen thorax"/></Investigation></ReqInvestigation>'
    head = '<ServReq><ServType V="N" DN="Ny"/><IssueDate V="2026-11-20"/><MsgDescr V="RTG" DN="Radiologi"/><Id>R-5</Id>'
    return older("rekvisisjon", day, version, message_type, f"{head}<Patient>{OLDER_PATIENT}</Patient>{PROVIDER}{REQUESTER}{ordered}</ServReq>")


def referral(day: str, version: str, message_type: str) -> str:
    head = '<ServReq><ServType V="N" DN="Ny"/><IssueDate V="2026-11-20"/><MsgDescr V="10" DN="Utredning"/><Id>H-3</Id>'
    why = "<ReasonAsText><Heading V='BG' DN='Begrunnelse'/><TextResultValue>Fall hjemme</TextResultValue></ReasonAsText>"
    what = "<Diagnosis><Concept V='A80' DN='Skade'/></Diagnosis><ReqServ><ServType V='N'/><Priority V='1' DN='Haster'/></ReqServ>"
    return older("henvisning", day, version, message_type, f"{head}<Patient>{OLDER_PATIENT}</Patient>{PROVIDER}{REQUESTER}{why}{what}</ServReq>")


def discharge_11() -> str:
    body = (
        '<ServRprt><ServType V="N" DN="Ny"/><IssueDate V="2026-11-20"/><Status V="F" DN="Endelig rapport"/><MsgDescr>Sykehusepikrise</MsgDescr>'
        '<ServProvId>E-1</ServProvId><Event><ReportedEvent><StartDateTime V="2026-11-10"/><EndDateTime V="2026-11-18"/></ReportedEvent><ServType V="N"/>'
        '<Id>1</Id><Service/><InfItem><Observation><CodedDescr><Concept V="I50.9" DN="Hjertesvikt"/></CodedDescr></Observation><Type V="H" DN="Hoveddiagnose"/></InfItem>'
        '<Comment><Heading V="VU" DN="Vurdering"/><TextResultValue><div xmlns="http://www.w3.org/1999/xhtml"><p>Bedre.</p><script>x()</script></div></TextResultValue></Comment></Event>'
        f"<Patient>{OLDER_PATIENT}</Patient>{PROVIDER}{REQUESTER}</ServRprt>"
    )
    return older("epikrise", "2006-09-23", "v1.1", "E", body)


SAMPLES: dict[str, tuple[str, str, str]] = {
    # Each with its file, version and type.
    "PLO 1.5 dødsfall": (
        msghead("LOG_DOD", care("Pasientlogistikk", "Pasientlogistikk", f"<OrienteringOmDod>{_DEATH}</OrienteringOmDod>"), reference=REFERENCE),
        "1.5",
        "LOG_DOD",
    ),
    "PLO 1.5 fravær": (msghead("FRAVARSMELDING", care("MeldingFravar", "MeldingFravar", _ABSENCE)), "1.5", "FRAVARSMELDING"),
    "Dialogmelding 1.0": (msghead("DIALOG_NOTAT", note("Ny sårstell fra i dag", DIALOGUE_10)), "1.0", "DIALOG_NOTAT"),
    "Dialogmelding 1.1": (msghead("DIALOG_HELSEFAGLIG", note("Kan dere ta imot?")), "1.1", "DIALOG_HELSEFAGLIG"),
    "Henvisning 2.0": (msghead("HENVISNING_NYTILSTAND", _referral_20()), "2.0", "HENVISNING_NYTILSTAND"),
    "EPJ-ekstrakt": (
        msghead(
            "EPJ-EKSTRAKT",
            _extract_frame(),
            more=f'<Document><RefDoc><MsgType V="XML" DN="XML-instans"/><Content>{_extract()}</Content></RefDoc></Document>',
        ),
        "1.4",
        "EPJ-EKSTRAKT",
    ),
    "Henvisning 1.0": (referral("2005-07-08", "v1.0", "H"), "1.0", "H"),
    "Henvisning 1.1": (referral("2012-02-15", "v1.1", "HENVISNING"), "1.1", "HENVISNING"),
    "Epikrise 1.1": (discharge_11(), "1.1", "E"),
    "Svarrapport 1.3": (laboratory("2008-12-01", "v1.3", "S"), "1.3", "S"),
    "Svarrapport 1.4": (laboratory("2012-02-15", "v1.4", "SVAR_LAB"), "1.4", "SVAR_LAB"),
    "Rekvisisjon 1.5": (requisition("2008-12-01", "v1.5", "R"), "1.5", "R"),
    "Rekvisisjon 1.6": (requisition("2012-02-15", "v1.6", "REQ_RTG"), "1.6", "REQ_RTG"),
}
ENVELOPE = """<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"><soap:Header>
<eb:MessageHeader eb:version="2.0" soap:mustUnderstand="1"><eb:From><eb:PartyId eb:type="HER">102</eb:PartyId></eb:From>
<eb:To><eb:PartyId eb:type="HER">202</eb:PartyId></eb:To><eb:CPAId>102_202</eb:CPAId><eb:ConversationId>c1</eb:ConversationId>
<eb:Service>S-DIALOG_HELSEFAGLIG</eb:Service><eb:Action>DIALOG_HELSEFAGLIG</eb:Action>
<eb:MessageData><eb:MessageId>m1</eb:MessageId><eb:Timestamp>2026-11-20T08:00:00Z</eb:Timestamp></eb:MessageData>
</eb:MessageHeader></soap:Header><soap:Body/></soap:Envelope>"""
