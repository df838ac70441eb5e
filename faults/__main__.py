"""`python -m faults`: deadlines recorded by workers, beats and a loop that are killed, doubled and robbed of their services.

Everything runs in a data folder of its own, on a PostgreSQL and a Valkey of its own. Exits 1 when an effect was lost or
doubled, a history was broken, or a program did not come back. `--quick` is the same on a small number.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from config import embedded
from faults.programs import Program, programs

if TYPE_CHECKING:
    from faults.report import Result

GIVEN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "ALLOWED_HOSTS", "SHOUWEN_")
START_SECONDS = 120.0
SETTLE_SECONDS = 60.0


def main() -> int:
    """Prepare, inject, judge; 0 when nothing was lost and nothing doubled."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--due", type=int, help="clocks that are due (10000)")
    parser.add_argument("--workers", type=int, help="Celery workers (4)")
    parser.add_argument("--kills", type=int, help="workers killed (20)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the random choices (the time)")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds until everything is recorded (900)")
    parser.add_argument("--quick", action="store_true", help="a trial: 600 clocks, 2 workers, 3 kills")
    options = parser.parse_args()
    due, workers, kills = (600, 2, 3) if options.quick else (10_000, 4, 20)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="shouwen-faults-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _environment(folder)
        embedded.start_if_needed()
        running = programs(options.workers or workers, folder / "programs")
        try:
            result = _result(running, folder, options.due or due, options.kills or kills, options.seed, options.limit)
        finally:
            for program in running:
                program.kill()
            embedded.stop()
        from faults import report

        path = report.kept(result)
        print(report.table(result))
        print(f"\n{path}")
        passed = not list(result.wants())
        if not passed:
            shutil.copytree(folder / "programs", path.with_suffix(""))
    return 0 if passed else 1


def _environment(folder: Path) -> None:
    """No address and no key from outside: nothing of anybody else's is touched."""
    for name in [name for name in os.environ if name.startswith(GIVEN)]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings", "SHOUWEN_DEMO": "1", "ALLOWED_HOSTS": "127.0.0.1",
        "SHOUWEN_DATA": str(folder / "data"), "SHOUWEN_PULSE": str(folder / "pulse"),
    }  # fmt: skip


def _result(running: Sequence[Program], folder: Path, due: int, kills: int, seed: int, limit: float) -> "Result":
    import django

    django.setup()
    from django.utils import timezone

    from bench.due import fallen_due
    from faults import injecting, judging
    from faults.report import Result
    from faults.watching import recorded

    random = Random(seed)
    faults = injecting.planned(kills, random)
    _prepare()
    workers = [program for program in running if program.kind == "worker"]
    for worker in workers:
        worker.start()
    _say(f"writing {due:,} clocks that are due")
    was_due = fallen_due(due, pairs=due // 10)
    others = judging.other_steps(was_due, timezone.now())
    if missing := _not_answering(workers, START_SECONDS):
        raise SystemExit(f"Did not start: {', '.join(missing)}.\n{workers[0].log.read_text()[-2000:]}")
    _say("letting them go, and injecting")
    began = time.monotonic()
    for program in running:
        if program not in workers:
            program.start()
    result = Result(due, due - due // 10, len(workers), seed, dict(Counter(fault.kind for fault in faults)))
    injector = injecting.Injector(running, list(was_due), folder / "data", random)
    deadline = began + limit
    in_time = injector.run(faults, recorded, deadline) and injector.until_recorded(1.0, recorded, deadline)
    result.seconds = time.monotonic() - began
    _say("everything is recorded" if in_time else "the time is up")
    result.awaited = _awaited(injector.tend) if in_time else "every clock to be recorded"
    result.not_back = _not_answering(workers, 60.0)
    _say("judging")
    for program in running:
        program.tend()
        program.kill()
    result.own_ends = {program.name: program.own_ends for program in running if program.own_ends}
    result.injected, result.at_work = dict(injector.done), injector.at_work["worker"]
    result.messages_lost = injector.messages_lost
    result.verdicts, result.broken = judging.verdicts(was_due, others), judging.broken_rows()
    return result


def _prepare() -> None:
    from django.core.management import call_command

    from config.demo import causes, people

    call_command("migrate", verbosity=0)
    people.found(with_sign_ins=False)
    causes.fill()


def _awaited(tend: Callable[[], None]) -> str:
    """What does not come true now that every clock is recorded; nothing when all is as it should be."""
    import redis

    from config.celery import QUEUES
    from config.enforcing import enforce
    from faults.judging import untold
    from faults.watching import stepping, until

    def taken() -> bool:
        tend()
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
            waiting: Any = [broker.llen(name) for name in QUEUES]
        return not sum(waiting)

    def told() -> bool:
        tend()
        return not untold()

    def taken_all() -> bool:
        tend()
        return not stepping()

    if not until(taken_all, time.monotonic() + SETTLE_SECONDS):
        return "every step to be taken"
    if not until(told, time.monotonic() + SETTLE_SECONDS):
        return "everybody to be told"
    if not until(taken, time.monotonic() + SETTLE_SECONDS):
        return "every message to be taken"
    return "a round that finds nothing" if any(enforce().values()) else ""


def _not_answering(workers: Sequence[Program], seconds: float) -> list[str]:
    """Workers that answer no ping over the broker in that time."""
    from config.celery import app

    deadline, missing = time.monotonic() + seconds, [worker.name for worker in workers]
    while missing and time.monotonic() < deadline:
        answers = app.control.ping(timeout=2.0, limit=len(workers)) or []
        named = {name.split("@")[0] for answer in answers for name in answer}
        missing = [worker.name for worker in workers if worker.name not in named]
    return missing


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
