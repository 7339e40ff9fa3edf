import os
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from journal.services.imports import ImportFault, check_files, export_import
from journal.services.sealed_files import ReceiverKey, SealedFileError


class Command(BaseCommand):
    help = "Reads the copy a municipality took along (see docs/operations.md) into an empty installation, and compares it row by row. As owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with manifest.json")
        parser.add_argument("--check", action="store_true", help="only hold the files against the manifest; without a key, as they lie encrypted")
        parser.add_argument(
            "--key", type=Path, help="the receiver's private RSA key (PEM); its pass phrase is asked for, or taken from EPJ_IMPORT_KEY_PASSWORD"
        )
        parser.add_argument("--certificate", type=Path, help="the certificate (PEM) that the copy was made for")

    def handle(self, *args: Any, folder: Path, check: bool, key: Path | None, certificate: Path | None, **options: Any) -> None:
        try:
            opened = receiver_key(key, certificate)
            if check:
                manifest = check_files(folder, opened)
                self.stdout.write(f"Whole: {len(manifest['files'])} files, {manifest['totals']['patients']} patients.")
                return
            if opened is None:
                raise CommandError("The copy is encrypted: give --key and --certificate.")
            outcome = export_import(folder=folder, key=opened, using=settings.DATABASE_OWNER_ALIAS, told=self.stderr.write)
        except (ImportFault, SealedFileError) as fault:
            raise CommandError(f"{fault} Nothing was written.") from None
        self.stdout.write(f"Read in and compared: {outcome.written['access_patient']} patients, {outcome.compared} rows, all as in the copy.")


def receiver_key(key: Path | None, certificate: Path | None) -> ReceiverKey | None:
    """Raises SealedFileError."""
    if key is None or certificate is None:
        return None
    encrypted = key.is_file() and b"ENCRYPTED" in key.read_bytes()
    password = (os.environ.get("EPJ_IMPORT_KEY_PASSWORD") or getpass("Pass phrase of the key: ")) if encrypted else ""
    return ReceiverKey.load(key, certificate, password)
