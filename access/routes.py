"""Routes that carry their rule. The wrapper is the gate; a view never runs without it (architecture: safe by construction)."""

import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from access import gate
from access.rules import PUBLIC, Rule
from access.views import refused

logger = logging.getLogger("access.gate")
View = Callable[..., HttpResponse]
# What the database says when something would be written in a record that has been merged into another (access/policies/merge.sql).
MERGED = "EPM01"
# Pages that ask by themselves whether anything has changed: there a request that shows no patient needs no line in the log. Elsewhere the
# browser's word that it only polls counts for nothing.
POLLED = frozenset({"board_live", "community_change", "export", "print_status"})


def guarded_path(route: str, view: View, rule: Rule | Mapping[str, Rule], name: str) -> URLPattern:
    """A path whose view runs inside the gate. ``name`` is what the log calls the route.

    Where reading and writing share an address (the API), ``rule`` maps each method that it takes to its own rule.
    """
    return path(route, guard(view, rule, name), name=name)


def public_path(route: str, view: View, name: str) -> URLPattern:
    """A path that shows no patient and needs no session (log-in, health)."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return view(request, **kwargs) if readable(request) else refused.bad_request(request)

    wrapper.rule = PUBLIC  # type: ignore[attr-defined]
    wrapper.csrf_exempt = False  # type: ignore[attr-defined]
    return path(route, wrapper, name=name)


def guard(view: View, rule: Rule | Mapping[str, Rule], name: str) -> View:
    """Wraps a view in its rule: decide, open, run, render, log, commit – and only then answer."""
    rules = rule if isinstance(rule, Mapping) else None

    @functools.wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rule = rules.get(request.method) if rules else wrapper.rule
        if rule is None:
            return refused.wrong_method(request, list(rules))
        if not readable(request):
            return refused.bad_request(request)
        described = describe(request, rule, name)
        try:
            with transaction.atomic():
                return _run(request, view, rule, described, kwargs, by_form=rules is None)
        except Http404:
            log(request, described, kwargs, "deny", "not_found")
            return refused.not_found(request)
        except (PermissionDenied, SuspiciousOperation) as error:
            log(request, described, kwargs, "deny", "refused")
            return refused.not_allowed(request, error)
        except DatabaseError as error:
            if getattr(error.__cause__, "sqlstate", "") != MERGED:
                return _failed(request, described, kwargs, name, error)
            log(request, described, kwargs, "deny", "merged")
            return refused.merged_meanwhile(request)
        except Exception as error:
            return _failed(request, described, kwargs, name, error)

    wrapper.rule = next(iter(rules.values())) if rules else rule  # type: ignore[attr-defined]
    wrapper.rules = rules  # type: ignore[attr-defined]
    # The wrapped view may say it is exempt (the API does); the wrapper decides: cookies need the token, bearer tokens do not.
    wrapper.csrf_exempt = False  # type: ignore[attr-defined]
    return wrapper


def _failed(request: HttpRequest, described: gate.Request, kwargs: dict[str, Any], name: str, error: Exception) -> HttpResponse:
    logger.exception("request %s failed in %s", described.id, name)
    log(request, described, kwargs, "error", type(error).__name__)
    return refused.failed(request, described.id)


def readable(request: HttpRequest) -> bool:
    """PostgreSQL has no place for the character NUL, and nobody types it: said once here, for every form and address."""
    texts = [request.epj_secret, *request.COOKIES.values(), *request.headers.values()]
    for form in (request.GET, request.POST):
        texts += [text for name, values in form.lists() for text in (name, *values)]
    return not any("\0" in text for text in texts)


def describe(request: HttpRequest, rule: Rule, name: str) -> gate.Request:
    """What the log will say of this request."""
    return gate.Request(
        action=rule.action.name.lower(),
        route=name,
        device=request.headers.get("User-Agent", "")[:200],
        purpose=rule.purpose,
        quiet=name in POLLED and bool(request.headers.get("X-EPJ-Poll")),
    )


def _run(request: HttpRequest, view: View, rule: Rule, described: gate.Request, kwargs: dict[str, Any], by_form: bool) -> HttpResponse:
    secret = request.epj_secret
    patient = kwargs.get("patient") if rule.subject == "patient" else None
    facts = gate.read_facts(secret, patient, active=not described.quiet)
    request.epj_facts = facts
    described = _for_purpose(request, described)
    if rule.subject == "self":
        return _run_own(request, view, facts, kwargs)
    mismatch = _mismatch(request, facts, patient) if by_form else None
    if mismatch:
        gate.log_refusal(secret, described, patient=patient, outcome="deny", reason="other_form")
        return mismatch
    try:
        _check_role(rule, facts)
        with gate.enter(secret, described, patient=patient, action=rule.action, category=rule.category, facts=facts) as opened:
            request.gate = opened
            return _rendered(view(request, **kwargs))
    except gate.Refusal as refusal:
        if refusal.state == "deny" and patient and (moved := gate.merged_to(secret, patient)):
            gate.log_refusal(secret, described, patient=patient, outcome="deny", reason="merged")
            return _rendered(refused.merged(request, patient, moved))
        if refusal.state == "deny":
            reason = refusal.decision.reason.value if refusal.decision is not None else "role"
            gate.log_refusal(secret, described, patient=patient, outcome="deny", reason=str(reason))
        return _rendered(refused.answer(request, refusal))


def _for_purpose(request: HttpRequest, described: gate.Request) -> gate.Request:
    """A system client's lines in the log say what its token was given for."""
    named = request.epj_facts.get("session", {}).get("purpose")
    return replace(described, purpose=named) if named else described


