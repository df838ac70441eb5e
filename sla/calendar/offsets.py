"""So much before or after a deadline, in the unit the rule is written in."""

from datetime import date, datetime, time, timedelta

from sla.calendar.reckoning import ONE_DAY, ONE_HOUR, due, working_time_between
from sla.calendar.values import Allowance, Unit, WorkingCalendar, date_of, later

ONE_MINUTE = timedelta(minutes=1)
ROOM = 30  # days beside those asked for, in which a calendar surely works


def shifted(due_at: datetime, due_on: date, amount: int, unit: Unit, calendar: WorkingCalendar) -> datetime:
    """The moment, in UTC, so much after the deadline, or before it when `amount` is negative.

    Days keep the time of day of the deadline, on the clocks of the calendar: three working days before one that ends with
    the day of `due_on`, that day and the two working days before it are left. One that ends on a day of rest is counted back
    from the working day before. Working hours are reckoned back to the minute.
    """
    if not amount:
        return due_at
    match unit:
        case Unit.MINUTES:
            return later(due_at, amount * ONE_MINUTE)
        case Unit.HOURS:
            return later(due_at, amount * ONE_HOUR)
        case Unit.DAYS:
            day = date_of(due_on.toordinal() + amount)
        case Unit.WORKING_DAYS:
            day = (
                calendar.working_day_after(due_on, amount)
                if amount > 0
                else _working_day_before(due_on, -amount, calendar)
            )
        case Unit.WORKING_HOURS:
            if amount > 0:
                return due(due_at, Allowance(amount, unit), calendar)[0]
            return _working_hours_before(due_at, -amount * ONE_HOUR, calendar)
    since_midnight = calendar.local(due_at).replace(tzinfo=None) - datetime.combine(due_on, time.min)
    return calendar.instant(day, since_midnight)


def _working_day_before(day: date, number: int, calendar: WorkingCalendar) -> date:
    """The `number`-th working day before `day`, or before the last working day where `day` is one of rest."""
    wanted = calendar.days_through(day.toordinal()) - number
    start = day - timedelta(days=2 * number + ROOM)
    while calendar.days_through(start.toordinal()) >= wanted:
        start -= ROOM * ONE_DAY
    return calendar.working_day_after(start, wanted - calendar.days_through(start.toordinal()))


def _working_hours_before(due_at: datetime, worked: timedelta, calendar: WorkingCalendar) -> datetime:
    """The last minute after which this much working time is left."""
    early, late = 1, 1
    while working_time_between(due_at - late * ONE_MINUTE, due_at, calendar) < worked:
        early, late = late, 2 * late
    while late - early > 1:
        middle = (early + late) // 2
        if working_time_between(due_at - middle * ONE_MINUTE, due_at, calendar) < worked:
            early = middle
        else:
            late = middle
    return due_at - late * ONE_MINUTE
