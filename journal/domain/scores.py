"""Scores from answers: pressure sores, nutrition, function, delirium, falls; and qSOFA from a set of vital signs. Tables as published; words are our own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms_epj.core.words import gettext_noop as _n

Option = tuple[int, str]  # points, words


@dataclass(frozen=True)
class Item:
    key: str
    label: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Band:
    """``lowest`` points at which it begins; ``level`` as the colours of NEWS2 name it."""

    lowest: int
    label: str
    level: str


@dataclass(frozen=True)
class Score:
    """``bands`` from the fewest points up, without gaps: the last that begins at or below the sum is the one."""

    key: str
    name: str
    about: str
    items: Sequence[Item]
    bands: Sequence[Band]

    @property
    def limits(self) -> tuple[int, int]:
        """Fewest and most points."""
        return sum(min(p for p, _ in item.options) for item in self.items), sum(max(p for p, _ in item.options) for item in self.items)

    def total(self, answers: Mapping[str, int]) -> int:
        """Raises ValueError unless every item is answered by one of its options: a missing answer is never counted as nothing."""
        for item in self.items:
            if answers.get(item.key) not in {points for points, _ in item.options}:
                raise ValueError(item.key)
        if len(answers) != len(self.items):
            raise ValueError("unknown item")
        return sum(answers.values())

    def band(self, total: int) -> Band:
        return [band for band in self.bands if band.lowest <= total][-1]


def _limited(*words: str) -> tuple[Option, ...]:
    return tuple(enumerate(words, 1))


def _points(*words: str) -> tuple[Option, ...]:
    return tuple(enumerate(words))


NO, YES = _n("Nei"), _n("Ja")
BRADEN = Score("braden", "Braden", _n("Risiko for trykksår"), (
    Item("sensation", _n("Evne til å kjenne og si fra om trykk"), _limited(_n("Helt begrenset"), _n("Svært begrenset"), _n("Litt begrenset"), _n("Ikke begrenset"))),
    Item("moisture", _n("Fukt på huden"), _limited(_n("Alltid fuktig"), _n("Ofte fuktig"), _n("Av og til fuktig"), _n("Sjelden fuktig"))),
    Item("activity", _n("Aktivitet"), _limited(_n("Sengeliggende"), _n("I stol"), _n("Går av og til"), _n("Går ofte"))),
    Item("mobility", _n("Evne til å endre stilling"), _limited(_n("Helt ubevegelig"), _n("Svært begrenset"), _n("Litt begrenset"), _n("Ikke begrenset"))),
    Item("nutrition", _n("Ernæring"), _limited(_n("Svært dårlig"), _n("Trolig utilstrekkelig"), _n("Tilstrekkelig"), _n("God"))),
    Item("friction", _n("Gnidning og forskyvning"), _limited(_n("Problem"), _n("Mulig problem"), _n("Ikke noe problem"))),
), (Band(6, _n("Svært høy risiko"), "high"), Band(10, _n("Høy risiko"), "high"), Band(13, _n("Moderat risiko"), "medium"), Band(15, _n("Lett økt risiko"), "low_medium"), Band(19, _n("Ikke økt risiko"), "low")))  # fmt: skip
MUST = Score("must", "MUST", _n("Risiko for underernæring"), (
    Item("bmi", _n("KMI, kg/m²"), _points(_n("Over 20"), _n("18,5 til 20"), _n("Under 18,5"))),
    Item("loss", _n("Ufrivillig vekttap siste 3 til 6 måneder"), _points(_n("Under 5 %"), _n("5 til 10 %"), _n("Over 10 %"))),
    Item("acute", _n("Akutt syk og har ikke spist, eller vil ikke kunne spise, på mer enn 5 dager"), ((0, NO), (2, YES))),
), (Band(0, _n("Lav risiko"), "low"), Band(1, _n("Moderat risiko"), "medium"), Band(2, _n("Høy risiko"), "high")))  # fmt: skip
BARTHEL = Score("barthel", "Barthel", _n("Selvhjulpenhet i dagliglivet"), (
    Item("bowels", _n("Tarmkontroll"), _points(_n("Ingen kontroll"), _n("Uhell av og til"), _n("Kontroll"))),
    Item("bladder", _n("Blærekontroll"), _points(_n("Ingen kontroll, eller kateter"), _n("Uhell av og til"), _n("Kontroll"))),
    Item("grooming", _n("Personlig stell"), _points(_n("Trenger hjelp"), _n("Klarer selv"))),
    Item("toilet", _n("Toalettbesøk"), _points(_n("Avhengig av hjelp"), _n("Trenger noe hjelp"), _n("Klarer selv"))),
    Item("feeding", _n("Spise"), _points(_n("Må mates"), _n("Trenger noe hjelp"), _n("Klarer selv"))),
    Item("transfer", _n("Forflytning mellom seng og stol"), _points(_n("Klarer ikke"), _n("Mye hjelp"), _n("Litt hjelp"), _n("Klarer selv"))),
    Item("mobility", _n("Gange"), _points(_n("Beveger seg ikke"), _n("Selvstendig i rullestol"), _n("Går med hjelp av én"), _n("Går selv"))),
    Item("dressing", _n("Påkledning"), _points(_n("Avhengig av hjelp"), _n("Trenger noe hjelp"), _n("Klarer selv"))),
    Item("stairs", _n("Trapper"), _points(_n("Klarer ikke"), _n("Trenger hjelp"), _n("Klarer selv"))),
    Item("bathing", _n("Bad eller dusj"), _points(_n("Trenger hjelp"), _n("Klarer selv"))),
), (Band(0, _n("Helt avhengig av hjelp"), "high"), Band(5, _n("Stort hjelpebehov"), "medium"), Band(10, _n("Middels hjelpebehov"), "medium"), Band(15, _n("Lite hjelpebehov"), "low_medium"), Band(20, _n("Selvhjulpen"), "low")))  # fmt: skip
FOUR_AT = Score("4at", "4AT", _n("Tegn til delirium"), (
    Item("alertness", _n("Våkenhet"), ((0, _n("Normal, eller litt søvnig i under 10 sekunder")), (4, _n("Tydelig unormal")))),
    Item("amt4", _n("Alder, fødselsdato, sted, årstall"), _points(_n("Ingen feil"), _n("Én feil"), _n("To eller flere feil, eller svarer ikke"))),
    Item("attention", _n("Månedene baklengs fra desember"), _points(_n("Sju eller flere riktige"), _n("Begynner, men færre enn sju"), _n("Kan ikke testes"))),
    Item("acute", _n("Akutt endring eller svinging de siste to ukene, fortsatt siste døgn"), ((0, NO), (4, YES))),
), (Band(0, _n("Delirium er lite sannsynlig"), "low"), Band(1, _n("Mulig kognitiv svikt"), "low_medium"), Band(4, _n("Mulig delirium"), "high")))  # fmt: skip
STRATIFY = Score("stratify", "STRATIFY", _n("Risiko for fall"), (
    Item("fell", _n("Innlagt på grunn av fall, eller har falt på posten"), ((0, NO), (1, YES))),
    Item("agitated", _n("Urolig"), ((0, NO), (1, YES))),
    Item("sight", _n("Synet hindrer i dagliglivet"), ((0, NO), (1, YES))),
    Item("toilet", _n("Må ofte på toalettet"), ((0, NO), (1, YES))),
    Item("moving", _n("Trenger noe hjelp til å forflytte seg og gå"), ((0, NO), (1, YES))),
), (Band(0, _n("Lav risiko"), "low"), Band(1, _n("Moderat risiko"), "low_medium"), Band(2, _n("Høy risiko"), "high")))  # fmt: skip
SCORES: Mapping[str, Score] = {score.key: score for score in (BRADEN, MUST, BARTHEL, FOUR_AT, STRATIFY)}


def qsofa(respiration: int | None, systolic: int | None, consciousness: str) -> int | None:
    """0–3: a point each for 22 breaths or more, 100 mmHg or less, altered mentation. None where one of them was not taken."""
    if respiration is None or systolic is None or not consciousness:
        return None
    return (respiration >= 22) + (systolic <= 100) + (consciousness != "A")
