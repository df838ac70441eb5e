"""Telling people in the product what others did on their cases: one row a person and event, however many workers run.

Who is told is read from the events themselves, never from a queue: an event of the last thirty days that nobody was told
about is told now. Found by `NOT EXISTS`, not by "newer than the last one", because events commit out of order.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
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
SEVERAL = (Verb.ESCALATE, Verb.ASK_EXTENSION)  # everybody its facts name
LAPSING = (Verb.TAKE, Verb.ASSIGN, Verb.RESOLVE, Verb.WITHDRAW)  # they end an offer that somebody has before them
TOLD = tuple(dict.fromkeys((*TO, *FROM, *KEEPERS, *SEVERAL, *LAPSING)))

FOUND = """
SELECT DISTINCT who.id, event.id, %(now)s
FROM complaints_caseevent event
JOIN complaints_complaint complaint ON complaint.id = event.complaint_id
CROSS JOIN LATERAL (
    SELECT (event.facts ->> 'to')::bigint AS id WHERE event.verb = ANY(%(to)s)
    UNION SELECT (event.facts ->> 'from')::bigint WHERE event.verb = ANY(%(from)s)
    UNION SELECT (event.facts ->> 'lapsed')::bigint
    UNION SELECT unnest(ARRAY[complaint.owner_id, complaint.first_responder_id]) WHERE event.verb = ANY(%(keepers)s)
    UNION SELECT jsonb_array_elements_text(event.facts -> 'to')::bigint WHERE event.verb = ANY(%(several)s)
) who
WHERE event.verb IN %(told)s AND event.at > %(since)s AND who.id <> event.actor_id
    AND NOT EXISTS (SELECT FROM notifications_notification given WHERE given.event_id = event.id)
"""
TELL = f"""
INSERT INTO notifications_notification (recipient_id, event_id, made_at)
{FOUND}
ON CONFLICT (event_id, recipient_id) DO NOTHING
"""
WAITING = f"SELECT count(*) FROM ({FOUND}) untold"  # noqa: S608 - words of our own


def deliver(now: datetime) -> int:
    """Tell everybody who has not been told; return how many notices this call made. Safe to run by several at once.

    All who hear of one event are told in one statement, so an event is told wholly or not at all.
    """
    with connection.cursor() as cursor:
        cursor.execute(TELL, _whom(now))
        made: int = cursor.rowcount
    return made


def waiting(now: datetime) -> int:
    """How many notices `deliver` would make. One query, the same."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, _whom(now))
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def _whom(now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "since": now - LOOK_BACK,
        "to": [verb.value for verb in TO],
        "from": [verb.value for verb in FROM],
        "keepers": [verb.value for verb in KEEPERS],
        "several": [verb.value for verb in SEVERAL],
        "told": tuple(verb.value for verb in TOLD),
    }


def mark_read(*keys: int, actor: User) -> int:
    """The actor has seen these notices, or all of theirs when none is named; return how many were unread."""
    unread = Notification.objects.filter(recipient=actor).unread()
    return (unread.filter(pk__in=keys) if keys else unread).update(read_at=timezone.now())
