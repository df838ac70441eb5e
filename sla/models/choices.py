"""Which working calendar a unit goes by: its own choice, else that of the nearest unit above it, else the national one."""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.row_history import RowHistory
from sla.models.calendars import NATIONAL, Calendar

# Of every unit the nearest choice on its way up: paths name the units above by their codes, so each is found by its index.
CHOSEN = """
SELECT unit.id, COALESCE(chosen.calendar_id, national.id), chosen.unit_id
FROM accounts_unit unit
LEFT JOIN sla_calendar national ON national.code = %(national)s
LEFT JOIN LATERAL (
    SELECT choice.calendar_id, choice.unit_id
    FROM accounts_unit above JOIN sla_unitcalendar choice ON choice.unit_id = above.id
    WHERE above.code = ANY(string_to_array(trim(BOTH '/' FROM unit.path), '/')) AND choice.calendar_id IS NOT NULL
    ORDER BY length(above.path) DESC LIMIT 1
) chosen ON true
WHERE unit.id = ANY(%(units)s)
"""


class UnitCalendar(models.Model):
    """What was chosen for a unit, last by whom and when. Without a calendar it goes by the choice of a unit above it."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("working calendar")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("chosen by"))
    at = models.DateTimeField(_("chosen"), default=timezone.now)
    history = RowHistory()

    class Meta:
        ordering: ClassVar = ["unit__path"]
        verbose_name = _("calendar of a unit")
        verbose_name_plural = _("calendars of units")

    def __str__(self) -> str:
        return f"{self.unit}: {self.calendar or '–'}"


class Chosen(NamedTuple):
    """The calendar a unit goes by, and the unit whose choice that is: None where nobody has chosen."""

    calendar_id: int
    from_unit_id: int | None


def chosen_for(unit_ids: Iterable[int]) -> dict[int, Chosen]:
    """The calendar of each unit and where it comes from. One query, whatever the number of units and the depth of the tree."""
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN, {"units": list(set(unit_ids)), "national": NATIONAL})
        return {unit: Chosen(calendar, from_unit) for unit, calendar, from_unit in cursor.fetchall()}


def calendars_for(unit_ids: Iterable[int]) -> dict[int, int]:
    """The id of the calendar each unit goes by, by the unit's id. One query."""
    return {unit: chosen.calendar_id for unit, chosen in chosen_for(unit_ids).items()}


def calendar_for(unit_id: int) -> int:
    """The id of the calendar one unit goes by. Raises `KeyError` for a unit that is not there. One query."""
    return calendars_for([unit_id])[unit_id]
