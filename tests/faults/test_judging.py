"""The judge of the fault suite fails what is lost, doubled, strayed, misdated or broken, and nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from complaints import tasks
from complaints.models import Complaint
from faults import injecting, judging, moving
from faults.judging import Verdict, judged, verdicts
from faults.report import Moved, Result, table
from notifications.delivery import deliver
from sla.models import CalendarVersion, Clock
from tests.conftest import Cast

Due = dict[int, datetime]
NAMES = ("breaches", "steps", "breach events", "escalate events", "notices", "warn events", "digests")


@pytest.fixture
def due(register: Callable[..., Complaint]) -> Due:
    """Three clocks that were due, recorded and told as they should be."""
    for _ in range(3):
        register("fiona", received_at=timezone.now() - timedelta(hours=30))
    clocks = dict(Clock.objects.unrecorded(timezone.now()).values_list("pk", "due_at"))
    assert tasks.record_breaches(list(clocks)) == 3
    deliver(timezone.now())
    return clocks


def _do(statement: str) -> None:
    """Behind the back of every trigger and constraint."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table_name in ("complaints_caseevent", "sla_clock", "complaints_escalation"):
            cursor.execute(f"ALTER TABLE {table_name} DISABLE TRIGGER USER")
        cursor.execute(statement)


def _faults(due: Due) -> dict[str, tuple[int, int, int]]:
    """What is lost, doubled and stray, of the effects that are not good."""
    found = zip(NAMES, verdicts(due), strict=True)
    return {name: (each.lost, each.doubled, each.stray) for name, each in found if not each.is_good}


def test_what_is_wanted_once_may_be_lost_doubled_or_stray() -> None:
    assert judged("x", {1, 2}, {1: 1, 2: 1}) == Verdict("x", 2, 2, lost=0, doubled=0, stray=0)
    verdict = judged("x", {1, 2}, {2: 3, 9: 2})
    assert verdict == Verdict("x", 2, 5, lost=1, doubled=2, stray=2)
    assert not verdict.is_good


@pytest.mark.django_db
def test_effects_as_they_should_be_are_good(due: Due) -> None:
    assert _faults(due) == {}
    assert [(each.wanted, each.found) for each in verdicts(due)] == [(3, 3)] * 4 + [(6, 6), (0, 0), (0, 0)]
    assert judging.untold() == 0
    assert judging.broken_rows() == []


@pytest.mark.django_db
def test_an_unrecorded_clock_is_lost_in_every_effect(due: Due) -> None:
    due[max(due) + 1] = timezone.now()
    assert _faults(due) == {name: (1, 0, 0) for name in NAMES[:4]}


@pytest.mark.django_db
def test_a_clock_that_was_not_due_is_stray(due: Due) -> None:
    due.popitem()
    assert _faults(due) == {name: (0, 0, 1) for name in NAMES[:4]}


@pytest.mark.django_db
def test_a_breach_with_another_date_is_lost_and_stray(due: Due) -> None:
    due[min(due)] -= timedelta(minutes=1)
    assert _faults(due) == {"breaches": (1, 0, 1), "breach events": (1, 0, 1)}


@pytest.mark.django_db
def test_a_second_event_is_doubled_and_breaks_the_history(due: Due) -> None:
    _do(
        "INSERT INTO complaints_caseevent (complaint_id, seq, verb, actor_id, at, status, facts, hash)"
        " SELECT complaint_id, seq + 7, verb, actor_id, at, status, facts, hash FROM complaints_caseevent"
        " WHERE verb = 'escalate' ORDER BY id LIMIT 1"
    )
    assert _faults(due) == {"escalate events": (0, 1, 0), "notices": (1, 0, 0)}
    assert judging.broken_rows()


@pytest.mark.django_db
def test_a_step_that_is_gone_is_lost(due: Due) -> None:
    _do("DELETE FROM complaints_escalation WHERE id = (SELECT min(id) FROM complaints_escalation)")
    assert _faults(due) == {"steps": (1, 0, 0)}


