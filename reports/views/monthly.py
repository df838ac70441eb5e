"""The monthly statistics: a page whose every number opens its cases, and the same as XLSX."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.errors import Invalid
from accounts.guards import needs_role, person_of
from accounts.roles import OVERVIEW
from reports.dashboards import scope_words
from reports.exports import monthly_xlsx, recorded
from reports.forms import MonthForm, texts
from reports.models import Export
from reports.monthly import month_of
from reports.views.register import SHOWN_EXPORTS, XLSX


@require_GET
@needs_role(*OVERVIEW)
def monthly(request: HttpRequest) -> HttpResponse:
    """The statistics of a month."""
    form, user, now = MonthForm(request.GET), person_of(request), timezone.now()
    shown = {
        "form": form,
        "month": month_of(user, form.period, now) if form.is_valid() else None,
        "scope": scope_words(user),
        "now": now,
        "exports": recorded(Export.What.MONTHLY, user)[:SHOWN_EXPORTS],
    }
    return render(request, "reports/monthly.html", shown, status=200 if form.is_valid() else 422)


@require_GET
@needs_role(*OVERVIEW)
def monthly_export(request: HttpRequest) -> HttpResponseBase:
    """The statistics of a month as XLSX."""
    form = MonthForm(request.GET)
    if not form.is_valid():
        raise Invalid(_("Please check the marked fields."), texts(form))
    file = monthly_xlsx(form.period, timezone.now(), actor=person_of(request))
    title = _("Complaint statistics")  # not inside the f-string: what collects the texts does not look there
    name = f"{title}_{form.period.first:%Y-%m}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
