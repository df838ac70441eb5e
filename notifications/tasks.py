"""The tick that tells people what happened on their cases."""

from celery import shared_task
from django.utils import timezone

from notifications import delivery
from sla import enforcement


@shared_task(name="notifications.deliver")
def deliver() -> int:
    """Tell whom nobody has told. The heartbeat is left when the round is over."""
    made = delivery.deliver(timezone.now())
    enforcement.finished("notify", made)
    return made
