"""The figures: a handful of queries, each served by an index, whatever the size of the table. Python adds up groups only.

Every function takes the reader first and counts what `visible_to` lets them see, so a figure agrees with its list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from accounts.models import User
from complaints.models import Cause, Complaint, ComplaintQuerySet
from complaints.models.reading import SOON
from complaints.states import ENDED
from reports.periods import Period, midnight
from reports.slices import MISSED_CLOCK, NONE, clocks_seen_by
from sla.models import CalendarVersion, Clock, Policy, version_of
from sla.targets import Target

BANDS = ((0, 3), (4, 7), (8, 15), (16, 30), (31, None))  # days since receipt, both ends included


@dataclass(slots=True)
class OpenCases:
    """What is open now, in one unit or in all of them. `ages` follow `BANDS`."""

    open: int = 0
    overdue: int = 0
    soon: int = 0
    soon_major: int = 0
    offered: int = 0
    oldest_due_at: datetime | None = None
    ages: list[int] = field(default_factory=lambda: [0] * len(BANDS))

    def add(self, other: "OpenCases") -> None:
        for name in ("open", "overdue", "soon", "soon_major", "offered"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.oldest_due_at and (self.oldest_due_at is None or other.oldest_due_at < self.oldest_due_at):
            self.oldest_due_at = other.oldest_due_at
        self.ages = [mine + theirs for mine, theirs in zip(self.ages, other.ages, strict=True)]


@dataclass(slots=True)
class Attainment:
    """Promises that fell due, and how many of them were kept."""

    kept: int = 0
    due: int = 0

    @property
    def percent(self) -> float | None:
        """To one decimal, rounded down: 2,999 of 3,000 is not 100. None when nothing fell due."""
        return self.kept * 1000 // self.due / 10 if self.due else None


def open_cases(user: User, now: datetime, today: date) -> dict[int, OpenCases]:
    """What is open, by the id of the owner's unit. One query over the open cases alone, a row for each unit and age."""
    due_soon = Q(due_at__gt=now, due_at__lte=now + SOON)
    edges = [midnight(first) for band in reversed(BANDS) if (first := band_days(band, today)[0])]
    rows = (
        Complaint.objects.visible_to(user)
        .exclude(status__in=ENDED)
        .order_by()
        .annotate(bucket=Bucket("received_at", edges))
        .values_list("owner_unit", "bucket")
        .annotate(
            number=Count("*"),
            overdue=Count("owner_unit", filter=Q(due_at__lte=now)),
            soon=Count("owner_unit", filter=due_soon),
            major=Count("owner_unit", filter=due_soon & Q(severity=Complaint.Severity.MAJOR)),
            handed=Count("offered_to"),
            first_due=Min("due_at"),
        )
    )
    found: dict[int, OpenCases] = {}
    for unit, bucket, number, overdue, soon, major, offered, first_due in rows:
        ages = [0] * len(BANDS)
        ages[len(BANDS) - 1 - bucket] = number
        part = OpenCases(number, overdue, soon, major, offered, first_due if overdue else None, ages)
        found.setdefault(unit, OpenCases()).add(part)
    return found


class Bucket(Func):
    """Between which of some ascending moments another lies: 0 before the first, so many after the last.

    A search among a few edges, far cheaper for each row than to ask the time zone for its day.
    """

    function = "width_bucket"
    template = "%(function)s(%(expressions)s::timestamptz[])"
    output_field = IntegerField()

    def __init__(self, column: str, edges: Iterable[datetime]) -> None:
        super().__init__(F(column), Value(f"{{{','.join(edge.isoformat() for edge in edges)}}}"))


def band_days(band: tuple[int, int | None], today: date) -> tuple[date | None, date]:
    """The days of receipt that belong to a band of age: the first (None: any earlier day) and the last."""
    youngest, eldest = band
    return (None if eldest is None else today - timedelta(days=eldest)), today - timedelta(days=youngest)


def attainment_by_unit(user: User, period: Period, now: datetime) -> dict[int, dict[str, Attainment]]:
    """Promises that fell due in a period and up to now, by the id of the owner's unit and by target. One query."""
    unit = Subquery(Complaint.objects.filter(pk=OuterRef("complaint_id")).values("owner_unit")[:1])
    rows = _fallen_due(user, period, now).annotate(owner_unit=unit).values_list("owner_unit", "target")
    found: dict[int, dict[str, Attainment]] = {}
    for unit_id, target, number, kept in rows.annotate(**_COUNTS):
        found.setdefault(unit_id, {})[target] = Attainment(kept, number)
    return found


