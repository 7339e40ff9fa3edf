"""Rows that stand many times on a page, drawn in Python: through the template engine fifty of them cost more than all else on the page.

Shapes of ``entry``, ``bed`` and ``patient`` as in ``templatetags/epj.py``. Everything that is not markup of this file goes through
``markup``, which escapes it. Each list looks a word of the interface up once.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from lms_epj.core.formatting import (
    format_age,
    format_date,
    format_identity_number,
    format_list_name,
    format_near_moment,
    format_sex,
    format_time,
)
from lms_epj.core.words import say
from lms_epj.markup import markup
from lms_epj.templatetags.epj import PROFESSIONS, STATES, flag, icon, news, sparkline, tag, trend

register = template.Library()
NOTHING = SafeString("")
Say = Callable[[str], str]


def when(shown: Any, text: str, *values: Any) -> SafeString:
    """The markup with its values, or nothing."""
    return markup(text, *values) if shown else NOTHING


@register.simple_tag
def entries(items: Iterable[dict[str, Any]], now: datetime) -> SafeString:
    """Entries of the timeline: time, profession, title, author, state, at most three lines."""
    _ = say
    return mark_safe("".join([_entry(item, now, _) for item in items]))  # noqa: S308


def _entry(entry: dict[str, Any], now: datetime, _: Say) -> SafeString:
    clock = format_time(entry["at"])
    return markup(
        '<article class="epj-entry" id="entry-{}" data-mark="{}" data-state="{}" data-row>\n<time datetime="{}">{}</time>\n'
        '<div class="epj-entry__body">\n<div class="epj-entry__head">'
        '<span class="epj-prof" data-mark="{}"><i aria-hidden="true">{}</i><span class="ds-sr-only">{}</span></span>'
        '<h3 class="epj-entry__title">{}</h3>{}<span class="epj-entry__by">{}{}</span>{}{}</div>\n'
        '<p class="epj-entry__text">{}</p>\n{}</div>\n</article>\n',
        entry["id"], entry["mark"], entry["state"], entry["at"].isoformat(), clock,
        entry["mark"], entry["mark"], entry["profession"] or _(PROFESSIONS.get(entry["mark"], PROFESSIONS["X"])),
        entry["title"], when(entry.get("new"), '<span class="epj-new">{}</span>', _("Ny")), entry["author"], when(entry["unit"], ", {}", entry["unit"]), _state(entry["state"], entry["state_at"], now, _),
        _state("emergency", None, now, _, _("Skrevet med nødrettstilgang")) if entry["emergency"] else NOTHING,
        marked(entry["pieces"]) if entry.get("pieces") else entry["text"], _more(entry, clock, _),
    )  # fmt: skip


def marked(pieces: Iterable[Any]) -> SafeString:
    """A text in pieces (journal.domain.searching.Piece), what was looked for marked."""
    return format_html_join("", "{}", ((markup("<mark>{}</mark>", piece.text) if piece.hit else piece.text,) for piece in pieces))


@register.simple_tag
def marked_text(pieces: Iterable[Any]) -> SafeString:
    """The same for a template."""
    return marked(pieces)


def _state(code: str, at: datetime | None, now: datetime, _: Say, text: str = "") -> SafeString:
    name, word = STATES[code]
    words = text or _(word)
    words = f"{words} {format_near_moment(at, now)}" if at else words
    return markup('<span class="epj-state" data-state="{}">{}<span>{}</span></span>', code, icon(name), words)


def _more(entry: dict[str, Any], clock: str, _: Say) -> SafeString:
    """The links under an entry."""
    named = '<a href="{}">{}<span class="ds-sr-only">: {} {}</span></a>'
    links = (
        when(entry["continue_url"], '<a href="{}">{}</a>', entry["continue_url"], _("Fortsett på kladd"))
        + when(entry["long"] and entry["url"], named, entry["url"], _("Vis hele"), entry["title"], clock)
        + when(entry["versions_url"], '<a href="{}">{}</a>', entry["versions_url"], _("Vis hva som ble rettet"))
        + when(entry["note"], "<span>{}</span>", entry["note"])
        + when(entry["correct_url"], named, entry["correct_url"], _("Rett notat"), entry["title"], clock)
    )
    return when(links, '<div class="epj-entry__more">{}</div>\n', links)


@register.simple_tag
def patient_rows(patients: Iterable[dict[str, Any]], now: datetime) -> SafeString:
    """Rows of a table of patients, each with a way to the record."""
    _ = say
    return mark_safe("".join([_patient(row, now, _) for row in patients]))  # noqa: S308


def _patient(row: dict[str, Any], now: datetime, _: Say) -> SafeString:
    name, born, url, number = format_list_name(row["family_name"], row["given_name"]), row["birth_date"], row.get("url"), row["number"]
    return markup(
        '<tr data-row><th scope="row">{}{}</th><td data-label="{}">{}</td><td data-label="{}">{}</td>'
        '<td data-label="{}"><span class="epj-nowrap">{}</span></td></tr>\n',
        markup('<a href="{}">{}</a>', url, name) if url else name,
        when(row["deceased_at"], " {}", tag(_("Død")) if row["deceased_at"] else ""),
        _("Født"),
        markup('<span class="epj-nowrap">{}</span> <span class="epj-sub epj-nowrap">({})</span>', format_date(born), format_age(born, now))
        if born
        else _("Ukjent"),
        _("Kjønn"), format_sex(row["sex"]) if row["sex"] else "",
        _("Fødselsnr."), format_identity_number(number) if number else _("Mangler"),
    )  # fmt: skip


@register.simple_tag
def bed_rows(beds: Iterable[dict[str, Any]], now: datetime) -> SafeString:
    """The beds of the ward board. live.js swaps rows by id; data-level draws the bar at the left edge."""
    _ = say
    return mark_safe("".join([_empty_bed(bed, _) if bed["free"] else _bed(bed, now, _) for bed in beds]))  # noqa: S308


def _empty_bed(bed: dict[str, Any], _: Say) -> SafeString:
    ready, reserved = bed.get("ready"), bed.get("reserved_for")
    return markup(
        '<tr id="{}" class="epj-board__free"><td class="epj-board__bed">{}</td><td colspan="6"><div class="epj-row epj-wrap"><b>{}</b>'
        "<span>{}</span>{}{}</div></td></tr>\n",
        bed["id"], bed["number"], bed["free_label"], bed.get("free_text") or "",
        when(
            ready, '<button class="ds-button" data-variant="tertiary" data-small form="board-bed-ready" name="bed" value="{}">{}'
            '<span class="ds-sr-only"> {} {}</span></button>', ready, _("Meld klar"), _("seng"), bed["number"],
        ),
        when(reserved, '<span class="epj-row epj-push">{}{} {}</span>', icon("Enter"), _("Reservert:"), reserved),
    )  # fmt: skip


def _bed(bed: dict[str, Any], now: datetime, _: Say) -> SafeString:
    patient, nurse = bed["patient"], bed["nurse"]
    return markup(
        '<tr id="{}" data-row data-level="{}" data-alarm-text="{}, {} {}">\n<td class="epj-board__bed">{}</td>\n'
        '<td class="epj-board__patient"><a class="epj-board__name" href="{}">{}</a><div class="epj-board__line">'
        '<span class="epj-nowrap">{} {}</span> · <span class="epj-nowrap">{}</span>{}</div>'
        '<div class="epj-board__line epj-board__cause">{}</div></td>\n'
        '<td class="epj-board__news"><div class="epj-board__score">{}{}</div>{}</td>\n<td class="epj-board__tasks">{}</td>\n'
        '<td class="epj-board__flags">{}</td>\n<td class="epj-board__nurse">{}</td>\n<td class="epj-board__leaving">{}</td>\n</tr>\n',
        bed["id"], bed["news"]["level"] or "", patient["name"], _("seng"), bed["number"], bed["number"],
        patient["url"], patient["name"], patient["age"], patient["sex"], patient["municipality"],
        when(bed["day"], ' · <span class="epj-nowrap">{} {}</span>', _("døgn"), bed["day"]), bed["cause"],
        news(bed["news"]), sparkline(bed["news"].get("history")), _taken(bed["news"]), _tasks(bed, now, _), _flags(bed["flags"], _),
        when(
            nurse, '<span class="epj-initials" aria-hidden="true">{}</span><span class="ds-sr-only">{}</span>',
            *((nurse["initials"], nurse["name"]) if nurse else ()),
        ),
        _leaving(bed["leaving"]),
    )  # fmt: skip


def _taken(shown: dict[str, Any]) -> SafeString:
    """When the NEWS2 was taken, and how it has changed."""
    if not shown.get("taken_at"):
        return NOTHING
    change = trend(shown["total"], shown.get("previous"))
    return markup(
        '<div class="epj-board__line"><time datetime="{}">{}</time>{}</div>',
        shown["taken_at"].isoformat(),
        shown["taken_text"],
        when(change, " · {}", change),
    )


def _tasks(bed: dict[str, Any], now: datetime, _: Say) -> SafeString:
    if not bed["tasks"]:
        return markup('<span class="epj-board__line">{}</span>', _("Ingen oppgaver"))
    more = when(
        bed["more"], ' <a class="epj-board__more epj-nowrap" href="{}">+{}<span class="ds-sr-only"> {}</span></a>',
        bed["patient"]["url"], bed["more"], _("oppgaver til"),
    )  # fmt: skip
    *first, last = bed["tasks"]
    return format_html_join("", "{}", [*((_task(task, NOTHING, now, _),) for task in first), (_task(last, more, now, _),)])


def _task(task: dict[str, Any], more: SafeString, now: datetime, _: Say) -> SafeString:
    overdue, due = task["state"] == "overdue", task["due_at"]
    at_once = overdue or task["state"] == "sign"
    moment = when(at_once, '<span class="epj-board__now">{}</span>', _("Nå"))
    if due and not at_once:
        moment = markup('<time datetime="{}">{}</time>', due.isoformat(), format_near_moment(due, now))
    late = when(overdue, '<span class="ds-sr-only">, {}</span>', _("forfalt"))
    return markup('<div class="epj-board__task" data-state="{}">{}<span>{}{}{}</span></div>', task["state"], moment, task["text"], late, more)


def _flags(items: list[dict[str, str]], _: Say) -> SafeString:
    if not items:
        return markup('<span class="epj-board__line">{}</span>', _("Ingen"))
    return markup("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((flag(item["kind"], item["text"]),) for item in items)))


def _leaving(leaving: dict[str, str] | None) -> SafeString:
    if not leaving:
        return NOTHING
    state, detail = leaving.get("state"), leaving.get("detail")
    sign = {"ok": "CheckmarkCircleFill", "waiting": "Hourglass"}.get(state or "")
    return markup(
        '<div class="epj-leaving"{}><b>{}</b>{}</div>',
        when(state, ' data-state="{}"', state),
        leaving["text"],
        when(detail, '<div class="epj-leaving__detail">{}<span>{}</span></div>', icon(sign) if sign else "", detail),
    )
