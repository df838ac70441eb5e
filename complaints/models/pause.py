"""Pauses of a case: while something is in other hands, the clocks that may stand still do."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.row_history import RowHistory
from complaints.models.complaint import Complaint
from complaints.models.evidence import Evidence
from complaints.states import WaitsFor


class Pause(models.Model):
    """Why and how long the clocks of a case stood still. Of a row only its end is ever written, and once (trigger).

    `until_on` is the day on which the clocks run again, known from the beginning; a clock whose term allows less runs again
    sooner. `ended_at` is set when they were let run before that, or when the case was resolved or withdrawn.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="pauses")
    waits_for = models.CharField(_("waiting for"), max_length=16, choices=WaitsFor.choices)
    reason = models.CharField(_("reason"), max_length=500)
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence"), db_index=False
    )
    paused_at = models.DateTimeField()
    until_on = models.DateField(_("runs again on"))
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["-paused_at", "-id"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="pause_ends_after_it_begins", condition=Q(ended_at=None) | Q(ended_at__gte=F("paused_at"))
            ),
            models.CheckConstraint(name="pause_has_a_known_reason", condition=Q(waits_for__in=WaitsFor.values)),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.paused_at:%Y-%m-%d} – {self.until_on}"
