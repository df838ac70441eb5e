"""What the working-time engine found, said in the reader's language. No queries here."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from sla.calendar import MAX_AMOUNT, Allowance, DayCount, Unit, Unreckonable, Why
from sla.targets import Reopening, Start, Stop, Whom
from sla.wording import days_count, hours_count, minutes_count, time_words, weekday_words, working_days_count

MIDNIGHT = time()


class Promised(Protocol):
    """A term, or what may become one."""

    amount: int
    unit: str
    starts: str
    stops: str
    is_statutory: bool
    by_time: time | None
    repeats: bool
    supervisor_extends_to: int | None
    extendable_to: int | None
    pausable_days: int | None
    reopening: str


def reason(day: DayCount) -> str:
    """Say why a day of a proof counts or does not: 工作日, 春节放假, 调休上班."""
    match day.why:
        case Why.START:
            return _("received")
        case Why.CALENDAR_DAY:
            return _("calendar day")
        case Why.WORKING_DAY:
            return _("working day")
        case Why.WEEKEND:
            return _("weekend") if day.date.weekday() >= 5 else _("weekly day of rest")
        case Why.MAKE_UP:
            return _("make-up day (%(name)s)") % {"name": day.name} if day.name else _("make-up day")
        case Why.HOLIDAY:
            return _("day off (%(name)s)") % {"name": day.name} if day.name else _("day off")
        case Why.UNANNOUNCED:
            return _unannounced(day)
        case Why.PAUSED:
            return _("paused for part of the day") if day.counts else _("paused")


def _unannounced(day: DayCount) -> str:
    if day.counts:
        if day.date.weekday() < 5:
            return _("Monday to Friday; days off not announced yet")
        return _("works every week; days off not announced yet")
    if day.date.weekday() < 5:
        return _("weekly day of rest; days off not announced yet")
    return _("weekend; make-up days not announced yet")


def hours(openings: Iterable[tuple[time, time]]) -> str:
    """Say opening hours: 09:00–12:00、13:30–17:30."""
    return pgettext("between names", ", ").join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in openings)


def weekdays(numbers: Iterable[int]) -> str:
    """Say which days of a week work, 1 for Monday: 周一至周五, or 周一、周三 where they are not in a row."""
    known = sorted(numbers)
    names = [weekday_words(date(2024, 1, number)) for number in known]  # 2024 began on a Monday
    if len(known) > 2 and known == list(range(known[0], known[-1] + 1)):
        return pgettext("weekdays", "%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return pgettext("between names", ", ").join(names)


def given(day: DayCount) -> str:
    """Say the working time a day added, in hours and minutes: 3:30. Empty where it gave none or hours are not counted."""
    minutes = (day.gives or timedelta()) // timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02}" if minutes else ""


def week(numbers: Iterable[int], openings: Iterable[tuple[time, time]]) -> str:
    """Say how an ordinary week works: 周一至周五 09:00–12:00、13:30–17:30."""
    return f"{weekdays(numbers)} {hours(openings)}"


def allowance(limit: Allowance) -> str:
    """Say an allowance in the unit of its rule: 15 个工作日, 1 个工作日，17:00 前, 当天."""
    if limit.amount == 0:
        return _same_day(limit)
    span = amount_words(limit.amount, limit.unit)
    if limit.by is not None and limit.by != MIDNIGHT:
        return _("%(span)s, by %(time)s") % {"span": span, "time": time_words(limit.by)}
    return span


def _same_day(limit: Allowance) -> str:
    works, time = limit.unit is Unit.WORKING_DAYS, time_words(limit.by or MIDNIGHT)
    if limit.by == MIDNIGHT:
        return _("the same working day") if works else _("the same day")
    text = _("by %(time)s of the same working day") if works else _("by %(time)s of the same day")
    return text % {"time": time}


def amount_words(amount: int, unit: str) -> str:
    """Say so many of a unit: 3 个工作日."""
    match Unit(unit):
        case Unit.MINUTES:
            return minutes_count(amount)
        case Unit.HOURS:
            return hours_count(amount)
        case Unit.DAYS:
            return days_count(amount)
        case Unit.WORKING_DAYS:
            return working_days_count(amount)
        case Unit.WORKING_HOURS:
            text = ngettext("%(count)s working hour", "%(count)s working hours", amount)
            return text % {"count": amount}


def rung(share: int | None, amount: int | None, unit: str) -> str:
    """Say when a step of a ladder comes: 期限前 3 个工作日."""
    if share is not None:
        return _("when %(share)s%% of the time is over") % {"share": share}
    if not amount:
        return _("at the deadline")
    words = {"time": amount_words(abs(amount), unit)}
    return _("%(time)s before the deadline") % words if amount < 0 else _("%(time)s after the deadline") % words


def whom(kinds: Iterable[str]) -> str:
    """Say who is told: 承办人、机构负责人."""
    return pgettext("between two of a list", ", ").join(str(Whom(kind).label) for kind in kinds)


def refusal(error: Unreckonable) -> str:
    """Say what the engine refuses, and what to write instead."""
    match error.code:
        case "naive":
            return _("A time needs its offset from UTC: write it as 2026-02-10T10:00:00+08:00.")
        case "amount":
            return _("An allowance is a whole number from 1 to %(most)s.") % {"most": MAX_AMOUNT}
        case "unit":
            return _("A unit is one of: %(units)s.") % {"units": ", ".join(Unit)}
        case "by":
            return _("Only days end at a time of day.")
        case "range":
            return _("The deadline lies outside the years 1 to 9999.")
        case "calendar":
            return _("Write opening hours in order and apart from each other: 09:00-12:00,13:30-17:30.")
        case "weekdays":
            return _("Write weekdays from 1 for Monday to 7 for Sunday: 1-5, or 1,2,6.")


def term(promised: Promised, calendar: str = "") -> str:
    """Say a term whole: 15 个工作日，收到投诉起，告知客户结果止，法定. `calendar` is the name of its calendar."""
    said = [
        limit_of(promised),
        _("from: %(event)s") % {"event": Start(promised.starts).label},
        _("until: %(event)s") % {"event": Stop(promised.stops).label},
        may_move(promised),
        _("when reopened: %(what)s") % {"what": Reopening(promised.reopening).label},
    ]
    if calendar:
        said.append(_("by the calendar “%(name)s”") % {"name": calendar})
    return pgettext("between parts of a term", "; ").join(filter(None, said))


def limit_of(promised: Promised) -> str:
    """Say the allowance of a term: 15 个工作日."""
    return allowance(Allowance(promised.amount, Unit(promised.unit), promised.by_time))


def may_move(promised: Promised) -> str:
    """Say whether the date of a term may move, and how far."""
    said = [_("statutory")] if promised.is_statutory else []
    if promised.extendable_to:
        limit = allowance(Allowance(promised.extendable_to, Unit(promised.unit)))
        said.append(_("may be extended to %(limit)s") % {"limit": limit})
    if promised.supervisor_extends_to:
        limit = allowance(Allowance(promised.supervisor_extends_to, Unit(promised.unit)))
        said.append(_("by a supervisor to %(limit)s") % {"limit": limit})
    if promised.repeats:
        said.append(_("owed again and again"))
    if promised.pausable_days:
        said.append(_("may be paused for %(days)s") % {"days": days_count(promised.pausable_days)})
    return pgettext("between parts of a term", "; ").join(said or [_("neither extended nor paused")])
