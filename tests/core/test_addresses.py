"""An address is the one that Django gives, for every route that takes ids and nothing else."""

import re
from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from access.routes import all_routes
from lms_epj.core.addresses import path_to

ROUTES = {
    pattern.name: route.count("<uuid:")
    for route, pattern in all_routes()
    if pattern.name and not re.search(r"<(?!uuid:)", route) and ":" not in pattern.name
}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_as_django_writes_it(name):
    for _ in range(2):
        ids = [uuid4() for _ in range(ROUTES[name])]
        try:
            expected = reverse(name, args=ids)
        except NoReverseMatch:  # the API's own names lie in a namespace
            continue
        assert path_to(name, *ids) == expected


def test_a_route_that_is_not_there_is_refused():
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            path_to("no_such_page")
