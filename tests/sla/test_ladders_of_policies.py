"""Ladders of the terms that people draft: the usual one for the term, another that is kept, none that changes once decided."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from complaints.models import Complaint
from sla import ladder
from sla.calendar import Unit, shifted
from sla.ladder import Planned
from sla.models import CalendarVersion, Policy, Rung, Term
from sla.policymaking import approve
from sla.proposals import Clause, clause_of, proposal_of
from sla.targets import Target
from tests.complaints.test_policy_pages import TERM, As, sent, typed
from tests.policies import SEVEN, changed, made, proposal

OWN = (Planned(-1, ("compliance",), share=50), Planned(1, ("unit_head",), amount=0, unit="hours"))


@pytest.mark.django_db
def test_what_came_with_the_product_has_the_ladder_that_is_usual() -> None:
    shipped = Term.objects.filter(policy__drafted_by=None).prefetch_related("rungs")
    assert {term.policy.code for term in shipped} >= {"house", "house-dispatch", "house-progress", "agreed"}
    assert all(ladder.planned(term) == ladder.usual(term) for term in shipped)


@pytest.mark.parametrize(
    ("clause", "numbers"),
    [
        (SEVEN, [-2, -1, 1, 2, 3]),
        (Clause("response", 24, "hours", "answered"), [-1, 1, 2, 3]),
        (Clause("dispatch", 30, "minutes", "dispatched", starts="registered"), [-1, 1]),
        (Clause("call_back", 0, "working_days", "called_back", starts="resolved"), [-1, 1]),
    ],
)
def test_a_ladder_is_as_long_as_its_term(clause: Clause, numbers: list[int]) -> None:
    assert [rung.number for rung in ladder.usual(clause)] == numbers


def test_a_new_term_gets_the_usual_ladder_and_its_clocks_the_first_step(
    two: tuple[User, User], register: Callable[..., Complaint]
) -> None:
    found = approve(made(proposal(), two[0]), actor=two[1])
    assert ladder.planned(found.terms.get()) == ladder.usual(SEVEN)
    clock = register("fiona", severity="major").clocks.get(target="resolution")
    assert clock.next_step_at == ladder.next_step_at(clock)


def test_a_ladder_is_proposed_again_as_it_stands(two: tuple[User, User]) -> None:
    first = made(proposal(clauses=(replace(SEVEN, rungs=OWN),)), two[0])
    approve(first, actor=two[1])
    assert clause_of(first.terms.get()).rungs == OWN
    assert proposal_of(first).clauses == proposal_of(made(changed(first), two[0], seen=1)).clauses


def test_a_ladder_that_is_decided_takes_no_more_rungs(two: tuple[User, User]) -> None:
    term = approve(made(proposal(), two[0]), actor=two[1]).terms.get()
    with pytest.raises(IntegrityError, match="its policy is decided"):
        Rung.objects.create(term=term, number=4, amount=9, unit="days", whom=["compliance"])


def test_the_form_keeps_another_ladder_and_renews_the_usual(two: tuple[User, User], as_: As) -> None:
    first = approve(made(proposal(clauses=(replace(SEVEN, rungs=OWN),)), two[0]), actor=two[1])
    before = {"ladder_of": str(first.terms.get().pk)}
    assert sent(as_("carol"), typed(TERM | before, seen="1"), "major/draft").status_code == 302
    assert ladder.planned(Term.objects.get(policy__code="major", policy__number=2)) == OWN
    usual = {"ladder_of": str(Term.objects.get(policy__code="house", target=Target.RESPONSE).pk)}
    sent(as_("carol"), typed(TERM | usual, code="other"))
    assert ladder.planned(Term.objects.get(policy__code="other")) == ladder.usual(SEVEN)


def test_the_page_says_the_ladder_and_how_two_differ(two: tuple[User, User], as_: As) -> None:
    approve(made(proposal(), two[0]), actor=two[1])
    page = as_("carol").get("/policies/major/").content.decode()
    assert "到期前 3 个工作日" in page
    made(changed(Policy.objects.get(code="major"), clauses=(replace(SEVEN, rungs=OWN),)), two[0], seen=1)
    page = as_("cora").get("/policies/major/2/").content.decode()
    assert "提醒升级步骤：" in page
    assert "50%" in page


@pytest.mark.django_db
def test_minutes_before_a_deadline_are_minutes() -> None:
    now, value = timezone.now(), CalendarVersion.objects.latest_for("cn").value()
    assert shifted(now, timezone.localdate(now), -5, Unit.MINUTES, value) == now - timedelta(minutes=5)
