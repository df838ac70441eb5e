"""Warn: whoever has the case hears of a deadline before it comes; each step once, by its ladder."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.errors import NotAllowed
from complaints.correspondence import respond
from complaints.escalation import warn
from complaints.models import Complaint, Escalation
from complaints.ownership import AlreadyDone, take
from complaints.states import Verb
from complaints.tasks import stepping_clocks, take_steps
from sla.models import Clock
from tests.complaints.pages import both_histories_tell
from tests.conftest import NOW, Cast, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]
NEAR = NOW + timedelta(hours=20)  # 80 percent of 24 hours are over after 19.2


@pytest.fixture
def near(register: Register) -> Clock:
    """The response clock of a complaint that nobody has answered yet."""
    with time_machine.travel(NOW, tick=False):
        return register("fiona").clocks.get(target="response")


@time_machine.travel(NEAR, tick=False)
def test_the_owner_is_warned(near: Clock, cast: Cast) -> None:
    case = warn(near, actor=cast.system)
    event = case.events.get(verb="warn")
    assert event.facts["to"] == [cast.fiona.pk]
    assert (event.facts["step"], event.facts["share"]) == (-1, 80)
    assert event.facts["at"] == (NOW + timedelta(hours=19.2)).isoformat()


@time_machine.travel(NEAR, tick=False)
def test_the_owner_of_now_is_warned(near: Clock, cast: Cast) -> None:
    take(Complaint.objects.get(pk=near.complaint_id), actor=cast.frank)
    assert warn(near, actor=cast.system).events.get(verb="warn").facts["to"] == [cast.frank.pk]


def test_days_before_the_end_the_owner_is_warned_and_then_the_head_too(near: Clock, cast: Cast) -> None:
    clock = Clock.objects.get(complaint=near.complaint_id, target="resolution")
    with time_machine.travel(clock.due_at - timedelta(hours=20), tick=False):
        respond(Complaint.objects.get(pk=near.complaint_id), said(), actor=cast.fiona)
        assert take_steps([clock.pk])[Verb.WARN] == 2
    first, second = near.complaint.events.filter(verb="warn", facts__target="resolution").order_by("seq")
    assert [first.facts["left"], second.facts["left"]] == [[3, "working_days"], [1, "working_days"]]
    assert [first.facts["to"], second.facts["to"]] == [[cast.fiona.pk], [cast.fiona.pk, cast.sam.pk]]


@time_machine.travel(NEAR, tick=False)
def test_once(near: Clock, cast: Cast) -> None:
    warn(near, actor=cast.system)
    with pytest.raises(AlreadyDone):
        warn(near, actor=cast.system)
    assert Escalation.objects.get().step == -1


def test_not_before_its_moment_and_not_after_the_answer(near: Clock, cast: Cast) -> None:
    with time_machine.travel(NOW + timedelta(hours=19), tick=False):
        with pytest.raises(AlreadyDone):
            warn(near, actor=cast.system)
        assert list(stepping_clocks()) == []
        respond(Complaint.objects.get(pk=near.complaint_id), said(), actor=cast.fiona)
    with time_machine.travel(NEAR, tick=False), pytest.raises(AlreadyDone):
        warn(near, actor=cast.system)
    near.refresh_from_db()
    assert near.next_step_at is None


@time_machine.travel(NEAR, tick=False)
def test_the_clock_knows_when_the_step_after_comes(near: Clock, cast: Cast) -> None:
    warn(near, actor=cast.system)
    near.refresh_from_db()
    assert near.next_step_at == near.due_at + timedelta(days=1)  # Wednesday ten o'clock: a working day later


@time_machine.travel(NEAR, tick=False)
def test_only_by_the_system(near: Clock, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        warn(near, actor=cast.sam)


@time_machine.travel(NEAR, tick=False)
def test_both_histories_tell_it_and_no_page_is_stale(near: Clock, cast: Cast) -> None:
    case = warn(near, actor=cast.system)
    assert both_histories_tell(case, Verb.WARN, cast.system)
    assert case.version == 1


@time_machine.travel(NEAR, tick=False)
def test_the_page_says_so(near: Clock, cast: Cast, as_: As) -> None:
    case = warn(near, actor=cast.system)
    assert re.search("提醒 <b>李敏</b>：.*时限已过 80%", as_("fiona").get(case.get_absolute_url()).content.decode())
