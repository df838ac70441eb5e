"""A year of a working calendar as a page shows it: months, weeks, holidays and make-up days. No queries here."""

import calendar as weeks
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sla.calendar import Why, WorkingCalendar

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayFace:
    """A day of the year. `look` is its class: on, off, on shift (make-up day), dim (not of this month)."""

    date: date
    look: str
    name: str
    why: Why | None
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class MonthFace:
    """A month in whole weeks from Monday to Sunday, and how many working days it has."""

    first: date
    weeks: list[list[DayFace]]
    working_days: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row for one reason: a holiday, or a single make-up day."""

    first: date
    last: date
    name: str
    days: int


@dataclass(frozen=True, slots=True)
class YearFace:
    """`holidays` are runs of days off with a name, weekends within them included; `make_ups` work though it is a weekend."""

    year: int
    months: list[MonthFace]
    holidays: list[Stretch]
    make_ups: list[Stretch]
    working_days: int
    is_announced: bool


def year_face(calendar: WorkingCalendar, year: int, today: date) -> YearFace:
    """A year at a glance."""
    months = [_month(calendar, date(year, number, 1), today) for number in range(1, 13)]
    days = [date(year, 1, 1) + ONE_DAY * ahead for ahead in range(366 if weeks.isleap(year) else 365)]
    return YearFace(
        year,
        months,
        list(_holidays(calendar, days)),
        [Stretch(day, day, calendar.name(day), 1) for day in days if calendar.why(day) is Why.MAKE_UP],
        sum(month.working_days for month in months),
        year in calendar.years,
    )


def _month(calendar: WorkingCalendar, first: date, today: date) -> MonthFace:
    shown = weeks.Calendar().monthdatescalendar(first.year, first.month)
    faces = [[_day(calendar, day, first.month, today) for day in week] for week in shown]
    working = sum(face.look.startswith("on") for week in faces for face in week)
    return MonthFace(first, faces, working)


def _day(calendar: WorkingCalendar, day: date, month: int, today: date) -> DayFace:
    if day.month != month:
        return DayFace(day, "dim", "", None)
    why = calendar.why(day)
    look = "on shift" if why is Why.MAKE_UP else "on" if calendar.works(day) else "off"
    return DayFace(day, look, calendar.name(day), why, day == today)


def _holidays(calendar: WorkingCalendar, days: list[date]) -> Iterator[Stretch]:
    """A weekend between or beside the days of a holiday belongs to it; one that stands alone does not."""
    off = [day for day in days if not calendar.works(day)]
    for _key, run in groupby(enumerate(off), key=lambda pair: pair[1].toordinal() - pair[0]):
        stretch = [day for _place, day in run]
        if names := [name for day in stretch if (name := calendar.name(day))]:
            yield Stretch(stretch[0], stretch[-1], _named(names), len(stretch))


def _named(names: list[str]) -> str:
    """Each name once, and none that only adds to another: 春节 says what 春节放假 does."""
    known = dict.fromkeys(names)
    return "、".join(name for name in known if not any(name != other and name.startswith(other) for other in known))
