"""`python -m bench`: seed, serve, measure, report. `--quick` shows that it works; its figures mean nothing."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import database, limits, processor
from config import embedded

SIZES, QUICK_SIZES = "10000,100000", "1000,3000"
SECRET = "bench-0123456789-0123456789-0123456789-0123456789-0123456789"  # noqa: S105 - of a database that is dropped


def main() -> int:
    """Run the benchmark; 0 also when a target is missed: the table says so."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", help=f"complaints in the database, ascending ({SIZES})")
    parser.add_argument("--requests", type=int, help="requests of each operation (100)")
    parser.add_argument("--breaches", type=int, help="promises that break at once (5000)")
    parser.add_argument("--midnight", type=int, help="promises that break while people work (100000)")
    parser.add_argument("--quick", action="store_true", help=f"a trial: {QUICK_SIZES} complaints, few requests")
    options = parser.parse_args()
    sizes = [int(size) for size in (options.sizes or (QUICK_SIZES if options.quick else SIZES)).split(",")]
    requests = options.requests or (10 if options.quick else 100)
    breaches = options.breaches or (100 if options.quick else 5_000)
    at_midnight = options.midnight or (100 if options.quick else 100_000)
    embedded.start_if_needed()
    os.environ.setdefault("SECRET_KEY", SECRET)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "SHOUWEN_DEMO": "1", "ALLOWED_HOSTS": "127.0.0.1"}
    with database.created(database.NAME) as address, tempfile.TemporaryDirectory() as folder:
        ordinary, os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"], address
        try:
            result = measured(sizes, requests, (breaches, at_midnight), Path(folder))
        finally:
            os.environ["DATABASE_URL"] = ordinary
    from bench import report

    print(report.table(result))
    print(f"\n{report.kept(result)}")
    return 0


def measured(sizes: list[int], requests: int, breaches: tuple[int, int], folder: Path) -> dict[str, Any]:
    """Grow the database from size to size, and measure everything at each."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import at_size, report
    from config.demo import causes, people

    call_command("migrate", verbosity=0)
    people.found(with_sign_ins=True)
    causes.fill()
    name, loop = processor.name_and_speed()
    result: dict[str, Any] = {
        "machine": {"processor": name, "loop_seconds": loop, "load": os.getloadavg()[0],
                    "python": platform.python_version(), "postgres": _version(connection)},
        "requests": requests, "rows": [], "inserts": [], "sweeps": [], "exports": [], "seeds": [],
    }  # fmt: skip
    for size in sizes:
        _say(f"seeding to {size:,}")
        result["seeds"] += at_size.grown(size)
        _say(f"measuring at {size:,}")
        at_size.measured(size, requests, folder, result)
        connection.close()
        result["inserts"].append(
            {"size": size, **asdict(limits.bare_inserts(os.environ["DATABASE_URL"], requests * 10))}
        )
        result["sweeps"].append({"size": size, **_swept("sweep", breaches[0], result["inserts"][-1]["a_second"])})
    result["midnights"] = [{"size": size, **_swept("midnight", breaches[1], result["inserts"][-1]["a_second"])}]
    result["rows"] = report.judged(result["rows"])
    return result


def _swept(how: str, breaches: int, inserts_a_second: float) -> dict[str, Any]:
    """A sweep, in a copy of the database, so that the next size starts without its breaches."""
    _say(f"{how}: {breaches:,} breaches")
    with database.created(f"{database.NAME}_sweep", like=database.NAME) as address:
        answer = subprocess.run(
            [sys.executable, "-m", f"bench.{how}", str(breaches)],
            env=os.environ | {"DATABASE_URL": address}, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    swept: dict[str, Any] = json.loads(answer.stdout)
    return swept | {"inserts": inserts_a_second / swept["a_second"]}


def _version(connection: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
