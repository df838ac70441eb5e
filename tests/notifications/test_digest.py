"""After an outage one digest a person: every step keeps its event and its notice, and one of them stands for all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from complaints.models import CaseEvent, Complaint, Escalation
from complaints.tasks import due_clocks, record_breaches, stepping_clocks, take_steps
from notifications.delivery import MANY, deliver, mark_read
from notifications.models import Notification
from tests.conftest import NOW, Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]
CASES = 11


def swept() -> None:
    for handful in stepping_clocks():
        take_steps(handful)
    for handful in due_clocks():
        record_breaches(handful)


@pytest.fixture
def forgotten(register: Register) -> None:
    """Complaints that fell due while no sweep ran: of each a warning and the breach, for fiona, and a step for sam."""
    with time_machine.travel(NOW, tick=False):
        for _ in range(CASES):
            register("fiona")


@time_machine.travel(NOW + timedelta(hours=26), tick=False)
def test_more_than_enough_become_one(forgotten: None, cast: Cast) -> None:
    swept()
    assert deliver(timezone.now()) == 3 * CASES
    assert cast.fiona.notifications.count() == 2 * CASES > MANY
    assert cast.fiona.notifications.unread().count() == cast.fiona.notifications.standing().count() == 1
    assert cast.sam.notifications.unread().count() == CASES
    assert Escalation.objects.count() == 2 * CASES


@time_machine.travel(NOW + timedelta(hours=26), tick=False)
def test_every_event_was_told_to_everybody_once_all_the_same(forgotten: None) -> None:
    swept()
    deliver(timezone.now())
    assert deliver(timezone.now()) == 0
    events = CaseEvent.objects.filter(verb__in=("warn", "breach", "escalate"))
    assert set(Notification.objects.values_list("event", flat=True)) == set(events.values_list("pk", flat=True))


@time_machine.travel(NOW + timedelta(hours=26), tick=False)
def test_what_comes_in_parts_goes_into_the_same_digest(forgotten: None, cast: Cast) -> None:
    handfuls = [key for handful in stepping_clocks() for key in handful]
    for key in handfuls:
        take_steps([key])
        record_breaches([key])
        deliver(timezone.now())
    for handful in due_clocks():
        record_breaches(handful)
    deliver(timezone.now())
    assert cast.fiona.notifications.standing().count() == 1


def test_steps_taken_in_time_are_told_one_by_one(forgotten: None, cast: Cast) -> None:
    for hours in (19.3, 24.1):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            swept()
            deliver(timezone.now())
    assert cast.fiona.notifications.unread().count() == 2 * CASES
    assert not Notification.objects.filter(late=True).exists()


@time_machine.travel(NOW + timedelta(hours=26), tick=False)
def test_the_digest_is_read_with_all_that_is_in_it(forgotten: None, cast: Cast) -> None:
    swept()
    deliver(timezone.now())
    digest = cast.fiona.notifications.unread().get()
    assert mark_read(digest.pk, actor=cast.fiona) == 2 * CASES
    assert not cast.fiona.notifications.filter(read_at=None).exists()


@time_machine.travel(NOW + timedelta(hours=26), tick=False)
def test_the_inbox_counts_and_leads_on(forgotten: None, cast: Cast, as_: As) -> None:
    swept()
    deliver(timezone.now())
    page = as_("fiona").get("/notifications/").content.decode()
    assert "中断恢复后补办" in page
    assert f"到期提醒 {CASES} 项、逾期 {CASES} 项" in page
    digest = cast.fiona.notifications.unread().get()
    answer = as_("fiona").post(f"/notifications/{digest.pk}/read/", {"open": "1"})
    assert answer["Location"] == "/work/"


@time_machine.travel(NOW + timedelta(hours=26), tick=False)
def test_the_bell_shows_one(forgotten: None, as_: As) -> None:
    swept()
    deliver(timezone.now())
    page = as_("fiona").get("/notifications/")
    assert page.context["shell"].unread == 1
