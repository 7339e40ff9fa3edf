"""Routes of printing. What puts something on paper carries the right to print and is logged as that; choosing what to print is reading."""

from dataclasses import replace

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import patient, unit
from journal.views import printing

READ, PRINT = patient(Action.READ), patient(Action.PRINT)
P = "pasient/<uuid:patient>/utskrift/"

urlpatterns = [
    guarded_path(P, printing.choose_view, READ, "print"),
    guarded_path(P + "lag/", printing.make_view, PRINT, "print_make"),
    guarded_path(P + "<uuid:job>/", printing.job_view, READ, "print_job"),
    guarded_path(P + "<uuid:job>/del/<int:number>/", printing.file_view, PRINT, "print_file"),
    guarded_path(P + "<uuid:job>/avbryt/", printing.cancel_view, READ, "print_cancel"),
    guarded_path(P + "<uuid:job>/igjen/", printing.again_view, PRINT, "print_again"),
    guarded_path("utskrift/<uuid:job>/framdrift/", printing.status_view, unit(), "print_status"),
    guarded_path("rapport/utskrift/", printing.ward_view,
                 replace(unit("observation_ward", "nursing_home", "home_nursing", "therapy"), action=Action.PRINT), "shift_report_print"),
]  # fmt: skip
