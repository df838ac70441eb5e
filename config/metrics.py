"""What a watch outside reads at /metrics: figures of the rows as they are now, and what the web processes have counted.

The figures are read from the database when they are asked for, so every web process gives the same answer and none has to
remember anything. Counts of requests live in the processes; gunicorn's share a folder (`config.web`), without which they are
left out (docs/decisions/0019).
"""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.middleware import Metrics, PrometheusBeforeMiddleware
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.shell import SILENT_AFTER
from notifications.delivery import waiting
from sla.models import Clock

LOOPS = "SELECT name, extract(epoch FROM now() - finished_at)::float8, found FROM sla_sweep ORDER BY name"
# A clock lies since it fell due, or since its complaint was known if that was later.
UNRECORDED = """
SELECT count(*), count(*) FILTER (WHERE since < now() - %(grace)s * interval '1 second'),
    coalesce(extract(epoch FROM now() - min(since)), 0)::float8
FROM (
    SELECT greatest(clock.due_at, complaint.registered_at) AS since
    FROM sla_clock clock JOIN complaints_complaint complaint ON complaint.id = clock.complaint_id
    WHERE clock.stopped_at IS NULL AND clock.breached_at IS NULL AND clock.due_at <= now()
) lying
"""
FIGURES: Mapping[str, str] = {
    "clocks_unrecorded": "Clocks that are overdue and not recorded as broken.",
    "clocks_unrecorded_late": "Of these, clocks that lie for more than three minutes: a sweep has failed to record them.",
    "clocks_unrecorded_oldest_seconds": "For how long the first of them lies.",
    "clocks_to_recompute": "Running clocks that a newer version of their calendar has yet to reckon.",
    "notifications_waiting": "Notices that nobody has been given yet.",
}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text form, for whoever brings METRICS_TOKEN. 404 where none is set, 401 without it."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(Rows())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Rows(Collector):
    """Gauges of the rows. A database that does not answer is a figure as well."""

    def collect(self) -> Iterator[Any]:
        try:
            found = list(_gauges(timezone.now()))
        except DatabaseError:
            found = []
        yield GaugeMetricFamily("shouwen_database_up", "Whether the database answers.", value=float(bool(found)))
        yield from found

    def describe(self) -> list[Any]:
        """Nothing: the registry would otherwise ask the database for the names."""
        return []


class _OfAllRequests(Metrics):
    """Those metrics of django-prometheus that stand before every other middleware; the rest would only show noughts."""

    def register_metric(self, metric_cls: Any, name: str, *args: Any, **options: Any) -> Any:
        return super().register_metric(metric_cls, name, *args, **options) if "_middlewares_" in name else None


class RequestMiddleware(PrometheusBeforeMiddleware):
    """Counts requests, answers and their time, without labels."""

    metrics_cls = _OfAllRequests


def _gauges(now: datetime) -> Iterator[Any]:
    """Four queries, each over what is still to be done."""
    ages = GaugeMetricFamily("shouwen_loop_age_seconds", "Seconds since a loop last finished.", labels=["loop"])
    found = GaugeMetricFamily("shouwen_loop_found", "What a loop found in its last round.", labels=["loop"])
    with connection.cursor() as cursor:
        cursor.execute(LOOPS)
        for name, age, number in cursor.fetchall():
            ages.add_metric([name], age)
            found.add_metric([name], number)
        cursor.execute(UNRECORDED, {"grace": SILENT_AFTER.total_seconds()})
        values = [*(cursor.fetchone() or ()), Clock.objects.outdated(now).count(), waiting(now)]
    yield ages
    yield found
    for (name, words), value in zip(FIGURES.items(), values, strict=True):
        yield GaugeMetricFamily(f"shouwen_{name}", words, value=float(value))
