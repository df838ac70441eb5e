"""The dashboard in words and links: what the figures say, ready to print and to draw. Every number opens its list."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import Unit, User
from accounts.roles import REACH_BELOW
from accounts.scope import access_of
from complaints.models import Complaint
from reports import figures
from reports.faces import Bar, Board, Chart, Day, Number, Stat, UnitRow
from reports.figures import BANDS, Attainment, FallenDue, Flow, OpenCases
from reports.periods import Period
from reports.slices import KEPT, MISSED, NONE, Slice, due, received, resolved
from sla import wording
from sla.calendar import WorkingCalendar
from sla.targets import Target

SPANS = (7, 30, 90)
TREND = 30
ENOUGH = 95  # per cent; an attainment below it is marked
MOST_CAUSES = 4  # drawn in ink; the rest is context


def board(user: User, days: int, now: datetime) -> Board:
    """The dashboard of `user` for the last so many days. Six queries."""
    today = timezone.localdate(now)
    period, trend = Period.ending(today, days), Period.ending(today, TREND)
    opened = figures.open_cases(user, now, today)
    fell = figures.fallen_due(user, period, trend, now)
    moved = figures.flow(user, period, trend)
    calendar = figures.calendar_now().value()
    total = OpenCases()
    for one in opened.values():
        total.add(one)
    charts = [_ages(total, today), _channels(moved, period), _causes(moved, period)]
    lines = _trend(moved, fell, trend, calendar)
    return Board(
        now=now,
        days=days,
        period=period,
        scope=scope_words(user),
        stats=[*_open_stats(total, now), *_attainment_stats(figures.all_units(fell.by_unit), fell.before, period)],
        unit_columns=[
            pgettext("number", "Open"),
            _("Overdue"),
            _("Within 24 h"),
            _("Response kept"),
            _("Resolution kept"),
        ],
        units=_units(opened, fell.by_unit, period),
        charts={chart.key: chart for chart in charts},
        trend=lines,
        drawing=_drawing(charts, lines, calendar),
    )


def scope_words(user: User) -> str:
    """Whose cases are counted: the whole institution, or the units in the reader's charge."""
    access = access_of(user)
    if access.whole:
        return _("The whole institution")
    names = [post.unit_name for post in access.posts if post.role in REACH_BELOW]
    return _("%(units)s and the units below") % {"units": listed(names)}


def listed(names: Iterable[str]) -> str:
    """The names in one line, each once."""
    return pgettext("between two of a list", ", ").join(dict.fromkeys(names))


def percent_words(attainment: Attainment) -> str:
    return "—" if attainment.percent is None else f"{attainment.percent:g}"


def _open_stats(total: OpenCases, now: datetime) -> Iterable[Stat]:
    cases = _("cases")
    yield Stat(pgettext("number", "Open"), Number(f"{total.open:,}", Slice(state="open").url()), cases)
    oldest: tuple[str | Number, ...] = ()
    if total.oldest_due_at:
        oldest = (_("The longest: %(span)s") % {"span": wording.span_words(now - total.oldest_due_at)},)
    red = "red" if total.overdue else ""
    overdue = Number(f"{total.overdue:,}", Slice(overdue="1").url(), red)
    yield Stat(_("Overdue"), overdue, cases, "alarm", red, oldest)
    amber = "amber" if total.soon else ""
    soon = Number(f"{total.soon:,}", Slice(soon="1").url(), amber)
    major = Number(f"{total.soon_major:,}", Slice(soon="1", severity=Complaint.Severity.MAJOR).url())
    yield Stat(_("Due within 24 hours"), soon, cases, "hourglass-high", amber, (_("of these, major:"), major))
    amber = "amber" if total.offered else ""
    offered = Number(f"{total.offered:,}", Slice(state="open", offered="1").url(), amber)
    yield Stat(_("Handovers waiting"), offered, cases, "arrows-right-left", amber)


def _attainment_stats(present: dict[str, Attainment], earlier: dict[str, Attainment], period: Period) -> Iterable[Stat]:
    labels = {Target.RESPONSE: _("Response attainment"), Target.RESOLUTION: _("Resolution attainment")}
    for target, label in labels.items():
        one, before = present[target], earlier[target]
        notes: list[str | Number] = [
            Number(f"{one.kept:,}", due(period, target, kept=KEPT).url()),
            "/",
            Number(f"{one.due:,}", due(period, target).url()),
        ]
        if before.due:
            notes += [_("before:"), Number(f"{percent_words(before)}%", due(period.before, target).url())]
        yield Stat(label, Number(percent_words(one), due(period, target).url()), "%", notes=tuple(notes))


def _units(opened: dict[int, OpenCases], kept: dict[int, dict[str, Attainment]], period: Period) -> list[UnitRow]:
    """Every unit that has an open case or a deadline in the period, the one with most open cases first."""
    names = Unit.objects.filter(pk__in=opened.keys() | kept.keys()).values_list("id", "code", "name")
    rows = []
    for unit_id, code, name in names.order_by("path"):
        one = opened.get(unit_id, OpenCases())
        numbers = [
            _count(one.open, Slice(state="open", owner_unit=code)),
            _count(one.overdue, Slice(overdue="1", owner_unit=code), "red fw-bold"),
            _count(one.soon, Slice(soon="1", owner_unit=code)),
        ]
        for target in (Target.RESPONSE, Target.RESOLUTION):
            numbers.append(_percent(kept.get(unit_id, {}).get(target), due(period, target, owner_unit=code)))
        rows.append((-one.open, UnitRow(name, numbers)))
    return [row for _open, row in sorted(rows, key=lambda pair: pair[0])]


