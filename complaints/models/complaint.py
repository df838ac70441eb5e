"""The complaint itself. It changes only through the door (`complaints.history.moving`)."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.row_history import RowHistory
from complaints.models.catalogue import Cause, Product
from complaints.models.complainant import Complainant
from complaints.models.reading import ComplaintQuerySet, OutsideTheDoor
from complaints.states import OPEN, Stage, Status
from sla.targets import Stop, Target

if TYPE_CHECKING:
    from sla.models import Clock

SCOPE = ("owner_unit", "registered_unit", "unit")  # in the indexes that figures are counted from: what scope asks for


PAST = RowHistory(excluded_fields=["pieces", "history_head", "narrative"])  # narrative never changes


class ComplaintManager(models.Manager["Complaint"].from_queryset(ComplaintQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> ComplaintQuerySet:
        found: ComplaintQuerySet = super().get_queryset().defer("pieces")
        return found


class Complaint(models.Model):
    """A dissatisfaction somebody has told us, justified or not (R1)."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("phone")
        VISIT = "visit", _("visit")
        LETTER = "letter", _("letter")
        EMAIL = "email", _("e-mail")
        WECHAT = "wechat", _("WeChat")
        WEIBO = "weibo", _("Weibo")
        WEB = "web", _("web")
        APP = "app", _("app")
        REGULATOR = "regulator", _("regulator")
        OTHER = "other", _("other channel")

    class Severity(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary")
        LARGER = "larger", _("larger")
        MAJOR = "major", _("major")

    class Referrer(models.TextChoices):
        """Who passed the complaint on to us."""

        NFRA = "nfra", _("financial regulatory administration (12378)")
        PBOC = "pboc", _("central bank (12363)")
        CSRC = "csrc", _("securities regulator (12386)")
        GOVERNMENT = "government", _("local government (12345)")
        ASSOCIATION = "association", _("industry association")
        PETITION = "petition", _("petition office")
        OTHER = "other", _("another body")

    # Transient, while the door is open: what the event will say, and where the deed leads.
    facts: dict[str, Any]
    goes_to: Status
    signals: Collection[Stop]
    happened_at: datetime | None
    # Transient, after registering: the clocks that were started, with their policies.
    started: list["Clock"]

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices)
    severity = models.CharField(_("severity"), max_length=16, choices=Severity.choices, default=Severity.ORDINARY)

    channel = models.CharField(_("intake channel"), max_length=16, choices=Channel.choices)
    received_at = models.DateTimeField(_("received"))
    registered_at = models.DateTimeField(_("registered"))
    late_entry_reason = models.CharField(_("reason for late entry"), max_length=500, blank=True)
    place = models.CharField(_("place of reception"), max_length=200, blank=True)
    recording_reference = models.CharField(_("recording reference"), max_length=100, blank=True)
    postmarked_on = models.DateField(_("postmark"), null=True, blank=True)
    registered_mail_number = models.CharField(_("registered mail number"), max_length=50, blank=True)
    external_reference = models.CharField(_("their reference"), max_length=100, blank=True)
    referred_by = models.CharField(
        _("transferred by"), max_length=16, choices=Referrer.choices, blank=True, db_default=""
    )
    alleges_violation = models.BooleanField(_("violation alleged"), default=False, db_default=False)

    complainant = models.OneToOneField(Complainant, models.PROTECT, related_name="complaint")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="complaints_about", verbose_name=_("unit complained about")
    )
    staff_complained_about = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints_about",
        verbose_name=_("staff complained about"),
    )
    staff_described = models.CharField(_("staff as described"), max_length=100, blank=True)
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, blank=True, verbose_name=_("cause"))
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, verbose_name=_("product"))

    summary = models.CharField(_("summary"), max_length=300)
    is_summary_confirmed = models.BooleanField(_("summary confirmed by the customer"), default=False)
    narrative = models.TextField(_("in the customer's words"), blank=True)
    demand = models.CharField(_("demand"), max_length=1000, blank=True)
    claimed_amount = models.DecimalField(_("claimed amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    claimed_currency = models.CharField(max_length=3, default="CNY")
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")

    first_responder = models.ForeignKey(
        User, models.PROTECT, related_name="first_responses", verbose_name=_("first responder")
    )
    registered_unit = models.ForeignKey(Unit, models.PROTECT, related_name="complaints_registered")
    owner = models.ForeignKey(User, models.PROTECT, related_name="complaints_owned", verbose_name=_("owner"))
    owner_unit = models.ForeignKey(Unit, models.PROTECT, related_name="complaints_worked")
    owned_since = models.DateTimeField()
    offered_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="complaints_offered")

    extension = models.CharField(  # the stage of one that is not in force yet; the door keeps it
        max_length=16, choices=Stage.choices, blank=True, db_default="", default=""
    )

    responded_at = models.DateTimeField(_("answered"), null=True)
    contacted_at = models.DateTimeField(_("last contact"), null=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)  # of the strictest running clock; the door keeps it
    due_target = models.CharField(max_length=32, choices=Target.choices, blank=True)

    version = models.PositiveIntegerField(default=1)  # grows with every deed that makes an open page stale
    history_seq = models.PositiveIntegerField(default=0)  # the last event of the case history, and its hash
    history_head = models.BinaryField(default=b"")
    intake_key = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001  (null: no key, so not unique)
    intake_digest = models.CharField(max_length=64, blank=True)
    pieces = SearchVectorField(null=True)

    history = PAST
    objects = ComplaintManager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints: ClassVar = [
            models.CheckConstraint(name="complaint_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="complaint_channel_known",
                condition=Q(
                    channel__in=[
                        "phone",
                        "visit",
                        "letter",
                        "email",
                        "wechat",
                        "weibo",
                        "web",
                        "app",
                        "regulator",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="complaint_received_before_registered", condition=Q(received_at__lte=F("registered_at"))
            ),
            models.CheckConstraint(
                name="complaint_amount_not_negative",
                condition=Q(claimed_amount__isnull=True) | Q(claimed_amount__gte=0),
            ),
            models.CheckConstraint(
                name="complaint_owner_not_complained_about",
                condition=Q(staff_complained_about__isnull=True) | ~Q(owner=F("staff_complained_about")),
            ),
            models.CheckConstraint(
                name="complaint_ended_without_offer",
                condition=Q(offered_to=None) | ~Q(status__in=["closed", "withdrawn"]),
            ),
            models.UniqueConstraint(name="one_complaint_per_intake_key", fields=["first_responder", "intake_key"]),
            # what clocks point at: they carry the units of their complaint, and the database holds both to each other
            models.UniqueConstraint(name="complaint_units", fields=["id", "owner_unit", "registered_unit", "unit"]),
        ]
        indexes: ClassVar = [
            models.Index(name="complaint_due_open", fields=["due_at"], condition=Q(due_at__isnull=False)),
            models.Index(
                name="complaint_open_newest", fields=["-received_at"], condition=~Q(status__in=["closed", "withdrawn"])
            ),
            # lists, and what was received in a period: by channel, by cause, by day
            models.Index(
                name="complaint_received_within",
                fields=["-received_at", "-id"],
                include=["channel", "cause", "staff_complained_about", *SCOPE],
            ),
            models.Index(name="complaint_registered", fields=["-registered_at"]),
            models.Index(
                name="complaint_owner_open",
                fields=["owner", "due_at"],
                condition=~Q(status__in=["closed", "withdrawn"]),
            ),
            # the figures of what is open now, from the index alone
            models.Index(
                name="complaint_open_figures",
                fields=["owner_unit"],
                include=[
                    "due_at",
                    "received_at",
                    "responded_at",
                    "status",
                    "severity",
                    "offered_to",
                    "staff_complained_about",
                    "id",
                    *SCOPE[1:],
                ],
                condition=~Q(status__in=["closed", "withdrawn"]),
            ),
            models.Index(
                name="complaint_resolved_within",
                fields=["resolved_at"],
                include=["staff_complained_about", "id", *SCOPE],
                condition=Q(resolved_at__isnull=False),
            ),
            # what waits to be closed: few among all that is open
            models.Index(
                name="complaint_waiting",
                fields=["-received_at"],
                include=["staff_complained_about", "id", *SCOPE],
                condition=Q(status="resolved"),
            ),
            # what waits for somebody's decision
            models.Index(name="complaint_extension", fields=["extension"], condition=~Q(extension="")),
            models.Index(name="complaint_offered", fields=["offered_to"], condition=Q(offered_to__isnull=False)),
            GinIndex(name="complaint_pieces", fields=["pieces"], fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only the door saves: it sets the flag while it holds the lock."""
        if not getattr(self, "_in_door", False):
            raise OutsideTheDoor(f"{self.reference} changes only through a verb.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("complaints:case", args=[self.reference])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise OutsideTheDoor("Complaints are never deleted.")

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_overdue(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now
