"""The task queue's settings, where a wrong one would lose or double work in silence."""

import ast
from collections.abc import Iterator
from pathlib import Path

from celery.app import defaults
from celery.beat import ScheduleEntry
from kombu.transport.redis import Channel

from config.celery import LONGEST_TASK, QUEUES, SETTINGS, Ticks, app

BASE_DIR = Path(__file__).resolve().parents[2]
APPS = ("accounts", "sla", "complaints", "notifications", "channels", "reports", "config", "faults", "bench")
# What a task must survive, and Celery's and kombu's defaults do not all grant (docs/decisions/0001).
WANTED = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "broker_connection_max_retries": None,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_soft_shutdown_timeout": 30,
    "task_time_limit": 300,
    "task_soft_time_limit": 240,
    "task_ignore_result": True,
    "accept_content": ["json"],
    "worker_max_tasks_per_child": 500,
    "worker_max_memory_per_child": 400_000,
    "enable_utc": True,
    "result_backend": None,
}
TRANSPORT = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 25,
}


def test_the_settings_in_force_are_those_that_lose_and_double_nothing() -> None:
    assert {name: app.conf[name] for name in WANTED} == WANTED


def test_celery_knows_every_setting_by_its_name() -> None:
    """A name that it does not know is kept in silence, and does nothing."""
    known = {name for name, _option in defaults.flatten(defaults.NAMESPACES)}
    assert SETTINGS.keys() - known == set()


def test_the_channel_to_the_broker_takes_every_option() -> None:
    """On a real connection: kombu drops an option that it does not know without a word."""
    with app.connection_for_write() as connection:
        channel = connection.default_channel
        assert isinstance(channel, Channel)
        assert {name: getattr(channel, name) for name in TRANSPORT} == TRANSPORT
        assert channel.socket_timeout > channel.brpop_timeout
    assert app.conf.broker_transport_options == TRANSPORT


def test_nothing_is_sent_for_later() -> None:
    """On Redis a message with an `eta` runs again with every visibility timeout; what is due later is a row."""
    assert [told for name in APPS for path in (BASE_DIR / name).rglob("*.py") for told in _sent_for_later(path)] == []


def _sent_for_later(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and {"eta", "countdown"} & {word.arg for word in node.keywords}:
            yield f"{path.name}:{node.lineno}"


def test_every_queue_has_a_route_of_its_own() -> None:
    keys = {name: queue.routing_key for name, queue in app.amqp.queues.items()}
    assert keys == {name: name for name in QUEUES}


def test_a_task_comes_back_only_after_it_must_have_ended() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.broker_transport_options["visibility_timeout"] > LONGEST_TASK >= app.conf.task_time_limit


def test_only_json_is_accepted() -> None:
    assert app.conf.accept_content == ["json"]


def test_a_tick_that_was_not_taken_up_in_time_expires() -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] == entry["schedule"]


def test_every_tick_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    app.finalize()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_every_tick_is_due_as_soon_as_beat_starts() -> None:
    entries: list[ScheduleEntry] = list(Ticks(app).schedule.values())
    assert len(entries) == len(app.conf.beat_schedule)
    assert all(entry.is_due().is_due for entry in entries)
