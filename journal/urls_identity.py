"""Routes of who the patient is, and of records that are one person's."""

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import patient, role
from journal.views import identity, merging

CUSTODIAN = role("is_custodian", "record_merge")

urlpatterns = [
    guarded_path("pasient/<uuid:patient>/identitet/", identity.identity, patient(Action.READ), "patient_identity"),
    guarded_path("journalansvar/samme-person/", merging.merge_list, CUSTODIAN, "record_merges"),
    guarded_path("journalansvar/samme-person/<uuid:merge>/", merging.merge_page, CUSTODIAN, "record_merge"),
]
