"""The dashboard, and the lists behind its numbers that the queue's own filters cannot say."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.errors import Invalid
from accounts.guards import needs_role, person_of
from accounts.roles import OVERVIEW
from reports.dashboards import SPANS, board, dashboard_url
from reports.forms import SliceForm, texts
from reports.listing import listing


@require_GET
@needs_role(*OVERVIEW)
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of the last 7, 30 or 90 days."""
    asked = request.GET.get("days", "30")
    if asked not in {str(days) for days in SPANS}:
        raise Invalid(_("The dashboard shows the last 7, 30 or 90 days."))
    shown = board(person_of(request), int(asked), timezone.now())
    spans = [(days, dashboard_url(days)) for days in SPANS]
    return render(request, "reports/dashboard.html", {"board": shown, "spans": spans})


@require_GET
@needs_role(*OVERVIEW)
def cases(request: HttpRequest) -> HttpResponse:
    """The list behind a number."""
    form = SliceForm(request.GET)
    if not form.is_valid():
        raise Invalid(_("This address names no list. Open the list from its number again."), texts(form))
    shown = listing(person_of(request), form.slice, timezone.now(), form.cleaned_data["after"])
    return render(request, "reports/cases.html", {"listing": shown, "query": form.query})
