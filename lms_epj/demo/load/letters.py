"""What stands in the post of the ward's first day and a half: about those in the beds, in the words of those who wrote."""

from messaging.formats.model.facts import Critical, Diagnosis, FunctionLevel, Relative, Service, TextPart
from messaging.formats.model.message import Content
from messaging.formats.model.parties import Person, Telecom
from messaging.formats.model.values import Code
from messaging.simulator.addresses import OID


def _text(system: int, value: str, heading: str, text: str, section: str) -> TextPart:
    return TextPart(text, Code(value, heading, f"{OID}{system}"), section)


# What Enebakk knows of Marit Aas, who came confused.
ADMISSION = Content(
    texts=(
        _text(9142, "AAI", "Årsak til innleggelse", "Urolig og forvirret siden lørdag kveld. Fant ikke badet, snakket til mannen som døde i 2019. Luktende, mørk urin.", "medical"),
        _text(9142, "FO", "Forløp og behandling", "Samme bilde ved urinveisinfeksjon i april. Ble seg selv igjen etter fire dager.", "medical"),
        _text(9141, "1", "Innkomststatus", "Til vanlig klar og orientert. Lager frokost selv, følger med på Dagsrevyen.", "nursing"),
        _text(9141, "14", "Praktiske opplysninger", "Ser dårlig på venstre øye. Høreapparat på høyre side, batteriene er nye. Går med krykke inne, rullator ute.", "nursing"),
        _text(9141, "13", "Pasientens egne vurderinger", "Vil hjem til katten. Naboen steller den.", "nursing"),
    ),
    diagnoses=(Diagnosis(Code("P71", "Organisk psykose/delir", f"{OID}7170"), "Delir, trolig ved infeksjon", main=True),),
    critical=(Critical("cave", "Haldol: stivhet i 2021"),),
    functions=(FunctionLevel(Code("7", "Vaske seg", f"{OID}9111"), "2"), FunctionLevel(Code("15", "Hukommelse", f"{OID}9111"), "2")),
    services=(Service(Code("15", "Helsetjenester i hjemmet", f"{OID}9151"), "Hjemmesykepleie", False, "Hjemmesykepleien Flateby, sone 2",
                      "Ett besøk om morgenen: multidose og støttestrømper"),),
    relatives=(Relative(Person(family="Aas", given="Torunn", telecoms=(Telecom("tel:48211907", Code("HP", "Hovedtelefon")),)), Code("DA", "Datter"),
                        note="Har nøkkel, bor i samme gate"),),
)  # fmt: skip

DIALOGUES = {
    "question": "Marit Aas kom til oss med forvirring. Hvordan er hun til vanlig, og hva får hun hjelp til?",
    "talk": "Krykken og brillene til Marit Aas ligger hos oss på basen. Skal vi sende dem, eller kommer hun hjem i morgen?",
    "reply": "Takk. Send dem gjerne med drosje i dag, hun savner brillene.",
    "weight": "Solveig Berg er vektet ned 2,4 kg. Kan dere ta kreatinin og kalium sju dager etter hjemreise?",
    "doctor": "Jeg startet Marit Aas på ny øyesalve forrige uke. Den står ikke på multidosen: kloramfenikol i venstre øye til og med søndag.",
    "plan": "Marit Aas er bedre. Kan dere ta henne imot torsdag formiddag med to besøk daglig den første uken?",
}
