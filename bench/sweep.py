"""`python -m bench.sweep COUNT`: so many promises of time that break in the same instant, recorded by one worker.

Runs in a process and a database of its own (DATABASE_URL) and prints one line of JSON.
"""

import json
import os
import sys
import time

import django


def main(count: int) -> None:
    """Register `count` cases whose answer fell due a moment ago, then sweep once."""
    django.setup()

    from bench.due import fallen_due
    from bench.operations import counting
    from complaints.models import CaseEvent, Escalation
    from complaints.tasks import due_clocks, record_breaches
    from sla.models import Clock

    for handful in due_clocks():
        record_breaches(handful)  # what broke while the benchmark ran
    due = fallen_due(count)

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
    (due_at,) = set(due.values())
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
