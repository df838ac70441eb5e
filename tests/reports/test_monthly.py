"""The monthly statistics: every number opens its cases, and the spreadsheet lists them."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from complaints.models import Complaint
from reports.models import Export
from reports.monthly import month_of
from reports.periods import Period
from tests.conftest import NOW, Cast
from tests.reports.conftest import disagreements

Browser = Callable[[str], Client]
Desk = dict[str, Complaint]
FEBRUARY = Period.month(NOW.date())


def _sheets(browser: Client, month: str) -> dict[str, list[list[object]]]:
    answer = browser.get("/reports/monthly/xlsx/", {"month": month})
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("who", ["carol", "sam"])
@pytest.mark.parametrize("month", ["2026-02", "2026-01"])
def test_every_number_opens_its_cases(desk: Desk, as_: Browser, who: str, month: str) -> None:
    browser = as_(who)
    page = browser.get("/reports/monthly/", {"month": month}).content.decode()
    assert disagreements(browser, page) == []


def test_the_three_groups_of_the_month(desk: Desk, cast: Cast) -> None:
    groups = month_of(cast.carol, Period.month(FEBRUARY.month_before.first), NOW).sections[0].lines
    assert [line.number.text for line in groups] == ["4", "1", "1", "—"]
    assert [line.change for line in groups[:3]] == ["+4", "+1", "+1"]


def test_the_cases_behind_each_row_are_on_the_second_sheet(desk: Desk, as_: Browser) -> None:
    table, cases, _clocks = _sheets(as_("carol"), "2026-02").values()
    channel = cases[0].index("渠道")
    listed = Counter(row[channel] for row in cases[1:])
    assert listed == {row[1]: row[2] for row in table if row[0] == "按渠道" and row[2]}


def test_the_clocks_behind_attainment_are_on_the_third_sheet(desk: Desk, as_: Browser) -> None:
    table, _cases, clocks = _sheets(as_("carol"), "2026-02").values()
    late = sum(1 for row in clocks[1:] if row[4] == "超期")
    assert late == sum(row[2] for row in table if str(row[1]).endswith("超期"))


def test_the_clocks_read_the_day_on_which_they_end(desk: Desk, as_: Browser) -> None:
    _table, _cases, clocks = _sheets(as_("carol"), "2026-02").values()
    mine = [row[2] for row in clocks[1:] if row[:2] == [desk["unanswered"].reference, "行内办结"]]
    ends = desk["unanswered"].clocks.get(target="resolution").due_on
    assert mine == [datetime.combine(ends, time(23, 59, 59))]


def test_the_file_is_named_in_chinese(desk: Desk, as_: Browser) -> None:
    answer = as_("carol").get("/reports/monthly/xlsx/", {"month": "2026-02"})
    assert unquote(answer["Content-Disposition"]).endswith("客户投诉统计表_2026-02.xlsx")


def test_taking_it_out_is_recorded(desk: Desk, as_: Browser, cast: Cast) -> None:
    _sheets(as_("carol"), "2026-02")
    export = Export.objects.get()
    assert (export.by, export.what, export.rows, export.first_on) == (cast.carol, "monthly", 4, FEBRUARY.first)


def test_the_cost_does_not_grow_with_the_rows(desk: Desk, register: Callable[..., Complaint], cast: Cast) -> None:
    month_of(cast.carol, FEBRUARY, NOW)
    with CaptureQueriesContext(connection) as few:
        month_of(cast.carol, FEBRUARY, NOW)
    for _ in range(20):
        register("fiona")
    with CaptureQueriesContext(connection) as many:
        month_of(cast.carol, FEBRUARY, NOW)
    assert len(many) == len(few) <= 6


@pytest.mark.parametrize("month", ["2026-2x", "1999-12", "2030-01"])
def test_another_month_is_refused(as_: Browser, cast: Cast, month: str, now: object) -> None:
    assert as_("carol").get("/reports/monthly/", {"month": month}).status_code == 422
    assert as_("carol").get("/reports/monthly/xlsx/", {"month": month}).status_code == 400
