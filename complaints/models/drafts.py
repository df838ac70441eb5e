"""What is typed and not yet registered, sealed to its row; and the addresses people keep."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.personal_data import SealedField


class Draft(models.Model):
    """A half-typed intake: the form as JSON, sealed, because it holds personal data. Its id is the intake key.

    `complaint_reference` is set once the draft became a complaint: a second click finds it and makes no second one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="drafts")
    data = SealedField()
    updated_at = models.DateTimeField()
    complaint_reference = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["-updated_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return f"draft {self.pk}"


class SavedView(models.Model):
    """An address of the queue that somebody keeps under a name."""

    user = models.ForeignKey(User, models.PROTECT, related_name="saved_views")
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=40)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints: ClassVar = [models.UniqueConstraint(name="one_saved_view_per_name", fields=["user", "name"])]

    def __str__(self) -> str:
        return self.name
