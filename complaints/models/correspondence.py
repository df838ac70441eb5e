"""What was said to the customer and by them (messages), and what we said among ourselves (notes). Kept apart (R18)."""

from hashlib import sha256
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.row_history import RowHistory
from complaints.models.complaint import Complaint


class Message(models.Model):
    """Something said between the institution and the customer: how, when, to whom, what. The evidence of an answer."""

    class Direction(models.TextChoices):
        OUT = "out", _("to the customer")
        IN = "in", _("from the customer")

    class Means(models.TextChoices):
        """How it was said (R29, R38)."""

        PHONE = "phone", _("by phone")
        FACE_TO_FACE = "face_to_face", _("face to face")
        SMS = "sms", _("by SMS")
        EMAIL = "email", _("by e-mail")
        LETTER = "letter", _("by letter")
        WECHAT = "wechat", _("by WeChat")
        NO_CONTACT = "no_contact", _("no contact was left")

    class Delivery(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not delivered")
        UNKNOWN = "unknown", _("delivery unknown")

    class Purpose(models.TextChoices):
        RESPONSE = "response", _("answer")
        OUTCOME = "outcome", _("outcome")
        EXTENSION = "extension", _("notice of an extension")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.OUT)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.RESPONSE)
    means = models.CharField(_("how"), max_length=16, choices=Means.choices)
    at = models.DateTimeField(_("when"))
    to_whom = models.CharField(_("to whom"), max_length=100, blank=True)
    body = models.TextField(_("what was said"))
    delivery = models.CharField(_("delivery"), max_length=16, choices=Delivery.choices, default=Delivery.DELIVERED)
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.get_means_display()} {self.at:%Y-%m-%d %H:%M}"


class Note(models.Model):
    """An internal note. The customer never sees it, in no page, export or document."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="notes")
    body = models.TextField(_("note"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def sha256(self) -> str:
        """What its event keeps of the body, in hex: whoever changes the one must change the chain."""
        return sha256(self.body.encode()).hexdigest()
