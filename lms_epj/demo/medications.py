"""Generic drugs with ATC code and a usual prescription; the demo's medication lists are made of these."""

from datetime import date

from .shapes import Medication

_O, _SC, _IV, _INH = "gjennom munnen", "under huden", "intravenøst", "inhalasjon"

# name → ATC, form, strength, dose, route, frequency, indication
_DRUGS = {
    "paracetamol": ("N02BE01", "tablett", "500 mg", "1 g", _O, "inntil fire ganger daglig", "smerter"),
    "oksykodon": ("N02AA05", "tablett", "5 mg", "5 mg", _O, "inntil fire ganger daglig", "sterke smerter"),
    "morfin": ("N02AA01", "tablett", "10 mg", "10 mg", _O, "inntil seks ganger daglig", "gjennombruddssmerter"),
    "morfin depot": ("N02AA01", "depottablett", "30 mg", "30 mg", _O, "to ganger daglig", "smerter"),
    "metoprolol": ("C07AB02", "depottablett", "50 mg", "50 mg", _O, "én gang daglig", "frekvenskontroll"),
    "bisoprolol": ("C07AB07", "tablett", "2,5 mg", "2,5 mg", _O, "én gang daglig", "hjertesvikt"),
    "furosemid": ("C03CA01", "tablett", "40 mg", "40 mg", _O, "morgen", "væskeansamling"),
    "furosemid inj": ("C03CA01", "injeksjonsvæske", "10 mg/mL", "40 mg", _IV, "to ganger daglig", "hjertesvikt"),
    "spironolakton": ("C03DA01", "tablett", "25 mg", "25 mg", _O, "én gang daglig", "hjertesvikt"),
    "ramipril": ("C09AA05", "kapsel", "5 mg", "5 mg", _O, "én gang daglig", "hjertesvikt"),
    "kandesartan": ("C09CA06", "tablett", "8 mg", "8 mg", _O, "én gang daglig", "høyt blodtrykk"),
    "amlodipin": ("C08CA01", "tablett", "5 mg", "5 mg", _O, "én gang daglig", "høyt blodtrykk"),
    "atorvastatin": ("C10AA05", "tablett", "40 mg", "40 mg", _O, "kveld", "forebygging"),
    "acetylsalisylsyre": ("B01AC06", "enterotablett", "75 mg", "75 mg", _O, "én gang daglig", "forebygging"),
    "apiksaban": ("B01AF02", "tablett", "5 mg", "5 mg", _O, "to ganger daglig", "atrieflimmer"),
    "enoksaparin": ("B01AB05", "injeksjonsvæske", "40 mg", "40 mg", _SC, "én gang daglig", "blodproppforebygging"),
    "metformin": ("A10BA02", "tablett", "500 mg", "1 g", _O, "to ganger daglig", "diabetes"),
    "insulin glargin": ("A10AE04", "injeksjonsvæske", "100 E/mL", "18 E", _SC, "kveld", "diabetes"),
    "insulin aspart": ("A10AB05", "injeksjonsvæske", "100 E/mL", "etter skala", _SC, "til måltid", "diabetes"),
    "levotyroksin": ("H03AA01", "tablett", "50 mikrog", "75 mikrog", _O, "morgen", "lavt stoffskifte"),
    "prednisolon": ("H02AB06", "tablett", "5 mg", "etter plan", _O, "morgen", "betennelse"),
    "deksametason": ("H02AB02", "tablett", "4 mg", "4 mg", _O, "morgen", "kvalme og smerter"),
    "alendronat": ("M05BA04", "tablett", "70 mg", "70 mg", _O, "én gang i uken", "benskjørhet"),
    "kalsium/vitamin D": ("A12AX", "tyggetablett", "500 mg/20 mikrog", "1 tablett", _O, "én gang daglig",
                          "benskjørhet"),
    "levodopa/karbidopa": ("N04BA02", "tablett", "100/25 mg", "1 tablett", _O, "fire ganger daglig", "Parkinson"),
    "latanoprost": ("S01EE01", "øyedråper", "50 mikrog/mL", "1 dråpe", "i øyet", "kveld", "grønn stær"),
    "mirtazapin": ("N06AX11", "tablett", "15 mg", "15 mg", _O, "kveld", "depresjon"),
    "oksazepam": ("N05BA04", "tablett", "10 mg", "10 mg", _O, "inntil to ganger daglig", "uro"),
    "jernsulfat": ("B03AA07", "depottablett", "100 mg", "100 mg", _O, "én gang daglig", "jernmangel"),
    "tiotropium": ("R03BB04", "inhalasjonspulver", "18 mikrog", "18 mikrog", _INH, "én gang daglig", "KOLS"),
    "salbutamol": ("R03AC02", "inhalasjonspulver", "0,2 mg", "0,2 mg", _INH, "inntil fire ganger daglig",
                   "tungpust"),
    "salbutamol/ipratropium": ("R03AL02", "inhalasjonsvæske", "2,5/0,5 mg", "2,5 mL", _INH, "fire ganger daglig",
                               "KOLS-forverring"),
    "doksysyklin": ("J01AA02", "tablett", "100 mg", "100 mg", _O, "én gang daglig", "luftveisinfeksjon"),
    "benzylpenicillin": ("J01CE01", "injeksjonsvæske", "1,2 g", "1,8 g", _IV, "fire ganger daglig", "infeksjon"),
    "cefotaksim": ("J01DD01", "injeksjonsvæske", "1 g", "1 g", _IV, "tre ganger daglig", "infeksjon"),
    "klindamycin": ("J01FF01", "kapsel", "300 mg", "300 mg", _O, "tre ganger daglig", "infeksjon"),
    "pivmecillinam": ("J01CA08", "tablett", "200 mg", "400 mg", _O, "tre ganger daglig", "urinveisinfeksjon"),
    "trimetoprim": ("J01EA01", "tablett", "160 mg", "160 mg", _O, "to ganger daglig", "urinveisinfeksjon"),
    "ringer": ("B05BB01", "infusjonsvæske", "1000 mL", "1000 mL", _IV, "én gang daglig", "væskemangel"),
    "ondansetron": ("A04AA01", "tablett", "4 mg", "4 mg", _O, "inntil tre ganger daglig", "kvalme"),
    "metoklopramid": ("A03FA01", "tablett", "10 mg", "10 mg", _O, "inntil tre ganger daglig", "kvalme"),
    "makrogol": ("A06AD65", "pulver", "1 pose", "1 pose", _O, "én gang daglig", "forstoppelse"),
    "laktulose": ("A06AD11", "mikstur", "667 mg/mL", "20 mL", _O, "én gang daglig", "forstoppelse"),
}  # fmt: skip
_HIGH_ALERT = {
    "B01A": "Blodfortynnende",
    "A10A": "Kan gi lavt blodsukker",
    "N02A": "Sterkt smertestillende",
}

# (antibiotic, what replaces it when penicillin is not tolerated), by the condition's topic
ANTIBIOTICS = {
    "pneumoni": ("benzylpenicillin", "doksysyklin"),
    "rosen": ("benzylpenicillin", "klindamycin"),
    "uvi": ("cefotaksim", "trimetoprim"),
    "delir": ("pivmecillinam", "trimetoprim"),
}
PENICILLIN_LIKE = frozenset({"benzylpenicillin", "pivmecillinam", "cefotaksim"})


def prescribe(name: str, started: date, source: str, stopped: date | None = None) -> Medication:
    atc, form, strength, dose, route, frequency, indication = _DRUGS[name]
    alert = next((text for prefix, text in _HIGH_ALERT.items() if atc.startswith(prefix)), "")
    if name == "acetylsalisylsyre":
        alert = ""
    return Medication(
        generic=name.removesuffix(" inj").removesuffix(" depot"),
        atc=atc,
        form=form,
        strength=strength,
        dose=dose,
        route=route,
        frequency=frequency,
        indication=indication,
        as_needed=frequency.startswith("inntil"),
        started=started,
        stopped=stopped,
        source=source,
        high_alert=alert,
    )
