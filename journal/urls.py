"""The journal's addresses, each with its rule. One file per area."""

from journal.urls_blocks import urlpatterns as blocks
from journal.urls_files import urlpatterns as files
from journal.urls_identity import urlpatterns as identity
from journal.urls_notes import urlpatterns as notes
from journal.urls_plan import urlpatterns as plan
from journal.urls_print import urlpatterns as printing
from journal.urls_procedures import urlpatterns as procedures
from journal.urls_record import urlpatterns as record
from journal.urls_ward import urlpatterns as ward

urlpatterns = [*record, *notes, *plan, *files, *printing, *procedures, *ward, *blocks, *identity]
