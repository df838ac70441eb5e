"""Numbers that open their lists, a whole row of a table at a time: a dashboard has two hundred of them."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

from reports.faces import Number

register = template.Library()


@register.filter
def linked(number: Number) -> SafeString:
    """The number, as a link in the colour of the text; plain where there is no list behind it."""
    if not number.url:
        return format_html('<span class="{}">{}</span>', number.tone, number.text)
    return mark_safe(_link(number))  # noqa: S308 - each value is escaped


@register.simple_tag
def number_cells(numbers: Iterable[Number], labels: Sequence[str] = ()) -> SafeString:
    """The cells of a row, every number with a list; `labels` say on a phone what each is, and allow numbers without one."""
    if labels:
        pairs = zip(labels, numbers, strict=True)
        cells = [
            f'<td class="num sw-fact" data-label="{escape(label)}">{linked(number)}</td>' for label, number in pairs
        ]
    else:
        cells = [f'<td class="num">{_link(number)}</td>' for number in numbers]
    return mark_safe("".join(cells))  # noqa: S308 - each value is escaped


def _link(number: Number) -> str:
    """Markup by hand: `format_html` took a millisecond of each dashboard."""
    title = f' title="{escape(number.title)}"' if number.title else ""
    return (
        f'<a class="{escape(number.tone or "text-reset")}" href="{escape(number.url)}"{title}>{escape(number.text)}</a>'
    )
