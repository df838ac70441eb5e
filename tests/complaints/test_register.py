"""Register: whoever hears it first is first responder and owner, and the clocks run from receipt."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from complaints import intake
from complaints.models import Complaint
from tests.conftest import NOW, Cast

Register = Callable[..., Complaint]
A_DAY_OF_ITS_OWN = datetime(2026, 4, 17, 2, tzinfo=UTC)  # a number that was given is never given again


def test_the_first_to_hear_is_first_responder_and_owner(register: Register, cast: Cast) -> None:
    case = register("fiona")
    assert (case.first_responder, case.owner) == (cast.fiona, cast.fiona)
    assert case.owner_unit == cast.unit["E1"]


@time_machine.travel(NOW, tick=False)
def test_clocks_run_from_receipt_not_from_entry(register: Register) -> None:
    case = register("fiona", received_at=NOW - timedelta(hours=3))
    response, resolution = case.clocks.all()
    assert response.due_at == NOW + timedelta(hours=21)
    assert resolution.due_at == datetime(2026, 3, 9, 16, tzinfo=UTC)  # R30: the end of 2026-03-09 in Shanghai
    assert case.due_at == response.due_at


@time_machine.travel(A_DAY_OF_ITS_OWN, tick=False)
def test_references_count_within_the_day(register: Register) -> None:
    first, second = register("fiona"), register("walter")
    assert first.reference == "TS20260417-000001"
    assert second.reference == "TS20260417-000002"


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    case = register("fiona")
    event = case.events.get()
    assert (event.verb, event.actor, event.seq) == ("register", cast.fiona, 1)
    row = case.history.get()
    assert (row.history_user, row.history_change_reason) == (cast.fiona, "register")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"summary": "  "}, "summary"),
        ({"received_at": datetime(9999, 1, 1, tzinfo=UTC)}, "received_at"),
        ({"received_at": datetime(1900, 1, 1, tzinfo=UTC)}, "received_at"),
        ({"received_at": NOW, "late_entry_reason": " "}, "late_entry_reason"),
        ({"claimed_amount": -1}, "claimed_amount"),
    ],
)
def test_bad_input_names_the_field(register: Register, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        register("fiona", **given)
    assert field in refused.value.errors
    assert not Complaint.objects.exists()


def test_the_same_key_gives_the_same_complaint(cast: Cast) -> None:
    def once(digest: str = "a") -> Complaint:
        details = intake.Intake(channel="visit", unit=cast.unit["E1"], summary="排队两小时")
        return intake.register(details, actor=cast.fiona, key="k1", digests=[digest])

    assert once() == once()
    with pytest.raises(Conflict):
        once("b")


def test_nobody_registers_a_complaint_about_themselves(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        register("fiona", staff_complained_about=cast.fiona)


def test_auditors_and_administrators_register_nothing(register: Register) -> None:
    for who in ("audrey", "adam"):
        with pytest.raises(NotAllowed):
            register(who)


def test_any_two_characters_find_it(register: Register, cast: Cast) -> None:
    case = register("fiona", summary="短信扣费未退", narrative="𠮷先生说年金险被当成存款")
    seen = Complaint.objects.visible_to(cast.fiona)
    for words in ("扣费", "年金", "𠮷先", "扣费 存款", case.reference):
        assert list(seen.search(words)) == [case]
    assert not seen.search("扣款").exists()


def test_a_megabyte_of_narrative_is_kept_whole(register: Register) -> None:
    story = "这是客户的原话，一字不漏。" * 80_000
    case = register("fiona", narrative=story)
    assert Complaint.objects.get(pk=case.pk).narrative == story


def test_received_long_ago_needs_a_reason(register: Register) -> None:
    case = register("fiona", received_at=timezone.now() - timedelta(days=3), late_entry_reason="周末信件")
    assert case.late_entry_reason == "周末信件"
