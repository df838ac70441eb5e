"""Deadlines and time left by arithmetic: no day is walked, so a page or a bulk load can ask for thousands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla.calendar.values import Allowance, Pause, Unit, WorkingCalendar, date_of, later, may_be_the_day

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


def due(
    received_at: datetime, allowance: Allowance, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()
) -> tuple[datetime, date, bool]:
    """Answer as `proof.deadline` does, without the proof: (due_at in UTC, due_on, provisional). Raises the same.

    `pauses` are in order and do not overlap. For each, what was used before it is taken off the allowance, and the rest is
    counted from its end.
    """
    local = calendar.local(received_at)
    match allowance.unit:
        case Unit.MINUTES | Unit.HOURS:
            span = allowance.amount * (ONE_MINUTE if allowance.unit is Unit.MINUTES else ONE_HOUR)
            due_at = _hours(local, span, calendar, pauses)
            return due_at, calendar.local(due_at).date(), False
        case Unit.DAYS | Unit.WORKING_DAYS:
            return _by_days(local, allowance, calendar, pauses)
        case Unit.WORKING_HOURS:
            due_on, since_midnight = _working_hours(local, allowance.amount * ONE_HOUR, calendar, pauses)
            return calendar.instant(due_on, since_midnight), due_on, not calendar.announces(local.date(), due_on)


def _by_days(
    local: datetime, allowance: Allowance, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> tuple[datetime, date, bool]:
    start, works = local.date(), allowance.unit is Unit.WORKING_DAYS
    spans = [(calendar.local(since), calendar.local(until)) for since, until in pauses]
    may_be_now = may_be_the_day(local, allowance, calendar, spans)
    if may_be_now and (not works or calendar.works(start)):
        due_on = start
    else:
        due_on = (_working_days if works else _days)(start, allowance.amount or 1, calendar, pauses)
    provisional = works and not calendar.announces(start if may_be_now else start + ONE_DAY, due_on)
    return calendar.instant(due_on, allowance.ends), due_on, provisional


def _hours(local: datetime, left: timedelta, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> datetime:
    at = later(local, timedelta())  # in UTC, where an hour is an hour
    for pause in pauses:
        since, until = (later(calendar.local(edge), timedelta()) for edge in pause)
        used = max(since - at, timedelta())
        if used >= left:
            break
        left, at = left - used, max(at, until)
    return later(at, left)


def _days(last: date, left: int, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> date:
    """Count on from `last`, the last day that is over."""
    at = last.toordinal()
    for since, until in pauses:
        used = max(calendar.local(since).toordinal() - 1 - at, 0)
        if used >= left:
            break
        left, at = left - used, max(at, calendar.local(until).toordinal() - 1)
    return date_of(at + left)


def _working_days(last: date, left: int, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> date:
    for since, until in pauses:
        used = max(working_days_between(last, calendar.local(since).date() - ONE_DAY, calendar), 0)
        if used >= left:
            break
        left, last = left - used, max(last, calendar.local(until).date() - ONE_DAY)
    return calendar.working_day_after(last, left)


def _working_hours(
    at: datetime, left: timedelta, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> tuple[date, timedelta]:
    """The day, and the time since its midnight, at which this much working time is over."""
    for since, until in pauses:
        used = max(working_time_between(at, since, calendar), timedelta())
        if used >= left:
            break
        left, at = left - used, max(at, calendar.local(until))
    start = at.date()
    # from the opening of that day, or of a day before the next opening if it rests
    worked = calendar.opened(at.time()) if calendar.works(start) else calendar.day_length
    worked += left
    whole = -(-worked // calendar.day_length) - 1  # the working days that are over before the last one
    due_on = calendar.working_day_after(start, whole) if whole else start
    return due_on, calendar.moment_after(worked - whole * calendar.day_length)


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
