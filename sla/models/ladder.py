"""The steps before and after a deadline, as a policy sets them: when, and who hears of each."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sla.models.policies import UNIT_NAMES, Term
from sla.targets import Whom


class Rung(models.Model):
    """One step of a term's ladder (R103, R179). It stays as it was approved, like the term.

    Before the deadline the numbers are negative, 1 is the deadline itself, and those after it count on. When: after `share`
    percent of the real time from the start to the deadline, or so much before (negative) or after the deadline, in the
    clock's calendar.
    """

    term = models.ForeignKey(Term, models.PROTECT, related_name="rungs", verbose_name=_("term of a policy"))
    number = models.SmallIntegerField(_("step"))
    share = models.PositiveSmallIntegerField(_("share of the time, in percent"), null=True, blank=True)
    amount = models.SmallIntegerField(_("amount"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=16, choices=list(UNIT_NAMES.items()), blank=True)
    whom = ArrayField(models.CharField(max_length=16, choices=Whom.choices), verbose_name=_("who is told"))

    class Meta:
        ordering: ClassVar = ["term", "number"]
        verbose_name = _("step of a ladder")
        verbose_name_plural = _("steps of a ladder")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_rung_per_term_and_number", fields=["term", "number"]),
            models.CheckConstraint(
                name="rung_at_a_share_or_an_offset",
                condition=Q(share__range=(1, 99), amount=None, unit="")
                | Q(share=None, amount__isnull=False) & ~Q(unit=""),
            ),
            models.CheckConstraint(
                name="rung_numbered_from_the_deadline",
                condition=Q(number__lt=0) & (Q(share__isnull=False) | Q(amount__lt=0))
                | Q(number=1, amount=0)
                | Q(number__gt=1, amount__gt=0),
            ),
            models.CheckConstraint(name="rung_tells_somebody", condition=Q(whom__len__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.term} {self.number}"
