"""`python -m bench.midnight COUNT`: so many promises break in the same minute while people go on working.

The ordinary worker records them, ticked every 20 seconds as beat does, while somebody asks for the queue page again and again.
Runs in a process and a database of its own (DATABASE_URL), with a broker database of its own, and prints one line of JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit

import django

TICK = 20.0  # seconds between two sweeps, as beat has it
IDLE = 40  # requests of the queue page before
LONGEST = 900.0  # seconds
BROKER = "/15"  # a number nobody else uses


def main(count: int) -> None:
    """Make the cases, measure the page at rest, then both at once."""
    os.environ["REDIS_URL"] = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=BROKER))
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from bench import asking, due, operations
    from bench.servers import BASE_DIR, serving
    from complaints import tasks
    from config.demo import people
    from sla.models import Clock

    due_at = due.make(count)
    operations.prepare()
    connection.close()
    worker = [sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "--quiet", "-A", "config.celery",
              "--skip-checks", "worker", "--concurrency", "2", "--loglevel", "ERROR"]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, serving("config.wsgi", Path(folder) / "web.log") as server:
        asker = asking.signed_in(server.port, operations.WHOLE, people.PASSWORD)
        for _ in range(5):
            asker.ask("/complaints/")
        idle = [asker.ask("/complaints/")[2] for _ in range(IDLE)]
        process = subprocess.Popen(worker, cwd=BASE_DIR, stdout=sys.stderr, stderr=sys.stderr)
        try:
            busy, began, ticked = list[float](), time.monotonic(), float("-inf")
            while Clock.objects.unrecorded(timezone.now()).exists() and time.monotonic() - began < LONGEST:
                if time.monotonic() - ticked >= TICK:
                    ticked = time.monotonic()
                    tasks.sweep()
                busy.append(asker.ask("/complaints/")[2])
                time.sleep(0.1)
            spent = time.monotonic() - began
        finally:
            process.terminate()
            process.wait(60)
    answer = {
        "breaches": count, "seconds": spent, "a_second": count / spent, "exactly_once": set(due.recorded(due_at)) == {count},
        "idle_ms": median(idle), "busy_ms": median(busy), "busy_ratio": median(busy) / median(idle),
        "busy_p95_ms": sorted(busy)[int(len(busy) * 0.95)],
    }  # fmt: skip
    print(json.dumps(answer))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(int(sys.argv[1]))
