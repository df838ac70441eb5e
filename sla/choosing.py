"""Choosing which working calendar a unit goes by. What runs keeps the calendar it was promised in."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Unit, User
from sla.models import Calendar, UnitCalendar


@transaction.atomic
def choose(unit: Unit, calendar: Calendar | None, *, actor: User) -> UnitCalendar:
    """Give a unit a calendar of its own, or with None the one of the units above it. The same again changes nothing.

    It counts for what is received from now on, in the unit and in the units below it that have no choice of their own.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two administrators take turns
    found = UnitCalendar.objects.filter(unit=unit).first() or UnitCalendar(unit=unit)
    if found.calendar_id == (calendar.pk if calendar else None) and found.pk:
        return found
    found.calendar, found.by, found.at = calendar, actor, timezone.now()
    found._history_user = actor  # type: ignore[attr-defined]
    found.save()
    return found
