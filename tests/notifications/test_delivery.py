"""Notices: told to whom it concerns, never to the doer, once, whoever delivers."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from complaints import ownership
from complaints.correspondence import note, respond
from complaints.lifecycle import reopen, withdraw
from complaints.models import Complaint
from complaints.tasks import due_clocks, record_breaches
from notifications import tasks
from notifications.delivery import LOOK_BACK, deliver, mark_read
from notifications.models import Notification
from tests.conftest import Cast, said

Register = Callable[..., Complaint]


def told() -> set[tuple[str, str]]:
    """Who was told of which deed, of everything undelivered so far."""
    deliver(timezone.now())
    return set(Notification.objects.values_list("event__verb", "recipient__username"))


def test_an_offer_and_its_answers(register: Register, cast: Cast) -> None:
    case = ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    assert told() == {("hand_over", "frank")}
    case = ownership.decline(case, "正在休假", actor=cast.frank)
    assert told() == {("hand_over", "frank"), ("decline", "fiona")}
    case = ownership.hand_over(case, cast.grace, "请办理", actor=cast.fiona)
    ownership.recall(case, actor=cast.fiona)
    assert told() >= {("hand_over", "grace"), ("recall", "grace")}


def test_whoever_loses_or_gains_a_case_is_told(register: Register, cast: Cast) -> None:
    offered = ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    ownership.accept(offered, actor=cast.frank)
    ownership.take(register("fiona"), actor=cast.frank)
    ownership.assign(register("fiona"), cast.grace, actor=cast.sam)
    assert told() == {
        ("hand_over", "frank"), ("accept", "fiona"), ("take", "fiona"), ("assign", "fiona"), ("assign", "grace"),
    }  # fmt: skip


def test_a_reminder_reaches_the_owner(register: Register, cast: Cast) -> None:
    ownership.remind(register("fiona"), "请今天联系客户", actor=cast.sam)
    assert told() == {("remind", "fiona")}


def test_a_breach_reaches_owner_and_first_responder_and_its_escalation_the_supervisors(
    register: Register, cast: Cast
) -> None:
    case = register("fiona", received_at=timezone.now() - timedelta(hours=30))
    ownership.take(case, actor=cast.frank)
    for handful in due_clocks():
        record_breaches(handful)
    assert told() == {
        ("take", "fiona"), ("breach", "fiona"), ("breach", "frank"), ("escalate", "sam"),
    }  # fmt: skip


def test_nobody_hears_of_their_own_deed(register: Register, cast: Cast) -> None:
    ownership.assign(register("fiona"), cast.sam, actor=cast.sam)
    ownership.remind(register("sam"), actor=cast.sam)
    assert told() == {("assign", "fiona")}


def test_what_concerns_nobody_else_is_not_told(register: Register, cast: Cast) -> None:
    case = respond(register("fiona"), said(), actor=cast.fiona)
    note(case, "已核对流水", actor=cast.fiona)
    assert told() == set()


def test_a_second_delivery_tells_nobody_again(register: Register, cast: Cast) -> None:
    ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    assert [deliver(timezone.now()), deliver(timezone.now()), tasks.deliver()] == [1, 0, 0]


def test_a_breach_is_not_told_again_to_a_later_owner(register: Register, cast: Cast) -> None:
    case = register("fiona", received_at=timezone.now() - timedelta(hours=30))
    for handful in due_clocks():
        record_breaches(handful)
    deliver(timezone.now())
    ownership.take(case, actor=cast.frank)
    assert ("breach", "frank") not in told()


def test_old_events_are_not_told(register: Register, cast: Cast) -> None:
    ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    assert deliver(timezone.now() + LOOK_BACK + timedelta(days=1)) == 0


def test_the_owner_hears_of_a_withdrawal_and_a_reopening(resolved: Complaint, cast: Cast) -> None:
    case = reopen(resolved, "退款未到账", actor=cast.frank)
    case = ownership.take(case, actor=cast.frank)
    withdraw(case, "客户来电撤回", actor=cast.fiona)
    assert told() >= {("reopen", "fiona"), ("withdraw", "frank")}


def test_an_offer_that_lapses_is_told_to_whom_it_was_made(register: Register, cast: Cast) -> None:
    case = ownership.hand_over(register("fiona"), cast.hank, "请办理", actor=cast.fiona)
    ownership.take(case, actor=cast.frank)
    assert told() >= {("take", "hank"), ("take", "fiona")}


def test_reading_concerns_ones_own_notices_only(register: Register, cast: Cast) -> None:
    for _ in range(2):
        ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    deliver(timezone.now())
    first, second = cast.frank.notifications.all()
    assert mark_read(first.pk, actor=cast.fiona) == 0
    assert mark_read(first.pk, actor=cast.frank) == 1
    assert list(cast.frank.notifications.unread()) == [second]
    assert mark_read(actor=cast.frank) == 1
