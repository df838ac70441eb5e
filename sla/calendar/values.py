"""The values working time is reckoned with: units, allowances, a calendar, and the limits of what can be asked."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

MAX_AMOUNT = 10_000
OFFICE_HOURS = ((time(9), time(12)), (time(13, 30), time(17, 30)))
MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})


class Unit(StrEnum):
    """What an allowance is written in. It is never converted into another."""

    MINUTES = "minutes"
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


Fault = Literal["naive", "amount", "unit", "by", "range", "calendar", "weekdays"]


class Unreckonable(ValueError):
    """A question working time has no answer to; `code` tells which, for those who word it in another language."""

    def __init__(self, code: Fault, message: str) -> None:
        super().__init__(message)
        self.code: Fault = code


DAY_UNITS = frozenset({Unit.DAYS, Unit.WORKING_DAYS})


@dataclass(frozen=True)
class Allowance:
    """The time a rule gives, in the unit the rule is written in: 24 hours, 15 working days.

    `by`: days may end at a time of their last day, on the calendar's clocks, midnight being its end. Then the amount may be
    0: that time of the very day, or, when it is past or the day does not count, of the next day that counts.
    """

    amount: int
    unit: Unit
    by: time | None = None

    def __post_init__(self) -> None:
        """Refuse an amount, a unit or a time that no rule could mean."""
        if not isinstance(self.unit, Unit):
            raise Unreckonable("unit", f"a unit is one of {', '.join(Unit)}, not {self.unit!r}")
        if self.by is not None and (self.unit not in DAY_UNITS or self.by.tzinfo is not None):
            raise Unreckonable("by", f"only days end at a time of day, without an offset: not {self.unit} by {self.by}")
        least = 1 if self.by is None else 0
        if type(self.amount) is not int or not least <= self.amount <= MAX_AMOUNT:
            message = f"an allowance is a whole number from {least} to {MAX_AMOUNT}, not {self.amount!r}"
            raise Unreckonable("amount", message)

    @property
    def ends(self) -> timedelta:
        """When an allowance in days ends on its last day, since midnight; 24 hours is its end."""
        return _since_midnight(self.by or time.min) or timedelta(days=1)


def may_be_the_day(
    local: datetime, allowance: Allowance, calendar: "WorkingCalendar", pauses: Sequence[Pause] = ()
) -> bool:
    """Whether the day of receipt may be the last itself: no days are allowed, its time is still to come, and no pause has it.

    The times are on the calendar's clocks.
    """
    day = local.date()
    if allowance.amount or any(since.date() <= day < until.date() for since, until in pauses):
        return False
    return local < calendar.instant(day, allowance.ends)


@dataclass(frozen=True)
class DayRule:
    """What a calendar says of one date: whether people work, and the name of the day (春节, 调休上班)."""

    works: bool
    name: str = ""


@dataclass(frozen=True)
class WorkingCalendar:
    """One version of a calendar, a value: every week works as `weekdays` says, except as `days` says.

    `years` are those whose notice has been published. In any other year `days` is not read: the week is as usual, and
    what rests on it is provisional. `hours` are the opening times of a working day, in order, on the clocks of `zone`;
    `weekdays` count from 1 for Monday to 7 for Sunday.
    """

    code: str
    version: int
    zone: ZoneInfo
    days: Mapping[date, DayRule] = field(hash=False, repr=False)
    years: frozenset[int]
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        """Keep an own copy of the days; refuse opening times that overlap or run backwards, and a week without work."""
        object.__setattr__(self, "days", dict(self.days))
        edges = [edge for opening in self.hours for edge in opening]
        ordered = all(opens < closes for opens, closes in self.hours) and edges == sorted(edges)
        if not edges or not ordered:
            raise Unreckonable("calendar", "a calendar needs opening hours, in order and without overlap")
        if not self.weekdays or not self.weekdays <= frozenset(range(1, 8)):
            raise Unreckonable("weekdays", "a week works on one day or more, from 1 for Monday to 7 for Sunday")

    def usual(self, day: date) -> bool:
        """Tell whether the weekday of this date works, before any notice."""
        return day.isoweekday() in self.weekdays

    def works(self, day: date) -> bool:
        """Tell whether people work on this date."""
        rule = self.days.get(day) if day.year in self.years else None
        return rule.works if rule else self.usual(day)

    def why(self, day: date) -> Why:
        """Tell why people work or rest on this date. A day of rest with a name of its own belongs to a holiday."""
        if day.year not in self.years:
            return Why.UNANNOUNCED
        if self.works(day):
            return Why.WORKING_DAY if self.usual(day) else Why.MAKE_UP
        return Why.HOLIDAY if self.usual(day) or self.name(day) else Why.WEEKEND

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
        return self._usual_through(ordinal) + shift[bisect_right(at, ordinal)]

    def working_day_after(self, start: date, number: int) -> date:
        """Give the `number`-th working day after `start`, which is not counted itself; `number` is 1 or more."""
        at, shift, through = self._exceptions
        target = self.days_through(start.toordinal()) + number
        following = bisect_left(through, target)  # the first exceptional day by whose end the target is reached
        week, _ = self._week
        weeks, rest = divmod(target - shift[following] - 1, len(week))
        ordinal = 7 * weeks + week[rest]  # where the usual week reaches it, unless the exceptional day does so first
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
    def _week(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The weekdays that work, in order; and how many of them lie in the first 0, 1, … 6 days of a week."""
        week = tuple(sorted(self.weekdays))
        return week, tuple(bisect_right(week, number) for number in range(7))

    def _usual_through(self, ordinal: int) -> int:
        """Count the usual working days from 0001-01-01, a Monday and ordinal 1, up to and with this ordinal."""
        week, through = self._week
        weeks, rest = divmod(ordinal, 7)
        return len(week) * weeks + through[rest]

    @cached_property
    def _exceptions(self) -> tuple[list[int], list[int], list[int]]:
        """The days that break the usual week, as three lists in order of date.

        Their ordinals; the correction a count of usual days needs before each, and after the last (one entry more); and
        the working days from 0001-01-01 through each.
        """
        at: list[int] = []
        shift = [0]
        through: list[int] = []
        for day in sorted(self.days):
            if self.works(day) != self.usual(day):
                at.append(day.toordinal())
                shift.append(shift[-1] + (1 if self.works(day) else -1))
                through.append(self._usual_through(at[-1]) + shift[-1])
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


def _since_midnight(moment: time) -> timedelta:
    """Give a time of day as a span."""
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
