"""Deadline policies as dated rows: a new rule is a new version with its own first day, approved by a second person."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.row_history import RowHistory
from sla.calendar import Allowance, Unit
from sla.models.calendars import NATIONAL, Calendar
from sla.models.choices import CHOSEN
from sla.targets import Reopening, Start, Stop, Target

UNIT_NAMES = {
    Unit.MINUTES: _("minutes"),
    Unit.HOURS: _("hours"),
    Unit.DAYS: _("days"),
    Unit.WORKING_HOURS: _("working hours"),
    Unit.WORKING_DAYS: _("working days"),
}

# Each term in force for a start on its day, with what is read of its policy and the newest version of its calendar: its own,
# else that of the unit which received the complaint.
PROMISED = """
WITH ruling AS (
    SELECT DISTINCT ON (asked.start, p.code) p.*, asked.start FROM sla_policy p
    JOIN unnest(%(starts)s::text[], %(days)s::date[]) AS asked (start, day)
        ON p.from_on <= asked.day AND (p.until_on IS NULL OR p.until_on >= asked.day)
    WHERE p.decision = 'approved' ORDER BY asked.start, p.code, p.number DESC
), chosen (unit_id, calendar_id, from_unit_id) AS (-- chosen --)
SELECT t.*, (
    SELECT v.id FROM sla_calendarversion v
    WHERE v.calendar_id = coalesce(
        t.calendar_id, (SELECT calendar_id FROM chosen), (SELECT id FROM sla_calendar WHERE code = %(national)s)
    ) ORDER BY v.number DESC LIMIT 1
) AS version_id, r.name AS policy_name, r.number AS policy_number, r.channels AS policy_channels,
    r.severities AS policy_severities, r.units AS policy_units, r.causes AS policy_causes, r.products AS policy_products,
    r.referrers AS policy_referrers, r.only_violations AS policy_only_violations
