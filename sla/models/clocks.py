"""The clocks of complaints, and the heartbeats of the loops that watch them."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from sla.calendar import DAY_UNITS, Allowance, Pause, Unit
from sla.models.calendars import Calendar, CalendarVersion, version_of
from sla.models.policies import UNIT_NAMES, Term
from sla.targets import Target


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> "ClockQuerySet":
        return self.filter(stopped_at__isnull=True)

    def running_on(self, complaint_id: int) -> "ClockQuerySet":
        """Those of one complaint with their terms, the strictest first."""
        running = self.running().filter(complaint_id=complaint_id)
        return running.select_related("term", "calendar_version").order_by("due_at", "pk")

    def overdue(self, now: datetime) -> "ClockQuerySet":
        """Past the deadline at `now`, recorded or not: a function of `due_at`, never of a worker's flag."""
        return self.running().filter(due_at__lte=now)

    def of(self, calendar: Calendar) -> "ClockQuerySet":
        return self.filter(calendar_version__calendar=calendar)

    def outdated(self, now: datetime) -> "ClockQuerySet":
        """Running and not yet due, reckoned in working time by a version of its calendar that a newer one has replaced."""
        newer = CalendarVersion.objects.filter(
            calendar=OuterRef("calendar_version__calendar"), number__gt=OuterRef("calendar_version__number")
        )
        return self.in_working_time(now).filter(Exists(newer.order_by()))

    def in_working_time(self, now: datetime) -> "ClockQuerySet":
        """Running and not yet due, with a date that a calendar decides."""
        running = self.running().filter(breached_at__isnull=True, due_at__gt=now)
        return running.filter(unit__in=(Unit.WORKING_DAYS, Unit.WORKING_HOURS))

    def unrecorded(self, now: datetime) -> "ClockQuerySet":
        """Overdue, and no breach written down yet: what a sweep has to do."""
        return self.overdue(now).filter(breached_at__isnull=True)

    def stepping(self, now: datetime) -> "ClockQuerySet":
        """Running, with a step of the ladder that has come, or may have: it is looked at."""
        return self.running().filter(next_step_at__lte=now)


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
    term = models.ForeignKey(Term, models.PROTECT)
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=list(UNIT_NAMES.items()))
    by_time = models.TimeField(null=True)  # of the last day, when an allowance in days ends sooner than the day
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    original_due_at = models.DateTimeField(null=True)  # as first promised, once the clock was extended
    original_due_on = models.DateField(null=True)
    # [from, until] each, ISO 8601, and a third entry "stopped" for the time until a reopening; `amount` counts none of them
    pauses = models.JSONField(default=list, db_default=[])
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    # of the ladder (`sla.ladder`), the deadline's own step aside; one that is too early is put right, so it begins with now
    next_step_at = models.DateTimeField(null=True, db_default=Now())

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
                # a pause that ends sooner, or a newer calendar, may bring the date below the one first promised
                name="clock_original_is_whole",
                condition=Q(original_due_at=None, original_due_on=None)
                | Q(original_due_at__isnull=False, original_due_on__isnull=False),
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
            # and whose next step of the ladder has come
            models.Index(
                name="clock_next_step",
                fields=["next_step_at"],
                condition=Q(stopped_at=None, next_step_at__isnull=False),
            ),
            # attainment of a period: clocks that fell due in it, from the index alone and in the order they are grouped
            models.Index(
                name="clock_due_within",
                fields=["due_on", "owner_unit", "target"],
                include=["due_at", "stopped_at", "complaint", "registered_unit", "about_unit"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.amount, Unit(self.unit), self.by_time)

    @property
    def spans(self) -> list[Pause]:
        """The pauses, in order: from when until when no time passes. The last may end after now."""
        return [(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until, *_why in self.pauses]

    def paused(self, now: datetime) -> Pause | None:
        """The pause in force at `now`, or None."""
        if self.stopped_at is not None or not self.pauses:
            return None
        last = self.spans[-1]
        return last if now < last[1] else None

    def pausable_until(self, now: datetime) -> date | None:
        """The last day on which a pause that begins `now` may let it run again.

        None for one that its term lets not be paused, or no longer, and for one that is paused, due, broken or stopped.
        """
        if (
            self.term.pausable_days is None
            or self.stopped_at is not None
            or self.breached_at is not None
            or self.due_at <= now
            or self.paused(now)
        ):
            return None
        local = version_of(self.calendar_version_id).value().local
        spans = [span for span, (_since, _until, *stood) in zip(self.spans, self.pauses, strict=True) if not stood]
        if Unit(self.unit) in DAY_UNITS:
            used = sum((local(until).date() - local(since).date()).days for since, until in spans)
        else:  # for hours the very span stands still, so each pause uses up what it took, a day at least
            used = sum(-(-(until - since) // timedelta(days=1)) for since, until in spans)
        left = self.term.pausable_days - used
        return local(now).date() + timedelta(days=left) if left > 0 else None

    def is_overdue(self, now: datetime) -> bool:
        return self.stopped_at is None and self.due_at <= now


class Sweep(models.Model):
    """The heartbeat of a loop: when it last finished, and what it found. A silent loop shows by its age."""

    name = models.CharField(max_length=32, primary_key=True)
    finished_at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.finished_at:%H:%M:%S}"
