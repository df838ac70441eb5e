"""The register book, taken out and read again: whole, masked, harmless, and on record."""

import csv
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from complaints.correspondence import respond
from complaints.extending import approve_extension, ask_extension, extend
from complaints.lifecycle import withdraw
from complaints.models import Complainant, Complaint
from reports import book
from reports.models import Export
from reports.monthly import cases_table
from reports.periods import Period
from tests.conftest import Cast, a_wish, said

Browser = Callable[[str], Client]
Desk = dict[str, Complaint]
DAYS = {"first": "2026-01-01", "last": "2026-02-10"}
ALL = {"first": "2025-12-01", "last": "2026-02-10"}


def _csv(browser: Client, days: dict[str, str] = ALL) -> list[dict[str, str]]:
    raw = b"".join(browser.get("/reports/register/csv/", days))
    assert raw.startswith(b"\xef\xbb\xbf"), "without the mark Excel on Chinese Windows shows rubbish"
    return list(csv.DictReader(StringIO(raw.decode("utf-8-sig"), newline="")))


def _xlsx(browser: Client, days: dict[str, str] = ALL) -> list[dict[str, Any]]:
    raw = b"".join(browser.get("/reports/register/xlsx/", days))
    head, *rows = CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_index(0).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_whole_book_in_the_order_of_receipt(desk: Desk, as_: Browser) -> None:
    rows = _csv(as_("carol"))
    assert [row["编号"] for row in rows] == list(
        Complaint.objects.order_by("received_at", "id").values_list("reference", flat=True)
    )
    assert len(rows[0]) == 42


def test_what_a_row_says_of_a_case(desk: Desk, as_: Browser) -> None:
    row = next(row for row in _csv(as_("carol")) if row["编号"] == desk["late"].reference)
    said = [row[name] for name in ("渠道", "收到时间", "投诉原因", "严重程度", "状态", "首问责任人", "处理结果")]
    assert said == ["来访", "2026-01-16 10:00", "银行卡", "重大", "重新办理", "孙倩", "已更正"]
    assert [row[name] for name in ("响应是否按时", "办结是否按时", "是否属实")] == ["超期", "超期", "不成立"]


def test_a_promise_still_running_is_neither_kept_nor_late(desk: Desk, as_: Browser) -> None:
    row = next(row for row in _csv(as_("carol")) if row["编号"] == desk["again"].reference)
    assert (row["响应是否按时"], row["办结是否按时"], row["办结时间"]) == ("按时", "计时中", "")


def test_a_breach_before_reopening_stays_in_the_book(desk: Desk, as_: Browser) -> None:
    row = next(row for row in _csv(as_("carol")) if row["编号"] == desk["late"].reference)
    assert (row["办结截止"], row["办结是否按时"]) == ("2026-03-05 24:00", "超期")


def test_a_deadline_that_ends_a_day_reads_as_that_day(desk: Desk, as_: Browser) -> None:
    """The API answers the exact instant; the book says the day, as the pages do."""
    browser = as_("carol")
    assert "2026-03-06T00:00" in browser.get(f"/api/v1/complaints/{desk['late'].reference}/").content.decode()
    rows = {row["编号"]: row["办结截止"] for row in _xlsx(browser)}
    assert rows[desk["late"].reference] == datetime(2026, 3, 5, 23, 59, 59)  # noqa: DTZ001  (real, on that day)
    raw = b"".join(browser.get("/reports/register/xlsx/", ALL))
    assert 'yyyy-mm-dd "24:00"' in unescape(_part(raw, "xl/styles.xml"))


def test_what_was_typed_about_the_channel_is_in_both_files(
    register: Callable[..., Complaint], as_: Browser, now: object
) -> None:
    register(
        "fiona", channel="letter", place="三楼接待室", recording_reference="R-77", postmarked_on=date(2026, 2, 9),
        registered_mail_number="XA12345", late_entry_reason="系统升级", external_reference="银监-8",
    )  # fmt: skip
    heads = ("接待地点", "录音编号", "邮戳日期", "挂号信编号", "补录原因", "对方编号")
    typed = ["三楼接待室", "R-77", "2026-02-09", "XA12345", "系统升级", "银监-8"]
    row = _csv(as_("carol"))[0]
    assert [row[head] for head in heads] == typed
    row = _xlsx(as_("carol"))[0]
    assert [str(row[head]) for head in heads] == typed


def test_a_complaint_taken_back_unanswered_was_not_answered_on_time(desk: Desk, as_: Browser) -> None:
    """Not late, and nobody answered: the book says so; attainment counts it as kept, and says that."""
    row = next(row for row in _csv(as_("carol")) if row["编号"] == desk["withdrawn"].reference)
    assert (row["响应是否按时"], row["办结是否按时"], row["状态"]) == ("期限内撤回", "期限内撤回", "已撤回")


