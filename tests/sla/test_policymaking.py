"""Making policies: drafted by one person of compliance, decided by another, and never without what everybody is owed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError
from django.utils import timezone

from accounts.errors import Invalid, NotAllowed, Stale, WrongStatus
from accounts.models import Membership, User
from accounts.roles import Role
from complaints.models import Complaint
from sla.models import Clock, Policy
from sla.policymaking import approve, decline, recall
from sla.proposals import Clause, Proposal, proposal_of
from tests.conftest import Cast
from tests.policies import SEVEN, changed, made, proposal

Register = Callable[..., Complaint]


def wrong(wanted: Proposal, actor: User, seen: int = 0) -> set[str]:
    with pytest.raises(Invalid) as refused:
        made(wanted, actor, seen)
    return set(refused.value.errors)


def test_a_draft_promises_nothing_until_another_person_approves_it(two: tuple[User, User], register: Register) -> None:
    found = made(proposal(), two[0])
    assert register("fiona", severity="major").clocks.get(target="resolution").amount == 15
    approve(found, actor=two[1])
    assert register("fiona", severity="major").clocks.get(target="resolution").amount == 7
    assert register("fiona").clocks.get(target="resolution").amount == 15


def test_who_drafted_and_who_decided_stands_in_the_row_and_in_its_history(two: tuple[User, User]) -> None:
    found = approve(made(proposal(), two[0]), actor=two[1])
    told = list(found.history.order_by("history_id").values_list("history_change_reason", "history_user_id"))
    assert (found.drafted_by, found.decided_by) == two
    assert told == [("draft", two[0].pk), ("approved", two[1].pk)]


def test_nobody_approves_or_declines_their_own(two: tuple[User, User]) -> None:
    found = made(proposal(), two[0])
    for decide in (lambda: approve(found, actor=two[0]), lambda: decline(found, "x", actor=two[0])):
        with pytest.raises(NotAllowed):
            decide()
    with pytest.raises(IntegrityError, match="policy_approved_by_another"):
        Policy.objects.filter(pk=found.pk).update(decision="approved", decided_by=two[0], decided_at=timezone.now())


@pytest.mark.parametrize("who", ["fiona", "hank", "sam", "audrey", "adam"])
def test_others_than_compliance_neither_draft_nor_decide(two: tuple[User, User], cast: Cast, who: str) -> None:
    found = made(proposal(), two[0])
    for deed in (
        lambda: made(proposal(code="x"), cast.people[who]),
        lambda: approve(found, actor=cast.people[who]),
        lambda: decline(found, "x", actor=cast.people[who]),
        lambda: recall(found, actor=cast.people[who]),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_an_administrator_who_gave_themselves_the_role_makes_none(two: tuple[User, User], cast: Cast) -> None:
    Membership.objects.create(user=cast.adam, unit=cast.unit["HO"], role=Role.COMPLIANCE, from_on=date(2020, 1, 1))
    with pytest.raises(NotAllowed):
        made(proposal(), cast.adam)


def test_what_is_decided_is_decided(two: tuple[User, User]) -> None:
    found = decline(made(proposal(), two[0]), "来源不清", actor=two[1])
    with pytest.raises(Stale):
        approve(found, actor=two[1])
    with pytest.raises(Stale):
        recall(found, actor=two[0])
    with pytest.raises((IntegrityError, InternalError)):
        Policy.objects.filter(pk=found.pk).update(name="另一个")


def test_a_draft_is_taken_back_by_its_drafter_alone(two: tuple[User, User]) -> None:
    found = made(proposal(), two[0])
    with pytest.raises(NotAllowed):
        recall(found, actor=two[1])
    assert recall(found, actor=two[0]).decision == "recalled"
    assert made(proposal(name="再来"), two[0], seen=1).number == 2


def test_one_draft_of_a_policy_waits_at_a_time(two: tuple[User, User]) -> None:
    made(proposal(), two[0])
    with pytest.raises(WrongStatus, match="1"):
        made(proposal(), two[1], seen=1)


def test_a_drafter_who_saw_an_older_version_looks_again(two: tuple[User, User]) -> None:
    recall(made(proposal(), two[0]), actor=two[0])
    recall(made(proposal(), two[0], seen=1), actor=two[0])
    with pytest.raises(Stale):
        made(proposal(), two[1], seen=1)
    assert wrong(proposal(), two[1]) == {"code"}


def test_what_came_with_the_product_is_adopted_as_the_next_version(two: tuple[User, User], register: Register) -> None:
    shipped = Policy.objects.get(code="bank-insurer")
    with pytest.raises(WrongStatus):
        approve(shipped, actor=two[1])
    adopted = made(proposal_of(shipped, reason="我行适用"), two[0], seen=1)
    approve(adopted, actor=two[1])
    clock: Clock = register("fiona").clocks.get(target="statutory_resolution")
    assert (adopted.number, clock.term.policy_id, clock.term.extendable_to) == (2, adopted.pk, 60)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "Major!"}, "code"), ({"code": "draft"}, "code"), ({"code": "x" * 33}, "code"), ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"), ({"source": "x" * 301}, "source"), ({"reason": "x" * 501}, "reason"),
        ({"channels": ("pigeon",)}, "channels"), ({"severities": ("grave",)}, "severities"), ({"units": ("XX",)}, "units"),
        ({"causes": ("none",)}, "causes"), ({"products": ("none",)}, "products"), ({"referrers": ("king",)}, "referrers"),
        ({"from_on": date(1999, 1, 1), "reason": "x"}, "from_on"), ({"from_on": date(2025, 1, 1)}, "reason"),
        ({"until_on": date(2024, 1, 1)}, "until_on"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_said_by_field(two: tuple[User, User], given: dict[str, Any], field: str) -> None:
    assert wrong(proposal(**given), two[0]) == {field}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": 0}, "amount"), ({"amount": 10_001}, "amount"), ({"extendable_to": 7}, "extendable_to"),
        ({"extendable_to": 10_001}, "extendable_to"), ({"is_statutory": True, "pausable_days": 3}, "pausable_days"),
        ({"pausable_days": 0}, "pausable_days"), ({"pausable_days": 40_000}, "pausable_days"), ({"unit": "moons"}, "unit"),
        ({"pausable_days": 3, "by_time": time(17)}, "pausable_days"), ({"unit": "hours", "by_time": time(17)}, "by_time"),
        ({"unit": "minutes", "repeats": True}, "repeats"), ({"stops": "answered"}, "stops"),
        ({"stops": "answered", "starts": "registered"}, "stops"), ({"target": "statutory_resolution"}, "is_statutory"),
        ({"extendable_to": 45, "supervisor_extends_to": 60}, "supervisor_extends_to"),
        ({"stops": "found"}, "stops"), ({"reopening": "ends"}, "reopening"), ({"starts": "never"}, "starts"),
        ({"target": "luck"}, "target"), ({"calendar": "mars"}, "calendar"),
    ],
)  # fmt: skip
def test_what_does_not_hold_in_a_term_is_said_by_field(
    two: tuple[User, User], given: dict[str, Any], field: str
) -> None:
    assert f"terms.0.{field}" in wrong(proposal(clauses=(replace(SEVEN, **given),)), two[0])


def test_a_target_stands_once_in_a_policy(two: tuple[User, User]) -> None:
    assert wrong(proposal(clauses=(SEVEN, SEVEN)), two[0]) == {"terms.1.target"}


def test_the_house_rule_is_not_repealed_while_nothing_takes_its_place(two: tuple[User, User]) -> None:
    house = Policy.objects.get(code="house")
    for given in ({"clauses": ()}, {"clauses": (SEVEN,)}, {"severities": ("major",)}, {"only_violations": True}):
        assert wrong(changed(house, **given), two[0], seen=1) == {"terms"}, given


def test_the_house_rule_may_be_replaced_by_one_that_promises_as_much(
    two: tuple[User, User], register: Register
) -> None:
    house = Policy.objects.get(code="house")
    response = Clause("response", 12, "hours", "answered")
    approve(made(changed(house, clauses=(response, SEVEN)), two[0], seen=1), actor=two[1])
    case = register("fiona")
    assert set(case.clocks.values_list("target", "amount")) == {("response", 12), ("resolution", 7)}


def test_a_house_rule_for_a_season_gives_way_to_the_one_before(two: tuple[User, User]) -> None:
    house, today = Policy.objects.get(code="house"), timezone.localdate()
    season = changed(house, until_on=today + timedelta(days=30))
    assert approve(made(season, two[0], seen=1), actor=two[1]).decision == "approved"


def test_two_repeals_that_each_leave_the_other_are_not_both_approved(two: tuple[User, User]) -> None:
    clauses = (Clause("response", 24, "hours", "answered"), SEVEN)
    approve(made(proposal(code="second", severities=(), clauses=clauses), two[0]), actor=two[1])
    one = made(changed(Policy.objects.get(code="house"), clauses=()), two[0], seen=1)
    two_ = made(changed(Policy.objects.get(code="second"), clauses=()), two[0], seen=1)
    approve(one, actor=two[1])
    with pytest.raises(Invalid):
        approve(two_, actor=two[1])


def test_a_repeal_ends_a_policy_for_what_is_received_from_its_day(two: tuple[User, User], register: Register) -> None:
    found = approve(made(proposal(), two[0]), actor=two[1])
    running = register("fiona", severity="major").clocks.get(target="resolution")
    approve(made(changed(found, clauses=()), two[0], seen=1), actor=two[1])
    assert register("fiona", severity="major").clocks.get(target="resolution").amount == 15
    running.refresh_from_db()
    assert running.amount == 7


def test_a_rule_that_reaches_back_moves_no_clock_that_runs(two: tuple[User, User], register: Register) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    before = register("fiona", severity="major", received_at=yesterday)
    approve(made(proposal(from_on=timezone.localdate(yesterday), reason="上级要求"), two[0]), actor=two[1])
    after = register("fiona", severity="major", received_at=yesterday)
    amounts = [case.clocks.get(target="resolution").amount for case in (before, after)]
    assert amounts == [15, 7]


def test_a_draft_whose_first_day_has_passed_while_it_waited_needs_a_reason(
    two: tuple[User, User], time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 2, 10, 2, tzinfo=timezone.get_default_timezone()))
    found = made(proposal(), two[0])
    time_machine.move_to(datetime(2026, 2, 13, 2, tzinfo=timezone.get_default_timezone()))
    with pytest.raises(Invalid) as refused:
        approve(found, actor=two[1])
    assert set(refused.value.errors) == {"reason"}
    assert approve(found, actor=two[1], reason="审批期间顺延").decision_reason == "审批期间顺延"


def test_turning_down_needs_a_reason(two: tuple[User, User]) -> None:
    found = made(proposal(), two[0])
    for reason in (" ", "x" * 501):
        with pytest.raises(Invalid) as refused:
            decline(found, reason, actor=two[1])
        assert set(refused.value.errors) == {"reason"}


@pytest.mark.parametrize("days", [{"from_on": date(9999, 12, 31)}, {"until_on": date(9999, 12, 31)}])
def test_days_that_nobody_means_are_refused(two: tuple[User, User], days: dict[str, date]) -> None:
    with pytest.raises(Invalid) as refused:
        made(proposal(**days), two[0])
    assert list(refused.value.errors) == list(days)
