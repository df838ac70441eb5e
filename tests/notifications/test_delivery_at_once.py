"""Several workers deliver at the same moment, each on a connection of its own: each event is told once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.utils import timezone

from complaints import ownership
from complaints.models import Complaint
from notifications.delivery import deliver
from notifications.models import Notification
from tests.committed import db  # noqa: F401  (rows are committed here: several connections meet)
from tests.conftest import Cast


def test_each_event_is_told_once_however_many_deliver(register: Callable[..., Complaint], cast: Cast) -> None:
    for _ in range(20):
        ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    with ThreadPoolExecutor(4) as workers:
        made = list(workers.map(lambda _: _deliver(), range(8)))
    assert sum(made) == Notification.objects.count() == 20


def _deliver() -> int:
    try:
        return deliver(timezone.now())
    finally:
        connection.close()
