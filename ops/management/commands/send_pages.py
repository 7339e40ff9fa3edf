from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ops.services import paging


class Command(BaseCommand):
    help = "Tells whoever is on call of what is due, once or again and again: for a machine of its own, when no worker lives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, loop: bool, **options: Any) -> None:
        if loop:
            paging.rounds(paging.STOP)
        else:
            self.stdout.write(f"{paging.due_send()} steps and messages were told.")
