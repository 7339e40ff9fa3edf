"""Template tags and filters of the interface: `{% load epj %}`. The small marks that stand many times on a page are drawn here rather than
by includes, because a board shows a hundred of them.

Contexts are plain dicts (or objects with the same attributes). Times are aware datetimes, shown in Oslo; `now` is the request's one time.
A key marked ? may be missing or None. What each part takes:

frame        {"who": who?, "urls": {"home", "search"?, "role", "lock", "unlock", "extend", "logout", "draft_key", "help"?},
              "idle_seconds": int, "patient_id"?: id of the one patient the page shows, "title"?: instead of search}; beside it `rail` and
              `now`
rail         [{"key": "t" (shortcut g t)?, "icon", "label", "url", "active": bool, "count"?: int}]
who          {"id", "initials", "name", "profession", "unit", "kind": "lms" | "home" | "admin"}
patient      {"id", "family_name", "given_name", "birth_date", "sex": "K" | "M" | "U", "number"?, "number_label"?, "bed"?, "place"?: shown when not in a bed,
              "deceased_at"?, "protected_address"?: bool, "cave": cave, "critical": [{"icon", "text"}], "isolated"?: Isolation, "municipality"?, "admitted_at"?, "gp"?}
cave         {"state": "known" | "none" | "not_recorded" | "unavailable", "items": [{"substance", "reaction"?, "year"?}], "hidden"?: bool}
basis        {"text", "blocked": bool, "blocked_help_url"?, "emergency"?: {"until": datetime, "scope": text, "end_url", "patient_id", "actor_id"},
              "opened"?: {"until": datetime, "close_url", "patient_id", "actor_id"}}
patient_nav  [{"label", "url", "active": bool, "count"?}]
news         {"total": int | None, "level": "low" | "low_medium" | "medium" | "high" | None, "status": "complete" | "incomplete" |
              "not_used" | "none", "taken_at"?, "taken_text"? (on the board), "previous"?: int, "previous_at"?, "history"?: [int, …] oldest first}
vital        {"label", "value"?: shown text, "unit", "points"?: int, "change"?: text such as «↑ fra 22»}
task         {"due_at"?, "state": "overdue" | "due" | "sign" | "planned", "text", "action"?: {"label", "url", "icon"?}}
entry        {"id", "at": datetime, "mark", "profession", "title", "author", "unit"?, "state": state, "state_at"?, "text", "long"?: bool,
              "url"?, "versions_url"?, "note"?: e.g. «Endret: …», "emergency"?: bool, "correct_url"?, "continue_url"?: own draft, "new"?: bool}
mark         "S" | "L" | "F" | "E" | "H" | "P" | "HF" | "X"
state        "draft" | "confirmed" | "signed" | "cosigned" | "awaiting_cosign" | "corrected" | "emergency" | "outdated" | "offline" | "blocked"
composer     {"form_id", "title", "patient_id", "actor_id", "note_id"?, "templates": [{"code", "name", "selected"}], "event_at", "sections": [section],
              "lock_version": int, "saved_at"?, "urls": {"autosave", "sign", "confirm"?, "discard"?, "template"?, "close"?}, "hidden": {"patient", "actor"}, "event_error"?, "signs_as": text, "reason"?: {"value", "error"?},
              "errors"?: errors, "emergency"?: bool, "insert_vitals"?: text}
section      {"key", "letter"?, "label", "hint"?, "value", "rows": int, "error"?, "required"?: bool, "vitals"?: bool: offers «Sett inn målinger»}
conflict     {"title", "who", "saved_at", "began_at"?, "lock_version": int (the newer), "sections": [{"key", "label", "was", "theirs", "mine", "clash": bool}]}
bed          {"id": row id, "number", "free": bool, "free_label", "free_text"?, "ready"?: id of a bed that may be reported ready, "reserved_for"?} or with a patient: {"patient": {"name", "age", "sex", "municipality", "url"}, "day": int,
              "cause", "news": news, "tasks": [task, …two], "more": int, "flags": [{"kind": "cave" | "oxygen" | "fall" | "isolation" | "infection" | "interpreter" | "blocked" | "other", "text"}],
              "nurse"?: {"initials", "name"}, "leaving"?: {"text", "detail"?, "state"?: "ok" | "waiting"}}
expected     {"at"?: datetime, "when"?: text, "name", "url"?, "age", "sex", "cause", "from"?, "tags": [{"text", "color", "icon"?}], "receive_url"?}
leaving      {"at"?, "name", "url"?, "bed"?, "checks": [{"text", "done": bool}]}
visit        {"id", "at", "minutes"?, "name", "url"?, "address"?, "tasks": [{"icon", "text", "detail"?}], "state": "done" | "deviation" | "now" | "planned" | "paused", "tag"?: {"text", "color", "icon"?}}
field        {"id", "name", "label", "hint"?, "value", "error"?, "unit"?, "type"?, "inputmode"?, "rows"?, "options"?: [{"value", "label", "selected"}], "required"?,
              "autocomplete"?, "maxlength"?}
errors       [{"field": id of the field, "text"}]
pager        {"page": int, "pages": int, "previous_url"?, "next_url"?, "total"?: int}; without a count: {"previous_label", "next_label", "previous_url"?, "next_url"?}
chip         {"label", "url", "active": bool, "count"?, "icon"?, "mark"?, "alarm"?: bool}
log_row      {"at", "who", "profession", "unit", "entity", "patient"?, "patient_url"?, "action", "what", "basis", "user_selected": bool, "reason"?, "who_url"?,
              "outcome": "allow" | "deny" | "error", "emergency": bool, "url"?}
"""

