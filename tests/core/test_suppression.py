import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_epj.core.suppression import THRESHOLD, suppress, suppress_counts


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (812, 812)])
def test_one_to_four_are_hidden(count, shown):
    assert suppress(count) == shown


def test_negative_counts_are_an_error():
    with pytest.raises(ValueError):
        suppress(-1)


def test_the_sum_is_hidden_with_its_cell():
    result = suppress_counts({"Ås": 12, "Frogn": 3})
    assert result.cells == {"Ås": 12, "Frogn": None}
    assert result.total is None


def test_the_sum_is_shown_when_nothing_is_hidden():
    assert suppress_counts({"Ås": 12, "Frogn": 0}).total == 12


@given(st.dictionaries(st.integers(), st.integers(0, 40)))
def test_no_small_count_can_be_read_or_subtracted(counts):
    result = suppress_counts(counts)
    small = [key for key, n in counts.items() if 0 < n < THRESHOLD]
    assert all(result.cells[key] is None for key in small)
    if small:
        assert result.total is None
