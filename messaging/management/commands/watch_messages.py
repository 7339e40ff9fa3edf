from typing import Any

from django.core.management.base import BaseCommand

from messaging.services.alarms import round_once


class Command(BaseCommand):
    help = "Én runde av varslingen, for en tidsplan utenfor meldingsarbeiderne. Skriver hvor mange varsler som gikk ut."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(round_once()))
