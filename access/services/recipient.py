"""Who a copy of records is encrypted for: the receiver's own certificate, held up against what the receiver has said another way."""

import re

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext as _

from lms_epj.core.clock import now

SHORTEST_KEY = 2048
LONGEST_TEXT = 20_000


class RecipientError(Exception):
    """Why a certificate is not encrypted for, in bokmål. ``field``: certificate or fingerprint."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 in pairs, as certificate programs write it: «9F:86:…»."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def recipient_certificate(text: str, told: str) -> str:
    """The certificate (PEM) in one form. ``told``: its SHA-256 fingerprint as the receiver gave it by telephone or letter.

    Raises RecipientError.
    """
    try:
        certificate = x509.load_pem_x509_certificate(text[:LONGEST_TEXT].encode())
    except ValueError:
        raise RecipientError(
            "certificate", _("Lim inn hele sertifikatet, fra «-----BEGIN CERTIFICATE-----» til «-----END CERTIFICATE-----».")
        ) from None
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < SHORTEST_KEY:
        raise RecipientError("certificate", _("Sertifikatet må ha en RSA-nøkkel på minst 2048 bit. Be mottakeren om et annet."))
    if not certificate.not_valid_before_utc <= now() < certificate.not_valid_after_utc:
        raise RecipientError("certificate", _("Sertifikatet gjelder ikke nå. Be mottakeren om et nytt."))
    if not _encrypts(certificate):
        raise RecipientError("certificate", _("Dette sertifikatet er for signering. Be mottakeren om det som er for kryptering."))
    if re.sub(r"[^0-9A-F]", "", told.upper()) != fingerprint(certificate).replace(":", ""):
        raise RecipientError(
            "fingerprint", _("Fingeravtrykket er ikke sertifikatets. Ring mottakeren og sammenlign tegn for tegn. Uttrekket er ikke frigitt.")
        )
    return certificate.public_bytes(Encoding.PEM).decode()


def _encrypts(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_encipherment
    except x509.ExtensionNotFound:
        return True


def described(text: str) -> dict[str, str] | None:
    """{name, fingerprint} of a stored certificate; None where there is none."""
    if not text:
        return None
    certificate = x509.load_pem_x509_certificate(text.encode())
    return {"name": certificate.subject.rfc4514_string(), "fingerprint": fingerprint(certificate)}
