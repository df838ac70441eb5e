"""Days that end at a time of day, and minutes: by 17:00 of the second working day, the same day, within half an hour."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import sentences, wording
from sla.calendar import DAY_UNITS, Allowance, DayRule, Unit, Unreckonable, WorkingCalendar, deadline, due, remaining
from tests.sla.notices import CHINA
from tests.sla.oracle import every_day, works_in_china
from tests.sla.test_calendar_cases import at, end
from tests.sla.test_calendar_laws import announced, calendars, dates, moments

MIDNIGHT, FIVE = time(), time(17)
thorough = settings(max_examples=200, deadline=None)
limits = st.builds(Allowance, st.integers(0, 60), st.sampled_from(sorted(DAY_UNITS)), st.times())


def by(received_at: str, amount: int, moment: time, unit: Unit = Unit.WORKING_DAYS) -> str:
    """Give the end of a limit in days on Beijing clocks, after the two ways of reckoning have agreed on it."""
    limit = Allowance(amount, unit, moment)
    proof = deadline(at(received_at), limit, CHINA)
    assert due(at(received_at), limit, CHINA) == (proof.due_at, proof.due_on, proof.provisional)
    return proof.due_at.astimezone(CHINA.zone).strftime("%Y-%m-%d %H:%M")


def slow_end(received_at: datetime, amount: int, moment: time, works: Callable[[date], bool]) -> datetime:
    """Look at one day after another, as a person with a wall calendar does."""
    day, counted = received_at.date() if amount == 0 else received_at.date() + timedelta(days=1), 0
    while True:
        ends = datetime.combine(day, moment, tzinfo=received_at.tzinfo)
        ends += timedelta(days=moment == MIDNIGHT)
        if works(day) and ends > received_at:
            counted += 1
            if counted >= amount:
                return ends
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("received_at", "amount", "moment", "expected"),
    [
        ("2026-02-10T10:00", 0, FIVE, "2026-02-10 17:00"),
        ("2026-02-10T16:59:59", 0, FIVE, "2026-02-10 17:00"),
        ("2026-02-10T17:00", 0, FIVE, "2026-02-11 17:00"),
        ("2026-02-13T18:00", 0, FIVE, "2026-02-14 17:00"),  # a make-up Saturday
        ("2026-02-14T18:00", 0, FIVE, "2026-02-24 17:00"),  # Spring Festival
        ("2026-02-10T10:00", 0, MIDNIGHT, "2026-02-11 00:00"),
        ("2026-02-16T10:00", 0, MIDNIGHT, "2026-02-25 00:00"),
        ("2026-02-10T18:00", 1, FIVE, "2026-02-11 17:00"),
        ("2026-02-10T10:00", 15, MIDNIGHT, "2026-03-10 00:00"),
    ],
)
def test_a_limit_ends_at_its_time_of_day(received_at: str, amount: int, moment: time, expected: str) -> None:
    assert by(received_at, amount, moment) == expected


def test_the_same_calendar_day_is_any_day() -> None:
    assert by("2026-02-16T10:00", 0, FIVE, Unit.DAYS) == "2026-02-16 17:00"
    assert by("2026-02-16T17:30", 0, FIVE, Unit.DAYS) == "2026-02-17 17:00"


def test_minutes_run_like_hours_through_nights_and_holidays() -> None:
    assert end("2026-02-16T23:45:00", 30, Unit.MINUTES) == "2026-02-17 00:15:00"
    assert end("2026-02-16T23:45:00", 60, Unit.MINUTES) == end("2026-02-16T23:45:00", 1, Unit.HOURS)
    now, left = (
        at("2026-02-16T10:00"),
        remaining(at("2026-02-16T10:00"), at("2026-02-16T10:04:30"), Unit.MINUTES, CHINA),
    )
    assert (left.amount, left.time, now.tzinfo is None) == (4, timedelta(minutes=4, seconds=30), False)


@pytest.mark.parametrize("moment", [FIVE, MIDNIGHT, time(8, 30)])
def test_every_start_of_three_years_agrees_with_the_oracle(moment: time) -> None:
    compared = 0
    for start in every_day(date(2024, 1, 1), date(2026, 12, 1)):
        for hour in (8, 17, 18):
            received_at = datetime.combine(start, time(hour), tzinfo=CHINA.zone)
            for amount in (0, 1, 2, 5, 10):
                limit = Allowance(amount, Unit.WORKING_DAYS, moment)
                assert due(received_at, limit, CHINA)[0] == slow_end(received_at, amount, moment, works_in_china), limit
                compared += 1
    assert compared == 15_990


@given(moments, limits, calendars)
@thorough
def test_the_quick_answer_and_the_proof_are_one(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar
) -> None:
    proof = deadline(received_at, limit, calendar)
    assert due(received_at, limit, calendar) == (proof.due_at, proof.due_on, proof.provisional)
    assert proof.days[-1].counts
    numbered = [day.ordinal for day in proof.days if day.ordinal is not None]
    assert numbered == list(range(1, limit.amount + 1))
    assert proof.due_at > received_at


@given(moments, st.integers(1, 60), st.sampled_from(sorted(DAY_UNITS)), calendars)
@thorough
def test_until_midnight_is_until_the_end_of_the_day(
    received_at: datetime, amount: int, unit: Unit, calendar: WorkingCalendar
) -> None:
    plain, until_midnight = Allowance(amount, unit), Allowance(amount, unit, MIDNIGHT)
    assert due(received_at, plain, calendar) == due(received_at, until_midnight, calendar)


@given(moments, limits, st.integers(1, 20), calendars)
@thorough
def test_more_days_never_fall_due_sooner(
    received_at: datetime, limit: Allowance, more: int, calendar: WorkingCalendar
) -> None:
    longer = replace(limit, amount=limit.amount + more)
    assert due(received_at, limit, calendar)[0] <= due(received_at, longer, calendar)[0]


@given(moments, st.timedeltas(timedelta(), timedelta(days=9)), limits, calendars)
@thorough
def test_a_later_start_never_falls_due_sooner(
    received_at: datetime, delay: timedelta, limit: Allowance, calendar: WorkingCalendar
) -> None:
    later = (received_at.astimezone(UTC) + delay).astimezone(calendar.zone)
    assert due(received_at, limit, calendar)[0] <= due(later, limit, calendar)[0]


@given(moments, limits, announced, dates)
@thorough
def test_a_holiday_never_brings_it_forward_and_a_make_up_day_never_puts_it_back(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar, day: date
) -> None:
    rests, works = (replace(calendar, days={**calendar.days, day: DayRule(one)}) for one in (False, True))
    ends = [due(received_at, limit, one)[0] for one in (works, calendar, rests)]
    assert ends == sorted(ends)


@given(moments, limits, calendars, dates)
@thorough
def test_a_date_that_an_unannounced_year_could_move_is_provisional(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar, day: date
) -> None:
    ends_at, _due_on, provisional = due(received_at, limit, calendar)
    if day.year in calendar.years:
        return
    turned = DayRule(not calendar.works(day))
    known = replace(calendar, days={**calendar.days, day: turned}, years=calendar.years | {day.year})
    assert provisional or due(received_at, limit, known)[0] == ends_at


@pytest.mark.parametrize(
    ("amount", "unit", "moment", "code"),
    [
        (0, Unit.DAYS, None, "amount"),
        (-1, Unit.DAYS, FIVE, "amount"),
        (2, Unit.HOURS, FIVE, "by"),
        (0, Unit.MINUTES, MIDNIGHT, "by"),
        (1, Unit.DAYS, time(17, tzinfo=UTC), "by"),
    ],
)
def test_what_no_rule_could_mean_is_refused(amount: int, unit: Unit, moment: time | None, code: str) -> None:
    with pytest.raises(Unreckonable) as refused:
        Allowance(amount, unit, moment)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("limit", "chinese", "english"),
    [
        (Allowance(30, Unit.MINUTES), "30 分", "30 min"),
        (Allowance(0, Unit.WORKING_DAYS, FIVE), "当个工作日 17:00 前", "by 17:00 of the same working day"),
        (Allowance(0, Unit.DAYS, FIVE), "当日 17:00 前", "by 17:00 of the same day"),
        (Allowance(0, Unit.WORKING_DAYS, MIDNIGHT), "当个工作日内", "the same working day"),
        (Allowance(0, Unit.DAYS, MIDNIGHT), "当日内", "the same day"),
        (Allowance(2, Unit.WORKING_DAYS, FIVE), "2 个工作日，17:00 前", "2 working days, by 17:00"),
        (Allowance(2, Unit.WORKING_DAYS, MIDNIGHT), "2 个工作日", "2 working days"),
    ],
)
def test_an_allowance_is_said_in_both_languages(limit: Allowance, chinese: str, english: str) -> None:
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = sentences.allowance(limit)
    assert said == {"zh-hans": chinese, "en": english}


def test_long_minutes_are_left_in_hours() -> None:
    with translation.override("en"):
        now = at("2026-02-10T10:00")
        assert wording.left_words(now + timedelta(minutes=3000), now, "minutes") == "50 h left"
        assert wording.left_words(now + timedelta(minutes=30), now, "minutes") == "30 min left"
