import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lms_epj.assets.translations import compile_translation
from lms_epj.catalogue.po import all_texts, catalogue_path, faults_in, languages, update


class Command(BaseCommand):
    help = "Brings lms_epj/locale/*/LC_MESSAGES/django.po up to date with the code, and says what is not translated."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; end with 1 if anything is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        texts, faults = all_texts()
        for language in languages():
            if not options["check"]:
                new, dead = update(language, texts)
                compile_translation(catalogue_path(language))
                self.stdout.write(f"{language}: {len(texts)} texts, {new} new, {dead} dead ones removed")
            faults += faults_in(language, texts)
        self.stdout.write("\n".join(faults) if faults else "Every text is translated.")
        sys.exit(1 if options["check"] and faults else 0)
