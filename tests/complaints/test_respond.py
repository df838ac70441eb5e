"""Respond: what the customer was told is on record; the first time it reached them the 24-hour clock stops (R27)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.errors import Invalid, Stale
from complaints.correspondence import respond
from complaints.escalation import escalate
from complaints.models import Complainant, Complaint, Message
from complaints.states import Verb
from tests.complaints.pages import HTMX, SAID, address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import NOW, Cast, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_the_first_answer_stops_the_clock_at_the_moment_it_was_given(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(hours=5), tick=False):
        case = respond(case, said(at=NOW + timedelta(hours=4)), actor=cast.fiona)
    clock = case.clocks.get(target="response")
    assert (clock.stopped_at, clock.breached_at) == (NOW + timedelta(hours=4), None)
    assert (case.status, case.responded_at, case.due_target) == ("responded", NOW + timedelta(hours=4), "resolution")


def test_an_answer_after_the_deadline_is_a_breach_though_nobody_swept(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        case = respond(case, said(), actor=cast.fiona)
    clock = case.clocks.get(target="response")
    assert clock.breached_at == clock.due_at == NOW + timedelta(hours=24)


@pytest.mark.parametrize("delivery", [Message.Delivery.FAILED, Message.Delivery.UNKNOWN])
def test_what_did_not_reach_them_is_kept_and_stops_nothing(register: Register, cast: Cast, delivery: str) -> None:
    case = respond(register("fiona"), said(delivery=delivery), actor=cast.fiona)
    assert (case.status, case.responded_at) == ("registered", None)
    assert case.clocks.running().count() == 2
    assert case.messages.get().delivery == delivery


def test_a_later_answer_keeps_the_first_moment(register: Register, cast: Cast) -> None:
    case = respond(register("fiona"), said(), actor=cast.fiona)
    first = case.responded_at
    case = respond(case, said(), actor=cast.fiona)
    assert case.responded_at == first
    assert case.contacted_at is not None
    assert first is not None
    assert case.contacted_at >= first


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    case = respond(register("fiona"), said(), actor=cast.fiona)
    assert both_histories_tell(case, Verb.RESPOND, cast.fiona)
    assert case.messages.get().history.get().history_user == cast.fiona


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"body": " "}, "body"),
        ({"at": timezone.now() + timedelta(days=900)}, "at"),
        ({"at": timezone.now() - timedelta(days=900)}, "at"),
        ({"means": Message.Means.NO_CONTACT}, "means"),
    ],
)
def test_bad_input_names_the_field(register: Register, cast: Cast, given: dict[str, object], field: str) -> None:
    case = register("fiona")
    with pytest.raises(Invalid) as refused:
        respond(case, said(**given), actor=cast.fiona)
    assert field in refused.value.errors
    assert not case.messages.exists()


def test_somebody_without_contact_is_answered_by_saying_so(register: Register, as_: As) -> None:
    case = register("fiona", complainant=Complainant(kind="unknown"))
    page = as_("fiona").get(address(case, "respond")).content.decode()
    assert 'value="no_contact"' in page
    assert do(as_("fiona"), case, "respond", **SAID | {"means": "no_contact"}).status_code == 302
    assert fresh(case).status == "responded"


def test_the_page_records_it(register: Register, as_: As) -> None:
    case = register("fiona")
    answer = do(as_("fiona"), case, "respond", **SAID, to_whom="其女儿", proof="录音 R-1")
    assert (answer.status_code, answer["Location"]) == (302, case.get_absolute_url())
    message = case.messages.get()
    assert (message.body, message.to_whom, message.proof) == (SAID["body"], "其女儿", "录音 R-1")


def test_the_minute_of_receipt_is_not_before_the_receipt(register: Register, as_: As) -> None:
    with time_machine.travel(NOW + timedelta(seconds=40), tick=False):
        case = register("fiona")
        typed = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        assert do(as_("fiona"), case, "respond", **SAID, at=typed).status_code == 302
    assert case.messages.get().at == case.received_at


def test_a_stale_page_is_refused_and_keeps_the_text(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    respond(case, said(), actor=cast.fiona, version=1)
    with pytest.raises(Stale):
        respond(case, said(), actor=cast.fiona, version=1)
    answer = do(as_("fiona"), case, "respond", **SAID | {"body": "一字不丢"}, version=1)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "一字不丢" in html
    assert "李敏" in html
    assert 'name="version" value="2"' in html


def test_in_the_dialog_a_stale_form_stays_and_gets_the_new_version(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    respond(case, said(), actor=cast.fiona)
    answer = do(as_("fiona"), case, "respond", headers=HTMX, **SAID, version=1)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "<form" not in html
    assert 'value="2" id="deed_version" hx-swap-oob="true"' in html


def test_what_was_begun_in_the_composer_goes_on_in_the_form(register: Register, as_: As) -> None:
    case = register("fiona")
    answer = as_("fiona").post(address(case, "respond"), {"step": "write", "body": "您好，<b>卡</b>"}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "您好，&lt;b&gt;卡&lt;/b&gt;" in html
    assert not case.messages.exists()


def test_errors_come_back_with_the_text(register: Register, as_: As) -> None:
    case = register("fiona")
    answer = do(as_("fiona"), case, "respond", **SAID | {"means": "pigeon", "body": "一字不丢"})
    assert answer.status_code == 422
    assert "一字不丢" in answer.content.decode()


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59", "yesterday", "2026-02-30T10:00"])
def test_absurd_times_are_errors(register: Register, as_: As, at: str) -> None:
    case = register("fiona")
    assert do(as_("fiona"), case, "respond", **SAID, at=at).status_code == 422


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "respond")


@pytest.mark.parametrize("is_swept", [True, False])
def test_an_answer_entered_late_is_late_whether_or_not_a_sweep_came_first(
    register: Register, cast: Cast, is_swept: bool
) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(hours=24, minutes=5), tick=False):
        if is_swept:
            escalate(case.clocks.get(target="response"), actor=cast.system)
        respond(case, said(at=NOW + timedelta(hours=23, minutes=50)), actor=cast.fiona)
    clock = case.clocks.get(target="response")
    assert (clock.breached_at, clock.stopped_at) == (clock.due_at, NOW + timedelta(hours=24, minutes=5))
