"""Laws that hold for every calendar, receipt and allowance, tried on thousands that nobody would think of."""

import os
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sla.calendar import (
    MONDAY_TO_FRIDAY,
    OFFICE_HOURS,
    Allowance,
    DayRule,
    Unit,
    Unreckonable,
    WorkingCalendar,
    deadline,
    due,
    working_days_between,
    working_time_between,
)
from tests.sla.notices import CHINA
from tests.sla.oracle import last_working_day, open_minutes, working_hours_after

BEIJING = ZoneInfo("Asia/Shanghai")
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "UTC", "America/New_York", "Asia/Kathmandu")]

WORKING_UNITS = [Unit.WORKING_DAYS, Unit.WORKING_HOURS]


def _openings(edges: set[int]) -> tuple[tuple[time, time], ...]:
    """Make opening hours of an even number of minutes of the day."""
    moments = [time(minute // 60, minute % 60) for minute in sorted(edges)]
    return tuple(zip(moments[::2], moments[1::2], strict=True))


dates = st.dates(date(2024, 6, 1), date(2027, 6, 30))
moments = st.datetimes(datetime(2024, 7, 1), datetime(2026, 12, 31), timezones=st.sampled_from(ZONES))  # noqa: DTZ001
minutes = moments.map(lambda one: one.replace(second=0, microsecond=0, tzinfo=None))
rules = st.dictionaries(
    dates, st.builds(DayRule, st.booleans(), st.sampled_from(["", "春节", "调休上班"])), max_size=80
)
years = st.frozensets(st.sampled_from([2024, 2025, 2026, 2027]))
# from 3:00 on: no office opens in the hour that some zones skip or repeat
openings = st.sampled_from([2, 4, 6]).flatmap(
    lambda edges: st.sets(st.integers(3 * 60, 24 * 60 - 1), min_size=edges, max_size=edges).map(_openings)
)
hours = st.one_of(st.just(OFFICE_HOURS), openings)
weekdays = st.one_of(st.just(MONDAY_TO_FRIDAY), st.frozensets(st.integers(1, 7), min_size=1))
calendars = st.builds(
    WorkingCalendar, st.just("any"), st.just(1), st.sampled_from(ZONES), rules, years, hours, weekdays
)
announced = calendars.map(lambda calendar: replace(calendar, years=frozenset(range(2024, 2040))))
allowances = st.builds(Allowance, st.integers(1, 120), st.sampled_from(list(Unit)))
thorough = settings(max_examples=200, deadline=None)


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
def process_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run a test in a process that believes to be elsewhere."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clock.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    clock.tzset()


def answer_or_refusal(reckon: Callable[..., Any], received_at: datetime, limit: Allowance) -> object:
    """Give the instant either way of reckoning ends at, or the code of its refusal."""
    try:
        answer = reckon(received_at, limit, CHINA)
    except Unreckonable as refusal:
        return refusal.code
    return answer[0] if isinstance(answer, tuple) else answer.due_at


@given(moments, allowances, calendars)
@thorough
def test_the_quick_answer_and_the_proof_are_one(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar
) -> None:
    proof = deadline(received_at, limit, calendar)
    assert due(received_at, limit, calendar) == (proof.due_at, proof.due_on, proof.provisional)


@given(moments, st.integers(1, 120), calendars)
@thorough
def test_the_quick_answer_is_what_looking_at_one_day_after_another_finds(
    received_at: datetime, amount: int, calendar: WorkingCalendar
) -> None:
    start = received_at.astimezone(calendar.zone).date()
    _, due_on, _ = due(received_at, Allowance(amount, Unit.WORKING_DAYS), calendar)
    assert due_on == last_working_day(start, amount, calendar.works)


@given(minutes, st.integers(1, 12), calendars)
@thorough
def test_the_quick_answer_is_what_looking_at_one_open_minute_after_another_finds(
    received: datetime, amount: int, calendar: WorkingCalendar
) -> None:
    calendar = replace(calendar, zone=BEIJING)
    assume(calendar.day_length >= timedelta(minutes=20))
    first, texts = received.date(), [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in calendar.hours]
    found = open_minutes(first, first + timedelta(days=600), calendar.works, texts)
    still_open = list(islice((minute for minute in found if minute >= received), amount * 60))
    *_before, expected = working_hours_after(received, still_open)
    due_at = due(received.replace(tzinfo=BEIJING), Allowance(amount, Unit.WORKING_HOURS), calendar)[0]
    assert due_at == expected.replace(tzinfo=BEIJING)


@given(moments, allowances, st.integers(1, 50), calendars)
@thorough
def test_more_time_never_falls_due_sooner(
    received_at: datetime, limit: Allowance, more: int, calendar: WorkingCalendar
) -> None:
    longer = Allowance(limit.amount + more, limit.unit)
    assert due(received_at, limit, calendar)[0] < due(received_at, longer, calendar)[0]


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)), allowances, calendars)
@thorough
def test_a_later_receipt_never_falls_due_sooner(
    received_at: datetime, delay: timedelta, limit: Allowance, calendar: WorkingCalendar
) -> None:
    later = (received_at.astimezone(UTC) + delay).astimezone(calendar.zone)
    assert due(received_at, limit, calendar)[0] <= due(later, limit, calendar)[0]


