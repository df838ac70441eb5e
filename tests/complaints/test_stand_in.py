"""Nothing waits for a person who is away: a deputy hears of every step, or those above do at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Absence, Membership, User
from complaints import ownership
from complaints.circle import Circle
from complaints.escalation import escalate, warn
from complaints.models import Complaint
from complaints.sentences import plain
from notifications.delivery import deliver
from notifications.models import Notification
from sla.models import Clock
from tests.conftest import NOW, Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]
NEAR, LATE = NOW + timedelta(hours=20), NOW + timedelta(hours=25)


@pytest.fixture
def clock(register: Register) -> Clock:
    with time_machine.travel(NOW, tick=False):
        return register("fiona").clocks.get(target="response")


def away(person: User, deputy: User | None = None) -> None:
    Absence.objects.create(person=person, from_on=NOW.date(), until_on=NOW.date() + timedelta(days=9), deputy=deputy)


def facts(case: Complaint, verb: str) -> dict[str, object]:
    found: dict[str, object] = case.events.filter(verb=verb).latest("seq").facts
    return found


@time_machine.travel(NEAR, tick=False)
def test_the_deputy_of_an_absent_owner_is_warned(clock: Clock, cast: Cast) -> None:
    away(cast.fiona, cast.frank)
    case = warn(clock, actor=cast.system)
    assert (facts(case, "warn")["to"], facts(case, "warn")["away"]) == ([cast.frank.pk], [cast.fiona.pk])
    assert plain(case.events.get(verb="warn"), {cast.frank.pk: "方强", cast.fiona.pk: "李敏"}).endswith("（李敏 休假）")
    deliver(timezone.now())
    assert set(Notification.objects.values_list("recipient", flat=True)) == {cast.frank.pk, cast.fiona.pk}


@time_machine.travel(NEAR, tick=False)
def test_where_nobody_stands_in_those_above_are_warned_at_once(clock: Clock, cast: Cast) -> None:
    away(cast.fiona)
    assert facts(warn(clock, actor=cast.system), "warn")["to"] == [cast.sam.pk]


@time_machine.travel(NEAR, tick=False)
def test_an_owner_who_has_left_is_nobody_to_wait_for(clock: Clock, cast: Cast) -> None:
    User.objects.filter(pk=cast.fiona.pk).update(is_active=False)
    assert facts(warn(clock, actor=cast.system), "warn")["to"] == [cast.sam.pk]


@time_machine.travel(NEAR, tick=False)
def test_the_staff_complained_about_stands_in_for_nobody(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona", staff_complained_about=cast.frank)
    away(cast.fiona, cast.frank)
    assert facts(warn(case.clocks.get(target="response"), actor=cast.system), "warn")["to"] == [cast.sam.pk]


@time_machine.travel(LATE, tick=False)
def test_a_breach_comes_before_the_deputies_of_owner_and_head(clock: Clock, cast: Cast) -> None:
    away(cast.fiona, cast.frank)
    away(cast.sam, cast.olivia)
    warn(clock, actor=cast.system)
    case = escalate(clock, actor=cast.system)
    assert facts(case, "escalate")["to"] == [cast.frank.pk, cast.olivia.pk]


@time_machine.travel(LATE, tick=False)
def test_a_head_who_is_away_without_a_deputy_is_passed_over(clock: Clock, cast: Cast) -> None:
    away(cast.sam)
    assert facts(escalate(clock, actor=cast.system), "escalate")["to"] == [cast.olivia.pk]


@time_machine.travel(NOW, tick=False)
def test_whatever_else_an_absent_person_is_told_their_deputy_hears(register: Register, cast: Cast) -> None:
    away(cast.frank, cast.sam)
    ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    deliver(timezone.now())
    assert set(Notification.objects.values_list("recipient", flat=True)) == {cast.frank.pk, cast.sam.pk}


@time_machine.travel(NOW, tick=False)
def test_deputies_in_a_circle_end_the_telling(register: Register, cast: Cast) -> None:
    away(cast.frank, cast.sam)
    away(cast.sam, cast.frank)
    ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    assert deliver(timezone.now()) == 2


@time_machine.travel(NOW, tick=False)
def test_the_people_of_many_cases_cost_no_more(
    register: Register, django_assert_num_queries: Callable[..., object]
) -> None:
    cases = [register("fiona") for _ in range(12)]
    for some in (cases[:2], cases):
        with django_assert_num_queries(5):  # type: ignore[attr-defined]
            Circle.around(some)


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("page", ["case", "queue", "picker"])
def test_pages_say_who_is_away(register: Register, cast: Cast, as_: As, page: str) -> None:
    with time_machine.travel(NOW - timedelta(days=1, hours=2), tick=False):
        case = register("fiona")
    away(cast.fiona, cast.frank)
    away(cast.grace)
    address = {
        "case": case.get_absolute_url(),
        "queue": "/complaints/overdue/",
        "picker": f"{case.get_absolute_url()}people/?for=assign",
    }[page]
    said = "休假至 2月19日" + ("" if page == "picker" else "，由 方强 代理")
    assert said in as_("sam").get(address).content.decode()


def test_who_holds_no_post_any_more_is_not_told_as_owner(clock: Clock, cast: Cast) -> None:
    Membership.objects.filter(user=cast.fiona).update(until_on=NOW.date() - timedelta(days=1))
    with time_machine.travel(NEAR, tick=False):
        assert facts(warn(clock, actor=cast.system), "warn")["to"] == [cast.sam.pk]
