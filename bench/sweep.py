"""`python -m bench.sweep COUNT`: so many promises of time that break in the same instant, recorded by one worker.

Runs in a process and a database of its own (DATABASE_URL) and prints one line of JSON.
"""

import json
import os
import sys
import time
import uuid
from datetime import timedelta
from random import Random

import django


def main(count: int) -> None:
    """Register `count` cases whose answer fell due a moment ago, then sweep once."""
    django.setup()
    from django.db import connection, transaction
    from django.utils import timezone

    from bench.operations import counting
    from complaints.models import CaseEvent, Escalation
    from complaints.tasks import due_clocks, record_breaches
    from config.demo.book import Book
    from config.demo.case import Case
    from config.demo.lives import Lives
    from config.demo.tables import Ids, Lines
    from sla.models import Clock

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
    with transaction.atomic():
        lines.copy()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sla_clock, complaints_complaint, complaints_caseevent")

    handfuls = list(due_clocks())
    assert sum(map(len, handfuls)) == count
    taken: list[float] = []
    began, spent = time.perf_counter(), time.process_time()
    with counting() as counted:
        for handful in handfuls:
            start = time.perf_counter()
            assert record_breaches(handful) == len(handful)
            taken.append((time.perf_counter() - start) * 1000 / len(handful))
    wall, spent = time.perf_counter() - began, time.process_time() - spent
    due_at = received_at + timedelta(hours=24)
    recorded = Clock.objects.filter(breached_at=due_at).count()
    escalated = Escalation.objects.filter(clock__breached_at=due_at).count()
    events = CaseEvent.objects.filter(verb="breach", facts__due_at=due_at.isoformat()).count()
    answer = {
        "breaches": count, "seconds": wall, "a_second": count / wall, "web_ms": spent * 1000 / count,
        # of a breach, as the mean of its handful
        "median_ms": sorted(taken)[len(taken) // 2], "p95_ms": sorted(taken)[int(len(taken) * 0.95)],
        "queries": counted[0] / count, "exactly_once": recorded == escalated == events == count,
    }  # fmt: skip
    print(json.dumps(answer))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(int(sys.argv[1]))
