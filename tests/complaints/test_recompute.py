"""Recompute: a newer version of the calendar moves what still runs, once, and the history keeps both dates."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from complaints import tasks
from complaints.correspondence import respond
from complaints.deadlines import recompute_together
from complaints.escalation import escalate
from complaints.integrity import Proof, broken
from complaints.lifecycle import investigate, resolve
from complaints.models import Complaint
from complaints.sentences import plain
from complaints.states import Verb
from notifications.delivery import deliver
from notifications.models import Notification
from sla.calendar import DayRule
from sla.models import CalendarVersion, Clock, Recomputation
from sla.publication import publish
from tests.complaints.pages import both_histories_tell, fresh
from tests.conftest import NOW, Cast, decided, established, said

Register = Callable[..., Complaint]
HOLIDAY = date(2026, 3, 5)  # a Thursday


@pytest.fixture
def case(register: Register) -> Complaint:
    """Received on 2026-02-10: fifteen working days end on 2026-03-09."""
    with time_machine.travel(NOW, tick=False):
        return register("fiona")


def announce(*off: date, years: tuple[int, ...] = (2026,)) -> CalendarVersion:
    """Publish the days of these years as they are, with some more of them off."""
    latest = CalendarVersion.objects.latest_for("cn")
    days = {day.date: DayRule(day.works, day.name) for day in latest.days.all() if day.date.year in years}
    extra = {day: DayRule(False, "临时放假") for day in off}
    return publish("cn", days | extra, source="测试公告", actor=User.objects.system()).version


def outdated() -> list[int]:
    return [key for handful in tasks.outdated_clocks() for key in handful]


def resolution(case: Complaint) -> Clock:
    return case.clocks.get(target="resolution")


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_a_holiday_moves_the_date_and_both_histories_tell(case: Complaint, cast: Cast) -> None:
    version = announce(HOLIDAY)
    assert tasks.recompute_clocks(outdated()) == 1
    clock = resolution(case)
    assert (clock.due_on, clock.calendar_version) == (date(2026, 3, 10), version)
    assert both_histories_tell(case, Verb.RECOMPUTE, cast.system)
    (told,) = case.events.get(verb=Verb.RECOMPUTE).facts["clocks"]
    assert (told["from"], told["due_at"]) == ("2026-03-09T16:00:00+00:00", "2026-03-10T16:00:00+00:00")
    assert not list(broken(Proof()))


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_the_list_leads_with_the_new_date_where_it_is_the_strictest(case: Complaint, cast: Cast) -> None:
    respond(case, said(), actor=cast.fiona)
    announce(HOLIDAY)
    tasks.recompute_clocks(outdated())
    assert fresh(case).due_at == datetime(2026, 3, 10, 16, tzinfo=UTC)


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_recomputing_twice_changes_nothing(case: Complaint) -> None:
    announce(HOLIDAY)
    keys = outdated()
    assert [tasks.recompute_clocks(keys) for _ in range(2)] == [1, 0]
    assert case.events.filter(verb=Verb.RECOMPUTE).count() == 1


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_a_date_that_stays_only_learns_its_version(case: Complaint) -> None:
    version = announce(date(2026, 6, 3))
    assert tasks.recompute_clocks(outdated()) == 1
    assert resolution(case).calendar_version == version
    assert not case.events.filter(verb=Verb.RECOMPUTE).exists()


def test_a_provisional_date_becomes_final_and_nobody_is_disturbed(register: Register, cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 12, 28, 2, tzinfo=UTC), tick=False):
        case = register("fiona")
        assert resolution(case).provisional
        announce(date(2027, 1, 1), years=(2027,))
        tasks.recompute_clocks(outdated())
        clock, event = resolution(case), case.events.get(verb=Verb.RECOMPUTE)
        assert not clock.provisional
        assert ("to" in event.facts) == (event.facts["clocks"][0]["from"] != event.facts["clocks"][0]["due_at"])


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_the_owner_is_told_of_another_date(case: Complaint, cast: Cast) -> None:
    announce(HOLIDAY)
    tasks.recompute_clocks(outdated())
    deliver(timezone.now())
    assert [notice.recipient for notice in Notification.objects.filter(event__verb="recompute")] == [cast.fiona]
    assert "版本 2" in plain(case.events.get(verb="recompute"), {})


def test_what_has_stopped_or_broken_stays_as_it_was(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        stopped, late = register("fiona"), register("fiona")
        investigate(stopped, established(), actor=cast.fiona)
        resolve(stopped, decided(), actor=cast.fiona)
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        escalate(resolution(late), actor=cast.system)
        before = list(Clock.objects.order_by("pk").values_list("due_at", "calendar_version", "breached_at"))
        announce(HOLIDAY)
        assert outdated() == []
        assert recompute_together(Clock.objects.all(), actor=cast.system) == 0
        assert list(Clock.objects.order_by("pk").values_list("due_at", "calendar_version", "breached_at")) == before


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_the_database_moves_a_promise_in_no_other_way(case: Complaint) -> None:
    clock, old = resolution(case), CalendarVersion.objects.latest_for("cn")
    later = {"due_at": clock.due_at + timedelta(days=1)}
    with pytest.raises(DatabaseError, match="never moved"), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(**later)
    new = announce(HOLIDAY)
    tasks.recompute_clocks(outdated())
    with pytest.raises(DatabaseError, match="never moved"), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(calendar_version=old, **later)
    assert resolution(case).calendar_version == new


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_a_moved_date_that_no_event_tells_is_found(case: Complaint, cast: Cast) -> None:
    version = announce(HOLIDAY)
    clock = resolution(case)
    later = clock.due_at + timedelta(days=1)
    Clock.objects.filter(pk=clock.pk).update(calendar_version=version, due_at=later, due_on=later.date())
    assert {(row.table, row.what) for row in broken(Proof())} == {("sla_clock", "told_otherwise")}


@time_machine.travel(NOW + timedelta(hours=1), tick=False)
def test_the_progress_ends_when_nothing_waits(case: Complaint, register: Register) -> None:
    register("fiona", received_at=NOW - timedelta(days=5), late_entry_reason="补录")
    progress = Recomputation.objects.get(version=announce(HOLIDAY))
    assert (progress.total, progress.finished_at) == (2, None)
    for handful in tasks.outdated_clocks():
        tasks.recompute_clocks(handful)
    tasks.recompute.run()
    progress.refresh_from_db()
    assert (progress.moved + progress.kept, progress.finished_at is not None) == (2, True)
