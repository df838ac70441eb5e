"""What the working-time engine found, said in the reader's language. No queries here."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.calendar import MAX_AMOUNT, Allowance, DayCount, Unit, Unreckonable, Why
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
        case Why.PAUSED:
            return _("paused for part of the day") if day.counts else _("paused")


def allowance(limit: Allowance) -> str:
    """Say an allowance in the unit of its rule: 15 个工作日."""
    match limit.unit:
        case Unit.HOURS:
            return hours_count(limit.amount)
        case Unit.DAYS:
            return days_count(limit.amount)
        case Unit.WORKING_DAYS:
            return working_days_count(limit.amount)
        case Unit.WORKING_HOURS:
            text = ngettext("%(count)s working hour", "%(count)s working hours", limit.amount)
            return text % {"count": limit.amount}


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
