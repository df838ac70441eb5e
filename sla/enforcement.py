"""Recording that a promise broke. The caller holds the complaint's lock; one caller wins."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from sla.models import Clock, Sweep


def breach(clock: Clock, now: datetime) -> bool:
    """Write down that `clock` is past its deadline, dated at the deadline. True for the one caller that wrote it.

    A conditional UPDATE: a clock that was stopped, moved or recorded in the meantime is left alone.
    """
    due = Clock.objects.unrecorded(now).filter(pk=clock.pk)
    return bool(due.update(breached_at=F("due_at"), detected_at=now))


def finished(name: str, found: int) -> None:
    """Leave the heartbeat of a loop: it has just finished a round."""
    Sweep.objects.update_or_create(name=name, defaults={"finished_at": timezone.now(), "found": found})
