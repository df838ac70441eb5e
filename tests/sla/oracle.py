"""A second, slow answer to every question of working days, to hold the engine against.

It knows nothing of the engine: its facts are those of the `chinesecalendar` package, kept by other people from the same
notices, and its only method is to look at one day after another.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import chinese_calendar

Works = Callable[[date], bool]


def works_in_china(day: date) -> bool:
    """Tell whether people in China work on a date; the package refuses years without a notice."""
    return bool(chinese_calendar.is_workday(day))


def working_days_after(start: date, works: Works) -> Iterator[date]:
    """Give the first, second, third… working day after `start`, without end."""
    day = start
    while True:
        day = day + timedelta(days=1)
        if works(day):
            yield day


def last_working_day(start: date, amount: int, works: Works) -> date:
    """Give the day on which a limit of so many working days ends."""
    days = working_days_after(start, works)
    for _ in range(amount - 1):
        next(days)
    return next(days)


def every_day(first: date, last: date) -> Iterator[date]:
    """Give every date from the first to the last."""
    day = first
    while day <= last:
        yield day
        day = day + timedelta(days=1)


def last_day_with_pauses(start: date, amount: int, counts: Works, pauses: list[tuple[date, date]]) -> date:
    """Give the day on which a limit ends that no day from the first of a pause up to its end counts for."""
    day = start
    while amount:
        day = day + timedelta(days=1)
        is_paused = any(since <= day < until for since, until in pauses)
        amount -= counts(day) and not is_paused
    return day


def end_by_the_minute(
    start: datetime, minutes: int, counts: Callable[[datetime], bool], pauses: list[tuple[datetime, datetime]]
) -> datetime:
    """Give the moment at which so many minutes that count have passed, looking at one minute after another."""
    at = start
    while minutes:
        is_paused = any(since <= at < until for since, until in pauses)
        minutes -= counts(at) and not is_paused
        at = at + timedelta(minutes=1)
    return at
