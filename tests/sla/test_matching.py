"""Which policies are for which complaints, and which of several promises counts."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from complaints.models import Complaint
from complaints.states import Status
from sla.choosing import choose
from sla.clocks import NoPolicy, promises
from sla.matching import Matter, matches
from sla.models import Calendar, Policy, Term
from tests.conftest import Cast

Register = Callable[..., Complaint]
MATTER = Matter(
    channel="regulator",
    severity="major",
    unit_path="/head/east/e1/",
    product="card",
    referred_by="nfra",
    alleges_violation=True,
    causes=lambda: ["card-fraud", "card"],
)


def policy(**named: Any) -> Policy:
    return Policy(code="x", name="x", from_on=date(2026, 1, 1), **named)


def in_force(code: str, *terms: dict[str, Any], **named: Any) -> Policy:
    """A policy that came with the product and counts: drafts of people are approved on the pages."""
    named.setdefault("from_on", date(2020, 1, 1))
    kept = Policy.objects.create(code=code, name=code, **named)
    for term in terms:
        Term.objects.create(policy=kept, **({"stops": "resolved"} | term))
    kept.decision, kept.decided_at = Policy.Decision.APPROVED, timezone.now()
    kept.save()
    return kept


@pytest.mark.parametrize(
    "named",
    [
        {}, {"channels": ["phone", "regulator"]}, {"severities": ["major"]}, {"units": ["east"]}, {"units": ["e1"]},
        {"causes": ["card"]}, {"products": ["card"]}, {"referrers": ["nfra"]}, {"only_violations": True},
        {"channels": ["regulator"], "units": ["head"], "causes": ["loan", "card-fraud"]},
    ],
)  # fmt: skip
def test_a_policy_fits_what_it_names(named: dict[str, Any]) -> None:
    assert matches(policy(**named), MATTER)


@pytest.mark.parametrize(
    "named",
    [
        {"channels": ["phone"]}, {"severities": ["ordinary"]}, {"units": ["west"]}, {"units": ["e"]}, {"causes": ["loan"]},
        {"products": ["loan"]}, {"referrers": ["pboc"]}, {"channels": ["regulator"], "products": ["loan"]},
    ],
)  # fmt: skip
def test_a_policy_does_not_fit_another_matter(named: dict[str, Any]) -> None:
    assert not matches(policy(**named), MATTER)


def test_a_policy_for_violations_leaves_others_alone() -> None:
    assert not matches(policy(only_violations=True), Matter())


def test_a_complaint_carries_all_that_apply_and_the_strictest_shows_first(register: Register) -> None:
    in_force("law", {"target": "statutory_resolution", "amount": 15, "unit": "days", "is_statutory": True})
    case = register("fiona")
    assert {clock.target for clock in case.clocks.all()} == {"response", "resolution", "statutory_resolution"}
    assert case.due_target == "response"


def test_of_two_that_promise_the_same_the_stricter_counts(register: Register) -> None:
    in_force("strict", {"target": "resolution", "amount": 7, "unit": "working_days"}, severities=["major"])
    in_force("lax", {"target": "resolution", "amount": 60, "unit": "working_days"}, severities=["major"])
    assert register("fiona", severity="major").clocks.get(target="resolution").amount == 7
    assert register("fiona").clocks.get(target="resolution").amount == 15


def test_of_two_versions_the_newer_counts_from_its_first_day(db: None) -> None:
    in_force("law", {"target": "statutory_resolution", "amount": 15, "unit": "days"})
    in_force(
        "law", {"target": "statutory_resolution", "amount": 10, "unit": "days"}, number=2, from_on=date(2026, 6, 1)
    )
    amount = {}
    for month in (5, 6):
        received_at = timezone.make_aware(timezone.datetime(2026, month, 1, 9))
        (found,) = (p for p in promises(received_at, Matter()) if p.term.target == "statutory_resolution")
        amount[month] = found.term.amount
    assert amount == {5: 15, 6: 10}


def test_a_version_without_terms_repeals_those_before_it(db: None) -> None:
    in_force("house", number=2, from_on=date(2026, 6, 1))
    with pytest.raises(NoPolicy):
        promises(timezone.make_aware(timezone.datetime(2026, 6, 1, 9)), Matter())


def test_a_draft_promises_nothing(register: Register) -> None:
    assert Policy.objects.filter(code="bank-insurer", decision="").exists()
    assert not register("fiona").clocks.filter(target="statutory_resolution").exists()


def test_a_cause_below_the_one_named_fits_too(register: Register, cast: Cast) -> None:
    in_force("card", {"target": "resolution", "amount": 3, "unit": "days"}, causes=["card"])
    asked = Matter(causes=lambda: ["card-fraud", "card"])
    assert min(p.term.amount for p in promises(timezone.now(), asked) if p.term.target == "resolution") == 3
    assert register("fiona").status == Status.REGISTERED


def test_a_term_without_a_calendar_goes_by_that_of_the_unit_that_received_it(register: Register, cast: Cast) -> None:
    choose(cast.unit["E1"], Calendar.objects.get(code="cn-saturday"), actor=cast.adam)
    used = {
        who: register(who).clocks.get(target="resolution").calendar_version.calendar.code for who in ("fiona", "grace")
    }
    assert used == {"fiona": "cn-saturday", "grace": "cn"}