def attainment(user: User, period: Period, now: datetime) -> dict[str, Attainment]:
    """Promises that fell due in a period and up to now, by target. One query."""
    rows = _fallen_due(user, period, now).values_list("target").annotate(**_COUNTS)
    return {target: Attainment(kept, number) for target, number, kept in rows}


_COUNTS = {"number": Count("*"), "kept": Count("complaint", filter=Q(stopped_at__lt=F("due_at")))}


def _fallen_due(user: User, period: Period, now: datetime) -> QuerySet[Clock]:
    return clocks_seen_by(user).filter(due_on__range=(period.first, period.last), due_at__lte=now)


def all_units(by_unit: Mapping[int, Mapping[str, Attainment]]) -> dict[str, Attainment]:
    """The sum over the units, by target."""
    total: dict[str, Attainment] = {target: Attainment() for target in Target}
    for targets in by_unit.values():
        for target, one in targets.items():
            total[target].kept += one.kept
            total[target].due += one.due
    return total


@dataclass(slots=True)
class Flow:
    """What came and went: received in the period by channel and cause, and day by day over the trend."""

    by_channel: dict[str, int] = field(default_factory=dict)
    by_cause: dict[str, int] = field(default_factory=dict)  # by id, as text; `none` where there is no cause yet
    received: dict[str, int] = field(default_factory=dict)  # by day
    resolved: dict[str, int] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)


def flow(user: User, period: Period, trend: Period, now: datetime) -> Flow:
    """Five counts in one query: by channel, by cause, and by day what was received, resolved and newly overdue."""
    seen = Complaint.objects.visible_to(user).order_by()
    came = seen.filter(received_at__gte=period.start, received_at__lt=period.end)
    missed = clocks_seen_by(user).filter(MISSED_CLOCK, due_on__range=(trend.first, trend.last), due_at__lte=now)
    edges = [midnight(day) for day in trend.days]
    parts = [
        _counted("channel", came, F("channel")),
        _counted("cause", came, Cast("cause_id", TextField())),
        _counted("received", _within(seen, "received_at", trend), Cast(Bucket("received_at", edges), TextField())),
        _counted("resolved", _within(seen, "resolved_at", trend), Cast(Bucket("resolved_at", edges), TextField())),
        _counted("missed", missed, Cast("due_on", TextField())),
    ]
    found = Flow()
    days = trend.days
    for kind, key, number in parts[0].union(*parts[1:], all=True):
        if kind == "channel":
            found.by_channel[key] = number
        elif kind == "cause":
            found.by_cause[key or NONE] = number
        else:
            day = key if kind == "missed" else days[int(key) - 1].isoformat()
            getattr(found, kind)[day] = number
    return found


def _within(seen: ComplaintQuerySet, column: str, period: Period) -> ComplaintQuerySet:
    within: ComplaintQuerySet = seen.filter(**{f"{column}__gte": period.start, f"{column}__lt": period.end})
    return within


def _counted(kind: str, rows: "QuerySet[Any]", key: Any) -> "QuerySet[Any, Any]":
    counted: QuerySet[Any, Any] = rows.values(key=key).annotate(number=Count("*"))
    return counted.values_list(Value(kind), "key", "number")


@dataclass(frozen=True, slots=True)
class TopCause:
    """A cause of the first level, with what was received below it."""

    code: str
    name: str
    number: int


def top_causes(by_cause: Mapping[str, int], unnamed: str, below: dict[str, list[str]] | None = None) -> list[TopCause]:
    """The causes of the first level, the most frequent first; `unnamed` is said of complaints without a cause. One query.

    `below` is filled with the keys that were added up, by the code of the first level.
    """
    if not by_cause:
        return []
    known = {str(pk): (code, name, parent) for pk, code, name, parent in _causes()}
    tops: dict[str, TopCause] = {}
    for key, number in by_cause.items():
        top = key
        while top != NONE and known[top][2] is not None:
            top = str(known[top][2])
        code, name = (NONE, unnamed) if top == NONE else known[top][:2]
        so_far = tops[code].number if code in tops else 0
        tops[code] = TopCause(code, name, so_far + number)
        if below is not None:
            below.setdefault(code, []).append(key)
    return sorted(tops.values(), key=lambda top: (top.code == NONE, -top.number, top.code))


def _causes() -> Iterable[tuple[int, str, str, int | None]]:
    return Cause.objects.order_by().values_list("id", "code", "name", "parent_id")


def calendar_now(today: date) -> CalendarVersion:
    """The calendar of the resolution policy in force today: whose days off the trend shades."""
    policy = Policy.objects.promised([Target.RESOLUTION], today)[0]
    return version_of(policy.version_id)
