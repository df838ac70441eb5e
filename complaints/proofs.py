"""Why a deadline is the day it is: one clock reckoned again, day by day, for a page and for the customer. No queries here.

The stored date, the day-by-day count and the arithmetic must agree; where they do not, the proof says so (R30, R42).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from sla import sentences
from sla.calendar import DAY_UNITS, DayCount, Deadline, Unit, Why, WorkingCalendar, deadline
from sla.clocks import reckon
from sla.models import Clock
from sla.targets import Start, Target

ONE_DAY = timedelta(days=1)
FOR_CUSTOMER = (Target.RESPONSE, Target.RESOLUTION, Target.STATUTORY_RESOLUTION, Target.PROMISE)
MOST_DAYS = 400  # a calendar longer than this is not drawn; its sum still stands


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the drawn calendar. `look` is its class; `label` why it counts or not; `ordinal` its number, if any.

    `gives` is the working time the day adds, where hours are counted.
    """

    date: date
    look: str
    label: str = ""
    ordinal: int | None = None
    gives: str = ""
    counts: bool = False
    is_start: bool = False
    is_end: bool = False
    is_today: bool = False
    names_month: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """A clock with its sum, its days and the verdict of reckoning it again.

    `counted_from` is the event it runs from, where that is not the receipt or the reopening; `is_agreed`: what the customer
    and we agreed on; `is_for_customer`: what the customer may rely on, rather than our own rules.

    `by_days`: the allowance is in days or working days, so days are numbered; otherwise it runs by the hour.
    `holidays`, `weekends` and `paused` are the days that do not count, `make_ups` the weekend days that do, `unannounced`
    the years whose days off were not known to the calendar. `week` is when people work, where that matters.
    """

    clock: Clock
    allowance: str
    by_days: bool
    skips_rest_days: bool
    agrees: bool
    counted_from: str
    is_agreed: bool
    is_for_customer: bool
    reckoned_due_at: datetime
    cells: list[Cell] = field(default_factory=list)
    days: tuple[DayCount, ...] = ()
    total: int = 0
    counted: int = 0
    holidays: int = 0
    weekends: int = 0
    paused: int = 0
    make_ups: list[date] = field(default_factory=list)
    unannounced: list[int] = field(default_factory=list)
    week: str = ""


def proof(clock: Clock, today: date) -> Proof:
    """Reckon `clock` again, in its own version of the calendar. `clock.calendar_version` should be loaded."""
    calendar = clock.calendar_version.value()
    walked = deadline(clock.started_at, clock.allowance, calendar, clock.spans)
    due_at, due_on, _provisional = reckon(clock, calendar)
    after = [day for day in walked.days if day.why is not Why.START]
    by_days = clock.unit in DAY_UNITS
    return Proof(
        clock=clock,
        allowance=sentences.allowance(clock.allowance),
        by_days=by_days,
        skips_rest_days=clock.unit in {Unit.WORKING_DAYS, Unit.WORKING_HOURS},
        agrees=walked.due_at == due_at == clock.due_at and walked.due_on == due_on == clock.due_on,
        counted_from=_counted_from(clock),
        is_agreed=clock.target == Target.PROMISE,
        is_for_customer=clock.target in FOR_CUSTOMER,
        reckoned_due_at=walked.due_at,
        cells=_cells(walked, today) if len(walked.days) <= MOST_DAYS else [],
        days=walked.days if len(walked.days) <= MOST_DAYS else (),
        total=len(after),
        counted=sum(day.counts for day in after),
        holidays=sum(day.why is Why.HOLIDAY for day in after),
        weekends=sum(not day.counts and day.why not in {Why.HOLIDAY, Why.PAUSED} for day in after),
        paused=sum(day.why is Why.PAUSED for day in after),
        make_ups=[day.date for day in after if day.why is Why.MAKE_UP],
        unannounced=sorted({day.date.year for day in after if day.why is Why.UNANNOUNCED}),
        week=_week(clock, calendar),
    )


def _week(clock: Clock, calendar: WorkingCalendar) -> str:
    if clock.unit == Unit.WORKING_HOURS:
        return sentences.week(calendar.weekdays, calendar.hours)
    return sentences.weekdays(calendar.weekdays) if clock.unit == Unit.WORKING_DAYS else ""


def _counted_from(clock: Clock) -> str:
    """What started the clock, in words, where that is neither the receipt nor the reopening."""
    return "" if clock.term.starts == Start.RECEIVED else str(Start(clock.term.starts).label)


def _cells(walked: Deadline, today: date) -> list[Cell]:
    """Whole weeks from Monday to Sunday around the days of the proof."""
    days = walked.days
    first = days[0].date - timedelta(days=days[0].date.weekday())
    last = days[-1].date + timedelta(days=6 - days[-1].date.weekday())
    known = {day.date: day for day in days}
    cells, at = [], first
    while at <= last:
        cells.append(_cell(at, known.get(at), walked.due_on, today, names_month=at == first or at.day == 1))
        at += ONE_DAY
    return cells


def _cell(at: date, day: DayCount | None, due_on: date, today: date, *, names_month: bool) -> Cell:
    if day is None:
        return Cell(at, "dim", is_today=at == today, names_month=names_month)
    is_start = day.why is Why.START
    looks = ["start"] if is_start else ["on" if day.counts else "off"]
    if day.why is Why.PAUSED:
        looks = ["paused"]
    if at == due_on and not is_start:
        looks = ["end"]
    if day.why is Why.MAKE_UP:
        looks.append("shift")
    shows_label = not is_start and day.why not in {Why.WORKING_DAY, Why.CALENDAR_DAY}
    return Cell(
        at,
        " ".join(looks),
        label=_short(day) if shows_label else "",
        ordinal=day.ordinal,
        gives=sentences.given(day),
        counts=day.counts,
        is_start=is_start,
        is_end=at == due_on,
        is_today=at == today,
        names_month=names_month,
    )


def _short(day: DayCount) -> str:
    """Why, in the few characters of a calendar cell: the holiday's name, or what kind of day it is."""
    if day.why is Why.MAKE_UP:
        return _("make-up day")
    if day.why is Why.UNANNOUNCED:
        return _("not announced yet")
    if day.why is Why.PAUSED:
        return _("paused")
    return day.name or _("weekend")


def rows(found: Proof) -> Sequence[tuple[date, str, int | str]]:
    """The days line by line, for print and copying: date, why, and its number where it counts, or the time it gave."""
    return [(day.date, sentences.reason(day), day.ordinal or sentences.given(day)) for day in found.days]
