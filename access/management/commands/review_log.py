from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.services.reviews import day_score
from lms_epj.core.clock import now, oslo_date, plausible

WIDTH = 30


class Command(BaseCommand):
    help = "Goes through the access log statistically, day by day, and puts what is unusual on the log reviewer's work list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", help="first day, dd.mm.yyyy (default: yesterday)")
        parser.add_argument("--to", dest="last", help="last day, dd.mm.yyyy (default: yesterday)")

    def handle(self, *args: Any, first: str | None, last: str | None, **options: Any) -> None:
        yesterday = oslo_date(now()) - timedelta(days=1)
        end = _day(last) if last else yesterday
        day = _day(first) if first else end
        days = (end - day).days + 1
        if days < 1:
            raise CommandError("The first day comes after the last.")
        total = {"look_ups": 0, "pairs": 0, "findings": 0}
        for number in range(1, days + 1):
            one = day_score(day)
            total = {key: total[key] + one[key] for key in total}
            self._draw(number, days, day, total)
            day += timedelta(days=1)
        self.stdout.write(f"Days: {days}. Look-ups: {total['look_ups']}. Persons × patients: {total['pairs']}. Findings: {total['findings']}.")

    def _draw(self, done: int, days: int, day: date, total: dict[str, int]) -> None:
        """One line that is drawn anew on a terminal; elsewhere one line a day."""
        bar = "#" * (WIDTH * done // days)
        text = f"  [{bar:.<{WIDTH}}] {100 * done // days:3d} %  {day:%d.%m.%Y}  {total['look_ups']} look-ups, {total['findings']} findings"
        end = "\n" if done == days or not self.stderr.isatty() else ""
        self.stderr.write(f"\r{text:<100}" if self.stderr.isatty() else text, ending=end)
        self.stderr.flush()


def _day(text: str) -> date:
    try:
        # Only the date is wanted: the zone plays no part.
        return plausible(datetime.strptime(text, "%d.%m.%Y").date())  # noqa: DTZ007
    except ValueError:
        raise CommandError(f"Not a date: {text}. Write it as dd.mm.yyyy.") from None
