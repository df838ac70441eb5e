"""Extensions: asked for before the deadline, decided by another, in force once the customer has been told (R32, R33)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.row_history import RowHistory
from complaints.models.complaint import Complaint
from complaints.models.correspondence import Message
from complaints.models.limits import REASON
from sla.models import UNIT_NAMES, Clock


class Extension(models.Model):
    """A longer allowance for one clock, from its start: `amount` units of its rule in place of `amount_before`.

    `answer` is given once, by somebody other than who asked. An approved extension changes nothing until its `message`, the
    notice to the customer, is on record; if the deadline comes first, it lapses.
    """

    class Reason(models.TextChoices):
        """Why more time is needed."""

        COMPLEX = "complex", _("the facts are complex")
        SYSTEMS = "systems", _("records elsewhere must be checked")
        THIRD_PARTY = "third_party", _("a third party is waited for")
        CUSTOMER = "customer", _("the customer is waited for")
        NEGOTIATION = "negotiation", _("a settlement is being negotiated")
        FORCE_MAJEURE = "force_majeure", _("force majeure")
        OTHER = "other", _("another special reason")

    class Answer(models.TextChoices):
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        RECALLED = "recalled", _("taken back")
        LAPSED = "lapsed", _("lapsed")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="extensions")
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="extensions")
    amount = models.PositiveIntegerField(_("new allowance"))
    amount_before = models.PositiveIntegerField(_("allowance before"))
    unit = models.CharField(max_length=16, choices=list(UNIT_NAMES.items()))
    due_at_before = models.DateTimeField()
    due_at = models.DateTimeField(_("new date"))  # as asked for; once in force, as it was promised to the customer
    due_on = models.DateField()
    reason_code = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    reason = models.CharField(_("why, and what will be done by then"), max_length=REASON)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=16, choices=Answer.choices, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.CharField(_("reason"), max_length=REASON, blank=True)
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="extension")
    in_force_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_waiting_extension",
                fields=["complaint"],
                condition=Q(answer="") | Q(answer="approved", in_force_at=None, lapsed_at=None),
            ),
            models.CheckConstraint(name="extension_is_longer", condition=Q(amount__gt=F("amount_before"))),
            models.CheckConstraint(name="extension_is_no_sooner", condition=Q(due_at__gte=F("due_at_before"))),
            models.CheckConstraint(
                name="extension_answered_when_answered",
                condition=Q(answer="", answered_at=None, answered_by=None)
                | ~Q(answer="") & ~Q(answered_at=None) & ~Q(answered_by=None),
            ),
            # maker and checker (R84)
            models.CheckConstraint(
                name="extension_decided_by_another",
                condition=~Q(answer__in=["approved", "declined"]) | ~Q(answered_by=F("asked_by")),
            ),
            # in force only with the notice (R33)
            models.CheckConstraint(
                name="extension_in_force_once_told",
                condition=Q(in_force_at=None, message=None)
                | Q(answer="approved", lapsed_at=None) & ~Q(message=None) & ~Q(in_force_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.amount_before} → {self.amount}"

    @property
    def waits(self) -> bool:
        """Whether it may still come into force."""
        return self.answer == "" or (self.answer == "approved" and self.in_force_at is None and self.lapsed_at is None)
