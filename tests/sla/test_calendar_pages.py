"""The calendar's pages: a year at a glance, a notice that first shows what it would do, and how far it has come."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints import tasks
from complaints.models import Complaint
from sla.calendar import Why
from sla.models import CalendarVersion, Clock
from sla.yearly import year_face
from tests.conftest import NOW, Cast

As = Callable[[str], Client]
Register = Callable[..., Complaint]
PUBLISH = "/calendars/publish/"
HOLIDAY = "2026-03-05,0,临时放假,测试公告"


def notice(*more: str) -> str:
    """The days of 2026 as they stand, with some more."""
    days = CalendarVersion.objects.latest_for("cn").days.filter(date__year=2026)
    rows = [f"{day.date},{int(day.works)},{day.name},国务院办公厅" for day in days]
    return "\n".join(["date,works,name,source", *rows, *more])


def send(browser: Client, text: str, **more: Any) -> Any:
    return browser.post(PUBLISH, {"calendar": "cn", "file": SimpleUploadedFile("2026.csv", text.encode())} | more)


def test_the_year_2026_is_the_one_the_state_council_announced(db: None) -> None:
    face = year_face(CalendarVersion.objects.latest_for("cn").value(), 2026, date(2026, 2, 10))
    assert [(one.first.isoformat(), one.days) for one in face.holidays] == [
        ("2026-01-01", 3), ("2026-02-15", 9), ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3),
        ("2026-09-25", 3), ("2026-10-01", 7),
    ]  # fmt: skip
    assert [one.name for one in face.holidays][:3] == ["元旦", "除夕、春节", "清明节"]
    assert [one.first.isoformat() for one in face.make_ups] == [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    ]  # fmt: skip
    assert face.working_days == sum(month.working_days for month in face.months) == 248
    assert {day.why for month in face.months for week in month.weeks for day in week} >= {Why.HOLIDAY, Why.MAKE_UP}


@pytest.mark.parametrize("who", ["fiona", "carol", "audrey", "adam"])
def test_everybody_may_look_and_an_unannounced_year_says_so(as_: As, who: str) -> None:
    browser = as_(who)
    assert "尚未公布" not in browser.get("/calendars/?year=2026").content.decode()
    assert "尚未公布" in browser.get("/calendars/?year=2031").content.decode()
    assert browser.get("/calendars/?year=x&calendar=nowhere").status_code == 404


@pytest.mark.parametrize("who", ["fiona", "sam", "carol", "audrey"])
def test_only_an_administrator_publishes(as_: As, who: str) -> None:
    assert send(as_(who), notice(HOLIDAY), publish="1").status_code == 403
    assert CalendarVersion.objects.latest_for("cn").number == 1


@time_machine.travel(NOW, tick=False)
def test_a_preview_says_what_would_move_and_changes_nothing(as_: As, register: Register) -> None:
    register("fiona")
    page = send(as_("adam"), notice(HOLIDAY))
    found = page.context["preview"]
    assert [(shift.from_on, shift.to_on, shift.number) for shift in found.shifts] == [
        (date(2026, 3, 9), date(2026, 3, 10), 1)
    ]
    assert (found.added, found.running, found.moved, found.settled) == ((date(2026, 3, 5),), 1, 1, 0)
    assert CalendarVersion.objects.latest_for("cn").number == 1
    assert Clock.objects.get(target="resolution").due_on == date(2026, 3, 9)


@time_machine.travel(NOW, tick=False)
def test_what_was_shown_is_published_and_the_progress_is_told(as_: As, register: Register) -> None:
    register("fiona")
    browser = as_("adam")
    text = send(browser, notice(HOLIDAY)).context["text"]
    answer = browser.post(PUBLISH, {"calendar": "cn", "text": text, "publish": "1"}, follow=True)
    assert (answer.context["progress"].total, answer.context["percent"]) == (1, 0)
    assert "every 2s" in answer.content.decode()
    for handful in tasks.outdated_clocks():
        tasks.recompute_clocks(handful)
    tasks.recompute.run()
    done = browser.get(answer.redirect_chain[-1][0], headers={"HX-Request": "true"})
    assert (done.context["percent"], done.context["done"]) == (100, 1)
    assert "every 2s" not in done.content.decode()
    assert Clock.objects.get(target="resolution").due_on == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("day,works\n", "第一行须为列名"),
        ("date,works,name,source\n2026-02-31,0,x,y\n", "2026-02-31"),
        ("date,works,name,source\n2026-02-14,1,补班,公告\n", "2026"),
        ("", "空文件"),
    ],
)
def test_a_file_that_cannot_be_a_notice_says_what_to_do(as_: As, text: str, said: str) -> None:
    answer = send(as_("adam"), text)
    assert answer.status_code == 422
    assert said in "".join(answer.context["form"].errors["file"]), answer.context["form"].errors
    assert CalendarVersion.objects.latest_for("cn").number == 1


def test_the_same_days_again_are_no_version(as_: As, cast: Cast) -> None:
    page = send(as_("adam"), notice())
    assert not page.context["preview"].is_new


@time_machine.travel(NOW, tick=False)
def test_the_preview_costs_the_same_for_many(
    as_: As, register: Register, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(12):
        register("fiona", received_at=NOW - timedelta(minutes=1))
    browser = as_("adam")
    send(browser, notice(HOLIDAY))
    with django_assert_max_num_queries(14):
        send(browser, notice(HOLIDAY))
