"""Choices whose names are words of the interface: written in bokmål, shown in the language of the request."""

from typing import Any

from django.db import models
from django.db.models.enums import ChoicesType
from django.utils.functional import lazy

from lms_epj.core.words import say

_later = lazy(say, str)


class _Type(ChoicesType):
    @property
    def choices(cls) -> list[tuple[Any, Any]]:
        """What fields and forms keep; each name is looked up when it is shown."""
        return [(member.value, _later(member._label_)) for member in list[Any](cls)]


class TextChoices(models.TextChoices, metaclass=_Type):
    """``models.TextChoices``, translated at use: ``label``, ``choices`` and a model's ``get_…_display``. The catalogue takes the names from the class."""

    @property
    def label(self) -> str:
        return say(str(self._label_))
