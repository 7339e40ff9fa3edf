"""A wound in words: where it is and what it is."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from journal.domain.body import LEFT, REGIONS, RIGHT
from journal.models import Wound


def region_words(site: str) -> str:
    """«venstre hæl», «korsbein (sakrum)»."""
    region = REGIONS.get(site)
    if region is None:
        return site
    name = _(region.name)
    return {LEFT: _("venstre %(part)s"), RIGHT: _("høyre %(part)s")}.get(region.side, "%(part)s") % {"part": name}


def kind_words(wound: Wound, category: str = "") -> str:
    """«Trykksår, kategori III». ``category``: as it was last assessed, where that is known."""
    found = category or wound.pressure_category
    if not found:
        return wound.get_kind_display()
    label = Wound.Category(found).label
    return f"{wound.get_kind_display()}, {label[:1].lower()}{label[1:]}"


def wound_words(wound: Wound, category: str = "") -> str:
    """«Trykksår, kategori III, venstre hæl»."""
    return f"{kind_words(wound, category)}, {region_words(wound.site)}"


def place_words(wound: Wound) -> str:
    return capfirst(region_words(wound.site))
