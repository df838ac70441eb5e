"""A clock whose policy says so goes on, at a reopening, with what was left of it when it stopped."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from accounts.errors import Invalid
from complaints.integrity import Proof, broken
from complaints.lifecycle import investigate, reopen, resolve
from complaints.models import Complaint
from complaints.pausing import pause
from complaints.proofs import proof
from sla.models import Clock
from tests.conftest import NOW, Cast, decided, established, said
from tests.sla.test_matching import in_force

Register = Callable[..., Complaint]
GOING_ON = {"target": "promise", "amount": 20, "unit": "days", "pausable_days": 10, "reopening": "continues"}
NEXT_DAY = NOW + timedelta(days=1)


@pytest.fixture
def taken_up(register: Register, cast: Cast) -> Complaint:
    """A complaint of the 10th, paused on the 11th, resolved on the 13th and opened again on the 20th."""
    in_force("going-on", GOING_ON)
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NEXT_DAY, tick=False):
        case = pause(case, "customer", "等材料", date(2026, 2, 15), actor=cast.fiona)
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        case = resolve(investigate(case, established(), actor=cast.fiona), decided(), actor=cast.fiona)
    with time_machine.travel(NOW + timedelta(days=10), tick=False):
        return reopen(case, "客户不认可", actor=cast.fiona)


def going_on(case: Complaint) -> Clock:
    found: Clock = case.clocks.running().get(target="promise")
    return found


def test_the_time_between_does_not_count(taken_up: Complaint) -> None:
    clock = going_on(taken_up)
    assert clock.started_at == taken_up.received_at
    assert clock.due_on == date(2026, 3, 2) + timedelta(days=9)  # paused two days, resolved for seven


def test_the_page_can_prove_it(taken_up: Complaint) -> None:
    assert proof(going_on(taken_up), date(2026, 2, 20)).agrees


def test_the_time_between_is_no_pause_that_the_policy_has_to_allow(taken_up: Complaint, cast: Cast) -> None:
    with time_machine.travel(NOW + timedelta(days=10), tick=False):  # two of ten days are used
        again = pause(taken_up, "customer", "再等", date(2026, 2, 28), actor=cast.fiona)
    assert going_on(again).due_on == date(2026, 3, 11) + timedelta(days=8)


def test_the_others_restart_or_end(taken_up: Complaint) -> None:
    assert {clock.target: clock.started_at.date() for clock in taken_up.clocks.running()} == {
        "promise": NOW.date(),
        "resolution": date(2026, 2, 20),
    }


def test_an_outcome_of_before_the_reopening_is_refused(taken_up: Complaint, cast: Cast) -> None:
    with time_machine.travel(NOW + timedelta(days=11), tick=False):
        case = investigate(taken_up, established(), actor=cast.fiona)
        with pytest.raises(Invalid):
            resolve(case, decided(said=said(at=NOW + timedelta(days=9))), actor=cast.fiona)


def test_one_that_broke_its_promise_has_nothing_left_and_restarts(register: Register, cast: Cast) -> None:
    in_force("going-on", GOING_ON)
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        case = resolve(investigate(case, established(), actor=cast.fiona), decided(), actor=cast.fiona)
        case = reopen(case, "客户不认可", actor=cast.fiona)
    assert going_on(case).started_at == NOW + timedelta(days=40)


def test_the_histories_and_the_dates_are_proved(taken_up: Complaint) -> None:
    assert list(broken(Proof())) == []
    call_command("prove_deadlines", stdout=StringIO())
