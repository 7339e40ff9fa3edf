import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.models import AccessAuthorisation, Session
from access.services.secrets import new_secret
from lms_epj.core.clock import now


class Command(BaseCommand):
    help = "Issues an API token for a system client. It is shown once; the database keeps its hash only. Runs as owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the system client's user name")
        parser.add_argument("--purpose", required=True, help="what the token is for; stands in the access log")
        parser.add_argument("--days", type=int, default=90, help="how long it holds (at most 366)")

    def handle(self, *args: Any, username: str, purpose: str, days: int, **options: Any) -> None:
        using = settings.DATABASE_OWNER_ALIAS
        if not 1 <= days <= 366 or not purpose.strip():
            raise CommandError("A token needs a purpose and holds for 1 to 366 days.")
        held = AccessAuthorisation.objects.using(using).filter(user__username=username, user__is_system=True, valid_to=None).first()
        if held is None:
            raise CommandError("No system client of that name has an open authorisation.")
        secret, at = new_secret(), now()
        Session.objects.using(using).create(
            user_id=held.user_id, authorisation=held, secret_hash=hashlib.sha256(secret.encode()).digest(), device_hash=b"", purpose=purpose.strip(),
            device_name="system", second_factor=True, created_at=at, last_seen_at=at, expires_at=at + timedelta(days=days),
        )  # fmt: skip
        self.stdout.write(secret)
