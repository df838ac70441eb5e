"""Numbers that open their lists, a whole row of a table at a time: a dashboard has two hundred of them."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.faces import Number

register = template.Library()


@register.filter
def linked(number: Number) -> SafeString:
    """The number, as a link in the colour of the text; plain where there is no list behind it."""
    if not number.url:
        return format_html('<span class="{}">{}</span>', number.tone, number.text)
    look = number.tone or "text-reset"
    if number.title:
        return format_html('<a class="{}" href="{}" title="{}">{}</a>', look, number.url, number.title, number.text)
    return format_html('<a class="{}" href="{}">{}</a>', look, number.url, number.text)


@register.simple_tag
def number_cells(numbers: Iterable[Number], labels: Sequence[str] = ()) -> SafeString:
    """The cells of a row, every number with a list; `labels` say on a phone what each is, and allow numbers without one."""
    if not labels:
        plain = ((number.tone or "text-reset", number.url, number.text) for number in numbers)
        return format_html_join("", '<td class="num"><a class="{}" href="{}">{}</a></td>', plain)
    pairs = zip(labels, numbers, strict=True)
    return format_html_join(
        "", '<td class="num sw-fact" data-label="{}">{}</td>', ((label, linked(number)) for label, number in pairs)
    )
