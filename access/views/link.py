"""A handle into a record, followed."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from access.gate import call


def record_link(request: HttpRequest, link: UUID) -> HttpResponse:
    """To the page, for those who may open that record now; for all others there is nothing here. The page itself is logged as any other."""
    path = call("record_link_follow", link)
    if path is None:
        raise Http404
    return HttpResponseRedirect(path)
