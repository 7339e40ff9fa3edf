"""The roles the servers come with: what the serving role is not, and that databases are made as the owner."""

from collections.abc import Callable

import psycopg
import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_the_owner_of_the_test_database_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("epj_owner", False, False)


@pytest.mark.django_db
def test_the_owner_may_become_the_role_that_serves() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE epj_app")
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("epj_app",)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["epj_app", "epj_sealer"])
def test_a_role_that_serves_owns_nothing_and_may_create_nothing(connect_as: Callable[[str], psycopg.Connection], role: str) -> None:
    session = connect_as(role)
    owned = session.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole").fetchone()
    assert owned == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("CREATE TABLE taken (id int)")
    session.rollback()
    attributes = session.execute(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert attributes == (False, False, False, False, False)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("SET ROLE epj_owner")


def test_the_owner_address_is_not_in_a_test_process() -> None:
    assert "owner" not in settings.DATABASES
