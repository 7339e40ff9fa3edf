"""Addresses of pages, with the pattern of each route looked up once: a page of the record names some seventy."""

from functools import cache
from uuid import UUID

from django.urls import NoReverseMatch, reverse


def path_to(route: str, *ids: UUID) -> str:
    """What ``reverse(route, args=ids)`` gives, for routes that take ids and nothing else.

    Raises NoReverseMatch where this installation has no such route.
    """
    pattern = _pattern(route, len(ids))
    if pattern is None:
        raise NoReverseMatch(route)
    return pattern.format(*ids)


@cache
def _pattern(route: str, count: int) -> str | None:
    examples = [UUID(int=number) for number in range(count)]
    try:
        path = reverse(route, args=examples)
    except NoReverseMatch:
        return None
    path = path.replace("{", "{{").replace("}", "}}")
    for number, example in enumerate(examples):
        path = path.replace(str(example), f"{{{number}}}")
    return path
