"""The care messages (PLO) 1.5 and 1.6, and the components of 2.0 that henvisning 2.0 builds on."""

_CARE = "http://www.kith.no/xmlstds/po"

# Head of every care message.
_HEAD = """po:InformasjonOmForsendelsen po:TilleggsopplysningPasient? po:ParorendeForesatt* po:TilknyttetEnhet*
    po:KontaktpersonHelsepersonell* po:AnsvarForRapport* po:SendtDokument*"""

# Alike in all three generations of components.
_COMMON_TO_ALL = """
TilknyttetEnhet: Kontaktenhet=fk:Organisation Merknad?=text
KontaktpersonHelsepersonell: Kontaktperson=fk:HealthcareProfessional Merknad?=text
SendtDokument: Opplysning=cv JaNei=boolean DatoSendt?=date TypeMottaker?=cv NavnMottaker?=text Merknad?=text
AnsvarForRapport: AnsvarligRapport=fk:HealthcareProfessional GodkjentDato?=date TypeRelasjon?=cv Merknad?=text
OpplysningerTilSoknad: EgensoknadSendt=boolean Merknad?=text
InfoAssistertKommunikasjon: AssistertKommunikasjon
InfoMedisinskDiagnose: MedisinskDiagnose+
InfoAndreViktigeOpplysninger: e2:GenereltJournalnotat* e1:Allerginotat*
Hjelpemiddelbeskrivelse: Sekvensnummer?=integer HjelpemiddelkodeRTV?=cv BetegnelseHjelpemiddel=text
InformasjonOmTime: BestiltKontrolltime=boolean TidspunktTime?=datetime Varighet?=integer StedTime?=text InformertOm?
KontrolltimeBestill: PasientParorendeBestiller=boolean InformertOm?
InfoAvtaleOmLegemiddeladm: AvtaleOmAdmLegemidler
TypeInnholdIMelding: TypeInnhold=cv Merknad?=text
StatusHjelpemiddel: Status=cs Hjelpemiddelbeskrivelse
StedForHendelse: StedHendelse=text
InformertOm: PasientInformert=boolean ParorendeInformert=boolean
"""
_TENTATIVE_APPOINTMENT = """
InformasjonOmTentativTime: TentativtTidspunktTime?=text StedTime?=text Merknad?=text InformertOm?
InfoKontrolltime: InformasjonOmTime | KontrolltimeBestill | InformasjonOmTentativTime
"""

