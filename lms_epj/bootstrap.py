"""What `manage.py` does before Django: give the project an environment of its own. Standard library only."""


def ensure_environment(argv: list[str]) -> None:
    """Return when this interpreter has what the lock files say."""
