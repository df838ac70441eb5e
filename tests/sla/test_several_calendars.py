"""Calendars beside the national one: trading days, an outlet open on Saturdays, one that an administrator creates."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from sla.calendar import Allowance, Unit, Why, WorkingCalendar, due
from sla.models import Calendar, CalendarVersion
from sla.publication import preview, week_of
from sla.yearly import year_face
from tests.conftest import Cast
from tests.sla.oracle import closed_on_the_exchange, every_day, opens_on_saturdays, trades, working_days_after

As = Callable[[str], Client]
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
CREATE = "/calendars/new/"
NEW = {
    "code": "night", "name": "夜间服务", "zone": "Asia/Shanghai", "like": "cn", "hours": "18:00-23:00",
    "weekdays": ["1", "3", "5", "7"], "make_ups": "0",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def value(code: str) -> WorkingCalendar:
    return CalendarVersion.objects.latest_for(code).value()


def run(*words: object) -> str:
    out = io.StringIO()
    with translation.override("en"):
        call_command(*map(str, words), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(("code", "works"), [("cn-trading", trades), ("cn-saturday", opens_on_saturdays)])
def test_a_shipped_calendar_agrees_with_the_oracle_on_every_day(code: str, works: Callable[[date], bool]) -> None:
    calendar = value(code)
    assert [day for day in every_day(FIRST, LAST) if calendar.works(day) != works(day)] == []


@pytest.mark.parametrize(("code", "works"), [("cn-trading", trades), ("cn-saturday", opens_on_saturdays)])
def test_its_deadlines_agree_with_the_oracle_from_every_day(code: str, works: Callable[[date], bool]) -> None:
    calendar, compared = value(code), 0
    for start in every_day(FIRST, date(2026, 9, 1)):
        received_at = datetime(start.year, start.month, start.day, 2, tzinfo=UTC)
        for amount, expected in zip(range(1, 61), working_days_after(start, works), strict=False):
            compared += 1
            assert due(received_at, Allowance(amount, Unit.WORKING_DAYS), calendar)[1:] == (expected, False)
    assert compared == 975 * 60


def test_the_exchanges_trade_on_as_many_days_as_they_announced() -> None:
    calendar = value("cn-trading")
    days = {year: year_face(calendar, year, FIRST).working_days for year in (2024, 2025, 2026)}
    assert days == {2024: 242, 2025: 243, 2026: 242}
    assert not any(calendar.why(day) is Why.MAKE_UP for day in every_day(FIRST, LAST))
    assert [day for day in closed_on_the_exchange if calendar.works(day)] == []


def test_an_outlet_open_on_saturdays_works_them_except_in_a_holiday() -> None:
    calendar = value("cn-saturday")
    assert calendar.works(date(2026, 3, 7))
    assert not calendar.works(date(2026, 2, 21))  # within the Spring Festival
    assert (calendar.works(date(2026, 3, 8)), calendar.why(date(2026, 9, 20))) == (False, Why.MAKE_UP)


def test_an_unannounced_year_works_by_the_pattern() -> None:
    received_at, limit = datetime(2026, 12, 31, 2, tzinfo=UTC), Allowance(2, Unit.WORKING_DAYS)
    assert due(received_at, limit, value("cn-saturday"))[1:] == (date(2027, 1, 2), True)
    assert due(received_at, limit, value("cn"))[1:] == (date(2027, 1, 4), True)


def test_list_names_them_all() -> None:
    listed = json.loads(run("calendar", "list", "--json"))["calendars"]
    assert [(one["code"], one["versions"][0]["weekdays"], one["versions"][0]["make_up_days"]) for one in listed] == [
        ("cn", [1, 2, 3, 4, 5], 19), ("cn-saturday", [1, 2, 3, 4, 5, 6], 10), ("cn-trading", [1, 2, 3, 4, 5], 0),
    ]  # fmt: skip


def test_deadline_asks_any_of_them() -> None:
    answers = {
        code: json.loads(run("deadline", "2026-03-06T10:00:00+08:00", 1, "working_days", "--calendar", code, "--json"))
        for code in ("cn", "cn-trading", "cn-saturday")
    }
    assert {code: answer["due_on"] for code, answer in answers.items()} == {
        "cn": "2026-03-09", "cn-trading": "2026-03-09", "cn-saturday": "2026-03-07",
    }  # fmt: skip
    assert "Open Mon to Sat, 09:00–12:00" in run(
        "deadline", "2026-03-06T10:00:00+08:00", 9, "working_hours", "--calendar", "cn-saturday"
    )


def test_a_notice_imported_for_trading_days_leaves_make_up_days_out(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("date,works,name,source\n2027-01-01,0,元旦,通知\n2027-02-20,1,调休上班,通知\n")
    answer = json.loads(run("calendar", "import", file, "--calendar", "cn-trading", "--json"))
    assert (answer["added"], answer["version"]) == (1, 2)
    assert not value("cn-trading").works(date(2027, 2, 20))
    assert CalendarVersion.objects.latest_for("cn").number == 1


def test_a_preview_names_the_make_up_days_it_leaves_out() -> None:
    days = {day.date: day for day in CalendarVersion.objects.latest_for("cn").days.filter(date__year=2026)}
    found = preview("cn-trading", {day: value("cn").days[day] for day in days})
    assert len(found.left_out) == 6
    assert not found.is_new


def test_seeding_trading_days_seeds_no_make_up_day() -> None:
    run("calendar", "seed", 2023, "--calendar", "cn-trading")
    assert not value("cn-trading").works(date(2023, 1, 28))
    assert not value("cn-trading").works(date(2023, 1, 27))
    assert "Nothing changed" in run("calendar", "seed", 2026, "--calendar", "cn-trading")
    with pytest.raises(CommandError, match="2024 is announced already"):  # the eve of the Spring Festival
        run("calendar", "seed", 2024, "--calendar", "cn-trading")


def test_an_administrator_creates_a_calendar_with_a_week_of_its_own(as_: As, cast: Cast) -> None:
    page = as_("adam").post(CREATE, NEW, follow=True)
    assert page.redirect_chain[-1][0] == "/calendars/?calendar=night"
    version = CalendarVersion.objects.latest_for("night")
    assert (version.number, version.by, version.hours, version.weekdays) == (1, cast.adam, "18:00-23:00", [1, 3, 5, 7])
    assert (version.years, version.days.filter(works=True).exists()) == ([2024, 2025, 2026], True)
    assert Calendar.objects.get(code="night").history.get().history_user == cast.adam
    assert {one.code for one in page.context["calendars"]} == {"cn", "cn-saturday", "cn-trading", "night"}


@pytest.mark.parametrize(
    ("field", "given"), [("code", "cn"), ("code", "夜"), ("zone", "Mars/Base"), ("hours", "9-5"), ("name", "")]
)
def test_a_calendar_that_cannot_be_is_refused_beside_its_field(as_: As, cast: Cast, field: str, given: str) -> None:
    page = as_("adam").post(CREATE, NEW | {field: given})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert Calendar.objects.count() == 3


@pytest.mark.parametrize("who", ["fiona", "sam", "carol", "audrey"])
def test_nobody_else_creates_one(as_: As, who: str) -> None:
    assert as_(who).post(CREATE, NEW).status_code == 403


def test_the_page_opens_with_the_national_calendar_and_shows_the_chosen_one(as_: As, cast: Cast) -> None:
    assert as_("fiona").get("/calendars/").context["calendar"].code == "cn"
    page = as_("fiona").get("/calendars/?calendar=cn-saturday&year=2026")
    assert "周一至周六" in page.content.decode()
    assert page.context["face"].working_days == 289
    assert "周一至周六按工作日计" in as_("fiona").get("/calendars/?calendar=cn-saturday&year=2031").content.decode()


def test_the_publish_page_begins_with_the_week_of_its_calendar(as_: As, cast: Cast) -> None:
    form: Any = as_("adam").get("/calendars/publish/?calendar=cn-saturday").context["form"]
    assert form.initial == form.shown(week_of(CalendarVersion.objects.latest_for("cn-saturday"))) | {
        "calendar": "cn-saturday"
    }
    assert as_("adam").get("/calendars/publish/?calendar=nowhere").status_code == 404