# Alike in 1.5 and 1.6.
_COMMON_TO_OLDER = """
TilleggsopplysningPasient: SivilStatus?=cs BorAlene?=boolean Sprak?=cs
InformasjonOmForsendelsen: Forsendelsesstatus=cs ForbeholdOmVideresending?=boolean SvarPaaForesporsel?=boolean Foresporsel?
Foresporsel: TypeForesp=cv Formål?=cv Hastegrad?=cs TypeJournalinfo?=cv Sporsmal?=text Begrunnelse?=text FraDato?=date
    TilDato?=date RefDokIdForesp?=text
Fraversassistent: MottakerFravarende=boolean MeldingVideresendt?=boolean FravarendeFraDato?=date FravarendeTilDato?=date
    VideresendtTil?=fk:HealthcareProfessional Merknad?=text
InfoInformasjonGitt: InformasjonGitt+
InfoIPLOSrelevantInformasjon: TidsperiodeDiagnose* TidsfestetHendelse?
InfoKartleggingFunksjonsniva: SamletVurderingFunksjonsniva? KartlagtFunksjon+ Ansvarlig?
EksisterendeTjeneste: IPLOStjenestetype?=cv BetegnelseTjeneste?=text PrivatTjeneste=boolean TjenestenLevertAv?=text
    OpplysningerOmTjenesten?=text AntallEnheter?=decimal Enhet?=text Startdato?=date Sluttdato?=date Merknad?=text
TidsfestetHendelse: Hendelsekode?=cv BeskrivelseAvHendelse?=text TidspunktForHendelse=ts Anslag=boolean Merknad?=text StedForHendelse?
UtskrevetTil: Uttilstand?=cv UtTil=cv Merknad?=text
AvtaleOmAdmLegemidler: AvtaleAdmLegemidler=boolean AvtaleAdmMultidose=boolean Merknad?=text AdmInstrukser? Tiltaksbeskrivelse*
MedisinskfagligeOpplysninger: RegistrertBlodtype? InfoTidligereSykdommer* e1:Cave? e1:Allerginotat* e2:GenereltJournalnotat*
Sykepleierdokumentasjon: InfoFraSykepleier? e3:LegemidlerAdministrertVedOverforing? InfoAvtaleOmLegemiddeladm? InfoVurderinger*
    IverksatteTiltak* AnbefaltVidereTiltak* InfoMaalForventetRes* Ansvarlig*
InfoKontaktepisode: FellesinfoKontaktepisode TilleggsinfoKontaktepisode?
InfoReservasjon: ReservasjonOnske+
OpplysningerAndreFaggrupper: AndreFagrapporter? AnbefaltVidereTiltak* InfoVurderinger*
OpplysningOpphold: TidsfestetHendelse
OpplysningerOmHjelpemidler: FasteHjelpemidler* StatusHjelpemiddel*
TjenesteBehov: IPLOStjenestetype?=cv BetegnelseTjeneste?=text VedInstitusjon?=text BeskrivelseAvTjeneste?=text
    AntallEnheterOnsket?=double Enhet?=text
AssistertKommunikasjon: PersonTolkebehov?=fk:Person Horselsvikt?=boolean Synsvikt?=boolean BehovTolkSprak?=cs
    PreferertTolk?=fk:Person BehovOpphortDato?=ts Merknad?=text
RegistrertBlodtype: Blodtype=cs Rhesusgruppe?=cs Merknad?=text
AndreFagrapporter: BehandlingStart?=date StatusInnleggelse?=text StatusBehandlingsstart?=text ForventetStatusUtskriving?=text
    AnsvarligRapport?=fk:HealthcareProfessional e2:Journaltekst*
InfoTidligereSykdommer: TidligereSykdomFragment? e2:Journaltekst?
InfoFraSykepleier: OpplysningerRelevantOppfolging? e2:Journaltekst*
KartlagtFunksjon: Funksjonsvariabel?=cv Vurdering?=integer Merknad?=text
Ansvarlig: TypeHendelse?=cv TidspunktForHendelse=datetime Ekstern=boolean AnsvarligTjenesteyter?=fk:HealthcareProfessional
    Virksomhet?=fk:Organisation Merknad?=text
InnholdKonsultasjon: TypeInnholdKonsultasjon=cs Merknad?=text
FellesinfoKontaktepisode: Kontakttype=cv Konsultasjonsform?=cv KontaktStartet=ts KontaktAvsluttet?=ts Merknad?=text
AnbefaltVidereTiltak: Tiltaksbeskrivelse
ReservasjonOnske: Gjelder=text FramsattAv=fk:Person FramsattDato=date TrukketTilbakeAv?=fk:Person TrukketTilbakeDato?=date Merknad?=text
FasteHjelpemidler: Briller?=cs HjelpemiddelHorsel?=cs Pacemaker?=boolean Merknad?=text
SamletVurderingFunksjonsniva: Pleietyngde?=decimal VurderingPleietyngde?=text Merknad?=text
TidsperiodeDiagnose: StartdatoDiagnose=date SluttdatoDiagnose?=date MedisinskDiagnose
InfoMaalForventetRes: InnholdMaaldokument e2:Journaltekst*
InfoVurderinger: InnholdVurdering e2:Journaltekst*
IverksatteTiltak: Tiltaksbeskrivelse
TilleggsinfoKontaktepisode: StedForKontaktepisode?=cv StedForKontakt?=text
InnholdVurdering: VurderingenGjelder=text Stikkord*=text FraDato?=date TilDato?=date KategoriHelsepersonell?=cs Enkeltvurdering*
Tiltaksbeskrivelse: IntervensjonTiltakKode*=cv IntervensjonTiltakBeskrivelse?=text KategoriHelsepersonell?=cs Stikkord*=text
    EvalueringTidspunkt?=date Merknad?=text GjennomforingAvTiltak* PlanlagtGjennomforingTiltak?
TidligereSykdomFragment: FunksjonshemmingKroniskSykdom=boolean TidligereSykdom=text Diagnosekode?=cv
AdmInstrukser: Utleveringsform?=cs SarskilteTiltak*=cs
InnholdMaaldokument: MaalForventetResultat?=cv ForventetGradMaaloppnaaelse?=cv Beskrivelse?=text KategoriHelsepersonell?=cs
    ForventesOppnaadd?=date FraDato?=date TilDato?=date Stikkord*=text
PlanlagtGjennomforingTiltak: PlanlagtStart=date PlanlagtSlutt?=date FasteUkedager*=cs GjentagelseIntervall?=pq EtterBehov?=boolean
GjennomforingAvTiltak: UtfortTidspunkt=date TiltakKanTermineres?=boolean Merknad?=text
Enkeltvurdering: Funksjonsområde?=cv KodetVurdering?=cv VurderingTekst?=text
"""

