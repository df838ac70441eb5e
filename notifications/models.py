"""Who was told in-app about what: one row a person and event, made once by whichever worker comes first."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.models import CaseEvent


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True, folded_into=None)

    def standing(self) -> "NotificationQuerySet":
        """What the inbox lists: a digest stands for those that are folded into it."""
        return self.filter(folded_into=None)


class Notification(models.Model):
    """In-app notice of an event to somebody who did not do it.

    `late`: of a step of a deadline that was taken long after its moment, in catching up. When somebody would have too many of
    those, all but one are folded into that one, which is shown and read as the digest of them all.
    """

    recipient = models.ForeignKey(User, models.PROTECT, related_name="notifications")
    event = models.ForeignKey(CaseEvent, models.PROTECT, related_name="notifications")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False, db_default=False)
    folded_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="folded", db_index=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_notification_per_event_and_person", fields=["event", "recipient"])
        ]
        indexes: ClassVar = [
            models.Index(
                name="notification_unread",
                fields=["recipient", "-id"],
                condition=models.Q(read_at=None, folded_into=None),
            ),
            # what may have to be folded, and what was
            models.Index(
                name="notification_late",
                fields=["recipient"],
                condition=models.Q(read_at=None, folded_into=None, late=True),
            ),
            models.Index(
                name="notification_folded", fields=["folded_into"], condition=models.Q(folded_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.event_id}"
