import pytest
from django.core.exceptions import ImproperlyConfigured

from lms_epj import environment


def test_a_database_address_with_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADDRESS", "postgresql://epj_app:p%40ss%2F@/epj?host=/run/pg&sslmode=require")
    found = environment.read_database("ADDRESS", CONN_MAX_AGE=5, OPTIONS={"application_name": "a"})
    assert found is not None
    assert (found["HOST"], found["NAME"], found["USER"], found["PASSWORD"]) == ("/run/pg", "epj", "epj_app", "p@ss/")
    assert found["OPTIONS"] == {"sslmode": "require", "application_name": "a"}
    assert found["CONN_MAX_AGE"] == 5


def test_a_database_address_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADDRESS", "mysql://a@b/c")
    with pytest.raises(ImproperlyConfigured, match="ADDRESS"):
        environment.read_database("ADDRESS")


@pytest.mark.parametrize(("text", "meant"), [("1", True), ("yes", True), ("0", False), ("off", False), ("", True)])
def test_a_yes_or_no(monkeypatch: pytest.MonkeyPatch, text: str, meant: bool) -> None:
    monkeypatch.setenv("FLAG", text)
    assert environment.read_bool("FLAG", default=True) is meant


def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="FLAG"):
        environment.read_bool("FLAG")
    with pytest.raises(ImproperlyConfigured, match="FLAG"):
        environment.read_int("FLAG", 1)