_COMPONENTS_15 = f"""
namespace po15 {_CARE}/poKomponent/2009-06-30
{_COMMON_TO_ALL}{_COMMON_TO_OLDER}
ParorendeForesatt: Slektskap?=cs Omsorgsfunksjon?=cs Referanseperson=fk:Person Merknad?=text
InfoKontrolltime: InformasjonOmTime | KontrolltimeBestill
InformasjonGitt: TypeInformasjon?=cv BeskrivelseInformasjon?=text MuntligInformasjon=boolean InformasjonGittTil=fk:Person
    InformasjonGittDato=date InformasjonGittAv=fk:HealthcareProfessional
OpplysningerRelevantOppfolging: BandasjemateriellEngangsutstyr?=boolean HjelpLegemiddeladm?=boolean EndringFunksjonsnivaa?=text
MedisinskDiagnose: Hoveddiagnose=boolean Diagnosekode?=cv DiagnoseBeskrivelse?=text
"""

_COMPONENTS_16 = f"""
namespace po16 {_CARE}/poKomponent/2012-04-01
{_COMMON_TO_ALL}{_COMMON_TO_OLDER}{_TENTATIVE_APPOINTMENT}
ParorendeForesatt: Slektskap?=cs Omsorgsfunksjon?=cs FodselsarMindrearigParorende?=year Referanseperson=fk:Person Merknad?=text
InformasjonGitt: TypeInformasjon?=cv BeskrivelseInformasjon?=text MuntligInformasjon?=boolean InformasjonGittTil=fk:Person
    InformasjonGittDato=date InformasjonGittAv=fk:HealthcareProfessional
OpplysningerRelevantOppfolging: BandasjemateriellEngangsutstyr?=boolean HjelpLegemiddeladm?=boolean EndringFunksjonsnivaa?=text
    MerknadTilBandasjemateriell?=text MerknadTilLegemiddeladministrering?=text
MedisinskDiagnose: Hoveddiagnose?=boolean Diagnosekode?=cv DiagnoseBeskrivelse?=text
"""

