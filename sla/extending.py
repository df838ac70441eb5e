"""Giving a clock a longer allowance from the same start. The caller holds its complaint (rule 4)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import F, QuerySet

from sla.calendar import Allowance, Unit, due
from sla.models import Clock
from sla.pausing import Moved


@dataclass(frozen=True, slots=True)
class Longer:
    """What an extension makes of a clock: the allowance from its start, and the date that gives."""

    amount: int
    unit: Unit
    due_at: datetime
    due_on: date
    provisional: bool

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.amount, self.unit)


def extendable(complaint_id: int, now: datetime) -> QuerySet[Clock]:
    """The clocks of a complaint that can still be extended at `now`: running, not yet due, and not at their longest."""
    running = Clock.objects.running().filter(complaint_id=complaint_id, breached_at=None, due_at__gt=now)
    return running.filter(term__extendable_to__gt=F("amount")).select_related(
        "term__policy", "calendar_version__calendar"
    )


def longer(clock: Clock, amount: int) -> Longer:
    """What `clock` would promise with `amount` units of its rule from its start. Raises `Unreckonable`."""
    unit = Unit(clock.unit)
    allowance = replace(clock.allowance, amount=amount)
    return Longer(amount, unit, *due(clock.started_at, allowance, clock.calendar_version.value(), clock.spans))


def extend(clock: Clock, amount: int) -> Moved:
    """Move the date of `clock`; the one first promised stays beside it. The database refuses what its term does not allow."""
    found, was = longer(clock, amount), clock.due_at
    if clock.original_due_at is None:
        clock.original_due_at, clock.original_due_on = clock.due_at, clock.due_on
    clock.amount, clock.due_at, clock.due_on, clock.provisional = amount, found.due_at, found.due_on, found.provisional
    clock.save(update_fields=["amount", "due_at", "due_on", "provisional", "original_due_at", "original_due_on"])
    return Moved(clock, was)
