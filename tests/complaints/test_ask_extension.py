"""Ask for an extension: before the deadline, within what its rule allows, and nothing moves yet (R32)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.errors import Invalid, NotAllowed, Stale, WrongStatus
from complaints.extending import approve_extension, ask_extension
from complaints.models import Complaint, Extension
from complaints.states import Verb
from notifications.delivery import deliver
from notifications.models import Notification
from tests.complaints.pages import both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast, a_wish

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_nothing_moves_yet(register: Register, cast: Cast) -> None:
    case = register("fiona")
    before = case.clocks.get(target="resolution").due_at
    asked = ask_extension(case, a_wish(), actor=cast.fiona)
    clock = asked.clocks.get(target="resolution")
    assert (clock.due_at, clock.original_due_at, asked.extension) == (before, None, "asked")
    assert (asked.extensions.get().amount_before, asked.extensions.get().amount) == (15, 30)


@pytest.mark.parametrize(
    ("field", "wish"),
    [
        ("amount", {"amount": 15}), ("amount", {"amount": 46}), ("reason", {"reason": " "}),
        ("reason", {"reason": "长" * 501}), ("target", {"target": "response"}), ("target", {"target": "progress"}),
    ],
)  # fmt: skip
def test_what_the_rule_does_not_allow_is_refused(
    register: Register, cast: Cast, field: str, wish: dict[str, Any]
) -> None:
    case = register("fiona")
    with pytest.raises(Invalid) as refused:
        ask_extension(case, a_wish(**wish), actor=cast.fiona)
    assert list(refused.value.errors) == [field]
    assert not Extension.objects.exists()


def test_after_the_deadline_it_is_too_late(register: Register, cast: Cast) -> None:
    case = register("fiona", received_at=timezone.now() - timedelta(days=60))
    with pytest.raises(Invalid) as refused:
        ask_extension(case, a_wish(amount=45), actor=cast.fiona)
    assert "target" in refused.value.errors


def test_one_request_waits_at_a_time(register: Register, cast: Cast) -> None:
    case = ask_extension(register("fiona"), a_wish(), actor=cast.fiona)
    with pytest.raises(WrongStatus):
        ask_extension(case, a_wish(amount=40), actor=cast.fiona)


def test_those_who_may_decide_so_much_are_told(register: Register, cast: Cast) -> None:
    for amount, who in ((30, "sam"), (45, "carol")):
        case = ask_extension(register("fiona"), a_wish(amount=amount), actor=cast.fiona)
        deliver(timezone.now())
        told = Notification.objects.filter(event__complaint=case).values_list("recipient__username", flat=True)
        assert list(told) == [who]


def test_only_the_owner_asks(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        ask_extension(register("fiona"), a_wish(), actor=cast.sam)


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    assert both_histories_tell(
        ask_extension(register("fiona"), a_wish(), actor=cast.fiona), Verb.ASK_EXTENSION, cast.fiona
    )


def test_a_stale_page_is_refused(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(Stale):
        ask_extension(case, a_wish(), actor=cast.fiona, version=case.version + 1)


def test_the_page_says_how_far_it_may_go(register: Register, as_: As) -> None:
    with time_machine.travel("2026-02-10 10:00+08:00", tick=False):
        case = register("fiona")
        page = as_("fiona").get(f"{case.get_absolute_url()}ask_extension/").content.decode()
    assert "45 个工作日" in page
    assert "4月21日" in page  # the 45th working day after 2026-02-10


def test_the_page_works(register: Register, as_: As) -> None:
    case = register("fiona")
    sent = {"target": "resolution", "amount": "30", "reason_code": "complex", "reason": "原因"}
    assert do(as_("fiona"), case, "ask_extension", **sent).status_code == 302
    assert fresh(case).extension == "asked"
    assert do(as_("fiona"), register("fiona"), "ask_extension", **sent | {"amount": "90"}).status_code == 422


def test_the_request_waits_on_the_work_of_those_who_may_decide(register: Register, cast: Cast, as_: As) -> None:
    case = ask_extension(register("fiona"), a_wish(), actor=cast.fiona)
    address = f"{case.get_absolute_url()}approve_extension/"
    assert address in as_("sam").get("/work/").content.decode()
    assert address not in as_("fiona").get("/work/").content.decode()
    assert address not in as_("wendy").get("/work/").content.decode()
    approve_extension(case, actor=cast.sam)
    assert address not in as_("sam").get("/work/").content.decode()


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("helen"), register("fiona"), "ask_extension")