_COMPONENTS_20 = f"""
namespace po20 http://ehelse.no/xmlstds/po/poKomponent/2017-11-30
{_COMMON_TO_ALL}{_TENTATIVE_APPOINTMENT}
ParorendeForesatt: Slektskap?=cs Omsorgsfunksjon?=cs FodselsarMindrearigParorende?=year NarmesteParorende?=boolean
    Referanseperson=fk:Person Merknad?=text
TilleggsopplysningPasient: SivilStatus?=cs BorAlene?=boolean Sprak?=cs MottarKommunaleTjenester?=boolean Merknad?=text
InformasjonOmForsendelsen: Forsendelsesstatus=cs SvarPaaForesporsel?=boolean Merknad?=text
InfoKartleggingFunksjonsniva: Funksjonsbeskrivelse+=FunctionDescribed
type FunctionDescribed: Funksjonsvariabel?=cv FunksjonsbeskrivelseTekst?=rich Dato?=date Merknad?=text
Funksjonsbeskrivelse: Funksjonsvariabel?=cv FunksjonsbeskrivelseTekst?=rich Dato?=date Merknad?=text
EksisterendeTjeneste: IPLOStjenestetype?=cv BetegnelseTjeneste=text PrivatTjeneste=boolean TjenestenLevertAv?=text
    OpplysningerOmTjenesten?=text AntallEnheter?=decimal Enhet?=text Startdato?=date Sluttdato?=date
TidsfestetHendelse: Hendelsekode?=cv BeskrivelseAvHendelse?=text TidspunktForHendelse=datetime Anslag=boolean Merknad?=text
    StedForHendelse?
UtskrevetTil: Uttilstand?=cv UtTil?=cv Merknad?=text
LegemidlerUtdelt: LegemiddelinntakIDag*=text LegemidlerUtdeltTilPasient*=text Merknad?=text
BistandLegemiddelhandtering: HjelpTilLegemiddelhandtering?=cv Merknad?=text
Legemiddelgjennomgang: DatoLegemiddelgjennomgang?=date DatoSamstemming?=date Merknad?=text
AvtaleOmAdmLegemidler: AvtaleAdmLegemidler=boolean AvtaleAdmMultidose=boolean Merknad?=text
Reseptinformasjon: ReseptSendtMed?=cv eResept?=boolean Merknad?=text
OpplysningerOmHjelpemidler: StatusHjelpemiddel*
AssistertKommunikasjon: PersonTolkebehov?=fk:Person Horselsvikt?=boolean Synsvikt?=boolean BehovTolkSprak?=cs
    PreferertTolk?=fk:Person BehovOpphortDato?=date Merknad?=text
OpplysningerRelevantOppfolging: BandasjemateriellEngangsutstyr?=boolean EndringFunksjonsnivaa?=text MerknadTilBandasjemateriell?=text
MedisinskDiagnose: Hoveddiagnose?=boolean Diagnosekode?=cv DiagnoseBeskrivelse?=text
OpplysningerOmIndividuellPlan: IndividuellPlanForeligger?=boolean KoordinatorOppnevnt?=boolean Merknad?=text
FellesAdministrativeOpplysninger: InformasjonOmForsendelsen TilleggsopplysningPasient? ParorendeForesatt* TilknyttetEnhet*
    KontaktpersonHelsepersonell* AnsvarForRapport* SendtDokument* AssistertKommunikasjon* PasientrelatertKontaktperson*
PasientrelatertKontaktperson: StillingRolle?=text Arbeidssted?=text Referanseperson=fk:Person Merknad?=text
BistandLegemiddelhandteringOgGjennomgang: BistandLegemiddelhandtering LegemidlerUtdelt AvtaleOmAdmLegemidler Legemiddelgjennomgang
    Reseptinformasjon
"""

_LOGISTICS = """
Pasientlogistikk: {head} ( OrienteringOmDod | MeldingOmUtskrevetPasient | MeldingUtskrivningsklarPasient
    | AvmeldingUtskrivningsklarPasient | MeldingInnlagtPasient )
MeldingInnlagtPasient: po:TidsfestetHendelse
OrienteringOmDod: po:TidsfestetHendelse
AvmeldingUtskrivningsklarPasient: po:TidsfestetHendelse+
MeldingOmUtskrevetPasient: po:UtskrevetTil po:TidsfestetHendelse po:InfoInformasjonGitt?
MeldingUtskrivningsklarPasient: po:TidsfestetHendelse+
"""


