from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.models import Session, User
from lms_epj.core.clock import now


class Command(BaseCommand):
    help = "Ends every API token of a system client at once, and prints how many there were. Runs as owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the system client's user name")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        using = settings.DATABASE_OWNER_ALIAS
        client = User.objects.using(using).filter(username=username, is_system=True).first()
        if client is None:
            raise CommandError("No system client of that name.")
        live = Session.objects.using(using).filter(user=client, ended_at=None, expires_at__gt=now())
        self.stdout.write(str(live.update(ended_at=now())))
