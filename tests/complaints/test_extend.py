"""Extend: the date moves with the notice to the customer, and the one first promised stays (R33)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.errors import Invalid, WrongStatus
from complaints.extending import approve_extension, ask_extension, extend
from complaints.lifecycle import investigate, resolve, withdraw
from complaints.models import Complaint
from complaints.pausing import pause, resume
from complaints.replaying import Replay, differences
from complaints.states import Verb
from complaints.tasks import due_clocks, record_breaches
from sla.models import Clock
from tests.complaints.pages import SAID, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast, a_wish, decided, established, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]
RECEIVED = "2026-02-10 10:00+08:00"


@pytest.fixture
def approved(register: Register, cast: Cast) -> Complaint:
    asked = ask_extension(register("fiona"), a_wish(), actor=cast.fiona)
    return approve_extension(asked, actor=cast.sam)


def resolution(case: Complaint) -> Clock:
    return Clock.objects.get(complaint=case, target="resolution")


def test_the_date_moves_and_the_first_one_stays(register: Register, cast: Cast) -> None:
    with time_machine.travel(RECEIVED, tick=False):
        case = ask_extension(register("fiona"), a_wish(), actor=cast.fiona)
        extend(approve_extension(case, actor=cast.sam), said(), actor=cast.fiona)
    clock = resolution(case)
    assert (clock.original_due_on, clock.due_on, clock.amount) == (date(2026, 3, 9), date(2026, 3, 30), 30)


def test_both_dates_stand_on_the_page_and_in_the_proof(approved: Complaint, cast: Cast, as_: As) -> None:
    extend(approved, said(), actor=cast.fiona)
    for page in ("", "clocks/resolution/"):
        shown = as_("fiona").get(f"{approved.get_absolute_url()}{page}").content.decode()
        assert "原" in shown, page
        assert "30 个工作日" in shown or page == ""


def test_an_attempt_moves_nothing(approved: Complaint, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        extend(approved, said(delivery="failed"), actor=cast.fiona)
    assert list(refused.value.errors) == ["delivery"]
    assert resolution(approved).original_due_at is None


def test_the_customer_cannot_have_been_told_before_the_approval(register: Register, cast: Cast) -> None:
    now = timezone.now()
    case = register("fiona", received_at=now - timedelta(hours=5))
    case = approve_extension(ask_extension(case, a_wish(), actor=cast.fiona), actor=cast.sam)
    with pytest.raises(Invalid) as refused:
        extend(case, said(at=now - timedelta(hours=1)), actor=cast.fiona)
    assert list(refused.value.errors) == ["at"]


def test_it_may_be_extended_again_up_to_the_longest(approved: Complaint, cast: Cast) -> None:
    first = resolution(approved).due_at
    case = extend(approved, said(), actor=cast.fiona)
    case = approve_extension(ask_extension(case, a_wish(amount=45), actor=cast.fiona), actor=cast.carol)
    extend(case, said(), actor=cast.fiona)
    assert (resolution(case).amount, resolution(case).original_due_at) == (45, first)
    with pytest.raises(Invalid):
        ask_extension(fresh(case), a_wish(amount=45), actor=cast.fiona)


@pytest.mark.parametrize("is_approved", [False, True])
def test_what_is_not_in_force_by_the_deadline_lapses(register: Register, cast: Cast, is_approved: bool) -> None:
    case = ask_extension(register("fiona"), a_wish(), actor=cast.fiona)
    if is_approved:
        case = approve_extension(case, actor=cast.sam)
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        for handful in due_clocks():
            record_breaches(handful)
        asked = case.extensions.get()
        assert (asked.answer == "lapsed", asked.lapsed_at is not None) == (not is_approved, is_approved)
        assert (fresh(case).extension, resolution(case).breached_at) == ("", resolution(case).due_at)
        with pytest.raises(WrongStatus):
            extend(case, said(), actor=cast.fiona)


def test_after_the_deadline_the_notice_comes_too_late_even_if_no_sweep_looked(approved: Complaint, cast: Cast) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=60)), pytest.raises(WrongStatus):
        extend(approved, said(), actor=cast.fiona)


def test_it_lapses_when_the_case_ends(register: Register, cast: Cast) -> None:
    case = investigate(register("fiona"), established(), actor=cast.fiona)
    case = resolve(ask_extension(case, a_wish(), actor=cast.fiona), decided(), actor=cast.fiona)
    assert (case.extension, case.extensions.get().answer) == ("", "lapsed")
    other = withdraw(ask_extension(register("fiona"), a_wish(), actor=cast.fiona), "客户撤回", actor=cast.fiona)
    assert (other.extension, other.extensions.get().answer) == ("", "lapsed")


def test_a_breach_after_the_extension_is_dated_at_the_new_date(approved: Complaint, cast: Cast) -> None:
    extend(approved, said(), actor=cast.fiona)
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        for handful in due_clocks():
            record_breaches(handful)
    clock = resolution(approved)
    assert clock.breached_at == clock.due_at > clock.original_due_at


def test_the_history_proves_the_new_date(approved: Complaint, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    extend(approved, said(), actor=cast.fiona)
    call_command("verify_history", "--json")
    assert '"broken_count": 0' in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE sla_clock DISABLE TRIGGER USER")
        cursor.execute("UPDATE sla_clock SET due_at = due_at + interval '1 day' WHERE target = 'resolution'")
    with pytest.raises(CommandError):
        call_command("verify_history", "--json")


@pytest.mark.parametrize(
    "change",
    [
        "amount = 46, due_at = due_at + interval '90 days'", "amount = 20, due_at = due_at - interval '1 day'",
        "amount = 30, due_at = due_at + interval '30 days'", "due_at = due_at + interval '1 day'",
    ],
)  # fmt: skip
def test_the_database_lets_a_date_move_in_no_other_way(approved: Complaint, change: str) -> None:
    with pytest.raises(DatabaseError, match="never moved"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE sla_clock SET {change} WHERE target = 'resolution'")


def test_both_histories_tell_it(approved: Complaint, cast: Cast) -> None:
    assert both_histories_tell(extend(approved, said(), actor=cast.fiona), Verb.EXTEND, cast.fiona)


def test_the_page_begins_the_notice_and_works(approved: Complaint, as_: As) -> None:
    page = as_("fiona").get(f"{approved.get_absolute_url()}extend/").content.decode()
    assert "需调取三个网点的录像" in page.split("<textarea")[1]
    assert do(as_("fiona"), approved, "extend", **SAID).status_code == 302
    assert resolution(approved).amount == 30


def test_outsiders_find_nothing(approved: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("helen"), approved, "extend")


def test_a_pause_that_ends_sooner_brings_an_extended_date_back(register: Register, cast: Cast) -> None:
    with time_machine.travel(RECEIVED, tick=False) as clock:
        case = pause(register("fiona"), "customer", "等客户补充凭证", date(2026, 2, 27), actor=cast.fiona)
        case = approve_extension(ask_extension(case, a_wish(), actor=cast.fiona), actor=cast.sam)
        case = extend(case, said(), actor=cast.fiona)
        planned = resolution(case).due_at
        clock.shift(timedelta(days=1))
        case = resume(case, actor=cast.fiona)
        assert resolution(case).due_at < planned
        case = resolve(investigate(case, established(), actor=cast.fiona), decided(), actor=cast.fiona)
    assert differences_of() == []


def differences_of() -> list[object]:
    return list(differences(Replay()))
