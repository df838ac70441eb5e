"""Publishing working calendars: a year's notice becomes the next version, and no version is ever edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from sla.calendar import DayRule
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


@transaction.atomic
def publish(code: str, notice: Mapping[date, DayRule], *, source: str, actor: User) -> Publication:
    """Make the next version of a calendar: its days so far, with the years of the notice replaced and announced.

    The same days again make no new version. Raises `Calendar.DoesNotExist` for an unknown code, and `YearEmptied` for
    what can only be a part of a notice: a make-up day in December that the next year's notice decrees must not wipe out
    the rest of its own year.
    """
    calendar = Calendar.objects.select_for_update().get(code=code)  # two publishers take turns, so numbers do not clash
    latest = calendar.versions.order_by("-number").first()
    before = {day.date: DayRule(day.works, day.name) for day in latest.days.all()} if latest else {}
    announced = set(latest.years) if latest else set()
    replaced = {day.year for day in notice}
    for year in sorted(replaced & announced):
        if _has_day_off(before, year) and not _has_day_off(notice, year):
            raise YearEmptied(year)
    after = {day: rule for day, rule in before.items() if day.year not in replaced} | dict(notice)
    if latest and after == before and replaced <= announced:
        return Publication(latest, is_new=False)
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=latest.number + 1 if latest else 1,
        source=source,
        published_at=timezone.now(),
        by=actor,
        years=sorted(announced | replaced),
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(version=version, date=day, works=rule.works, name=rule.name) for day, rule in sorted(after.items())
    )
    Recomputation.objects.create(version=version, total=Clock.objects.outdated(timezone.now()).of(calendar).count())
    return Publication(
        version,
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(day for day in after.keys() & before.keys() if after[day] != before[day])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def _has_day_off(days: Mapping[date, DayRule], year: int) -> bool:
    """Tell whether a Monday to Friday of the year is off, as every year's notice makes some."""
    return any(day.year == year and day.weekday() < 5 and not rule.works for day, rule in days.items())
