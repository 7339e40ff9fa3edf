from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError

from lms_epj.demo.load.logins import describe_logins
from lms_epj.embedded.demo import Demo, DemoError
from lms_epj.embedded.find import NotFoundError
from lms_epj.embedded.postgres import PostgresError


class Command(BaseCommand):
    help = "The whole product on this machine with synthetic people: database, broker, web, worker, beat. Ctrl-C stops it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--size", choices=("ward", "follo"), default="ward", help="how many people the demo data hold")
        parser.add_argument("--reset", action="store_true", help="throw away what earlier runs stored")

    def handle(self, *args: Any, **options: Any) -> None:
        demo = Demo(
            settings.BASE_DIR,
            settings.EPJ_VAR_DIR,
            port=options["port"],
            size=options["size"],
            user_table=apps.get_model(settings.AUTH_USER_MODEL)._meta.db_table,
            commands=set(get_commands()),
        )
        try:
            demo.run(reset=options["reset"], describe_logins=describe_logins)
        except (DemoError, NotFoundError, PostgresError) as error:
            raise CommandError(str(error)) from None
