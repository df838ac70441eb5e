"""Reopen: taken up again with a new resolution clock; what was breached before stays breached."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.errors import Invalid, Stale, WrongStatus
from complaints.lifecycle import close, investigate, reopen, resolve, withdraw
from complaints.models import Complaint
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import NOW, Cast, decided, established

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_a_new_clock_runs_from_now(resolved: Complaint, cast: Cast) -> None:
    case = reopen(close(resolved, actor=cast.fiona), "客户不认可", actor=cast.frank)
    (running,) = case.clocks.running()
    assert (case.status, running.target, case.due_at) == ("reopened", "resolution", running.due_at)
    assert (case.resolved_at, case.closed_at) == (None, None)


def test_a_breach_is_not_forgotten(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = investigate(register("fiona"), established(), actor=cast.fiona)
    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        case = reopen(resolve(case, decided(), actor=cast.fiona), "客户不认可", actor=cast.fiona)
    assert case.clocks.filter(breached_at__isnull=False).count() == 2
    assert case.clocks.running().get().breached_at is None


def test_it_can_be_resolved_and_closed_again(resolved: Complaint, cast: Cast) -> None:
    case = reopen(resolved, "客户不认可", actor=cast.fiona)
    case = investigate(case, established(), actor=cast.fiona)
    case = close(resolve(case, decided(), actor=cast.fiona), actor=cast.fiona)
    assert (case.status, case.outcomes.count()) == ("closed", 2)


def test_a_reason_is_needed(resolved: Complaint, cast: Cast) -> None:
    with pytest.raises(Invalid):
        reopen(resolved, "", actor=cast.fiona)


def test_a_withdrawn_complaint_stays_withdrawn(register: Register, cast: Cast) -> None:
    case = withdraw(register("fiona"), "客户来电撤回", actor=cast.fiona)
    with pytest.raises(WrongStatus):
        reopen(case, "客户反悔", actor=cast.fiona)


def test_both_histories_tell_it(resolved: Complaint, cast: Cast) -> None:
    assert both_histories_tell(reopen(resolved, "客户不认可", actor=cast.fiona), Verb.REOPEN, cast.fiona)


def test_a_stale_page_is_refused(resolved: Complaint, cast: Cast) -> None:
    with pytest.raises(Stale):
        reopen(resolved, "客户不认可", actor=cast.fiona, version=1)


def test_the_page_does_it(resolved: Complaint, as_: As) -> None:
    assert as_("fiona").get(address(resolved, "reopen")).status_code == 200
    assert do(as_("fiona"), resolved, "reopen", reason="客户不认可").status_code == 302
    assert fresh(resolved).status == "reopened"
    assert "客户不认可" in as_("fiona").get(resolved.get_absolute_url()).content.decode()


def test_outsiders_find_nothing(resolved: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), resolved, "reopen")
