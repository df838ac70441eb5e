"""The queue: every complaint in scope, by tabs and filters that stand in the address. And the way in."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.guards import needs_role, person_of
from accounts.models import Unit, User
from accounts.roles import READERS, STAFF, Role
from accounts.scope import access_of
from complaints.forms.filters import ME, STATES, Filters
from complaints.forms.find import LONGEST, Lookup, name_in, number_in, reference_in
from complaints.models import Complaint, SavedView
from complaints.models.counting import MOST, bounded_counts, shown
from complaints.paging import Order, read_page
from complaints.rows import rows_of
from complaints.states import Status

MOST_UNITS = 200  # of a drop-down; the address takes any
COUNTED = (
    "open",
    "unanswered",
    "resolved",
)  # the tabs of what there is to do; of the others no count would change what anybody does


@dataclass(frozen=True, slots=True)
class Tab:
    """A list with a name: where it is, how many it holds, and whether it is the one shown."""

    label: str
    query: str
    shown: str  # empty where it is not counted
    current: bool
    tone: str = ""
    key: int | None = None
    more: str = ""  # what the list holds beside those counted, said apart


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down of the filter bar: its name, its label, what it says when nothing is chosen, and its options."""

    name: str
    label: str
    nothing: str
    options: tuple[tuple[str, str], ...]
    chosen: str

    def known(self) -> "Choice":
        """The same with nothing chosen where what the address asks for is not among the options."""
        return self if any(value == self.chosen for value, _label in self.options) else replace(self, chosen="")


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's first page: staff to their work, readers to the figures, administrators to the settings."""
    roles = access_of(person_of(request)).roles
    if roles & STAFF:
        return redirect("complaints:work")
    if Role.AUDITOR in roles:
        return redirect("reports:dashboard")
    if Role.ADMINISTRATOR in roles:
        return redirect("admin:index")
    raise NotAllowed(_("You hold no role today. Ask an administrator to add you to a unit."))


@require_POST
@needs_role(*READERS)
def find(request: HttpRequest) -> HttpResponse:
    """The find box: straight to a case by its reference, else to the list of what was meant."""
    return redirect(_meant(request.POST.get("q", "")[:LONGEST].replace("\0", "").strip(), person_of(request)))


def _meant(typed: str, reader: User) -> str:
    seen = Complaint.objects.visible_to(reader)
    if reference := reference_in(typed):
        if seen.filter(reference=reference).exists():
            return reverse("complaints:case", args=[reference])
        return _queue(q=reference)
    person = number_in(typed) or name_in(typed, seen)
    return _queue(who=person.token(reader)) if person else _queue(q=typed) if typed else _queue()


def _queue(**query: str) -> str:
    address = QueryDict(mutable=True)
    address.update(query)
    return f"{reverse('complaints:queue')}?{address.urlencode()}" if query else reverse("complaints:queue")


@require_GET
@needs_role(*READERS)
def queue(request: HttpRequest) -> HttpResponse:
    """The list; htmx gets the same one without the page around it."""
    reader, now = person_of(request), timezone.now()
    if number_in(request.GET.get("q", "")):
        return redirect(_meant(request.GET["q"], reader))  # typed into the address, or by a browser without our page
    filters = Filters(request.GET, reader=reader, now=now)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    context = listing(request, filters, reader, now)
    if not is_part:
        context |= {"choices": choices(filters, reader), "saved": _saved(filters, reader)}
    template = "complaints/_queue_list.html" if is_part else "complaints/queue.html"
    return render(request, template, context, status=400 if filters.errors else 200)


def listing(request: HttpRequest, filters: Filters, reader: User, now: datetime) -> dict[str, Any]:
    """What the list itself shows: the page, the counts, and the addresses around it."""
    seen = Complaint.objects.visible_to(reader)
    found = filters.found(seen)
    page = read_page(
        found.for_rows(),
        filters.order_now,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    total, *counts = bounded_counts(MOST, found, *(seen.filter(STATES[key][1]) for key in COUNTED))
    other = Order.STRICTEST if filters.order_now == Order.NEWEST else Order.NEWEST
    return {
        "rows": rows_of(page.rows, now, reader),
        "total": total,
        "total_shown": shown(total),
        "tabs": _tabs(filters, dict(zip(COUNTED, counts, strict=True))),
        "filters": filters,
        "order": Order(filters.order_now),
        "other_order": other,
        "other_query": filters.without(order=other.value),
        "newer": filters.without(before=page.newer) if page.newer else "",
        "older": filters.without(after=page.older) if page.older else "",
        "looked_for": _looked_for(filters.lookup),
        "now": now,
    }


def _looked_for(lookup: Lookup | None) -> str:
    return lookup.shown if lookup else ""


def _tabs(filters: Filters, counts: dict[str, int]) -> list[Tab]:
    """The built-in lists. A tab is current when the address asks for it and nothing else."""
    now = filters.state_now if not filters.given else ""
    return [
        Tab(
            str(label),
            "" if key == "open" else f"state={key}",
            shown(counts[key]) if key in counts else "",
            key == now,
        )
        for key, (label, _rows) in STATES.items()
    ]


def _saved(filters: Filters, reader: User) -> list[Tab]:
    here = filters.to_keep()
    views = SavedView.objects.filter(user=reader)
    return [Tab(view.name, view.query, "", view.query == here, key=view.pk) for view in views]


def choices(filters: Filters, reader: User) -> tuple[Choice, ...]:
    """The drop-downs of the filter bar, with what the address has chosen."""
    one = filters.address.get
    people = ((ME, _("me")),)
    found = (
        Choice("status", _("status"), _("All statuses"), labels(Status), one("status", "")),
        Choice("channel", _("intake channel"), _("All channels"), labels(Complaint.Channel), one("channel", "")),
        Choice("severity", _("severity"), _("All severities"), labels(Complaint.Severity), one("severity", "")),
        Choice("unit", _("unit complained about"), _("All units"), units(reader), one("unit", "")),
        _with_chosen(Choice("owner", _("owner"), _("All owners"), people, one("owner", "")), filters),
        _with_chosen(
            Choice(
                "first_responder", _("first responder"), _("All first responders"), people, one("first_responder", "")
            ),
            filters,
        ),
    )
    return tuple(choice.known() for choice in found)


def labels(values: Any) -> tuple[tuple[str, str], ...]:
    return tuple((value.value, str(value.label)) for value in values)


def _with_chosen(choice: Choice, filters: Filters) -> Choice:
    """A person chosen by address stands among the options by name."""
    person = filters.cleaned_data.get(choice.name)
    if person is None or choice.chosen == ME:
        return choice
    options = (*choice.options, (choice.chosen, str(person)))
    return Choice(choice.name, choice.label, choice.nothing, options, choice.chosen)


def units(reader: User) -> tuple[tuple[str, str], ...]:
    """The units that the reader's roles reach, as a tree by indentation."""
    access = access_of(reader)
    units = Unit.objects.filter(is_active=True)
    if not access.whole:
        units = units.filter(pk__in=access.units_of(READERS))
    rows = units.values_list("code", "name", "path")[:MOST_UNITS]
    return tuple((code, "\u3000" * (path.count("/") - 2) + name) for code, name, path in rows)
