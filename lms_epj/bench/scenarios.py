"""What is measured: one everyday request each, as the cast makes it, over HTTP or in process alike."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import cycle, islice
from typing import Protocol
from urllib.parse import urlencode

from lms_epj.bench.client import Answer

PREFIXES = ("han", "kar", "mar", "ber", "sol", "joh", "lar", "nil", "ols", "eri", "and", "kri")
PAGES = 20
SAVED, SIGNED = "home_visit", "nurse_note"
TEXTS = {
    SAVED: {
        "section.observation": "Våken og klar. Puls {n} og jevn, hud tørr og varm.",
        "section.help": "Hjelp til stell og frokost, medisiner gitt etter liste.",
        "section.plan": "Nytt besøk i kveld.",
    },
    SIGNED: {"section.text": "Ringte pårørende, {n} minutter. De kommer i morgen."},
}
_PATIENT = re.compile(r'href="(/pasient/[0-9a-f-]{36}/)"')
_ACTOR = re.compile(r'name="actor" value="([^"]+)"')
_FIELDS = re.compile(r'name="(event_at|note|lock_version)" value="([^"]*)"')
_ROLE = re.compile(r'action="(/roller/[0-9a-f-]{36}/)"')
_CELL = re.compile(r'name="(c-[^"]+)"[^>]* data-held="(\d+)"')
OLDER = re.compile(r'href="([^"]*[?&;]for=[^"]+)"')


class Visitor(Protocol):
    def get(self, path: str) -> Answer: ...
    def post(self, path: str, fields: dict[str, str]) -> Answer: ...
    def expect(self, answer: Answer, status: int = 200) -> Answer: ...


Act = Callable[[Visitor], Answer]


@dataclass(frozen=True)
class Scenario:
    """``username``: who; "" where the act itself logs in. ``prepare`` makes the act for one visitor, outside the clock.

    ``limit``: median and p95 in ms, one at a time. ``queries``: at most so many, or None. ``writes``: its COMMIT is the write's own.
    ``seldom``: a heavy act that few do now and then: a tenth of the requests says enough.
    """

    key: str
    name: str
    username: str
    prepare: Callable[[Visitor, "World"], Act]
    limit: tuple[int, int] | None = None
    queries: int | None = None
    writes: bool = False
    seldom: bool = False


@dataclass(frozen=True)
class World:
    """What a run knows of the data: the patient with the most notes in the home nursing of Ås."""

    long_record: str


def patients_on(visitor: Visitor, page: str) -> list[str]:
    """Addresses of the patients that a list shows, in its order."""
    found = _PATIENT.findall(visitor.expect(visitor.get(page)).text)
    if not found:
        raise LookupError(f"{page} shows no patient")
    return list(dict.fromkeys(found))


def one_page(path: str) -> Callable[[Visitor, World], Act]:
    return lambda _visitor, _world: lambda visitor: visitor.expect(visitor.get(path))


def each_patient(listed: str, part: str = "") -> Callable[[Visitor, World], Act]:
    """The patients of a list in turn."""

    def prepare(visitor: Visitor, _world: World) -> Act:
        turn = cycle(patients_on(visitor, listed))
        return lambda visitor: visitor.expect(visitor.get(next(turn) + part))

    return prepare


def long_record(part: str) -> Callable[[Visitor, World], Act]:
    return lambda _visitor, world: lambda visitor: visitor.expect(visitor.get(f"/pasient/{world.long_record}/{part}"))


def notes_page_20(visitor: Visitor, world: World) -> Act:
    """Page 20 of the longest record, or its last page where it is shorter."""
    path = f"/pasient/{world.long_record}/journal/"
    for _ in islice(range(PAGES), PAGES - 1):
        older = OLDER.findall(visitor.expect(visitor.get(path)).text)
        if not older:
            break
        path = unescape(older[-1])
    return lambda visitor: visitor.expect(visitor.get(path))


def search(_visitor: Visitor, _world: World) -> Act:
    turn = cycle(PREFIXES)
    return lambda visitor: visitor.expect(visitor.post("/pasienter/sok/", {"q": next(turn)}))


def _form(visitor: Visitor, patient: str, kind: str) -> dict[str, str]:
    """The hidden fields of the composer, which goes on with a draft that an earlier run left."""
    page = visitor.expect(visitor.get(f"{patient}journal/nytt/?template={kind}")).text
    actor = _ACTOR.search(page)
    if actor is None:
        raise LookupError("the composer names no actor")
    return {"patient": patient.split("/")[2], "actor": actor.group(1)} | dict(_FIELDS.findall(page))


def _texts(kind: str) -> Iterator[dict[str, str]]:
    number = 0
    while True:
        number += 1
        yield {key: text.format(n=number) for key, text in TEXTS[kind].items()}


def autosave(visitor: Visitor, _world: World) -> Act:
    """The same draft over and over, each time with a changed text. Every visitor has a patient of its own."""
    import json

    patient = next(_own_patients)(visitor)
    form, texts = _form(visitor, patient, SAVED), _texts(SAVED)

    def act(visitor: Visitor) -> Answer:
        answer = visitor.expect(visitor.post(f"{patient}journal/kladd/{SAVED}/", form | next(texts)))
        saved = json.loads(answer.text)
        form.update(note=saved["note"], lock_version=str(saved["lock_version"]))
        return answer

    return act


def sign(visitor: Visitor, _world: World) -> Act:
    """A new note, saved and signed in one request, for the patients of the list in turn."""
    listed = patients_on(visitor, "/pasienter/")
    start = next(_signing)
    turn, form, texts = cycle(listed[start::16] or listed), _form(visitor, listed[0], SIGNED), _texts(SIGNED)

    def act(visitor: Visitor) -> Answer:
        patient = next(turn)
        fields = form | next(texts) | {"patient": patient.split("/")[2]}
        return visitor.expect(visitor.post(f"{patient}journal/signer/{SIGNED}/", fields), 302)

    return act


def matrix_preview(visitor: Visitor, _world: World) -> Act:
    """Who would gain and lose if the home nurses could no longer read one category, and could read another: over everyone there is."""
    found = visitor.expect(visitor.get(f"/roller/?{urlencode({'q': 'Sykepleier, hjemmetjeneste'})}")).text
    path = _ROLE.search(found)
    cells = {name: int(held) for name, held in _CELL.findall(found)}
    if path is None or not cells:
        raise LookupError("no matrix to change")
    taken, given = next(name for name in cells if cells[name] & 2), next(name for name in cells if not cells[name])
    fields = {"act": "preview", "actor": _ACTOR.search(found).group(1), taken: "0", given: "3"}  # type: ignore[union-attr]

    def act(visitor: Visitor) -> Answer:
        answer = visitor.expect(visitor.post(path.group(1), fields))
        if 'name="cells"' not in answer.text:
            raise LookupError("the matrix shows no preview")
        return answer

    return act


def _picks() -> Iterator[Callable[[Visitor], str]]:
    for number in cycle(range(40)):
        yield lambda visitor, number=number: (lambda listed: listed[number % len(listed)])(patients_on(visitor, "/pasienter/"))  # type: ignore[misc]


_own_patients = _picks()
_signing = cycle(range(16))
HOME = "aas.hjemmesykepleier"
WARD = "lms.sykepleier"
SCENARIOS = (
    Scenario("search", "Patient search, prefix of a name", HOME, search, (15, 30), 8),
    Scenario("my_patients", "My patients", HOME, one_page("/pasienter/"), (30, 60)),
    Scenario("board", "Ward board", WARD, one_page("/tavle/"), (30, 60), 15),
    Scenario("patient", "Patient page, those on the ward", WARD, each_patient("/tavle/"), (20, 40), 15),
    Scenario("patient_home", "Patient page, those of home nursing", HOME, each_patient("/pasienter/"), (20, 40), 15),
    Scenario("patient_long", "Patient page, longest record", HOME, long_record(""), (20, 40), 15),
    Scenario("notes", "Notes, page 1, those on the ward", WARD, each_patient("/tavle/", "journal/"), (15, 30), 10),
    Scenario("notes_long", "Notes, page 1, longest record", HOME, long_record("journal/"), (15, 30), 10),
    Scenario("notes_20", "Notes, page 20, longest record", HOME, notes_page_20, (15, 30), 10),
    Scenario("autosave", "Autosave of a draft", HOME, autosave, (8, 20), None, writes=True),
    Scenario("sign", "Sign a new note", HOME, sign, (15, 40), None, writes=True),
    Scenario("matrix", "Matrix, who gains and loses", "tilgang.admin", matrix_preview, (2000, 2000), seldom=True),
)
