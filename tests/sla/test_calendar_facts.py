"""The days of 2024 to 2026, from four sides: the notices, the calendar made of them, and two packages."""

from datetime import date

import holidays
import pytest

from sla.calendar import Why
from sla.holiday_source import NotAnnounced, days_of, read_notice
from tests.sla.notices import CHINA, DAYS_OFF, MAKE_UP_DAYS, YEARS
from tests.sla.oracle import every_day, works_in_china

ALL_DAYS = list(every_day(date(2024, 1, 1), date(2026, 12, 31)))


def test_the_calendar_and_the_oracle_agree_on_every_single_day() -> None:
    assert [day for day in ALL_DAYS if CHINA.works(day) != works_in_china(day)] == []


@pytest.mark.parametrize("year", sorted(YEARS))
def test_the_seed_is_the_notice_day_for_day(year: int) -> None:
    seeded = {day: works for day, works, _ in days_of(year)}
    off = {day: False for day in DAYS_OFF if day.year == year}
    assert seeded == off | {day: True for day in MAKE_UP_DAYS if day.year == year}


def test_the_seed_names_days_as_the_notice_does() -> None:
    names = {day: name for day, _, name in days_of(2026)}
    assert names[date(2026, 2, 15)] == "春节放假"
    assert names[date(2026, 2, 16)] == "除夕"
    assert names[date(2026, 2, 17)] == "春节"
    assert names[date(2026, 2, 28)] == "调休上班"


def test_the_seed_names_a_break_that_two_festivals_share_for_both() -> None:
    names = {day: name for day, _, name in days_of(2025)}
    assert (names[date(2025, 10, 6)], names[date(2025, 10, 7)]) == ("中秋节", "国庆节、中秋节放假")


@pytest.mark.parametrize("year", range(2008, 2027))
def test_the_seed_works_and_rests_as_the_oracle_does_since_2008(year: int) -> None:
    seeded = {day: works for day, works, _ in days_of(year)}
    days = every_day(date(year, 1, 1), date(year, 12, 31))
    assert [day for day in days if seeded.get(day, day.weekday() < 5) != works_in_china(day)] == []


@pytest.mark.parametrize("year", [1, 1949, 2007, *range(2027, 2041), 9998, 9999])
def test_a_year_nobody_has_announced_gives_no_seed(year: int) -> None:
    with pytest.raises(NotAnnounced, match=str(year)):
        days_of(year)


def test_longer_breaks_without_a_make_up_day_are_a_guess() -> None:
    source = holidays.country_holidays("CN", years=2026, language="zh_CN")
    source.weekend_workdays.clear()
    with pytest.raises(NotAnnounced):
        read_notice(2026, source)


def test_a_make_up_day_beside_short_golden_weeks_is_a_guess() -> None:
    source = holidays.country_holidays("CN", years=2027, language="zh_CN")
    source.weekend_workdays.add(date(2027, 2, 20))
    with pytest.raises(NotAnnounced):
        read_notice(2027, source)


def test_2026_has_33_days_off_six_make_up_days_and_248_working_days() -> None:
    days = [day for day in ALL_DAYS if day.year == 2026]
    assert len([day for day in DAYS_OFF if day.year == 2026]) == 33
    assert sum(CHINA.why(day) is Why.MAKE_UP for day in days) == 6
    assert sum(CHINA.works(day) for day in days) == 248
