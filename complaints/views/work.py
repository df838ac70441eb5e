"""My work: what is mine, the strictest first; what is offered to me; what I answered first and others work on."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.guards import needs_role, person_of
from accounts.roles import OVERSIGHT, STAFF
from accounts.scope import access_of
from complaints.models import Complaint, Handover
from complaints.models.counting import MOST, bounded_counts, shown
from complaints.rows import Row, rows_of
from complaints.rows.extensions import ExtensionFace, asked_together
from sla import wording

SHOWN = 25  # own cases on the page; the link below opens the rest in the queue
TRACKED = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """A handover that waits for my answer."""

    row: Row
    offered_by: str
    unit: str
    reason: str
    offered: str


@dataclass(frozen=True, slots=True)
class Request:
    """An extension that I may decide."""

    row: Row
    asked: ExtensionFace


@require_GET
@needs_role(*STAFF)
def work(request: HttpRequest) -> HttpResponse:
    """Seven queries for the page, and two for who decides extensions, however much there is to do."""
    reader, now = person_of(request), timezone.now()
    seen = Complaint.objects.visible_to(reader)
    mine = seen.filter(owner=reader).open()
    tracked = seen.filter(first_responder=reader).exclude(owner=reader).open()
    offered = seen.filter(offered_to=reader)
    to_decide = seen.extensions_to_decide(reader) if access_of(reader).roles & OVERSIGHT else seen.none()
    cases = [
        list(part.for_rows().strictest_first()[:most])
        for part, most in ((mine, SHOWN), (tracked, TRACKED), (offered, SHOWN), (to_decide, SHOWN))
    ]
    rows = iter(rows_of([case for part in cases for case in part], now, reader))
    own, followed, waiting, undecided = ([next(rows) for _case in part] for part in cases)
    totals = bounded_counts(MOST, mine, tracked)
    context: dict[str, Any] = {
        "offers": _offers(waiting, now),
        "requests": _requests(undecided),
        "own": own,
        "own_total": shown(totals[0]),
        "has_more": totals[0] > len(own),
        "tracked": followed,
        "tracked_total": shown(totals[1]),
        "now": now,
    }
    return render(request, "complaints/work.html", context)


def _requests(undecided: list[Row]) -> list[Request]:
    """The extensions that wait on these cases; one query, none when there are none."""
    faces = asked_together([row.pk for row in undecided]) if undecided else {}
    return [Request(row, faces[row.pk]) for row in undecided if row.pk in faces]


def _offers(waiting: list[Row], now: Any) -> list[Offer]:
    """The pending handovers of these cases; one query."""
    rows = {row.pk: row for row in waiting}
    handovers = Handover.objects.filter(complaint_id__in=rows, answer="").select_related(
        "offered_by", "complaint__owner_unit"
    )
    return [
        Offer(
            rows[offer.complaint_id],
            str(offer.offered_by),
            offer.complaint.owner_unit.name,
            offer.reason,
            wording.moment_words(offer.offered_at, now),
        )
        for offer in handovers.order_by("offered_at")
    ]
