"""The figures: a handful of queries, each served by an index and none by the table itself. Python adds up groups only.

Every function takes the reader first and counts what `visible_to` lets them see, so a figure agrees with its list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from complaints.models import Cause, Complaint
from complaints.models.reading import SOON
from reports.periods import Period, midnight
from reports.slices import NONE, clocks_seen_by
from sla.models import NATIONAL, CalendarVersion
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
    """Promises that fell due, and how many of them were kept.

    Where it was asked for: how many of those due had been extended, and how many were kept by the date first promised.
    """

    kept: int = 0
    due: int = 0
    extended: int = 0
    kept_at_first: int = 0

    @property
    def at_first(self) -> "Attainment":
        """The same promises, judged by the dates first promised."""
        return Attainment(self.kept_at_first, self.due)

    @property
    def percent(self) -> float | None:
        """To one decimal, rounded down: 2,999 of 3,000 is not 100. None when nothing fell due."""
        return self.kept * 1000 // self.due / 10 if self.due else None


OPEN_CASES = """
SELECT owner_unit, width_bucket(received_at, %(edges)s::timestamptz[]), count(*),
    count(*) FILTER (WHERE due_at <= %(now)s),
    count(*) FILTER (WHERE due_at > %(now)s AND due_at <= %(soon)s),
    count(*) FILTER (WHERE due_at > %(now)s AND due_at <= %(soon)s AND severity = %(major)s),
    count(offered_to), min(due_at)
FROM ({seen}) AS seen GROUP BY 1, 2
"""


def open_cases(user: User, now: datetime, today: date) -> dict[int, OpenCases]:
    """What is open, by the id of the owner's unit. One query over the open cases alone, a row for each unit and age."""
    seen = Complaint.objects.visible_to(user, counting=True).open()
    rows = _counted(
        OPEN_CASES,
        seen.values("owner_unit", "received_at", "due_at", "severity", "offered_to"),
        edges=[midnight(first) for band in reversed(BANDS) if (first := band_days(band, today)[0])],
        now=now,
        soon=now + SOON,
        major=Complaint.Severity.MAJOR.value,
    )
    found: dict[int, OpenCases] = {}
    for unit, bucket, number, overdue, soon, major, offered, first_due in rows:
        ages = [0] * len(BANDS)
        ages[len(BANDS) - 1 - bucket] = number
        part = OpenCases(number, overdue, soon, major, offered, first_due if overdue else None, ages)
        found.setdefault(unit, OpenCases()).add(part)
    return found


