"""All addresses of the site. Each app lists its own, with a rule per route; a route without one stops the start (access.routes)."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("journal.urls")),
]
