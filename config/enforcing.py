"""A round of every sweep in one process, and the loop of such rounds that stands beside beat and its workers.

One loop works at a time, under an advisory lock of the database; others may be started and wait for its end. What a round
does is safe beside workers that do the same.
"""

import logging
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from threading import Event

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from complaints.states import Verb
from complaints.tasks import (
    due_clocks,
    outdated_clocks,
    recompute_clocks,
    record_breaches,
    stepping_clocks,
    take_steps,
)
from notifications.delivery import deliver
from sla import enforcement, recomputing

logger = logging.getLogger(__name__)

ALONE = 730_403  # key of the advisory lock
WAIT = 5.0  # seconds before a loop that waits, or has lost the database, tries again
PING_SECONDS = 5.0


def enforce() -> dict[str, int]:
    """Every sweep once, now: what was recorded, recomputed and told by this call."""
    taken = sum((Counter(take_steps(handful)) for handful in stepping_clocks()), Counter[Verb]())
    breached = taken[Verb.BREACH] + sum(record_breaches(handful) for handful in due_clocks())
    enforcement.finished("sweep", breached + taken[Verb.WARN] + taken[Verb.ESCALATE])
    recomputed = sum(recompute_clocks(handful) for handful in outdated_clocks())
    recomputing.settle(timezone.now())
    enforcement.finished("recompute", recomputed)
    notified = deliver(timezone.now())
    enforcement.finished("notify", notified)
    # a breach and its first escalation are written in one transaction
    escalated = breached + taken[Verb.ESCALATE]
    return {
        "warned": taken[Verb.WARN], "breached": breached, "escalated": escalated, "recomputed": recomputed,
        "notified": notified,
    }  # fmt: skip


def rounds(every: float, stop: Event, ping: str = "") -> Iterator[dict[str, int]]:
    """A round every so many seconds until `stop` is set, for as long as the lock is ours; a lost database is waited for.

    `ping`: an address outside that is asked after each round, so that whoever watches it notices when the rounds end.
    """
    while not stop.is_set():
        try:
            if not _alone():
                stop.wait(WAIT)
                continue
            began = time.monotonic()
            found = enforce()
            enforcement.finished("loop", found["breached"])
        except (OperationalError, InterfaceError):
            logger.warning("The database does not answer; the loop tries again.")
            connection.close()
            stop.wait(WAIT)
            continue
        if ping:
            _ask(ping)
        yield found
        stop.wait(max(0.0, every - (time.monotonic() - began)))
    connection.close()


def _alone() -> bool:
    """Whether this session holds the lock. It goes with the session, so a loop that is killed frees it at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %(key)s AND pid = pg_backend_pid())"
            " OR pg_try_advisory_lock(%(key)s)",
            {"key": ALONE},
        )
        (ours,) = cursor.fetchone()
    return bool(ours)


def _ask(address: str) -> None:
    try:
        urllib.request.urlopen(address, timeout=PING_SECONDS).close()  # noqa: S310  (shouwen.E009)
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        logger.warning("The watch outside could not be reached: %s", error)
