"""The agreement of the record community as it has been: the first version, the merger of Ski and Oppegård, the present version."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from guardian.models import UserObjectPermission

from access.models import AgreementSignature, AgreementVersion, CommunityChange, RecordCommunity
from lms_epj.core.clock import start_of_day
from lms_epj.demo.places import FORMER, LMS, MERGER, MUNICIPALITIES

if TYPE_CHECKING:
    from lms_epj.demo.load.organisation import Organisation

RENEWED = date(2024, 1, 1)
COVERAGE = (
    "Én felles journal for pasienter som får hjelp av Follo lokalmedisinske senter og av kommunenes helse- og omsorgstjenester. "
    "Den felles journalen kommer i stedet for intern journal i tjenestene som deltar."
)
RIGHTS = (
    "Pasienten kan vende seg til journalansvarlig ved senteret eller til egen kommune med krav om innsyn, retting, sletting og sperring. "
    "Kravet behandles av den som har ført opplysningen, og svaret gis samlet."
)
PROCESSING = (
    "Tilgang gis etter besluttede tiltak. Alle oppslag logges. Ved endring av avtalen gjelder ny versjon fra avtalt dag; ved opphør får hver part sitt, "
    "og det de andre har ført, blir stående hos dem. Loggen tas vare på så lenge journalen."
)
EXIT = (
    "Tilgangen mellom partene lukkes ved midnatt den avtalte dagen. Kommunen får hele journalen til innbyggerne sine og det den selv har ført om andre, "
    "med sjekksummer. Pasienter kan motsette seg overføring."
)
# signer by party: mayors and directors of the demo, synthetic like everyone else
SIGNERS = {
    LMS: ("Tone Sandvik Berge", "Daglig leder"), "nordre_follo": ("Gunnar Lindahl", "Kommunedirektør"), "as": ("Ragnhild Aas Moe", "Kommunedirektør"),
    "frogn": ("Trygve Hovland", "Kommunedirektør"), "nesodden": ("Bente Skogstad", "Kommunedirektør"), "vestby": ("Leif Arne Tveter", "Kommunedirektør"),
    "Ski": ("Astrid Fossum", "Rådmann"), "Oppegård": ("Helge Mørk", "Rådmann"),
}  # fmt: skip


def load_agreement(org: Organisation, opened: datetime) -> None:
    """Versions, signatures and what has changed; `tilgang.admin` holds the agreement."""
    community = RecordCommunity.objects.using(org.using).get(pk=org.community)
    members = [LMS, *(code for code, place in MUNICIPALITIES.items() if place.mode == "member" and code != "nordre_follo")]
    first = _version(org, community, 1, opened, start_of_day(RENEWED), "Ski", "Senteret åpner, og seks kommuner inngår avtalen")
    _sign(org, first, [*members, "Ski", "Oppegård"], (opened - timedelta(days=40)).date())
    second = _version(
        org, community, 2, start_of_day(RENEWED), None, "nordre_follo", "Nordre Follo tar over som vert, og planen for utmelding er skrevet ut"
    )
    _sign(org, second, [*members, "nordre_follo"], RENEWED - timedelta(days=24))
    admin = org.users["tilgang.admin"]
    common = {"community": community, "registered_by": admin}
    org.add(
        CommunityChange, kind="merge", legal_entity=org.entities["nordre_follo"], effective_at=start_of_day(MERGER),
        reason="Stortingets vedtak av 8. juni 2017", registered_at=start_of_day(MERGER) - timedelta(days=200),
        details={"predecessors": [str(org.entities[one.name].id) for one in FORMER], "participations": [], "ended": []}, **common,
    )  # fmt: skip
    org.add(
        CommunityChange, kind="host", legal_entity=org.entities["nordre_follo"], effective_at=start_of_day(RENEWED), reason=second.reason,
        registered_at=start_of_day(RENEWED) - timedelta(days=20), details={"version": str(second.id), "former_version": str(first.id)}, **common,
    )  # fmt: skip
    _hold(org, admin, community)


def _version(
    org: Organisation, community: RecordCommunity, number: int, since: datetime, until: datetime | None, host: str, reason: str
) -> AgreementVersion:
    return org.add(
        AgreementVersion, community=community, number=number, valid_from=since, valid_to=until, coverage=COVERAGE, patient_rights=RIGHTS,
        processing=PROCESSING, controller="Hver virksomhet er dataansvarlig for det den selv fører. Senteret er ansvarlig for loggen.",
        rights_contact="Journalansvarlig, Follo LMS", host=org.entities[host], operator=org.entities["Follo IKT"], notice_months=12,
        export_rule="residents", exit_plan=EXIT, law="pasientjournalloven §§ 9 og 24, kommuneloven §§ 20-4 og 20-8", reason=reason,
        registered_by=org.users["tilgang.admin"], registered_at=since - timedelta(days=20),
    )  # fmt: skip


def _sign(org: Organisation, version: AgreementVersion, parties: list[str], day: date) -> None:
    for party in parties:
        signer, title = SIGNERS[party]
        org.add(
            AgreementSignature, version=version, legal_entity=org.entities[party], signer=signer, title=title, signed_on=day,
            registered_by=version.registered_by, registered_at=version.registered_at,
        )  # fmt: skip


def _hold(org: Organisation, admin: object, community: RecordCommunity) -> None:
    kind = ContentType.objects.db_manager(org.using).get_for_model(RecordCommunity)
    permission = Permission.objects.using(org.using).get(content_type=kind, codename="administer_community")
    org.add(UserObjectPermission, user=admin, permission=permission, content_type=kind, object_pk=str(community.pk))
