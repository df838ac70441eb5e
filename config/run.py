"""`make run`: the whole product in the foreground: database, broker, web, worker and beat, and the demo on first start.

Ends everything it started on Ctrl-C and SIGTERM. Killed with -9, it takes the three programs with it at once, and the
services a few seconds later (`config.embedded.keeper`).
"""

import argparse
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from celery import Celery

from config import embedded, leash, pulse
from config.embedded import keeper
from config.supervisor import Program, Supervisor

BASE_DIR = Path(__file__).resolve().parent.parent
PORT_SECONDS = 3.0  # a port is held for a moment after its last user was killed
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with
LOCALLY = "127.0.0.1,localhost,[::1]"


def main() -> int:
    """Prepare, run, stop. Answers the exit code."""
    parser = argparse.ArgumentParser(prog="config.run")
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--for-make", action="store_true", help="stop when make is interrupted or ends")
    options = parser.parse_args()
    if options.for_make:
        leash.die_with_parent(signal.SIGTERM)
    if not _free(options.host, options.port):
        _say(f"Port {options.port} on {options.host} is in use. Another: make run PORT={options.port + 1}")
        return 1
    leash.adopt_orphans()
    os.environ.update(_environment(options.host, options.port))
    supervisor = Supervisor(_programs(options.host, options.port), BASE_DIR)
    supervisor.stop_on_signals(also=_interruption_of(os.getppid()) if options.for_make else None)
    try:
        embedded.start_if_needed()
        code = supervisor.finish([sys.executable, "manage.py", "prepare"])
        return code or supervisor.run(partial(_announce, options.host, options.port))
    except (keeper.ServiceUnavailableError, OSError, ModuleNotFoundError) as error:
        _say(str(error))
        return 1
    finally:
        embedded.stop()
        leash.bury_orphans()


def _environment(host: str, port: int) -> dict[str, str]:
    """What every program is told. A wildcard address means that the demo may be reached by any name."""
    return {
        "SHOUWEN_DEMO": "1",
        "SHOUWEN_PULSE": str(embedded.data_folder() / "pulse"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "HOST": host,
        "PORT": str(port),
        "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or ("*" if host in ANYWHERE else f"{LOCALLY},{host}"),
    }


def _programs(host: str, port: int) -> list[Program]:
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:config.web", "config.wsgi"]
    quiet_for_root = ["-W", "ignore::UserWarning:celery.platforms"]
    celery = [sys.executable, *quiet_for_root, "-m", "celery", "--quiet", "-A", "config.celery", "--skip-checks"]
    started = time.time()
    return [
        Program("web", gunicorn, partial(_healthy, host, port)),
        Program("worker", [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"], _answers),
        Program("beat", [*celery, "beat", "--pidfile="], lambda: pulse.age("beat") < time.time() - started),
    ]


def _healthy(host: str, port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{_address(host, port)}healthz", timeout=2) as answer:  # noqa: S310 - ours
            return bool(answer.status == 200)
    except OSError:
        return False


def _answers() -> bool:
    """Whether a worker answers a ping over the broker."""
    with Celery(broker=os.environ["REDIS_URL"], set_as_current=False) as asking:
        try:
            return bool(asking.control.ping(timeout=0.5, limit=1))
        except OSError:
            return False


def _announce(host: str, port: int) -> None:
    _say(f"Shouwen is ready at {_address(host, port)}")
    _say("Sign in as frontdesk, frontdesk2 (another branch), handler, handler2, supervisor, compliance, compliance2,")
    _say("auditor or admin with the password shouwen-demo. Ctrl-C stops everything.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _address(host: str, port: int) -> str:
    name = "127.0.0.1" if host in ANYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


def _free(host: str, port: int) -> bool:
    """Whether the address can be bound; asked for a few seconds, because a killed predecessor may still hold it."""
    deadline = time.monotonic() + PORT_SECONDS
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                if time.monotonic() > deadline:
                    return False
            else:
                return True
        time.sleep(0.2)


def _interruption_of(make: int) -> Callable[[], bool]:
    """A question: has make itself been told to stop?

    make passes SIGTERM on to its children, but not SIGINT and SIGHUP, which it believes the terminal sends to all: it only
    stops catching the signal, and waits for us. That it no longer catches it can be seen, on Linux.
    """
    status = Path(f"/proc/{make}/status")
    ours = 1 << (signal.SIGINT - 1) | 1 << (signal.SIGHUP - 1)

    def caught() -> int:
        try:
            line = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
        except (OSError, StopIteration):
            return 0
        return int(line.split()[1], 16) & ours

    at_first = caught()
    return lambda: caught() != at_first


if __name__ == "__main__":
    sys.exit(main())