@pytest.mark.django_db
def test_a_second_step_is_stray(due: Due) -> None:
    _do(
        "INSERT INTO complaints_escalation (complaint_id, clock_id, step, unit_id, at)"
        " SELECT complaint_id, clock_id, 2, unit_id, at FROM complaints_escalation ORDER BY id LIMIT 1"
    )
    assert _faults(due) == {"steps": (0, 0, 1)}


@pytest.mark.django_db
def test_a_notice_that_is_gone_is_lost_and_one_given_twice_is_doubled(due: Due) -> None:
    _do("ALTER TABLE notifications_notification DROP CONSTRAINT one_notification_per_event_and_person")
    _do(
        "INSERT INTO notifications_notification (recipient_id, event_id, made_at)"
        " SELECT recipient_id, event_id, made_at FROM notifications_notification ORDER BY id LIMIT 1"
    )
    _do("DELETE FROM notifications_notification WHERE id = (SELECT max(id) - 1 FROM notifications_notification)")
    assert _faults(due) == {"notices": (1, 1, 0)}
    assert judging.untold() == 1


def test_faults_come_in_the_order_of_their_moments_the_same_for_the_same_seed() -> None:
    faults = injecting.planned(20, Random(7))
    assert faults == injecting.planned(20, Random(7)) != injecting.planned(20, Random(8))
    assert [fault.share for fault in faults] == sorted(fault.share for fault in faults)
    kinds = [fault.kind for fault in faults]
    assert {kind: kinds.count(kind) for kind in injecting.WORDS} == {
        "worker": 20, "pool": 5, "message": 10, "postgres": 1, "valkey": 1, "beat": 1, "loop": 1,
    }  # fmt: skip


def _result(**other: object) -> Result:
    good = [Verdict("breaches", 3, 3, 0, 0, 0)]
    given = {
        "planned": {"worker": 1},
        "injected": {"worker": 1},
        "awaited": "",
        "verdicts": good,
        "seconds": 2.0,
    } | other
    return Result(3, 3, 1, 7, **given)  # type: ignore[arg-type]


def test_a_run_without_a_fault_wants_nothing() -> None:
    assert list(_result().wants()) == []
    assert "2 breaches a second" in table(_result())
    assert "WRONG" not in table(_result())


def test_a_worker_may_give_up_when_its_pool_was_killed_before_it_was_up() -> None:
    both = {"worker": 1, "pool": 1}
    assert list(_result(planned=both, injected=both, own_ends={"worker-1": [1]}).wants()) == []


@pytest.mark.parametrize(
    ("other", "want"),
    [
        ({"verdicts": [Verdict("breaches", 3, 2, 1, 0, 0)]}, "1 lost"),
        ({"verdicts": [Verdict("breaches", 3, 4, 0, 1, 0)]}, "1 doubled"),
        ({"verdicts": [Verdict("breaches", 3, 4, 0, 0, 1)]}, "1 stray"),
        ({"verdicts": [Verdict("breaches", 0, 0, 0, 0, 0)]}, "breaches: 0 lost"),
        ({"verdicts": []}, "Nothing was judged"),
        ({"injected": {}}, "planned {'worker': 1}"),
        ({"awaited": "everybody to be told"}, "Waited in vain for everybody"),
        ({"not_back": ["worker-1"]}, "Did not come back: worker-1"),
        ({"own_ends": {"beat-1": [1]}, "injected": {"worker": 1, "pool": 1}}, "Ended by themselves"),
        ({"own_ends": {"worker-1": [1]}}, "Ended by themselves"),
        ({"broken": ["complaints_caseevent 4 hash TS1"]}, "Broken: complaints_caseevent 4"),
    ],
)
def test_whatever_is_wrong_is_said(other: dict[str, object], want: str) -> None:
    result = _result(**other)
    assert any(want in said for said in result.wants())
    assert f"WRONG: {next(iter(result.wants()))}" in table(result)


@pytest.mark.django_db
def test_warnings_and_later_steps_are_judged_like_the_first(due: Due) -> None:
    others = judging.other_steps(due, timezone.now())
    assert {number for _clock, number in others} == {-1}
    missing = [(each.what, each.lost) for each in verdicts(due, others) if not each.is_good]
    assert missing == [("steps of ladders", 3), ("warn events", 3)]
    tasks.take_steps(list(due))
    assert [each.what for each in verdicts(due, others) if not each.is_good] == ["notices, by event and person"]
    deliver(timezone.now())
    assert all(each.is_good for each in verdicts(due, others))


