"""Versions of policies as tests make them: through the verb, by whoever acts."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from accounts.models import User
from complaints.conditions import Vocabulary
from sla.models import Policy
from sla.policymaking import draft
from sla.proposals import Clause, Proposal, proposal_of

SEVEN = Clause("resolution", 7, "working_days", "resolved", reopening="restarts")


def proposal(**given: Any) -> Proposal:
    usual = {
        "code": "major",
        "name": "重大投诉",
        "from_on": timezone.localdate(),
        "clauses": (SEVEN,),
        "severities": ("major",),
    }
    return Proposal(**usual | given)


def made(wanted: Proposal, actor: User, seen: int = 0) -> Policy:
    return draft(wanted, actor=actor, known=Vocabulary.read().words, seen=seen)


def changed(seen: Policy, **given: Any) -> Proposal:
    return replace(proposal_of(seen), from_on=timezone.localdate(), **given)
