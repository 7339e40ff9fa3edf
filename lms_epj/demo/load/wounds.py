"""Wounds that are followed: a pressure ulcer of the ward's and a leg ulcer that home nursing has followed for weeks, with images that are drawn here."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from access.domain.codes import Category
from journal.domain.files import kept
from journal.models import Attachment, Task, Wound, WoundAssessment
from journal.selectors.wound_words import wound_words
from lms_epj.core.clock import oslo_date
from lms_epj.demo import shapes
from lms_epj.demo.places import LMS

if TYPE_CHECKING:
    from lms_epj.demo.load.courses import CourseLoader

SIZE = (960, 720)
PIXELS_PER_MM = 7
FOLLOWED = ("Solveig", "Berg")


@dataclass(frozen=True)
class Looked:
    """One assessment: so many days ago; mm, mm, mm; per cent granulation and fibrin (the rest is necrosis)."""

    days: float
    measures: tuple[int, int, int]
    bed: tuple[int, int]
    more: dict[str, Any]


LEG = (
    {"site": "ankle_inner_left", "kind": "venous", "description": "Venøs svikt i mange år. Åpnet seg etter et støt mot kjøkkenskapet."}, 46,
    (
        Looked(35, (58, 41, 4), (30, 60), {"exudate": "much", "exudate_kind": "serous", "edges": "macerated", "skin": "oedema", "smell": "slight", "pain": 5,
                                          "signs": ["redness", "smell"], "dressing": "Vasket, superabsorbent, kompresjon to lag."}),
        Looked(28, (55, 38, 4), (45, 50), {"exudate": "much", "exudate_kind": "serous", "edges": "macerated", "skin": "oedema", "smell": "none", "pain": 4,
                                          "dressing": "Mekanisk rensing, superabsorbent, kompresjon."}),
        Looked(21, (49, 33, 3), (65, 35), {"exudate": "moderate", "exudate_kind": "serous", "edges": "vital", "skin": "eczema", "smell": "none", "pain": 3,
                                          "dressing": "Alginat, skum, kompresjon. Sinkpasta på sårkanten."}),
        Looked(13, (41, 27, 2), (80, 20), {"exudate": "moderate", "exudate_kind": "serous", "edges": "vital", "skin": "dry", "smell": "none", "pain": 2,
                                          "dressing": "Skum, kompresjon. Fuktighetskrem på leggen."}),
        Looked(6, (34, 22, 1), (95, 5), {"exudate": "little", "exudate_kind": "serous", "edges": "vital", "skin": "dry", "smell": "none", "pain": 1,
                                        "dressing": "Skum, kompresjon."}),
    ),
)  # fmt: skip
HEEL = (
    {"site": "heel_right", "kind": "pressure", "pressure_category": "2", "description": "Lå lenge på golvet hjemme. Hælen avlastes med pute."}, 4,
    (
        Looked(1.2, (24, 20, 1), (70, 20), {"pressure_category": "2", "exudate": "little", "exudate_kind": "serosanguineous", "edges": "vital", "skin": "red",
                                           "smell": "none", "pain": 4, "dressing": "Skylt, silikonskum. Avlastning hele døgnet."}),
    ),
)  # fmt: skip


def write_wound(loader: "CourseLoader", course: shapes.Course, stay: shapes.Stay) -> None:
    """The patient whose leg is looked at by video today has the leg ulcer, and one other on the ward the heel."""
    home_nurse = next((note.author for note in course.notes if note.unit == loader.home and note.document_type == "home_visit"), None)
    at_home = (course.person.given_name, course.person.family_name) == FOLLOWED
    if not at_home and any(row.site == HEEL[0]["site"] for row in loader.rows[Wound]):
        return
    facts, days_old, looked = LEG if at_home else HEEL
    author, unit, stay_key = (home_nurse, loader.home, None) if at_home and home_nurse else (stay.responsible_nurse, LMS, stay.key)

    def entry(days: float, category: int = Category.NURSING) -> dict[str, Any]:
        return loader.entry(category, loader.now - timedelta(days=days), author, unit, stay=stay_key)

    looked = [one for one in looked if unit != LMS or (stay.admitted_at and loader.now - timedelta(days=one.days) > stay.admitted_at)]
    if not looked:
        return
    wound = Wound(**entry(looked[0].days + 0.01), **facts, since=oslo_date(loader.now - timedelta(days=days_old)))
    loader.rows[Wound].append(wound)
    for nth, one in enumerate(looked):
        length, width, depth = one.measures
        granulation, fibrin = one.bed
        row = WoundAssessment(
            **entry(one.days), origin_id=wound.id, length_mm=length, width_mm=width, depth_mm=depth, granulation=granulation, fibrin=fibrin,
            necrosis=100 - granulation - fibrin, **one.more,
        )  # fmt: skip
        if nth == len(looked) - 1:
            due = loader.now + timedelta(hours=20)
            task = Task(
                **entry(one.days, Category.TASKS),
                origin_id=wound.id,
                title=f"Sårstell: {wound_words(wound)}",
                due_at=due,
                for_unit=loader.org.units[LMS],
            )
            loader.rows[Task].append(task)
            row.next_change_at, row.task_id = due, task.id
        loader.rows[WoundAssessment].append(row)
        made = kept(_drawn(wound.site + str(nth), one))
        loader.rows[Attachment].append(
            Attachment(
                **entry(one.days), origin_id=row.id, title=wound_words(wound), media_type=made.media_type, content=made.content, thumbnail=made.thumbnail,
                size=len(made.content), sha256=made.digest, width=made.width, height=made.height,
            )
        )  # fmt: skip


def _drawn(seed: str, one: Looked) -> bytes:
    """Skin with a wound of these measures and a ruler beside it: made up, of nobody."""
    rng = Random(seed)
    skin = Image.merge(
        "RGB", [Image.effect_noise(SIZE, 9).point(lambda value, base=base: min(255, base + (value - 128) // 2)) for base in (224, 184, 160)]
    )
    skin = skin.filter(ImageFilter.GaussianBlur(1.4))
    length, width, _depth = (side * PIXELS_PER_MM for side in one.measures)
    granulation, fibrin = one.bed
    whole = _blob(rng, length, width)
    rim = whole.filter(ImageFilter.MaxFilter(25)).filter(ImageFilter.GaussianBlur(14))
    skin.paste((196, 104, 96), mask=rim.point(lambda value: value * 6 // 10))
    skin.paste((158, 40, 44), mask=whole.filter(ImageFilter.GaussianBlur(3)))
    for share, colour in ((fibrin, (214, 190, 110)), (100 - granulation - fibrin, (46, 34, 30))):
        for _patch in range(share // 4):
            size = rng.uniform(0.18, 0.34)
            patch = ImageChops.offset(
                _blob(rng, length * size, width * size), int(rng.uniform(-0.3, 0.3) * length), int(rng.uniform(-0.3, 0.3) * width)
            )
            skin.paste(colour, mask=ImageChops.multiply(patch.filter(ImageFilter.GaussianBlur(5)), whole).point(lambda value: value * 8 // 10))
    _ruler(skin)
    into = BytesIO()
    skin.save(into, "JPEG", quality=90)
    return into.getvalue()


def _blob(rng: Random, length: float, width: float) -> Image.Image:
    """An uneven ellipse in the middle, as a mask."""
    mask = Image.new("L", SIZE, 0)
    x, y = SIZE[0] / 2, SIZE[1] / 2 - 20
    pen = ImageDraw.Draw(mask)
    pen.ellipse((x - length / 2.3, y - width / 2.3, x + length / 2.3, y + width / 2.3), fill=255)
    for _bulge in range(7):
        dx, dy, r = rng.uniform(-0.3, 0.3) * length, rng.uniform(-0.28, 0.28) * width, rng.uniform(0.14, 0.22)
        pen.ellipse((x + dx - length * r, y + dy - width * r, x + dx + length * r, y + dy + width * r), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(4)).point(lambda value: 255 if value > 120 else 0)


def _ruler(image: Image.Image) -> None:
    pen, top = ImageDraw.Draw(image), SIZE[1] - 110
    pen.rectangle((120, top, 840, top + 64), fill=(246, 246, 240), outline=(120, 120, 120))
    for mm in range(101):
        x = 130 + mm * PIXELS_PER_MM
        pen.line((x, top, x, top + (34 if mm % 10 == 0 else 20 if mm % 5 == 0 else 12)), fill=(30, 30, 30), width=2 if mm % 10 == 0 else 1)
        if mm % 10 == 0 and mm < 100:
            pen.text((x + 3, top + 36), str(mm // 10), fill=(30, 30, 30), font_size=20)