# The calendar


@pytest.fixture
def published(register: Callable[..., Complaint], cast: Cast) -> tuple[moving.Before, CalendarVersion]:
    """Two deadlines moved by a holiday, as they should be; a third one broke before it was published."""
    register("fiona", received_at=timezone.now() - timedelta(days=90), late_entry_reason="信件晚到")
    for _ in range(2):
        register("fiona")
    for handful in tasks.due_clocks():
        tasks.record_breaches(handful)
    before = moving._before()
    version = moving._published(moving._latest().value().working_day_after(timezone.localdate(), 2))
    for handful in tasks.outdated_clocks():
        assert tasks.recompute_clocks(handful) == 2
    deliver(timezone.now())
    return before, version


def _calendar_faults(published: tuple[moving.Before, CalendarVersion]) -> dict[str, tuple[int, int, int]]:
    return {
        each.what: (each.lost, each.doubled, each.stray) for each in moving.verdicts(*published) if not each.is_good
    }


@pytest.mark.django_db
def test_dates_moved_as_they_should_be_are_good(published: tuple[moving.Before, CalendarVersion]) -> None:
    assert _calendar_faults(published) == {}
    assert [each.wanted for each in moving.verdicts(*published)][:3] == [2, 2, 4]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE sla_clock SET due_on = due_on + 1 WHERE id = (SELECT max(id) FROM sla_clock WHERE unit = 'working_days')",
         {"dates by the new version": (1, 0, 1)}),
        ("UPDATE sla_clock SET due_on = due_on + 1 WHERE id = (SELECT min(id) FROM sla_clock)",
         {"all other clocks, as they were": (1, 0, 1)}),
        ("INSERT INTO complaints_caseevent (complaint_id, seq, verb, actor_id, at, status, facts, hash)"
         " SELECT complaint_id, seq + 7, verb, actor_id, at, status, facts, hash FROM complaints_caseevent"
         " WHERE verb = 'recompute' ORDER BY id LIMIT 1",
         {"recompute events, with both dates": (0, 1, 0), "notices, by event and person": (1, 0, 0)}),
    ],
)  # fmt: skip
def test_a_date_or_an_event_that_should_not_be_is_found(
    published: tuple[moving.Before, CalendarVersion], statement: str, found: dict[str, tuple[int, int, int]]
) -> None:
    _do(statement)
    assert _calendar_faults(published) == found


def _moved(**other: object) -> Moved:
    given = {"planned": {"worker": 1}, "injected": {"worker": 1}, "awaited": "", "seconds": 2.0, "total": 3, "moved": 2,
             "kept_dates": 1, "is_finished": True, "progress": [(0.0, 0), (0.5, 2), (1.0, 3)],
             "verdicts": [Verdict("dates", 3, 3, 0, 0, 0)]} | other  # fmt: skip
    return Moved(3, 3, 1, 7, **given)  # type: ignore[arg-type]


def test_a_progress_that_ends_where_it_should_is_good() -> None:
    assert list(_moved().wants()) == []
    assert "2 moved and 1 kept their date" in table(_moved())


@pytest.mark.parametrize(
    ("other", "want"),
    [
        ({"progress": [(0.0, 0), (0.5, 3), (0.6, 2), (1.0, 3)]}, "went back"),
        ({"progress": [(0.0, 0), (1.0, 3)]}, "seen at 2 numbers only"),
        ({"progress": []}, "seen at 0 numbers only"),
        ({"moved": 3}, "ended at 3 + 1 of 3"),
        ({"total": 4}, "of 4, of 3 clocks"),
        ({"is_finished": False}, "not finished"),
        ({"moved": 3, "kept_dates": 0}, "some must not"),
    ],
)
def test_a_progress_that_goes_wrong_is_said(other: dict[str, object], want: str) -> None:
    result = _moved(**other)
    assert any(want in said for said in result.wants())
    assert "WRONG" in table(result)
