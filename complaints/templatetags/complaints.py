"""`{% complaint_rows rows %}`: the rows of a list of complaints, drawn in one piece by Jinja."""

from collections.abc import Iterable

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.rows import Row

register = template.Library()


@register.simple_tag
def complaint_rows(rows: Iterable[Row], *, overdue: bool = False, may_remind: bool = False) -> SafeString:
    """The `<tr>` of each row; `overdue` draws the overdue queue's columns, `may_remind` its boxes to choose by."""
    words = {
        "about": pgettext("unit complained about", "About"),
        "choose": pgettext("a complaint by its reference", "Choose"),
        "contact": _("Last contact"),
        "done": pgettext("before the day a complaint ended", "done"),
        "first": _("First responder"),
        "offered": pgettext("before the name of the person who may accept a handover", "waits for"),
        "owner": _("Owner"),
        "provisional": _("provisional"),
        "was": pgettext("before a date", "was"),
        "received": _("Received"),
        "repeat": pgettext("complaint", "repeat"),
        "urged": _("Last urged"),
    }
    drawn = get_template("complaints/_rows.jinja", using="jinja2").render(
        {"rows": rows, "words": words, "overdue": overdue, "may_remind": may_remind}
    )
    return mark_safe(drawn)  # noqa: S308  (Jinja has escaped it)
