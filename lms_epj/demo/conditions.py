"""The conditions an LMS meets, with codes and the course of their measurements.

Shares follow what is known of Norwegian LMS: airways about 15 %, heart about 10 %, then mixed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Readings:
    """One end of a course. ``flow`` in L/min, 0 on air."""

    respiration: float
    spo2: float
    flow: float
    systolic: float
    pulse: float
    temperature: float


WELL = Readings(15, 96.5, 0, 132, 74, 36.8)


@dataclass(frozen=True)
class Condition:
    """``topic`` is the frames' prefix; ``crp`` and ``weight`` (kg of change) are at the start of the stay."""

    topic: str
    cause: str
    icpc2: str
    icd10: str
    text: str
    start: Readings
    end: Readings
    share: int
    crp: int = 12
    days: tuple[int, int] = (2, 4)
    drugs: tuple[str, ...] = ()
    antibiotic: bool = False
    weight: float = 0.0
    scale2: bool = False
    isolation: str = ""


CONDITIONS: dict[str, Condition] = {
    c.topic: c
    for c in (
        Condition("kols", "KOLS-forverring", "R95", "J44.1", "Forverring av kronisk obstruktiv lungesykdom",
                  Readings(26, 87.5, 2, 148, 106, 38.2), Readings(19, 91, 0, 136, 84, 36.8), 10, 88, (3, 5),
                  ("salbutamol/ipratropium", "prednisolon", "doksysyklin"), scale2=True),
        Condition("pneumoni", "pneumoni", "R81", "J18.9", "Pneumoni", Readings(22, 93, 1, 124, 99, 38.7),
                  Readings(16, 96, 0, 130, 78, 36.9), 12, 164, (3, 4), (), antibiotic=True),
        Condition("svikt", "hjertesvikt", "K77", "I50.9", "Forverret kronisk hjertesvikt",
                  Readings(23, 92, 1, 146, 98, 36.7), Readings(17, 95.5, 0, 124, 76, 36.6), 12, 14, (3, 5),
                  ("furosemid inj", "spironolakton"), weight=4.6),
        Condition("uvi", "pyelonefritt", "U70", "N10", "Akutt pyelonefritt", Readings(20, 95.5, 0, 108, 104, 39.0),
                  Readings(15, 97, 0, 128, 76, 36.9), 12, 182, (2, 4), (), antibiotic=True),
        Condition("rosen", "erysipelas", "S76", "A46", "Erysipelas", Readings(17, 96.5, 0, 134, 94, 38.8),
                  WELL, 8, 148, (3, 4), (), antibiotic=True),
        Condition("hofte", "opptrening etter hofteoperasjon", "L75", "S72.0", "Opptrening etter lårhalsbrudd",
                  Readings(16, 96, 0, 126, 84, 37.3), WELL, 8, 46, (4, 6), ("enoksaparin", "oksykodon")),
        Condition("dehyd", "fall og dehydrering", "T11", "E86", "Dehydrering, fall i hjemmet",
                  Readings(18, 96, 0, 104, 98, 37.2), WELL, 10, 22, (2, 4), ("ringer",)),
        Condition("delir", "akutt forvirring", "P71", "F05.9", "Delir ved infeksjon",
                  Readings(19, 95.5, 0, 142, 94, 37.9), WELL, 8, 74, (3, 5), (), antibiotic=True),
        Condition("gastro", "gastroenteritt", "D73", "A09.9", "Gastroenteritt", Readings(18, 97, 0, 106, 102, 37.9),
                  WELL, 6, 34, (2, 3), ("ringer", "ondansetron"), isolation="Kontaktsmitte"),
        Condition("kreft", "smertelindring ved kreftsykdom", "A01", "R52.1", "Smerter ved kreft med spredning",
                  Readings(18, 95.5, 0, 128, 92, 37.0), Readings(16, 96, 0, 122, 82, 36.8), 8, 38, (3, 5),
                  ("morfin depot", "morfin", "deksametason", "metoklopramid", "laktulose")),
        Condition("diab", "dysregulert diabetes", "T90", "E11.9", "Diabetes type 2, dysregulert",
                  Readings(18, 97, 0, 122, 94, 36.9), WELL, 6, 16, (2, 4), ("insulin glargin", "insulin aspart")),
        Condition("obst", "obstipasjon", "D12", "K59.0", "Obstipasjon", Readings(17, 96.5, 0, 138, 88, 36.9), WELL,
                  5, 10, (2, 3), ("makrogol", "laktulose")),
        Condition("angst", "angst og uro", "P74", "F41.9", "Angst, krisereaksjon", Readings(19, 97, 0, 146, 96, 36.8),
                  WELL, 5, 4, (2, 3), ("oksazepam", "mirtazapin")),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Chronic:
    """``phrase``: as it stands inside a sentence; ``brings``: the condition its worsening is admitted for."""

    phrase: str
    icpc2: str
    icd10: str
    text: str
    drugs: tuple[str, ...]
    brings: str = ""


CHRONIC: tuple[Chronic, ...] = (
    Chronic("hypertensjon", "K86", "I10", "Hypertensjon", ("amlodipin", "kandesartan")),
    Chronic("atrieflimmer", "K78", "I48.2", "Permanent atrieflimmer", ("apiksaban", "metoprolol")),
    Chronic("hjertesvikt", "K77", "I50.9", "Kronisk hjertesvikt", ("furosemid", "bisoprolol", "ramipril"), "svikt"),
    Chronic("KOLS", "R95", "J44.9", "Kronisk obstruktiv lungesykdom, grad 3", ("tiotropium", "salbutamol"), "kols"),
    Chronic("diabetes type 2", "T90", "E11.9", "Diabetes type 2", ("metformin", "insulin glargin"), "diab"),
    Chronic("hypotyreose", "T86", "E03.9", "Hypotyreose", ("levotyroksin",)),
    Chronic("osteoporose", "L95", "M81.9", "Osteoporose", ("alendronat", "kalsium/vitamin D"), "hofte"),
    Chronic("kneartrose", "L90", "M17.9", "Artrose i begge knær", ("paracetamol",)),
    Chronic("gjennomgått hjerneslag", "K90", "I69.4", "Følgetilstand etter hjerneslag",
            ("acetylsalisylsyre", "atorvastatin")),
    Chronic("Parkinsons sykdom", "N87", "G20", "Parkinsons sykdom", ("levodopa/karbidopa",), "dehyd"),
    Chronic("kronisk nyresvikt", "U99", "N18.3", "Kronisk nyresykdom, stadium 3", ("kandesartan",)),
    Chronic("koronarsykdom", "K76", "I25.1", "Kronisk koronarsykdom", ("acetylsalisylsyre", "atorvastatin")),
    Chronic("glaukom", "F93", "H40.9", "Glaukom", ("latanoprost",)),
    Chronic("depresjon", "P76", "F32.9", "Depressiv lidelse", ("mirtazapin",), "angst"),
    Chronic("mild kognitiv svikt", "P20", "R41.8", "Hukommelsesproblem", (), "delir"),
    Chronic("revmatoid artritt", "L88", "M05.9", "Revmatoid artritt", ("prednisolon", "kalsium/vitamin D")),
    Chronic("jernmangelanemi", "B80", "D50.9", "Jernmangelanemi", ("jernsulfat",), "obst"),
)  # fmt: skip
CANCERS: tuple[Chronic, ...] = (
    Chronic("prostatakreft med skjelettmetastaser", "Y77", "C61", "Prostatakreft med spredning til skjelett", ()),
    Chronic("lungekreft med spredning", "R84", "C34.9", "Lungekreft med spredning", ()),
    Chronic("tykktarmskreft med levermetastaser", "D75", "C18.9", "Tykktarmskreft med levermetastaser", ()),
    Chronic("brystkreft med spredning", "X76", "C50.9", "Brystkreft med spredning", ()),
)
