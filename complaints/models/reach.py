"""The one scope rule as SQL. It is asked some ten times for a page, and as a tree of Q's it cost more than all its answers."""

from typing import Any

from django.db.models import BooleanField, F, Func
from django.db.models.expressions import Col

from accounts.roles import REACH_BELOW, REACH_UNIT
from accounts.scope import Access

NOT_ABOUT_ME = "{row}.staff_complained_about_id IS DISTINCT FROM %s"
OWN = "{row}owner_id = %s OR {row}first_responder_id = %s OR {row}offered_to_id = %s"
OWN_BY_ID = "{row}.id IN (SELECT id FROM complaints_complaint WHERE {own})"
BESIDE = "{row}.owner_unit_id = ANY(%s) OR {row}.registered_unit_id = ANY(%s)"
BELOW = "{row}.{about} = ANY(%s)"


def reach_sql(access: Access, row: str, *, counting: bool = False) -> tuple[str, list[Any]]:
    """The condition and its parameters; `row` is what the query calls the complaint's row.

    `counting`: own cases are named by their ids, so that the indexes which hold the units answer alone.
    """
    me = access.user_id
    if access.whole:
        return NOT_ABOUT_ME.format(row=row), [me]
    own = OWN_BY_ID.format(row=row, own=OWN.format(row="")) if counting else OWN.format(row=f"{row}.")
    units, reached = units_sql(access, row)
    return f"({NOT_ABOUT_ME.format(row=row)} AND ({own} OR {units}))", [me, me, me, me, *reached]


def units_sql(access: Access, row: str, about: str = "unit_id") -> tuple[str, list[Any]]:
    """The part of the rule that asks for units alone; `about` is the column of the unit complained about."""
    parts, params = ["FALSE"], list[Any]()
    if beside := sorted(access.units_of(REACH_UNIT | REACH_BELOW)):
        parts, params = [BESIDE], [beside, beside]
    if below := sorted(access.units_of(REACH_BELOW)):
        parts, params = [*parts, BELOW], [*params, below]
    return " OR ".join(parts).format(row=row, about=about), params


class _Reach(Func):
    """A condition on the row that the query reads."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, access: Access, **options: Any) -> None:
        super().__init__(F("pk"))  # tells which row of the query is meant, also in a subquery
        self.access, self.options = access, options

    def _row(self, compiler: Any) -> str:
        (column,) = self.source_expressions
        assert isinstance(column, Col)
        return str(compiler.quote_name_unless_alias(column.alias))


class WithinReach(_Reach):
    """Whether a complaint lies within `access`: the rule that `ComplaintQuerySet.visible_to` states."""

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return reach_sql(self.access, self._row(compiler), **self.options)


class UnitsWithinReach(_Reach):
    """Whether the units that a clock carries lie within `access`."""

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        condition, params = units_sql(self.access, self._row(compiler), about="about_unit_id")
        return f"({condition})", params
