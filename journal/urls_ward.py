"""Routes of the ward, the day list, tasks and municipal services, each with its rule."""

from access.routes import guarded_path
from access.rules import unit
from journal.views import board

WARD = unit("observation_ward")

urlpatterns = [
    guarded_path("tavle/", board.board, WARD, "board"),
    guarded_path("tavle/direkte/", board.board_live, WARD, "board_live"),
    guarded_path("tavle/seng-klar/", board.bed_ready, WARD, "bed_ready"),
]
