"""The words of a decision, and the reading of the database's facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from access.domain.codes import Action
from access.domain.decide import decide
from access.domain.explain import _REFUSALS, explain
from access.domain.facts import Facts
from access.domain.rules import ReasonCode
from tests.access.domain.conftest import AGO, NOW, NURSE, authorised, block, facts, measure, opening, row, template, uid


def words(known: Facts, action: Action = Action.READ, **changes: object) -> str:
    return explain(decide(known, action, row(**changes)), known)


def under(code: str, **changes):
    return facts(measures=(measure(template=template(code, name="Annet tiltak"), **changes),))


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (under("ADMITTED"), "Tilgang: innlagt på Hjemmesykepleien Nord"),
        (under("SERVICE_HEALTH"), "Tilgang: aktiv tjeneste fra Hjemmesykepleien Nord"),
        (under("TASK"), "Tilgang: åpen oppgave hos Hjemmesykepleien Nord"),
        (under("TASK", unit=None, performer=NURSE), "Tilgang: åpen oppgave til deg"),
        (under("PARTICIPATION", reason="Tilsyn {sår}"), "Tilgang: du deltar i behandlingen. Begrunnelse: Tilsyn {sår}"),
        (
            under("EMERGENCY", reason="Bevisstløs", ends_at=datetime(2026, 11, 12, 12, 30, tzinfo=UTC)),
            "Nødtilgang fram til kl. 13:30. Begrunnelse: Bevisstløs",
        ),
        (under("LEARNING"), "Tilgang: Annet tiltak"),
        (
            under("ADMITTED", ends_at=NOW - timedelta(hours=24)),
            "Tilgang: innlagt på Hjemmesykepleien Nord. "
            "Avsluttet 11.11.2026: du kan lese og gjøre ferdig egen enhets opplysninger til 13.11.2026 kl. 13:00",
        ),
        (
            replace(facts(), blocks=(block(),), openings=(opening(),)),
            "Tilgang: aktiv tjeneste fra Hjemmesykepleien Nord. Opplysningen er sperret og åpnet for deg",
        ),
        (facts(measures=()), "Verken du eller Hjemmesykepleien Nord har noe besluttet tiltak for pasienten"),
        (under("ADMITTED", ends_at=NOW - timedelta(days=3)), "Tiltaket er avsluttet 09.11.2026"),
        (authorised(valid_to=datetime(2026, 10, 31, 23, 30, tzinfo=UTC)), "Autorisasjonen din utløp 01.11.2026"),
        (facts(blocks=(block(),)), "Noe er sperret for deg"),
    ],
)
def test_the_ground_and_the_obstacle_are_told_in_norwegian_words_and_norwegian_time(known, text):
    assert words(known) == text


def test_every_reason_for_a_denial_has_words():
    assert set(_REFUSALS) == set(ReasonCode) - {ReasonCode.ALLOWED}


def test_the_words_are_looked_up_in_the_catalogue():
    def english(message: str) -> str:
        return {"Tilgang: innlagt på {unit}": "Access: admitted to {unit}"}[message]

    known = under("ADMITTED")
    assert explain(decide(known, Action.READ, row()), known, english) == "Access: admitted to Hjemmesykepleien Nord"


def as_sent() -> dict:
    """Facts as the database sends them, with every optional value both set and null somewhere."""
    stamp, ids = "2026-11-12T13:00:00.5+01:00", [str(uid(n)) for n in range(40)]
    period = {"valid_from": "2026-01-01T00:00:00+00:00", "valid_to": None}
    return {
        "now": stamp,
        "user": {"id": ids[1], "active": True, "display": "Hanne Moen"},
        "licences": [{"profession": "SP", **period}],
        "courses": [{"course_id": ids[11], **period}],
        "authorisation": {
            "id": ids[2],
            **period,
            "role": {
                "id": ids[3],
                "code": "home_nurse",
                "name": "Sykepleier",
                "may_chart": True,
                "required_profession": None,
                "required_courses": [{"course_id": ids[11], "name": "Brannvern", **period}],
            },
            "unit": {"id": ids[4], "name": "Nord", "service_code": 15, "legal_entity_id": ids[5], **period},
        },
        "entities": [{"id": ids[5], "name": "Ås", "successor_id": None, **period}],
        "communities": [{"id": ids[6], **period}],
        "participations": [{"community_id": ids[6], "legal_entity_id": ids[5], "service_code": 15, "mode": "member", **period}],
        "measures": [
            {
                "id": ids[7],
                "template": {
                    "id": ids[8],
                    "code": "TASK",
                    "name": "Oppgave",
                    "tail_hours": 2,
                    "own_unit_only": False,
                    "purpose": "TREAT",
                    "user_selected": False,
                },
                "unit_id": ids[4],
                "performer_id": None,
                "starts_at": period["valid_from"],
                "ends_at": None,
                "scope_categories": [7, 3],
                "scope_since": None,
                "reason": "",
            }
        ],
        "rights": [{"template_id": ids[8], "category": 7, "actions": 3} | period],
        "blocks": [
            {
                "id": ids[9],
                "scope": "entry",
                "category": None,
                "document_type": None,
                "stay_id": None,
                "entry_id": ids[10],
                "entries_from": stamp,
                "entries_to": None,
                "target": "user",
                "target_id": ids[1],
                **period,
                "exceptions": [{"user_id": None, "unit_id": ids[4]}],
            }
        ],
        "openings": [{"entry_id": ids[10], "valid_from": stamp, "valid_to": "2026-11-12T14:00:00+01:00"}],
    }


def test_the_databases_facts_are_read_as_they_are_sent():
    known = Facts.from_json(as_sent(), uid(30))
    assert known.now == datetime(2026, 11, 12, 12, 0, 0, 500_000, tzinfo=UTC)
    assert known.patient == uid(30)
    assert known.actor.authorisation is not None
    assert known.actor.authorisation.unit.legal_entity == uid(5)
    assert known.measures[0].scope_categories == {3, 7}
    assert known.measures[0].template.tail == timedelta(hours=2)
    assert known.blocks[0].exceptions[0].unit == uid(4)
    assert known.openings[0].entry == uid(10)
    assert known.actor.authorisation.role.required_courses[0].course == known.actor.courses[0].course == uid(11)
    assert decide(known, Action.READ, row(patient=uid(30), unit=uid(4), entity=uid(5), event_at=AGO))


def test_facts_that_lack_a_part_or_an_offset_are_refused():
    for key in as_sent():
        with pytest.raises(KeyError):
            Facts.from_json({k: v for k, v in as_sent().items() if k != key})
    with pytest.raises(ValueError, match="offset"):
        Facts.from_json(as_sent() | {"now": "2026-11-12T13:00:00"})
