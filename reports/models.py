"""Who took what out of the house: one row an export, never changed (trigger)."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Export(models.Model):
    """A file that was taken out. Written before its first byte leaves."""

    class What(models.TextChoices):
        REGISTER = "register", _("register book")
        MONTHLY = "monthly", _("monthly statistics")

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    what = models.CharField(max_length=16, choices=What.choices)
    form = models.CharField(max_length=8, choices=Form.choices)
    first_on = models.DateField()
    last_on = models.DateField()
    rows = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes: ClassVar = [models.Index(name="export_latest", fields=["what", "-at"])]

    def __str__(self) -> str:
        return f"{self.what} {self.first_on}–{self.last_on}"
