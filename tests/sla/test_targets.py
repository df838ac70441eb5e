"""The clocks beside answer and outcome: what starts them, what stops them, and what is owed again and again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from complaints import correspondence, lifecycle, ownership
from complaints.guidance import guidance
from complaints.integrity import Proof, broken
from complaints.milestones import STARTS, STOPS
from complaints.models import Complaint, Escalation
from complaints.states import Verb
from complaints.tasks import due_clocks, record_breaches
from sla.models import Clock, Policy
from sla.targets import Start, Stop
from tests.conftest import Cast, decided, established, said
from tests.sla.test_matching import in_force

Register = Callable[..., Complaint]


def at(text: str) -> datetime:
    """A moment of the week of Monday 23 November 2026, on Beijing clocks: `Mon 10:00`."""
    day, time = text.split()
    number = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day) + 23
    return datetime.fromisoformat(f"2026-11-{number}T{time}+08:00")


def adopt(code: str) -> Policy:
    """Put a policy that came with the product in force."""
    policy = Policy.objects.get(code=code)
    policy.decision, policy.decided_at = Policy.Decision.APPROVED, timezone.now()
    policy.save()
    return policy


def told_and_resolved(case: Complaint, actor: User) -> Complaint:
    case = lifecycle.investigate(case, established(), actor=actor)
    return lifecycle.resolve(case, decided(), actor=actor)


def sweep() -> int:
    return sum(record_breaches(handful) for handful in due_clocks())


def turns(case: Complaint, target: str) -> list[tuple[str, str]]:
    """The clocks of a target: when each falls due, on Beijing clocks, and how it ended."""
    clocks = case.clocks.filter(target=target).order_by("id")
    ends = {(False, False): "runs", (False, True): "broken", (True, False): "kept", (True, True): "missed"}
    return [
        (f"{timezone.localtime(c.due_at):%a %H:%M}", ends[c.stopped_at is not None, c.breached_at is not None])
        for c in clocks
    ]


DISPATCHING: dict[str, Callable[[Complaint, Cast], Complaint]] = {
    "take": lambda case, cast: ownership.take(case, actor=cast.frank),
    "assign": lambda case, cast: ownership.assign(case, cast.frank, actor=cast.sam),
    "hand_over": lambda case, cast: ownership.hand_over(case, cast.hank, "属信用卡业务", actor=cast.fiona),
    "investigate": lambda case, cast: lifecycle.investigate(case, established(), actor=cast.fiona),
}


@pytest.mark.parametrize("verb", DISPATCHING)
def test_dispatch_is_owed_within_half_an_hour_of_registration(register: Register, cast: Cast, verb: str) -> None:
    adopt("house-dispatch")
    with time_machine.travel(at("Mon 16:45"), tick=False):
        case = register("fiona", received_at=at("Mon 09:00"))
        assert (case.due_at, case.due_target) == (at("Mon 17:15"), "dispatch")
        DISPATCHING[verb](case, cast)
    assert turns(case, "dispatch") == [("Mon 17:15", "kept")]
    assert list(broken(Proof())) == []


def test_telling_the_customer_dispatches_nothing(register: Register, cast: Cast) -> None:
    adopt("house-dispatch")
    case = correspondence.respond(register("fiona"), said(), actor=cast.fiona)
    assert case.clocks.get(target="dispatch").stopped_at is None


ANSWERS: dict[str, Callable[[Complaint, Cast], Complaint]] = {
    "accept": lambda case, cast: ownership.accept(case, actor=cast.hank),
    "decline": lambda case, cast: ownership.decline(case, "不属于卡业务", actor=cast.hank),
    "recall": lambda case, cast: ownership.recall(case, actor=cast.fiona),
    "take": lambda case, cast: ownership.take(case, actor=cast.frank),
    "assign": lambda case, cast: ownership.assign(case, cast.frank, actor=cast.sam),
}


@pytest.mark.parametrize("verb", ANSWERS)
def test_an_offer_is_to_be_answered_within_four_working_hours(register: Register, cast: Cast, verb: str) -> None:
    adopt("house-handover")
    with time_machine.travel(at("Mon 15:30"), tick=False):
        case = ownership.hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
        assert (case.due_at, case.due_target) == (at("Tue 11:00"), "handover_acceptance")
        ANSWERS[verb](case, cast)
    assert turns(case, "handover_acceptance") == [("Tue 11:00", "kept")]
    assert list(broken(Proof())) == []


def test_each_offer_has_a_clock_of_its_own(register: Register, cast: Cast) -> None:
    adopt("house-handover")
    with time_machine.travel(at("Mon 09:00"), tick=False) as moved:
        case = ownership.hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
        moved.shift(timedelta(hours=3))
        case = ownership.decline(case, "不属于卡业务", actor=cast.hank)
        ownership.hand_over(case, cast.helen, "属信用卡业务", actor=cast.fiona)
    assert turns(case, "handover_acceptance") == [("Mon 14:30", "kept"), ("Mon 17:30", "runs")]
    assert list(broken(Proof())) == []


def test_an_offer_that_a_case_outlives_lapses_with_its_clock(register: Register, cast: Cast) -> None:
    adopt("house-handover")
    case = lifecycle.investigate(register("fiona"), established(), actor=cast.fiona)
    case = ownership.hand_over(case, cast.hank, "属信用卡业务", actor=cast.fiona)
    lifecycle.resolve(case, decided(), actor=cast.fiona)
    assert not Clock.objects.running().exists()


def test_a_transfer_is_accepted_by_taking_it_up(register: Register, cast: Cast) -> None:
    adopt("nfra-transfer")
    case = register("fiona", channel="regulator", referred_by="nfra", external_reference="12378-1")
    assert case.clocks.get(target="regulator_acceptance").stopped_at is None
    ownership.take(case, actor=cast.frank)
    assert case.clocks.get(target="regulator_acceptance").stopped_at is not None


def test_findings_are_the_report_to_audit(register: Register, cast: Cast) -> None:
    adopt("nfra-violation")
    case = register("fiona", channel="regulator", referred_by="nfra", external_reference="1", alleges_violation=True)
    correspondence.respond(case, said(), actor=cast.fiona)
    assert case.clocks.get(target="audit_report").stopped_at is None
    lifecycle.investigate(case, established(), actor=cast.fiona)
    assert case.clocks.get(target="audit_report").stopped_at is not None


def test_the_clock_of_an_offer_dates_the_offerees_next_step_alone(register: Register, cast: Cast) -> None:
    adopt("house-handover")
    case = ownership.hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    assert case.due_target == "handover_acceptance"
    assert guidance(case, cast.fiona, timezone.now()).due_at is None
    assert guidance(case, cast.hank, timezone.now()).due_at == case.due_at


def test_no_other_clock_dates_the_offerees_next_step(register: Register, cast: Cast) -> None:
    case = ownership.hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    assert case.due_target == "response"
    assert guidance(case, cast.fiona, timezone.now()).due_at == case.due_at
    assert guidance(case, cast.hank, timezone.now()).due_at is None


# Progress, daily by 17:00 (R105).


@pytest.fixture
def daily(register: Register) -> Callable[[str], Complaint]:
    adopt("house-progress")

    def registered(when: str) -> Complaint:
        with time_machine.travel(at(when), tick=False):
            return register("fiona")

    return registered


def tell(case: Complaint, actor: User, *moments: str) -> Complaint:
    for moment in moments:
        with time_machine.travel(at(moment), tick=False):
            case = correspondence.respond(case, said(), actor=actor)
    return case


def test_progress_is_owed_on_every_working_day(daily: Callable[[str], Complaint], cast: Cast) -> None:
    case = tell(daily("Thu 10:00"), cast.fiona, "Thu 16:00", "Fri 11:00", "Sat 10:00")
    assert turns(case, "progress") == [("Thu 17:00", "kept"), ("Fri 17:00", "kept"), ("Mon 17:00", "runs")]
    assert list(broken(Proof())) == []


def test_after_five_it_is_owed_the_next_working_day(daily: Callable[[str], Complaint]) -> None:
    assert turns(daily("Mon 17:00"), "progress") == [("Tue 17:00", "runs")]


def test_telling_twice_on_one_day_discharges_no_other_day(daily: Callable[[str], Complaint], cast: Cast) -> None:
    case = tell(daily("Mon 09:00"), cast.fiona, "Mon 10:00", "Mon 11:00", "Mon 12:00")
    assert turns(case, "progress") == [("Mon 17:00", "kept"), ("Tue 17:00", "runs")]


def test_an_attempt_informs_nobody(daily: Callable[[str], Complaint], cast: Cast) -> None:
    case = daily("Mon 09:00")
    with time_machine.travel(at("Mon 10:00"), tick=False):
        correspondence.respond(case, said(delivery="failed"), actor=cast.fiona)
    assert turns(case, "progress") == [("Mon 17:00", "runs")]


def test_a_day_that_was_missed_does_not_hide_the_next(daily: Callable[[str], Complaint], cast: Cast) -> None:
    case = daily("Mon 09:00")
    with time_machine.travel(at("Mon 17:01"), tick=False):
        assert [sweep(), sweep(), sweep()] == [1, 0, 0]
    assert turns(case, "progress") == [("Mon 17:00", "missed"), ("Tue 17:00", "runs")]
    assert (Escalation.objects.count(), Complaint.objects.get().due_target) == (1, "response")
    assert turns(tell(case, cast.fiona, "Tue 09:00"), "progress")[1:] == [("Tue 17:00", "kept"), ("Wed 17:00", "runs")]
    assert list(broken(Proof())) == []


def test_after_an_outage_every_day_that_was_missed_is_recorded(daily: Callable[[str], Complaint]) -> None:
    case = daily("Wed 09:00")
    with time_machine.travel(at("Sat 09:00"), tick=False):
        assert sum(sweep() for _ in range(6)) == 4  # three days and the answer of the first
    assert [end for _due, end in turns(case, "progress")] == ["missed", "missed", "missed", "runs"]
    assert list(broken(Proof())) == []


@pytest.mark.parametrize("swept", [True, False])
def test_whether_a_sweep_came_first_changes_nothing(daily: Callable[[str], Complaint], cast: Cast, swept: bool) -> None:
    case = daily("Mon 09:00")
    with time_machine.travel(at("Wed 09:00"), tick=False):
        while swept and sweep():
            pass
    case = tell(case, cast.fiona, "Wed 09:30")
    wanted = [("Mon 17:00", "missed"), ("Tue 17:00", "missed"), ("Wed 17:00", "kept"), ("Thu 17:00", "runs")]
    assert turns(case, "progress") == wanted
    assert list(broken(Proof())) == []


def test_the_outcome_ends_it(daily: Callable[[str], Complaint], cast: Cast) -> None:
    case = daily("Mon 09:00")
    with time_machine.travel(at("Mon 12:00"), tick=False):
        told_and_resolved(case, cast.fiona)
    assert turns(case, "progress") == [("Mon 17:00", "kept")]


def test_a_case_taken_up_again_owes_progress_again(daily: Callable[[str], Complaint], cast: Cast) -> None:
    case = daily("Mon 09:00")
    with time_machine.travel(at("Mon 12:00"), tick=False) as moved:
        case = told_and_resolved(case, cast.fiona)
        moved.shift(timedelta(days=1))
        lifecycle.reopen(case, "客户补充了证据", actor=cast.fiona)
    assert turns(case, "progress") == [("Mon 17:00", "kept"), ("Tue 17:00", "runs")]


def test_what_was_done_before_the_latest_turn_began_is_no_reason_to_refuse(
    daily: Callable[[str], Complaint], cast: Cast
) -> None:
    case = tell(daily("Mon 09:00"), cast.fiona, "Mon 15:00")
    with time_machine.travel(at("Mon 16:00"), tick=False):
        case = lifecycle.investigate(case, established(), actor=cast.fiona)
        lifecycle.resolve(case, decided(said=said(at=at("Mon 14:00"))), actor=cast.fiona)
    assert not Clock.objects.running().exists()


def test_two_starts_of_one_target_never_collide(register: Register, cast: Cast) -> None:
    in_force("odd", {"target": "resolution", "amount": 1, "unit": "days", "starts": "offered"})
    case = ownership.hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    assert case.clocks.filter(target="resolution").count() == 1


def test_every_start_and_stop_has_a_deed() -> None:
    assert {stop for stops in STOPS.values() for stop in stops} == set(Stop)
    assert {*STARTS.values(), Start.RECEIVED, Start.REGISTERED, Start.AGREED} == set(Start)
    assert Verb.REGISTER not in STOPS


def test_the_page_of_a_case_asks_no_more_for_many_clocks(register: Register, as_: Callable[[str], Client]) -> None:
    fiona, asked = as_("fiona"), []
    for codes in ((), ("house-dispatch", "house-handover", "house-progress", "bank-insurer")):
        for code in codes:
            adopt(code)
        case = register("fiona")
        fiona.get(case.get_absolute_url())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = fiona.get(case.get_absolute_url()).content.decode()
        asked.append(len(queries))
    assert "派单" in page
    assert asked[0] == asked[1]