def test_an_answer_before_the_withdrawal_stays_an_answer_on_time(
    register: Callable[..., Complaint], as_: Browser, cast: Cast, now: time_machine.Traveller
) -> None:
    case = respond(register("fiona"), said(), actor=cast.fiona)
    now.shift(timedelta(hours=1))
    withdraw(case, "客户电话撤回", actor=cast.fiona)
    row = _csv(as_("carol"))[0]
    assert (row["响应是否按时"], row["办结是否按时"]) == ("按时", "期限内撤回")


def test_a_withdrawal_after_the_deadline_leaves_the_answer_late(
    register: Callable[..., Complaint], as_: Browser, cast: Cast, now: time_machine.Traveller
) -> None:
    case = register("fiona")
    now.shift(timedelta(hours=30))
    withdraw(case, "客户电话撤回", actor=cast.fiona)
    assert _csv(as_("carol"), ALL | {"last": "2026-02-11"})[0]["响应是否按时"] == "超期"


def test_names_and_phones_are_masked(desk: Desk, as_: Browser) -> None:
    for browser in (as_("carol"), as_("audrey")):
        assert {(row["姓名（脱敏）"], row["电话（脱敏）"]) for row in _csv(browser)} == {("王**", "138****1111")}


@pytest.mark.parametrize("who", ["carol", "sam", "wendy", "olivia", "audrey"])
def test_scope_is_that_of_the_lists(desk: Desk, cast: Cast, as_: Browser, who: str) -> None:
    seen = Complaint.objects.visible_to(cast.people[who]).values_list("reference", flat=True)
    assert sorted(row["编号"] for row in _csv(as_(who))) == sorted(seen)


