"""Telling people in the product what others did on their cases: one row a person and event, however many workers run.

Who is told is read from the events themselves, never from a queue: an event of the last thirty days that nobody was told
about is told now. Found by `NOT EXISTS`, not by "newer than the last one", because events commit out of order.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from complaints.states import Verb
from notifications.models import Notification

LOOK_BACK = timedelta(days=30)

# Who hears of a deed: the person its facts lead to, or the one they come from. The doer is never told.
TO = (
    Verb.HAND_OVER, Verb.DECLINE, Verb.RECALL, Verb.ASSIGN, Verb.REMIND, Verb.REOPEN, Verb.WITHDRAW, Verb.RECOMPUTE,
    Verb.APPROVE_EXTENSION, Verb.DECLINE_EXTENSION,
    Verb.PAUSE, Verb.RESUME,
)  # fmt: skip
FROM = (Verb.ACCEPT, Verb.TAKE, Verb.ASSIGN)
KEEPERS = (Verb.BREACH, Verb.EXTEND)  # the owner and the first responder
SEVERAL = (Verb.WARN, Verb.ESCALATE, Verb.ASK_EXTENSION)  # everybody their facts name, and those who are away
STEPS = (Verb.WARN, Verb.BREACH, Verb.ESCALATE)  # of deadlines: what is made up for after an outage
LAPSING = (Verb.TAKE, Verb.ASSIGN, Verb.RESOLVE, Verb.WITHDRAW)  # they end an offer that somebody has before them
TOLD = tuple(dict.fromkeys((*TO, *FROM, *KEEPERS, *SEVERAL, *LAPSING)))

CATCHING_UP = timedelta(minutes=10)  # after its moment, a step is one that was made up for
MANY = 20  # notices of that kind that one person gets; more become one digest
DIGEST_OPEN = timedelta(days=1)  # for so long what is still made up for goes into the same digest
ALONE = 730_404  # key of the advisory lock under which notices are folded

# Whoever is away is told all the same, so is their deputy, and the deputy's own: `UNION` ends where deputies go in a circle.
FOUND = """
WITH RECURSIVE absent AS (
    SELECT person_id, deputy_id FROM accounts_absence
    WHERE cancelled_at IS NULL AND %(today)s BETWEEN from_on AND until_on AND deputy_id IS NOT NULL
), told (event, at, verb, planned_at, actor, who) AS (
    SELECT event.id, event.at, event.verb, coalesce(event.facts ->> 'at', event.facts ->> 'due_at'), event.actor_id, who.id
    FROM complaints_caseevent event
    JOIN complaints_complaint complaint ON complaint.id = event.complaint_id
    CROSS JOIN LATERAL (
        SELECT (event.facts ->> 'to')::bigint AS id WHERE event.verb = ANY(%(to)s)
        UNION SELECT (event.facts ->> 'from')::bigint WHERE event.verb = ANY(%(from)s)
        UNION SELECT (event.facts ->> 'lapsed')::bigint
        UNION SELECT unnest(ARRAY[complaint.owner_id, complaint.first_responder_id]) WHERE event.verb = ANY(%(keepers)s)
        UNION SELECT jsonb_array_elements_text(event.facts -> 'to')::bigint WHERE event.verb = ANY(%(several)s)
        UNION SELECT jsonb_array_elements_text(event.facts -> 'away')::bigint WHERE event.verb = ANY(%(several)s)
    ) who
    WHERE event.verb IN %(told)s AND event.at > %(since)s
        AND NOT EXISTS (SELECT FROM notifications_notification given WHERE given.event_id = event.id)
    UNION
    SELECT told.event, told.at, told.verb, told.planned_at, told.actor, absent.deputy_id
    FROM told JOIN absent ON absent.person_id = told.who
)
SELECT who, event, %(now)s,
    CASE WHEN verb = ANY(%(steps)s) THEN planned_at::timestamptz < %(caught_up)s ELSE false END
FROM told WHERE who <> actor
"""
TELL = f"""
INSERT INTO notifications_notification (recipient_id, event_id, made_at, late)
{FOUND}
ON CONFLICT (event_id, recipient_id) DO NOTHING
"""
WAITING = f"SELECT count(*) FROM ({FOUND}) untold"  # noqa: S608 - words of our own

# A digest is a notice that others are folded into; one of the last day that is unread takes in whatever comes after it.
FOLD = """
WITH alone AS (
    SELECT id, recipient_id, made_at,
        EXISTS (SELECT FROM notifications_notification folded WHERE folded.folded_into_id = n.id) AS is_digest
    FROM notifications_notification n WHERE late AND read_at IS NULL AND folded_into_id IS NULL
), head AS (
    SELECT recipient_id,
        coalesce(max(id) FILTER (WHERE is_digest AND made_at > %(opened)s), max(id) FILTER (WHERE NOT is_digest)) AS id
    FROM alone GROUP BY recipient_id
    HAVING count(*) FILTER (WHERE NOT is_digest) > %(many)s OR bool_or(is_digest AND made_at > %(opened)s)
)
UPDATE notifications_notification n SET folded_into_id = head.id FROM alone JOIN head USING (recipient_id)
WHERE n.id = alone.id AND NOT alone.is_digest AND alone.id <> head.id
"""


def deliver(now: datetime) -> int:
    """Tell everybody who has not been told; return how many notices this call made. Safe to run by several at once.

    All who hear of one event are told in one statement, so an event is told wholly or not at all. What was made up for and is
    too much for one person is folded then; whoever is killed in between leaves that to the next call.
    """
    with connection.cursor() as cursor:
        cursor.execute(TELL, _whom(now))
        made: int = cursor.rowcount
    fold(now)
    return made


def fold(now: datetime) -> int:
    """Leave nobody more than `MANY` unread notices of steps that were made up for; return how many were folded."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ALONE])
        cursor.execute(FOLD, {"opened": now - DIGEST_OPEN, "many": MANY})
        folded: int = cursor.rowcount
    return folded


def waiting(now: datetime) -> int:
    """How many notices `deliver` would make. One query, the same."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, _whom(now))
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def _whom(now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "today": timezone.localdate(now),
        "since": now - LOOK_BACK,
        "caught_up": now - CATCHING_UP,
        "to": [verb.value for verb in TO],
        "from": [verb.value for verb in FROM],
        "keepers": [verb.value for verb in KEEPERS],
        "several": [verb.value for verb in SEVERAL],
        "steps": [verb.value for verb in STEPS],
        "told": tuple(verb.value for verb in TOLD),
    }


def mark_read(*keys: int, actor: User) -> int:
    """The actor has seen these notices, or all of theirs when none is named; return how many were unread.

    With a digest all that is folded into it has been seen.
    """
    theirs = Notification.objects.filter(recipient=actor, read_at=None)
    if keys:
        theirs = theirs.filter(Q(pk__in=keys) | Q(folded_into__in=keys))
    return theirs.update(read_at=timezone.now())
