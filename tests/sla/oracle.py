"""A second, slow answer to every question of working days, to hold the engine against.

It knows nothing of the engine: its facts are those of the `chinesecalendar` package, kept by other people from the same
notices, and its only method is to look at one day after another.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

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
