"""The file a year's notice is handed in as: CSV with the columns date, works, name and source."""

import csv
import re
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from sla.calendar import DayRule
from sla.models import CalendarDay, CalendarVersion

COLUMNS = ["date", "works", "name", "source"]
WORKS = {"0": False, "1": True, "false": False, "true": True}
DATE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)  # a spreadsheet rewrites 2027-01-01 as 2027/1/1
FIRST_YEAR, LAST_YEAR = 2000, 2100
NAME_LENGTH = CalendarDay._meta.get_field("name").max_length or 0
SOURCE_LENGTH = CalendarVersion._meta.get_field("source").max_length or 0


class Unreadable(ValueError):
    """A file that is refused as a whole; `faults` says, line by line, what to put right."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_notice_file(content: bytes) -> tuple[dict[date, DayRule], str]:
    """Read a notice file (UTF-8, with or without a byte order mark) as its days and its sources joined by ；.

    A row that changes nothing about Monday to Friday is allowed. Raises `Unreadable` with every fault of the file.
    """
    days: dict[date, DayRule] = {}
    lines: dict[date, int] = {}
    sources: dict[str, None] = {}
    faults: list[str] = []
    for line, row in _rows(content):
        wrong = list(_wrong_in(row))
        day = _date(row["date"])
        if day in lines:
            wrong.append(_("%(day)s is on line %(line)s already") % {"day": day, "line": lines[day]})
        if wrong or day is None:
            faults += [_("Line %(line)s: %(fault)s.") % {"line": line, "fault": fault} for fault in wrong]
            continue
        lines[day] = line
        days[day] = DayRule(WORKS[row["works"].lower()], row["name"])
        sources[row["source"]] = None
    source = "；".join(sources)
    if not faults and not days:
        faults.append(_("The file has no days."))
    if len(source) > SOURCE_LENGTH:
        faults.append(_("The sources together are longer than %(most)s characters.") % {"most": SOURCE_LENGTH})
    if faults:
        raise Unreadable(faults)
    return days, source


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows below the header as (line number, texts without outer spaces by column); blank rows are left out."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        advice = _("Line %(line)s is not UTF-8. Save the file as “CSV UTF-8”.") % {"line": line}
        raise Unreadable([advice]) from error
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    header: list[str] = []
    try:
        for cells in reader:
            texts = [cell.strip() for cell in cells]
            if not any(texts):
                continue
            if not header:
                header = [text.lower() for text in texts]
                if sorted(header) != sorted(COLUMNS):
                    raise Unreadable(
                        [_("The first line must name the columns: %(names)s.") % {"names": ",".join(COLUMNS)}]
                    )
            elif len(texts) != len(header):
                values = {"line": reader.line_num, "count": len(texts), "wanted": len(header)}
                raise Unreadable([_("Line %(line)s has %(count)s columns, not %(wanted)s.") % values])
            else:
                yield reader.line_num, dict(zip(header, texts, strict=True))
    except csv.Error as error:
        raise Unreadable(
            [_("Line %(line)s is not CSV: %(error)s.") % {"line": reader.line_num, "error": error}]
        ) from error


def _wrong_in(row: dict[str, str]) -> Iterator[str]:
    """Say what is wrong with the cells of a row."""
    day = _date(row["date"])
    if day is None:
        yield _("“%(text)s” is not a date like 2027-01-01") % {"text": row["date"][:40]}
    elif not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield _("the year must lie between %(first)s and %(last)s") % {"first": FIRST_YEAR, "last": LAST_YEAR}
    if row["works"].lower() not in WORKS:
        yield _("works must be 0, 1, true or false, not “%(text)s”") % {"text": row["works"][:40]}
    if not row["source"]:
        yield _("the source is missing: name the notice that decrees the day")
    if len(row["name"]) > NAME_LENGTH:
        yield _("the name is longer than %(most)s characters") % {"most": NAME_LENGTH}


def _date(text: str) -> date | None:
    """Read a date, or give None."""
    match = DATE.fullmatch(text)
    try:
        return date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None
