"""The one scope rule as SQL. It is asked some ten times for a page, and as a tree of Q's it cost more than all its answers.

`ComplaintQuerySet.visible_to` says it in words. It is total: nobody sees a complaint, or a clock, that it does not give them.
"""

from collections.abc import Hashable
from typing import Any

from django.db.models import BooleanField, F, Func
from django.db.models.expressions import Col

from accounts.roles import REACH_BELOW, REACH_UNIT, Role
from accounts.scope import Access

NOT_ABOUT_ME = "{row}.staff_complained_about_id IS DISTINCT FROM %s"
OWN = "{row}.owner_id = %s OR {row}.first_responder_id = %s OR {row}.offered_to_id = %s"
BESIDE = "{row}.owner_unit_id = ANY(%s) OR {row}.registered_unit_id = ANY(%s)"
BELOW = "{row}.{about} = ANY(%s)"
# The same by ids, for rows and indexes that hold the units and nothing of the people.
OWN_BY_ID = "{key} IN (SELECT mine.id FROM complaints_complaint mine WHERE {own})"
ABOUT_ME_BY_ID = (
    "{key} NOT IN (SELECT about.id FROM complaints_complaint about WHERE about.staff_complained_about_id = %s)"
)
Condition = tuple[str, list[Any]]


def reach_sql(access: Access, row: str, *, counting: bool = False) -> Condition:
    """The condition and its parameters; `row` is what the query calls the complaint's row.

    `counting`: own cases are named by their ids, so that the indexes which hold the units answer alone.
    """
    own = OWN_BY_ID.format(key=f"{row}.id", own=OWN.format(row="mine")) if counting else OWN.format(row=row)
    return _within(access, NOT_ABOUT_ME.format(row=row), own, _units(access, row, "unit_id"))


def clock_reach_sql(access: Access, row: str) -> Condition:
    """The same for the row of a clock, by the units that it carries; own cases are named by their ids."""
    own = OWN_BY_ID.format(key=f"{row}.complaint_id", own=OWN.format(row="mine"))
    not_about_me = ABOUT_ME_BY_ID.format(key=f"{row}.complaint_id")
    return _within(access, not_about_me, own, _units(access, row, "about_unit_id"))


def _within(access: Access, not_about_me: str, own: str, units: Condition) -> Condition:
    me = access.user_id
    if Role.SYSTEM in access.whole:
        return "TRUE", []
    if access.whole:
        return not_about_me, [me]
    if not access.roles - {Role.ADMINISTRATOR}:
        return "FALSE", []
    reached, params = units
    return f"({not_about_me} AND ({' OR '.join(filter(None, [own, reached]))}))", [me, me, me, me, *params]


def _units(access: Access, row: str, about: str) -> Condition:
    """The part of the rule that asks for units; `about` is the column of the unit complained about."""
    parts, params = list[str](), list[Any]()
    if beside := sorted(access.units_of(REACH_UNIT | REACH_BELOW)):
        parts, params = [BESIDE], [beside, beside]
    if below := sorted(access.units_of(REACH_BELOW)):
        parts, params = [*parts, BELOW], [*params, below]
    return " OR ".join(parts).format(row=row, about=about), params


class WithinReach(Func):
    """Whether the row that a query reads lies within `access`."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, access: Access, *, counting: bool = False) -> None:
        super().__init__(F("pk"))  # tells which row of the query is meant, also in a subquery
        self.access, self.counting = access, counting

    @property
    def identity(self) -> tuple[Hashable, ...]:
        return type(self), *self.source_expressions, self.access.user_id, self.counting

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> Condition:  # type: ignore[override]
        (column,) = self.source_expressions
        assert isinstance(column, Col)
        return self.condition(compiler.quote_name_unless_alias(column.alias))

    def condition(self, row: str) -> Condition:
        return reach_sql(self.access, row, counting=self.counting)


class ClockWithinReach(WithinReach):
    """Whether the complaint of a clock does."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)

    def condition(self, row: str) -> Condition:
        return clock_reach_sql(self.access, row)
