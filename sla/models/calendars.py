"""Working calendars as versioned rows: complete, with their source, never edited afterwards."""

from datetime import time
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.row_history import RowHistory
from sla.calendar import OFFICE_HOURS, DayRule, WorkingCalendar, read_hours, write_hours

NATIONAL = "cn"  # the calendar of a unit for which nobody has chosen another


class Calendar(models.Model):
    """A named working calendar; its facts are in its versions."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai")
    history = RowHistory()

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")

    def __str__(self) -> str:
        return self.name


class CalendarVersionQuerySet(models.QuerySet["CalendarVersion"]):
    def newest(self) -> "CalendarVersionQuerySet":
        """Of each calendar the version in force."""
        newer = CalendarVersion.objects.filter(calendar=OuterRef("calendar"), number__gt=OuterRef("number"))
        return self.filter(~Exists(newer.order_by()))

    def latest_for(self, code: str) -> "CalendarVersion":
        """The version in force. Raises `CalendarVersion.DoesNotExist` for an unknown code."""
        return self.select_related("calendar").filter(calendar__code=code).order_by("-number")[:1].get()


class CalendarVersion(models.Model):
    """One published state of a calendar: complete, with its source, never edited afterwards (trigger).

    `hours` are the opening hours of a working day, as `sla.calendar.read_hours` reads them; `weekdays` the days of an
    ordinary week that work, 1 for Monday to 7 for Sunday. `make_ups`: whether the make-up days of a notice are taken over.
    """

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    source = models.CharField(_("source"), max_length=300)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    years = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("announced years"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("published by"))
    hours = models.CharField(_("opening hours"), max_length=200, default=write_hours(OFFICE_HOURS))
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("working weekdays"))
    make_ups = models.BooleanField(_("make-up days count"), default=True)

    objects = CalendarVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["calendar", "-number"]
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_number_per_calendar_version", fields=["calendar", "number"]),
            # that the opening hours are in order and apart is held by a constraint of its own (migration)
            models.CheckConstraint(
                name="some_known_weekdays_work",
                condition=Q(weekdays__len__gte=1, weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"

    @property
    def openings(self) -> tuple[tuple[time, time], ...]:
        return read_hours(self.hours)

    def value(self) -> WorkingCalendar:
        """The version as a plain value. A version never changes, so each process reads its days once."""
        return _calendar_value(self.pk)


@lru_cache(maxsize=256)
def version_of(version_id: int) -> CalendarVersion:
    """A version by its id, read once for each process, because it never changes."""
    return CalendarVersion.objects.select_related("calendar").get(pk=version_id)


@lru_cache(maxsize=256)
def _calendar_value(version_id: int) -> WorkingCalendar:
    version = version_of(version_id)
    days = {day.date: DayRule(day.works, day.name) for day in version.days.all()}
    return WorkingCalendar(
        code=version.calendar.code,
        version=version.number,
        zone=ZoneInfo(version.calendar.zone),
        days=days,
        years=frozenset(version.years),
        hours=version.openings,
        weekdays=frozenset(version.weekdays),
    )


class CalendarDay(models.Model):
    """A day that differs from the usual week: a holiday, or a make-up day that works."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="days")
    date = models.DateField(_("date"))
    works = models.BooleanField(_("works"))
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)

    class Meta:
        ordering: ClassVar = ["date"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints: ClassVar = [models.UniqueConstraint(name="one_rule_per_day", fields=["version", "date"])]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Recomputation(models.Model):
    """What publishing a version does to the clocks that run: `total` were reckoned by an older one when it was published.

    Of these `moved` have another date now or are no longer provisional, `kept` have the same; the rest still wait, or have
    stopped or broken in the meantime.
    """

    version = models.OneToOneField(CalendarVersion, models.PROTECT, related_name="recomputation")
    total = models.PositiveIntegerField()
    moved = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recomputation")
        verbose_name_plural = _("recomputations")

    def __str__(self) -> str:
        return f"{self.version}: {self.moved + self.kept}/{self.total}"
