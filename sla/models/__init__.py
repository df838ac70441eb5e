"""Working calendars as versioned rows, policies as dated rows, and the clocks of complaints."""

from sla.models.calendars import NATIONAL, Calendar, CalendarDay, CalendarVersion, Recomputation, version_of
from sla.models.choices import Chosen, UnitCalendar, calendar_for, calendars_for, chosen_for
from sla.models.clocks import Clock, ClockQuerySet, Sweep
from sla.models.ladder import Rung
from sla.models.policies import UNIT_NAMES, Policy, Term

__all__ = [
    "NATIONAL",
    "UNIT_NAMES",
    "Calendar",
    "CalendarDay",
    "CalendarVersion",
    "Chosen",
    "Clock",
    "ClockQuerySet",
    "Policy",
    "Recomputation",
    "Rung",
    "Sweep",
    "Term",
    "UnitCalendar",
    "calendar_for",
    "calendars_for",
    "chosen_for",
    "version_of",
]
