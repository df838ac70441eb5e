"""Files that came with a complaint: their hash, size and true type. Kept under a random name; the label is the sender's."""

import uuid
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.models.complaint import Complaint
from complaints.models.drafts import Draft


class Evidence(models.Model):
    """One file. While its complaint is still a draft it hangs on the draft; afterwards on the complaint, for ever."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="evidence")
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, related_name="evidence")
    label = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="evidence_hangs_on_something", condition=Q(complaint__isnull=False) | Q(draft__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def facts(self) -> dict[str, Any]:
        """What the event that takes it in says of it: enough to know the bytes again."""
        return {"evidence": str(self.pk), "sha256": self.sha256, "size": self.size}

    @property
    def path(self) -> Path:
        """Where the bytes lie; no part of it comes from the sender."""
        name = self.pk.hex
        return Path(settings.EVIDENCE_DIR) / name[:2] / name
