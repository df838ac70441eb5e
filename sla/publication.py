"""Publishing working calendars: a year's notice becomes the next version, and no version is ever edited."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from sla.calendar import DayRule, WorkingCalendar
from sla.clocks import reckon
from sla.models import Calendar, CalendarDay, CalendarVersion, Clock, Recomputation


@dataclass(frozen=True)
class Publication:
    """What came of publishing: the version in force, and how its days differ from those of the version before."""

    version: CalendarVersion
    added: tuple[date, ...] = ()
    changed: tuple[date, ...] = ()
    removed: tuple[date, ...] = ()
    is_new: bool = True


class YearEmptied(ValueError):
    """The notice would leave a year that is announced without a single day off from Monday to Friday."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} would be left without a day off")
        self.year = year


@dataclass(frozen=True, slots=True)
class Shift:
    """Running clocks that one day would become another for; `number` of them."""

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

    @property
    def moved(self) -> int:
        return sum(shift.number for shift in self.shifts)


def preview(code: str, notice: Mapping[date, DayRule]) -> Preview:
    """Say what `publish` would do, and do nothing. Raises the same."""
    calendar = Calendar.objects.get(code=code)
    draft = _draft(calendar, notice)
    value = WorkingCalendar(code, 0, ZoneInfo(calendar.zone), draft.after, frozenset(draft.years))
    shifts, settled, running = Counter[tuple[date, date]](), 0, 0
    for clock in Clock.objects.in_working_time(timezone.now()).of(calendar).iterator():
        running += 1
        _due_at, due_on, provisional = reckon(clock, value)
        if due_on != clock.due_on:
            shifts[clock.due_on, due_on] += 1
        elif clock.provisional and not provisional:
            settled += 1
    found = tuple(Shift(*days, number) for days, number in sorted(shifts.items()))
    return Preview(*draft.differences, draft.is_new, running, found, settled)


@transaction.atomic
def publish(code: str, notice: Mapping[date, DayRule], *, source: str, actor: User) -> Publication:
    """Make the next version of a calendar: its days so far, with the years of the notice replaced and announced.

    The same days again make no new version. The clocks that run are recomputed in the background (`Recomputation`). Raises
    `Calendar.DoesNotExist` for an unknown code, and `YearEmptied` for what can only be a part of a notice: a make-up day in
    December that the next year's notice decrees must not wipe out the rest of its own year.
    """
    calendar = Calendar.objects.select_for_update().get(code=code)  # two publishers take turns, so numbers do not clash
    draft = _draft(calendar, notice)
    if draft.latest and not draft.is_new:
        return Publication(draft.latest, is_new=False)
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=draft.latest.number + 1 if draft.latest else 1,
        source=source,
        published_at=timezone.now(),
        by=actor,
        years=draft.years,
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(version=version, date=day, works=rule.works, name=rule.name)
        for day, rule in sorted(draft.after.items())
    )
    Recomputation.objects.create(version=version, total=Clock.objects.outdated(timezone.now()).of(calendar).count())
    return Publication(version, *draft.differences)


@dataclass(frozen=True)
class _Draft:
    """The next version before anybody writes it."""

    latest: CalendarVersion | None
    before: Mapping[date, DayRule]
    after: Mapping[date, DayRule]
    years: list[int]
    is_new: bool

    @property
    def differences(self) -> tuple[tuple[date, ...], tuple[date, ...], tuple[date, ...]]:
        """The days added, changed and removed."""
        before, after = self.before, self.after
        return (
            tuple(sorted(after.keys() - before.keys())),
            tuple(sorted(day for day in after.keys() & before.keys() if after[day] != before[day])),
            tuple(sorted(before.keys() - after.keys())),
        )


def _draft(calendar: Calendar, notice: Mapping[date, DayRule]) -> _Draft:
    latest = calendar.versions.order_by("-number").first()
    before = {day.date: DayRule(day.works, day.name) for day in latest.days.all()} if latest else {}
    announced = set(latest.years) if latest else set()
    replaced = {day.year for day in notice}
    for year in sorted(replaced & announced):
        if _has_day_off(before, year) and not _has_day_off(notice, year):
            raise YearEmptied(year)
    after = {day: rule for day, rule in before.items() if day.year not in replaced} | dict(notice)
    is_new = latest is None or after != before or not replaced <= announced
    return _Draft(latest, before, after, sorted(announced | replaced), is_new)


def _has_day_off(days: Mapping[date, DayRule], year: int) -> bool:
    """Tell whether a Monday to Friday of the year is off, as every year's notice makes some."""
    return any(day.year == year and day.weekday() < 5 and not rule.works for day, rule in days.items())