def _count(number: int, behind: Slice, tone: str = "") -> Number:
    return _linked(number, behind.url(), tone)


def _linked(number: int, url: str, tone: str) -> Number:
    return Number(f"{number:,}", url, tone if number else "text-2")


def _percent(one: Attainment | None, behind: Slice) -> Number:
    if one is None or one.percent is None:
        return Number("—", tone="text-2")
    tone = "amber fw-bold" if one.percent < ENOUGH else ""
    return Number(f"{one.percent:g}%", behind.url(), tone, f"{one.kept:,} / {one.due:,}")


def _ages(total: OpenCases, today: date) -> Chart:
    bars = []
    for band, number in zip(BANDS, total.ages, strict=True):
        first, last = figures.band_days(band, today)
        behind = Slice(state="open", received_from=first.isoformat() if first else "", received_to=last.isoformat())
        bars.append(Bar(band_words(band), number, behind.url(), "amber" if first is None else "ink"))
    note = ngettext("%(count)s case, since receipt", "%(count)s cases, since receipt", total.open)
    return Chart("age", _("How long open"), note % {"count": total.open}, bars)


def band_words(band: tuple[int, int | None]) -> str:
    first, last = band
    if not first:
        return _("within %(days)s days") % {"days": last}
    if last is None:
        return _("over %(days)s days") % {"days": first - 1}
    return _("%(first)s to %(last)s days") % {"first": first, "last": last}


def _channels(moved: Flow, period: Period) -> Chart:
    counts = sorted(moved.by_channel.items(), key=lambda pair: -pair[1])
    bars = [
        Bar(str(Complaint.Channel(channel).label), number, received(period, channel=channel).url())
        for channel, number in counts
    ]
    return Chart("channel", _("Intake channels"), _received_words(moved), bars)


def _causes(moved: Flow, period: Period) -> Chart:
    tops = figures.top_causes(moved.by_cause, _("not yet coded"))
    whole = sum(top.number for top in tops)
    bars = [
        Bar(
            top.name,
            top.number,
            received(period, cause=top.code).url(),
            "ink" if place < MOST_CAUSES and top.code != NONE else "grey",
            f"{top.number * 100 / whole:.0f}%",
        )
        for place, top in enumerate(tops)
    ]
    return Chart("cause", _("Causes"), _received_words(moved), bars)


def _received_words(moved: Flow) -> str:
    number = sum(moved.by_channel.values())
    return ngettext("%(count)s case received", "%(count)s cases received", number) % {"count": f"{number:,}"}


def _trend(moved: Flow, fell: FallenDue, trend: Period, calendar: WorkingCalendar) -> list[Day]:
    """The days with their numbers. The address of one day serves the others with their date put in."""
    one = Period(trend.first, trend.first)
    model = one.first.isoformat()
    columns = (
        (moved.received, received(one).url(), ""),
        (moved.resolved, resolved(one).url(), ""),
        (fell.missed, due(one, kept=MISSED).url(), "red"),
    )
    lines = []
    for day in trend.days:
        key = day.isoformat()
        numbers = [_linked(counts.get(key, 0), url.replace(model, key), tone) for counts, url, tone in columns]
        lines.append(Day(day, calendar.works(day), numbers))
    return lines


def _drawing(charts: list[Chart], lines: list[Day], calendar: WorkingCalendar) -> dict[str, Any]:
    """What static/js/dashboard.js draws; where a click leads stands in the tables."""
    counts = [[int(number.text.replace(",", "")) for number in line.numbers] for line in lines]
    return {
        "bars": {chart.key: [[bar.label, bar.number, bar.tone, bar.share] for bar in chart.bars] for chart in charts},
        "trend": {
            "days": [f"{line.date.month}/{line.date.day}" for line in lines[:-1]] + [_("today")],
            "counts": [list(series) for series in zip(*counts, strict=True)],
            "off": list(_days_off(lines, calendar)),
        },
        "words": {
            "received": pgettext("number", "received"),
            "resolved": pgettext("number", "resolved"),
            "missed": pgettext("number", "newly overdue"),
        },
    }


def _days_off(lines: list[Day], calendar: WorkingCalendar) -> Iterable[tuple[int, int, str]]:
    """Runs of days on which people do not work: the first, the last, and the name of the holiday if it has one."""
    start: int | None = None
    for place, line in enumerate([*lines, None]):
        if line is not None and not line.works:
            start = place if start is None else start
        elif start is not None:
            names = [name for off in lines[start:place] if (name := calendar.name(off.date))]
            yield start, place - 1, names[0] if names else ""
            start = None


def dashboard_url(days: int) -> str:
    return f"{reverse('reports:dashboard')}?days={days}"