def _messages(version: str, date: str, words: dict[str, str], application_kind: str) -> str:
    """The messages of 1.5 and 1.6. `words`: what the namespace is called where it is not the root's name."""
    space = {name: f"{_CARE}/{words.get(name, name)}/{date}" for name in ("Konsultasjon", "OverforingMedisinskeOpplysninger")}
    text = f"""
namespace soknad {_CARE}/HelseopplysningerVedSoknad/{date}
HelseopplysningerVedSoknad: {{head}} {application_kind} po:InfoMedisinskDiagnose* po:MedisinskfagligeOpplysninger?
    po:Sykepleierdokumentasjon? po:OpplysningerAndreFaggrupper* po:InfoKartleggingFunksjonsniva? po:InfoAssistertKommunikasjon*
    po:InfoInformasjonGitt* po:TjenesteBehov*
namespace konsultasjon {space["Konsultasjon"]}
Konsultasjon: {{head}} po:InnholdKonsultasjon? po:InfoMedisinskDiagnose* po:MedisinskfagligeOpplysninger? e3:Legemiddelinfo*
    po:InfoAndreViktigeOpplysninger? po:Sykepleierdokumentasjon? po:InfoKartleggingFunksjonsniva? po:InfoInformasjonGitt*
    po:InfoAssistertKommunikasjon* po:InfoReservasjon*
namespace innleggelse {_CARE}/Innleggelsesrapport/{date}
Innleggelsesrapport: {{head}} po:InfoMedisinskDiagnose* po:MedisinskfagligeOpplysninger? e3:Legemiddelinfo* po:EksisterendeTjeneste*
    po:InfoKartleggingFunksjonsniva? po:InfoAndreViktigeOpplysninger? po:Sykepleierdokumentasjon? po:OpplysningerAndreFaggrupper?
    po:OpplysningerOmHjelpemidler? po:InfoAssistertKommunikasjon* po:InfoReservasjon* po:InfoInformasjonGitt*
namespace medisinsk {space["OverforingMedisinskeOpplysninger"]}
OverforingMedisinskeOpplysninger: {{head}} po:TypeInnholdIMelding? po:OpplysningerTilSoknad? po:InfoMedisinskDiagnose?
    po:MedisinskfagligeOpplysninger? e3:Legemiddelinfo* po:InfoIPLOSrelevantInformasjon? po:OpplysningerAndreFaggrupper*
    po:InfoKartleggingFunksjonsniva? po:InfoAssistertKommunikasjon* po:InfoInformasjonGitt* po:TjenesteBehov*
    po:InfoAndreViktigeOpplysninger? po:InfoReservasjon*
namespace tilbud {_CARE}/OrienteringOmTjenestetilbud/{date}
OrienteringOmTjenestetilbud: {{head}} po:EksisterendeTjeneste+ po:AssistertKommunikasjon*
namespace utskriving {_CARE}/TverrfagligEpikrise/{date}
TverrfagligEpikrise: {{head}} po:TypeInnholdIMelding po:OpplysningOpphold* po:InfoMedisinskDiagnose* po:MedisinskfagligeOpplysninger?
    e3:Legemiddelinfo* po:InfoAndreViktigeOpplysninger? po:Sykepleierdokumentasjon? po:OpplysningerAndreFaggrupper*
    po:InfoKartleggingFunksjonsniva? po:TjenesteBehov* po:InfoInformasjonGitt* po:InfoAssistertKommunikasjon* po:InfoReservasjon*
    po:InfoKontrolltime* po:OpplysningerOmHjelpemidler?
namespace logistikk {_CARE}/Pasientlogistikk/{date}
{_LOGISTICS}"""
    return text.replace("{head}", _HEAD).replace("po:", f"po{version}:")


_ABSENCE = f"""
namespace fravar {_CARE}/MeldingFravar/2009-06-30
MeldingFravar: {_HEAD} po:Fraversassistent
""".replace("po:", "po15:")

TEXTS = (
    _COMPONENTS_15,
    _COMPONENTS_16,
    _COMPONENTS_20,
    _messages("15", "2009-06-30", {}, "po:OpplysningerTilSoknad"),
    _messages(
        "16",
        "2012-04-01",
        {"Konsultasjon": "HelseopplysningerTilLege", "OverforingMedisinskeOpplysninger": "MedisinskeOpplysninger"},
        "po:TypeInnholdIMelding po:OpplysningOpphold+ po:OpplysningerTilSoknad?",
    ),
    _ABSENCE,
)
