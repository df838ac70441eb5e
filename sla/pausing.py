"""Pausing clocks and letting them run again. The caller holds their complaint (rule 4) and the transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla.clocks import reckon
from sla.models import Clock, version_of


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock after a deed moved its date, and when it was due before."""

    clock: Clock
    was: datetime


def pause(clocks: Iterable[Clock], now: datetime, until_on: date) -> list[Moved]:
    """Pause those clocks that may be, from `now` until `until_on` begins, or until the last day their own term allows.

    The end is known from the beginning, so `due_at` is at once the date that results: nothing has to wake up for a clock to
    run again, and overdue stays a question of `due_at` and the present.
    """
    moved = []
    for clock in clocks:
        if last := clock.pausable_until(now):
            until = version_of(clock.calendar_version_id).value().instant(min(until_on, last), timedelta())
            moved.append(_move(clock, [*clock.pauses, _span(now, until)]))
    return moved


def resume(clocks: Iterable[Clock], now: datetime) -> list[Moved]:
    """Let those clocks run again, `now`, that are paused; their dates come back by what was planned beyond."""
    moved = []
    for clock in clocks:
        if paused := clock.paused(now):
            moved.append(_move(clock, [*clock.pauses[:-1], _span(paused[0], now)]))
    return moved


def _span(since: datetime, until: datetime) -> list[str]:
    return [since.isoformat(), until.isoformat()]


def _move(clock: Clock, pauses: list[list[str]]) -> Moved:
    was, clock.pauses = clock.due_at, pauses
    clock.due_at, clock.due_on, clock.provisional = reckon(clock, version_of(clock.calendar_version_id).value())
    clock.save(update_fields=["pauses", "due_at", "due_on", "provisional"])
    return Moved(clock, was)
