"""A deadline with its proof: every day from receipt to the last, whether it counts, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sla.calendar.values import Allowance, Pause, Unit, Why, WorkingCalendar, date_of, later, may_be_the_day

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


def deadline(
    received_at: datetime, allowance: Allowance, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()
) -> Deadline:
    """Count an allowance from receipt, day by day. `pauses` are in order and do not overlap.

    Raises `Unreckonable`, a `ValueError`: a time has no offset, or the answer lies outside the years 1 to 9999.
    The answer is provisional if any day that it runs through is in a year that is not announced, paused or not.
    """
    local = calendar.local(received_at)
    spans = [(calendar.local(since), calendar.local(until)) for since, until in pauses]
    match allowance.unit:
        case Unit.DAYS | Unit.WORKING_DAYS:
            days = list(_count_days(local, allowance, calendar, spans))
            due_at = calendar.instant(days[-1].date, allowance.ends)
            read = days if may_be_the_day(local, allowance, calendar, spans) else days[1:]
        case Unit.WORKING_HOURS:
            days, due_at = _count_working_hours(local, allowance.amount * ONE_HOUR, calendar, spans)
            read = days
        case Unit.MINUTES | Unit.HOURS:
            span = allowance.amount * (ONE_HOUR if allowance.unit is Unit.HOURS else ONE_MINUTE)
            due_at = _end_of_hours(local, span, spans)
            days, read = list(_count_hours(local.date(), calendar.local(due_at).date(), calendar, spans)), []
    provisional = allowance.unit is not Unit.DAYS and any(day.date.year not in calendar.years for day in read)
    return Deadline(due_at, days[-1].date, provisional, calendar.code, calendar.version, tuple(days))


def _count_days(
    local: datetime, allowance: Allowance, calendar: WorkingCalendar, pauses: list[Pause]
) -> Iterator[DayCount]:
    """Walk from the day of receipt, which does not count unless it may be the last itself, until enough days have counted."""
    day, counted = local.date(), 0
    is_last = may_be_the_day(local, allowance, calendar, pauses)
    is_last = is_last and (allowance.unit is Unit.DAYS or calendar.works(day))
    yield DayCount(day, is_last, None, Why.START, calendar.name(day))
    while counted < (allowance.amount or 1) and not is_last:
        day = date_of(day.toordinal() + 1)
        if any(since.date() <= day < until.date() for since, until in pauses):
            yield DayCount(day, False, None, Why.PAUSED, calendar.name(day))
            continue
        why = Why.CALENDAR_DAY if allowance.unit is Unit.DAYS else calendar.why(day)
        counts = why is Why.CALENDAR_DAY or calendar.works(day)
        counted += counts
        yield DayCount(day, counts, counted if counts and allowance.amount else None, why, calendar.name(day))


def _count_working_hours(
    local: datetime, left: timedelta, calendar: WorkingCalendar, pauses: list[Pause]
) -> tuple[list[DayCount], datetime]:
    """Walk from the minute of receipt, taking each day's working time off what is left; answer the days and the end."""
    day, over, why = local.date(), calendar.opened(local.time()), Why.START
    days: list[DayCount] = []
    while True:
        runs, rests = _working_time(day, over, calendar, pauses)
        if rests and why is not Why.START:
            why = Why.PAUSED
        gives = min(left, sum((ends - begins for begins, ends in runs), timedelta()))
        days.append(DayCount(day, bool(runs), None, why, calendar.name(day), gives))
        for begins, ends in runs:
            if left <= ends - begins:
                return days, calendar.instant(day, calendar.moment_after(begins + left))
            left -= ends - begins
        over, day = timedelta(), date_of(day.toordinal() + 1)
        why = calendar.why(day)


def _working_time(
    day: date, over: timedelta, calendar: WorkingCalendar, pauses: list[Pause]
) -> tuple[list[tuple[timedelta, timedelta]], bool]:
    """The working time of a day after so much of it is `over`, in the spans in which the clock runs; and whether it rests."""
    if not calendar.works(day):
        return [], any(since.date() <= day < until.date() for since, until in pauses)
    runs: list[tuple[timedelta, timedelta]] = []
    rests = False
    for since, until in pauses:
        begins = timedelta() if since.date() < day else calendar.opened(since.time())
        ends = calendar.day_length if until.date() > day else calendar.opened(until.time())
        if since.date() <= day <= until.date() and over < ends and begins < ends:
            rests = True
            runs.append((over, max(over, begins)))
            over = ends
    runs.append((over, calendar.day_length))
    return [(begins, ends) for begins, ends in runs if begins < ends], rests


def _end_of_hours(at: datetime, left: timedelta, pauses: list[Pause]) -> datetime:
    """Go from pause to pause, taking the time between them off what is left; in UTC, where an hour is an hour."""
    at = at.astimezone(UTC)
    for since, until in pauses:
        if later(at, left) <= since:
            break
        left -= max(since.astimezone(UTC) - at, timedelta())
        at = max(at, until.astimezone(UTC))
    return later(at, left)


def _count_hours(start: date, end: date, calendar: WorkingCalendar, pauses: list[Pause]) -> Iterator[DayCount]:
    """Walk the dates that plain hours run through: all count, the day of receipt too, but those that are paused throughout."""
    for ordinal in range(start.toordinal(), end.toordinal() + 1):
        day = date_of(ordinal)
        begins, ends = calendar.instant(day, timedelta()), calendar.instant(day, ONE_DAY)
        rests = any(since < ends and begins < until for since, until in pauses)
        throughout = any(since <= begins and ends <= until for since, until in pauses)
        why = Why.START if day == start else Why.PAUSED if rests else Why.CALENDAR_DAY
        yield DayCount(day, not throughout, None, why, calendar.name(day))
