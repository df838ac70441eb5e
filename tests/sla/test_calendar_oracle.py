"""Every deadline of three years, in every unit, against an oracle that shares nothing with the engine."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from sla.calendar import Allowance, Unit, due
from tests.sla.notices import CHINA
from tests.sla.oracle import (
    OFFICE,
    Works,
    days_after,
    every_day,
    hours_after,
    last_working_day,
    open_minutes,
    working_days_after,
    working_hours_after,
    works_in_china,
)

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
STARTS = list(every_day(FIRST, LAST))
AFTERWARDS = date(2027, 3, 31)  # a walk that leaves the announced years ends by then
MOST = 60
BEIJING = timedelta(hours=8)
# before opening, at opening, in the morning, at lunch, in the afternoon, in the last minute, at closing, at night
RECEIVED = [time(7, 15), time(9), time(10), time(12, 40), time(15, 2), time(17, 29), time(17, 30), time(23, 59)]
ONE_OPENING = ((time(8, 30), time(17)),)


def works_or_unknown(day: date) -> bool:
    """Ask the oracle up to the last announced day; days after it only end a walk, and are not compared."""
    return day > LAST or works_in_china(day)


def on_paper(moment: datetime) -> datetime:
    """Read a Beijing wall clock, which has not been put forward or back since 1991."""
    return moment.replace(tzinfo=UTC) - BEIJING


def received(start: date) -> datetime:
    """Give a minute of the day that differs from one start to the next."""
    return datetime.combine(start, RECEIVED[start.toordinal() % len(RECEIVED)])


def by_the_day(days: Iterator[date]) -> Iterator[tuple[datetime, date]]:
    """Give the end of each day, and the day."""
    for day in days:
        yield datetime.combine(day + timedelta(days=1), time()), day


def by_the_hour(moments: Iterator[datetime]) -> Iterator[tuple[datetime, date]]:
    """Give each moment, and its day."""
    for moment in moments:
        yield moment, moment.date()


def differences(unit: Unit, start: datetime, expected: Iterator[tuple[datetime, date]]) -> tuple[list[object], int]:
    """Compare the engine with what is expected of 1, 2, 3… of a unit; give what differs, and how many were compared."""
    wrong: list[object] = []
    compared = 0
    at = on_paper(start)
    for amount, (moment, day) in enumerate(islice(expected, MOST), 1):
        due_at, due_on, provisional = due(at, Allowance(amount, unit), CHINA)
        if day > LAST and unit in (Unit.WORKING_DAYS, Unit.WORKING_HOURS):
            assert provisional
            continue
        compared += 1
        if (due_at, due_on, provisional) != (on_paper(moment), day, False):
            wrong.append((start, amount, due_at, moment))
    return wrong, compared


def judged(unit: Unit, start: datetime, still_open: list[datetime]) -> tuple[list[object], int]:
    match unit:
        case Unit.HOURS:
            return differences(unit, start, by_the_hour(hours_after(start)))
        case Unit.DAYS:
            return differences(unit, start, by_the_day(days_after(start.date())))
        case Unit.WORKING_DAYS:
            return differences(unit, start, by_the_day(working_days_after(start.date(), works_or_unknown)))
        case Unit.WORKING_HOURS:
            return differences(unit, start, by_the_hour(working_hours_after(start, still_open)))


@pytest.fixture(scope="module")
def minutes() -> list[datetime]:
    return list(open_minutes(FIRST, AFTERWARDS, works_or_unknown, OFFICE))


@pytest.mark.parametrize(
    ("unit", "number"),
    [(Unit.HOURS, 65_760), (Unit.DAYS, 65_760), (Unit.WORKING_DAYS, 63_247), (Unit.WORKING_HOURS, 65_426)],
)
def test_every_start_and_every_allowance_of_three_years_agrees_with_the_oracle(
    unit: Unit, number: int, minutes: list[datetime]
) -> None:
    wrong: list[object] = []
    compared, passed = 0, 0
    for start in map(received, STARTS):
        while minutes[passed] < start:
            passed += 1
        differ, count = judged(unit, start, minutes[passed : passed + MOST * 60])
        wrong += differ
        compared += count
    assert wrong == []
    assert compared == number


@pytest.mark.parametrize("at", RECEIVED)
def test_opening_hours_agree_with_the_oracle_from_any_time_of_day(at: time, minutes: list[datetime]) -> None:
    """Every day of the year with the longest breaks, 1 to 14 hours: two working days of seven hours."""
    compared, passed = 0, 0
    for day in every_day(date(2026, 1, 1), date(2026, 12, 20)):
        start = datetime.combine(day, at)
        while minutes[passed] < start:
            passed += 1
        for amount, moment in enumerate(working_hours_after(start, minutes[passed : passed + 14 * 60]), 1):
            compared += 1
            assert due(on_paper(start), Allowance(amount, Unit.WORKING_HOURS), CHINA)[0] == on_paper(moment)
    assert compared == 354 * 14


def test_an_office_without_a_lunch_break_agrees_with_the_oracle_too() -> None:
    calendar = replace(CHINA, hours=ONE_OPENING)
    minutes = list(open_minutes(FIRST, date(2024, 12, 31), works_in_china, ["08:30-17:00"]))
    for day in every_day(FIRST, date(2024, 11, 30)):
        start = received(day)
        for amount, moment in enumerate(working_hours_after(start, _from(start, minutes)[: 20 * 60]), 1):
            assert due(on_paper(start), Allowance(amount, Unit.WORKING_HOURS), calendar)[0] == on_paper(moment)


def _from(start: datetime, minutes: list[datetime]) -> list[datetime]:
    while minutes[0] < start:
        minutes.pop(0)
    return minutes


def test_the_oracle_itself_counts_as_a_person_would() -> None:
    works: Works = works_in_china
    assert list(islice(working_days_after(date(2026, 2, 10), works), 5)) == [
        *(date(2026, 2, day) for day in (11, 12, 13, 14)), date(2026, 2, 24),
    ]  # fmt: skip
    assert last_working_day(date(2026, 2, 10), 15, works) == date(2026, 3, 9)
    minutes = list(open_minutes(date(2026, 2, 13), date(2026, 2, 25), works, OFFICE))
    assert len(minutes) == 4 * 7 * 60
    ends = [f"{moment:%m-%d %H:%M}" for moment in working_hours_after(minutes[0], minutes)]
    assert (ends[0], ends[3], ends[13], ends[14]) == ("02-13 10:00", "02-13 14:30", "02-14 17:30", "02-24 10:00")
