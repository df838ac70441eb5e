"""What runs in the background: find ids, hand them on; each is safe to run twice. State lives in rows."""

from collections.abc import Iterator

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from complaints.ownership import AlreadyDone, escalate
from sla import enforcement
from sla.models import Clock

HANDFUL = 200  # clocks handed on in one message; the next handful goes to whichever worker is free


def due_clocks() -> Iterator[list[int]]:
    """The ids of every clock that is due and not recorded, in handfuls. No cap: what is due is done."""
    ids = list(Clock.objects.unrecorded(timezone.now()).order_by("due_at").values_list("id", flat=True))
    for start in range(0, len(ids), HANDFUL):
        yield ids[start : start + HANDFUL]


def record_breaches(clock_ids: list[int]) -> int:
    """Record each breach and its escalation, each in a transaction of its own; return how many were ours."""
    system = User.objects.system()
    recorded = 0
    for clock in Clock.objects.filter(pk__in=clock_ids).order_by("due_at"):
        try:
            escalate(clock, actor=system)
        except AlreadyDone:
            continue
        recorded += 1
    return recorded


@shared_task(name="complaints.sweep")
def sweep() -> int:
    """Find what fell due and hand it on. The heartbeat is left when the round is over."""
    found = 0
    for handful in due_clocks():
        breaches.delay(handful)
        found += len(handful)
    enforcement.finished("sweep", found)
    return found


@shared_task(name="complaints.breaches")
def breaches(clock_ids: list[int]) -> int:
    return record_breaches(clock_ids)
