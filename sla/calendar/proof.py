"""A deadline with its proof: every day from receipt to the last, whether it counts, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla.calendar.values import Allowance, Unit, Why, WorkingCalendar, date_of, later

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class DayCount:
    """One day of a proof. `ordinal` is its number among the days counted; none if it does not count, or hours do.

    `gives` is the working time the day adds to an allowance in working hours; None in any other unit.
    Of an allowance of no days the one that counts is the very day, or the next: it has no number either.
    """

    date: date
    counts: bool
    ordinal: int | None
    why: Why
    name: str = ""
    gives: timedelta | None = None


@dataclass(frozen=True)
class Deadline:
    """When an allowance runs out: the instant in UTC and the last day, with every day from receipt to it."""

    due_at: datetime
    due_on: date
    provisional: bool
    calendar: str
    calendar_version: int
    days: tuple[DayCount, ...]


def deadline(received_at: datetime, allowance: Allowance, calendar: WorkingCalendar) -> Deadline:
    """Count an allowance from receipt, day by day.

    Raises `Unreckonable`, a `ValueError`: `received_at` has no offset, or the answer lies outside the years 1 to 9999.
    The answer is provisional if working time was read off any day of a year that is not announced.
    """
    local = calendar.local(received_at)
    match allowance.unit:
        case Unit.DAYS | Unit.WORKING_DAYS:
            days = list(_count_days(local, allowance, calendar))
            due_at = calendar.instant(days[-1].date, allowance.ends)
            read = days if _may_be_the_day(local, allowance, calendar) else days[1:]
        case Unit.WORKING_HOURS:
            days, due_at = _count_working_hours(local, allowance.amount * ONE_HOUR, calendar)
            read = days
        case Unit.MINUTES | Unit.HOURS:
            due_at = later(local, allowance.amount * (ONE_HOUR if allowance.unit is Unit.HOURS else ONE_MINUTE))
            days, read = list(_count_hours(local.date(), calendar.local(due_at).date(), calendar)), []
    provisional = allowance.unit is not Unit.DAYS and any(day.date.year not in calendar.years for day in read)
    return Deadline(due_at, days[-1].date, provisional, calendar.code, calendar.version, tuple(days))


def _count_days(local: datetime, allowance: Allowance, calendar: WorkingCalendar) -> Iterator[DayCount]:
    """Walk from the day of receipt, which does not count unless it may be the last itself, until enough days have counted."""
    day, counted = local.date(), 0
    is_last = _may_be_the_day(local, allowance, calendar) and (allowance.unit is Unit.DAYS or calendar.works(day))
    yield DayCount(day, is_last, None, Why.START, calendar.name(day))
    while counted < (allowance.amount or 1) and not is_last:
        day = date_of(day.toordinal() + 1)
        why = Why.CALENDAR_DAY if allowance.unit is Unit.DAYS else calendar.why(day)
        counts = why is Why.CALENDAR_DAY or calendar.works(day)
        counted += counts
        yield DayCount(day, counts, counted if counts and allowance.amount else None, why, calendar.name(day))


def _may_be_the_day(local: datetime, allowance: Allowance, calendar: WorkingCalendar) -> bool:
    """Whether the day of receipt could be the last one itself: a limit of no days, and its time of day still to come."""
    return allowance.amount == 0 and local < calendar.instant(local.date(), allowance.ends)


def _count_working_hours(
    local: datetime, left: timedelta, calendar: WorkingCalendar
) -> tuple[list[DayCount], datetime]:
    """Walk from the minute of receipt, taking each day's working time off what is left; answer the days and the end."""
    day, over, why = local.date(), calendar.opened(local.time()), Why.START
    days: list[DayCount] = []
    while True:
        gives = calendar.day_length - over if calendar.works(day) else timedelta()
        days.append(DayCount(day, bool(gives), None, why, calendar.name(day), min(left, gives)))
        if left <= gives:
            return days, calendar.instant(day, calendar.moment_after(over + left))
        left, over, day = left - gives, timedelta(), date_of(day.toordinal() + 1)
        why = calendar.why(day)


def _count_hours(start: date, end: date, calendar: WorkingCalendar) -> Iterator[DayCount]:
    """Walk the dates that plain hours run through: all of them count, the day of receipt too."""
    for ordinal in range(start.toordinal(), end.toordinal() + 1):
        day = date_of(ordinal)
        why = Why.CALENDAR_DAY if day != start else Why.START
        yield DayCount(day, True, None, why, calendar.name(day))