def _run_own(request: HttpRequest, view: View, facts: dict[str, Any], kwargs: dict[str, Any]) -> HttpResponse:
    """The person's own session needs no grant, only a live, unlocked session."""
    if facts["state"] in ("none", "locked"):
        return _rendered(refused.answer(request, gate.Refusal(facts["state"])))
    return _rendered(view(request, **kwargs))


def _check_role(rule: Rule, facts: dict[str, Any]) -> None:
    authorisation = facts.get("authorisation")
    if facts["state"] != "ok" or authorisation is None:
        return
    if rule.flag and not authorisation["role"][rule.flag]:
        raise gate.Refusal("deny")
    if rule.unit_kinds and authorisation["unit"]["kind"] not in rule.unit_kinds:
        raise gate.Refusal("deny")


def _mismatch(request: HttpRequest, facts: dict[str, Any], patient: Any) -> HttpResponse | None:
    """A form carries its patient and its actor. One left over from another patient or person is refused with 409."""
    if request.method != "POST" or request.content_type == "application/json" or facts["state"] != "ok":
        return None
    user = facts["user"]["id"]
    if request.POST.get("actor", user) != user or (patient and request.POST.get("patient") != str(patient)):
        return refused.mismatch(request)
    return None


def _rendered(response: HttpResponse) -> HttpResponse:
    """Renders inside the gate. Streaming is refused: its bytes would leave after the gate has closed."""
    if getattr(response, "streaming", False):
        raise gate.GateClosed("a guarded view may not stream")
    if hasattr(response, "render") and not response.is_rendered:
        response.render()
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def log(request: HttpRequest, described: gate.Request, kwargs: dict[str, Any], outcome: str, reason: str) -> None:
    gate.log_refusal(request.epj_secret, _for_purpose(request, described), patient=kwargs.get("patient"), outcome=outcome, reason=reason)


def all_routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site with its whole path."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from all_routes(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def assert_guarded() -> None:
    """Refuses to start with a route that carries no rule, or a patient rule whose path names no patient."""
    for route, pattern in all_routes():
        rule = getattr(pattern.callback, "rule", None)
        if rule is None:
            raise ImproperlyConfigured(f"The route {route!r} has no access rule; declare it with guarded_path or public_path.")
        if rule.subject == "patient" and "<uuid:patient>" not in route:
            raise ImproperlyConfigured(f"The route {route!r} has a patient rule but no <uuid:patient>.")
