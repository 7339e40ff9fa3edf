"""The words the scripts show (static/epj/js), kept here so that they are translated with the rest."""

from django.utils.translation import gettext as _


def script_texts() -> dict[str, str]:
    """Key to text in the reader's language; places in {braces} are filled by the script."""
    return {
        "saving": _("Lagrer …"),
        "saved": _("Lagret som kladd kl. {time}"),
        "unsaved": _("Ikke lagret ennå"),
        "offline": _("Ikke lagret. Nettet er nede. Teksten din er trygg på denne maskinen."),
        "failed": _("Ikke lagret. Noe gikk galt hos oss. Teksten din er trygg på denne maskinen. Vi prøver igjen."),
        "invalid": _("Ikke lagret. Se feltene som er merket. Teksten din er trygg på denne maskinen."),
        "unprotected": _("Ikke lagret. La siden stå åpen, ellers mister du teksten."),
        "conflict": _("Ikke lagret. Notatet ble endret et annet sted. Velg hvilken tekst som skal gjelde."),
        "locked": _("Skjermen er låst. Lås opp for å lagre."),
        "restored": _("Tekst som ikke var lagret, er hentet fram igjen. Den er fra {time}."),
        "discard": _("Forkast teksten"),
        "live": _("Direkte · oppdatert {time}"),
        "stale": _("Viser kl. {time}. Kobler til på nytt"),
        "lost": _("Ingen kontakt siden kl. {time}. Det du ser, kan være gammelt."),
        "changed": _("Endret"),
        "alarm": _("Ny NEWS2 på 7 eller mer: {text}"),
        "idleWarning": _("Skjermen låses om {seconds} sekunder. Trykk en tast for å fortsette."),
        "wrongPin": _("PIN-koden stemmer ikke."),
        "noContact": _("Vi får ikke kontakt med tjeneren. Prøv igjen."),
        "notMeasured": _("Ikke målt"),
        "showTable": _("Vis som tabell"),
        "showCurve": _("Vis som kurve"),
        "ended": _("Tiden er ute"),
        "lockKey": _("Lås"),
        "saveKey": _("Lagre nå"),
        "signKey": _("Signer"),
        "rowsKey": _("Neste og forrige rad"),
        "listKey": _("Denne listen"),
        "keys": _("Hurtigtaster"),
        "keysOn": _("Bruk hurtigtaster med én bokstav"),
        "close": _("Lukk"),
        "chosenImage": _("Valgt bilde"),
        "removeFile": _("Ta bort"),
        "sending": _("Sender {share} %"),
        "storing": _("Lagrer i journalen …"),
        "mend": _("Rett dette for å gå videre"),
        "tooLarge": _("Filen er større enn 20 MB. Del den opp, eller lagre den i mindre oppløsning."),
        "tooMany": _("Det er plass til {count} bilder. Resten er ikke tatt med."),
        "uploadOffline": _("Ikke lagret. Nettet er nede. Bildet og teksten står her. Prøv igjen når nettet er tilbake; ingenting lagres to ganger."),
        "uploadFailed": _("Ikke lagret. Noe gikk galt hos oss. Bildet og teksten står her. Prøv igjen; ingenting lagres to ganger."),
    }
