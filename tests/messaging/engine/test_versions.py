"""Changes and cancellations in any order: every version is kept, and one stands."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.domain.versions import Version, standing
from messaging.models import InboxItem, Message
from tests.messaging.engine.letters import about, report

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize("order", list(permutations("NMC")))
@pytest.mark.django_db
def test_a_report_its_change_and_its_cancellation_in_any_order(post, cast, order):
    numbers = {status: str(uuid4()) for status in "NMC"}
    now = datetime.now(UTC)
    at = {"N": now - timedelta(hours=3), "M": now - timedelta(hours=2), "C": now - timedelta(hours=1)}
    for status in order:
        root = "" if status == "N" else numbers["N"]
        filed = post.receive(report(about(cast.foreign), status=status, msg_id=numbers[status], at=at[status], root=root))
        assert filed.state == "filed"
    kept = {one.status: one for one in Message.objects.filter(direction="in", patient_id=cast.foreign.id)}
    assert [kept[status].superseded for status in "NMC"] == ["cancelled", "cancelled", ""]
    assert kept["N"].superseded_by_id == kept["M"].superseded_by_id == kept["C"].id
    assert not InboxItem.objects.exclude(state="done").exists()


@pytest.mark.django_db
def test_a_change_of_what_never_came_stands_by_itself_and_says_so(post, cast):
    filed = post.receive(report(about(cast.foreign), status="M", root=str(uuid4())))
    assert (filed.state, filed.superseded) == ("filed", "")
    assert {"unknown_original", "unknown_parent"} <= {one["code"] for one in filed.remarks}


versions = st.lists(
    st.builds(Version, st.uuids(version=4), st.sampled_from("NMCA"), st.integers(0, 5).map(lambda hours: START + timedelta(hours=hours))),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(versions, st.randoms())
def test_what_stands_does_not_depend_on_the_order_of_arrival(made: list[Version], chance) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)
    assert standing(made) == standing(shuffled)


@given(versions)
def test_nothing_stands_that_was_cancelled_and_the_newest_always_does(made: list[Version]) -> None:
    gone = standing(made)
    newest = max(made, key=lambda one: (one.generated_at, {"M": 1, "C": 2}.get(one.status, 0), one.id), default=None)
    if newest:
        assert newest.id not in gone
    cancelled = [one.generated_at for one in made if one.status == "C"]
    earlier = {one.id for one in made if cancelled and one.generated_at < max(cancelled)}
    assert all(gone[one][1] == "cancelled" for one in earlier)
    assert all(isinstance(by, UUID) and by != old for old, (by, _) in gone.items())
