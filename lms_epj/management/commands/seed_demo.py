from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from access.models import LegalEntity
from lms_epj.core.clock import now
from lms_epj.demo.load.addresses import load_addresses
from lms_epj.demo.load.blocks import load_blocks
from lms_epj.demo.load.courses import CourseLoader
from lms_epj.demo.load.follo import load_follo
from lms_epj.demo.load.logins import give_passwords
from lms_epj.demo.load.messages import load_messages
from lms_epj.demo.load.organisation import load_organisation
from lms_epj.demo.load.people import load_register
from lms_epj.demo.load.procedures import load_procedures
from lms_epj.demo.load.register import load_staff_register
from lms_epj.demo.load.reviews import load_reviews
from lms_epj.demo.load.rights import load_rights
from lms_epj.demo.load.rosters import load_rosters
from lms_epj.demo.load.telemed import load_telemed
from lms_epj.demo.ward import generate_ward


class Command(BaseCommand):
    help = "Fills an empty database with synthetic people and their courses. Demo and test only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=("ward", "follo"), default="ward")

    def handle(self, *args: Any, size: str, **options: Any) -> None:
        if not (settings.EPJ_DEMO or settings.EPJ_TEST):
            raise CommandError("Demo data are for demo and test installations only (EPJ_DEMO=1).")
        using = settings.DATABASE_OWNER_ALIAS
        if LegalEntity.objects.using(using).exists():
            raise CommandError("The database is not empty; nothing was written.")
        started = perf_counter()
        data = generate_ward(now())
        with transaction.atomic(using=using):
            org = load_organisation(using, data.staff)
            load_rights(org, data.now)
            load_addresses(org)
            give_passwords(using)
            loader = CourseLoader(org, data.now)
            for course in data.courses:
                loader.add(course)
            loader.write()
            load_blocks(org, data.now)
            load_register(using, data.register)
            load_reviews(org, data.now)
            load_telemed(org, data.now)
            if size == "follo":
                load_follo(org, data.now)
            load_staff_register(org, data.now)
            load_procedures(org, data.now)
            load_rosters(org, data.now)
            with connections[using].cursor() as cursor:
                cursor.execute("ANALYZE")
        load_messages(using, data.now)
        if size == "follo":
            with connections[using].cursor() as cursor:
                cursor.execute("VACUUM")  # as autovacuum would in time: without it every index-only scan visits the rows
        self.stderr.write(f"Demo data: {len(data.courses)} patients in {perf_counter() - started:.1f} s.")
