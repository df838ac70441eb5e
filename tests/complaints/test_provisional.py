"""A date in a year that is not announced is marked as provisional wherever it is shown, and no longer once it is final."""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import User
from complaints import tasks
from complaints.correspondence import respond
from complaints.models import Complaint
from complaints.ownership import accept, hand_over
from complaints.sentences import plain
from complaints.states import Verb
from sla.calendar import DayRule
from sla.publication import publish
from tests.complaints.test_intake_page import KNOWN, form
from tests.conftest import Cast, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]
TAG = '<span class="sw-tag violet maybe">'
DECEMBER = datetime(2026, 12, 25, 2, tzinfo=UTC)  # a Friday, ten in Beijing
DUE = datetime(2027, 1, 15, 16, tzinfo=UTC)  # the end of 15 January, as long as nothing is announced


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(DECEMBER, tick=False) as moving:
        yield moving


@pytest.fixture
def case(now: time_machine.Traveller, register: Register, cast: Cast) -> Complaint:
    """Answered: what is left is fifteen working days that reach into 2027."""
    return respond(register("fiona"), said(), actor=cast.fiona)


def announce() -> None:
    """Publish the days off of 2027, and recompute."""
    days = {date(2027, 1, 1): DayRule(False, "元旦")}
    publish("cn", days, source="国办发明电〔2026〕9号", actor=User.objects.system())
    for handful in tasks.outdated_clocks():
        tasks.recompute_clocks(handful)


def marks(browser: Client, address: str, **given: Any) -> int:
    return browser.get(address, given).content.decode().count(TAG)


# name, who, address; {} is the case
PAGES = [
    ("the queue", "fiona", "/complaints/"),
    ("my work", "fiona", "/work/"),
    ("the page of the case", "fiona", "/complaints/{}/"),
    ("the proof", "fiona", "/complaints/{}/clocks/resolution/"),
    ("the list behind a figure", "carol", "/reports/cases/?state=open"),
    ("the preview of the register book", "carol", "/reports/register/?first=2026-12-01&last=2026-12-25"),
]


@pytest.mark.parametrize(("who", "address"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES])
def test_a_page_marks_it_until_it_is_final(case: Complaint, as_: As, who: str, address: str) -> None:
    browser, page = as_(who), address.format(case.reference)
    assert marks(browser, page) >= 1
    announce()
    assert marks(browser, page) == 0


def test_a_date_tomorrow_is_as_provisional_as_one_next_month(
    case: Complaint, as_: As, now: time_machine.Traveller
) -> None:
    now.move_to(DUE - timedelta(hours=3))
    assert as_("fiona").get("/complaints/").context["rows"][0].clock.state == "soon"
    assert marks(as_("fiona"), "/complaints/") == 1
    assert marks(as_("sam"), "/complaints/overdue/", tab="soon") >= 1


def test_a_date_that_has_passed_unannounced_is_marked_in_the_overdue_queue(
    case: Complaint, as_: As, now: time_machine.Traveller
) -> None:
    now.move_to(DUE + timedelta(hours=3))
    assert marks(as_("sam"), "/complaints/overdue/") == 1


def test_the_next_date_is_marked_where_nothing_is_overdue(case: Complaint, as_: As) -> None:
    assert marks(as_("sam"), "/complaints/overdue/") == 1
    announce()
    assert marks(as_("sam"), "/complaints/overdue/") == 0


def test_an_offer_and_what_one_has_handed_over_are_marked(case: Complaint, as_: As, cast: Cast) -> None:
    offered = hand_over(case, cast.hank, "属信用卡业务", actor=cast.fiona)
    assert marks(as_("hank"), "/work/") >= 1
    assert marks(as_("hank"), f"/complaints/{case.reference}/accept/") == 1
    accept(offered, actor=cast.hank)
    assert marks(as_("fiona"), "/work/") >= 1


def test_intake_marks_the_promise_and_what_is_known_of_the_person(case: Complaint, as_: As) -> None:
    received = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    promised = as_("fiona").post("/complaints/new/clocks/", {"received_at": received}).content.decode()
    assert promised.count(TAG) == 1
    assert as_("fiona").post(KNOWN, form(phone="13812341111")).content.decode().count(TAG) >= 1


def test_the_register_book_says_which_dates_are_provisional(case: Complaint, as_: As) -> None:
    days = {"first": "2026-12-01", "last": "2026-12-25"}
    raw = b"".join(as_("carol").get("/reports/register/csv/", days))
    assert [row["暂定日期"] for row in csv.DictReader(StringIO(raw.decode("utf-8-sig")))] == ["行内办结"]
    sheet = b"".join(as_("carol").get("/reports/register/xlsx/", days))
    head, row = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert dict(zip(head, row, strict=True))["暂定日期"] == "行内办结"
    announce()
    raw = b"".join(as_("carol").get("/reports/register/csv/", days))
    assert [row["暂定日期"] for row in csv.DictReader(StringIO(raw.decode("utf-8-sig")))] == [""]


def test_the_api_answers_it(case: Complaint, as_: As) -> None:
    def provisional() -> dict[str, bool]:
        answer = as_("fiona").get(f"/api/v1/complaints/{case.reference}/").json()
        return {clock["target"]: clock["provisional"] for clock in answer["clocks"]}

    assert provisional() == {"response": False, "resolution": True}
    announce()
    assert provisional() == {"response": False, "resolution": False}


def test_a_clock_of_plain_hours_is_never_provisional(now: time_machine.Traveller, register: Register, as_: As) -> None:
    register("fiona")
    assert marks(as_("fiona"), "/complaints/") == 0


def test_the_history_says_that_it_became_final(case: Complaint, as_: As) -> None:
    announce()
    assert plain(case.events.get(verb=Verb.RECOMPUTE), {}) == (
        "期限已按工作日历版本 2 重算，不再是暂定：行内办结 2027年1月15日 24:00 → 2027年1月18日 24:00"
    )
    assert (
        "国办发明电〔2026〕9号" in as_("fiona").get(f"/complaints/{case.reference}/clocks/resolution/").content.decode()
    )


def test_the_strip_of_a_case_follows_a_version_that_leaves_the_date_where_it_is(
    case: Complaint, as_: As, now: time_machine.Traveller
) -> None:
    before = as_("fiona").get(f"/complaints/{case.reference}/").content.decode()
    publish("cn", {date(2027, 10, 1): DayRule(False, "国庆节")}, source="通知", actor=User.objects.system())
    for handful in tasks.outdated_clocks():
        tasks.recompute_clocks(handful)
    after = as_("fiona").get(f"/complaints/{case.reference}/").content.decode()
    assert "尚未公布" in before
    assert "尚未公布" not in after
