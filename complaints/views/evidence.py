"""Handing out a file as it came in: to be saved, never to be shown inside our pages (R64, R71)."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.guards import person_of
from complaints.models import Complaint


@login_required
@require_safe
def evidence(request: HttpRequest, reference: str, key: UUID) -> FileResponse:
    """One file of a case in scope, under its own name (RFC 6266), with the type that its content has."""
    case = get_object_or_404(Complaint.objects.visible_to(person_of(request)), reference=reference)
    found = get_object_or_404(case.evidence, pk=key)
    try:
        file = found.path.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("This file is not in the store.")) from error
    answer = FileResponse(file, as_attachment=True, filename=found.label, content_type=found.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
