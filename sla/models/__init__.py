"""Working calendars as versioned rows, policies as dated rows, and the clocks of complaints."""

from sla.models.calendars import Calendar, CalendarDay, CalendarVersion, Recomputation, version_of
from sla.models.clocks import Clock, ClockQuerySet, Sweep
from sla.models.ladder import Rung
from sla.models.policies import DEFAULT_CALENDAR, UNIT_NAMES, Policy, Term

__all__ = [
    "DEFAULT_CALENDAR",
    "UNIT_NAMES",
    "Calendar",
    "CalendarDay",
    "CalendarVersion",
    "Clock",
    "ClockQuerySet",
    "Policy",
    "Recomputation",
    "Rung",
    "Sweep",
    "Term",
    "version_of",
]
