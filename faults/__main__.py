"""`python -m faults`: deadlines recorded, and moved, by programs that are killed, doubled and robbed of their services.

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
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from config import embedded
from faults.programs import Program, programs

if TYPE_CHECKING:
    from faults.report import Result

GIVEN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "ALLOWED_HOSTS", "SHOUWEN_")


def main() -> int:
    """Prepare, inject, judge; 0 when nothing was lost and nothing doubled."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--due", type=int, help="clocks that are due (10000)")
    parser.add_argument("--open", type=int, help="deadlines that a calendar moves (50000)")
    parser.add_argument("--workers", type=int, help="Celery workers (4)")
    parser.add_argument("--kills", type=int, help="workers killed in each run (20)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the random choices (the time)")
    parser.add_argument(
        "--limit", type=float, default=900.0, help="seconds until everything of a run is recorded (900)"
    )
    parser.add_argument("--quick", action="store_true", help="a trial: 600 and 2000 clocks, 2 workers, 3 kills")
    options = parser.parse_args()
    due, open_, workers, kills = (600, 2_000, 2, 3) if options.quick else (10_000, 50_000, 4, 20)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="shouwen-faults-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _environment(folder)
        embedded.start_if_needed()
        running = programs(options.workers or workers, folder / "programs")
        try:
            results = _results(
                running, folder, options, options.due or due, options.open or open_, options.kills or kills
            )
        finally:
            for program in running:
                program.kill()
            embedded.stop()
        from faults import report

        path = report.kept(*results)
        print(*map(report.table, results), sep="\n\n")
        print(f"\n{path}")
        passed = not any(list(result.wants()) for result in results)
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


def _results(
    running: Sequence[Program], folder: Path, options: argparse.Namespace, due: int, open_: int, kills: int
) -> "tuple[Result, Result]":
    import django

    django.setup()
    from faults import breaking, moving
    from faults.stage import Stage

    _prepare()
    stage = Stage(running, folder, kills, options.seed, options.limit)
    return breaking.run(stage, due), moving.run(stage, open_)


def _prepare() -> None:
    from django.core.management import call_command

    from config.demo import causes, people

    call_command("migrate", verbosity=0)
    people.found(with_sign_ins=False)
    causes.fill()


if __name__ == "__main__":
    sys.exit(main())