@pytest.mark.parametrize(
    "evil",
    ["=1+1", "+86", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "　＝HYPERLINK(1)", '=cmd|"/c calc"!A1'],
)
def test_what_a_customer_wrote_never_becomes_a_formula(
    register: Callable[..., Complaint], as_: Browser, evil: str, now: object
) -> None:
    register("fiona", demand=evil, summary="收费")
    assert _csv(as_("carol"))[0]["客户诉求"] == f"'{evil}"
    assert _xlsx(as_("carol"))[0]["客户诉求"] == evil


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(
    register: Callable[..., Complaint], as_: Browser, now: object
) -> None:
    register("fiona", summary="=HYPERLINK(1)", demand="http://example.com/", external_reference="{=1}")
    raw = b"".join(as_("carol").get("/reports/register/xlsx/", ALL))
    sheet = _part(raw, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet.lower()


def _part(raw: bytes, name: str) -> str:
    return ZipFile(BytesIO(raw)).read(name).decode()


def test_long_numbers_stay_whole(register: Callable[..., Complaint], as_: Browser, now: object) -> None:
    register("fiona", external_reference="330106198001010024")
    assert _csv(as_("carol"))[0]["对方编号"] == "\t330106198001010024"
    assert _xlsx(as_("carol"))[0]["对方编号"] == "330106198001010024"


def test_awkward_text_survives_both_files(register: Callable[..., Complaint], as_: Browser, now: object) -> None:
    awkward = '他说："不，\n退我𠮷利店那笔钱"，并拍桌'
    register("fiona", demand=awkward)
    assert _csv(as_("carol"))[0]["客户诉求"] == awkward
    assert _xlsx(as_("carol"))[0]["客户诉求"] == awkward


def test_the_workbook_holds_real_dates_and_amounts(
    register: Callable[..., Complaint], as_: Browser, now: object
) -> None:
    register("fiona", claimed_amount=Decimal("1200.50"))
    row = _xlsx(as_("carol"))[0]
    assert row["收到时间"] == datetime(2026, 2, 10, 10, 0)  # noqa: DTZ001  (a spreadsheet knows no zone)
    assert row["要求金额"] == 1200.5


def test_handfuls_join_without_a_gap_or_a_double(
    register: Callable[..., Complaint], as_: Browser, now: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = [register("fiona").reference for _ in range(7)]  # all received at the same moment
    monkeypatch.setattr(book, "HANDFUL", 2)
    assert [row["编号"] for row in _csv(as_("carol"))] == references


def test_a_file_of_any_length_costs_as_many_queries(
    register: Callable[..., Complaint], as_: Browser, now: object
) -> None:
    register("fiona")
    browser = as_("carol")
    _csv(browser)
    with CaptureQueriesContext(connection) as few:
        _csv(browser)
    for _ in range(20):
        register("fiona")
    with CaptureQueriesContext(connection) as many:
        _csv(browser)
    assert len(many) == len(few)


def test_taking_it_out_is_recorded_before_the_first_byte(desk: Desk, as_: Browser, cast: Cast) -> None:
    as_("sam").get("/reports/register/csv/", DAYS)
    export = Export.objects.get()
    assert (export.by, export.form, export.first_on.isoformat(), export.rows) == (cast.sam, "csv", DAYS["first"], 7)
    assert "周岚" in as_("carol").get("/reports/register/").content.decode()


def test_the_record_of_exports_is_never_changed(desk: Desk, as_: Browser) -> None:
    as_("carol").get("/reports/register/csv/", DAYS)
    for change in (lambda: Export.objects.update(rows=0), lambda: Export.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_a_branch_does_not_see_what_others_took_out(desk: Desk, as_: Browser) -> None:
    as_("carol").get("/reports/register/csv/", DAYS)
    assert "沈洁" not in as_("sam").get("/reports/register/", DAYS).content.decode().partition('id="exports"')[2]


def test_the_file_is_named_in_chinese(desk: Desk, as_: Browser) -> None:
    named = as_("carol").get("/reports/register/csv/", DAYS)["Content-Disposition"]
    assert named.startswith("attachment; filename*=utf-8''%E6%8A%95%E8%AF%89%E7%99%BB%E8%AE%B0%E7%B0%BF_2026-01-01")


def test_the_page_shows_the_first_rows_and_the_number(desk: Desk, as_: Browser) -> None:
    page = as_("carol").get("/reports/register/", ALL).content.decode()
    assert page.count("data-row=") == 8
    assert desk["kept"].reference in page


@pytest.mark.parametrize(
    "days", [{"first": "x"}, {"first": "2026-02-11", "last": "2026-02-10"}, {"first": "1999-01-01"}]
)
def test_days_that_do_not_hold_are_refused(as_: Browser, cast: Cast, days: dict[str, str], now: object) -> None:
    assert as_("carol").get("/reports/register/", days).status_code == 422
    assert as_("carol").get("/reports/register/csv/", days).status_code == 400


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_command_writes_what_the_page_makes(desk: Desk, tmp_path: Path, ending: str) -> None:
    told, out = StringIO(), tmp_path / f"book.{ending}"
    call_command("register", "--from=2025-12-01", "--to=2026-02-10", f"--out={out}", "--json", stdout=told)
    assert json.loads(told.getvalue())["rows"] == Complaint.objects.count()
    assert out.stat().st_size > 1000
    assert Export.objects.get().by.username == "system"


def test_the_command_refuses_other_files_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    for wrong in (["--out=book.pdf"], [f"--out={tmp_path}/none/book.csv"], ["--out=book.csv", "--to=2025-01-01"]):
        with pytest.raises(CommandError):
            call_command("register", "--from=2025-12-01", "--to=2026-02-10", *wrong)
    assert list(tmp_path.iterdir()) == []


def test_an_unreadable_name_does_not_stop_the_book(
    register: Callable[..., Complaint], as_: Browser, now: object
) -> None:
    case = register("fiona")
    Complainant.objects.filter(pk=case.complainant_id).update(name=b"k9:lost")
    assert _csv(as_("carol"))[0]["姓名（脱敏）"] == "无法读取"


def test_an_earlier_complaint_out_of_sight_is_not_named(
    register: Callable[..., Complaint], cast: Cast, now: object
) -> None:
    about_olivia = register("fiona", staff_complained_about=cast.olivia)
    of_west = register("walter", unit="W1")
    for earlier in (about_olivia, of_west):
        register("fiona", repeat_of=earlier)
    expected = {"olivia": {"", of_west.reference}, "sam": {"", about_olivia.reference}}
    both = {"", about_olivia.reference, of_west.reference}
    today = Period.month(timezone.localdate())
    for who in ("olivia", "sam", "carol", "system"):
        opened = book.Book(cast.people[who], today, timezone.now())
        place = [column.key for column in opened.columns].index("repeat_of")
        assert {row[place] for row in opened.rows()} == expected.get(who, both)
        headings, rows = cases_table(cast.people[who], today, timezone.now())
        assert {row[headings.index(opened.columns[place].heading)] for row in rows} == expected.get(who, both)


@time_machine.travel("2026-02-10 10:00+08:00", tick=False)
def test_an_extended_resolution_is_told_both_ways(register: Callable[..., Complaint], cast: Cast, as_: Browser) -> None:
    case = register("fiona")
    case = approve_extension(ask_extension(case, a_wish(), actor=cast.fiona), actor=cast.sam)
    extend(case, said(), actor=cast.fiona)
    clock = case.clocks.get(target="resolution")
    (row,) = _csv(as_("carol"))
    assert (row["办结截止"], row["原定办结截止"]) == (f"{clock.due_on} 24:00", "2026-03-09 24:00")
    assert (row["办结是否按时"], row["按原定时限"]) == ("计时中", "计时中")
