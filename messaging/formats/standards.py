"""Which standard a namespace is, and which receipt its messages want."""

from messaging.formats.model.message import Standard

_KITH = "http://www.kith.no/xmlstds"
MSGHEAD = f"{_KITH}/msghead/2006-05-24"
RECEIPT_NAMESPACES = {"1.0": f"{_KITH}/apprec/2004-11-21", "1.1": f"{_KITH}/apprec/2012-02-15"}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
EBXML = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"

# Word in the namespace → what people call the message.
_CARE = {
    "HelseopplysningerVedSoknad": "Helseopplysninger",
    "Konsultasjon": "Helseopplysninger til lege",
    "HelseopplysningerTilLege": "Helseopplysninger til lege",
    "Innleggelsesrapport": "Innleggelsesrapport",
    "OverforingMedisinskeOpplysninger": "Medisinske opplysninger",
    "MedisinskeOpplysninger": "Medisinske opplysninger",
    "OrienteringOmTjenestetilbud": "Orientering om tjenestetilbud",
    "Pasientlogistikk": "Pasientlogistikk",
    "TverrfagligEpikrise": "Utskrivningsrapport",
    "MeldingFravar": "Melding om fravær",
}
_CARE_15 = _CARE.keys() - {"HelseopplysningerTilLege", "MedisinskeOpplysninger"}
_CARE_16 = _CARE.keys() - {"Konsultasjon", "OverforingMedisinskeOpplysninger", "MeldingFravar"}

# Payloads and roots: namespace → (name, version, family, version of the receipt).
_KNOWN: dict[str, tuple[str, str, str, str]] = {
    **{f"{_KITH}/po/{word}/2009-06-30": (_CARE[word], "1.5", "msghead", "1.0") for word in _CARE_15},
    **{f"{_KITH}/po/{word}/2012-04-01": (_CARE[word], "1.6", "msghead", "1.1") for word in _CARE_16},
    f"{_KITH}/dialog/2006-10-11": ("Dialogmelding", "1.0", "msghead", "1.0"),
    f"{_KITH}/dialog/2013-01-23": ("Dialogmelding", "1.1", "msghead", "1.1"),
    "http://ehelse.no/xmlstds/henvisning/2017-11-30": ("Henvisning", "2.0", "msghead", "1.1"),
    f"{_KITH}/epj/EPJEkstrakt/2008-02-20": ("EPJ-ekstrakt", "1.4", "msghead", "1.0"),
    f"{_KITH}/henvisning/2005-07-08": ("Henvisning", "1.0", "message", "1.0"),
    f"{_KITH}/henvisning/2012-02-15": ("Henvisning", "1.1", "message", "1.1"),
    f"{_KITH}/epikrise/2006-09-23": ("Epikrise", "1.1", "message", "1.0"),
    f"{_KITH}/epikrise/2012-02-15": ("Epikrise", "1.2", "message", "1.1"),
    f"{_KITH}/rekvisisjon/2008-12-01": ("Rekvisisjon", "1.5", "message", "1.0"),
    f"{_KITH}/rekvisisjon/2012-02-15": ("Rekvisisjon", "1.6", "message", "1.1"),
    f"{_KITH}/labsvar/2008-12-01": ("Svarrapport", "1.3", "message", "1.0"),
    f"{_KITH}/labsvar/2012-02-15": ("Svarrapport", "1.4", "message", "1.1"),
    RECEIPT_NAMESPACES["1.0"]: ("Applikasjonskvittering", "1.0", "apprec", ""),
    RECEIPT_NAMESPACES["1.1"]: ("Applikasjonskvittering", "1.1", "apprec", ""),
}
ROOTS = {"msghead": "MsgHead", "message": "Message", "apprec": "AppRec"}


def standard_of(namespace: str, root: str) -> Standard:
    """The standard of a payload or root; with its root's name alone when it is none we know."""
    if namespace not in _KNOWN:
        return Standard(name=root, namespace=namespace, root=root)
    name, version, family, receipt = _KNOWN[namespace]
    return Standard(name, version, family, namespace, root, receipt)
