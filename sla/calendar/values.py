"""The values working time is reckoned with: units, allowances, a calendar, and the limits of what can be asked."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

MAX_AMOUNT = 10_000
OFFICE_HOURS = ((time(9), time(12)), (time(13, 30), time(17, 30)))


class Unit(StrEnum):
    """What an allowance is written in. It is never converted into another."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


class Why(StrEnum):
    """Why a day counts, or does not."""

    START = "start"
    WORKING_DAY = "working_day"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CALENDAR_DAY = "calendar_day"
    UNANNOUNCED = "unannounced"
    PAUSED = "paused"


# From when until when a clock was paused, both with an offset: from `since` on it does not run, from `until` on it runs again.
Pause = tuple[datetime, datetime]


class Unreckonable(ValueError):
    """A question working time has no answer to; `code` tells which, for those who word it in another language."""

    def __init__(self, code: Literal["naive", "amount", "unit", "range", "calendar"], message: str) -> None:
        super().__init__(message)
        self.code: Literal["naive", "amount", "unit", "range", "calendar"] = code


@dataclass(frozen=True)
class Allowance:
    """The time a rule gives, in the unit the rule is written in: 24 hours, 15 working days."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse an amount or a unit that no rule could mean."""
        if type(self.amount) is not int or not 1 <= self.amount <= MAX_AMOUNT:
            raise Unreckonable("amount", f"an allowance is a whole number from 1 to {MAX_AMOUNT}, not {self.amount!r}")
        if not isinstance(self.unit, Unit):
            raise Unreckonable("unit", f"a unit is one of {', '.join(Unit)}, not {self.unit!r}")


@dataclass(frozen=True)
class DayRule:
    """What a calendar says of one date: whether people work, and the name of the day (春节, 调休上班)."""

    works: bool
    name: str = ""


