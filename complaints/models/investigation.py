"""What was found, and what was decided. Each is a row of its own: a reopened case keeps its earlier ones."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.row_history import RowHistory
from complaints.models.catalogue import Cause
from complaints.models.complaint import Complaint
from complaints.models.correspondence import Message


class Finding(models.Model):
    """The facts established, before any conclusion (R14), with the root cause and what will be done (R36)."""

    class Founded(models.TextChoices):
        YES = "yes", _("founded")
        PARTLY = "partly", _("partly founded")
        NO = "no", _("not founded")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="findings")
    founded = models.CharField(_("founded"), max_length=8, choices=Founded.choices)
    facts = models.TextField(_("facts established"))
    root_cause = models.CharField(_("root cause"), max_length=1000, blank=True)
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, blank=True, verbose_name=_("verified cause"))
    plan = models.CharField(_("plan"), max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self) -> str:
        return self.get_founded_display()


class Outcome(models.Model):
    """The decision told to the customer, and the redress given."""

    class Kind(models.TextChoices):
        EXPLAINED = "explained", _("explained")
        CORRECTED = "corrected", _("corrected")
        REDRESSED = "redressed", _("redress given")
        SETTLED = "settled", _("settled by agreement")
        NOT_ACCEPTED = "not_accepted", _("demand not accepted")

    class Reception(models.TextChoices):
        """What the customer made of it."""

        ACCEPTED = "accepted", _("accepts")
        NOT_ACCEPTED = "not_accepted", _("does not accept")
        SILENT = "silent", _("did not say")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("outcome"), max_length=16, choices=Kind.choices)
    decision = models.TextField(_("decision"))
    redress_amount = models.DecimalField(_("redress"), max_digits=14, decimal_places=2, null=True, blank=True)
    redress_currency = models.CharField(max_length=3, default="CNY")
    reception = models.CharField(_("the customer"), max_length=16, choices=Reception.choices, default=Reception.SILENT)
    message = models.OneToOneField(Message, models.PROTECT, related_name="outcome")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outcome_redress_not_negative", condition=Q(redress_amount__isnull=True) | Q(redress_amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
