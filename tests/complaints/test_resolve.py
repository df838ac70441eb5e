"""Resolve: the outcome was told to the customer; all clocks stop at the moment they were told (R30, R38)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.errors import Invalid, NotAllowed, Stale, WrongStatus
from complaints.lifecycle import investigate, reopen, resolve
from complaints.models import Complaint
from complaints.ownership import hand_over
from complaints.states import Verb
from tests.complaints.pages import SAID, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import NOW, Cast, decided, established, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]
DECIDED = SAID | {"kind": "redressed", "reception": "accepted", "redress_amount": "￥１，２００.５０"}


@pytest.fixture
def investigated(register: Register, cast: Cast) -> Complaint:
    return investigate(register("fiona"), established(), actor=cast.fiona)


def test_every_clock_stops_when_the_customer_was_told(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = investigate(register("fiona"), established(), actor=cast.fiona)
    told, entered = NOW + timedelta(hours=30), NOW + timedelta(hours=31)
    with time_machine.travel(entered, tick=False):
        case = resolve(case, decided(said=said(at=told)), actor=cast.fiona)
    response, resolution = case.clocks.all()
    assert (response.stopped_at, resolution.stopped_at) == (entered, told)
    assert (response.breached_at, resolution.breached_at) == (response.due_at, None)
    assert (case.status, case.resolved_at, case.due_at) == ("resolved", told, None)


def test_the_outcome_and_the_reply_are_one_record(investigated: Complaint, cast: Cast) -> None:
    case = resolve(investigated, decided(redress_amount=Decimal(500)), actor=cast.fiona)
    outcome = case.outcomes.get()
    assert (outcome.decision, outcome.redress_amount) == (outcome.message.body, Decimal(500))


def test_facts_come_first(register: Register, cast: Cast) -> None:
    with pytest.raises(WrongStatus):
        resolve(register("fiona"), decided(), actor=cast.fiona)


@pytest.mark.parametrize("delivery", ["failed", "unknown"])
def test_an_outcome_that_reached_nobody_resolves_nothing(investigated: Complaint, cast: Cast, delivery: str) -> None:
    with pytest.raises(Invalid) as refused:
        resolve(investigated, decided(said=said(delivery=delivery)), actor=cast.fiona)
    assert "delivery" in refused.value.errors
    assert fresh(investigated).status == "investigating"


def test_a_negative_redress_is_an_error(investigated: Complaint, cast: Cast) -> None:
    with pytest.raises(Invalid):
        resolve(investigated, decided(redress_amount=Decimal(-1)), actor=cast.fiona)


def test_only_the_owner(investigated: Complaint, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        resolve(investigated, decided(), actor=cast.frank)


def test_an_offer_that_waited_lapses(investigated: Complaint, cast: Cast) -> None:
    case = hand_over(investigated, cast.hank, "请协助", actor=cast.fiona)
    case = resolve(case, decided(), actor=cast.fiona)
    assert (case.offered_to, case.handovers.get().answer) == (None, "lapsed")


def test_both_histories_tell_it(investigated: Complaint, cast: Cast) -> None:
    case = resolve(investigated, decided(), actor=cast.fiona)
    assert both_histories_tell(case, Verb.RESOLVE, cast.fiona)
    assert case.outcomes.get().history.get().history_user == cast.fiona


def test_a_stale_page_is_refused(investigated: Complaint, cast: Cast) -> None:
    with pytest.raises(Stale):
        resolve(investigated, decided(), actor=cast.fiona, version=1)


def test_the_page_submits_it(investigated: Complaint, as_: As) -> None:
    assert do(as_("fiona"), investigated, "resolve", **DECIDED).status_code == 302
    outcome = fresh(investigated).outcomes.get()
    assert (outcome.kind, outcome.redress_amount, outcome.reception) == ("redressed", Decimal("1200.50"), "accepted")


@pytest.mark.parametrize("wrong", [{"redress_amount": "很多"}, {"delivery": "failed"}, {"kind": ""}, {"body": ""}])
def test_errors_come_back_with_the_text(investigated: Complaint, as_: As, wrong: dict[str, str]) -> None:
    answer = do(as_("fiona"), investigated, "resolve", **DECIDED | wrong, proof="挂号信 XA1")
    assert answer.status_code == 422
    assert "挂号信 XA1" in answer.content.decode()


def test_outsiders_find_nothing(investigated: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), investigated, "resolve")


def test_an_outcome_is_not_told_before_the_case_was_reopened(resolved: Complaint, cast: Cast) -> None:
    told = timezone.now()
    case = reopen(resolved, "退款未到账", actor=cast.fiona)
    case = investigate(case, established(), actor=cast.fiona)
    with pytest.raises(Invalid) as refused:
        resolve(case, decided(said=said(at=told)), actor=cast.fiona)
    assert "at" in refused.value.errors
