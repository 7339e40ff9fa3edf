"""Scores against their published tables: the limits of each item, every edge of the bands, and nothing missing counted as nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.scores import BARTHEL, BRADEN, FOUR_AT, MUST, SCORES, STRATIFY, qsofa

LIMITS = {"braden": (6, 23), "must": (0, 6), "barthel": (0, 20), "4at": (0, 12), "stratify": (0, 5)}


@pytest.mark.parametrize("key", SCORES)
def test_sum_lies_between_its_published_limits(key):
    assert SCORES[key].limits == LIMITS[key]


def test_barthel_has_its_published_most_of_each_item():
    most = [max(points for points, _ in item.options) for item in BARTHEL.items]
    assert most == [2, 2, 1, 2, 2, 3, 3, 2, 2, 1]


@pytest.mark.parametrize(("score", "total", "label"), [
    (BRADEN, 6, "Svært høy risiko"), (BRADEN, 9, "Svært høy risiko"), (BRADEN, 10, "Høy risiko"), (BRADEN, 12, "Høy risiko"), (BRADEN, 13, "Moderat risiko"),
    (BRADEN, 14, "Moderat risiko"), (BRADEN, 15, "Lett økt risiko"), (BRADEN, 18, "Lett økt risiko"), (BRADEN, 19, "Ikke økt risiko"), (BRADEN, 23, "Ikke økt risiko"),
    (MUST, 0, "Lav risiko"), (MUST, 1, "Moderat risiko"), (MUST, 2, "Høy risiko"), (MUST, 6, "Høy risiko"),
    (FOUR_AT, 0, "Delirium er lite sannsynlig"), (FOUR_AT, 1, "Mulig kognitiv svikt"), (FOUR_AT, 3, "Mulig kognitiv svikt"), (FOUR_AT, 4, "Mulig delirium"),
    (STRATIFY, 1, "Moderat risiko"), (STRATIFY, 2, "Høy risiko"), (BARTHEL, 20, "Selvhjulpen"), (BARTHEL, 19, "Lite hjelpebehov"),
])  # fmt: skip
def test_bands_begin_where_they_are_published_to(score, total, label):
    assert score.band(total).label == label


@given(st.data())
def test_sum_is_that_of_the_answers_and_a_missing_one_gives_none(data):
    score = data.draw(st.sampled_from(list(SCORES.values())))
    answers = {item.key: data.draw(st.sampled_from([points for points, _ in item.options])) for item in score.items}
    total = score.total(answers)
    assert total == sum(answers.values())
    assert score.limits[0] <= total <= score.limits[1]
    left_out = data.draw(st.sampled_from(sorted(answers)))
    for wrong in ({k: v for k, v in answers.items() if k != left_out}, answers | {left_out: 9}, answers | {"annet": 1}):
        with pytest.raises(ValueError, match=r"\w"):
            score.total(wrong)


@pytest.mark.parametrize(("respiration", "systolic", "consciousness", "points"), [
    (21, 101, "A", 0), (22, 101, "A", 1), (21, 100, "A", 1), (21, 101, "C", 1), (22, 100, "V", 3), (None, 100, "A", None), (22, None, "A", None), (22, 100, "", None),
])  # fmt: skip
def test_qsofa_at_its_edges(respiration, systolic, consciousness, points):
    assert qsofa(respiration, systolic, consciousness) == points
