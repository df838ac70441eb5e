"""The overdue queue of supervisors: what is late, what will be, and two deeds on many cases at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.guards import needs_role, person_of
from accounts.models import User
from accounts.roles import OVERSIGHT, OVERVIEW, Role
from accounts.scope import access_of
from complaints import bulk, ownership
from complaints.forms.filters import Filters
from complaints.forms.reassign import Reassign
from complaints.forms.reminder import Reminder
from complaints.models import Complaint, ComplaintQuerySet
from complaints.models.counting import MOST, bounded_counts, shown
from complaints.models.reading import SOON
from complaints.paging import Order, read_page
from complaints.rows import rows_of
from complaints.states import Verb
from complaints.views.lists import Choice, Tab, labels, units
from complaints.views.people import offered_people
from sla.targets import Target

PAGE = 25
LATE = "late"
Rows = ComplaintQuerySet


def tabs(now: datetime) -> dict[str, tuple[str, Callable[[Rows], Rows], str]]:
    """The lists of the page: label, its rows of those seen, and the tone of the count."""
    today, major = timezone.localdate(now), Complaint.Severity.MAJOR
    return {
        LATE: (pgettext("tab", "Overdue"), lambda seen: seen.overdue(now), "red"),
        "soon": (_("Due in 24 hours"), lambda seen: seen.due_within(now), ""),
        "offered": (_("Handover not accepted"), lambda seen: seen.offered(), ""),
        "quiet": (_("No contact for 3 days"), lambda seen: seen.quiet(now), ""),
        "major": (_("Major"), lambda seen: seen.open().filter(severity=major), ""),
        "orphaned": (_("Owner has left"), lambda seen: seen.orphaned(today), "red"),
    }


@require_GET
@needs_role(*OVERVIEW)
def overdue(request: HttpRequest) -> HttpResponse:
    """The strictest clock first. On the first tab those due within 24 hours follow the overdue ones, as a group."""
    reader, now = person_of(request), timezone.now()
    filters = Filters(request.GET, reader=reader, now=now)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    context = _listing(request, filters, reader, now)
    template = "complaints/_overdue_list.html" if is_part else "complaints/overdue.html"
    return render(request, template, context, status=400 if filters.errors else 200)


def _listing(request: HttpRequest, filters: Filters, reader: User, now: datetime) -> dict[str, Any]:
    lists = tabs(now)
    tab = request.GET.get("tab", "")
    tab = tab if tab in lists else LATE
    seen = filters.found(Complaint.objects.visible_to(reader))
    wanted = seen.overdue(now + SOON) if tab == LATE else lists[tab][1](seen)
    cursor = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = read_page(wanted.for_rows(), Order.STRICTEST, **cursor, size=PAGE)
    counts = bounded_counts(MOST, *(rows(seen) for _label, rows, _tone in lists.values()))
    rows = rows_of(page.rows, now, reader, with_urging=True)
    late = [row for row in rows if row.clock and row.clock.state == "overdue"]
    return {
        "tab_now": tab,
        "groups": _groups(tab, rows, late, counts),
        "rows": rows,
        "tabs": tuple(
            Tab(
                label,
                filters.without("tab", tab=key),
                shown(count),
                key == tab,
                tone if count else "",
                more=shown(counts[1]) if key == LATE and counts[1] else "",
            )
            for (key, (label, _rows, tone)), count in zip(lists.items(), counts, strict=True)
        ),
        "choices": _choices(filters, reader),
        "filters": filters,
        "newer": filters.without(before=page.newer) if page.newer else "",
        "older": filters.without(after=page.older) if page.older else "",
        "may_remind": bool(access_of(reader).roles & OVERSIGHT),
        "may_assign": Role.SUPERVISOR in access_of(reader).roles,
        "next_due": seen.next_due(now) if not rows else None,
        "now": now,
    }


def _groups(tab: str, rows: list[Any], late: list[Any], counts: list[int]) -> list[tuple[str, str, str, list[Any]]]:
    """Tone, icon, heading and rows of each group; a list of one kind has no heading."""
    if tab != LATE:
        return [("", "", "", rows)]
    groups = [
        ("red", "alarm", _("Overdue: %(count)s") % {"count": shown(counts[0])}, late),
        ("amber", "hourglass-high", _("Due in 24 hours: %(count)s") % {"count": shown(counts[1])}, rows[len(late) :]),
    ]
    return [group for group in groups if group[3]]


def _choices(filters: Filters, reader: User) -> tuple[Choice, ...]:
    one = filters.address.get
    found = (
        Choice("owner_unit", _("unit of the owner"), _("All units below"), units(reader), one("owner_unit", "")),
        Choice("target", _("clock"), _("All clocks"), labels(Target), one("target", "")),
        Choice("severity", _("severity"), _("All severities"), labels(Complaint.Severity), one("severity", "")),
    )
    return tuple(choice.known() for choice in found)


@require_http_methods(["GET", "POST"])
@needs_role(*OVERSIGHT)
def overdue_remind(request: HttpRequest) -> HttpResponse:
    """GET asks once, naming the owners; POST reminds them of each of the chosen cases, in its own transaction."""
    actor = person_of(request)
    form = Reminder(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        return _told(request, Verb.REMIND, lambda case: ownership.remind(case, text, actor=actor))
    given = request.POST if request.method == "POST" else request.GET
    chosen = Complaint.objects.visible_to(actor).filter(reference__in=given.getlist("case")[: bulk.MOST])
    cases = list(chosen.for_rows().strictest_first())
    rows = rows_of(cases, timezone.now(), actor, with_urging=True)
    context = {"form": form, "cases": rows, "owners": len({case.owner_id for case in cases})}
    page = "complaints/_overdue_remind.html" if request.htmx else "complaints/overdue_remind.html"  # type: ignore[attr-defined]
    return render(request, page, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs_role(Role.SUPERVISOR)
def overdue_assign(request: HttpRequest) -> HttpResponse:
    """GET asks to whom; POST assigns each of the chosen cases, in its own transaction."""
    actor = person_of(request)
    form = Reassign(request.POST or None, people=ownership.assignable(actor))
    if request.method == "POST" and form.is_valid():
        post, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
        return _told(
            request,
            Verb.ASSIGN,
            lambda case: ownership.assign(case, post.user, actor=actor, unit_id=post.unit_id, reason=reason),
        )
    given = request.POST if request.method == "POST" else request.GET
    chosen = Complaint.objects.visible_to(actor).filter(reference__in=given.getlist("case")[: bulk.MOST])
    context = {
        "form": form,
        "cases": list(chosen.values_list("reference", "summary")),
        "people_url": reverse("complaints:overdue_people"),
        **offered_people(form),
    }
    page = "complaints/_overdue_assign.html" if request.htmx else "complaints/overdue_assign.html"  # type: ignore[attr-defined]
    return render(request, page, context, status=422 if form.errors else 200)


def _told(request: HttpRequest, verb: Verb, deed: Callable[[Complaint], object]) -> HttpResponse:
    """What became of each case."""
    outcomes = bulk.each(request.POST.getlist("case"), deed, actor=person_of(request))
    context = {
        "verb": verb,
        "outcomes": outcomes,
        "done": sum(outcome.done for outcome in outcomes),
        "refused": sum(not outcome.done for outcome in outcomes),
    }
    page = "complaints/_overdue_outcome.html" if request.htmx else "complaints/overdue_outcome.html"  # type: ignore[attr-defined]
    response = render(request, page, context)
    response["HX-Trigger"] = "sw:changed"
    return response
