from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from journal.services.import_codes import ImportFault
from journal.services.importing import Report, records_import


class Command(BaseCommand):
    help = "Brings a municipality's records in from another system (docs/import.md), patient by patient. Runs as the owner of the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with manifest.json, the CSV lists and the .ndjson files")
        parser.add_argument("--dry-run", action="store_true", help="judge every line, write nothing")
        parser.add_argument("--resume", action="store_true", help="go on after an earlier run of the same system; what was brought in is left alone")
        parser.add_argument("--report", type=Path, help="write every fault to this CSV file")

    def handle(self, *args: Any, folder: Path, dry_run: bool, resume: bool, report: Path | None, **options: Any) -> None:
        try:
            done = records_import(
                folder=folder, using=settings.DATABASE_OWNER_ALIAS, dry_run=dry_run, resume=resume, report_file=report, told=self._told
            )
        except ImportFault as fault:
            raise CommandError(f"{fault}\nIngenting er skrevet.") from None
        self._tell(done, dry_run)
        if done.fault_count and not dry_run:
            self.stdout.write("Rett linjene og kjør igjen med --resume. Det som er hentet, hentes ikke igjen.")

    def _told(self, report: Report) -> None:
        self.stderr.write(
            f"{sum(report.patients.values()) - report.patients['possible_duplicate']} pasienter lest, {report.patients['refused']} utelatt"
        )

    def _tell(self, report: Report, dry_run: bool) -> None:
        say, number = self.stdout.write, report.patients
        say("Prøvekjøring: ingenting er skrevet." if dry_run else "Ferdig.")
        say(
            f"Pasienter: {number['new']} nye, {number['existing']} som har journal her, {number['already']} hentet før, {number['refused']} utelatt på grunn av feil."
        )
        for kind, count in sorted(report.rows.items()):
            say(f"  {kind}: {count}")
        if number["possible_duplicate"]:
            say(f"Mulige dubletter (samme navn og fødselsdato, ikke samme nummer): {number['possible_duplicate']}")
        for code, count in report.unmapped.most_common():
            say(f"Kode uten oversettelse: {code} ({count} ganger)")
        for fault in report.faults:
            say(f"{fault.file} linje {fault.line} {fault.kind} {fault.key}: {fault.what}. {fault.do}")
        if report.fault_count > len(report.faults):
            say(f"… og {report.fault_count - len(report.faults)} til. Bruk --report for å få alle.")
