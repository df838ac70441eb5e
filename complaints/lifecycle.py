"""From the first fact to the last word: investigate, resolve, close, reopen, withdraw."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from complaints import history
from complaints.correspondence import SAID, Said
from complaints.extending import lapse_extension
from complaints.history import keep, moving
from complaints.matters import matter_of
from complaints.models import Cause, Complaint, Finding, Message, Outcome
from complaints.models.limits import REASON, WORDS, fitting, most_of, too_long
from complaints.ownership import lapse_offer
from complaints.pausing import end_pause
from complaints.states import Verb
from sla import reopening


@dataclass(frozen=True)
class Facts:
    """What an investigation established (R14, R28, R36)."""

    founded: str
    facts: str
    root_cause: str = ""
    cause: Cause | None = None
    plan: str = ""

    def problems(self) -> dict[str, list[str]]:
        found = too_long(
            {
                "facts": (self.facts, WORDS),
                "root_cause": (self.root_cause, most_of(Finding, "root_cause")),
                "plan": (self.plan, most_of(Finding, "plan")),
            }
        )
        if not self.facts.strip():
            found["facts"] = [_("Write down the facts established.")]
        return found


@dataclass(frozen=True)
class Decision:
    """What was decided, and how the customer was told."""

    kind: str
    said: Said
    redress_amount: Decimal | None = None
    reception: str = Outcome.Reception.SILENT


def investigate(complaint: Complaint, facts: Facts, *, actor: User, version: int | None = None) -> Complaint:
    """Record the facts established, before any conclusion (R14). May be done again: each stays on record."""
    if problems := facts.problems():
        raise Invalid(_("Please check the marked fields."), problems)
    with moving(complaint, Verb.INVESTIGATE, actor=actor, version=version) as case:
        finding = Finding(
            complaint=case,
            founded=facts.founded,
            facts=facts.facts,
            root_cause=facts.root_cause,
            cause=facts.cause,
            plan=facts.plan,
            at=timezone.now(),
            by=actor,
        )
        keep(finding, Verb.INVESTIGATE, actor=actor)
        case.facts |= {"finding": finding.pk, "founded": finding.founded}
    return case


def resolve(complaint: Complaint, decision: Decision, *, actor: User, version: int | None = None) -> Complaint:
    """The outcome has been told to the customer; the clocks stop at the moment they were told (R30, R38)."""
    problems: dict[str, list[Any]] = {}
    if decision.said.delivery not in SAID:
        problems["delivery"] = [
            _("A complaint is resolved once the customer has been told. Record the attempt instead.")
        ]
    if decision.redress_amount is not None and decision.redress_amount < 0:
        problems["redress_amount"] = [_("The amount cannot be negative.")]
    with moving(complaint, Verb.RESOLVE, actor=actor, version=version) as case:
        now = timezone.now()
        problems |= decision.said.problems(case, now)
        since = _taken_up_again(case)
        if "at" not in problems and since and (decision.said.at or now) < since:
            problems["at"] = [_("The outcome cannot have been told before the case was taken up again.")]
        if problems:
            raise Invalid(_("Please check the marked fields."), problems)
        message = decision.said.message(case, actor, now, Message.Purpose.OUTCOME)
        keep(message, Verb.RESOLVE, actor=actor)
        outcome = Outcome(
            complaint=case,
            kind=decision.kind,
            decision=message.body,
            redress_amount=decision.redress_amount,
            reception=decision.reception,
            message=message,
            at=message.at,
            by=actor,
        )
        keep(outcome, Verb.RESOLVE, actor=actor)
        case.facts |= {"outcome": outcome.pk, "kind": outcome.kind, "message": message.pk, "means": message.means}
        case.resolved_at = message.at
        case.contacted_at = max(case.contacted_at or message.at, message.at)
        case.responded_at = case.responded_at or message.at
        case.happened_at = message.at
        end_pause(case, actor, Verb.RESOLVE)
        lapse_offer(case, actor)
        lapse_extension(case, actor)
    return case


def close(complaint: Complaint, *, actor: User, version: int | None = None) -> Complaint:
    """The last word: everything is done and recorded. The record stays as it is, for ever."""
    with moving(complaint, Verb.CLOSE, actor=actor, version=version) as case:
        case.closed_at = timezone.now()
    return case


def reopen(complaint: Complaint, reason: str, *, actor: User, version: int | None = None) -> Complaint:
    """Take the case up again; the resolution runs anew, or goes on with what was left, as its policy says.

    What was breached before stays breached.
    """
    reason = fitting("reason", reason, REASON, missing=_("Say why the case is taken up again."))
    with moving(complaint, Verb.REOPEN, actor=actor, version=version) as case:
        case.facts |= {"reason": reason, "to": case.owner_id}
        case.resolved_at = case.closed_at = None
        history.start_clocks(case, reopening.again(case.pk, timezone.now(), matter_of(case)))
    return case


def _taken_up_again(case: Complaint) -> datetime | None:
    """When the case was last opened again, or None."""
    last = case.events.filter(verb=Verb.REOPEN).values_list("at", flat=True).first()
    return last


def withdraw(
    complaint: Complaint, reason: str, *, actor: User, at: datetime | None = None, version: int | None = None
) -> Complaint:
    """The complainant takes the complaint back; the procedure ends the day that was received (order 2020/3, art. 15)."""
    reason = fitting("reason", reason, REASON, missing=_("Write down how they took it back, and why."))
    with moving(complaint, Verb.WITHDRAW, actor=actor, version=version) as case:
        now = timezone.now()
        told_at = at or now
        if not (_taken_up_again(case) or case.received_at) <= told_at <= now:
            raise Invalid(
                _("Please check the marked fields."),
                {"at": [_("The withdrawal lies between the receipt of the complaint and now.")]},
            )
        case.facts |= {"reason": reason, "to": case.owner_id}
        case.closed_at = told_at
        case.happened_at = told_at
        end_pause(case, actor, Verb.WITHDRAW)
        lapse_offer(case, actor)
        lapse_extension(case, actor)
    return case
