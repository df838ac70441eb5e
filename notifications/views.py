"""The inbox: what others did on one's cases, the latest first."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.guards import person_of
from complaints.models import Complaint
from notifications import delivery
from notifications.models import Notification
from notifications.rows import address_of_digest, notices_of

PAGE = 30
LATEST = 5


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """A page of notices, by cursor: `before` is the id of the last notice of the page above."""
    reader, now = person_of(request), timezone.now()
    found = Notification.objects.standing().filter(recipient=reader)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    notices = notices_of(found[: PAGE + 1], reader, now)
    context: dict[str, Any] = {
        "notices": notices[:PAGE],
        "older": f"before={notices[PAGE - 1].pk}" if len(notices) > PAGE else "",
        "newer": "" if not before else "newest",
    }
    return render(request, "notifications/inbox.html", context)


@require_GET
@login_required
def latest(request: HttpRequest) -> HttpResponse:
    """The newest few, for the page of one's own work."""
    reader = person_of(request)
    found = Notification.objects.standing().filter(recipient=reader)[:LATEST]
    return render(request, "notifications/_latest.html", {"notices": notices_of(found, reader, timezone.now())})


@require_POST
@login_required
def read(request: HttpRequest, key: int) -> HttpResponse:
    """The notice has been seen; on to its case when it was opened and the reader may see it."""
    reader = person_of(request)
    notice = get_object_or_404(Notification.objects.select_related("event"), recipient=reader, pk=key)
    delivery.mark_read(notice.pk, actor=reader)
    if "open" in request.POST and notice.folded.exists():
        return redirect(address_of_digest(reader))
    if "open" in request.POST:
        return redirect(get_object_or_404(Complaint.objects.visible_to(reader), pk=notice.event.complaint_id))
    return redirect("notifications:inbox")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    delivery.mark_read(actor=person_of(request))
    return redirect("notifications:inbox")
