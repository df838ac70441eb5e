"""The files themselves: what is made harmless, and what is not touched."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from reports import sheets
from reports.sheets import DayEnd, Workbook, csv_cell, csv_lines


@pytest.mark.parametrize(
    "text", ["收费=年费", "a-b", "1200.50", "138****1111", "12345678901", "王**", "（+86）", "", "0"]
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert csv_cell(text) == text


@pytest.mark.parametrize("text", ["0571", "00012", "622202000000", "330106198001010024"])
def test_numbers_that_a_spreadsheet_would_spoil_are_kept_as_text(text: str) -> None:
    assert csv_cell(text) == f"\t{text}"


def test_moments_and_amounts_are_plain() -> None:
    moment = datetime(2026, 2, 26, 10, 24)  # noqa: DTZ001  (a spreadsheet knows no zone)
    assert [csv_cell(cell) for cell in (moment, Decimal("-3.50"), 7, None)] == ["2026-02-26 10:24", "-3.50", "7", ""]


def test_the_end_of_a_day_sorts_after_its_hours_and_before_the_next_day() -> None:
    in_order = [datetime(2026, 12, 15, 18), DayEnd(date(2026, 12, 15)), datetime(2026, 12, 16, 0, 1)]  # noqa: DTZ001
    assert [csv_cell(cell) for cell in in_order] == ["2026-12-15 18:00", "2026-12-15 24:00", "2026-12-16 00:01"]
    assert csv_cell(date(2026, 12, 15)) == "2026-12-15"
    file = BytesIO()
    workbook = Workbook(file)
    workbook.table("登记簿", ["截止"], [[cell] for cell in in_order])
    workbook.close()
    _head, *cells = CalamineWorkbook.from_filelike(BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()
    moments = [cell for (cell,) in cells]
    assert moments == sorted(moments)  # type: ignore[type-var]
    assert moments[1].date() == date(2026, 12, 15)  # type: ignore[union-attr]


def test_a_long_file_leaves_in_pieces() -> None:
    pieces = list(csv_lines(["编号"], ([f"TS{number}"] for number in range(1200))))
    assert len(pieces) == 3
    assert b"".join(pieces).decode("utf-8-sig").splitlines()[-1] == "TS1199"


def test_a_sheet_that_is_full_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_OF_A_SHEET", 3)
    file = BytesIO()
    workbook = Workbook(file)
    assert workbook.table("登记簿", ["编号"], ([f"TS{number}"] for number in range(7))) == 7
    workbook.close()
    book = CalamineWorkbook.from_filelike(BytesIO(file.getvalue()))
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [4, 4, 2]