@dataclass(frozen=True)
class WorkingCalendar:
    """One version of a calendar, a value: Monday to Friday work, except as `days` says.

    `years` are those whose notice has been published. In any other year `days` is not read: Monday to Friday work, and
    what rests on it is provisional. `hours` are the opening times of a working day, in order, on the clocks of `zone`.
    """

    code: str
    version: int
    zone: ZoneInfo
    days: Mapping[date, DayRule] = field(hash=False, repr=False)
    years: frozenset[int]
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS

    def __post_init__(self) -> None:
        """Keep an own copy of the days, and refuse opening times that overlap or run backwards."""
        object.__setattr__(self, "days", dict(self.days))
        edges = [edge for opening in self.hours for edge in opening]
        ordered = all(opens < closes for opens, closes in self.hours) and edges == sorted(edges)
        if not edges or not ordered:
            raise Unreckonable("calendar", "a calendar needs opening hours, in order and without overlap")

    def works(self, day: date) -> bool:
        """Tell whether people work on this date."""
        rule = self.days.get(day) if day.year in self.years else None
        return rule.works if rule else day.weekday() < 5

    def why(self, day: date) -> Why:
        """Tell why people work or rest on this date. A weekend day with a name of its own belongs to a holiday."""
        if day.year not in self.years:
            return Why.UNANNOUNCED
        if self.works(day):
            return Why.WORKING_DAY if day.weekday() < 5 else Why.MAKE_UP
        return Why.HOLIDAY if day.weekday() < 5 or self.name(day) else Why.WEEKEND

    def name(self, day: date) -> str:
        """Give the name the notice gives this date, or an empty text."""
        rule = self.days.get(day) if day.year in self.years else None
        return rule.name if rule else ""

    def announces(self, first: date, last: date) -> bool:
        """Tell whether the notice of every year from `first` to `last` has been published."""
        return all(year in self.years for year in range(first.year, last.year + 1))

    def days_through(self, ordinal: int) -> int:
        """Count the working days from 0001-01-01 up to and with the day of this ordinal."""
        at, shift, _ = self._exceptions
        return _weekdays_through(ordinal) + shift[bisect_right(at, ordinal)]

    def working_day_after(self, start: date, number: int) -> date:
        """Give the `number`-th working day after `start`, which is not counted itself; `number` is 1 or more."""
        at, shift, through = self._exceptions
        target = self.days_through(start.toordinal()) + number
        following = bisect_left(through, target)  # the first exceptional day by whose end the target is reached
        weeks, rest = divmod(target - shift[following] - 1, 5)
        ordinal = 7 * weeks + rest + 1  # where plain weekdays reach it, unless the exceptional day does so first
        if following < len(at):
            ordinal = min(ordinal, at[following])
        return date_of(ordinal)

    @cached_property
    def day_length(self) -> timedelta:
        """The working time of one working day."""
        return self.opened(time.max)

    def opened(self, moment: time) -> timedelta:
        """Give the working time of a working day that is over at this time of day."""
        passed = _since_midnight(moment)
        return sum((max(min(passed, closes) - opens, timedelta()) for opens, closes in self._openings), timedelta())

    def moment_after(self, worked: timedelta) -> timedelta:
        """Give the time of day, since midnight, at which this much of a working day is over; the inverse of `opened`.

        `worked` is more than nothing and at most `day_length`.
        """
        for opens, closes in self._openings:
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        raise Unreckonable("range", "a working day does not have that much working time")

    def local(self, moment: datetime) -> datetime:
        """Read a moment in the calendar's zone; refuse one without an offset."""
        if moment.utcoffset() is None:
            raise Unreckonable("naive", f"{moment.isoformat()} has no offset: write it as 2026-02-10T10:00:00+08:00")
        try:
            return moment.astimezone(self.zone)
        except OverflowError as error:
            raise out_of_range() from error

    def instant(self, day: date, since_midnight: timedelta) -> datetime:
        """Give the instant, in UTC, at which the calendar's clocks show this time of this day; 24 hours is its end."""
        try:
            wall = datetime.combine(day, time.min) + since_midnight
            return wall.replace(tzinfo=self.zone).astimezone(UTC)
        except OverflowError as error:
            raise out_of_range() from error

    @cached_property
    def _openings(self) -> tuple[tuple[timedelta, timedelta], ...]:
        """The opening times, since midnight."""
        return tuple((_since_midnight(opens), _since_midnight(closes)) for opens, closes in self.hours)

    @cached_property
    def _exceptions(self) -> tuple[list[int], list[int], list[int]]:
        """The days that break Monday to Friday, as three lists in order of date.

        Their ordinals; the correction a count of weekdays needs before each, and after the last (one entry more); and
        the working days from 0001-01-01 through each.
        """
        at: list[int] = []
        shift = [0]
        through: list[int] = []
        for day in sorted(self.days):
            if self.works(day) != (day.weekday() < 5):
                at.append(day.toordinal())
                shift.append(shift[-1] + (1 if self.works(day) else -1))
                through.append(_weekdays_through(at[-1]) + shift[-1])
        return at, shift, through


def date_of(ordinal: int) -> date:
    """Give the date of an ordinal, or say that there is none."""
    if ordinal > date.max.toordinal():
        raise out_of_range()
    return date.fromordinal(ordinal)


def later(moment: datetime, span: timedelta) -> datetime:
    """Give the moment a span later, in UTC, or say that there is none."""
    try:
        return moment.astimezone(UTC) + span
    except OverflowError as error:
        raise out_of_range() from error


def out_of_range() -> Unreckonable:
    """Make the refusal for what the years 1 to 9999 cannot hold."""
    return Unreckonable("range", "the deadline lies outside the years 1 to 9999")


def _weekdays_through(ordinal: int) -> int:
    """Count Mondays to Fridays from 0001-01-01, a Monday and ordinal 1, up to and with this ordinal."""
    weeks, rest = divmod(ordinal, 7)
    return 5 * weeks + min(rest, 5)


def _since_midnight(moment: time) -> timedelta:
    """Give a time of day as a span."""
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
