"""All routes. Each carries its rule; the start-up check refuses one that does not (access.routes.assert_guarded)."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("access.urls")),
    path("logg/", include("access.log_urls")),
    path("", include("journal.urls")),
    path("", include("messaging.urls_compose")),
    path("", include("messaging.urls")),
    path("", include("ops.urls")),
    path("", include("telemed.urls")),
    path("api/v1/", include("journal.api.urls")),
]

handler400 = "access.views.refused.bad_request"
handler403 = "access.views.refused.forbidden"
handler404 = "access.views.refused.unknown"
handler500 = "access.views.refused.broken"
