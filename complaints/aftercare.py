"""After the outcome: calling the customer back to hear whether it holds (R51, R108, R109)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from complaints.history import keep, moving
from complaints.models import CallBack, Complaint
from complaints.models.limits import WORDS, too_long
from complaints.states import Verb


@dataclass(frozen=True)
class Heard:
    """A call-back: what the customer makes of the outcome, empty when they were not reached; their words; when."""

    opinion: str
    words: str = ""
    at: datetime | None = None  # None: now

    def problems(self, case: Complaint, now: datetime) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = dict(too_long({"words": (self.words, WORDS)}))
        if self.opinion and self.opinion not in CallBack.Opinion.values:
            found["opinion"] = [_("Choose what the customer said.")]
        elif self.opinion == CallBack.Opinion.NOT_SATISFIED and not self.words.strip():
            found["words"] = [_("Write down what they are not satisfied with.")]
        at = self.at or now
        if at > now:
            found["at"] = [_("This cannot have been said later than now.")]
        elif case.resolved_at and at < case.resolved_at:
            found["at"] = [_("The customer is called back after they were told the outcome.")]
        return found


def call_back(complaint: Complaint, heard: Heard, *, actor: User, version: int | None = None) -> Complaint:
    """Record a call-back. Once the customer was reached its clock stops; an attempt is kept and stops nothing.

    A customer who is not satisfied reopens nothing by that: somebody decides.
    """
    with moving(complaint, Verb.CALL_BACK, actor=actor, version=version) as case:
        now = timezone.now()
        if problems := heard.problems(case, now):
            raise Invalid(_("Please check the marked fields."), problems)
        row = CallBack(
            complaint=case,
            opinion=heard.opinion,
            words=heard.words.strip(),
            at=heard.at or now,
            by=actor,
            recorded_at=now,
        )
        keep(row, Verb.CALL_BACK, actor=actor)
        case.facts |= {"call_back": row.pk, "opinion": row.opinion}
        if row.opinion:
            case.happened_at = row.at
        else:
            case.signals = ()
    return case
