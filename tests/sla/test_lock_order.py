"""Complaint first, clock second (rule 4): people and sweeps that meet on one case wait for each other, and never deadlock."""

import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.correspondence import respond
from complaints.escalation import escalate, escalate_together
from complaints.lifecycle import close, investigate, reopen, resolve, withdraw
from complaints.models import Complaint
from complaints.ownership import AlreadyDone
from complaints.pausing import pause, resume
from complaints.tasks import record_breaches
from sla.models import Clock
from tests.committed import db  # noqa: F401  (real commits, for threads)
from tests.conftest import NOW, Cast, decided, established, said

Register = Callable[..., Complaint]
LATE = NOW + timedelta(hours=25)
LOCKS = re.compile(r'FOR UPDATE|^\s*(?:UPDATE|INSERT INTO|DELETE FROM) "?(\w+)"?')


def locked(queries: Any) -> list[str]:
    """The tables in the order in which their rows were locked or written."""
    found = []
    for query in queries.captured_queries:
        match = LOCKS.search(query["sql"])
        if match:
            found.append(match[1] or re.findall(r'FROM "(\w+)"', query["sql"])[0])
    return found


def deeds(case: Complaint, cast: Cast) -> dict[str, Callable[[], object]]:
    """Every deed that touches a clock, in an order in which each is possible."""
    return {
        "escalate": lambda: escalate(case.clocks.get(target="response"), actor=cast.system),
        "escalate together": lambda: escalate_together(case.clocks.filter(target="resolution"), actor=cast.system),
        "respond": lambda: respond(case, said(), actor=cast.fiona),
        "pause": lambda: pause(case, "customer", "等材料", date(2026, 2, 14), actor=cast.fiona),
        "resume": lambda: resume(case, actor=cast.fiona),
        "investigate": lambda: investigate(case, established(), actor=cast.fiona),
        "resolve": lambda: resolve(case, decided(), actor=cast.fiona),
        "close": lambda: close(case, actor=cast.fiona),
        "reopen": lambda: reopen(case, "客户不认可", actor=cast.fiona),
        "withdraw": lambda: withdraw(case, "客户撤回", actor=cast.fiona),
    }


def test_every_deed_locks_the_complaint_before_any_clock(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(LATE, tick=False):
        for name, act in deeds(case, cast).items():
            with CaptureQueriesContext(connection) as queries:
                act()
            tables = locked(queries)
            assert tables[0] == "complaints_complaint", name
            assert ("sla_clock" in tables) == (name not in {"investigate", "close"}), name


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Run all at the same moment, each with a connection of its own; what went wrong, if anything."""
    start, wrong = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
        except AlreadyDone:
            pass
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return wrong


@pytest.mark.slow
def test_people_and_sweeps_that_meet_never_deadlock(register: Register, cast: Cast) -> None:
    for _ in range(8):
        with time_machine.travel(NOW, tick=False):
            case = investigate(register("fiona"), established(), actor=cast.fiona)
        with time_machine.travel(LATE, tick=False):
            ids = list(Clock.objects.unrecorded(LATE).values_list("id", flat=True))
            wrong = at_once(
                lambda ids=ids: record_breaches(ids),
                lambda case=case: resolve(case, decided(), actor=cast.fiona),
                lambda ids=ids: record_breaches(ids),
            )
        assert not wrong
        clock = case.clocks.get(target="response")
        assert clock.breached_at == clock.due_at
        assert case.events.filter(verb="breach").count() <= 1
