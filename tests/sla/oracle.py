"""A second, slow answer to every question of working time, to hold the engine against.

It knows nothing of the engine: its facts are those of the `chinesecalendar` package, kept by other people from the same
notices; opening hours are written as texts; and its only method is to look at one hour, one day or one minute after another.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

import chinese_calendar

Works = Callable[[date], bool]
OFFICE = ["09:00-12:00", "13:30-17:30"]
ONE_DAY, ONE_HOUR, ONE_MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def works_in_china(day: date) -> bool:
    """Tell whether people in China work on a date; the package refuses years without a notice."""
    return bool(chinese_calendar.is_workday(day))


def working_days_after(start: date, works: Works) -> Iterator[date]:
    """Give the first, second, third… working day after `start`, without end."""
    day = start
    while True:
        day = day + ONE_DAY
        if works(day):
            yield day


def last_working_day(start: date, amount: int, works: Works) -> date:
    """Give the day on which a limit of so many working days ends."""
    return next(islice(working_days_after(start, works), amount - 1, None))


def days_after(start: date) -> Iterator[date]:
    """Give the first, second, third… day after `start`, without end."""
    return working_days_after(start, lambda _day: True)


def hours_after(start: datetime) -> Iterator[datetime]:
    """Give the moments one, two, three… hours after `start`, on a clock that is never put forward or back."""
    while True:
        start = start + ONE_HOUR
        yield start


def open_minutes(first: date, last: date, works: Works, openings: Sequence[str]) -> Iterator[datetime]:
    """Give the beginning of every minute in which the office is open, from the first day to the last."""
    for day in every_day(first, last):
        if not works(day):
            continue
        for opening in openings:
            opens, closes = (datetime.fromisoformat(f"{day} {edge}") for edge in opening.split("-"))
            minute = opens
            while minute < closes:
                yield minute
                minute = minute + ONE_MINUTE


def working_hours_after(start: datetime, still_open: Sequence[datetime]) -> Iterator[datetime]:
    """Give the moments at which one, two, three… working hours are over: the end of every sixtieth open minute.

    `still_open` are the open minutes from `start` on, which is a whole minute itself.
    """
    for sixtieth in range(59, len(still_open), 60):
        assert still_open[0] >= start
        yield still_open[sixtieth] + ONE_MINUTE


def every_day(first: date, last: date) -> Iterator[date]:
    """Give every date from the first to the last."""
    day = first
    while day <= last:
        yield day
        day = day + ONE_DAY


# 上海、深圳、北京证券交易所, 2023-12-26: the eve of the Spring Festival, a working day for everybody else
closed_on_the_exchange = {date(2024, 2, 9)}


def trades(day: date) -> bool:
    """Tell whether the exchanges trade on a date: Monday to Friday, no holiday, whatever is made up for at weekends."""
    return day.weekday() < 5 and works_in_china(day) and day not in closed_on_the_exchange


def opens_on_saturdays(day: date) -> bool:
    """Tell whether an outlet that opens on Saturdays, too, opens on a date: not within a holiday."""
    is_off, festival = chinese_calendar.get_holiday_detail(day)
    return not is_off or (day.weekday() == 5 and festival is None)


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
