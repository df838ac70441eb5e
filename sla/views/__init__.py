"""The pages of the working calendars."""

from sla.views.calendars import calendar_create, calendars, progress
from sla.views.publishing import calendar_publish
from sla.views.units import choose_calendar, units

__all__ = ["calendar_create", "calendar_publish", "calendars", "choose_calendar", "progress", "units"]
