"""Blocks, for administrators of access. ``record`` is a patient whom no rule opens: the database shows who it is, and dates and units."""

from access.routes import guarded_path
from access.rules import role, unit
from access.views import assessing, blocks

ADMIN = role("administers_access", "blocks")

urlpatterns = [
    guarded_path("sperringer/vurdering/", assessing.blocks_to_assess, unit(), "blocks_to_assess"),
    guarded_path("sperringer/", blocks.find, ADMIN, "blocks"),
    guarded_path("sperringer/hjemler/", blocks.legal_grounds, ADMIN, "legal_grounds"),
    guarded_path("sperringer/<uuid:record>/", blocks.block_list, ADMIN, "block_list"),
    guarded_path("sperringer/<uuid:record>/ny/", blocks.block_new, ADMIN, "block_new"),
    guarded_path("sperringer/<uuid:record>/slik-ser/", blocks.block_seen, ADMIN, "block_seen"),
    guarded_path("sperringer/<uuid:record>/<uuid:registration>/opphev/", blocks.block_lift, ADMIN, "block_lift"),
    guarded_path("sperringer/<uuid:record>/<uuid:registration>/brev/", blocks.block_letter, ADMIN, "block_letter"),
]
