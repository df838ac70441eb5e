"""The sweep: what is due is recorded once, whoever sweeps, however often, and whoever is killed in the middle of it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DataError, connection
from django.utils import timezone

from complaints import escalation, tasks
from complaints.correspondence import note, respond
from complaints.integrity import Proof, broken
from complaints.models import CaseEvent, Complaint, Escalation
from complaints.states import Verb
from config.celery import app
from sla.models import Clock, Sweep
from tests.committed import (
    db,  # noqa: F401  (rows are committed here: several processes meet)
    held,
)
from tests.conftest import Cast, said

DUE, AT_ONCE = 200, 10
SWEEPER = f"""
import sys, django
django.setup()
from complaints.tasks import record_breaches
print("ready", flush=True)
sys.stdin.readline()
keys = [int(key) for key in sys.argv[1:]]
print(sum(record_breaches(keys[at : at + {AT_ONCE}]) for at in range(0, len(keys), {AT_ONCE})))
"""


@pytest.fixture
def overdue(register: Callable[..., Complaint]) -> Callable[[int], list[int]]:
    """So many complaints whose 24 hours are over; the ids of their clocks."""

    def make(count: int) -> list[int]:
        for _ in range(count):
            register("fiona", received_at=timezone.now() - timedelta(hours=30))
        return [key for handful in tasks.due_clocks() for key in handful]

    return make


def _sweeper(keys: list[int]) -> "subprocess.Popen[str]":
    """Another process that sweeps these clocks once it is told to."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"
    return subprocess.Popen(
        [sys.executable, "-c", SWEEPER, *map(str, keys)],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def _broken_for(key: int) -> Callable[..., Escalation]:
    """What stands in the way of one clock alone."""
    real = escalation._bring_before

    def bring_before(case: Complaint, clock: Clock, *more: Any) -> Escalation:
        if clock.pk == key:
            raise DataError("a row nobody foresaw")
        return real(case, clock, *more)

    return bring_before


def _recorded() -> int:
    return Clock.objects.filter(breached_at__isnull=False).count()


@pytest.mark.slow
def test_of_two_processes_one_of_them_killed_each_breach_is_recorded_once(overdue: Callable[[int], list[int]]) -> None:
    keys = overdue(DUE)
    first, second = _sweeper(keys), _sweeper(keys)
    for process in (first, second):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    _go(first)
    _go(second)
    while _recorded() < DUE // 8:
        time.sleep(0.002)
    first.send_signal(signal.SIGKILL)
    while _recorded() < DUE // 2:
        time.sleep(0.002)
    second.send_signal(signal.SIGKILL)
    assert [first.wait(), second.wait()] == [-signal.SIGKILL, -signal.SIGKILL]
    by_the_dead = _recorded()
    assert DUE // 2 <= by_the_dead < DUE, "both were killed with work left"
    third = _sweeper(keys)
    answer, _ = third.communicate("go\n", timeout=120)
    assert answer.split() == ["ready", str(DUE - by_the_dead)]
    assert tasks.record_breaches(keys) == 0
    assert _recorded() == Escalation.objects.count() == DUE
    assert CaseEvent.objects.filter(verb=Verb.BREACH).count() == DUE
    assert CaseEvent.objects.filter(verb=Verb.ESCALATE).count() == DUE
    assert CaseEvent.objects.filter(verb=Verb.BREACH).values("complaint").distinct().count() == DUE


def test_a_sweep_hands_on_what_is_due_in_handfuls(
    overdue: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = overdue(5)
    monkeypatch.setattr(tasks, "HANDFUL", 2)
    assert list(tasks.due_clocks()) == [keys[:2], keys[2:4], keys[4:]]


def test_the_heartbeat_tells_what_a_round_found(
    overdue: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue(2)
    monkeypatch.setitem(app.conf, "task_always_eager", True)
    assert tasks.sweep() == 4  # of each the warning before, and the breach
    assert Sweep.objects.get(name="sweep").found == 4
    assert _recorded() == 2


def test_a_clock_that_cannot_be_recorded_holds_up_no_other(
    overdue: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = overdue(3)
    monkeypatch.setattr(escalation, "_bring_before", _broken_for(keys[0]))
    assert tasks.record_breaches(keys) == 2
    monkeypatch.undo()
    assert tasks.record_breaches(keys) == 1


def test_a_clock_that_cannot_be_recorded_is_told_of_once_an_hour(
    overdue: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keys = overdue(2)
    monkeypatch.setattr(escalation, "_bring_before", _broken_for(keys[0]))
    monkeypatch.setattr(tasks, "_told", {})
    for _ in range(3):
        tasks.record_breaches(keys)
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    assert f"Clock {keys[0]}" in caplog.records[1].message
    monkeypatch.setattr(tasks, "QUIET_SECONDS", 0.0)
    tasks.record_breaches(keys)
    assert len(caplog.records) == 4


def test_a_case_whose_clocks_broke_together_is_escalated_for_each(register: Callable[..., Complaint]) -> None:
    case = register("fiona", received_at=timezone.now() - timedelta(days=60), late_entry_reason="信件晚到")
    keys = [key for handful in tasks.due_clocks() for key in handful]
    assert tasks.record_breaches(keys) == 2
    events = list(case.events.order_by("seq").values_list("verb", flat=True))
    assert events == ["register", "breach", "escalate", "breach", "escalate"]
    assert not list(broken(Proof()))


def test_many_at_once_tell_the_same_as_one_by_one(overdue: Callable[[int], list[int]], cast: Cast) -> None:
    keys = overdue(2)
    tasks.record_breaches(keys[:1])
    escalation.escalate(Clock.objects.get(pk=keys[1]), actor=cast.system)
    together, alone = (
        [
            (event.verb, event.actor_id, event.status, {**event.facts, "clock": 0, "due_at": "", "at": ""})
            for event in case.events.exclude(verb=Verb.REGISTER).order_by("seq")
        ]
        for case in Complaint.objects.order_by("pk")
    )
    assert together == alone
    rows = Complaint.history.filter(history_change_reason="escalate").order_by("id")  # type: ignore[attr-defined]
    assert [(row.history_user, row.history_type, row.history_seq) for row in rows] == [(cast.system, "~", 3)] * 2
    assert not list(broken(Proof()))


def test_a_case_under_constant_work_gets_its_turn(overdue: Callable[[int], list[int]], cast: Cast) -> None:
    (key,) = overdue(1)
    case, stop = Complaint.objects.get(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            note(case, "还在查", actor=cast.fiona)
        connection.close()

    people = [threading.Thread(target=write) for _ in range(4)]
    for person in people:
        person.start()
    recorded = tasks.record_breaches([key])
    stop.set()
    for person in people:
        person.join()
    assert recorded == 1


def test_a_row_nobody_foresaw_beside_a_held_case_holds_up_no_other(
    overdue: Callable[[int], list[int]], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = overdue(3)
    monkeypatch.setattr(tasks, "PATIENCE", "100ms")
    monkeypatch.setattr(escalation, "_bring_before", _broken_for(keys[0]))
    with held(Clock.objects.get(pk=keys[1]).complaint_id):
        assert tasks.record_breaches(keys) == 1


def test_a_case_that_somebody_holds_is_left_for_the_next_round(
    overdue: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = overdue(2)
    monkeypatch.setattr(tasks, "PATIENCE", "100ms")
    with held(Clock.objects.get(pk=keys[0]).complaint_id):
        assert tasks.record_breaches(keys) == 1
    assert tasks.record_breaches(keys) == 1


def test_a_clock_stopped_in_the_meantime_is_left_alone(overdue: Callable[[int], list[int]], cast: Cast) -> None:
    keys = overdue(1)
    respond(Complaint.objects.get(), said(), actor=cast.fiona)
    assert tasks.record_breaches(keys) == 0
    assert not Escalation.objects.exists()


def test_beat_knows_the_tasks_by_their_names() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_enforce_runs_every_sweep_once_in_one_process(
    overdue: Callable[[int], list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    overdue(2)
    call_command("enforce", "--json")
    call_command("enforce", "--json")
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    # of each warning and breach the owner, who is the first responder too, and of each escalation the branch's supervisor
    assert first == {"warned": 2, "breached": 2, "escalated": 2, "recomputed": 0, "notified": 6}
    assert set(second.values()) == {0}
    assert Sweep.objects.filter(name="sweep").exists()
