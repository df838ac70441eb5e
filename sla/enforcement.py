"""Recording that a promise broke. The caller holds the complaint's lock; one caller wins."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from sla.models import Clock, Sweep

BREACH = """
UPDATE sla_clock SET breached_at = due_at, detected_at = %(now)s
WHERE id = ANY(%(keys)s) AND stopped_at IS NULL AND breached_at IS NULL AND due_at <= %(now)s RETURNING id
"""


def breach(clock: Clock, now: datetime) -> bool:
    """Write down that `clock` is past its deadline, dated at the deadline. True for the one caller that wrote it."""
    return bool(breach_together([clock.pk], now))


def breach_together(keys: Iterable[int], now: datetime) -> set[int]:
    """The same for many clocks, whose complaints the caller holds: the ids of those that this call wrote.

    A conditional UPDATE: a clock that was stopped, moved or recorded in the meantime is left alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(BREACH, {"keys": list(keys), "now": now})
        return {key for (key,) in cursor.fetchall()}


LOOK_AGAIN = """
UPDATE sla_clock SET next_step_at = new.at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS new (id, was, at)
WHERE sla_clock.id = new.id AND stopped_at IS NULL AND sla_clock.next_step_at IS NOT DISTINCT FROM new.was
"""


def look_again_at(moments: Iterable[tuple[Clock, datetime | None]]) -> None:
    """Write when the next step of each clock comes; None: there is none. One query.

    A clock that somebody has written to since it was read is left alone: it says itself when it is to be looked at.
    """
    rows = list(moments)
    if not rows:
        return
    columns = (
        [clock.pk for clock, _at in rows],
        [clock.next_step_at for clock, _at in rows],
        [at for _clock, at in rows],
    )
    with connection.cursor() as cursor:
        cursor.execute(LOOK_AGAIN, columns)


def finished(name: str, found: int) -> None:
    """Leave the heartbeat of a loop: it has just finished a round."""
    Sweep.objects.update_or_create(name=name, defaults={"finished_at": timezone.now(), "found": found})
