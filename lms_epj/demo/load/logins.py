"""Who can log in to the demo: everyone, with the same known password and PIN. Never outside demo mode."""

import hashlib

from access.models import Credential, User
from access.services import secrets

PASSWORD = "demo"  # noqa: S105
PIN = "2580"

# username, what the person is and may be tried for
CAST = (
    ("lms.sykepleier", "Sykepleier, Observasjonsposten, Follo LMS"),
    ("lms.lege", "Lege, Observasjonsposten, Follo LMS"),
    ("aas.hjemmesykepleier", "Sykepleier i hjemmesykepleien, Ås: har Kari"),
    ("aas.fysioterapeut", "Fysioterapeut, Ås"),
    ("frogn.hjemmesykepleier", "Sykepleier i hjemmesykepleien, Frogn: har ikke Kari"),
    ("aas.saksbehandler", "Saksbehandler, Tjenestekontoret i Ås"),
    ("tilgang.admin", "Systemadministrator, uten journalinnsyn"),
    ("tilgang.admin2", "Systemadministrator: godkjenner det den andre foreslår"),
    ("lms.leder", "Enhetsleder, Observasjonsposten: svarer for hvem som har roller der"),
    ("logg.kontroll", "Loggkontrollør"),
    ("meldingsansvarlig", "Meldingsansvarlig: følger med på at meldinger kommer fram"),
    ("vakt.as", "IKT-vakt for Ås kommune (også vakt.nordre_follo, .frogn, .nesodden, .vestby, .enebakk)"),
    ("journalansvarlig", "Journalansvarlig"),
)


def verifier(secret: str, params: str) -> bytes:
    return hashlib.sha256(bytes.fromhex(secrets.slow_hash(secret, params))).digest()


def give_passwords(using: str) -> None:
    """One slow hash for all: thousands of users would take minutes, and the secret is no secret."""
    password, pin = secrets.new_params(), secrets.new_params()
    values = {
        "password_params": password, "password_verifier": verifier(PASSWORD, password),
        "pin_params": pin, "pin_verifier": verifier(PIN, pin),
    }  # fmt: skip
    Credential.objects.using(using).bulk_create(Credential(user=user, **values) for user in User.objects.using(using).all())


def describe_logins() -> str:
    """For the terminal, when the demo starts."""
    lines = [f"  {username:<24} {what}" for username, what in CAST]
    return "\n".join([f"Logg inn med passordet «{PASSWORD}» (PIN etter lås: {PIN}) som:", *lines])
