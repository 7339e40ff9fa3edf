import csv
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from access.domain.identity import check_digits_valid
from access.models import StaffIdentity, User
from lms_epj.core.clock import now


class Command(BaseCommand):
    help = "Reads who the staff are from the employer's list (CSV: username;identity number). Used by the log review only. Runs as owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        using = settings.DATABASE_OWNER_ALIAS
        with file.open(newline="", encoding="utf-8-sig") as opened:
            lines = [row for row in csv.reader(opened, delimiter=";") if row]
        users = dict(User.objects.using(using).values_list("username", "pk"))
        wrong = [
            f"line {number}: {'no such user' if len(row) != 2 or row[0].strip() not in users else 'not an identity number'}"
            for number, row in enumerate(lines, 1)
            if len(row) != 2 or row[0].strip() not in users or not _is_number(row[1].strip())
        ]
        if wrong:
            raise CommandError("Nothing was written. " + "; ".join(wrong[:20]))
        at = now()
        with transaction.atomic(using=using):
            for username, number in lines:
                StaffIdentity.objects.using(using).update_or_create(
                    user_id=users[username.strip()], defaults={"number": number.strip(), "registered_at": at}
                )
        self.stdout.write(str(len(lines)))


def _is_number(text: str) -> bool:
    return len(text) == 11 and text.isascii() and text.isdigit() and check_digits_valid(text)
