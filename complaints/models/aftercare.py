"""Call-backs: what the customer makes of the outcome, when asked (R108, R109)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.row_history import RowHistory
from complaints.models.complaint import Complaint


class CallBack(models.Model):
    """A call after the outcome. Without an opinion the customer was not reached. Never changed afterwards (trigger)."""

    class Opinion(models.TextChoices):
        SATISFIED = "satisfied", _("satisfied")
        ACCEPTED = "accepted", _("accepts the outcome")
        NOT_SATISFIED = "not_satisfied", _("not satisfied")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="call_backs")
    opinion = models.CharField(_("the customer is"), max_length=16, choices=Opinion.choices, blank=True)
    words = models.TextField(_("what they said"), blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        constraints: ClassVar = [
            models.CheckConstraint(name="call_back_recorded_afterwards", condition=Q(recorded_at__gte=F("at"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_opinion_display() or '…'} {self.at:%Y-%m-%d %H:%M}"
