"""`prove_deadlines`: what the case histories give, replayed with the engine, is what is stored; else it is named."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from complaints import tasks
from complaints.integrity import Proof, broken
from complaints.models import Complaint
from complaints.pausing import resume
from sla.models import calendars
from tests.complaints.test_histories_agree import a_long_life
from tests.complaints.test_pause import LATER, waiting  # noqa: F401
from tests.complaints.test_recompute import HOLIDAY, announce, outdated
from tests.conftest import Cast

Register = Callable[..., Complaint]


def proved() -> dict[str, Any]:
    """The answer of the command as JSON, whether it found something or not."""
    out = StringIO()
    with suppress(CommandError):
        call_command("prove_deadlines", json=True, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def behind_its_back(table: str, change: str, where: str = "true") -> None:
    """What only somebody with all rights over the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {change} WHERE {where}")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def words() -> set[str]:
    return {one["what"] for one in proved()["different"]}


def test_a_long_life_is_proved(register: Register, cast: Cast) -> None:
    a_long_life(register, cast)
    found = proved()
    assert (found["clocks"], found["different"]) == (3, [])
    call_command("prove_deadlines", stdout=StringIO())


def test_a_newer_calendar_that_moves_a_paused_clock_is_proved(waiting: Complaint, cast: Cast) -> None:  # noqa: F811
    with time_machine.travel(LATER, tick=False):
        announce(HOLIDAY)
        assert tasks.recompute_clocks(outdated()) == 1
        case = resume(waiting, actor=cast.fiona)
    assert case.clocks.get(target="resolution").due_on == date(2026, 3, 10)
    assert (words(), list(broken(Proof()))) == (set(), [])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("due_at = due_at + interval '1 minute'", {"due_at", "version"}),
        ("due_on = due_on + 1", {"due_on"}),
        ("provisional = NOT provisional", {"provisional"}),
        ("amount = amount + 1", {"amount"}),
        ("pauses = '[]'", {"pauses"}),
        ("original_due_at = due_at, original_due_on = due_on", {"original_due_at", "original_due_on"}),
        ("stopped_at = started_at", {"stopped_at"}),
        ("breached_at = due_at, detected_at = due_at", {"breached_at"}),
    ],
)
def test_a_date_changed_behind_its_back_is_named(
    waiting: Complaint,  # noqa: F811
    change: str,
    what: set[str],
) -> None:
    behind_its_back("sla_clock", change, "target = 'resolution'")
    assert words() == what
    with pytest.raises(CommandError):
        call_command("prove_deadlines", stdout=StringIO())


def test_a_receipt_moved_behind_its_back_is_named(waiting: Complaint) -> None:  # noqa: F811
    behind_its_back("complaints_complaint", "received_at = received_at - interval '1 hour'")
    assert words() == {"started_at"}


def test_a_calendar_edited_behind_its_back_is_found(waiting: Complaint) -> None:  # noqa: F811
    behind_its_back("sla_calendarday", "works = NOT works", "date = '2026-02-24' OR date = '2026-02-23'")
    calendars._calendar_value.cache_clear()
    try:
        assert "promise" in words()
    finally:
        calendars._calendar_value.cache_clear()


def test_a_clock_that_no_event_promised_is_named(waiting: Complaint) -> None:  # noqa: F811
    behind_its_back("sla_clock", "target = 'promise'", "target = 'resolution'")
    assert words() == {"gone", "unpromised"}
