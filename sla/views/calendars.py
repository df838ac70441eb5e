"""A year at a glance for everybody, a new calendar for administrators, and how far a publication has come."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import needs_role, person_of
from accounts.roles import READERS, Role
from accounts.scope import access_of
from sla import sentences
from sla.forms import NewCalendar, WeekForm
from sla.models import NATIONAL, Calendar, Recomputation
from sla.publication import Week, create
from sla.rows import FIRST_YEAR, LAST_YEAR
from sla.yearly import year_face


@require_safe
@needs_role(*READERS, Role.ADMINISTRATOR)
def calendars(request: HttpRequest) -> HttpResponse:
    """A year of a calendar, by its newest version: what is off, what is made up for, what is not announced yet."""
    today = timezone.localdate()
    known = sorted(Calendar.objects.all(), key=lambda one: (one.code != NATIONAL, one.name))
    code = request.GET.get("calendar", known[0].code if known else "")
    calendar = get_object_or_404(Calendar, code=code)
    year = _year(request.GET.get("year", ""), today.year)
    versions = list(calendar.versions.select_related("by").order_by("-number"))
    if not versions:
        raise Http404
    context = {
        "calendar": calendar,
        "calendars": known,
        "versions": [(version, sentences.week(version.weekdays, version.openings)) for version in versions],
        "week": sentences.weekdays(versions[0].weekdays),
        "opening_hours": sentences.hours(versions[0].openings),
        "make_ups": versions[0].make_ups,
        "face": year_face(versions[0].value(), year, today),
        "years": (year - 1, year + 1),
        "progress": Recomputation.objects.filter(version=versions[0]).first(),
        "may_publish": Role.ADMINISTRATOR in access_of(person_of(request)).roles,
    }
    return render(request, "sla/calendars.html", context)


def _year(text: str, present: int) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else present
    return min(max(year, FIRST_YEAR + 1), LAST_YEAR - 1)


@require_http_methods(["GET", "POST"])
@needs_role(Role.ADMINISTRATOR)
def calendar_create(request: HttpRequest) -> HttpResponse:
    """A calendar of its own, for those who work other days or hours than the national one says."""
    if request.method == "GET":
        form = NewCalendar(initial=WeekForm.shown(Week()) | {"like": NATIONAL})
        return render(request, "sla/create.html", {"form": form})
    form = NewCalendar(request.POST)
    if not form.is_valid():
        return render(request, "sla/create.html", {"form": form}, status=422)
    given = form.cleaned_data
    create(
        given["code"],
        given["name"],
        given["zone"],
        like=given["like"],
        week=form.week(Week()),
        actor=person_of(request),
    )
    return redirect(f"{reverse('sla:calendars')}?calendar={given['code']}")


@require_safe
@needs_role(*READERS, Role.ADMINISTRATOR)
def progress(request: HttpRequest, version: int) -> HttpResponse:
    """How far the clocks have been recomputed; the page asks again until nothing is left."""
    found = get_object_or_404(Recomputation.objects.select_related("version__calendar", "version__by"), version=version)
    done = found.moved + found.kept
    context = {
        "progress": found,
        "done": done,
        "percent": 100 if found.finished_at or not found.total else done * 100 // found.total,
    }
    page = "sla/_progress.html" if request.htmx else "sla/progress.html"  # type: ignore[attr-defined]
    return render(request, page, context)
