"""Recomputing while processes are killed: every date is moved once, and the numbers agree."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from complaints import tasks
from complaints.correspondence import note
from complaints.integrity import Proof, broken
from complaints.models import CaseEvent, Complaint
from complaints.states import Verb
from sla.models import CalendarVersion, Clock, Recomputation
from tests.committed import (
    db,  # noqa: F401  (rows are committed here: several processes meet)
    held,
)
from tests.complaints.test_recompute import announce, outdated
from tests.conftest import Cast

Register = Callable[..., Complaint]
RECOMPUTER = """
import sys, django
django.setup()
from complaints.tasks import recompute_clocks
print("ready", flush=True)
sys.stdin.readline()
keys = [int(key) for key in sys.argv[1:]]
print(sum(recompute_clocks(keys[at : at + 10]) for at in range(0, len(keys), 10)))
"""


@pytest.mark.slow
def test_of_two_processes_both_killed_each_date_is_moved_once(register: Register, cast: Cast) -> None:
    now = timezone.now()
    for _ in range(120):
        register("fiona", received_at=now)
    keys_due = sorted(set(Clock.objects.filter(target="resolution").values_list("due_on", flat=True)))
    working = [day for day in _days(now.date() + timedelta(days=1), keys_due[0]) if day.weekday() < 5]
    version = announce(working[2], years=(now.year,))
    keys = outdated()
    assert len(keys) == 120
    for part in (40, 80):
        process = _recomputer(keys)
        while CaseEvent.objects.filter(verb=Verb.RECOMPUTE).count() < part:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert 80 <= CaseEvent.objects.filter(verb=Verb.RECOMPUTE).count() < 120, "both were killed with work left"
    assert _recomputer(keys).wait(120) == 0
    progress = Recomputation.objects.get(version=version)
    assert CaseEvent.objects.filter(verb=Verb.RECOMPUTE).values("complaint").distinct().count() == 120
    assert CaseEvent.objects.filter(verb=Verb.RECOMPUTE).count() == progress.moved == progress.total == 120
    assert not list(broken(Proof()))


def test_a_case_under_constant_work_gets_its_turn(register: Register, cast: Cast) -> None:
    case, stop = register("fiona", received_at=timezone.now()), threading.Event()
    announce_a_holiday()

    def write() -> None:
        while not stop.is_set():
            note(case, "还在查", actor=cast.fiona)
        connection.close()

    people = [threading.Thread(target=write) for _ in range(4)]
    for person in people:
        person.start()
    settled = tasks.recompute_clocks(outdated())
    stop.set()
    for person in people:
        person.join()
    assert settled == 1


def test_a_case_that_is_held_for_a_moment_is_waited_for(register: Register) -> None:
    case = register("fiona", received_at=timezone.now())
    announce_a_holiday()
    with held(case.pk) as let_go:
        threading.Timer(0.5, let_go).start()
        assert tasks.recompute_clocks(outdated()) == 1


def test_a_case_that_stays_held_is_left_for_the_next_round(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    case, _other = register("fiona", received_at=timezone.now()), register("fiona", received_at=timezone.now())
    announce_a_holiday()
    monkeypatch.setattr(tasks, "PATIENCE", "100ms")
    with held(case.pk):
        assert tasks.recompute_clocks(outdated()) == 1
    assert tasks.recompute_clocks(outdated()) == 1


def announce_a_holiday() -> None:
    """On the next working day, which moves every date in working days."""
    day = CalendarVersion.objects.latest_for("cn").value().working_day_after(timezone.localdate(), 1)
    announce(day, years=(day.year,))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days)]


def _recomputer(keys: list[int]) -> "subprocess.Popen[str]":
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"
    process = subprocess.Popen(
        [sys.executable, "-c", RECOMPUTER, *map(str, keys)],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return process
