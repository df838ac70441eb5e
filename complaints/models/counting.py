"""Counts for tabs and badges: several at once, none of them beyond what a person would read."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

MOST = 1000  # the counts of tabs and lists stop here


def shown(count: int) -> str:
    """A count bounded by `MOST` in words: 213, and 999+ at the bound."""
    return f"{MOST - 1}+" if count >= MOST else str(count)


def bounded_counts(most: int, *querysets: "models.QuerySet[Any]") -> list[int]:
    """How many rows each queryset has, counted up to `most`, in one query.

    A count stops at its bound, so its cost does not grow with the table: a badge says 99+ or 999+ beyond it.
    """
    parts: list[str] = []
    params: list[Any] = []
    for queryset in querysets:
        try:
            query = queryset.query.chain()
            query.clear_ordering(force=True)
            query.set_values(("pk",))
            query.set_limits(high=most)
            sql, given = query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608  (Django's own SQL)
        params.extend(given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone())
