"""Breach: a fact, dated at the deadline, told once, never cleared."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from complaints.correspondence import respond
from complaints.escalation import escalate
from complaints.lifecycle import close, investigate, reopen, resolve
from complaints.models import Complaint
from tests.conftest import NOW, Cast, decided, established, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]
LATE = NOW + timedelta(hours=30)


@pytest.fixture
def broken(register: Register, cast: Cast) -> Complaint:
    """A complaint whose response clock broke and was swept six hours later."""
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(LATE, tick=False):
        return escalate(case.clocks.get(target="response"), actor=cast.system)


def test_it_is_dated_at_the_deadline_not_when_it_was_found(broken: Complaint) -> None:
    clock = broken.clocks.get(target="response")
    assert (clock.breached_at, clock.detected_at) == (NOW + timedelta(hours=24), LATE)


def test_the_history_tells_it_before_its_escalation(broken: Complaint, cast: Cast) -> None:
    events = [(event.verb, event.actor) for event in broken.events.all()]
    assert events[:2] == [("escalate", cast.system), ("breach", cast.system)]
    breach = broken.events.get(verb="breach")
    assert (breach.facts["target"], breach.facts["due_at"]) == ("response", "2026-02-11T02:00:00+00:00")


def test_a_late_answer_leaves_it(broken: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATE + timedelta(hours=1), tick=False):
        respond(broken, said(), actor=cast.fiona)
    clock = broken.clocks.get(target="response")
    assert (clock.breached_at, clock.stopped_at) == (clock.due_at, LATE + timedelta(hours=1))


def test_neither_closing_nor_reopening_clears_it(broken: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATE + timedelta(hours=1), tick=False):
        case = investigate(broken, established(), actor=cast.fiona)
        case = close(resolve(case, decided(), actor=cast.fiona), actor=cast.fiona)
        reopen(case, "客户不认可", actor=cast.fiona)
    assert broken.clocks.filter(breached_at__isnull=False).count() == 1


def test_the_page_shows_it_for_ever(broken: Complaint, cast: Cast, as_: As) -> None:
    with time_machine.travel(LATE + timedelta(hours=1), tick=False):
        respond(broken, said(), actor=cast.fiona)
        html = as_("fiona").get(broken.get_absolute_url()).content.decode()
    assert 'data-clock="late"' in html
    assert "已超过时限：" in html