def _counted(count: str, seen: "QuerySet[Any, Any]", **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a count over what the reader sees.

    The counts are written out: they group in several ways at once, which Django cannot say, and building them costs as
    much as running them. What is `seen` comes from the querysets, where the scope rule stands.
    """
    try:
        text, given = seen.order_by().query.sql_with_params()
    except EmptyResultSet:  # a person who reaches nothing
        return []
    names = {f"seen{place}": value for place, value in enumerate(given)}
    with connection.cursor() as cursor:
        cursor.execute(count.format(seen=text % tuple(f"%({name})s" for name in names)), names | values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def band_days(band: tuple[int, int | None], today: date) -> tuple[date | None, date]:
    """The days of receipt that belong to a band of age: the first (None: any earlier day) and the last."""
    youngest, eldest = band
    return (None if eldest is None else today - timedelta(days=eldest)), today - timedelta(days=youngest)


@dataclass(slots=True)
class FallenDue:
    """Promises that fell due up to now: in a period by the id of the owner's unit, in the one before, and missed by day."""

    by_unit: dict[int, dict[str, Attainment]] = field(default_factory=dict)
    before: dict[str, Attainment] = field(default_factory=lambda: {target: Attainment() for target in Target})
    missed: dict[str, int] = field(default_factory=dict)


FALLEN_DUE = """
SELECT owner_unit, target, due_on,
    sum(due) FILTER (WHERE due_on >= %(first)s), sum(kept) FILTER (WHERE due_on >= %(first)s),
    sum(due) FILTER (WHERE due_on BETWEEN %(before)s AND %(last_before)s),
    sum(kept) FILTER (WHERE due_on BETWEEN %(before)s AND %(last_before)s),
    sum(due - kept) FILTER (WHERE due_on >= %(trend)s)
FROM (
    SELECT due_on, owner_unit, target, count(*)::int AS due, (count(*) FILTER (WHERE stopped_at < due_at))::int AS kept
    FROM ({seen}) AS seen WHERE due_on BETWEEN %(earliest)s AND %(last)s AND due_at <= %(now)s
    GROUP BY due_on, owner_unit, target
) AS of_a_day
GROUP BY GROUPING SETS ((owner_unit, target), (due_on))
"""


def fallen_due(user: User, period: Period, trend: Period, now: datetime) -> FallenDue:
    """What fell due in a period, in the one before and over the trend, which ends on the same day. One query, one scan."""
    rows = _counted(
        FALLEN_DUE,
        clocks_seen_by(user).values("due_on", "owner_unit", "target", "due_at", "stopped_at"),
        first=period.first,
        last=period.last,
        before=period.before.first,
        last_before=period.before.last,
        trend=trend.first,
        earliest=min(period.before.first, trend.first),
        now=now,
    )
    found = FallenDue()
    for unit, target, day, due, kept, due_before, kept_before, missed in rows:
        if day is not None:
            found.missed[day.isoformat()] = missed or 0
            continue
        if due:
            found.by_unit.setdefault(unit, {})[target] = Attainment(kept, due)
        before = found.before[target]
        before.due += due_before or 0
        before.kept += kept_before or 0
    return found


def attainment(user: User, period: Period, now: datetime) -> dict[str, Attainment]:
    """Promises that fell due in a period and up to now, by target. One query."""
    due = clocks_seen_by(user).filter(due_on__range=(period.first, period.last), due_at__lte=now)
    rows = due.values_list("target").annotate(
        number=Count("*"),
        kept=Count("complaint", filter=Q(stopped_at__lt=F("due_at"))),
        extended=Count("original_due_at"),
        at_first=Count("complaint", filter=Q(stopped_at__lt=Coalesce("original_due_at", "due_at"))),
    )
    return {target: Attainment(kept, number, extended, first) for target, number, kept, extended, first in rows}


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


# `grouping` has a bit for each column that a row does not group by: 3 is the channel alone, 5 the cause, 6 the day. A day is
# the number of the edge before it; 0 lies before the trend.
FLOW = """
WITH seen AS NOT MATERIALIZED ({seen})
SELECT CASE grouping(channel, cause, day) WHEN 3 THEN 'channel' WHEN 5 THEN 'cause' ELSE 'received' END,
    coalesce(channel, cause::text, day::text), count(*) FILTER (WHERE received_at >= %(start)s), count(*)
FROM (
    SELECT channel, cause, received_at, width_bucket(received_at, %(edges)s::timestamptz[]) AS day FROM seen
    WHERE received_at >= %(earliest)s AND received_at < %(end)s
) AS came
GROUP BY GROUPING SETS ((channel), (cause), (day))
UNION ALL
SELECT 'resolved', day::text, 0, (SELECT count(*) FROM seen WHERE resolved_at >= begins AND resolved_at < ends)
FROM unnest(%(edges)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS trend (begins, ends, day)
"""


def flow(user: User, period: Period, trend: Period) -> Flow:
    """By channel, by cause and by day what was received, by day what was resolved. One query: a scan, and a range a day.

    The trend ends on the same day as the period.
    """
    edges = [midnight(day) for day in trend.days]
    rows = _counted(
        FLOW,
        Complaint.objects.visible_to(user, counting=True).values("channel", "cause", "received_at", "resolved_at"),
        edges=edges,
        ends=[*edges[1:], trend.end],
        start=period.start,
        earliest=min(period.start, trend.start),
        end=period.end,
    )
    found = Flow()
    days = [day.isoformat() for day in trend.days]
    for kind, key, in_period, number in rows:
        if kind == "channel" and in_period:
            found.by_channel[key] = in_period
        elif kind == "cause" and in_period:
            found.by_cause[key or NONE] = in_period
        elif kind in {"received", "resolved"} and key != "0":
            getattr(found, kind)[days[int(key) - 1]] = number
    return found


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


def calendar_now() -> CalendarVersion:
    """The working calendar that counts where a policy names none: whose days off the trend shades."""
    return CalendarVersion.objects.latest_for(NATIONAL)
