"""Who was told in-app about what: one row a person and event, made once by whichever worker comes first."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.models import CaseEvent


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """In-app notice of an event to somebody who did not do it."""

    recipient = models.ForeignKey(User, models.PROTECT, related_name="notifications")
    event = models.ForeignKey(CaseEvent, models.PROTECT, related_name="notifications")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_notification_per_event_and_person", fields=["event", "recipient"])
        ]
        indexes: ClassVar = [
            models.Index(name="notification_unread", fields=["recipient", "-id"], condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.event_id}"
