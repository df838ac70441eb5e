"""The case history: what happened, who did it and why. Append-only in the database; business code reads only this."""

import hashlib
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.models.complaint import Complaint
from complaints.states import Status, Verb


class CaseEvent(models.Model):
    """One deed on one complaint. Keys and data, never prose: the sentence is rendered when read.

    `hash` is SHA-256 over the previous event's hash and this event's own content, so a change, a removal or a swap
    breaks the chain of the complaint. `facts` holds ids and codes, no personal data.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=32, choices=Verb.choices)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=Status.choices)  # after the deed
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    hash = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["-seq"]
        verbose_name = _("case event")
        verbose_name_plural = _("case events")
        constraints: ClassVar = [models.UniqueConstraint(name="one_event_per_number", fields=["complaint", "seq"])]
        indexes: ClassVar = [
            # who must be told: recent events of the verbs that concern somebody else
            models.Index(
                name="event_to_tell",
                fields=["at"],
                condition=models.Q(
                    verb__in=[
                        "hand_over",
                        "accept",
                        "decline",
                        "recall",
                        "take",
                        "assign",
                        "remind",
                        "breach",
                        "warn",
                        "escalate",
                        "recompute",
                        "reopen",
                        "withdraw",
                        "resolve",
                        "pause",
                        "resume",
                        "ask_extension",
                        "approve_extension",
                        "decline_extension",
                        "extend",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}/{self.seq} {self.verb}"

    def digest(self, previous: bytes) -> bytes:
        """The 32-byte hash this event must carry after `previous`."""
        return chained(
            previous,
            self.complaint.reference,
            self.seq,
            self.verb,
            self.actor_id,
            self.at,
            self.status,
            canonical(self.facts),
        )


_CANONICAL = DjangoJSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no white space, dates as Django writes them."""
    return _CANONICAL.encode(value)


def chained(
    previous: bytes, reference: str, seq: int, verb: str, actor: int, at: datetime, status: str, facts: str
) -> bytes:
    """SHA-256 over the previous event's hash and an event's own content; `facts` in their canonical spelling."""
    told_at = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = canonical([reference, seq, verb, actor, told_at, status, facts])
    return hashlib.sha256(bytes(previous) + content.encode()).digest()
