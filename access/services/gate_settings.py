"""The gate's own settings stand in the database, where the application role cannot write them; the environment says what they are."""

from django.conf import settings
from django.db import connections


def wanted_settings() -> dict[str, int]:
    """What the environment asks for, by the names in ``gate.setting``."""
    return {
        "idle_lock_seconds": settings.EPJ_IDLE_LOCK_SECONDS,
        "emergency_minutes": settings.EPJ_EMERGENCY_MINUTES,
        "second_factor_required": int(settings.EPJ_SECOND_FACTOR_REQUIRED),
    }


def settings_apply(*, using: str) -> dict[str, int]:
    """Writes them as the owner of the database; run after migrate. Returns what was written."""
    values = wanted_settings()
    with connections[using].cursor() as cursor:
        cursor.executemany("UPDATE gate.setting SET value = %s WHERE name = %s", [(value, name) for name, value in values.items()])
    return values
