"""Roles and rights: the matrix, changes of it, and what administrators make themselves (R11–R13)."""

from access.routes import guarded_path
from access.rules import role
from access.views import rights, rights_changes, rights_document_types, rights_made, rights_templates

RIGHTS = role("administers_access", "rights")

urlpatterns = [
    guarded_path("roller/", rights.first_role, RIGHTS, "rights"),
    guarded_path("roller/ny/", rights_made.role_new, RIGHTS, "role_new"),
    guarded_path("roller/uttrekk/", rights.export, RIGHTS, "rights_export"),
    guarded_path("roller/endringer/", rights_changes.changes, RIGHTS, "rights_changes"),
    guarded_path("roller/endringer/<uuid:change>/", rights_changes.change, RIGHTS, "rights_change"),
    guarded_path("roller/journaltyper/", rights_document_types.document_types, RIGHTS, "document_types"),
    guarded_path("roller/journaltyper/ny/", rights_document_types.document_type, RIGHTS, "document_type_new"),
    guarded_path("roller/journaltyper/ny-kategori/", rights_made.category_new, RIGHTS, "category_new"),
    guarded_path("roller/journaltyper/<slug:document_type>/", rights_document_types.document_type, RIGHTS, "document_type"),
    guarded_path("roller/journaltyper/<slug:document_type>/mal/", rights_templates.template_edit, RIGHTS, "document_template"),
    guarded_path("roller/journaltyper/<slug:document_type>/versjoner/", rights_templates.versions, RIGHTS, "document_template_versions"),
    guarded_path("roller/<uuid:role>/", rights.role, RIGHTS, "rights_role"),
    guarded_path("roller/<uuid:role>/historikk/", rights.history, RIGHTS, "rights_history"),
]
