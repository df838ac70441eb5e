"""Cases in any number whose first answer fell due in the same instant, a moment ago, and that nobody has recorded."""

import uuid
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from complaints.tasks import due_clocks, record_breaches
from config.demo.book import Book
from config.demo.case import Case
from config.demo.lives import Lives
from config.demo.tables import Ids, Lines

BATCH = 5_000


def make(count: int) -> datetime:
    """Make so many and record whatever else was due; return the instant they fell due."""
    for handful in due_clocks():
        record_breaches(handful)  # what broke while the benchmark ran
    now = timezone.now()
    book, ids, lines = Book(), Ids(1_000), Lines()
    lives = Lives(book, Random(count), now)
    received_at = now - timedelta(hours=24, seconds=1)
    for number in range(count):
        script, _theme = lives.script(received_at + timedelta(minutes=10), ends=False, rare=False)
        script.received_at, script.late_entry_reason, script.steps = received_at, "", []
        day = book.day(script.registered_at)
        case = Case(script, f"TB{day:%Y%m%d}-{number:06d}", book, ids, lines, uuid.uuid4())
        case.play(now, swept=False)
        if number % BATCH == BATCH - 1 or number == count - 1:
            with transaction.atomic():
                lines.copy()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) sla_clock, complaints_complaint, complaints_caseevent")
    return received_at + timedelta(hours=24)


def recorded(due_at: datetime) -> tuple[int, int, int]:
    """How many breaches, escalations and events of a breach there are of that instant."""
    from complaints.models import CaseEvent, Escalation
    from sla.models import Clock

    return (
        Clock.objects.filter(breached_at=due_at).count(),
        Escalation.objects.filter(clock__breached_at=due_at).count(),
        CaseEvent.objects.filter(verb="breach", facts__due_at=due_at.isoformat()).count(),
    )
