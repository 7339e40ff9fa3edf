"""Who is on call, and what is wrong. Nothing here is about a patient."""

from access.routes import guarded_path, public_path
from access.rules import role, unit
from ops.views import calendar_feed, deviations, incidents, mine, overview, plan, roster_setup, rule, service, setup, shift, year

SETTER = role("administers_access", "duty")

urlpatterns = [
    guarded_path("vakt/", overview.week, unit(), "duty"),
    guarded_path("vakt/maned/", overview.month, unit(), "duty_month"),
    guarded_path("vakt/ar/", year.year, unit(), "duty_year"),
    guarded_path("vakt/udekket/", overview.gaps, unit(), "duty_gaps"),
    guarded_path("vakt/fordeling/", overview.balance, unit(), "duty_balance"),
    guarded_path("vakt/mine/", mine.mine, unit(), "duty_mine"),
    guarded_path("vakt/mine/kalender/", mine.feed, unit(), "duty_feed"),
    guarded_path("vakt/mine/varsling/", mine.contact, unit(), "duty_contact"),
    guarded_path("vakt/bytter/", mine.swaps, unit(), "duty_swaps"),
    guarded_path("vakt/hvem/", plan.who, unit(), "duty_who"),
    guarded_path("vakt/plan/<uuid:roster>/", plan.plan, unit(), "duty_plan"),
    guarded_path("vakt/plan/<uuid:roster>/vakt/", shift.shift, unit(), "duty_shift"),
    guarded_path("vakt/plan/<uuid:roster>/regel/", rule.rule, unit(), "duty_rule"),
    guarded_path("vakt/plan/<uuid:roster>/oppsett/", roster_setup.roster_setup, unit(), "duty_roster"),
    guarded_path("vakt/turnus/", roster_setup.shift_plan, unit(), "shift_plan"),
    guarded_path("vakt/oppsett/", setup.setup, SETTER, "duty_setup"),
    guarded_path("vakt/oppsett/system/", setup.system_new, SETTER, "duty_system_new"),
    guarded_path("vakt/oppsett/system/<uuid:system>/", setup.system, SETTER, "duty_system"),
    guarded_path("vakt/oppsett/system/<uuid:system>/avtale/", setup.terms, SETTER, "duty_terms"),
    guarded_path("vakt/oppsett/part/", setup.party_new, SETTER, "duty_party_new"),
    guarded_path("vakt/oppsett/part/<uuid:party>/", setup.party, SETTER, "duty_party"),
    guarded_path("vakt/oppsett/kilde/", setup.event_source, SETTER, "event_source"),
    guarded_path("vakt/tjenesteniva/", service.levels, unit(), "service_levels"),
    guarded_path("vakt/avvik/", deviations.deviations, unit(), "deviations"),
    guarded_path("vakt/avvik/nytt/", deviations.deviation_new, unit(), "deviation_new"),
    guarded_path("vakt/avvik/<uuid:deviation>/", deviations.deviation, unit(), "deviation"),
    guarded_path("vakt/hendelser/", incidents.incidents, unit(), "incidents"),
    guarded_path("vakt/hendelser/ny/", incidents.incident_new, unit(), "incident_new"),
    guarded_path("vakt/hendelser/<uuid:incident>/", incidents.incident, unit(), "incident"),
    guarded_path("vakt/postkasse/", incidents.mailbox, unit(), "mailbox"),
    public_path("vakt/varsel/<uuid:step>/<uuid:party>/<str:proof>/", incidents.woken, "duty_page"),
    public_path("api/v1/building-events/", incidents.building_event, "building_event"),
    public_path("vakt/kalender/<str:secret>/vakter.ics", calendar_feed.ics, "duty_ics"),
]
