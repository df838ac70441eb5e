"""What a page shows as time left: in the unit of the rule, right to the last day and past it."""

from datetime import date, datetime, timedelta

import pytest

from sla.calendar import Remaining, Unit, remaining, working_days_between, working_time_between
from tests.sla.notices import CHINA


def at(text: str) -> datetime:
    """Read a Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA.zone)


DUE_AT = at("2026-03-13T00:00")  # the end of Thursday 12 March


def left(now: str, unit: Unit, due_at: datetime = DUE_AT) -> Remaining:
    return remaining(at(now), due_at, unit, CHINA)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-02-26T10:24", 11),  # 27, 28 (made up), 2 to 6, 9 to 12 March
        ("2026-03-11T23:59:59", 1),
        ("2026-03-12T00:00:00", 0),
        ("2026-03-12T23:59:59", 0),
    ],
)
def test_working_days_left_are_those_after_today(now: str, expected: int) -> None:
    assert left(now, Unit.WORKING_DAYS).amount == expected


def test_calendar_days_left_are_those_after_today() -> None:
    assert left("2026-02-26T10:24", Unit.DAYS).amount == 14
    assert left("2026-03-12T10:24", Unit.DAYS).amount == 0


def test_on_the_last_day_the_hours_to_midnight_are_told() -> None:
    assert left("2026-03-12T17:24", Unit.WORKING_DAYS).time == timedelta(hours=6, minutes=36)


def test_hours_left_are_whole_hours_and_the_exact_time() -> None:
    answer = left("2026-03-12T17:24", Unit.HOURS, at("2026-03-13T00:00"))
    assert (answer.amount, answer.time) == (6, timedelta(hours=6, minutes=36))


def test_working_hours_left_skip_the_night_and_the_lunch() -> None:
    answer = left("2026-03-11T17:00", Unit.WORKING_HOURS, at("2026-03-12T14:00"))
    assert (answer.amount, answer.time) == (4, timedelta(hours=4))


@pytest.mark.parametrize("unit", list(Unit))
def test_once_past_it_is_overdue_by_real_time(unit: Unit) -> None:
    assert left("2026-03-16T10:00", unit) == Remaining(0, unit, -timedelta(days=3, hours=10), is_overdue=True)


@pytest.mark.parametrize("unit", list(Unit))
def test_the_time_is_up_at_the_deadline_itself_and_not_a_second_sooner(unit: Unit) -> None:
    assert left("2026-03-13T00:00:00", unit).is_overdue
    assert not left("2026-03-12T23:59:59", unit).is_overdue


def test_working_days_between_two_dates_can_be_counted_both_ways() -> None:
    assert working_days_between(date(2026, 2, 13), date(2026, 2, 24), CHINA) == 2
    assert working_days_between(date(2026, 2, 24), date(2026, 2, 13), CHINA) == -2
    assert working_days_between(date(2026, 2, 14), date(2026, 2, 14), CHINA) == 0


def test_working_time_between_two_moments_can_be_measured_both_ways() -> None:
    friday, monday = at("2026-11-20T16:30"), at("2026-11-23T09:30")
    assert working_time_between(friday, monday, CHINA) == timedelta(hours=1, minutes=30)
    assert working_time_between(monday, friday, CHINA) == -timedelta(hours=1, minutes=30)
