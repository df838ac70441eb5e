"""The tick that tells people what happened on their cases."""

from celery import shared_task
from django.utils import timezone

from notifications import delivery


@shared_task(name="notifications.deliver")
def deliver() -> int:
    return delivery.deliver(timezone.now())
