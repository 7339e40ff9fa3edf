"""Reconciling: the home list becomes proposals at admission, the orders become the home list at discharge."""

from datetime import timedelta

import pytest

from access.domain.codes import Action
from journal.models import Medication, MedOrder
from journal.selectors.medication import sheet_of
from journal.services import med_orders, reconciliation
from journal.services.errors import JournalError
from lms_epj.core.clock import to_oslo
from tests.journal.ordering import listed_medicine, write

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier"


@pytest.fixture
def order(cast, open_gate):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        return write(gate, cast)


def test_the_home_list_becomes_proposals_and_the_orders_become_the_home_list(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        listed = [listed_medicine(gate, cast, *words) for words in (
            ("metoprolol", "50 mg", "én gang daglig"), ("warfarin", "etter skala", "kveld"), ("zopiklon", "5 mg", "kveld"), ("simvastatin", "20 mg", "kveld"))]  # fmt: skip
        metoprolol, warfarin, zopiklon, simvastatin = listed
        decisions = {metoprolol.pk: "continue", warfarin.pk: "continue", zopiklon.pk: "pause", simvastatin.pk: "stop"}
        with pytest.raises(JournalError, match="kilde"):
            reconciliation.reconcile(gate=gate, patient=cast.anna.id, occasion="admission", sources=[], decisions=decisions, comment="")
        for _time in range(2):  # pressed twice, nothing comes twice
            rows = {key: value for key, value in decisions.items() if value != "stop" or Medication.objects.get(pk=key).stopped_at is None}
            _row, by_hand = reconciliation.reconcile(
                gate=gate, patient=cast.anna.id, occasion="admission", sources=["patient"], decisions=rows, comment=""
            )
        assert [row.generic for row in by_hand] == ["warfarin"]
        proposal = MedOrder.objects.get(medication_id=metoprolol.pk)
        assert (proposal.dose, proposal.unit_text, proposal.signed_at, [at.hour for at in proposal.times]) == (50, "mg", None, [8])
        assert Medication.objects.get(pk=simvastatin.pk).stopped_at
        shown = {one["row"].generic: one["decision"] for one in sheet_of(cast.anna.id, gate.now)["beside"]}
        assert shown["zopiklon"] == "Pauses under oppholdet" and "metoprolol" not in shown
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        med_orders.orders_sign(gate=gate, patient=cast.anna.id, versions={proposal.pk: proposal.lock_version})
        new = write(gate, cast, route="gjennom munnen")
        running = reconciliation.running_orders(cast.anna.id)
        choices = {row.pk: "home" if row.pk in (proposal.pk, new.pk) else "end" for row in running}
        for _time in range(2):
            reconciliation.carry_home(gate=gate, patient=cast.anna.id, orders=choices, comment="")
        metoprolol.refresh_from_db()
        assert metoprolol.stopped_at is None, "said in other words, the same: untouched"
        home = Medication.objects.filter(patient_id=cast.anna.id, generic="prednisolon", stopped_at=None)
        assert [(row.dose, row.origin_id) for row in home] == [("40 mg", new.pk)]
        assert "utskriving" in home[0].source
        assert reconciliation.home_list_missing(cast.anna.id, None) == 0
        assert reconciliation.home_list_missing(cast.anna.id, gate.now + timedelta(seconds=1)) == len(running)
    with open_gate(HOME, patient=cast.anna.id, action=Action.READ):
        assert Medication.objects.filter(generic="prednisolon", stopped_at=None).count() == 1, "the municipality reads it at once"


def test_discharge_says_what_is_lacking_and_stops_the_orders_of_the_stay(cast, client_for, open_gate, order):
    page = client_for(NURSE).get(f"/pasient/{cast.anna.id}/opphold/skriv-ut/").content.decode()
    assert "Legemiddellisten for hjemmet er klar <b>– mangler</b>" in page and "/legemidler/utskriving/" in page
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        reconciliation.stay_orders_end(gate=gate, patient=cast.anna.id, stay=order.stay_id)
        assert MedOrder.objects.get(pk=order.pk).stop_reason == "Utskrevet"
        assert not reconciliation.running_orders(cast.anna.id)


def test_the_pages_from_the_home_list_to_the_list_for_home(cast, client_for, open_gate):
    nurse, doctor, base = client_for(NURSE), client_for(DOCTOR), f"/pasient/{cast.anna.id}/legemidler"
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        listed = listed_medicine(gate, cast, "bisoprolol", "2,5 mg", "morgen")
        other = listed_medicine(gate, cast, "warfarin", "etter skala", "kveld")
    form, his = ({"patient": cast.anna.id, "actor": cast[who].id} for who in (NURSE, DOCTOR))
    choices = {f"med.{listed.pk}": "continue", f"med.{other.pk}": "continue", "occasion": "admission"}
    assert nurse.post(f"{base}/samstemming/", form | choices).status_code == 422, "against what?"
    done = nurse.post(f"{base}/samstemming/", form | choices | {"sources": ["patient", "gp"]})
    assert done.url.endswith("/samstemming/?haand=1"), "the scale is ordered by hand"
    proposal = MedOrder.objects.get(medication_id=listed.pk)
    assert "venter på lege" in doctor.get(f"{base}/i-dag/").content.decode()
    assert doctor.post(f"{base}/forordning/signer/", his | {"order": f"{proposal.pk} {proposal.lock_version}"}).status_code == 302
    assert doctor.post(f"{base}/forordning/signer/", his | {"order": f"{proposal.pk} {proposal.lock_version}"}).status_code == 409
    page = doctor.get(f"{base}/forordning/{proposal.pk}/endre/").content.decode()
    assert 'value="2,5"' in page and 'value="08:00"' in page
    change = {"kind": "regular", "generic": "bisoprolol", "dose": "5", "unit_text": "mg", "route": "gjennom munnen", "times": "8", "every_days": "1"}
    starts = {"starts": f"{to_oslo(gate.now):%d.%m.%Y %H:%M}", "lock_version": proposal.lock_version + 1}
    assert doctor.post(f"{base}/forordning/{proposal.pk}/endre/", his | change | starts).status_code == 302
    changed = MedOrder.objects.get(origin_id=proposal.pk)
    assert doctor.post(f"{base}/utskriving/", his | {f"med.{changed.pk}": "home"}).status_code == 422, "every one of them"
    every = {f"med.{row.pk}": "home" if row.pk == changed.pk else "end" for row in MedOrder.objects.filter(patient_id=cast.anna.id, stopped_at=None)}
    assert nurse.post(f"{base}/utskriving/", form | every).status_code == 422, "a doctor's act"
    assert doctor.post(f"{base}/utskriving/", his | every).status_code == 302
    now = Medication.objects.get(patient_id=cast.anna.id, generic="bisoprolol", stopped_at=None)
    assert (now.dose, now.origin_id) == ("5 mg", listed.pk), "the list goes on from what it was"
