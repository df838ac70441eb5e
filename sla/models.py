"""Working calendars as versioned rows, policies as dated rows, and the clocks of complaints."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.row_history import RowHistory
from sla.calendar import MAX_AMOUNT, Allowance, DayRule, Unit, WorkingCalendar
from sla.targets import Target

UNIT_NAMES = {
    Unit.HOURS: _("hours"),
    Unit.DAYS: _("days"),
    Unit.WORKING_HOURS: _("working hours"),
    Unit.WORKING_DAYS: _("working days"),
}


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
    def latest_for(self, code: str) -> "CalendarVersion":
        """The version in force. Raises `CalendarVersion.DoesNotExist` for an unknown code."""
        return self.select_related("calendar").filter(calendar__code=code).order_by("-number")[:1].get()


class CalendarVersion(models.Model):
    """One published state of a calendar: complete, with its source, never edited afterwards (trigger)."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    source = models.CharField(_("source"), max_length=300)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    years = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("announced years"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("published by"))

    objects = CalendarVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["calendar", "-number"]
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_number_per_calendar_version", fields=["calendar", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"

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
    )


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: a holiday, or a make-up day that works."""

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


PROMISED = """
SELECT p.*, (
    SELECT v.id FROM sla_calendarversion v WHERE v.calendar_id = p.calendar_id ORDER BY v.number DESC LIMIT 1
) AS version_id
FROM sla_policy p
WHERE p.target = ANY(%(targets)s) AND p.from_on <= %(on)s AND (p.until_on IS NULL OR p.until_on >= %(on)s)
"""


class PolicyQuerySet(models.QuerySet["Policy"]):
    def in_force(self, on: date) -> "PolicyQuerySet":
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on)

    def promised(self, targets: Iterable[str], on: date) -> list["Policy"]:
        """The policies in force for `targets`, each with `version_id`, the newest version of its calendar. One query.

        Written out, because every registration asks it, and building it costs three times as much as running it.
        """
        return list(self.raw(PROMISED, {"targets": list(targets), "on": on}))


class Policy(models.Model):
    """A promise in force from a day until a day: the target, its allowance, and the calendar it is reckoned in.

    Never edited once clocks have used it: a new rule is a new row with its own first day (R42).
    """

    version_id: int  # read by `promised`

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    number = models.PositiveIntegerField(_("version"), default=1)
    target = models.CharField(_("target"), max_length=32, choices=Target.choices)
    amount = models.PositiveIntegerField(_("amount"))
    unit = models.CharField(_("unit"), max_length=16, choices=list(UNIT_NAMES.items()))
    calendar = models.ForeignKey(Calendar, models.PROTECT, verbose_name=_("working calendar"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    history = RowHistory()

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["target", "-from_on"]
        verbose_name = _("deadline policy")
        verbose_name_plural = _("deadline policies")
        constraints: ClassVar = [
            models.CheckConstraint(name="policy_allows_some_time", condition=Q(amount__gt=0)),
            models.UniqueConstraint(name="one_open_policy_per_target", fields=["target"], condition=Q(until_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    def clean(self) -> None:
        """An allowance that can be reckoned, and one policy a target on any day."""
        if self.amount and self.amount > MAX_AMOUNT:
            raise ValidationError({"amount": _("An allowance is %(most)s at most.") % {"most": MAX_AMOUNT}})
        if self.from_on is None:
            return  # type: ignore[unreachable]
        if self.until_on and self.until_on < self.from_on:
            raise ValidationError({"until_on": _("The last day cannot lie before the first.")})
        others = Policy.objects.filter(Q(until_on=None) | Q(until_on__gte=self.from_on), target=self.target)
        if self.until_on:
            others = others.filter(from_on__lte=self.until_on)
        if other := others.exclude(pk=self.pk).first():
            raise ValidationError(_("On some of these days %(other)s is in force. End it first.") % {"other": other})

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.amount, Unit(self.unit))


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> "ClockQuerySet":
        return self.filter(stopped_at__isnull=True)

    def overdue(self, now: datetime) -> "ClockQuerySet":
        """Past the deadline at `now`, recorded or not: a function of `due_at`, never of a worker's flag."""
        return self.running().filter(due_at__lte=now)

    def unrecorded(self, now: datetime) -> "ClockQuerySet":
        """Overdue, and no breach written down yet: what a sweep has to do."""
        return self.overdue(now).filter(breached_at__isnull=True)


def _carried() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", db_index=False, db_constraint=False)


class Clock(models.Model):
    """One promise on one complaint. Started at receipt, never from entry; a breach is dated at the deadline.

    It carries the units of its complaint, so that figures count clocks without reading complaints. One foreign key of all
    four columns holds them to the complaint's, and follows when it changes hands (docs/decisions/0015).
    """

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="clocks", db_constraint=False)
    owner_unit = _carried()
    registered_unit = _carried()
    about_unit = _carried()
    target = models.CharField(max_length=32, choices=Target.choices)
    policy = models.ForeignKey(Policy, models.PROTECT)
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=list(UNIT_NAMES.items()))
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_running_clock_per_target", fields=["complaint", "target"], condition=Q(stopped_at=None)
            ),
            models.CheckConstraint(name="clock_due_after_started", condition=Q(due_at__gt=F("started_at"))),
            # kept and breached exclude each other, and one of them holds for every clock that has stopped
            models.CheckConstraint(
                name="clock_late_stop_is_breach",
                condition=Q(stopped_at=None)
                | Q(stopped_at__lt=F("due_at"), breached_at=None)
                | Q(stopped_at__gte=F("due_at"), breached_at__isnull=False),
            ),
            models.CheckConstraint(
                name="clock_stops_after_it_starts", condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at"))
            ),
            models.CheckConstraint(
                name="clock_breach_dated_at_deadline",
                condition=Q(breached_at=None) | Q(breached_at=F("due_at"), detected_at__gte=F("due_at")),
            ),
        ]
        indexes: ClassVar = [
            # what a sweep looks for: running, due, not yet recorded
            models.Index(name="clock_unrecorded", fields=["due_at"], condition=Q(stopped_at=None, breached_at=None)),
            # attainment of a period: clocks that fell due in it, from the index alone and in the order they are grouped
            models.Index(
                name="clock_due_on",
                fields=["due_on", "owner_unit", "target"],
                include=["due_at", "stopped_at", "complaint", "registered_unit", "about_unit"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.amount, Unit(self.unit))

    def is_overdue(self, now: datetime) -> bool:
        return self.stopped_at is None and self.due_at <= now


class Sweep(models.Model):
    """The heartbeat of a loop: when it last finished, and what it found. A silent loop shows by its age."""

    name = models.CharField(max_length=32, primary_key=True)
    finished_at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.finished_at:%H:%M:%S}"
