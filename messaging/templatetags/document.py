"""A received or sent message as a page shows it: sections, facts, tables, prose and files (messaging.formats.showing)."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from messaging.formats.showing.blocks import Block, Facts, File, Section, Table, Text

register = template.Library()
ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "application/rtf": ".rtf",
}


def kind_of(media_type: str) -> str:
    """The ending of a file's name by what its bytes are; none for what we do not know."""
    return ENDINGS.get(media_type, "")


@register.simple_tag
def document(sections: Iterable[Section], file_url: str = "", level: int = 3) -> SafeString:
    """Every section; the complete rendering last, folded away. ``file_url``: where enclosed files are fetched; without it they are only named."""
    return mark_safe("".join(_section(one, file_url, level) for one in sections))  # noqa: S308


def _section(one: Section, file_url: str, level: int) -> SafeString:
    inner = mark_safe("".join(_block(block, file_url, level + 1) for block in one.blocks))  # noqa: S308
    if one.detail:
        return format_html('<details class="epj-doc__all"><summary>{}</summary>{}</details>', _("Vis alt innhold, felt for felt"), inner)
    tag = mark_safe(f"h{min(level, 6)}")  # noqa: S308
    return format_html('<section class="epj-doc__part"><{} class="epj-doc__title">{}</{}>{}</section>', tag, one.title, tag, inner)


def _block(block: Block, file_url: str, level: int) -> SafeString:
    match block:
        case Section():
            return _section(block, file_url, level)
        case Facts(rows):
            return format_html('<dl class="epj-doc__facts">{}</dl>', format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows))
        case Table(columns, lines):
            head = format_html_join("", '<th scope="col">{}</th>', ((one,) for one in columns))
            body = format_html_join("", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((cell,) for cell in line)),) for line in lines))
            shape = '<div class="epj-table-box" tabindex="0" role="region" aria-label="{}"><table class="epj-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
            return format_html(shape, ", ".join(columns)[:80], head, body)
        case Text(label, text, html):
            prose = mark_safe(html) if html else text  # noqa: S308 - the formats let only harmless mark-up through
            heading = format_html('<p class="epj-doc__label">{}</p>', label) if label else ""
            return format_html('{}<div class="epj-doc__text">{}</div>', heading, prose)
        case File():
            return _file(block, file_url)


def _file(one: File, file_url: str) -> SafeString:
    size = _("%(kb)s kB") % {"kb": max(1, one.size // 1024)}
    name = format_html('<a href="{}?fil={}">{}</a>', file_url, one.place, one.title) if file_url else one.title
    warning = format_html('<span class="epj-doc__warning">{}</span>', one.warning) if one.warning else ""
    return format_html(
        '<p class="epj-doc__file">{} <span class="epj-sub">{}, {}</span> {}</p>', name, one.media_type or _("ukjent type"), size, warning
    )