FROM sla_term t JOIN ruling r ON r.id = t.policy_id AND r.start = t.starts
""".replace("-- chosen --", CHOSEN)
READ = ("name", "number", "channels", "severities", "units", "causes", "products", "referrers", "only_violations")


class Policy(models.Model):
    """A version of a set of promises, for the complaints that it matches, in force from a day until a day (R42, R179).

    Of the versions of one `code` that are in force on a day the newest counts; one without terms promises nothing and so
    repeals those before it. A version is drafted by one person and decided by another, and never edited (trigger); one
    without a drafter came with the product.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        RECALLED = "recalled", _("taken back")

    code = models.SlugField(_("code"), max_length=32)
    number = models.PositiveIntegerField(_("version"), default=1)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    source = models.CharField(_("source"), max_length=300, blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    channels = ArrayField(models.CharField(max_length=16), verbose_name=_("intake channels"), default=list, blank=True)
    severities = ArrayField(models.CharField(max_length=16), verbose_name=_("severities"), default=list, blank=True)
    units = ArrayField(
        models.CharField(max_length=32), verbose_name=_("units complained about"), default=list, blank=True
    )
    causes = ArrayField(models.CharField(max_length=32), verbose_name=_("causes"), default=list, blank=True)
    products = ArrayField(models.CharField(max_length=32), verbose_name=_("products"), default=list, blank=True)
    referrers = ArrayField(models.CharField(max_length=16), verbose_name=_("transferred by"), default=list, blank=True)
    only_violations = models.BooleanField(_("only where a violation is alleged"), default=False)

    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("drafted by"), db_index=False
    )
    drafted_at = models.DateTimeField(_("drafted"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decision = models.CharField(_("decision"), max_length=16, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"), db_index=False
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision_reason = models.CharField(_("reason for the decision"), max_length=500, blank=True)
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["code", "-number"]
        verbose_name = _("deadline policy")
        verbose_name_plural = _("deadline policies")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_number_per_policy_version", fields=["code", "number"]),
            models.UniqueConstraint(
                name="one_draft_per_policy", fields=["code"], condition=Q(decision="", drafted_by__isnull=False)
            ),
            models.CheckConstraint(
                name="policy_ends_after_it_begins", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
            models.CheckConstraint(
                name="policy_decided_when_decided",
                condition=Q(decision="", decided_at=None, decided_by=None) | ~Q(decision="") & ~Q(decided_at=None),
            ),
            # two persons; what came with the product was decided by nobody here
            models.CheckConstraint(
                name="policy_approved_by_another",
                condition=~Q(decision="approved")
                | Q(drafted_by=None, decided_by=None)
                | Q(drafted_by__isnull=False, decided_by__isnull=False) & ~Q(decided_by=F("drafted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class TermQuerySet(models.QuerySet["Term"]):
    def promised(self, on: Mapping[str, date], received_in: int) -> list["Term"]:
        """The terms in force for clocks of these starts, each on its day, whatever complaints they are for. One query.

        Each has its `policy` and `version_id`, the newest version of its calendar, or where it names none of the calendar of
        the unit `received_in`.
        Written out, because every registration asks it, and building it costs three times as much as running it.
        """
        asked = {"starts": [*on], "days": [*on.values()], "units": [received_in], "national": NATIONAL}
        found: list[Term] = list(self.raw(PROMISED, asked))
        policies: dict[int, Policy] = {}
        for term in found:
            if term.policy_id not in policies:
                read = {name: getattr(term, f"policy_{name}") for name in READ}
                policies[term.policy_id] = Policy(id=term.policy_id, **read)
            term.policy = policies[term.policy_id]
        return found


class Term(models.Model):
    """One promise of a policy: its target, the allowance, what starts and stops it, and what may move it.

    Of several terms that promise one target to a complaint the strictest runs. `extendable_to` is the longest allowance that
    an extension may reach, from the same start and in the same unit (R32): a supervisor approves up to
    `supervisor_extends_to`, compliance the rest. `pausable_days` is the longest pause, in calendar days. Empty: never.
    What is statutory is never paused.

    `by_time`: days end at this time of the last one, midnight being its end; then 0 of them are the very day. `repeats`: as
    long as the case is in hand, the next follows each (a report daily by 17:00, R105).
    """

    version_id: int  # read by `promised`

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="terms", verbose_name=_("deadline policy"))
    target = models.CharField(_("target"), max_length=32, choices=Target.choices)
    amount = models.PositiveIntegerField(_("amount"))
    unit = models.CharField(_("unit"), max_length=16, choices=list(UNIT_NAMES.items()))
    by_time = models.TimeField(_("by the time of day"), null=True, blank=True)
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, null=True, blank=True, verbose_name=_("working calendar"), related_name="+"
    )
    starts = models.CharField(_("runs from"), max_length=16, choices=Start.choices, default=Start.RECEIVED)
    stops = models.CharField(_("stops when"), max_length=16, choices=Stop.choices)
    is_statutory = models.BooleanField(_("statutory"), default=False)
    supervisor_extends_to = models.PositiveIntegerField(_("extendable by a supervisor to"), null=True, blank=True)
    repeats = models.BooleanField(_("owed again and again"), default=False, db_default=False)
    extendable_to = models.PositiveIntegerField(_("extendable to"), null=True, blank=True)
    pausable_days = models.PositiveSmallIntegerField(_("longest pause, in days"), null=True, blank=True)
    reopening = models.CharField(
        _("when the case is reopened"), max_length=16, choices=Reopening.choices, default=Reopening.ENDS
    )

    history = RowHistory()

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["policy", "id"]
        verbose_name = _("term of a policy")
        verbose_name_plural = _("terms of policies")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_term_per_policy_and_target", fields=["policy", "target"]),
            models.CheckConstraint(
                name="term_allows_some_time",
                condition=Q(amount__gt=0, by_time=None) | Q(by_time__isnull=False, unit__in=["days", "working_days"]),
            ),
            models.CheckConstraint(
                name="term_extends_beyond_itself", condition=Q(extendable_to=None) | Q(extendable_to__gt=F("amount"))
            ),
            models.CheckConstraint(
                name="term_supervisor_extends_within",
                condition=Q(supervisor_extends_to=None)
                | Q(supervisor_extends_to__gt=F("amount"), supervisor_extends_to__lte=F("extendable_to")),
            ),
            models.CheckConstraint(
                name="statutory_term_is_not_paused", condition=Q(is_statutory=False) | Q(pausable_days=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.policy)

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.amount, Unit(self.unit), self.by_time)
