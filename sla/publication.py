"""Publishing working calendars: a year's notice becomes the next version, and no version is ever edited."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from sla.calendar import MONDAY_TO_FRIDAY, OFFICE_HOURS, DayRule, WorkingCalendar, write_hours
from sla.clocks import reckon
from sla.models import Calendar, CalendarDay, CalendarVersion, Clock, Recomputation


@dataclass(frozen=True, slots=True)
class Week:
    """How an ordinary week works: opening hours, the weekdays that work (1 for Monday), whether make-up days count."""

    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    make_ups: bool = True


def week_of(version: CalendarVersion) -> Week:
    return Week(version.openings, frozenset(version.weekdays), version.make_ups)


@dataclass(frozen=True)
class Publication:
    """What came of publishing: the version in force, and how its days differ from those of the version before."""

    version: CalendarVersion
    added: tuple[date, ...] = ()
    changed: tuple[date, ...] = ()
    removed: tuple[date, ...] = ()
    is_new: bool = True


class YearEmptied(ValueError):
    """The notice would leave a year that is announced without a single day off on a working weekday."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} would be left without a day off")
        self.year = year


@dataclass(frozen=True, slots=True)
class Shift:
    """Running clocks whose last day would become another, or whose hour would on the same day; `number` of them."""

    from_on: date
    to_on: date
    number: int


@dataclass(frozen=True)
class Preview:
    """What publishing a notice would do: to the days, and to the deadlines that run."""

    added: tuple[date, ...]
    changed: tuple[date, ...]
    removed: tuple[date, ...]
    is_new: bool
    running: int  # clocks reckoned in working time by this calendar, and not yet due
    shifts: tuple[Shift, ...]  # by the present last day
    settled: int  # provisional dates that become final as they are
    lapsed: int  # of those that move, how many would be overdue at once
    left_out: tuple[date, ...]  # make-up days of the notice, where they do not count
    week: Week
    week_before: Week

    @property
    def moved(self) -> int:
        return sum(shift.number for shift in self.shifts)


def preview(code: str, notice: Mapping[date, DayRule], week: Week | None = None) -> Preview:
    """Say what `publish` would do, and do nothing. Raises the same."""
    calendar = Calendar.objects.get(code=code)
    draft = _draft(calendar, notice, week)
    value = draft.value(calendar)
    shifts, settled, running, lapsed, now = Counter[tuple[date, date]](), 0, 0, 0, timezone.now()
    for clock in Clock.objects.in_working_time(now).of(calendar).iterator():
        running += 1
        due_at, due_on, provisional = reckon(clock, value)
        if due_at != clock.due_at:
            shifts[clock.due_on, due_on] += 1
            lapsed += due_at <= now
        elif clock.provisional and not provisional:
            settled += 1
    found = tuple(Shift(*days, number) for days, number in sorted(shifts.items()))
    return Preview(
        *draft.differences, draft.is_new, running, found, settled, lapsed, draft.left_out, draft.week, draft.week_before
    )


@transaction.atomic
def publish(
    code: str, notice: Mapping[date, DayRule], *, source: str, actor: User, week: Week | None = None
) -> Publication:
    """Make the next version of a calendar: its days so far, with the years of the notice replaced and announced.

    `week` brings other opening hours or weekdays, also without a notice; without it they stay as they are. The same days and
    week again make no new version. The clocks that run are recomputed in the background (`Recomputation`). Raises
    `Calendar.DoesNotExist` for an unknown code, and `YearEmptied` for what can only be a part of a notice: a make-up day in
    December that the next year's notice decrees must not wipe out the rest of its own year.
    """
    calendar = Calendar.objects.select_for_update().get(code=code)  # two publishers take turns, so numbers do not clash
    draft = _draft(calendar, notice, week)
    if draft.latest and not draft.is_new:
        return Publication(draft.latest, is_new=False)
    version = _write(calendar, draft, source=source, actor=actor)
    Recomputation.objects.create(version=version, total=Clock.objects.outdated(timezone.now()).of(calendar).count())
    return Publication(version, *draft.differences)


@transaction.atomic
def create(code: str, name: str, zone: str, *, like: Calendar, week: Week, actor: User) -> Publication:
    """Create a calendar: its first version has the days of another's newest, and a week of its own."""
    calendar = Calendar(code=code, name=name, zone=zone)
    calendar._history_user = actor  # type: ignore[attr-defined]
    calendar.save()
    pattern = like.versions.order_by("-number")[:1].get()
    days = {day.date: DayRule(day.works, day.name) for day in pattern.days.all()}
    draft = _draft(calendar, days, week, announced=pattern.years)
    return Publication(_write(calendar, draft, source=pattern.source, actor=actor), *draft.differences)


def _write(calendar: Calendar, draft: "_Draft", *, source: str, actor: User) -> CalendarVersion:
    week = draft.week
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=draft.latest.number + 1 if draft.latest else 1,
        source=source,
        published_at=timezone.now(),
        by=actor,
        years=draft.years,
        hours=write_hours(week.hours),
        weekdays=sorted(week.weekdays),
        make_ups=week.make_ups,
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(version=version, date=day, works=rule.works, name=rule.name)
        for day, rule in sorted(draft.after.items())
    )
    return version


@dataclass(frozen=True)
class _Draft:
    """The next version before anybody writes it."""

    latest: CalendarVersion | None
    before: Mapping[date, DayRule]
    after: Mapping[date, DayRule]
    years: list[int]
    is_new: bool
    week: Week
    week_before: Week
    left_out: tuple[date, ...]

    def value(self, calendar: Calendar) -> WorkingCalendar:
        return WorkingCalendar(
            calendar.code,
            0,
            ZoneInfo(calendar.zone),
            self.after,
            frozenset(self.years),
            self.week.hours,
            self.week.weekdays,
        )

    @property
    def differences(self) -> tuple[tuple[date, ...], tuple[date, ...], tuple[date, ...]]:
        """The days added, changed and removed."""
        before, after = self.before, self.after
        return (
            tuple(sorted(after.keys() - before.keys())),
            tuple(sorted(day for day in after.keys() & before.keys() if after[day] != before[day])),
            tuple(sorted(before.keys() - after.keys())),
        )


def _draft(
    calendar: Calendar, notice: Mapping[date, DayRule], given: Week | None, announced: Collection[int] = ()
) -> _Draft:
    latest = calendar.versions.order_by("-number").first()
    before = {day.date: DayRule(day.works, day.name) for day in latest.days.all()} if latest else {}
    known = set(latest.years if latest else announced)
    week_before = week_of(latest) if latest else Week()
    week = given or week_before
    weekdays = week.weekdays
    replaced = {day.year for day in notice}
    for year in sorted(replaced & known):
        if _has_day_off(before, year, weekdays) and not _has_day_off(notice, year, weekdays):
            raise YearEmptied(year)
    after = {day: rule for day, rule in before.items() if day.year not in replaced} | dict(notice)
    left_out = {
        day for day, rule in after.items() if rule.works and day.isoweekday() not in weekdays and not week.make_ups
    }
    after = {day: rule for day, rule in after.items() if day not in left_out}
    is_new = latest is None or after != before or not replaced <= known or week != week_before
    return _Draft(
        latest,
        before,
        after,
        sorted(known | replaced),
        is_new,
        week,
        week_before,
        tuple(sorted(left_out & notice.keys())),
    )


def _has_day_off(days: Mapping[date, DayRule], year: int, weekdays: frozenset[int]) -> bool:
    """Tell whether a working weekday of the year is off, as every year's notice makes some."""
    return any(day.year == year and day.isoweekday() in weekdays and not rule.works for day, rule in days.items())
