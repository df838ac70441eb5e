"""The proof of a deadline: the sum, every day with its reason, and whether counting again gives the stored date (R30)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.lifecycle import reopen
from complaints.models import Complaint
from complaints.proofs import proof
from sla.models import Clock
from tests.conftest import NOW, Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def page(browser: Client, case: Complaint, target: str, query: str = "") -> str:
    answer = browser.get(reverse("complaints:deadline", args=[case.reference, target]) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def received(register: Register) -> Complaint:
    """Received on Tuesday 2026-02-10 at ten, before the long Spring Festival."""
    with time_machine.travel(NOW, tick=False):
        return register("fiona")


def test_fifteen_working_days_over_spring_festival(received: Complaint) -> None:
    found = proof(received.clocks.get(target="resolution"), date(2026, 2, 26))
    assert found.agrees
    assert (found.total, found.counted, found.holidays, found.weekends) == (27, 15, 9, 3)
    assert found.make_ups == [date(2026, 2, 14), date(2026, 2, 28)]
    assert [cell.date for cell in found.cells if cell.is_end] == [date(2026, 3, 9)]


def test_the_calendar_is_drawn_in_whole_weeks(received: Complaint) -> None:
    cells = proof(received.clocks.get(target="resolution"), date(2026, 2, 26)).cells
    assert len(cells) % 7 == 0
    assert (cells[0].date.weekday(), cells[-1].date.weekday()) == (0, 6)
    assert [cell.ordinal for cell in cells if cell.ordinal] == list(range(1, 16))


def test_hours_run_through_and_need_no_calendar(received: Complaint) -> None:
    found = proof(received.clocks.get(target="response"), date(2026, 2, 10))
    assert (found.agrees, found.by_days, found.skips_rest_days) == (True, False, False)


def test_a_stored_date_that_differs_is_said_to_differ(received: Complaint, as_: As) -> None:
    clock = received.clocks.get(target="resolution")
    with connection.cursor() as cursor:  # as only the owner of the tables could
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE sla_clock DISABLE TRIGGER USER")
        Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + timedelta(days=1))
        cursor.execute("ALTER TABLE sla_clock ENABLE TRIGGER USER; SET CONSTRAINTS ALL DEFERRED")
    html = page(as_("fiona"), received, "resolution")
    assert "保存的日期与重新计算的不一致。" in html
    assert "两种算法结果一致" not in html


def test_the_page_proves_the_date(received: Complaint, as_: As) -> None:
    with time_machine.travel(datetime(2026, 2, 26, 2, 24, tzinfo=UTC), tick=False):
        html = page(as_("fiona"), received, "resolution")
    for words in (
        "为什么是 3月9日",
        "15 个工作日",
        "两种算法结果一致",
        "国务院办公厅",
        "其间放假 9 天、周末 3 天不计。",
        "第 15 天",
    ):
        assert words in html


def test_hours_are_explained(received: Complaint, as_: As) -> None:
    with time_machine.travel(NOW, tick=False):
        html = page(as_("fiona"), received, "response")
    assert "从收到的那一分钟起连续计算" in html
    assert "24 小时" in html


def test_an_unannounced_year_is_provisional_and_says_why(register: Register, as_: As) -> None:
    with time_machine.travel(datetime(2026, 12, 25, 2, tzinfo=UTC), tick=False):
        case = register("fiona")
        html = page(as_("fiona"), case, "resolution")
    assert "这个日期是暂定的。" in html
    assert "2027 年放假安排尚未公布" in html


def test_a_target_that_does_not_run_is_not_there(received: Complaint, as_: As) -> None:
    browser = as_("fiona")
    for target in ("nonsense/", "resolution/?clock=0", "resolution/?clock=x"):
        assert browser.get(f"{received.get_absolute_url()}clocks/{target}").status_code == 404
    assert as_("grace").get(f"{received.get_absolute_url()}clocks/resolution/").status_code == 404


def test_an_earlier_clock_of_a_reopened_case_keeps_its_proof(resolved: Complaint, cast: Cast, as_: As) -> None:
    case = reopen(resolved, "客户不认可", actor=cast.fiona)
    running, first = (
        case.clocks.running().get(),
        case.clocks.filter(stopped_at__isnull=False, target="resolution").get(),
    )
    assert "重新办理的时间" in page(as_("fiona"), case, "resolution")
    assert "收到时间，不是录入时间" in page(as_("fiona"), case, "resolution", f"?clock={first.pk}")
    assert running.pk != first.pk


def test_the_queries_do_not_grow_with_the_clocks(resolved: Complaint, cast: Cast, as_: As) -> None:
    browser = as_("fiona")
    page(browser, resolved, "resolution")
    with CaptureQueriesContext(connection) as few:
        page(browser, resolved, "resolution")
    reopen(resolved, "客户不认可", actor=cast.fiona)
    with CaptureQueriesContext(connection) as more:
        page(browser, resolved, "resolution")
    assert len(few) == len(more)
