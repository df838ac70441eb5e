"""The working calendars: a year at a glance for everybody, publishing for administrators, and how far it has come."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import needs_role, person_of
from accounts.roles import READERS, Role
from accounts.scope import access_of
from sla.forms import Notice
from sla.models import Calendar, Recomputation
from sla.publication import Preview, YearEmptied, preview, publish
from sla.rows import FIRST_YEAR, LAST_YEAR, Unreadable, read_notice_file
from sla.yearly import year_face

FAULTS = 20  # of a file that are listed


@require_safe
@needs_role(*READERS, Role.ADMINISTRATOR)
def calendars(request: HttpRequest) -> HttpResponse:
    """A year of a calendar, by its newest version: what is off, what is made up for, what is not announced yet."""
    today = timezone.localdate()
    known = list(Calendar.objects.order_by("name"))
    code = request.GET.get("calendar", known[0].code if known else "")
    calendar = get_object_or_404(Calendar, code=code)
    year = _year(request.GET.get("year", ""), today.year)
    versions = list(calendar.versions.select_related("by").order_by("-number"))
    if not versions:
        raise Http404
    context = {
        "calendar": calendar,
        "calendars": known,
        "versions": versions,
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
def calendar_publish(request: HttpRequest) -> HttpResponse:
    """A file first shows what it would do; only what was shown is then published."""
    form = Notice(request.POST, request.FILES) if request.method == "POST" else Notice()
    if request.method == "GET" or not form.is_valid():
        return render(request, "sla/publish.html", {"form": form}, status=422 if form.errors else 200)
    code = form.cleaned_data["calendar"].code
    content, found = form.content, None
    try:
        notice, source = read_notice_file(content)
        if "publish" in request.POST:
            publication = publish(code, notice, source=source, actor=person_of(request))
            return redirect("sla:progress", publication.version.pk)
        found = preview(code, notice)
    except Unreadable as error:
        more = len(error.faults) - FAULTS
        faults = [*error.faults[:FAULTS], *([_("And %(count)s more.") % {"count": more}] if more > 0 else [])]
        form.errors["file"] = form.error_class(faults)
    except YearEmptied as error:
        text = _(
            "%(year)s is announced already, and the file would leave it without a day off from Monday to Friday. "
            "A file holds all the days of every year it names."
        )
        form.add_error("file", text % {"year": error.year})
    return _shown(request, form, found, content)


def _shown(request: HttpRequest, form: Notice, found: Preview | None, content: bytes) -> HttpResponse:
    text = content.decode("utf-8-sig") if found else ""
    return render(
        request, "sla/publish.html", {"form": form, "preview": found, "text": text}, status=422 if form.errors else 200
    )


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
