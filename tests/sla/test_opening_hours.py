"""Opening hours as people write them, as a version stores them, and as publishing changes them."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation

from accounts.models import User
from complaints import tasks
from complaints.models import Complaint
from complaints.proofs import proof, rows
from complaints.states import Verb
from sla.calendar import (
    OFFICE_HOURS,
    Allowance,
    DayRule,
    Unit,
    Unreckonable,
    due,
    read_hours,
    read_weekdays,
    write_hours,
)
from sla.models import Calendar, CalendarVersion, Clock
from sla.publication import Week, publish, week_of
from tests.conftest import NOW, Cast
from tests.sla.test_calendar_pages import PUBLISH, notice, send
from tests.sla.test_matching import in_force

As = Callable[[str], Client]
Register = Callable[..., Complaint]
LONGER = "08:30-12:00,13:00-18:00"


def latest(code: str = "cn") -> CalendarVersion:
    return CalendarVersion.objects.latest_for(code)


def publish_hours(text: str) -> CalendarVersion:
    week = Week(hours=read_hours(text))
    return publish("cn", {}, source="行办发〔2026〕3号", actor=User.objects.system(), week=week).version


@pytest.fixture
def working_hours(db: None) -> None:
    """The first response is promised within eight working hours."""
    response = {"target": "response", "amount": 8, "unit": Unit.WORKING_HOURS, "stops": "answered"}
    in_force("house", response, {"target": "resolution", "amount": 15, "unit": Unit.WORKING_DAYS}, number=2)


@pytest.mark.parametrize(
    "text",
    [
        "09:00-12:00,13:30-17:30",
        " 9:00 - 12:00 , 13:30-17:30 ",
        "09：00–12：00，13：30—17：30",
        "9:00~12:00、13:30～17:30",
    ],
)
def test_hours_are_read_however_they_are_typed(text: str) -> None:
    assert read_hours(text) == OFFICE_HOURS
    assert write_hours(OFFICE_HOURS) == "09:00-12:00,13:30-17:30"


@pytest.mark.parametrize(
    "text",
    ["", ",", "9-12", "12:00-09:00", "09:00-09:00", "09:00-12:00,11:00-13:00", "13:00-17:00,09:00-12:00", "09:00-25:00",
     "09:00-12:00,", "09:00-12:00,12:00-17:00", "nine to five"],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Unreckonable, match="09:00-12:00,13:30-17:30"):
        read_hours(text)


def test_weekdays_are_read_as_a_range_or_one_by_one() -> None:
    assert read_weekdays("1-6") == read_weekdays("1,2,3,4,5,6") == frozenset(range(1, 7))
    assert read_weekdays("7") == {7}


@pytest.mark.parametrize("text", ["", "0-5", "5-1", "8", "Mon", "1--5"])
def test_weekdays_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Unreckonable, match="1-5"):
        read_weekdays(text)


@pytest.mark.parametrize("hours", ["", "9:00-12:00", "12:00-09:00", "09:00-12:00,11:00-13:00", "09:00-24:00", "x"])
def test_the_database_holds_that_hours_are_in_order(db: None, hours: str) -> None:
    with pytest.raises(DatabaseError, match="opening_hours_in_order"), transaction.atomic():
        CalendarVersion.objects.create(
            calendar=Calendar.objects.get(code="cn"), number=9, source="x", years=[], by=User.objects.system(), hours=hours,
            weekdays=[1],
        )  # fmt: skip


@pytest.mark.parametrize("weekdays", [[], [0], [1, 8]])
def test_the_database_holds_that_some_known_weekdays_work(db: None, weekdays: list[int]) -> None:
    with pytest.raises(DatabaseError, match="some_known_weekdays_work"), transaction.atomic():
        CalendarVersion.objects.create(
            calendar=Calendar.objects.get(code="cn"), number=9, source="x", years=[], by=User.objects.system(),
            weekdays=weekdays,
        )  # fmt: skip


def test_the_version_that_ships_has_the_hours_the_engine_had(db: None) -> None:
    assert latest().hours == write_hours(OFFICE_HOURS)
    assert latest().value().hours == OFFICE_HOURS


def test_a_notice_keeps_the_hours(db: None) -> None:
    publish_hours(LONGER)
    version = publish(
        "cn", {date(2027, 1, 1): DayRule(False, "元旦")}, source="通知", actor=User.objects.system()
    ).version
    assert (version.number, version.hours) == (3, LONGER)


def test_the_same_hours_again_are_no_version(db: None) -> None:
    publish_hours(LONGER)
    assert publish_hours(LONGER).number == 2


def test_a_version_reckons_by_its_own_hours(db: None) -> None:
    received_at, limit = datetime(2026, 3, 4, 9, tzinfo=UTC), Allowance(1, Unit.WORKING_HOURS)  # 17:00 in Beijing
    assert due(received_at, limit, latest().value())[0] == datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
    assert due(received_at, limit, publish_hours(LONGER).value())[0] == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert latest().value().hours[0] == (time(8, 30), time(12))


def test_import_takes_new_hours_and_weekdays(db: None, tmp_path: Path) -> None:
    file = tmp_path / "2026.csv"
    file.write_text(notice())
    call_command("calendar", "import", file, "--hours", LONGER, "--weekdays", "1-6", stdout=io.StringIO())
    assert week_of(latest()) == Week(read_hours(LONGER), frozenset(range(1, 7)))


@pytest.mark.parametrize(("option", "text"), [("--hours", "9-5"), ("--weekdays", "Mon-Fri")])
def test_import_refuses_a_week_it_cannot_read(db: None, tmp_path: Path, option: str, text: str) -> None:
    file = tmp_path / "2026.csv"
    file.write_text(notice())
    with translation.override("en"), pytest.raises(CommandError, match="Write"):
        call_command("calendar", "import", file, option, text)
    assert latest().number == 1


@time_machine.travel(NOW, tick=False)
def test_a_preview_counts_what_moves_by_the_hour(working_hours: None, as_: As, register: Register) -> None:
    register("fiona")  # 10:00: eight working hours end on the 11th at 11:00, or at 9:30
    page = as_("adam").post(PUBLISH, {"calendar": "cn", "hours": LONGER, "source": "行办发〔2026〕3号"})
    (shift,) = page.context["preview"].shifts
    assert (shift.from_on, shift.to_on, shift.number) == (date(2026, 2, 11), date(2026, 2, 11), 1)
    assert "同一天，钟点有变" in page.content.decode()
    assert latest().number == 1


@time_machine.travel(NOW, tick=False)
def test_new_hours_are_published_from_the_page_and_move_the_clocks(
    working_hours: None, as_: As, register: Register
) -> None:
    case = register("fiona")
    shown = as_("adam").post(PUBLISH, {"calendar": "cn", "hours": LONGER, "source": "行办发〔2026〕3号"})
    given: dict[str, Any] = shown.context["given"] | {"calendar": "cn", "text": "", "source": "行办发〔2026〕3号"}
    as_("adam").post(PUBLISH, given | {"publish": "1"})
    for handful in tasks.outdated_clocks():
        tasks.recompute_clocks(handful)
    assert (latest().hours, latest().source) == (LONGER, "行办发〔2026〕3号")
    assert case.clocks.get(target="response").due_at == datetime(2026, 2, 11, 1, 30, tzinfo=UTC)
    assert case.events.filter(verb=Verb.RECOMPUTE).exists()


def test_a_preview_warns_of_what_would_be_overdue_at_once(as_: As, register: Register) -> None:
    with time_machine.travel(NOW, tick=False):
        register("fiona")  # fifteen working days end on 9 March, or on 6 March where every weekend works
    with time_machine.travel(datetime(2026, 3, 7, 2, tzinfo=UTC), tick=False):
        every_day = {"weekdays": ["1", "2", "3", "4", "5", "6", "7"]}
        page = as_("adam").post(PUBLISH, {"calendar": "cn", "source": "行办发〔2026〕3号"} | every_day)
        assert page.context["preview"].lapsed == 1
        assert "1 个期限将立即逾期" in page.content.decode()


def test_a_page_wants_a_source_for_hours_alone_and_a_file_for_nothing(as_: As, cast: Cast) -> None:
    bare = as_("adam").post(PUBLISH, {"calendar": "cn", "hours": LONGER})
    assert list(bare.context["form"].errors) == ["source"]
    nothing = as_("adam").post(PUBLISH, {"calendar": "cn", "hours": "09:00-12:00,13:30-17:30"})
    assert list(nothing.context["form"].errors) == ["file"]
    wrong = as_("adam").post(PUBLISH, {"calendar": "cn", "hours": "9-5"})
    assert list(wrong.context["form"].errors) == ["hours"]


def test_a_file_and_new_hours_go_together(as_: As, cast: Cast) -> None:
    shown = send(as_("adam"), notice("2026-03-05,0,临时放假,测试公告"), hours=LONGER)
    assert [name for name, _before, _after in shown.context["weeks"]] == ["工作时间"]
    assert shown.context["preview"].added == (date(2026, 3, 5),)


@time_machine.travel(NOW, tick=False)
def test_a_proof_in_working_hours_adds_up_and_names_the_hours(working_hours: None, register: Register) -> None:
    clock = Clock.objects.select_related("calendar_version").get(complaint=register("fiona"), target="response")
    found = proof(clock, date(2026, 2, 10))
    assert found.agrees
    assert found.week == "周一至周五 09:00–12:00、13:30–17:30"
    assert [number for _day, _why, number in rows(found)] == ["6:00", "2:00"]
    assert sum((day.gives or timedelta() for day in found.days), timedelta()) == timedelta(hours=8)


@time_machine.travel(NOW, tick=False)
def test_the_pages_show_the_hours(working_hours: None, as_: As, register: Register) -> None:
    reference = register("fiona").reference
    assert "09:00–12:00、13:30–17:30" in as_("fiona").get("/calendars/").content.decode()
    proof_page = as_("fiona").get(f"/complaints/{reference}/clocks/response/").content.decode()
    assert "周一至周五 09:00–12:00、13:30–17:30" in proof_page


def test_every_version_in_the_table_is_one_the_engine_accepts(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sla_calendarversion WHERE NOT sla_in_order(hours)")
        assert cursor.fetchone() == (0,)
    assert all(version.value().day_length for version in CalendarVersion.objects.all())
