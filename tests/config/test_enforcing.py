"""`enforce --loop`: a second trigger that needs neither beat nor broker, one at a time, and outlives a lost database."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from complaints.models import Complaint, Escalation
from config import checks
from config.enforcing import rounds
from sla.models import Sweep
from tests.committed import db  # noqa: F401  (other processes must see the rows)
from tests.conftest import Cast

Register = Callable[..., Complaint]
Loop = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def loop(db: None) -> Iterator[Loop]:  # noqa: F811
    """Start a loop in a process of its own, with no broker."""
    started: list[subprocess.Popen[str]] = []

    def start(**environment: str) -> "subprocess.Popen[str]":
        at = connection.settings_dict
        url = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"
        process = subprocess.Popen(
            [sys.executable, "manage.py", "enforce", "--loop", "--every", "0.2", "--json"],
            cwd=Path(__file__).parents[2],
            env=os.environ
            | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1/0"}
            | environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def late(register: Register, count: int) -> None:
    for _ in range(count):
        register("fiona", received_at=timezone.now() - timedelta(hours=30), late_entry_reason="补录")


def until(true: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_it_records_what_falls_due_and_ends_when_told(register: Register, loop: Loop) -> None:
    late(register, 2)
    process = loop()
    assert process.stdout is not None
    assert json.loads(process.stdout.readline()) == {
        "warned": 2, "breached": 2, "escalated": 2, "recomputed": 0, "notified": 6,
    }  # fmt: skip
    assert Sweep.objects.filter(name="loop").exists()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


@pytest.mark.slow
def test_of_two_loops_one_works_and_the_other_takes_over(
    register: Register, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = loop()
    assert until(lambda: Sweep.objects.filter(name="loop").exists())
    second = loop()
    late(register, 1)
    assert until(lambda: Escalation.objects.filter(step=1).count() == 1)
    first.kill()
    late(register, 1)
    assert until(lambda: Escalation.objects.filter(step=1).count() == 2)
    assert second.poll() is None


@pytest.mark.slow
def test_a_session_that_the_database_ends_is_replaced(register: Register, loop: Loop) -> None:
    process = loop()
    assert until(lambda: Sweep.objects.filter(name="loop").exists())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    late(register, 1)
    assert until(lambda: Escalation.objects.filter(step=1).count() == 1)
    assert process.poll() is None


def test_a_watch_outside_is_asked_after_each_round(db: None) -> None:  # noqa: F811
    asked: list[str] = []

    class Watch(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Watch)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stop = threading.Event()
    for number, _found in enumerate(rounds(0.01, stop, f"http://127.0.0.1:{server.server_port}/alive")):
        if number:
            stop.set()
    server.shutdown()
    assert asked == ["/alive", "/alive"]


def test_a_watch_that_is_gone_stops_nothing(db: None, cast: Cast) -> None:  # noqa: F811
    stop = threading.Event()
    for _found in rounds(0.01, stop, "http://127.0.0.1:1/"):
        stop.set()
    assert Sweep.objects.filter(name="loop").exists()


def test_an_address_that_is_none_is_refused(settings: Settings) -> None:
    settings.PING_URL = "file:///etc/passwd"
    assert [message.id for message in checks.ping_url(None)] == ["shouwen.E009"]
