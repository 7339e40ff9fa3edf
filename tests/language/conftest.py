from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils.translation import trans_real

from lms_epj.assets.inputs import translation_files
from lms_epj.assets.translations import compile_translation
from lms_epj.core import language
from tests.access.conftest import credentials

__all__ = ["credentials"]


@pytest.fixture(autouse=True, scope="session")
def compiled() -> None:
    """As at set-up; a run in a folder that was not set up has none."""
    for source in translation_files(settings.BASE_DIR):
        compile_translation(source)
    trans_real._translations.pop("en", None)


@pytest.fixture(autouse=True)
def bokmal_afterwards() -> Iterator[None]:
    """A request sets the language of its thread; the tests that follow make none."""
    yield
    language.begin(settings.LANGUAGE_CODE)
