from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.models import OrgUnit
from messaging.services.first import message_service_register


class Command(BaseCommand):
    help = "Registers the message service as a system client, once. Runs as owner. Then: issue_token meldingstjeneste --purpose messaging"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("unit", help="name of the unit that runs the service")

    def handle(self, *args: Any, unit: str, **options: Any) -> None:
        using = settings.DATABASE_OWNER_ALIAS
        found = OrgUnit.objects.using(using).filter(name=unit, valid_to=None).first()
        if found is None:
            raise CommandError(f"No unit in use is called «{unit}».")
        message_service_register(unit=found, using=using)
        self.stdout.write("meldingstjeneste")
