"""Deadline policies as dated rows: a new rule is a new row with its own first day."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.row_history import RowHistory
from sla.calendar import MAX_AMOUNT, Allowance, Unit
from sla.models.calendars import Calendar
from sla.targets import Target

UNIT_NAMES = {
    Unit.HOURS: _("hours"),
    Unit.DAYS: _("days"),
    Unit.WORKING_HOURS: _("working hours"),
    Unit.WORKING_DAYS: _("working days"),
}

PROMISED = """
SELECT p.*, (
    SELECT v.id FROM sla_calendarversion v WHERE v.calendar_id = p.calendar_id ORDER BY v.number DESC LIMIT 1
) AS version_id
FROM sla_policy p
WHERE p.target = ANY(%(targets)s) AND p.from_on <= %(on)s AND (p.until_on IS NULL OR p.until_on >= %(on)s)
"""


class PolicyQuerySet(models.QuerySet["Policy"]):
    def in_force(self, on: date) -> "PolicyQuerySet":
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on)

    def promised(self, targets: Iterable[str], on: date) -> list["Policy"]:
        """The policies in force for `targets`, each with `version_id`, the newest version of its calendar. One query.

        Written out, because every registration asks it, and building it costs three times as much as running it.
        """
        return list(self.raw(PROMISED, {"targets": list(targets), "on": on}))


class Policy(models.Model):
    """A promise in force from a day until a day: the target, its allowance, and the calendar it is reckoned in.

    Never edited once clocks have used it: a new rule is a new row with its own first day (R42).
    """

    version_id: int  # read by `promised`

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    number = models.PositiveIntegerField(_("version"), default=1)
    target = models.CharField(_("target"), max_length=32, choices=Target.choices)
    amount = models.PositiveIntegerField(_("amount"))
    unit = models.CharField(_("unit"), max_length=16, choices=list(UNIT_NAMES.items()))
    calendar = models.ForeignKey(Calendar, models.PROTECT, verbose_name=_("working calendar"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    history = RowHistory()

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["target", "-from_on"]
        verbose_name = _("deadline policy")
        verbose_name_plural = _("deadline policies")
        constraints: ClassVar = [
            models.CheckConstraint(name="policy_allows_some_time", condition=Q(amount__gt=0)),
            models.UniqueConstraint(name="one_open_policy_per_target", fields=["target"], condition=Q(until_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    def clean(self) -> None:
        """An allowance that can be reckoned, and one policy a target on any day."""
        if self.amount and self.amount > MAX_AMOUNT:
            raise ValidationError({"amount": _("An allowance is %(most)s at most.") % {"most": MAX_AMOUNT}})
        if self.from_on is None:
            return  # type: ignore[unreachable]
        if self.until_on and self.until_on < self.from_on:
            raise ValidationError({"until_on": _("The last day cannot lie before the first.")})
        others = Policy.objects.filter(Q(until_on=None) | Q(until_on__gte=self.from_on), target=self.target)
        if self.until_on:
            others = others.filter(from_on__lte=self.until_on)
        if other := others.exclude(pk=self.pk).first():
            raise ValidationError(_("On some of these days %(other)s is in force. End it first.") % {"other": other})

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.amount, Unit(self.unit))