@given(moments, allowances, calendars)
@thorough
def test_no_allowance_is_over_before_it_began(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar
) -> None:
    assert due(received_at, limit, calendar)[0] > received_at


@given(moments, st.integers(1, 120), st.sampled_from(WORKING_UNITS), announced, dates)
@thorough
def test_a_holiday_never_brings_a_deadline_forward(
    received_at: datetime, amount: int, unit: Unit, calendar: WorkingCalendar, day: date
) -> None:
    limit = Allowance(amount, unit)
    with_holiday = replace(calendar, days={**calendar.days, day: DayRule(False)})
    assert due(received_at, limit, with_holiday)[0] >= due(received_at, limit, calendar)[0]


@given(moments, st.integers(1, 120), st.sampled_from(WORKING_UNITS), announced, dates)
@thorough
def test_a_make_up_day_never_puts_a_deadline_back(
    received_at: datetime, amount: int, unit: Unit, calendar: WorkingCalendar, day: date
) -> None:
    limit = Allowance(amount, unit)
    with_make_up = replace(calendar, days={**calendar.days, day: DayRule(True)})
    assert due(received_at, limit, with_make_up)[0] <= due(received_at, limit, calendar)[0]


@given(moments, allowances, calendars)
@thorough
def test_plain_hours_and_plain_days_do_not_look_at_the_calendar(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar
) -> None:
    assume(limit.unit in (Unit.HOURS, Unit.DAYS))
    blank = replace(calendar, days={}, years=frozenset())
    assert due(received_at, limit, calendar) == due(received_at, limit, blank)


@given(moments, st.integers(1, 2000), calendars)
@thorough
def test_counting_working_days_inverts_adding_them(
    received_at: datetime, amount: int, calendar: WorkingCalendar
) -> None:
    start = received_at.astimezone(calendar.zone).date()
    due_on = due(received_at, Allowance(amount, Unit.WORKING_DAYS), calendar)[1]
    assert working_days_between(start, due_on, calendar) == amount
    assert working_days_between(due_on, start, calendar) == -amount


@given(moments, st.integers(1, 2000), calendars)
@thorough
def test_measuring_working_time_inverts_adding_it(
    received_at: datetime, amount: int, calendar: WorkingCalendar
) -> None:
    due_at = due(received_at, Allowance(amount, Unit.WORKING_HOURS), calendar)[0]
    assert working_time_between(received_at, due_at, calendar) == timedelta(hours=amount)


@given(moments, allowances, calendars)
@thorough
def test_a_proof_shows_every_day_once_and_counts_right(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar
) -> None:
    days = deadline(received_at, limit, calendar).days
    assert [day.date for day in days] == [days[0].date + timedelta(days=n) for n in range(len(days))]
    numbered = [day.ordinal for day in days if day.ordinal is not None]
    counted_in_days = limit.unit in (Unit.DAYS, Unit.WORKING_DAYS)
    given = [day.gives for day in days if day.gives is not None]
    assert sum(given, timedelta()) == (
        timedelta(hours=limit.amount) if limit.unit is Unit.WORKING_HOURS else timedelta()
    )
    assert numbered == (list(range(1, limit.amount + 1)) if counted_in_days else [])
    assert days[-1].counts


@given(moments, allowances, calendars)
@thorough
def test_an_answer_is_provisional_exactly_when_an_unannounced_year_could_move_it(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar
) -> None:
    start, (_, due_on, provisional) = received_at.astimezone(calendar.zone).date(), due(received_at, limit, calendar)
    first = start if limit.unit is Unit.WORKING_HOURS else start + timedelta(days=1)
    unknown = {first.year, due_on.year} - calendar.years
    assert provisional == (limit.unit in WORKING_UNITS and bool(unknown))


@given(
    st.datetimes(timezones=st.sampled_from(ZONES)), st.builds(Allowance, st.integers(1, 10_000), st.sampled_from(Unit))
)
@thorough
def test_every_moment_there_is_has_one_answer_or_is_refused_as_out_of_range(
    received_at: datetime, limit: Allowance
) -> None:
    assert answer_or_refusal(due, received_at, limit) == answer_or_refusal(deadline, received_at, limit)


@given(moments, st.sampled_from(ZONES), allowances)
@thorough
def test_the_offset_a_receipt_is_written_in_does_not_matter(
    received_at: datetime, zone: ZoneInfo, limit: Allowance
) -> None:
    assert due(received_at, limit, CHINA) == due(received_at.astimezone(UTC).astimezone(zone), limit, CHINA)


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (15, Unit.WORKING_DAYS, "2026-03-10T00:00:00+08:00"),
        (15, Unit.DAYS, "2026-02-26T00:00:00+08:00"),
        (24, Unit.HOURS, "2026-02-11T10:00:00+08:00"),
        (8, Unit.WORKING_HOURS, "2026-02-11T11:00:00+08:00"),
    ],
)
def test_the_zone_of_the_process_does_not_matter(process_zone: str, amount: int, unit: Unit, expected: str) -> None:
    received_at = datetime.fromisoformat("2026-02-10T10:00:00+08:00")
    limit = Allowance(amount, unit)
    assert due(received_at, limit, CHINA)[0] == datetime.fromisoformat(expected)
    assert deadline(received_at, limit, CHINA).due_at == datetime.fromisoformat(expected)
