"""What figures look like on a page: numbers with the lists behind them, bars, rows and days. No queries here."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from reports.periods import Period


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the list behind it. `tone` as in the style sheet; `title` says more on hover."""

    text: str
    url: str = ""
    tone: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """One of the figures at the top: a number, what it counts, and beneath it words with further numbers."""

    label: str
    number: Number
    unit: str
    icon: str = ""
    tone: str = ""
    notes: tuple[str | Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart and one row of its table."""

    label: str
    number: int
    url: str
    tone: str = "ink"
    share: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title."""

    key: str
    title: str
    note: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: its name and its numbers, in the order of the columns."""

    name: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the trend."""

    date: date
    works: bool
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the dashboard shows."""

    now: datetime
    days: int
    period: Period
    scope: str
    stats: list[Stat]
    unit_columns: list[str]
    units: list[UnitRow]
    charts: dict[str, Chart]
    trend: list[Day]
    drawing: dict[str, Any] = field(repr=False)
