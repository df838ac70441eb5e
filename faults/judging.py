"""What each clock that was due must have left behind, once, and what the database holds."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from complaints.integrity import Proof, broken
from complaints.states import Verb
from notifications.delivery import MANY
from sla import ladder
from sla.models import Clock

HEARD = """
SELECT event.id, who.id FROM complaints_caseevent event
JOIN complaints_complaint complaint ON complaint.id = event.complaint_id
CROSS JOIN LATERAL (
    SELECT complaint.owner_id AS id WHERE event.verb = 'breach'
    UNION SELECT complaint.first_responder_id WHERE event.verb = 'breach'
    UNION SELECT jsonb_array_elements_text(event.facts -> 'to')::bigint WHERE event.verb IN ('warn', 'escalate')
    UNION SELECT (event.facts ->> 'to')::bigint WHERE event.verb = 'recompute'
) who
WHERE event.verb IN ('breach', 'warn', 'escalate', 'recompute') AND who.id <> event.actor_id
"""
TOLD = """
SELECT event_id, recipient_id FROM notifications_notification
WHERE event_id IN (SELECT id FROM complaints_caseevent WHERE verb IN ('breach', 'warn', 'escalate', 'recompute'))
"""
# Whoever has too many notices of what was made up for finds one that stands alone.
TOO_MANY = f"""
SELECT recipient_id FROM notifications_notification WHERE late GROUP BY recipient_id HAVING count(*) > {MANY}
"""  # noqa: S608 - a number of our own
STANDING = f"""
SELECT recipient_id FROM notifications_notification WHERE late AND folded_into_id IS NULL AND recipient_id IN ({TOO_MANY})
"""  # noqa: S608


@dataclass(frozen=True)
class Verdict:
    """One kind of effect. `stray`: of something that was not due, or with another date than the deadline."""

    what: str
    wanted: int
    found: int
    lost: int
    doubled: int
    stray: int

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.stray)


def judged(what: str, wanted: Collection[Hashable], found: Mapping[Hashable, int]) -> Verdict:
    """Each of `wanted` must be found once, and nothing else at all."""
    keys = set(wanted)
    return Verdict(
        what,
        wanted=len(keys),
        found=sum(found.values()),
        lost=len(keys - found.keys()),
        doubled=sum(times - 1 for key, times in found.items() if key in keys),
        stray=sum(times for key, times in found.items() if key not in keys),
    )


def other_steps(due: Collection[int], now: datetime) -> set[tuple[int, int]]:
    """The steps of these clocks, beside that of the deadline itself, whose moment had come: (clock, number)."""
    clocks = Clock.objects.filter(pk__in=due)
    return {(clock.pk, step.number) for clock in clocks for step in ladder.steps(clock) if step.at <= now}


def verdicts(due: Mapping[int, datetime], others: Collection[tuple[int, int]] = ()) -> list[Verdict]:
    """The database against the clocks that were due: when, by id; and `other_steps`. Every table is read anew."""
    dated = set(due.items())
    broken_at = counted("SELECT id, breached_at FROM sla_clock WHERE breached_at IS NOT NULL")
    steps = counted("SELECT clock_id, step FROM complaints_escalation")
    told, events = "SELECT (facts ->> 'clock')::bigint, {} FROM complaints_caseevent WHERE verb = '{}'", []
    number = "(facts ->> 'step')::int"
    for verb, fact in (
        (Verb.BREACH, "(facts ->> 'due_at')::timestamptz"),
        (Verb.ESCALATE, number),
        (Verb.WARN, number),
    ):
        events.append(counted(told.format(fact, verb.value)))  # words of our own
    wanted = {(clock, 1) for clock in due} | set(others)
    warned = {step for step in wanted if step[1] < 0}
    return [
        judged("breaches, dated at the deadline", dated, broken_at),
        judged("steps of ladders", wanted, steps),
        judged("breach events", dated, events[0]),
        judged("escalate events", wanted - warned, events[1]),
        notices(),
        judged("warn events", warned, events[2]),
        judged("digests, one a person", set(counted(TOO_MANY)), counted(STANDING)),
    ]


def notices() -> Verdict:
    """Whoever an event concerns, but not whoever did it, is told of it once."""
    return judged("notices, by event and person", set(counted(HEARD)), counted(TOLD))


def untold() -> int:
    """How many notices have still to be given."""
    return len(counted(HEARD).keys() - counted(TOLD).keys())


def broken_rows() -> list[str]:
    """What `verify_history` would name."""
    return [f"{row.table} {row.id} {row.what} {row.reference}" for row in broken(Proof())]


def counted(query: str) -> Counter[Any]:
    """The rows of a query, each as a tuple, with how often it is there."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return Counter(cursor.fetchall())
