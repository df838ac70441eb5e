"""Which calendar each unit goes by, and choosing it."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import needs_role, person_of
from accounts.models import Unit
from accounts.roles import Role
from sla.choosing import choose
from sla.forms import Choice
from sla.models import Calendar, UnitCalendar, chosen_for

PAGE = 100


@dataclass(frozen=True, slots=True)
class UnitFace:
    """A unit and the calendar it goes by. `choice` is whose it is, None for the default; `is_own` if it is the unit's."""

    unit: Unit
    depth: int
    calendar: str
    choice: UnitCalendar | None
    is_own: bool


@require_safe
@needs_role(Role.ADMINISTRATOR)
def units(request: HttpRequest) -> HttpResponse:
    """The tree of units, each with its calendar: its own, or inherited and from where. Five queries, whatever its size."""
    asked = request.GET.get("q", "").strip()[:100]
    found = Unit.objects.filter(is_active=True)
    if asked:
        found = found.filter(Q(name__icontains=asked) | Q(code__icontains=asked))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "faces": faces(list(page)), "asked": asked}
    return render(request, "sla/units.html", context)


def faces(listed: list[Unit]) -> list[UnitFace]:
    """Three queries."""
    chosen = chosen_for(unit.pk for unit in listed)
    origins = {one.from_unit_id for one in chosen.values() if one.from_unit_id}
    choices = {
        choice.unit_id: choice
        for choice in UnitCalendar.objects.filter(unit__in=origins).select_related("unit", "by").order_by()
    }
    names = dict(Calendar.objects.order_by().values_list("id", "name"))
    return [
        UnitFace(
            unit,
            unit.path.count("/") - 2,
            names[chosen[unit.pk].calendar_id],
            choices.get(chosen[unit.pk].from_unit_id or 0),
            chosen[unit.pk].from_unit_id == unit.pk,
        )
        for unit in listed
    ]


@require_http_methods(["GET", "POST"])
@needs_role(Role.ADMINISTRATOR)
def choose_calendar(request: HttpRequest, unit: int) -> HttpResponse:
    """One unit's choice: a calendar of its own, or what the units above it have."""
    place = get_object_or_404(Unit, pk=unit, is_active=True)
    own = UnitCalendar.objects.select_related("calendar").filter(unit=place).first()
    given = request.POST if request.method == "POST" else None
    form = Choice(given, initial={"calendar": own.calendar.code if own and own.calendar else ""})
    if request.method == "POST" and form.is_valid():
        choose(place, form.cleaned_data["calendar"], actor=person_of(request))
        return redirect("sla:units")
    (face,) = faces([place])
    return render(
        request, "sla/choose.html", {"form": form, "unit": place, "face": face}, status=422 if form.errors else 200
    )
