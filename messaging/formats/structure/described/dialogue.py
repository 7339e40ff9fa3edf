"""Dialogmelding 1.0 and 1.1."""

_PROFESSIONAL = """TypeHealthcareProfessional?=cs RoleToPatient?=cv FamilyName?=text MiddleName?=text GivenName?=text
    DateOfBirth?=date Sex?=cs Nationality?=cs Ident*=fk:Ident Address?=fk:Address TeleCom*=fk:TeleCom"""

_COMMON = f"""
Dialogmelding: SakstypeKodet?=cv Sakstype?=text ( Foresporsel* | Notat* )
Notat: TemaKodet=cv Tema?=text TekstNotatInnhold?=rich Merknad?=text DokIdNotat?=text DatoNotat?=date Foresporsel? RollerRelatertNotat*
HealthcareProfessional: {_PROFESSIONAL}
Person: GivenName?=text MiddleName?=text FamilyName?=text DateOfBirth?=date Sex?=cs Nationality?=cs Ident*=fk:Ident
    Address?=fk:Address TeleCom*=fk:TeleCom
"""

TEXTS = (
    f"""
namespace dia10 http://www.kith.no/xmlstds/dialog/2006-10-11
{_COMMON}
Foresporsel: TypeForesp=cv Sporsmal?=text Formål?=cv Begrunnelse?=text Hastegrad?=cs FraDato?=date TilDato?=date
    TypeJournalinfo?=cv DokIdForesp?=text RollerRelatertNotat*
RollerRelatertNotat: RolleNotat?=cv RoleToPatient?=cv ( HealthcareProfessional | Person )
""",
    f"""
namespace dia11 http://www.kith.no/xmlstds/dialog/2013-01-23
{_COMMON}
Foresporsel: TypeForesp=cv EmneSporsmal?=text Sporsmal?=rich Formål?=cv Begrunnelse?=text Hastegrad?=cs FraDato?=date TilDato?=date
    TypeJournalinfo*=cv KodetOpplysning?=cv DokIdForesp?=text RollerRelatertNotat*
RollerRelatertNotat: RolleNotat?=cv RoleToPatient?=cv TilknyttetEnhet? ( HealthcareProfessional | Person )?
TilknyttetEnhet: Kontaktenhet=fk:Organisation Merknad?=text ( HealthcareProfessional | Person )?
""",
)
