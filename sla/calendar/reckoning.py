"""Deadlines and time left by arithmetic: no day is walked, so a page or a bulk load can ask for thousands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla.calendar.values import Allowance, Unit, WorkingCalendar, date_of, later

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Remaining:
    """What is left of an allowance, in its own unit.

    `amount` is in whole units, 0 on the last day, in the last hour or minute, and once overdue; then `time` is what to
    show: the real time left, for working hours the working time left, and once overdue the real time since, negative.
    """

    amount: int
    unit: Unit
    time: timedelta
    is_overdue: bool


def due(received_at: datetime, allowance: Allowance, calendar: WorkingCalendar) -> tuple[datetime, date, bool]:
    """Answer as `proof.deadline` does, without the proof: (due_at in UTC, due_on, provisional). Raises the same."""
    local = calendar.local(received_at)
    start, provisional = local.date(), False
    match allowance.unit:
        case Unit.MINUTES | Unit.HOURS:
            due_at = later(local, allowance.amount * (ONE_MINUTE if allowance.unit is Unit.MINUTES else ONE_HOUR))
            due_on = calendar.local(due_at).date()
        case Unit.DAYS:
            # none at all: the very day, unless its time is past
            days = allowance.amount or int(received_at >= calendar.instant(start, allowance.ends))
            due_on = date_of(start.toordinal() + days)
            due_at = calendar.instant(due_on, allowance.ends)
        case Unit.WORKING_DAYS:
            from_on = start if allowance.amount or received_at >= calendar.instant(start, allowance.ends) else None
            if from_on:
                due_on = calendar.working_day_after(from_on, allowance.amount or 1)
            else:
                due_on = start if calendar.works(start) else calendar.working_day_after(start, 1)
            due_at = calendar.instant(due_on, allowance.ends)
            provisional = not calendar.announces(from_on + ONE_DAY if from_on else start, due_on)
        case Unit.WORKING_HOURS:
            # from the opening of the day of receipt, or of a day before the next opening if that day rests
            worked = calendar.opened(local.time()) if calendar.works(start) else calendar.day_length
            worked += allowance.amount * ONE_HOUR
            whole = -(-worked // calendar.day_length) - 1  # the working days that are over before the last one
            due_on = calendar.working_day_after(start, whole) if whole else start
            due_at = calendar.instant(due_on, calendar.moment_after(worked - whole * calendar.day_length))
            provisional = not calendar.announces(start, due_on)
    return due_at, due_on, provisional


def working_days_between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """Count the working days after `start` up to and with `end`: the inverse of adding. Negative if `end` is sooner."""
    return calendar.days_through(end.toordinal()) - calendar.days_through(start.toordinal())


def working_time_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """Measure the working time from `start` to `end`, both with an offset. Negative if `end` is sooner."""
    return _working_time_until(end, calendar) - _working_time_until(start, calendar)


def remaining(now: datetime, due_at: datetime, unit: Unit, calendar: WorkingCalendar) -> Remaining:
    """Tell what is left before `due_at`, in whole units of the rule; both times carry an offset.

    Days are those after today up to and with the last: 0 on the last day itself, which is then shown in hours. A
    deadline at midnight belongs to the day that it ends. At `due_at` itself the time is up.
    """
    today, left = calendar.local(now).date(), due_at - now
    if left <= timedelta():
        return Remaining(0, unit, left, is_overdue=True)
    last = calendar.local(due_at - timedelta.resolution).date()
    match unit:
        case Unit.WORKING_DAYS:
            amount = working_days_between(today, last, calendar)
        case Unit.DAYS:
            amount = (last - today).days
        case Unit.WORKING_HOURS:
            left = working_time_between(now, due_at, calendar)
            amount = left // ONE_HOUR
        case Unit.MINUTES:
            amount = left // ONE_MINUTE
        case Unit.HOURS:
            amount = left // ONE_HOUR
    return Remaining(amount, unit, left, is_overdue=False)


def _working_time_until(moment: datetime, calendar: WorkingCalendar) -> timedelta:
    """Measure the working time from 0001-01-01 to a moment."""
    local = calendar.local(moment)
    today = calendar.opened(local.time()) if calendar.works(local.date()) else timedelta()
    return calendar.days_through(local.toordinal() - 1) * calendar.day_length + today
