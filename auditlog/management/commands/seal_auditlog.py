"""`manage.py seal_auditlog [--loop]`: the sealer. One process, with the private key; see docs/auditlog.md."""

import logging
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.db import connections
from django.utils.translation import gettext as _

from auditlog.domain.batch import KeyUnusable, read_private_key, read_public_key
from auditlog.outside_copy import CopyDamaged
from auditlog.sealing import Sealer, SealingRefused, copy_in

logger = logging.getLogger("auditlog.sealing")


def refusal_text(error: SealingRefused | CopyDamaged) -> str:
    """What happened and what to do."""
    if isinstance(error, CopyDamaged):
        return _("Kopien av seglene kan ikke leses: %(place)s. Ingenting er forseglet. Hent filen fra sikkerhetskopi.") % {"place": error}
    return {
        "busy": _("En annen prosess forsegler nå. Ingenting er gjort."),
        "restored": _(
            "Databasen teller transaksjoner lavere enn ved siste forsegling (%(detail)s): den er gjenopprettet på en ny tjener. "
            "Ingenting er forseglet. Kjør «seal_auditlog --new-epoch --reason …» før tjenesten åpnes."
        ),
        "table_behind_copy": _(
            "Kopien har nyere segl enn databasen (%(detail)s). Er databasen gjenopprettet, kjør «seal_auditlog --new-epoch --reason …». "
            "Hvis ikke, er loggen kuttet: kjør «verify_auditlog» og varsle sikkerhetsansvarlig."
        ),
        "copy_foreign": _("Segl %(detail)s er ikke likt i databasen og kopien. Ingenting er forseglet. Kjør «verify_auditlog»."),
        "forged": _("Segl %(detail)s i databasen er ikke signert med vår nøkkel. Ingenting er forseglet. Kjør «verify_auditlog»."),
    }[error.code] % {"detail": error.detail}


class Command(BaseCommand):
    help = "Seals the access log in signed batches, once or each minute (--loop)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="seal until stopped")
        parser.add_argument("--interval", type=float, default=60, help="seconds between batches with --loop (60)")
        parser.add_argument("--new-epoch", action="store_true", help="as owner, after a restore: close the count of transactions and begin another")
        parser.add_argument("--reason", default="", help="why, for --new-epoch; it is signed and kept")
        parser.add_argument("--trusted-key", action="append", default=[], metavar="FILE", help="public key of an earlier sealing key")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_epoch"]:
            self.new_epoch(options)
        elif options["loop"]:
            self.loop(make_sealer(settings.DATABASE_SEALER_ALIAS, options["trusted_key"]), options["interval"])
        else:
            self.once(make_sealer(settings.DATABASE_SEALER_ALIAS, options["trusted_key"]))

    def once(self, sealer: Sealer) -> None:
        try:
            batch = sealer.seal()
        except (SealingRefused, CopyDamaged) as error:
            raise CommandError(refusal_text(error)) from error
        if batch is None:
            self.stdout.write(_("Ingenting nytt å forsegle."))
        else:
            self.stdout.write(_("Segl %(number)s: %(rows)s rader.") % {"number": batch.number, "rows": batch.row_count})

    def loop(self, sealer: Sealer, interval: float) -> None:
        """Goes on after a fault: the database may be away for a while, and what was not sealed comes in the next batch."""
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            try:
                if batch := sealer.seal():
                    logger.info("sealed batch %s: %s rows", batch.number, batch.row_count)
            except (SealingRefused, CopyDamaged) as error:
                logger.error("%s", refusal_text(error))
            except (DatabaseError, OSError):
                logger.exception("sealing failed; tried again in %s s", interval)
                connections[sealer.using].close()
            stopped.wait(interval)

    def new_epoch(self, options: dict[str, Any]) -> None:
        if not options["reason"].strip():
            raise CommandError(_("Skriv hvorfor med --reason. Grunnen signeres og blir stående."))
        sealer = make_sealer(settings.DATABASE_OWNER_ALIAS, options["trusted_key"])
        try:
            batch = sealer.start_epoch(options["reason"].strip())
        except (SealingRefused, CopyDamaged) as error:
            raise CommandError(refusal_text(error)) from error
        self.stdout.write(_("Segl %(number)s lukker telling %(epoch)s. En ny telling er begynt.") % {"number": batch.number, "epoch": batch.epoch})
        if batch.voids_from:
            self.stdout.write(
                _("Segl %(first)s til %(last)s fantes bare i kopien og er ført som tapt ved gjenopprettingen.")
                % {"first": batch.voids_from, "last": batch.number - 1}
            )


def make_sealer(alias: str, trusted: list[str]) -> Sealer:
    if not settings.EPJ_SEALING_KEY_FILE:
        raise CommandError(_("EPJ_SEALING_KEY_FILE er ikke satt: den peker på den private nøkkelen (Ed25519, PEM)."))
    copy = copy_in(settings.EPJ_SEALING_COPY_DIR)
    try:
        key = read_private_key(Path(settings.EPJ_SEALING_KEY_FILE).read_bytes())
        earlier = [read_public_key(Path(file).read_bytes()) for file in trusted]
        if copy:
            copy.make_folder()
    except (OSError, KeyUnusable) as error:
        raise CommandError(_("Nøkkelen eller kopimappen kan ikke brukes: %(error)s") % {"error": error}) from error
    if copy is None:
        logger.warning("EPJ_SEALING_COPY_DIR is not set: a log whose end is cut off will not be found out")
    return Sealer(using=alias, key=key, copy=copy, trusted=earlier)
