"""`manage.py verify_auditlog`: is the log as it was sealed? Needs the public key and the right to read, nothing else."""

import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from auditlog.domain.batch import KeyUnusable, read_public_key
from auditlog.sealing import copy_in
from auditlog.verify import Finding, Report, verify

TEXTS = {
    "rows": gettext_noop("rader er endret, fjernet, satt inn eller flyttet"),
    "record_missing": gettext_noop("seglet er fjernet fra databasen"),
    "record_changed": gettext_noop("seglet er endret, eller signert med en annen nøkkel"),
    "chain": gettext_noop("seglet passer ikke til det forrige"),
    "outside": gettext_noop("rader er satt inn der ingen segl dekker dem"),
    "copy_missing": gettext_noop("seglet mangler i kopien"),
    "copy_differs": gettext_noop("seglet er ikke likt i databasen og kopien"),
    "copy_damaged": gettext_noop("kopien kan ikke leses herfra"),
}


def describe(finding: Finding) -> str:
    detail = f" ({finding.detail})" if finding.detail else ""
    return _("Segl %(number)s: %(text)s%(detail)s") % {"number": finding.number, "text": _(TEXTS[finding.kind]), "detail": detail}


class Command(BaseCommand):
    help = "Checks the sealed access log with the public key. Exit code 1 when something does not hold, 2 when it could not be checked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--public-key", action="append", metavar="FILE", help="PEM; may be given again for earlier keys")
        parser.add_argument("--copy", metavar="DIR", help="the copy outside the database")
        parser.add_argument("--database", default=settings.DATABASE_SEALER_ALIAS)

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["public_key"] or [name for name in [settings.EPJ_SEALING_PUBLIC_KEY_FILE] if name]
        folder = options["copy"] or settings.EPJ_SEALING_COPY_DIR
        if not files:
            raise CommandError(_("Oppgi den offentlige nøkkelen med --public-key."), returncode=2)
        if folder and not Path(folder).is_dir():
            raise CommandError(_("Kopimappen finnes ikke: %(folder)s") % {"folder": folder}, returncode=2)
        try:
            keys = [read_public_key(Path(file).read_bytes()) for file in files]
        except (OSError, KeyUnusable) as error:
            raise CommandError(_("Nøkkelen kan ikke brukes: %(error)s") % {"error": error}, returncode=2) from error
        report = verify(using=options["database"], public_keys=keys, copy=copy_in(folder), progress=self.progress())
        self.tell(report)
        if not report.ok:
            sys.exit(1)

    def progress(self) -> Any:
        began = time.monotonic()

        def tell(done: int, total: int) -> None:
            percent = min(100, 100 * done // total) if total else 0
            self.stderr.write(_("%(done)s av %(total)s rader (%(percent)s %%), %(seconds)s s") % {
                "done": done, "total": total, "percent": percent, "seconds": int(time.monotonic() - began)})  # fmt: skip

        return tell

    def tell(self, report: Report) -> None:
        for finding in sorted(report.findings):
            self.stdout.write(describe(finding))
        if report.void:
            self.stdout.write(_("Ført som tapt ved gjenoppretting: segl %(numbers)s.") % {"numbers": ", ".join(map(str, report.void))})
        if report.unsealed:
            self.stdout.write(_("%(rows)s rader venter på forsegling.") % {"rows": report.unsealed})
        if report.late:
            self.stdout.write(_("Noen av dem har ventet mer enn et kvarter: forseglingen står."))
        if not report.copy_checked:
            self.stdout.write(_("Uten kopien (--copy) kan ikke en avkuttet slutt oppdages."))
        counted = {"batches": report.batches, "rows": report.rows}
        if report.ok:
            self.stdout.write(_("Loggen er hel: %(batches)s segl, %(rows)s rader.") % counted)
        else:
            self.stdout.write(_("Loggen er IKKE hel. Kontrollert: %(batches)s segl, %(rows)s rader.") % counted)
