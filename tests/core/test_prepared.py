"""A query compiled once answers as the queryset it was made from, whatever is put in it."""

from uuid import UUID

import pytest
from django.db.models import F, UUIDField

from access.models import AccessAuthorisation, OrgUnit
from lms_epj.core.prepared import Among, Prepared, Slot

pytestmark = pytest.mark.django_db

HELD = Prepared(
    lambda: AccessAuthorisation.objects.filter(user=Slot("user", UUIDField())).select_related("unit", "role").order_by("valid_from", "id")[:3]
)
UNITS = Prepared(lambda: OrgUnit.objects.filter(Among(F("pk"), Slot("units", UUIDField()))).order_by("name", "id"))


def test_each_value_gets_its_own_rows(cast, django_assert_num_queries):
    users = list(AccessAuthorisation.objects.values_list("user_id", flat=True).distinct())
    assert len(users) > 1
    for user in users:
        plain = list(AccessAuthorisation.objects.filter(user=user).select_related("unit", "role").order_by("valid_from", "id")[:3])
        with django_assert_num_queries(1):
            found = HELD.rows(user=user)
            assert [(row.pk, row.unit.name, row.role.code) for row in found] == [(row.pk, row.unit.name, row.role.code) for row in plain]


def test_a_list_may_be_of_any_length(cast):
    units = list(OrgUnit.objects.order_by("name", "id"))
    for count in (0, 1, len(units)):
        assert UNITS.rows(units=[unit.pk for unit in units[:count]]) == units[:count]


def test_nobody_has_no_rows(cast):
    assert HELD.first(user=UUID(int=0)) is None


def test_a_slot_without_a_value_is_refused(cast):
    HELD.rows(user=UUID(int=0))
    with pytest.raises(KeyError):
        HELD.rows()
