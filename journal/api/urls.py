"""Addresses of the API. Reading and writing share an address, each method with its own rule."""

from drf_spectacular.views import SpectacularAPIView

import journal.api.schema  # noqa: F401 - registers itself
from access.domain.codes import Action, Category
from access.routes import guarded_path, public_path
from access.rules import patient, unit
from journal.api import views

P = "patients/<uuid:patient>/"


def reads_and_writes(category: Category | None) -> dict:
    return {"GET": patient(Action.READ, category), "POST": patient(Action.WRITE, category)}


urlpatterns = [
    public_path("schema/", SpectacularAPIView.as_view(), "api_schema"),
    guarded_path("patients/search/", views.PatientSearch.as_view(), {"POST": unit()}, "api_search"),
    guarded_path(P, views.PatientDetail.as_view(), {"GET": patient(Action.SEARCH)}, "api_patient"),
    guarded_path(P + "stays/", views.Stays.as_view(), reads_and_writes(Category.LOGISTICS), "api_stays"),
    guarded_path(P + "stays/<uuid:stay>/admit/", views.StayAdmit.as_view(), {"POST": patient(Action.WRITE, Category.LOGISTICS)}, "api_stay_admit"),
    guarded_path(P + "notes/", views.Notes.as_view(), reads_and_writes(None), "api_notes"),
    guarded_path(P + "notes/<uuid:note>/", views.NoteDetail.as_view(), {"GET": patient(Action.READ), "PUT": patient(Action.WRITE)}, "api_note"),
    guarded_path(P + "notes/<uuid:note>/sign/", views.NoteSign.as_view(), {"POST": patient(Action.SIGN)}, "api_note_sign"),
    guarded_path(P + "observations/", views.Observations.as_view(), reads_and_writes(Category.VITALS), "api_observations"),
    guarded_path(P + "tasks/", views.Tasks.as_view(), reads_and_writes(Category.TASKS), "api_tasks"),
    guarded_path(P + "tasks/<uuid:task>/done/", views.TaskDone.as_view(), {"POST": patient(Action.WRITE, Category.TASKS)}, "api_task_done"),
]
