"""The address register of the demo, from the same file that the simulated partners know each other by, and the message service's account."""

from lms_epj.core.clock import start_of_day
from lms_epj.demo.load.organisation import MERGER, OPENED, Organisation
from messaging.services.addresses import addresses_import
from messaging.services.first import message_service_register
from messaging.simulator.addresses import FILE


def load_addresses(org: Organisation) -> None:
    """Each municipality keeps its own three addresses; the centre has one for the beds. All are fed by files."""
    addresses_import(text=FILE.read_text(encoding="utf-8"), using=org.using, at=start_of_day(MERGER))
    message_service_register(unit=org.units["ikt"], using=org.using, since=OPENED)
