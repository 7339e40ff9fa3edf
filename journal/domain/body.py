"""The body as regions that a wound can be in: seen from the front and from behind, each with its name, side and outline.

Outlines are drawn once for the right half of the picture, in a view 200 wide and 450 high, and mirrored. From the front the right half of the
picture is the patient's left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot

from lms_epj.core.words import gettext_noop

WIDTH, HEIGHT = 200, 450
ROUNDING = 7
FRONT, BACK = "front", "back"
LEFT, RIGHT, MIDDLE = "left", "right", ""
Point = tuple[float, float]


@dataclass(frozen=True)
class Region:
    """``name``: in bokmål, without the side. ``outline``: corners of a polygon, which the page draws with round joins."""

    code: str
    name: str
    view: str
    side: str
    outline: tuple[Point, ...]

    @property
    def centre(self) -> Point:
        across, down = zip(*self.outline, strict=True)
        return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2

    @property
    def path(self) -> str:
        """The outline as an SVG path with its corners rounded off."""
        drawn: list[str] = []
        for before, corner, after in zip((self.outline[-1], *self.outline), self.outline, (*self.outline[1:], self.outline[0]), strict=False):
            (x1, y1), (x2, y2) = _towards(corner, before), _towards(corner, after)
            drawn.append(f"{'L' if drawn else 'M'}{x1:.1f},{y1:.1f}Q{corner[0]:g},{corner[1]:g} {x2:.1f},{y2:.1f}")
        return "".join(drawn) + "Z"


def _towards(corner: Point, other: Point) -> Point:
    """Where the rounding of a corner begins on the line to the next one."""
    length = hypot(other[0] - corner[0], other[1] - corner[1])
    share = min(ROUNDING, length * 0.45) / length
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


# code, name, outline; in the middle, or the right half of a pair
_FRONT_MIDDLE = (
    ("face", gettext_noop("ansikt"), "88,10 112,10 122,26 118,50 107,61 93,61 82,50 78,26"),
    ("throat", gettext_noop("hals"), "91,63 109,63 112,75 88,75"),
    ("abdomen", gettext_noop("mage"), "69,132 131,132 130,176 70,176"),
    ("groin", gettext_noop("underliv"), "70,178 130,178 119,200 100,211 81,200"),
)
_FRONT_PAIRS = (
    ("ear", gettext_noop("øre"), "122,27 127,26 128,42 122,44"),
    ("chest", gettext_noop("bryst"), "101,76 126,76 134,88 132,130 101,130"),
    ("shoulder", gettext_noop("skulder"), "128,76 140,79 149,92 136,100 134,86"),
    ("upper_arm", gettext_noop("overarm"), "136,102 150,95 158,140 144,143"),
    ("elbow_front", gettext_noop("albue, innside"), "144,145 158,142 162,160 148,163"),
    ("forearm", gettext_noop("underarm"), "148,165 162,162 171,206 159,209"),
    ("hand", gettext_noop("hånd"), "159,211 171,208 179,228 176,244 166,246 160,232"),
    ("thigh", gettext_noop("lår"), "101,214 120,202 131,180 135,216 127,280 106,280"),
    ("knee", gettext_noop("kne"), "106,282 127,282 127,306 107,306"),
    ("shin", gettext_noop("legg, forside"), "107,308 127,308 126,346 121,384 108,384 106,346"),
    ("ankle_inner", gettext_noop("ankel, innside"), "106,386 113,386 113,402 105,402"),
    ("ankle_outer", gettext_noop("ankel, utside"), "115,386 122,386 123,402 115,402"),
    ("foot", gettext_noop("fotrygg"), "105,404 123,404 129,424 105,424"),
    ("big_toe", gettext_noop("stortå"), "104,426 112,426 112,438 104,437"),
    ("toes", gettext_noop("tær"), "114,426 130,426 131,436 114,438"),
)
_BACK_MIDDLE = (
    ("head", gettext_noop("bakhode"), "88,10 112,10 122,26 119,46 110,58 90,58 81,46 78,26"),
    ("nape", gettext_noop("nakke"), "91,60 109,60 112,74 88,74"),
    ("spine", gettext_noop("ryggrad"), "94,76 106,76 106,160 94,160"),
    ("sacrum", gettext_noop("korsbein (sakrum)"), "86,164 114,164 109,188 91,188"),
    ("coccyx", gettext_noop("halebein"), "93,190 107,190 103,204 97,204"),
)
_BACK_PAIRS = (
    ("shoulder_back", gettext_noop("skulder, bakside"), "124,76 140,79 149,92 136,100 130,88"),
    ("shoulder_blade", gettext_noop("skulderblad"), "108,78 122,78 131,100 126,116 108,112"),
    ("upper_back", gettext_noop("rygg"), "108,114 126,118 132,104 131,140 108,140"),
    ("lower_back", gettext_noop("korsrygg"), "108,142 131,142 130,166 116,170 108,162"),
    ("hip", gettext_noop("hofte"), "131,168 136,176 137,206 132,208"),
    ("buttock", gettext_noop("sete"), "116,172 129,170 130,206 124,212 104,208 109,190"),
    ("sitting_bone", gettext_noop("sitteknute"), "103,211 122,214 120,226 104,224"),
    ("upper_arm_back", gettext_noop("overarm, bakside"), "136,102 150,95 158,140 144,143"),
    ("elbow", gettext_noop("albue"), "144,145 158,142 162,160 148,163"),
    ("forearm_back", gettext_noop("underarm, bakside"), "148,165 162,162 171,206 159,209"),
    ("hand_back", gettext_noop("håndrygg"), "159,211 171,208 179,228 176,244 166,246 160,232"),
    ("thigh_back", gettext_noop("lår, bakside"), "104,228 122,228 132,210 134,226 127,282 107,282"),
    ("knee_hollow", gettext_noop("knehase"), "107,284 127,284 127,306 107,306"),
    ("calf", gettext_noop("legg, bakside"), "107,308 127,308 126,346 121,386 108,386 106,346"),
    ("heel", gettext_noop("hæl"), "106,388 122,388 124,410 105,410"),
    ("sole", gettext_noop("fotsåle"), "105,412 124,412 128,434 106,434"),
)


def _outline(text: str, *, mirrored: bool = False) -> tuple[Point, ...]:
    corners = [tuple(map(float, corner.split(","))) for corner in text.split()]
    return tuple((WIDTH - x if mirrored else x, y) for x, y in corners)


def _regions() -> dict[str, Region]:
    found = [
        Region(code, name, view, MIDDLE, _outline(text)) for view, rows in ((FRONT, _FRONT_MIDDLE), (BACK, _BACK_MIDDLE)) for code, name, text in rows
    ]
    for view, rows in ((FRONT, _FRONT_PAIRS), (BACK, _BACK_PAIRS)):
        drawn, mirrored = (LEFT, RIGHT) if view == FRONT else (RIGHT, LEFT)
        for code, name, text in rows:
            found += [Region(f"{code}_{side}", name, view, side, _outline(text, mirrored=side == mirrored)) for side in (drawn, mirrored)]
    return {region.code: region for region in found}


REGIONS: Mapping[str, Region] = _regions()
