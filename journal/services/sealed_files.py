"""Files that only their receiver reads: CMS (PKCS#7) enveloped data, AES-256 under the receiver's RSA key. `openssl cms -decrypt` reads them too.

The envelope keeps secret, it does not prove who wrote it: that is what the checksums of the manifest are for, told another way.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options, pkcs7_decrypt_der

SUFFIX = ".p7m"


class SealedFileError(Exception):
    """A file or key that cannot be read."""


def sealed(data: bytes, certificate: str) -> bytes:
    """For the holder of the key behind ``certificate`` (PEM)."""
    builder = PKCS7EnvelopeBuilder().set_data(data).add_recipient(x509.load_pem_x509_certificate(certificate.encode()))
    return builder.set_content_encryption_algorithm(algorithms.AES256).encrypt(Encoding.DER, [PKCS7Options.Binary])


@dataclass(frozen=True)
class ReceiverKey:
    """What the receiver opens files with."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def load(cls, key: Path, certificate: Path, password: str = "") -> "ReceiverKey":
        """Raises SealedFileError: unreadable, another's certificate, or a wrong pass phrase."""
        try:
            private = load_pem_private_key(key.read_bytes(), password.encode() if password else None)
            public = x509.load_pem_x509_certificate(certificate.read_bytes())
        except (OSError, ValueError, TypeError) as error:
            raise SealedFileError(f"The key or certificate cannot be read: {error}") from None
        if not isinstance(private, rsa.RSAPrivateKey) or private.public_key() != public.public_key():
            raise SealedFileError("The key is not the certificate's.")
        return cls(public, private)

    def read(self, path: Path) -> bytes:
        """The plain text of one file. Raises SealedFileError."""
        try:
            return pkcs7_decrypt_der(path.read_bytes(), self.certificate, self.key, [])
        except ValueError as error:
            raise SealedFileError(f"{path.name} cannot be decrypted with this key: {error}") from None
