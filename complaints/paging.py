"""Pages of a list by cursor: where the last page ended, never how many rows to skip. Every page costs the same.

A cursor names the last row's place in the order, `<microseconds>.<id>`, or `-.<id>` among rows without a date.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, ComplaintQuerySet

PAGE = 25
_CURSOR = re.compile(r"(-|-?\d{1,17})\.(\d{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Order(TextChoices):
    NEWEST = "newest", _("Newest received first")
    STRICTEST = "strictest", _("Strictest clock first")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the order: the rows of `rows`, by `column` (none: by id alone), the higher id first among equals."""

    rows: Q
    column: str
    newest_first: bool = True


RUNS: Mapping[str, tuple[Run, ...]] = {
    Order.NEWEST: (Run(Q(), "received_at"),),
    Order.STRICTEST: (Run(Q(due_at__isnull=False), "due_at", newest_first=False), Run(Q(due_at__isnull=True), "")),
}


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` in order, and the cursors of the pages before and after; empty where there is none."""

    rows: list[Complaint]
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class _Place:
    at: datetime | None
    pk: int


def read_page(found: ComplaintQuerySet, order: str, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """The page after or before a cursor, else the first. One query, one more where the dated rows run out.

    A cursor that we did not make is as good as none.
    """
    column = RUNS[order][0].column
    if place := _place_in(order, before):
        rows = _read(found, order, place, size + 1, backwards=True)
        if len(rows) > size:
            rows = rows[:size][::-1]
            return Page(rows, _cursor(rows[0], column), _cursor(rows[-1], column))
    place = None if before else _place_in(order, after)
    rows = _read(found, order, place, size + 1, backwards=False)
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, _cursor(rows[0], column) if place and rows else "", _cursor(rows[-1], column) if more else "")


def following(rows: "QuerySet[Any]", column: str, after: str, size: int = PAGE) -> tuple[list[Any], str]:
    """A page of any rows with a date in `column`, the newest first: those past the cursor `after`, and the next cursor.

    Empty `after` is the first page, an empty next cursor the last one. Raises ValueError for a cursor that we did not make.
    """
    run = Run(Q(), column)
    rows = rows.order_by(*_sorted(run, backwards=False))
    if after:
        place = _place(after)
        if place is None or place.at is None:
            raise ValueError(after)
        rows = rows.filter(_beyond(run, place, backwards=False))
    found = list(rows[: size + 1])
    return found[:size], _cursor(found[size - 1], column) if len(found) > size else ""


def _read(
    found: ComplaintQuerySet, order: str, place: _Place | None, wanted: int, *, backwards: bool
) -> list[Complaint]:
    rows: list[Complaint] = []
    runs = list(RUNS[order])
    if place and len(runs) > 1:
        at = 1 if place.at is None else 0
        runs = runs[at::-1] if backwards else runs[at:]
    for run in runs:
        part = found.filter(run.rows).order_by(*_sorted(run, backwards=backwards))
        if place:
            part = part.filter(_beyond(run, place, backwards=backwards))
            place = None
        rows += part[: wanted - len(rows)]
        if len(rows) == wanted:
            break
    return rows


def _sorted(run: Run, *, backwards: bool) -> list[str]:
    by_id = "pk" if backwards else "-pk"
    if not run.column:
        return [by_id]
    return [f"-{run.column}" if run.newest_first != backwards else run.column, by_id]


def _beyond(run: Run, place: _Place, *, backwards: bool) -> Q:
    """Rows past the place, as a range that the index serves: `date <= then and not (date = then and id >= that)`."""
    ids = {"pk__lte" if backwards else "pk__gte": place.pk}
    if not run.column:
        return ~Q(**ids)
    side = "lte" if run.newest_first != backwards else "gte"
    return Q(**{f"{run.column}__{side}": place.at}) & ~Q(**{run.column: place.at}, **ids)


def _cursor(row: Any, column: str) -> str:
    at = getattr(row, column)
    return f"{(at - _EPOCH) // _MICROSECOND if at else '-'}.{row.pk}"


def _place_in(order: str, cursor: str) -> _Place | None:
    """The place a cursor names, when the order has it: one without a date is nowhere where every row has a date."""
    place = _place(cursor)
    undated = any(not run.column for run in RUNS[order])
    return place if place and (undated or place.at is not None) else None


def _place(cursor: str) -> _Place | None:
    match = _CURSOR.fullmatch(cursor)
    if not match:
        return None
    try:
        at = None if match[1] == "-" else _EPOCH + int(match[1]) * _MICROSECOND
    except OverflowError:
        return None
    return _Place(at, int(match[2]))
