"""The address register: the community's own services, and the partners that the simulator plays."""

from datetime import datetime

from lms_epj.demo.load.organisation import Organisation
from messaging.services.addresses import addresses_import
from messaging.simulator.addresses import FILE


def load_addresses(org: Organisation, now: datetime) -> None:
    addresses_import(text=FILE.read_text(encoding="utf-8"), using=org.using, at=now)
