"""Routes of the record community: the agreement for administrators of access, the copy for one who leaves for the custodian."""

from access.routes import guarded_path
from access.rules import role
from access.views import community, community_exit, community_forms, exports

ADMIN, CUSTODIAN = role("administers_access", "community"), role("is_custodian", "community")

urlpatterns = [
    guarded_path("samarbeid/", community.community, ADMIN, "community"),
    guarded_path("samarbeid/avtale/<uuid:version>/", community.agreement, ADMIN, "agreement"),
    guarded_path("samarbeid/endring/<uuid:change>/", community.community_change, ADMIN, "community_change"),
    guarded_path("samarbeid/endring/<uuid:change>/avlys/", community.cancel, ADMIN, "community_cancel"),
    guarded_path("samarbeid/<uuid:community>/avtale/ny/", community_forms.agreement_new, ADMIN, "agreement_new"),
    guarded_path("samarbeid/<uuid:community>/vert/ny/", community_forms.host_new, ADMIN, "host_new"),
    guarded_path("samarbeid/<uuid:community>/deltaker/ny/", community_forms.join_new, ADMIN, "join_new"),
    guarded_path("samarbeid/<uuid:community>/sammenslaing/ny/", community_forms.merge_new, ADMIN, "merge_new"),
    guarded_path("samarbeid/<uuid:community>/utmelding/ny/", community_exit.exit_new, ADMIN, "exit_new"),
    guarded_path("uttrekk/", exports.exports, CUSTODIAN, "exports"),
    guarded_path("uttrekk/<uuid:export>/", exports.export, CUSTODIAN, "export"),
    guarded_path("uttrekk/<uuid:export>/frigi/", exports.release, CUSTODIAN, "export_release"),
    guarded_path("uttrekk/<uuid:export>/reservasjon/", exports.refuse, CUSTODIAN, "export_refuse"),
    guarded_path("uttrekk/<uuid:export>/mottatt/", exports.receive, CUSTODIAN, "export_receive"),
]
