"""Looking at the database while it may be down, and waiting for something to come true."""

import time
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connection

TICK_SECONDS = 0.02
DOWN_SECONDS = 90.0


def asked(query: str) -> list[tuple[Any, ...]]:
    """The rows of a query; a database that does not answer is waited for."""
    deadline = time.monotonic() + DOWN_SECONDS
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(TICK_SECONDS)


def recorded() -> int:
    """How many clocks are recorded as broken."""
    return int(asked("SELECT count(*) FROM sla_clock WHERE breached_at IS NOT NULL")[0][0])


def stepping() -> int:
    """How many running clocks have a step of their ladder that has come."""
    return int(asked("SELECT count(*) FROM sla_clock WHERE stopped_at IS NULL AND next_step_at <= now()")[0][0])


def until(question: Callable[[], bool], deadline: float, *, every: float = TICK_SECONDS) -> bool:
    """Whether the answer became yes before the deadline, a moment of `time.monotonic`."""
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
