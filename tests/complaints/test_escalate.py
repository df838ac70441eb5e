"""Escalate: a breach comes before the nearest supervisors who may see the case; once, however many sweep."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.errors import NotAllowed
from accounts.models import Membership
from complaints.correspondence import respond
from complaints.escalation import escalate
from complaints.models import Complaint, Escalation
from complaints.ownership import AlreadyDone, assign
from complaints.states import Verb
from sla.models import Clock
from tests.complaints.pages import both_histories_tell
from tests.conftest import NOW, Cast, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]
LATE = NOW + timedelta(hours=25)


@pytest.fixture
def late(register: Register) -> Clock:
    """The response clock of a complaint that nobody answered within 24 hours."""
    with time_machine.travel(NOW, tick=False):
        return register("fiona").clocks.get(target="response")


def told(case: Complaint) -> list[int]:
    event = case.events.filter(verb="escalate").first()
    assert event is not None
    found: list[int] = event.facts["to"]
    return found


@time_machine.travel(LATE, tick=False)
def test_the_nearest_supervisor_is_told(late: Clock, cast: Cast) -> None:
    case = escalate(late, actor=cast.system)
    assert told(case) == [cast.sam.pk]
    assert case.escalations.get().unit == cast.unit["E"]


@time_machine.travel(LATE, tick=False)
def test_never_the_staff_complained_about(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona", staff_complained_about=cast.sam)
    case = escalate(case.clocks.get(target="response"), actor=cast.system)
    assert told(case) == [cast.olivia.pk]


@time_machine.travel(LATE, tick=False)
def test_it_follows_the_owner(late: Clock, cast: Cast) -> None:
    case = assign(Complaint.objects.get(pk=late.complaint_id), cast.walter, actor=cast.olivia)
    assert told(escalate(late, actor=cast.system)) == [cast.wendy.pk]
    assert case.owner_unit == cast.unit["W1"]


@time_machine.travel(LATE, tick=False)
def test_without_a_supervisor_compliance_is_told(late: Clock, cast: Cast) -> None:
    Membership.objects.filter(role="supervisor").update(until_on=NOW.date() - timedelta(days=1))
    assert told(escalate(late, actor=cast.system)) == [cast.carol.pk]


@time_machine.travel(LATE, tick=False)
def test_without_anybody_the_breach_is_recorded_all_the_same(late: Clock, cast: Cast) -> None:
    Membership.objects.filter(role__in=["supervisor", "compliance"]).update(until_on=NOW.date() - timedelta(days=1))
    case = escalate(late, actor=cast.system)
    assert told(case) == []
    assert case.clocks.get(pk=late.pk).breached_at == late.due_at


@time_machine.travel(LATE, tick=False)
def test_once(late: Clock, cast: Cast) -> None:
    escalate(late, actor=cast.system)
    with pytest.raises(AlreadyDone):
        escalate(late, actor=cast.system)
    assert Escalation.objects.count() == 1


def test_not_before_the_deadline_and_not_after_the_answer(late: Clock, cast: Cast) -> None:
    with time_machine.travel(NOW + timedelta(hours=23), tick=False):
        with pytest.raises(AlreadyDone):
            escalate(late, actor=cast.system)
        respond(Complaint.objects.get(pk=late.complaint_id), said(), actor=cast.fiona)
    with time_machine.travel(LATE, tick=False), pytest.raises(AlreadyDone):
        escalate(late, actor=cast.system)
    assert not Escalation.objects.exists()


@time_machine.travel(LATE, tick=False)
def test_only_by_the_system(late: Clock, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        escalate(late, actor=cast.sam)


@time_machine.travel(LATE, tick=False)
def test_both_histories_tell_it_and_no_page_is_stale(late: Clock, cast: Cast) -> None:
    case = escalate(late, actor=cast.system)
    assert both_histories_tell(case, Verb.ESCALATE, cast.system)
    assert case.version == 1


@time_machine.travel(LATE, tick=False)
def test_the_page_says_so(late: Clock, cast: Cast, as_: As) -> None:
    case = escalate(late, actor=cast.system)
    assert "升级督办至 <b>周岚</b>" in as_("fiona").get(case.get_absolute_url()).content.decode()
