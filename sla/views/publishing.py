"""Publishing the next version of a calendar: a notice, another week, or both; first shown, then done."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guards import needs_role, person_of
from accounts.roles import Role
from sla import sentences
from sla.calendar import DayRule
from sla.forms import Notice
from sla.models import NATIONAL, Calendar, CalendarVersion
from sla.publication import Preview, YearEmptied, preview, publish, week_of
from sla.rows import Unreadable, read_notice_file

FAULTS = 20  # of a file that are listed


@require_http_methods(["GET", "POST"])
@needs_role(Role.ADMINISTRATOR)
def calendar_publish(request: HttpRequest) -> HttpResponse:
    """What is handed in first shows what it would do; only what was shown is then published."""
    if request.method == "GET":
        calendar = get_object_or_404(Calendar, code=request.GET.get("calendar", NATIONAL))
        week = week_of(get_object_or_404(CalendarVersion.objects.newest(), calendar=calendar))
        return _shown(request, calendar, Notice(initial=Notice.shown(week) | {"calendar": calendar.code}))
    form = Notice(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, form.cleaned_data.get("calendar"), form)
    calendar, content, found = form.cleaned_data["calendar"], form.content, None
    week = form.week(week_of(get_object_or_404(CalendarVersion.objects.newest(), calendar=calendar)))
    try:
        notice, source = _read(content, form.cleaned_data["source"])
        if "publish" in request.POST:
            publication = publish(calendar.code, notice, source=source, actor=person_of(request), week=week)
            return redirect("sla:progress", publication.version.pk)
        found = preview(calendar.code, notice, week)
    except Unreadable as error:
        more = len(error.faults) - FAULTS
        faults = [*error.faults[:FAULTS], *([_("And %(count)s more.") % {"count": more}] if more > 0 else [])]
        form.errors["file"] = form.error_class(faults)
    except YearEmptied as error:
        text = _(
            "%(year)s is announced already, and the file would leave it without a day off on a working weekday. "
            "A file holds all the days of every year it names."
        )
        form.add_error("file", text % {"year": error.year})
    return _shown(request, calendar, form, found, content)


def _read(content: bytes, source: str) -> tuple[dict[date, DayRule], str]:
    """The notice and its source; without a notice the source that was written down."""
    return read_notice_file(content) if content else ({}, source)


def _shown(
    request: HttpRequest, calendar: Calendar | None, form: Notice, found: Preview | None = None, content: bytes = b""
) -> HttpResponse:
    context = {
        "form": form,
        "calendar": calendar,
        "preview": found,
        "text": content.decode("utf-8-sig") if found else "",
        "weeks": _weeks(found) if found else (),
        "given": Notice.shown(found.week) if found else {},
    }
    return render(request, "sla/publish.html", context, status=422 if form.errors else 200)


def _weeks(found: Preview) -> tuple[tuple[str, str, str], ...]:
    """What changes of the ordinary week: its name, as it was, as it will be."""
    before, after = found.week_before, found.week
    counted = {True: _("count"), False: _("do not count")}
    rows = (
        (_("Opening hours"), sentences.hours(before.hours), sentences.hours(after.hours)),
        (_("Weekdays that work"), sentences.weekdays(before.weekdays), sentences.weekdays(after.weekdays)),
        (_("Make-up days"), counted[before.make_ups], counted[after.make_ups]),
    )
    return tuple(row for row in rows if row[1] != row[2])
