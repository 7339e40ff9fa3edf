"""Orders and doses: who signs, what may be given when, what is told of it, and what goes home."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from access.models import AccessBlock
from journal.domain.doses import Status
from journal.models import CriticalInfo, MedDose, MedOrder
from journal.selectors.med_round import round_context
from journal.selectors.medication import sheet_of
from journal.services import doses, med_orders
from journal.services.doses import Done, Place
from journal.services.entries import entry_columns
from journal.services.errors import Conflict, JournalError
from lms_epj.core.clock import to_oslo
from tests.journal.ordering import listed_medicine, place_of, write

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, OTHER, HOME = "lms.sykepleier", "lms.lege", "aas.to_roller", "aas.hjemmesykepleier"


@pytest.fixture
def order(cast, open_gate):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        return write(gate, cast)


def test_an_order_is_given_only_when_a_doctor_has_signed_it(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        with pytest.raises(JournalError, match="Bare lege"):
            write(gate, cast)
        proposal = write(gate, cast, sign=False)
        assert [one["count"] for one in round_context(gate)["unsigned"]] == [1]
        with pytest.raises(JournalError, match="ikke signert"):
            doses.dose_record(gate=gate, order=proposal, place=place_of(gate, proposal))
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        med_orders.orders_sign(gate=gate, patient=cast.anna.id, versions={proposal.pk: proposal.lock_version})
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        given = doses.dose_record(gate=gate, order=MedOrder.objects.get(pk=proposal.pk), place=place_of(gate, proposal))
        assert (given.status, given.author_id, given.order_id) == ("given", cast[NURSE].id, proposal.pk)


def test_the_database_itself_lets_no_nurse_sign_and_nobody_rewrite(cast, open_gate, order):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        proposal = write(gate, cast, sign=False)
        for change in ({"signed_by_id": cast[NURSE].id, "signed_at": gate.now}, {"signed_by_id": cast[DOCTOR].id, "signed_at": gate.now}):
            with pytest.raises(DatabaseError), transaction.atomic():
                MedOrder.objects.filter(pk=proposal.pk).update(**change)
        for change in ({"dose": 400}, {"generic": "digoksin"}, {"times": []}):
            with pytest.raises(DatabaseError), transaction.atomic():
                MedOrder.objects.filter(pk=order.pk).update(**change)


def test_what_meets_cave_is_ordered_with_a_reason_only(cast, open_gate, as_owner):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        CriticalInfo(**entry_columns(gate, cast.anna.id, 3), kind="allergy", substance="Penicillin", reaction="anafylaksi").save(force_insert=True)
        penicillin = {"generic": "benzylpenicillin", "kind": "as_needed", "max_per_day": 4, "dose": Decimal("1.2"), "unit_text": "g"}
        with pytest.raises(JournalError, match="CAVE Penicillin") as refused:
            med_orders.order_write(gate=gate, patient=cast.anna.id, values=penicillin, starts_at=gate.now, sign=True)
        assert "cave_reason" in refused.value.fields
        row = med_orders.order_write(
            gate=gate, patient=cast.anna.id, values=penicillin, starts_at=gate.now, sign=True, cave_reason="Testet negativ 2024"
        )
        assert row.atc == "J01CE01"


def test_a_dose_once_charted_is_not_charted_again_until_it_is_struck(cast, open_gate, order):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        place = place_of(gate, order)
        first = doses.dose_record(gate=gate, order=order, place=place)
        with pytest.raises(Conflict, match="Ingrid Solberg Haugen har ført denne dosen som gitt") as told:
            doses.dose_record(gate=gate, order=order, place=place)
        assert told.value.theirs.pk == first.pk
        doses.dose_strike(gate=gate, row=first, reason="Feil pasient")
        with pytest.raises(JournalError, match="allerede"):
            doses.dose_strike(gate=gate, row=first, reason="Igjen")
        doses.dose_record(gate=gate, order=order, place=place, done=Done(Status.REFUSED, None, "does_not_want"))
        assert MedDose.objects.filter(order_id=order.pk).count() == 2


@pytest.mark.parametrize(("done", "field"), [
    (Done(Status.NOT_GIVEN), "reason_code"), (Done(Status.NOT_GIVEN, None, "other"), "reason"), (Done(Status.PARTLY, None, "nausea"), "dose"),
    (Done(Status.PARTLY, Decimal(40), "nausea"), "dose"),
])  # fmt: skip
def test_what_deviates_says_why(cast, open_gate, order, done, field):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        with pytest.raises(JournalError) as refused:
            doses.dose_record(gate=gate, order=order, place=place_of(gate, order), done=done)
        assert field in refused.value.fields


def test_no_dose_where_the_order_has_none(cast, open_gate, order):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        place = place_of(gate, order)
        for wrong in (
            Place(place.on + timedelta(days=-9), place.at),
            Place(place.on, (gate.now - timedelta(hours=5)).time().replace(second=0)),
            Place(),
        ):
            with pytest.raises(JournalError):
                doses.dose_record(gate=gate, order=order, place=wrong)
        columns = entry_columns(gate, cast.anna.id, 5) | {"slot_on": place.on + timedelta(days=-9), "slot_at": place.at, "status": "given"}
        with pytest.raises(DatabaseError), transaction.atomic():  # past the service: the database asks the schedule too
            MedDose(**columns, order=order, origin_id=order.pk).save(force_insert=True)


def test_tomorrows_dose_is_not_charted_today(cast, open_gate, order):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        place = place_of(gate, order)
        with pytest.raises(JournalError, match="for tidlig"):
            doses.dose_record(gate=gate, order=order, place=Place(place.on + timedelta(days=1), place.at))


def test_stopped_means_no_dose_after_it_and_what_was_given_before_may_still_be_charted(cast, open_gate, order):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        with pytest.raises(JournalError, match="hvorfor"):
            med_orders.order_stop(gate=gate, row=order, reason=" ", lock_version=order.lock_version)
        med_orders.order_stop(gate=gate, row=order, reason="Uro", lock_version=order.lock_version)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        with pytest.raises(JournalError, match="stoppet"):
            doses.dose_record(gate=gate, order=order, place=place_of(gate, order))
        late = doses.dose_record(gate=gate, order=order, place=place_of(gate, order), done=Done(given_at=gate.now - timedelta(minutes=20)))
        assert late.event_at < late.recorded_at


def test_as_needed_keeps_its_interval_and_its_number(cast, open_gate):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        order = write(gate, cast, kind="as_needed", max_per_day=2, min_interval=240)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        first = doses.dose_record(gate=gate, order=order, place=Place(), done=Done(given_at=gate.now - timedelta(hours=9)))
        with pytest.raises(Conflict):  # a page from before the first dose
            doses.dose_record(gate=gate, order=order, place=Place())
        second = doses.dose_record(gate=gate, order=order, place=Place(previous=first.pk), done=Done(given_at=gate.now - timedelta(hours=2)))
        with pytest.raises(JournalError, match="lang nok tid"):
            doses.dose_record(gate=gate, order=order, place=Place(previous=second.pk))
        needed = next(
            line["needed"] for group in sheet_of(cast.anna.id, gate.now)["groups"] for line in group["lines"] if line["order"].pk == order.pk
        )
        assert needed["wait"].startswith("Tidligst") or needed["wait"].startswith("Døgnets")
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        order = write(gate, cast, kind="as_needed", max_per_day=1)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        first = doses.dose_record(gate=gate, order=order, place=Place())
        with pytest.raises(JournalError, match="så mange doser"):
            doses.dose_record(gate=gate, order=order, place=Place(previous=first.pk))


def waiting(gate):
    return round_context(gate)["waiting"]


def ready(gate):
    return [place for row in round_context(gate)["patients"] for place in row["places"]]


def test_double_control_takes_two(cast, open_gate):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        order = write(gate, cast, double_control=True)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        place = place_of(gate, order)
        with pytest.raises(JournalError, match="kontrolleres av en annen"):
            doses.dose_record(gate=gate, order=order, place=place)
        assert (waiting(gate), ready(gate)) == (1, [])
        doses.dose_control(gate=gate, order=order, place=place)
        doses.dose_control(gate=gate, order=order, place=place)
        assert (waiting(gate), ready(gate)) == (1, []), "one who controls does not give"
        with pytest.raises(JournalError, match="kontrolleres av en annen"):
            doses.dose_record(gate=gate, order=order, place=place)
        doses.dose_record(gate=gate, order=order, place=place, done=Done(Status.REFUSED, None, "does_not_want"))  # what is not given needs no control
        doses.dose_strike(gate=gate, row=MedDose.objects.get(order_id=order.pk), reason="Ombestemte seg")
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        assert len(ready(gate)) == 1
        assert doses.dose_record(gate=gate, order=order, place=place).status == "given"


def test_a_changed_order_goes_on_as_a_new_one(cast, open_gate, order):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        new = med_orders.order_change(
            gate=gate, row=order, values={"dose": Decimal(50)}, starts_at=gate.now, cave_reason="", reason="Økt", lock_version=order.lock_version
        )
        old = MedOrder.objects.get(pk=order.pk)
        assert (old.dose, old.stop_reason, new.dose, new.origin_id, new.generic) == (40, "Økt", 50, old.pk, "prednisolon")
        told = [line["changed"] for group in sheet_of(cast.anna.id, gate.now)["groups"] for line in group["lines"] if line["order"].pk == new.pk]
        assert told[0].endswith("fra 40\u00a0mg, J. Amundsen")


def test_what_hides_the_medicine_hides_its_orders_and_their_doses(cast, open_gate, as_owner):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        listed = listed_medicine(gate, cast, "metoprolol", "50 mg", "én gang daglig")
        carried = write(gate, cast, generic="metoprolol", medication_id=listed.pk)
        changed = med_orders.order_change(
            gate=gate,
            row=carried,
            values={"dose": Decimal(100)},
            starts_at=gate.now - timedelta(days=1),
            cave_reason="",
            reason="Økt",
            lock_version=1,
        )
        dose = doses.dose_record(gate=gate, order=carried, place=place_of(gate, carried), done=Done(given_at=gate.now - timedelta(minutes=5)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.chain_of(%s, %s)", [cast.anna.id, listed.pk])
        chain = cursor.fetchone()[0]
    assert set(chain) == {listed.pk, carried.pk, changed.pk}
    now = gate.now - timedelta(minutes=1)
    for entry in chain:
        AccessBlock.objects.create(
            patient_id=cast.anna.id,
            scope="entry",
            entry_id=entry,
            target="unit",
            target_id=cast.units["ward"],
            wish_of="Pasienten",
            registered_at=now,
            valid_from=now,
        )
    with open_gate(NURSE, patient=cast.anna.id):
        assert not MedOrder.objects.filter(pk__in=chain).exists()
        assert not MedDose.objects.filter(pk=dose.pk).exists()


def test_the_pages_of_a_round_by_presses_alone(cast, client_for, open_gate, order):
    nurse, doctor = client_for(NURSE), client_for(DOCTOR)
    base = f"/pasient/{cast.anna.id}/legemidler"
    fields = {"patient": cast.anna.id, "actor": cast[NURSE].id}
    sheet = nurse.get(f"{base}/i-dag/").content.decode()
    assert "prednisolon" in sheet and "40\u00a0mg" in sheet
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        place = place_of(gate, order)
    text = f"{order.pk}|{place.on}|{place.at:%H:%M}|"
    assert text in nurse.get("/legemiddelrunde/").content.decode()
    assert nurse.post(f"{base}/gi/", fields | {"place": text, "fra": "runde"}).url == f"/legemiddelrunde/#pasient-{cast.anna.id}"
    again = nurse.post(f"{base}/gi/", fields | {"place": text})
    assert again.status_code == 409 and "har ført denne dosen som gitt" in again.content.decode()
    assert "prednisolon" in nurse.get(f"{base}/historikk/").content.decode()
    assert nurse.get(f"{base}/forordning/{order.pk}/dose/?dose={text}").status_code == 200
    form = {"patient": cast.anna.id, "actor": cast[DOCTOR].id, "kind": "regular", "generic": "apiksaban", "dose": "5", "unit_text": "mg", "route": "gjennom munnen",
            "times": "8 og 20", "every_days": "1", "starts": f"{to_oslo(gate.now):%d.%m.%Y %H:%M}"}  # fmt: skip
    assert doctor.post(f"{base}/forordning/ny/", form | {"times": "25"}).status_code == 422
    assert doctor.post(f"{base}/forordning/ny/", form).status_code == 302
    assert doctor.get(f"{base}/forordning/ny/?sok=apik").content.decode().count("apiksaban") >= 1
    for page in ("samstemming/", "utskriving/", f"forordning/{order.pk}/endre/", f"forordning/{order.pk}/stopp/"):
        assert doctor.get(f"{base}/{page}").status_code == 200, page


def test_what_was_not_given_is_charted_on_its_own_page(cast, client_for, open_gate, order):
    client, url = client_for(NURSE), f"/pasient/{cast.anna.id}/legemidler/forordning/{order.pk}/dose/"
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        place = place_of(gate, order)
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id, "place": f"{order.pk}|{place.on}|{place.at:%H:%M}|"}
    assert client.post(url, form | {"place": "tull"}).status_code == 404
    for wrong in (
        {},
        {"status": "tull"},
        {"status": "not_given"},
        {"status": "partly", "reason_code": "nausea", "dose": "mye"},
        {"status": "given", "given_at": "sent"},
    ):
        assert client.post(url, form | wrong).status_code == 422, wrong
    assert client.post(url, form | {"status": "partly", "reason_code": "nausea", "dose": "20", "reason": "Lege varslet"}).status_code == 302
    sheet = client.get(f"/pasient/{cast.anna.id}/legemidler/historikk/").content.decode()
    assert "Delvis gitt 20 mg" in sheet and "Lege varslet" in sheet
    row = MedDose.objects.get(order_id=order.pk)
    strike = f"/pasient/{cast.anna.id}/legemidler/dose/{row.pk}/feil/"
    assert client.post(strike, form | {"reason": ""}).status_code == 422
    assert client.post(strike, form | {"reason": "Feil pasient"}).status_code == 302


def test_pages_ask_no_more_of_the_database_for_many_orders(cast, client_for, open_gate):
    client, asked = client_for(NURSE), {}
    pages = (f"/pasient/{cast.anna.id}/legemidler/i-dag/", "/legemiddelrunde/", f"/pasient/{cast.anna.id}/legemidler/historikk/")
    for orders in (1, 12):
        with open_gate(DOCTOR, patient=cast.anna.id) as gate:
            written = [write(gate, cast, generic=f"legemiddel {number}") for number in range(orders)]
        with open_gate(NURSE, patient=cast.anna.id) as gate:
            for row in written[1:]:
                doses.dose_record(gate=gate, order=row, place=place_of(gate, row))
        for page in pages:
            client.get(page)  # what is prepared once is prepared now
            with CaptureQueriesContext(connection) as found:
                assert client.get(page).status_code == 200
            asked.setdefault(page, []).append(len(found))
    assert all(few == many for few, many in asked.values()), asked
    assert max(many for _few, many in asked.values()) <= 30, asked
