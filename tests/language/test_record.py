"""The record has one language, whoever writes: what is stored is read again, by others and by the program."""

from decimal import Decimal

from journal.domain.dose_text import read_rhythm
from journal.models import MedOrder
from journal.services.med_orders import rhythm
from journal.services.reconciliation import as_listed
from lms_epj.core.language import in_bokmal, speaking
from lms_epj.core.words import say


def test_a_dose_put_on_the_list_by_an_english_reader_can_be_read_again():
    order = MedOrder(kind="as_needed", dose=Decimal(1), unit_text="tablett", max_per_day=4, min_interval=240, every_days=1)
    expected = as_listed(order)
    with speaking("en"):
        assert as_listed(order) == expected
        assert rhythm(order) != expected["frequency"], "shown in English"
    assert read_rhythm(str(expected["frequency"])) is not None


def test_a_while_in_bokmal_ends():
    with speaking("en"):
        with in_bokmal():
            assert say("i dag") == "i dag"
        assert say("i dag") == "today"
    assert say("i dag") == "i dag"
