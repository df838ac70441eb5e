"""What the working-time engine found, said in the reader's language. No queries here."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from sla.calendar import MAX_AMOUNT, Allowance, DayCount, Unit, Unreckonable, Why
from sla.targets import Whom
from sla.wording import days_count, hours_count, working_days_count


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
            return _("weekend")
        case Why.MAKE_UP:
            return _("make-up day (%(name)s)") % {"name": day.name} if day.name else _("make-up day")
        case Why.HOLIDAY:
            return _("day off (%(name)s)") % {"name": day.name} if day.name else _("day off")
        case Why.UNANNOUNCED:
            if day.date.weekday() < 5:
                return _("Monday to Friday; days off not announced yet")
            return _("weekend; make-up days not announced yet")


def allowance(limit: Allowance) -> str:
    """Say an allowance in the unit of its rule: 15 个工作日."""
    return amount_words(limit.amount, limit.unit)


def amount_words(amount: int, unit: str) -> str:
    """Say so many of a unit: 3 个工作日."""
    match Unit(unit):
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
        case "range":
            return _("The deadline lies outside the years 1 to 9999.")
        case "calendar":
            return _("A calendar needs opening hours, in order and without overlap.")
