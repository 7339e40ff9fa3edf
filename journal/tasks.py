"""What the worker does for the record: when a member leaves the community, and for prints that are too long to wait for. Found by beat; run twice it harms nothing."""

from celery import shared_task
from django.db import transaction

from access.gate import call
from journal.services.exports import export_work
from journal.services.print_work import print_work


@shared_task
def carry_out_exits() -> int:
    """Ends what hangs on the units of those whose moment has come. Access closed by the dates themselves; this tidies up. Returns how many."""
    with transaction.atomic():
        return call("exit_carry_out")


@shared_task
def write_exports() -> str | None:
    """Writes on a released copy for a while; the next run goes on. Returns its id."""
    return export_work()


@shared_task
def make_prints() -> str | None:
    """Sets a print that waits, for a while. Returns its id."""
    return print_work()


@shared_task
def sweep_prints() -> int:
    """Removes prints that are a day old, finished or not. Returns how many."""
    with transaction.atomic():
        return call("print_sweep")
