"""The monthly statistics (R112): repeat, major and important-customer complaints, and the month by every heading."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Unit, User
from complaints.models import Complaint, Finding
from complaints.states import Status
from reports import figures
from reports.book import Book, local_due, local_moment, withdrawn_in_time
from reports.faces import Number
from reports.figures import Attainment
from reports.periods import Period
from reports.sheets import Cell
from reports.slices import KEPT, MISSED, NONE, Slice, due, judged, received
from sla import wording
from sla.targets import ALWAYS, Target

DUE_ON = 25  # the day of the month by which the table is due
MAJOR = Complaint.Severity.MAJOR
Counts = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what is counted, the month's number with its list, the month before, and the change between them."""

    label: str
    number: Number
    before: Number
    change: str


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading; `note` says what a reader must know of them."""

    heading: str
    lines: list[Line]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """The whole table."""

    period: Period
    due_on: date
    sections: list[Section]


def month_of(user: User, period: Period, now: datetime) -> Month:
    """The statistics of a calendar month, in the scope of `user`. Six queries."""
    before = period.month_before
    these, those = _counts(user, period), _counts(user, before)
    kept, kept_before = figures.attainment(user, period, now), figures.attainment(user, before, now)
    draw = _Table(these, those, period, before)
    sections = [
        Section(
            _("Groups"),
            [
                draw.line(pgettext("number", "Received"), ("all", ""), lambda span: received(span)),
                draw.line(_("Repeat complaints"), ("repeat", ""), lambda span: received(span, repeat="1")),
                draw.line(_("Major complaints"), ("major", ""), lambda span: received(span, severity=MAJOR)),
                Line(_("Important customers"), _absent(), _absent(), "—"),
            ],
            _("Important customers are not marked in the complaints yet, so they are not counted."),
        ),
        Section(_("By channel"), list(_channels(draw))),
        Section(_("By cause, first level"), list(_causes(draw))),
        Section(_("By unit complained about"), list(_units(draw))),
        Section(_("Founded or not"), list(_founded(draw)), _("As the latest findings say now.")),
        Section(
            _("On time"),
            list(_promises(kept, kept_before, period, before)),
            _(
                "Clocks whose deadline lies in the month and has passed; kept means stopped by the deadline, by an "
                "answer or by a withdrawal. An extended clock counts in the month of its new date, and once more by the date "
                "first promised."
            ),
        ),
    ]
    return Month(period, period.first.replace(day=DUE_ON), sections)


def _counts(user: User, period: Period) -> Counts:
    """What was received in a period under every heading, in one query."""
    came = (
        Complaint.objects.visible_to(user).order_by().filter(received_at__gte=period.start, received_at__lt=period.end)
    )
    parts = [
        _part("all", came, Value("")),
        _part("repeat", came.filter(repeat_of__isnull=False), Value("")),
        _part("major", came.filter(severity=MAJOR), Value("")),
        _part("channel", came, F("channel")),
        _part("cause", came, Cast("cause_id", TextField())),
        _part("unit", came, Cast("unit_id", TextField())),
        _part("founded", came.annotate(judged=judged()), F("judged")),
    ]
    return {(kind, key or ""): number for kind, key, number in parts[0].union(*parts[1:], all=True)}


def _part(kind: str, rows: Any, key: Any) -> Any:
    return rows.values(key=key).annotate(number=Count("*")).values_list(Value(kind), "key", "number")


def _absent() -> Number:
    return Number("—", tone="text-2")


@dataclass(frozen=True, slots=True)
class _Table:
    """Draws lines of two months side by side."""

    these: Counts
    those: Counts
    period: Period
    before: Period

    def line(self, label: str, key: tuple[str, str], behind: Any) -> Line:
        return self.sum_line(label, [key], behind)

    def sum_line(self, label: str, keys: Sequence[tuple[str, str]], behind: Any) -> Line:
        now, then = (sum(counts.get(key, 0) for key in keys) for counts in (self.these, self.those))
        return Line(
            label,
            _number(now, behind(self.period)),
            _number(then, behind(self.before)),
            wording.signed_words(now - then),
        )

    def keys(self, kind: str) -> list[str]:
        """What occurs under a heading in either month, the most frequent of this month first."""
        found = {key for counted, key in (*self.these, *self.those) if counted == kind}
        return sorted(found, key=lambda key: (-self.these.get((kind, key), 0), key))


def _number(number: int, behind: Slice) -> Number:
    return Number(f"{number:,}", behind.url(), "" if number else "text-2")


def _channels(draw: _Table) -> Iterator[Line]:
    for key in draw.keys("channel"):
        yield draw.line(
            str(Complaint.Channel(key).label), ("channel", key), lambda span, key=key: received(span, channel=key)
        )


def _causes(draw: _Table) -> Iterator[Line]:
    these = {key or NONE: draw.these.get(("cause", key), 0) for key in draw.keys("cause")}
    below: dict[str, list[str]] = {}
    for top in figures.top_causes(these, _("not yet coded"), below):
        keys = [("cause", "" if key == NONE else key) for key in below[top.code]]
        yield draw.sum_line(top.name, keys, lambda span, code=top.code: received(span, cause=code))


def _units(draw: _Table) -> Iterator[Line]:
    keys = draw.keys("unit")
    names = {
        str(pk): (code, name)
        for pk, code, name in Unit.objects.filter(pk__in=keys).order_by().values_list("id", "code", "name")
    }
    for key in keys:
        code, name = names[key]
        yield draw.line(name, ("unit", key), lambda span, code=code: received(span, unit=code))


def _founded(draw: _Table) -> Iterator[Line]:
    for value, label in (*Finding.Founded.choices, ("", _("no finding yet"))):
        yield draw.line(str(label), ("founded", value), lambda span, value=value: received(span, founded=value or NONE))


def _promises(
    these: Mapping[str, Attainment], those: Mapping[str, Attainment], period: Period, before: Period
) -> Iterator[Line]:
    for target in Target:
        now, then = these.get(target, Attainment()), those.get(target, Attainment())
        if target not in ALWAYS and not now.due and not then.due:
            continue
        label = str(target.label)
        for words, number, earlier, kept in (
            (_("%(target)s: fell due"), now.due, then.due, ""),
            (_("%(target)s: kept"), now.kept, then.kept, KEPT),
            (_("%(target)s: late"), now.due - now.kept, then.due - then.kept, MISSED),
        ):
            yield Line(
                words % {"target": label},
                _number(number, due(period, target, kept=kept)),
                _number(earlier, due(before, target, kept=kept)),
                wording.signed_words(number - earlier),
            )
        yield Line(
            _("%(target)s: attainment") % {"target": label},
            Number(_percent(now), due(period, target).url()),
            Number(_percent(then), due(before, target).url()),
            "",
        )
        if now.extended or then.extended:  # both ways: an extension moves the date, and hides no delay (R33)
            yield Line(
                _("%(target)s: extended") % {"target": label},
                Number(str(now.extended)),
                Number(str(then.extended)),
                wording.signed_words(now.extended - then.extended),
            )
            yield Line(
                _("%(target)s: attainment by the dates first promised") % {"target": label},
                Number(_percent(now.at_first)),
                Number(_percent(then.at_first)),
                "",
            )


def _percent(one: Attainment) -> str:
    return "—" if one.percent is None else f"{one.percent:g}%"


def figures_table(month: Month) -> Iterator[list[Cell]]:
    """The statistics as rows of a spreadsheet: heading, row, this month, the month before, change."""
    for section in month.sections:
        for line in section.lines:
            yield [section.heading, line.label, _cell(line.number.text), _cell(line.before.text), line.change]


def _cell(text: str) -> Cell:
    plain = text.replace(",", "")
    return int(plain) if plain.isdigit() else text


CASES = (
    "reference", "received", "channel", "cause_top", "cause", "unit", "severity", "repeat_of", "founded", "status",
    "owner_unit", "response_kept", "resolution_kept", "summary",
)  # fmt: skip


def cases_table(user: User, period: Period, now: datetime) -> tuple[list[str], Iterator[list[Cell]]]:
    """Every complaint received in the month, with the column that each heading counts by: filter to see the cases."""
    book = Book(user, period, now)
    places = {column.key: place for place, column in enumerate(book.columns)}
    headings = [_("Cause, first level") if key == "cause_top" else book.columns[places[key]].heading for key in CASES]
    return headings, (_picked(row, places) for row in book.rows())


def _picked(row: Sequence[Cell], places: Mapping[str, int]) -> list[Cell]:
    cause = str(row[places["cause"]] or "")
    return [cause.partition(" › ")[0] if key == "cause_top" else row[places[key]] for key in CASES]


def clocks_table(user: User, period: Period, now: datetime) -> tuple[list[str], Iterable[list[Cell]]]:
    """Every clock that fell due in the month: what the rows on time count."""
    headings = [_("Reference"), _("Clock"), _("Due"), _("Stopped"), _("Result"), _("Owner's unit")]
    rows = (
        due(period)
        .clocks(user, now)
        .order_by("due_at", "id")
        .values_list(
            "complaint__reference",
            "target",
            "due_at",
            "stopped_at",
            "complaint__owner_unit__name",
            "complaint__status",
            "complaint__closed_at",
        )
    )
    labels = {target.value: str(target.label) for target in Target}
    kept, late, withdrawn, zone = _("on time"), _("late"), withdrawn_in_time(), timezone.get_current_timezone()

    def result(due_at: datetime, stopped: datetime | None, status: str, closed: datetime | None) -> str:
        if stopped is None or stopped >= due_at:
            return late
        return withdrawn if status == Status.WITHDRAWN and stopped == closed else kept

    return headings, (
        [
            reference,
            labels[target],
            local_due(due_at, zone),
            stopped and local_moment(stopped, zone),
            result(due_at, stopped, status, closed),
            unit,
        ]
        for reference, target, due_at, stopped, unit, status, closed in rows.iterator(chunk_size=2000)
    )
