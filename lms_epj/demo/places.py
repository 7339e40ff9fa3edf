"""Municipalities, units and addresses. Streets sound right for Follo; house numbers are made up."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Municipality:
    """``number`` is the present one; ``mode`` how it takes part in the record community."""

    code: str
    number: str
    name: str
    mode: str
    weight: int  # inhabitants 1 Jan 2012
    postal: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]


@dataclass(frozen=True)
class FormerMunicipality:
    """Ski and Oppegård became Nordre Follo on 1 January 2020; history must be able to say so."""

    number: str
    name: str
    valid_to: date
    successor: str


MERGER = date(2020, 1, 1)
FORMER = (
    FormerMunicipality("0213", "Ski", MERGER, "nordre_follo"),
    FormerMunicipality("0217", "Oppegård", MERGER, "nordre_follo"),
)

MUNICIPALITIES: dict[str, Municipality] = {
    m.code: m
    for m in (
        Municipality(
            "nordre_follo", "3207", "Nordre Follo", "member", 54490,
            (("1400", "Ski"), ("1405", "Langhus"), ("1410", "Kolbotn"), ("1415", "Oppegård"), ("1404", "Siggerud")),
            ("Idrettsveien", "Skoleveien", "Kirkeveien", "Solbakken", "Vestveien", "Gamle Kirkevei", "Bøleråsen",
             "Hebekkveien", "Langhusveien", "Skiveien", "Ormerudveien", "Ingierstrandveien", "Kapellveien",
             "Nordliveien", "Tårnåsen", "Fjellveien", "Sofiemyrveien", "Åsenveien"),
        ),
        Municipality(
            "as", "3218", "Ås", "member", 17284, (("1430", "Ås"), ("1407", "Vinterbro"), ("1432", "Ås")),
            ("Brekkeveien", "Rugdeveien", "Langbakken", "Drøbakveien", "Moerveien", "Sentralveien", "Askehaugveien",
             "Hogstvetveien", "Solbergveien", "Nygårdsveien", "Lyngveien", "Myrveien"),
        ),
        Municipality(
            "frogn", "3214", "Frogn", "member", 15154, (("1440", "Drøbak"), ("1443", "Drøbak"), ("1449", "Drøbak")),
            ("Storgata", "Ringveien", "Belsjøveien", "Osloveien", "Ullerudveien", "Havnegata", "Seiersten",
             "Dyrløkkeveien", "Husvikveien", "Odalsveien", "Vestbyveien"),
        ),
        Municipality(
            "nesodden", "3212", "Nesodden", "member", 17809,
            (("1450", "Nesoddtangen"), ("1458", "Fjellstrand"), ("1454", "Fagerstrand")),
            ("Vestveien", "Kongleveien", "Skogveien", "Berger vei", "Flaskebekkveien", "Hellvikveien", "Granholtveien",
             "Tomåsveien", "Kapellveien", "Sjøstrandveien", "Bråteveien"),
        ),
        Municipality(
            "vestby", "3216", "Vestby", "member", 15143,
            (("1540", "Vestby"), ("1550", "Hølen"), ("1555", "Son"), ("1541", "Vestby")),
            ("Senterveien", "Garderveien", "Soldammen", "Mørkveien", "Kjøvangveien", "Labo", "Brevikveien",
             "Sundbyveien", "Toveien", "Kolåsveien"),
        ),
        Municipality(
            "enebakk", "3220", "Enebakk", "message_only", 10487,
            (("1911", "Flateby"), ("1912", "Enebakk"), ("1914", "Ytre Enebakk")),
            ("Lillestrømveien", "Kirkeveien", "Barbøl", "Vågveien", "Flatebyveien", "Mjærveien", "Østbyveien",
             "Gaupeveien", "Råkenveien"),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    key: str
    municipality: str  # "" for the local medical centre
    kind: str
    name: str
    service_code: int | None


LMS = "lms"
UNITS: dict[str, Unit] = {
    u.key: u
    for u in (
        Unit(LMS, "", "observation_ward", "Observasjonsposten, Follo LMS", 25),
        *(
            Unit(f"{m.code}.{suffix}", m.code, kind, f"{title}, {m.name}", service)
            for m in MUNICIPALITIES.values()
            if m.mode == "member"
            for suffix, kind, title, service in (
                ("home", "home_nursing", "Hjemmesykepleien", 15),
                ("therapy", "therapy", "Fysio- og ergoterapi", 19),
                ("office", "allocation_office", "Tjenestekontoret", None),
                ("nursing", "nursing_home", "Korttidsavdelingen", 18),
            )
        ),
    )
}
BEDS = tuple(range(1, 11))
