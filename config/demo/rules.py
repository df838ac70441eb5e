"""The demo bank's deadline policies: what the law and the regulators set, adopted by two of its people."""

from accounts.models import User
from complaints.conditions import Vocabulary
from sla.models import Policy
from sla.policymaking import approve, draft
from sla.proposals import proposal_of

DRAFTER, APPROVER = "compliance", "compliance2"
REASON = "我行适用，自规定施行之日起采用。"


def adopt() -> None:
    """Adopt what the law and the regulators set, from its own first day, before the first complaint is told of.

    What a house may add for itself stays a draft to be tried on the pages.
    """
    drafter, approver = (User.objects.get(username=name) for name in (DRAFTER, APPROVER))
    known = Vocabulary.read().words
    for shipped in Policy.objects.filter(decision="", drafted_by=None, terms__is_statutory=True).order_by("id"):
        adopted = draft(proposal_of(shipped, reason=REASON), actor=drafter, known=known, seen=shipped.number)
        approve(adopted, actor=approver)
