"""What is promised: the targets a clock can run for, and the event that stops each. No queries here."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Target(TextChoices):
    """One promise of time. Policies say how long; a complaint carries one running clock a target at most."""

    RESPONSE = "response", _("first response")
    RESOLUTION = "resolution", _("resolution")
