"""The one scope rule as SQL. It is asked some ten times for a page, and as a tree of Q's it cost more than all its answers."""

from typing import Any

from django.db.models import BooleanField, F, Func
from django.db.models.expressions import Col

from accounts.roles import REACH_BELOW, REACH_UNIT
from accounts.scope import Access

NOT_ABOUT_ME = "{row}.staff_complained_about_id IS DISTINCT FROM %s"
MINE = "{row}.owner_id = %s OR {row}.first_responder_id = %s OR {row}.offered_to_id = %s"
BESIDE = "{row}.owner_unit_id = ANY(%s) OR {row}.registered_unit_id = ANY(%s)"
BELOW = "{row}.unit_id = ANY(%s)"


def reach_sql(access: Access, row: str) -> tuple[str, list[Any]]:
    """The condition and its parameters; `row` is what the query calls the complaint's row."""
    me = access.user_id
    if access.whole:
        return NOT_ABOUT_ME.format(row=row), [me]
    mine, params = MINE, list[Any]([me, me, me, me])
    if beside := sorted(access.units_of(REACH_UNIT | REACH_BELOW)):
        mine, params = f"{mine} OR {BESIDE}", [*params, beside, beside]
    if below := sorted(access.units_of(REACH_BELOW)):
        mine, params = f"{mine} OR {BELOW}", [*params, below]
    return f"({NOT_ABOUT_ME} AND ({mine}))".format(row=row), params


class WithinReach(Func):
    """Whether a complaint lies within `access`: the rule that `ComplaintQuerySet.visible_to` states."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, access: Access) -> None:
        super().__init__(F("pk"))  # tells which row of the query is meant, also in a subquery
        self.access = access

    def as_sql(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        (column,) = self.source_expressions
        assert isinstance(column, Col)
        return reach_sql(self.access, compiler.quote_name_unless_alias(column.alias))
