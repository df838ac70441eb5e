"""What is said to the customer, and what we note among ourselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from complaints.history import keep, moving
from complaints.models import Complaint, Message, Note
from complaints.models.complainant import MASKS
from complaints.models.limits import REASON, WORDS, fitting, most_of, too_long
from complaints.states import Status, Verb

# A message in one of these states counts as said: it is the evidence that stops a clock.
SAID = frozenset({Message.Delivery.DELIVERED, Message.Delivery.SENT})


@dataclass(frozen=True)
class Said:
    """One thing said to the customer: how, when, to whom, what, and what proves it."""

    means: str
    body: str
    at: datetime | None = None  # None: now
    to_whom: str = ""
    proof: str = ""
    delivery: str = Message.Delivery.DELIVERED

    def problems(self, case: Complaint, now: datetime) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = dict(
            too_long(
                {
                    "body": (self.body, WORDS),
                    "to_whom": (self.to_whom, most_of(Message, "to_whom")),
                    "proof": (self.proof, most_of(Message, "proof")),
                }
            )
        )
        at = self.at or now
        if not self.body.strip():
            found["body"] = [_("Write down what was said.")]
        if at > now:
            found["at"] = [_("This cannot have been said later than now.")]
        elif at < case.received_at:
            found["at"] = [_("This cannot have been said before the complaint was received.")]
        if self.means == Message.Means.NO_CONTACT and case.complainant.has_contact:
            found["means"] = [_("A way to reach the customer was left. Choose how they were told.")]
        return found

    def message(self, case: Complaint, actor: User, now: datetime, purpose: str) -> Message:
        """The row to keep. Raises `Invalid` with errors by field."""
        if problems := self.problems(case, now):
            raise Invalid(_("Please check the marked fields."), problems)
        return Message(
            complaint=case,
            purpose=purpose,
            means=self.means,
            at=self.at or now,
            to_whom=self.to_whom,
            body=self.body,
            delivery=self.delivery,
            proof=self.proof,
            by=actor,
            recorded_at=now,
        )


def respond(complaint: Complaint, said: Said, *, actor: User, version: int | None = None) -> Complaint:
    """Record what the customer was told. The first time it reached them, the 24-hour clock stops (R27, R34, R38).

    What did not reach them is kept as an attempt and stops nothing.
    """
    with moving(complaint, Verb.RESPOND, actor=actor, version=version) as case:
        message = said.message(case, actor, timezone.now(), Message.Purpose.RESPONSE)
        keep(message, Verb.RESPOND, actor=actor)
        case.facts |= {"message": message.pk, "means": message.means, "delivery": message.delivery}
        if message.delivery in SAID:
            case.contacted_at = max(case.contacted_at or message.at, message.at)
            case.responded_at = case.responded_at or message.at
            case.happened_at = message.at
        else:
            case.signals = ()
            case.goes_to = Status(case.status)
    return case


def note(complaint: Complaint, body: str, *, actor: User) -> Complaint:
    """Write an internal note; the customer never sees it (R18)."""
    body = fitting("body", body, WORDS, missing=_("Write the note."))
    with moving(complaint, Verb.NOTE, actor=actor) as case:
        row = Note.objects.create(complaint=case, body=body, at=timezone.now(), by=actor)
        case.facts |= {"note": row.pk, "sha256": row.sha256}
    return case


def reveal(complaint: Complaint, field: str, reason: str, *, actor: User) -> str:
    """One field of the complainant in full, for a reason, which is recorded (R81). Returns the text."""
    reason = fitting("reason", reason, REASON, missing=_("Say why you need to see it."))
    if field not in MASKS:
        raise Invalid(
            _("Please check the marked fields."), {"field": [_("There is no such field of the complainant.")]}
        )
    with moving(complaint, Verb.REVEAL, actor=actor) as case:
        case.facts |= {"field": field, "reason": reason}
        shown: str = getattr(case.complainant, field)
    return shown
