"""Cases in bulk whose time is over, as if nobody had swept since. Django must be set up."""

import uuid
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from complaints.models import CaseEvent, Escalation
from complaints.tasks import due_clocks, record_breaches, stepping_clocks, take_steps
from config.demo.book import Book
from config.demo.case import Case
from config.demo.lives import Lives
from config.demo.tables import Ids, Lines
from sla.models import Clock

BATCH = 5_000
ANSWER = timedelta(hours=24)
LONG_AGO = timedelta(days=60)  # the fifteen working days are over as well


def fallen_due(count: int, *, pairs: int = 0, warned: bool = False) -> dict[int, datetime]:
    """Write cases with `count` clocks that are due and not recorded; answer when each clock was due, by its id.

    The answer of each case fell due a second ago; of `pairs` cases, that came in by a late letter, both clocks are due. None
    of their warnings was given either, unless they were `warned` in time.
    """
    now = timezone.now()
    book, ids, lines = Book(), Ids(1_000), Lines()
    lives = Lives(book, Random(count), now)
    due: dict[int, datetime] = {}
    for number in range(count - pairs):
        is_pair = number < pairs
        received_at = now - (LONG_AGO if is_pair else ANSWER) - timedelta(seconds=1)
        registered_at = now - timedelta(minutes=5) if is_pair else received_at + timedelta(minutes=10)
        script, _theme = lives.script(registered_at, ends=False, rare=False)
        script.received_at, script.late_entry_reason, script.steps = received_at, "信件晚到" if is_pair else "", []
        day = book.day(script.registered_at)
        case = Case(script, f"TB{day:%Y%m%d}-{number:06d}", book, ids, lines, uuid.uuid4())
        due |= {clock.id: clock.due_at for clock in case.clocks if clock.due_at <= now}
        case.play(now, swept=False, warned=warned)
        if number % BATCH == BATCH - 1 or number == count - pairs - 1:
            with transaction.atomic():
                lines.copy()
    assert len(due) == count
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) sla_clock, complaints_complaint, complaints_caseevent")
    return due


def make(count: int) -> datetime:
    """Cases whose answer fell due in the same instant, with nothing else due beside them; return the instant."""
    for handful in stepping_clocks():
        take_steps(handful)  # what came while the benchmark ran
    for handful in due_clocks():
        record_breaches(handful)
    (due_at,) = set(fallen_due(count, warned=True).values())
    return due_at


def recorded(due_at: datetime) -> tuple[int, int, int]:
    """How many breaches, escalations and events of a breach there are of that instant."""
    return (
        Clock.objects.filter(breached_at=due_at).count(),
        Escalation.objects.filter(clock__breached_at=due_at, step=1).count(),
        CaseEvent.objects.filter(verb="breach", facts__due_at=due_at.isoformat()).count(),
    )