from functools import lru_cache, wraps
from typing import Any

from django import template
from django.template.base import TextNode
from django.templatetags.static import static
from django.utils.html import format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop

from lms_epj.core import formatting
from lms_epj.core.devices import device_words
from lms_epj.core.words import say as _
from lms_epj.markup import markup
from lms_epj.script_texts import script_texts
from lms_epj.templatetags.literals import static_tag, translate_tag, with_literal

register = template.Library()
register.tag("translate", translate_tag)
register.tag("static", static_tag)

NEWS_WORDS = {
    "low": gettext_noop("Lav"),
    "low_medium": gettext_noop("Lav–middels"),
    "medium": gettext_noop("Middels"),
    "high": gettext_noop("Høy"),
}
PROFESSIONS = {
    "S": gettext_noop("Sykepleier"),
    "L": gettext_noop("Lege"),
    "F": gettext_noop("Fysioterapeut"),
    "E": gettext_noop("Ergoterapeut"),
    "H": gettext_noop("Hjemmesykepleie"),
    "P": gettext_noop("Psykolog"),
    "HF": gettext_noop("Helsefagarbeider"),
    "X": gettext_noop("Ekstern"),
}
STATES = {
    "draft": ("PencilLine", gettext_noop("Kladd")),
    "confirmed": ("Checkmark", gettext_noop("Bekreftet")),
    "signed": ("CheckmarkCircle", gettext_noop("Signert")),
    "cosigned": ("SealCheckmark", gettext_noop("Kontrasignert")),
    "awaiting_cosign": ("Hourglass", gettext_noop("Venter på kontrasignatur")),
    "corrected": ("ArrowUndo", gettext_noop("Rettet")),
    "emergency": ("ExclamationmarkTriangleFill", gettext_noop("Nødrettstilgang")),
    "outdated": ("Hourglass", gettext_noop("Utdatert")),
    "offline": ("Cloud", gettext_noop("Lagres når nettet er tilbake")),
    "blocked": ("PadlockLockedFill", gettext_noop("Sperret")),
}
FLAG_ICONS = {
    "cave": "ExclamationmarkTriangleFill",
    "oxygen": "Waves",
    "fall": "ExclamationmarkTriangle",
    "infection": "VirusFill",
    "isolation": "VirusFill",
    "interpreter": "Language",
    "blocked": "PadlockLockedFill",
    "other": "InformationSquare",
}
SCHEME_COOKIE = "epj_scheme"


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("vendor/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of lms_epj/assets/icons.txt. Beside text it is decoration; alone it needs a `label`."""
    if label:
        return markup('<svg class="epj-icon" role="img" aria-label="{}" focusable="false"><use href="{}#{}"></use></svg>', label, _sprite(), name)
    return _decoration(name)


@lru_cache
def _decoration(name: str) -> SafeString:
    return markup('<svg class="epj-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', _sprite(), name)


# Nearly all icons are written out in a template.
register.tag("icon", with_literal(lambda name: TextNode(icon(name)), register.tags["icon"]))


@register.simple_tag
def news(value: Any, big: bool = False, word: bool = True) -> SafeString:
    """The NEWS2 badge: number and word (R5). Without a total it says why, never 0 or an empty place."""
    size = " epj-news--big" if big else ""
    status = _value(value, "status") if value else "none"
    if status != "complete":
        text = {"incomplete": _("Ufullstendig"), "not_used": _("NEWS2 brukes ikke")}.get(status, _("Ikke målt"))
        return markup('<span class="epj-news epj-news--none{}">{}</span>', size, text)
    level = _value(value, "level")
    shown = "epj-news__word" if word else "ds-sr-only"
    return markup(
        '<span class="epj-news{}" data-level="{}"><b>{}</b><span class="{}">{}</span></span>',
        size,
        level,
        _value(value, "total"),
        shown,
        _(NEWS_WORDS[level]),
    )


@register.simple_tag
def points(value: int | None) -> SafeString:
    """The points one value gives in NEWS2; nothing when the value was not scored."""
    if value is None:
        return SafeString("")
    return markup('<span class="epj-points" data-points="{}">{} p<span class="ds-sr-only"> {}</span></span>', value, value, _("i NEWS2"))


@register.simple_tag
def trend(current: float | None, previous: float | None) -> str:
    """«↑ fra 5», «↓ fra 5», «uendret»; empty where there is nothing to compare."""
    if current is None or previous is None:
        return ""
    if current == previous:
        return _("uendret")
    arrow = "↑" if current > previous else "↓"
    return _("{arrow} fra {previous}").format(arrow=arrow, previous=previous)


@register.simple_tag
def profession(mark: str, label: bool = True, name: str = "") -> SafeString:
    """The letter of a profession and its name, which a screen reader gets also where it is not drawn."""
    text = name or _(PROFESSIONS.get(mark, PROFESSIONS["X"]))
    return markup(
        '<span class="epj-prof" data-mark="{}"><i aria-hidden="true">{}</i><span class="{}">{}</span></span>',
        mark,
        mark,
        "epj-prof__name" if label else "ds-sr-only",
        text,
    )


@register.simple_tag
def state(code: str, at: Any = None, now: Any = None, text: str = "") -> SafeString:
    """The fixed look of a state (draft, signed, corrected …), with its time where there is one."""
    name, word = STATES[code]
    words = text or _(word)
    if at is not None:
        words = f"{words} {formatting.format_near_moment(at, now or at)}"
    return markup('<span class="epj-state" data-state="{}">{}<span>{}</span></span>', code, icon(name), words)


@register.simple_tag
def tag(text: str, color: str = "neutral", icon_name: str = "") -> SafeString:
    """A short status word in a coloured plate, an icon before it where colour alone would speak."""
    return markup('<span class="epj-tag" data-color="{}">{}<span>{}</span></span>', color, icon(icon_name) if icon_name else "", text)


@register.simple_tag
def flag(kind: str, text: str) -> SafeString:
    """One line of warning on the board."""
    return markup('<span class="epj-flag" data-flag="{}">{}<span>{}</span></span>', kind, icon(FLAG_ICONS.get(kind, FLAG_ICONS["other"])), text)


@register.simple_tag
def sparkline(values: list[int] | None, ceiling: int = 12, threshold: int = 5) -> SafeString:
    """NEWS2 over the last measurements as inline SVG, oldest first; decoration, since the number and the trend stand in words beside it."""
    if not values or len(values) < 2:
        return SafeString("")
    width, height = 58, 28
    step = (width - 6) / (len(values) - 1)

    def level(value: int) -> float:
        return height - 3 - min(value, ceiling) / ceiling * (height - 6)

    spots = [(f"{2 + index * step:.1f}", f"{level(value):.1f}") for index, value in enumerate(values)]
    return markup(
        '<svg class="epj-spark" viewBox="0 0 58 28" width="58" height="28" aria-hidden="true" focusable="false">'
        '<line x1="0" x2="58" y1="{}" y2="{}"></line><polyline points="{}"></polyline><circle cx="{}" cy="{}" r="2.6"></circle></svg>',
        f"{level(threshold):.1f}",
        f"{level(threshold):.1f}",
        format_html_join(" ", "{},{}", spots),
        *spots[-1],
    )


@register.simple_tag(takes_context=True)
def color_scheme(context: template.Context) -> str:
    """`light` or `dark`, as this device last chose; the cookie lets the first paint be right without a script."""
    request = context.get("request")
    return "dark" if request is not None and request.COOKIES.get(SCHEME_COOKIE) == "dark" else "light"


@register.simple_tag
def interface_texts() -> SafeString:
    """The words the scripts show, as one JSON block, so that they too are translated."""
    return _interface_texts(get_language())


@lru_cache
def _interface_texts(_language: str | None) -> SafeString:
    return json_script(script_texts(), "epj-texts")


def _value(item: Any, key: str) -> Any:
    return item.get(key) if isinstance(item, dict) else getattr(item, key, None)


def _blank_for_none(function: Any) -> Any:
    """A filter that leaves None empty: a template writes «Ikke målt» itself where a value is missing."""

    @wraps(function)
    def shown(value: Any, *arguments: Any) -> str:
        return "" if value is None or value == "" else function(value, *arguments)

    return shown


for _name, _function in {
    "date_no": formatting.format_date,
    "last_day": formatting.format_last_day,
    "device_words": device_words,
    "day_month": formatting.format_day_month,
    "clock": formatting.format_time,
    "clock_seconds": lambda moment: formatting.format_time(moment, seconds=True),
    "moment": formatting.format_moment,
    "near_day": formatting.format_near_day,
    "near_moment": formatting.format_near_moment,
    "near_clock": formatting.format_near_clock,
    "day_heading": formatting.format_day_heading,
    "age_on": formatting.format_age,
    "sex_word": formatting.format_sex,
    "identity": formatting.format_identity_number,
    "decimal_no": formatting.format_decimal,
    "quantity": formatting.format_quantity,
}.items():
    register.filter(_name, _blank_for_none(_function))


@register.filter
def iso(moment: Any) -> str:
    """The machine-readable value of a <time>."""
    return moment.isoformat() if moment else ""


@register.filter
def weekday_short(moment: Any) -> str:
    """«tir.» before the date in the top bar."""
    return formatting.weekday(moment, short=True) if moment else ""


@register.filter
def list_name(person: Any) -> str:
    """«Etternavn, Fornavn» of anything with family_name and given_name."""
    return formatting.format_list_name(_value(person, "family_name"), _value(person, "given_name"))


@register.filter
def prose_name(person: Any) -> str:
    """«Fornavn Etternavn» of anything with family_name and given_name."""
    return formatting.format_prose_name(_value(person, "family_name"), _value(person, "given_name"))


@register.filter
def seconds_until(moment: Any, now: Any) -> int:
    """Whole seconds left, never negative; what a countdown starts from."""
    return max(0, int((moment - now).total_seconds()))


@register.filter
def countdown(seconds: float) -> str:
    """mm:ss"""
    return formatting.format_countdown(seconds)
