"""Withdraw: the customer takes the complaint back; it ends the day that was received (order 2020/3, art. 15)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.errors import Invalid, NotAllowed, Stale
from complaints.lifecycle import withdraw
from complaints.models import Complaint
from complaints.ownership import hand_over
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import NOW, Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_it_ends_when_they_took_it_back(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    told = NOW + timedelta(hours=2)
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        case = withdraw(case, "客户来电撤回，费用已退", actor=cast.fiona, at=told)
    assert (case.status, case.closed_at, case.due_at) == ("withdrawn", told, None)
    assert not case.clocks.filter(breached_at__isnull=False).exists()


def test_entered_after_the_deadline_it_clears_no_breach(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(hours=30), tick=False):
        case = withdraw(case, "客户来电撤回", actor=cast.fiona, at=NOW + timedelta(hours=2))
    assert case.clocks.get(target="response").breached_at == NOW + timedelta(hours=24)


@pytest.mark.parametrize("hours", [-1, 1])
def test_not_before_the_receipt_and_not_in_the_future(register: Register, cast: Cast, hours: int) -> None:
    case = register("fiona")
    with pytest.raises(Invalid) as refused:
        withdraw(case, "客户撤回", actor=cast.fiona, at=timezone.now() + timedelta(hours=hours))
    assert "at" in refused.value.errors


def test_a_reason_is_needed(register: Register, cast: Cast) -> None:
    with pytest.raises(Invalid):
        withdraw(register("fiona"), " ", actor=cast.fiona)


def test_only_the_owner_or_the_first_responder(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        withdraw(register("fiona"), "客户撤回", actor=cast.frank)


def test_an_offer_that_waited_lapses(register: Register, cast: Cast) -> None:
    case = hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    assert withdraw(case, "客户撤回", actor=cast.fiona).handovers.get().answer == "lapsed"


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    assert both_histories_tell(withdraw(register("fiona"), "客户撤回", actor=cast.fiona), Verb.WITHDRAW, cast.fiona)


def test_a_stale_page_is_refused(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(Stale):
        withdraw(case, "客户撤回", actor=cast.fiona, version=3)


def test_the_page_does_it(register: Register, as_: As) -> None:
    case = register("fiona")
    assert as_("fiona").get(address(case, "withdraw")).status_code == 200
    assert do(as_("fiona"), case, "withdraw", reason="客户来电撤回").status_code == 302
    assert fresh(case).status == "withdrawn"


def test_an_impossible_time_comes_back_as_an_error(register: Register, as_: As) -> None:
    case = register("fiona")
    answer = do(as_("fiona"), case, "withdraw", reason="一字不丢", at="2020-01-01T10:00")
    assert answer.status_code == 422
    assert "一字不丢" in answer.content.decode()


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "withdraw")
