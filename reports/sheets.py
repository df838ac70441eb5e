"""Tables as files that Excel opens rightly: CSV and XLSX, written row by row, with no cell that could act as a formula."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel on Chinese Windows reads UTF-8 as GBK
ROWS_OF_A_SHEET = 1_000_000  # Excel's own bound is 1,048,576
LINES = 500  # of CSV in one piece of the stream

# What a spreadsheet takes for a formula, also behind white space or in full width, and characters it drops before looking.
_ACTS = re.compile(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n\x00]")
_LONG_NUMBER = re.compile(r"0\d+|\d{12,}", re.ASCII)  # shown as 1.23E+17, or robbed of its leading zero


@dataclass(frozen=True, slots=True)
class DayEnd:
    """The end of a day, as people say a deadline: 24:00 of that day, never 00:00 of the next."""

    day: date

    def __str__(self) -> str:
        return f"{self.day} 24:00"


Cell = str | datetime | date | DayEnd | Decimal | int | None
LAST_SECOND = time(
    23, 59, 59
)  # what a spreadsheet holds for 24:00: it sorts after the day's hours and lies on that day


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula or a number when it reads it from CSV.

    A formula gets an apostrophe in front; a long number a tab, which Excel reads as text and does not show.
    """
    if not text:
        return text
    if _ACTS.match(text):
        return f"'{text}"
    return f"\t{text}" if _LONG_NUMBER.fullmatch(text) else text


def csv_cell(cell: Cell) -> str:
    """A cell as CSV holds it: text made harmless, a moment as 2026-02-26 10:24, the end of a day as 2026-02-26 24:00."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return str(cell)


class _Line:
    """Gives back what csv writes."""

    def write(self, text: str) -> str:
        return text


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with a byte order mark, lines ended as Excel ends them."""
    write = csv.writer(_Line(), lineterminator="\r\n").writerow
    lines: list[Any] = [BOM, write([harmless(heading) for heading in headings])]
    for row in rows:
        lines.append(write([csv_cell(cell) for cell in row]))
        if len(lines) >= LINES:
            yield "".join(lines).encode()
            lines = []
    if lines:
        yield "".join(lines).encode()


class Workbook:
    """An XLSX file written row by row into `file`, in constant memory: text as text, never a formula or a link."""

    def __init__(self, file: "IO[bytes]") -> None:
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._head = self._book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._end = self._book.add_format({"num_format": 'yyyy-mm-dd "24:00"'})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._amount = self._book.add_format({"num_format": "#,##0.00"})
        self._whole = self._book.add_format({"num_format": "#,##0"})

    def table(
        self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int] = ()
    ) -> int:
        """A sheet with a frozen heading and a filter; further sheets where one is full. Returns the number of rows."""
        sheet = self._sheet(name, headings, widths)
        number = line = 0
        for row in rows:
            if line == ROWS_OF_A_SHEET:
                self._finish(sheet, line, len(headings))
                sheet, line = self._sheet(f"{name} {number // ROWS_OF_A_SHEET + 1}", headings, widths), 0
            line, number = line + 1, number + 1
            for place, cell in enumerate(row):
                self._write(sheet, line, place, cell)
        self._finish(sheet, line, len(headings))
        return number

    def close(self) -> None:
        self._book.close()

    def _sheet(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, self._head)
        return sheet

    def _finish(self, sheet: Any, lines: int, width: int) -> None:
        sheet.autofilter(0, 0, lines, width - 1)

    def _write(self, sheet: Any, line: int, place: int, cell: Cell) -> None:
        if isinstance(cell, str):
            if cell:
                sheet.write_string(line, place, cell)
        elif isinstance(cell, datetime):
            sheet.write_datetime(line, place, cell, self._moment)
        elif isinstance(cell, DayEnd):
            sheet.write_datetime(line, place, datetime.combine(cell.day, LAST_SECOND), self._end)
        elif isinstance(cell, date):
            sheet.write_datetime(line, place, cell, self._day)
        elif isinstance(cell, Decimal):
            sheet.write_number(line, place, cell, self._amount)
        elif cell is not None:
            sheet.write_number(line, place, cell, self._whole)
