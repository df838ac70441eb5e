"""Call-back: what the customer makes of the outcome, when asked the same day; an attempt stops nothing (R51, R108, R109)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.errors import Invalid, Stale, WrongStatus
from complaints.aftercare import Heard, call_back
from complaints.integrity import Proof, broken
from complaints.lifecycle import close, reopen
from complaints.models import CallBack, Complaint
from complaints.states import Status, Verb
from sla.models import Clock
from tests.complaints.machines import LIST, machine, post
from tests.complaints.pages import address, both_histories_tell, do, outsiders_find_nothing
from tests.conftest import Cast
from tests.sla.test_targets import adopt, told_and_resolved

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def clock_of(case: Complaint) -> Clock:
    return case.clocks.filter(target="call_back").latest("id")


def test_it_is_owed_the_same_day_and_done_once_they_were_reached(register: Register, cast: Cast) -> None:
    adopt("house-call-back")
    with time_machine.travel(datetime.fromisoformat("2026-11-25T10:00+08:00"), tick=False) as moved:
        case = told_and_resolved(register("fiona"), cast.fiona)
        assert clock_of(case).due_at == datetime.fromisoformat("2026-11-26T00:00+08:00")
        moved.shift(timedelta(hours=2))
        case = call_back(close(case, actor=cast.fiona), Heard(""), actor=cast.fiona)
        assert clock_of(case).stopped_at is None
        case = call_back(case, Heard("satisfied", "款已到账"), actor=cast.fiona)
    assert (clock_of(case).stopped_at, clock_of(case).breached_at) == (case.call_backs.latest("at").at, None)
    assert (case.status, list(broken(Proof()))) == (Status.CLOSED, [])


def test_what_ends_on_a_saturday_is_owed_on_monday(register: Register, cast: Cast) -> None:
    adopt("house-call-back")
    with time_machine.travel(datetime.fromisoformat("2026-11-28T10:00+08:00"), tick=False):  # a Saturday
        case = told_and_resolved(register("fiona"), cast.fiona)
    assert clock_of(case).due_at == datetime.fromisoformat("2026-12-01T00:00+08:00")


def test_without_a_policy_it_can_be_recorded_all_the_same(resolved: Complaint, cast: Cast) -> None:
    case = call_back(resolved, Heard("accepted"), actor=cast.frank)
    assert case.call_backs.get().by == cast.frank
    assert not Clock.objects.running().exists()


def test_whoever_is_not_satisfied_says_why_and_nothing_reopens_by_itself(resolved: Complaint, cast: Cast) -> None:
    with pytest.raises(Invalid):
        call_back(resolved, Heard("not_satisfied"), actor=cast.fiona)
    assert call_back(resolved, Heard("not_satisfied", "少退一笔"), actor=cast.fiona).status == Status.RESOLVED


def test_a_case_taken_up_again_owes_no_call_back(register: Register, cast: Cast) -> None:
    adopt("house-call-back")
    case = reopen(told_and_resolved(register("fiona"), cast.fiona), "客户补充了证据", actor=cast.fiona)
    assert clock_of(case).stopped_at is not None
    assert list(broken(Proof())) == []


@pytest.mark.parametrize(
    ("heard", "field"),
    [
        (Heard("delighted"), "opinion"),
        (Heard("satisfied", "", timezone.now() + timedelta(days=999)), "at"),
        (Heard("satisfied", "", timezone.now() - timedelta(days=999)), "at"),
    ],
)
def test_what_cannot_be_is_refused(resolved: Complaint, cast: Cast, heard: Heard, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        call_back(resolved, heard, actor=cast.fiona)
    assert list(refused.value.errors) == [field]


def test_only_after_the_outcome(register: Register, cast: Cast) -> None:
    with pytest.raises(WrongStatus):
        call_back(register("fiona"), Heard("satisfied"), actor=cast.fiona)


def test_a_stale_page_is_refused(resolved: Complaint, cast: Cast) -> None:
    with pytest.raises(Stale):
        call_back(resolved, Heard("satisfied"), actor=cast.fiona, version=resolved.version - 1)


def test_both_histories_tell_it(resolved: Complaint, cast: Cast) -> None:
    case = call_back(resolved, Heard("satisfied"), actor=cast.fiona)
    assert both_histories_tell(case, Verb.CALL_BACK, cast.fiona)
    assert case.call_backs.get().history.get().history_user_id == cast.fiona.pk


@pytest.mark.parametrize("table", ["complaints_callback", "complaints_historicalcallback"])
@pytest.mark.parametrize("query", ["UPDATE {} SET words = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_it_stays_as_it_was_recorded(resolved: Complaint, cast: Cast, table: str, query: str) -> None:
    call_back(resolved, Heard("satisfied"), actor=cast.fiona)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            cursor.execute(query.format(table) + (" CASCADE" if "TRUNC" in query else ""))


def test_the_page_does_it_and_offers_to_reopen(resolved: Complaint, as_: As) -> None:
    fiona = as_("fiona")
    assert fiona.get(address(resolved, "call_back")).status_code == 200
    assert do(fiona, resolved, "call_back", opinion="not_satisfied", words="少退一笔").status_code == 302
    page = fiona.get(resolved.get_absolute_url()).content.decode()
    assert "少退一笔" in page
    assert f'class="btn btn-sm mt-2" href="{address(resolved, "reopen")}"' in page


def test_the_page_asks_what_the_customer_said_and_keeps_an_attempt(resolved: Complaint, as_: As) -> None:
    assert do(as_("fiona"), resolved, "call_back").status_code == 422
    assert do(as_("fiona"), resolved, "call_back", opinion="not_reached").status_code == 302
    assert CallBack.objects.get().opinion == ""


def test_the_api_does_it(resolved: Complaint, cast: Cast) -> None:
    body = {"opinion": "satisfied", "words": "谢谢"}
    assert post(machine(cast.fiona), f"{LIST}{resolved.reference}/call_back/", body).status_code == 200
    assert CallBack.objects.get().words == "谢谢"


def test_outsiders_find_nothing(resolved: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("wendy"), resolved, "call_back")
