"""Deadlines a person can check with a wall calendar, and the edges where engines go wrong."""

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from sla.calendar import Allowance, DayRule, Unit, Unreckonable, Why, WorkingCalendar, deadline, due
from tests.sla.notices import CHINA


def at(text: str) -> datetime:
    """Read an ISO time; without an offset it is Beijing time."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA.zone)


def last_day(received_at: str, amount: int, unit: Unit = Unit.WORKING_DAYS) -> str:
    return due(at(received_at), Allowance(amount, unit), CHINA)[1].isoformat()


def end(received_at: str, amount: int, unit: Unit) -> str:
    """Give the instant of a deadline on Beijing clocks."""
    due_at = due(at(received_at), Allowance(amount, unit), CHINA)[0]
    return due_at.astimezone(CHINA.zone).strftime("%Y-%m-%d %H:%M:%S")


def is_provisional(received_at: str, amount: int, unit: Unit = Unit.WORKING_DAYS) -> bool:
    limit = Allowance(amount, unit)
    assert due(at(received_at), limit, CHINA)[2] == deadline(at(received_at), limit, CHINA).provisional
    return due(at(received_at), limit, CHINA)[2]


def test_fifteen_working_days_over_spring_festival_2026_end_on_9_march() -> None:
    answer = deadline(at("2026-02-10T10:00:00+08:00"), Allowance(15, Unit.WORKING_DAYS), CHINA)
    assert answer.due_at == at("2026-03-10T00:00:00+08:00")
    assert answer.due_at.tzinfo is UTC
    assert (answer.due_on, answer.provisional) == (date(2026, 3, 9), False)
    assert (answer.calendar, answer.calendar_version) == ("cn", 1)


def test_the_longest_extension_of_that_case_ends_on_21_april() -> None:
    assert last_day("2026-02-10T10:00", 45) == "2026-04-21"


def test_its_proof_tells_every_day_apart() -> None:
    days = {day.date: day for day in deadline(at("2026-02-10T10:00"), Allowance(15, Unit.WORKING_DAYS), CHINA).days}
    told = {
        date(2026, 2, 10): (False, None, Why.START, ""),
        date(2026, 2, 11): (True, 1, Why.WORKING_DAY, ""),
        date(2026, 2, 14): (True, 4, Why.MAKE_UP, "调休上班"),
        date(2026, 2, 15): (False, None, Why.HOLIDAY, "春节"),
        date(2026, 2, 24): (True, 5, Why.WORKING_DAY, ""),
        date(2026, 3, 1): (False, None, Why.WEEKEND, ""),
        date(2026, 3, 9): (True, 15, Why.WORKING_DAY, ""),
    }
    assert {on: (days[on].counts, days[on].ordinal, days[on].why, days[on].name) for on in told} == told
    assert len(days) == 28


@pytest.mark.parametrize(
    ("received_at", "amount", "expected"),
    [
        ("2026-02-13T09:00", 1, "2026-02-14"),  # Friday, then a Saturday that works
        ("2026-02-14T09:00", 1, "2026-02-24"),  # the make-up Saturday itself, then nine days off
        ("2026-02-17T09:00", 1, "2026-02-24"),  # received on a holiday
        ("2026-10-09T09:00", 1, "2026-10-10"),
        ("2026-09-18T09:00", 2, "2026-09-21"),  # a Sunday that works
        ("2026-11-21T09:00", 1, "2026-11-23"),  # received on a plain Saturday: Monday is day one
        ("2026-11-20T09:00", 1, "2026-11-23"),
        ("2024-02-28T09:00", 1, "2024-02-29"),  # leap day
        ("2024-02-29T09:00", 1, "2024-03-01"),
        ("2025-12-31T09:00", 1, "2026-01-04"),  # over the turn of the year, a Sunday that works
    ],
)
def test_working_days_end_where_a_person_with_a_calendar_ends(received_at: str, amount: int, expected: str) -> None:
    assert last_day(received_at, amount) == expected


def test_the_last_second_of_a_day_belongs_to_it_and_the_next_begins_a_new_count() -> None:
    assert last_day("2026-11-16T23:59:59", 5) == "2026-11-23"
    assert last_day("2026-11-17T00:00:00", 5) == "2026-11-24"


def test_the_day_of_receipt_is_the_day_in_the_zone_of_the_calendar() -> None:
    assert last_day("2026-11-16T15:59:59+00:00", 5) == "2026-11-23"
    assert last_day("2026-11-16T16:00:00+00:00", 5) == "2026-11-24"


def test_calendar_days_run_through_rest_days_and_do_not_roll_past_one() -> None:
    assert last_day("2026-02-05T10:00", 30, Unit.DAYS) == "2026-03-07"  # a Saturday
    assert end("2026-02-05T10:00", 30, Unit.DAYS) == "2026-03-08 00:00:00"
    assert last_day("2024-02-14T10:00", 15, Unit.DAYS) == "2024-02-29"


def test_hours_run_from_the_minute_through_nights_and_holidays() -> None:
    assert end("2026-02-14T17:45:30", 24, Unit.HOURS) == "2026-02-15 17:45:30"
    assert last_day("2026-11-20T00:00:00", 24, Unit.HOURS) == "2026-11-21"


def test_hours_are_real_hours_when_a_clock_change_lies_between() -> None:
    new_york = WorkingCalendar("us", 1, at("2026-03-07T12:00:00").tzinfo, {}, frozenset({2026}))  # type: ignore[arg-type]
    due_at, _, _ = due(at("2026-03-07T12:00:00-05:00"), Allowance(24, Unit.HOURS), new_york)
    assert due_at == at("2026-03-08T12:00:00-05:00")


@pytest.mark.parametrize(
    ("received_at", "amount", "expected"),
    [
        ("2026-11-20T09:00:00", 1, "2026-11-20 10:00:00"),
        ("2026-11-20T11:30:00", 1, "2026-11-20 14:00:00"),  # over the lunch break
        ("2026-11-20T12:30:00", 1, "2026-11-20 14:30:00"),  # received in it
        ("2026-11-20T06:00:00", 3, "2026-11-20 12:00:00"),  # before opening; ends with the morning, not after lunch
        ("2026-11-20T16:40:10", 1, "2026-11-23 09:10:10"),  # Friday afternoon to Monday morning
        ("2026-11-20T17:30:00", 7, "2026-11-23 17:30:00"),
        ("2026-11-21T10:00:00", 7, "2026-11-23 17:30:00"),  # received on a Saturday
        ("2026-02-13T17:00:00", 1, "2026-02-14 09:30:00"),  # the Saturday works
        ("2026-02-14T17:00:00", 8, "2026-02-25 09:30:00"),  # after nine days off
        ("2026-11-16T09:00:00", 35, "2026-11-20 17:30:00"),  # a whole week ends on its Friday
    ],
)
def test_working_hours_run_only_while_the_office_is_open(received_at: str, amount: int, expected: str) -> None:
    assert end(received_at, amount, Unit.WORKING_HOURS) == expected
    proof = deadline(at(received_at), Allowance(amount, Unit.WORKING_HOURS), CHINA)
    assert proof.due_at.astimezone(CHINA.zone).strftime("%Y-%m-%d %H:%M:%S") == expected


def test_a_limit_that_reaches_an_unannounced_year_is_provisional() -> None:
    assert not is_provisional("2026-10-29T10:00", 45)
    assert is_provisional("2026-10-30T10:00", 45)
    assert not is_provisional("2026-12-10T10:00", 15)
    assert is_provisional("2026-12-11T10:00", 15)
    assert is_provisional("2026-12-31T17:00", 1, Unit.WORKING_HOURS)
    assert not is_provisional("2026-12-31T17:00", 400, Unit.HOURS)
    assert not is_provisional("2026-12-31T17:00", 60, Unit.DAYS)


def test_the_day_of_receipt_may_lie_in_an_unannounced_year_if_nothing_is_read_off_it() -> None:
    assert not is_provisional("2023-12-31T10:00", 5)
    assert is_provisional("2023-12-30T10:00", 5)
    assert is_provisional("2023-12-31T10:00", 5, Unit.WORKING_HOURS)


def test_an_unannounced_year_works_monday_to_friday_and_its_days_say_why() -> None:
    days = deadline(at("2026-12-31T10:00"), Allowance(2, Unit.WORKING_DAYS), CHINA).days
    assert [(day.date.isoformat(), day.counts, day.why) for day in days[1:]] == [
        ("2027-01-01", True, Why.UNANNOUNCED),
        ("2027-01-02", False, Why.UNANNOUNCED),
        ("2027-01-03", False, Why.UNANNOUNCED),
        ("2027-01-04", True, Why.UNANNOUNCED),
    ]


def test_days_of_an_unannounced_year_are_not_read_even_if_the_table_has_some() -> None:
    early = replace(CHINA, days={**CHINA.days, date(2027, 1, 1): DayRule(False, "元旦")})
    assert due(at("2026-12-31T10:00"), Allowance(1, Unit.WORKING_DAYS), early)[1:] == (date(2027, 1, 1), True)


@pytest.mark.parametrize("unit", list(Unit))
def test_a_time_without_an_offset_is_refused_with_advice(unit: Unit) -> None:
    naive = datetime(2026, 2, 10, 10)  # noqa: DTZ001
    for reckon in (due, deadline):
        with pytest.raises(ValueError, match=r"2026-02-10T10:00:00 has no offset.*\+08:00") as refusal:
            reckon(naive, Allowance(15, unit), CHINA)
        assert isinstance(refusal.value, Unreckonable)
        assert refusal.value.code == "naive"


@pytest.mark.parametrize("amount", [0, -1, 10_001, 10**30, 1.5, True, "15", None])
def test_an_absurd_amount_is_refused(amount: object) -> None:
    with pytest.raises(ValueError, match="whole number from 1 to 10000"):
        Allowance(amount, Unit.DAYS)  # type: ignore[arg-type]


def test_a_unit_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="hours, days, working_hours, working_days"):
        Allowance(1, "fortnights")  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize(
    "received_at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "9999-12-31T12:00:00+00:00"]
)
def test_the_ends_of_time_are_refused_and_never_overflow(received_at: str, unit: Unit) -> None:
    for reckon in (due, deadline):
        with pytest.raises(ValueError, match="years 1 to 9999") as refusal:
            reckon(at(received_at), Allowance(10_000, unit), CHINA)
        assert isinstance(refusal.value, Unreckonable)


@pytest.mark.parametrize("unit", list(Unit))
def test_the_longest_allowance_is_reckoned(unit: Unit) -> None:
    limit = Allowance(10_000, unit)
    assert due(at("2026-02-10T10:00"), limit, CHINA)[1] == deadline(at("2026-02-10T10:00"), limit, CHINA).due_on


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((time(12), time(9)),),
        ((time(9), time(9)),),
        ((time(13), time(17)), (time(9), time(12))),
        ((time(9), time(13)), (time(12), time(17))),
    ],
)
def test_opening_hours_that_make_no_sense_are_refused(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        replace(CHINA, hours=hours)


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({0}), frozenset({1, 8})])
def test_a_week_that_makes_no_sense_is_refused(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="works on one day or more"):
        replace(CHINA, weekdays=weekdays)


def test_a_week_from_tuesday_to_saturday_counts_its_own_days() -> None:
    theatre = replace(CHINA, days={}, weekdays=frozenset({2, 3, 4, 5, 6}))
    received_at = at("2026-11-20T10:00")  # a Friday
    ends = [due(received_at, Allowance(amount, Unit.WORKING_DAYS), theatre)[1].isoformat() for amount in (1, 2, 6)]
    assert ends == ["2026-11-21", "2026-11-24", "2026-11-28"]
    assert [theatre.why(date(2026, 11, day)) for day in (21, 22, 23)] == [Why.WORKING_DAY, Why.WEEKEND, Why.WEEKEND]


def test_a_calendar_is_a_value_that_nothing_outside_can_change() -> None:
    days = {date(2026, 11, 23): DayRule(False, "停业")}
    calendar = replace(CHINA, days=days)
    days.clear()
    assert not calendar.works(date(2026, 11, 23))
    assert pickle.loads(pickle.dumps(calendar)) == calendar  # noqa: S301
    assert hash(calendar) == hash(replace(CHINA, days={}))


def test_a_day_off_on_a_weekend_belongs_to_the_holiday_that_names_it() -> None:
    days = {
        date(2026, 11, 21): DayRule(False),
        date(2026, 11, 22): DayRule(False, "校庆"),
        date(2026, 11, 23): DayRule(False),
    }
    calendar = replace(CHINA, days=days)
    assert [calendar.why(day) for day in days] == [Why.WEEKEND, Why.HOLIDAY, Why.HOLIDAY]


def test_a_row_for_a_day_that_is_as_usual_changes_nothing() -> None:
    usual = {date(2026, 11, 20): DayRule(True), date(2026, 11, 21): DayRule(False)}
    with_usual = replace(CHINA, days={**CHINA.days, **usual})
    limit = Allowance(3, Unit.WORKING_DAYS)
    assert due(at("2026-11-17T10:00"), limit, with_usual) == due(at("2026-11-17T10:00"), limit, CHINA)


def test_a_bank_open_round_the_clock_spends_working_hours_through_the_night() -> None:
    always = replace(CHINA, hours=((time(0), time(23, 59)),))
    due_at, due_on, _ = due(at("2026-11-19T23:30"), Allowance(1, Unit.WORKING_HOURS), always)
    assert (due_at, due_on) == (at("2026-11-20T00:31"), date(2026, 11, 20))
    assert due_at - at("2026-11-19T23:30") == timedelta(hours=1, minutes=1)
