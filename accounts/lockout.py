"""How many wrong passwords a name bears: few at one address, more at all addresses together.

The second limit stops whoever tries one name from many addresses. It never shuts people out of where they work: it does
not hold at an address from which they have signed in, and what is refused is not counted, so it ends by itself.
"""

from collections.abc import Mapping
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


class TwoLimits(AxesDatabaseHandler):
    """django-axes with a limit for the name alone (`FAILURES_ANYWHERE`) beside the one for name and address."""

    def is_locked(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        if not _is_tried_everywhere(request, get_client_username(request, credentials)):
            return False
        request.is_locked_everywhere = True  # type: ignore[attr-defined]
        return True


def _is_tried_everywhere(request: Any, name: str) -> bool:
    """Whether a name has failed too often of late, and this is an address it has never come from."""
    recent = AccessAttempt.objects.filter(username=name, attempt_time__gte=get_cool_off_threshold(request))
    failures = recent.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
    if failures < settings.FAILURES_ANYWHERE:
        return False
    return not AccessLog.objects.filter(username__iexact=name, ip_address=request.axes_ip_address).exists()
