import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_epj.core.folding import SORT_FROM, SORT_TO, fold, fold_prefix_upper, sort_key, sort_key_sql

IN_ORDER = [
    "Abel", "Berg", "Dahl", "Müller", "van Berg", "Zulu", "Ängström", "Ærlig", "Øst", "Österberg",
    "Ås", "Åse", "Aasen",
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Aase", "åse"),
        ("ÅSE", "åse"),
        ("A\u030ase", "åse"),
        ("Ängström", "ængstrøm"),
        ("Österberg", "østerberg"),
        ("Idrée", "idree"),
        ("Müller-Ødegård", "muller ødegård"),
        ("O’Brien", "o brien"),
        ("  Kari   Marie\tHansen ", "kari marie hansen"),
        ("Maria-Anna", "maria anna"),
        ("Đỗ", "do"),
        ("Łukasz", "lukasz"),
        ("", ""),
    ],
)
def test_names_fold_to_their_search_form(typed, folded):
    assert fold(typed) == folded


def test_o_and_oe_stay_different_letters():
    assert fold("Bo") != fold("Bø")
    assert fold("Al") != fold("Ål")


@given(st.text(alphabet="aAåÅäæøöéüœ -'\u0301\u0308\u030abmnØÖßłđ", max_size=30))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abåæøz ", min_size=1, max_size=8), st.text(alphabet="abåæøz ", max_size=5))
def test_prefix_range_holds_exactly_the_prefixed(prefix, rest):
    upper = fold_prefix_upper(prefix)
    assert prefix <= prefix + rest < upper
    assert not prefix <= upper < upper


def test_an_empty_prefix_is_refused():
    with pytest.raises(ValueError):
        fold_prefix_upper("")


def test_norwegian_order():
    shuffled = random.Random(1).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=sort_key) == IN_ORDER


def test_sql_uses_the_same_table_as_python():
    assert len(SORT_FROM) == len(SORT_TO) == len(set(SORT_FROM))
    sql = sort_key_sql("family_name")
    assert "lower(family_name), 'aa', 'å'" in sql
    assert f"'{SORT_FROM}', '{SORT_TO}'" in sql
    assert sql.endswith('COLLATE "C"')
