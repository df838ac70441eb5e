"""Reckoning running clocks again when their calendar has a newer version. The caller holds their complaints (rule 4)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import F, Max

from sla import ladder
from sla.clocks import reckon
from sla.models import CalendarVersion, Clock, Recomputation, version_of

MOVE = """
UPDATE sla_clock SET calendar_version_id = new.version, due_at = new.due_at, due_on = new.due_on,
    provisional = new.provisional, next_step_at = new.next_step_at
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::date[], %s::boolean[], %s::timestamptz[])
    AS new (id, version, due_at, due_on, provisional, next_step_at)
WHERE sla_clock.id = new.id
"""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a newer version makes of a clock: `clock` as it was, and its date now."""

    clock: Clock
    version: CalendarVersion
    due_at: datetime
    due_on: date
    provisional: bool

    @property
    def moves(self) -> bool:
        """Whether there is anything to tell: another date, or one that has become final."""
        return (self.due_at, self.provisional) != (self.clock.due_at, self.clock.provisional)

    @property
    def term_id(self) -> int:
        return self.clock.term_id

    @property
    def started_at(self) -> datetime:
        return self.clock.started_at

    @property
    def calendar_version_id(self) -> int:
        return self.version.pk


def reckoned(clocks: Iterable[Clock]) -> list[Reckoned]:
    """Each clock by the newest version of its calendar: the same start, allowance and pauses. One query."""
    newest = dict(CalendarVersion.objects.order_by().values_list("calendar").annotate(Max("number")))
    by_number = {
        (version.calendar_id, version.number): version.pk
        for version in CalendarVersion.objects.filter(number__in=newest.values())
    }
    found = []
    for clock in clocks:
        calendar = version_of(clock.calendar_version_id).calendar_id
        version = version_of(by_number[calendar, newest[calendar]])
        found.append(Reckoned(clock, version, *reckon(clock, version.value())))
    return found


def move(found: Iterable[Reckoned], done: Mapping[int, Collection[int]]) -> None:
    """Write the dates. One query. `done`: the steps of the ladder that each clock has behind it, by its id."""
    rows = list(found)
    with connection.cursor() as cursor:
        columns = (
            [row.clock.pk for row in rows],
            [row.version.pk for row in rows],
            [row.due_at for row in rows],
            [row.due_on for row in rows],
            [row.provisional for row in rows],
            [ladder.next_step_at(row, done.get(row.clock.pk, ())) for row in rows],
        )
        cursor.execute(MOVE, columns)


def count(found: Iterable[Reckoned]) -> None:
    """Count what was reckoned where the progress is read, in the transaction that wrote it. One query for each version.

    Whoever counts holds the row until the transaction ends: it is the last thing to do in it.
    """
    rows = list(found)
    for version in {row.version.pk for row in rows}:
        ours = [row.moves for row in rows if row.version.pk == version]
        Recomputation.objects.filter(version=version).update(
            moved=F("moved") + sum(ours), kept=F("kept") + len(ours) - sum(ours)
        )


def settle(now: datetime) -> int:
    """Close what has nothing left to do; return how many clocks still wait."""
    waiting = Clock.objects.outdated(now)
    busy = set(waiting.values_list("calendar_version__calendar", flat=True).distinct())
    Recomputation.objects.filter(finished_at=None).exclude(version__calendar__in=busy).update(finished_at=now)
    return waiting.count() if busy else 0
