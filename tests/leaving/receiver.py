"""The municipality that receives a copy: its key and certificate, made for the tests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from access.services.recipient import fingerprint
from journal.services.sealed_files import ReceiverKey


@dataclass
class Receiver:
    """``days``: how long the certificate still holds; ``encrypts``: whether it says that it is for that."""

    days: int = 3650
    bits: int = 2048
    encrypts: bool = True

    def __post_init__(self) -> None:
        self.private = rsa.generate_private_key(65537, self.bits)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Prøve kommune")])
        start = datetime.now(UTC) - timedelta(days=30)
        usage = dict.fromkeys(
            ("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False
        )
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.private.public_key()).serial_number(7)
        builder = builder.not_valid_before(start).not_valid_after(datetime.now(UTC) + timedelta(days=self.days))
        builder = builder.add_extension(x509.KeyUsage(digital_signature=not self.encrypts, key_encipherment=self.encrypts, **usage), critical=True)
        self.public = builder.sign(self.private, hashes.SHA256())
        self.certificate = self.public.public_bytes(Encoding.PEM).decode()

    def told(self) -> dict[str, str]:
        """What the custodian types."""
        return {"certificate": self.certificate, "fingerprint": fingerprint(self.public)}

    def key(self) -> ReceiverKey:
        return ReceiverKey(self.public, self.private)

    def files(self, folder: Path, password: str = "") -> list[str]:
        """Arguments of the command, with the files they name."""
        lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        (folder / "key.pem").write_bytes(self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
        (folder / "certificate.pem").write_text(self.certificate)
        return ["--key", str(folder / "key.pem"), "--certificate", str(folder / "certificate.pem")]


RECEIVER = Receiver()
