"""The task queue's settings, where a wrong one would lose or double work in silence."""

from celery.beat import ScheduleEntry

from config.celery import LONGEST_TASK, QUEUES, Ticks, app


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
