"""The register book: a preview, and the whole of it as CSV or XLSX."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.errors import Invalid
from accounts.guards import needs_role, person_of
from accounts.roles import OVERVIEW
from complaints.models import Complaint
from complaints.rows import rows_of
from reports.book import booked, columns
from reports.dashboards import listed
from reports.exports import recorded, register_csv, register_xlsx
from reports.forms import SpanForm, texts
from reports.models import Export

PREVIEW = 25
SHOWN_EXPORTS = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs_role(*OVERVIEW)
def register(request: HttpRequest) -> HttpResponse:
    """The first rows of the book of a span of days, and who took it out before."""
    form, user, now = SpanForm(request.GET), person_of(request), timezone.now()
    found = booked(user, form.period, now) if form.is_valid() else Complaint.objects.none()
    preview = list(found.for_list().order_by("received_at", "id")[:PREVIEW])
    shown = {
        "form": form,
        "total": found.count(),
        "rows": rows_of(preview, now, user),
        "preview": PREVIEW,
        "columns": listed(column.heading for column in columns()),
        "width": len(columns()),
        "exports": recorded(Export.What.REGISTER, user)[:SHOWN_EXPORTS],
    }
    return render(request, "reports/register.html", shown, status=200 if form.is_valid() else 422)


@require_GET
@needs_role(*OVERVIEW)
def register_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The whole book of a span of days."""
    if form not in Export.Form.values:
        raise Http404
    span = SpanForm(request.GET)
    if not span.is_valid():
        raise Invalid(_("Please check the marked fields."), texts(span))
    user, now, period = person_of(request), timezone.now(), span.period
    title = _("Complaint register")
    name = f"{title}_{period.first}_{period.last}.{form}"
    if form == Export.Form.XLSX:
        file = register_xlsx(period, now, title, actor=user)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    pieces = register_csv(period, now, actor=user)
    header = content_disposition_header(as_attachment=True, filename=name)
    return StreamingHttpResponse(
        pieces, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": header}
    )
