"""Handovers, offered and then accepted, declined, recalled or lapsed; and escalations, each step once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.row_history import RowHistory
from complaints.models.complaint import Complaint
from sla.models import Clock


class Handover(models.Model):
    """An offer of the case. Until it is accepted the offerer stays the owner (R37, R49)."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        RECALLED = "recalled", _("taken back")
        LAPSED = "lapsed", _("lapsed")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="handovers")
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("offered to"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    offered_at = models.DateTimeField()
    answer = models.CharField(max_length=16, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.CharField(_("reason"), max_length=500, blank=True)
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["-offered_at", "-id"]
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_pending_handover", fields=["complaint"], condition=Q(answer="")),
            models.CheckConstraint(
                name="handover_answered_when_answered",
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & ~Q(answered_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.offered_by_id} → {self.offered_to_id}"


class Escalation(models.Model):
    """A step of a clock's ladder that was taken: one row a clock and step, whoever and however many swept.

    Steps before the deadline have negative numbers, that of the breach is 1. `unit` is the one it came before.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="escalations")
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="escalations")
    step = models.SmallIntegerField(default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at"]
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_escalation_per_clock_and_step", fields=["clock", "step"]),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id}/{self.step}"
