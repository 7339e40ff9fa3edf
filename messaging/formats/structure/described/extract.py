"""EPJ-ekstrakt and the record components (cave, notes, medication) that the care messages also use.

Every component states in fixed attributes what kind it is; the numbers are the kinds' own OIDs.
"""

_IDENTIFIED = "@komponentID!=text @referanseViktigTilleggsinfo=text"


def _kind(base: str, oid: str) -> str:
    kind = f'@m:basiskomponenttype!=ComponentKind"{base}" @m:komponenttype!=text"2.16.578.1.12.4.1.6.{oid}"'
    return f"{kind} @m:informasjonskategori=InformationCategory {_IDENTIFIED}"


TEXT = f"""
namespace m http://www.kith.no/xmlstds/epj/meta/2008-02-20
list ComponentKind: Mappe "EPJ sak" "Importert EPJ sak" Dokument "EPJ dokument" "Importert EPJ dokument" Tilleggsinfo Fragment
    "EPJ fragment" Dataelement "EPJ ekstrakt"
list InformationCategory: Cave/allergier Legemidler "Andre notater" Uspesifisert

namespace ex http://www.kith.no/xmlstds/epj/EPJEkstrakt/2008-02-20
Node: Node* @m:basiskomponenttype!=m:ComponentKind @m:komponenttype!=text @m:informasjonskategori=m:InformationCategory
    {_IDENTIFIED}

namespace et http://www.kith.no/xmlstds/epj/EPJTilleggsinfo/2008-02-20
tilleggsinfoEPJKomponent: tilhorerKomponent?=text gyldighetsperiode* ( epjLink* | komponentlink* )
    @m:basiskomponenttype=m:ComponentKind @m:komponenttype=text {_IDENTIFIED}
epjLink: linkTilKomponent=text linktype=cv linkstyrke?=cs merknad?=text linkFraKomponent?=text
gyldighetsperiode: gyldigFra?=datetime gyldigTil?=datetime
komponentlink: linkTilKomponent=text linktype=cv linkstyrke?=cs

namespace e1 http://www.kith.no/xmlstds/epj/epj1/2008-02-20
Cave: SakshodeCave Allerginotat* {_kind("EPJ sak", "14.50001.0")}
SakshodeCave: StikkordCave* {_kind("EPJ dokument", "13.10028.0")}
Allerginotat: e2:Journaltekst* Allergi {_kind("EPJ dokument", "13.11036.1")}
Allergi: HensynVedForskrivning?=boolean HensynMatDrikke?=boolean Kontaktallergi?=boolean PollenInnsektstikk?=boolean
    AllergiskMot=text VirkestoffLegemiddel?=cv KodeAnnetStoff?=cv AnafylaktiskeReaksjoner?=cs
StikkordCave: CaveStikkord=text e2:Journaltekst?

namespace e2 http://www.kith.no/xmlstds/epj/epj2/2008-02-20
Notater: GenereltJournalnotat+ {_kind("EPJ sak", "14.50301.0")}
GenereltJournalnotat: Journaltekst+ {_kind("EPJ dokument", "13.11009.0")}
Journaltekst: Overskriftskode?=cv Notat=text Merknad?=text

namespace e3 http://www.kith.no/xmlstds/epj/epj3/2008-02-20
Legemidler: Legemiddelinfo* LegemidlerAdministrertVedOverforing* {_kind("EPJ sak", "14.50302.0")}
Legemiddelinfo: ForenkletForskrivning {_kind("EPJ dokument", "13.10301.0")}
LegemidlerAdministrertVedOverforing: ( AdmAvHelsepersonell+ | Egenadministrering+ )+ {_kind("EPJ dokument", "13.10302.0")}
ForenkletForskrivning: StatusTilForskrivningen?=cs InngaarIMultidose?=cs ReseptId?=text Merknad?=text
    Forskriver?=fk:HealthcareProfessional Forskrivningsinfo
Forskrivningsinfo: BruksomradeTekst?=text DosVeiledEnkel?=text Nr?=text Navn=text GeneriskNavn?=text Atc?=cs Legemiddelform?=cs
    Styrke?=pq Bruk?=cs DoseringStarttidspunkt?=ts DoseringSluttidspunkt?=ts SkalIkkeTasSammenMedAnnetLegemiddel?=boolean
AdmAvHelsepersonell: AdmEnkeltdose?=pq AdmStart=ts AdmSlutt?=ts AdministrertAv?=fk:HealthcareProfessional AdmStatus?=cs
    AdministrertLegemiddel? Forskrivningsinfo?
Egenadministrering: AdmEnkeltdose?=pq AdmStart=ts AdmSlutt?=ts AdministrertAv?=fk:HealthcareProfessional UtlevertLegemiddel+
    Forskrivningsinfo?
AdministrertLegemiddel: Kvantum?=text
UtlevertLegemiddel: AntEnkeltdoser=integer
"""
