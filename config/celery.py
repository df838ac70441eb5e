"""The task queue: a faster way to notice what PostgreSQL already knows, and nothing else.

Correctness sits in rows; a task may be lost, late or run twice. Tasks carry ids only, as JSON, and are never given an
`eta` or a `countdown`. What is due again and again is a tick that looks for work, never a queue of appointments.
"""

import os
from datetime import UTC, datetime
from typing import Any

from celery import Celery
from celery.beat import ScheduleEntry, Scheduler
from celery.signals import beat_init, heartbeat_sent, setup_logging, worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured

from config import leash, pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

QUEUES = ("deadline", "notify", "export")
LONGEST_TASK = 300  # seconds
SWEEP_SECONDS = 20.0
BEHIND_PAGES = 10  # niceness of the pool
NOTIFY_SECONDS = 5.0

SETTINGS = dict(
    broker_url=os.environ.get("REDIS_URL") or None,
    task_default_queue="deadline",
    task_queues={name: {"exchange": name, "routing_key": name} for name in QUEUES},
    task_routes={"notifications.*": {"queue": "notify"}, "reports.*": {"queue": "export"}},
    # JSON in and out, and no results: an answer that matters is a row.
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    task_ignore_result=True,
    result_expires=None,
    # A task whose worker or child was killed comes back; a tick that comes back twice finds nothing to do.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=LONGEST_TASK,
    task_soft_time_limit=240,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=400_000,  # KB, some four times what one holds; it ends after its task
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_soft_shutdown_timeout=30.0,
    # The broker may be gone for as long as it likes; nobody waits for it long, and the worker never gives up.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 3 * LONGEST_TASK,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "health_check_interval": 25,
    },
    timezone="UTC",
    enable_utc=True,
    beat_scheduler="config.celery:Ticks",
    beat_max_loop_interval=1.0,
    beat_schedule={
        "sweep": {
            "task": "complaints.sweep",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS, "queue": "deadline"},
        },
        "recompute": {
            "task": "complaints.recompute",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS, "queue": "deadline"},
        },
        "notify": {
            "task": "notifications.deliver",
            "schedule": NOTIFY_SECONDS,
            "options": {"expires": NOTIFY_SECONDS, "queue": "notify"},
        },
    },
)
app = Celery("shouwen")
app.conf.update(SETTINGS)
app.autodiscover_tasks()


class Ticks(Scheduler):
    """Beat without a schedule file: every tick is due at once when beat starts, and then at its interval.

    A missed tick is not made up for: the next one finds all that fell due.
    """

    def setup_schedule(self) -> None:
        """Read the schedule from the settings above."""
        super().setup_schedule()
        long_ago = datetime(2000, 1, 1, tzinfo=UTC)
        for entry in self.schedule.values():
            entry.last_run_at = long_ago

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **options: Any) -> Any:
        """Send one tick, and leave a sign of life when the broker has taken it."""
        answer = super().apply_async(entry, producer=producer, advance=advance, **options)
        pulse.beat_once("beat")
        return answer


@setup_logging.connect
def log_as_the_settings_say(**_: Any) -> None:
    """That somebody listens keeps Celery from setting up logs of its own."""


@worker_init.connect
@beat_init.connect
def refuse_to_start(**_: Any) -> None:
    """Neither worker nor beat serves where a check finds an error. A signal would swallow any ordinary exception."""
    from config import checks

    try:
        checks.refuse_to_start()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


@heartbeat_sent.connect
def worker_lives(**_: Any) -> None:
    """The worker's own loop turns, which a busy pool would not hinder."""
    pulse.beat_once("worker")


@worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """A worker that is killed takes the processes of its pool with it; whoever waits for a page comes before all of them."""
    leash.die_with_parent()
    os.nice(BEHIND_PAGES)
