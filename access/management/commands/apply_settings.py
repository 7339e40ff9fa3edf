from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from access.services.gate_settings import settings_apply


class Command(BaseCommand):
    help = "Skriver innstillingene for låsing, nødrettstilgang og tofaktor i databasen. Kjøres som eier, etter migrate."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, value in settings_apply(using=settings.DATABASE_OWNER_ALIAS).items():
            self.stdout.write(f"{name} = {value}")
