import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.services.first_installation import FirstError, register_first


class Command(BaseCommand):
    help = "Registrerer de første virksomhetene, enhetene og personene i en tom installasjon. Kjøres som eier. Skriver ut startpassordene én gang."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="JSON-fil; se docs/operations.md")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"Filen kan ikke leses: {error}") from None
        try:
            passwords = register_first(content, using=settings.DATABASE_OWNER_ALIAS)
        except FirstError as error:
            raise CommandError(f"{error} Ingenting er skrevet.") from None
        for username, password in passwords.items():
            self.stdout.write(f"{username}\t{password}")
