"""Routes of what is written and sent: kinds, the message itself, a patient's refusal, the question to the municipality, and the two stories."""

from access.domain.codes import Action, Category
from access.routes import guarded_path
from access.rules import patient, unit
from messaging.views import compose, exchange

P = "pasient/<uuid:patient>/meldinger/"
SEND, REFUSE = patient(Action.SEND), patient(Action.WRITE, Category.ADMIN)

urlpatterns = [
    guarded_path(P + "ny/", compose.kinds_view, SEND, "message_kinds"),
    guarded_path(P + "ny/<slug:kind>/", compose.compose_view, SEND, "message_compose"),
    guarded_path(P + "reservasjon/", exchange.refusal_view, REFUSE, "exchange_refusal"),
    guarded_path(P + "etterspor/", exchange.ask_view, SEND, "gap_ask"),
    guarded_path("informasjonsgap/", exchange.report_view, unit("observation_ward"), "gap_report"),
]
