"""Writing many changed complaints at once. Only the door does (`complaints.history.moving_together`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from complaints.models.complaint import PAST, Complaint

CHANGE = """
UPDATE complaints_complaint SET {sets}
FROM unnest({arrays}) AS new (id, {columns}) WHERE complaints_complaint.id = new.id
"""
_COLUMNS: dict[str, Any] = {field.attname: field for field in Complaint._meta.concrete_fields}


def values_of(case: Complaint) -> dict[str, Any]:
    """What the case holds, by column; what was not read is left out."""
    return {name: case.__dict__[name] for name in _COLUMNS if name in case.__dict__}


def save_together(cases: Sequence[Complaint], before: Mapping[int, Mapping[str, Any]]) -> None:
    """Write what has changed since `before`, by id, and row history with it. Two queries, however many cases."""
    if not cases:
        return
    changed = {
        name: _COLUMNS[name]
        for case in cases
        for name, value in values_of(case).items()
        if before[case.pk][name] != value
    }
    columns = [connection.ops.quote_name(name) for name in changed]
    kinds = ["bigint", *(field.cast_db_type(connection) for field in changed.values())]
    sql = CHANGE.format(
        sets=", ".join(f"{column} = new.{column}" for column in columns),
        arrays=", ".join(f"%s::{kind}[]" for kind in kinds),
        columns=", ".join(columns),
    )
    values = [
        [field.get_db_prep_save(getattr(case, name), connection) for case in cases] for name, field in changed.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [[case.pk for case in cases], *values])
        assert cursor.rowcount == len(cases), "every case is locked, so every one is there"
    Complaint.history.model.objects.bulk_create(PAST.copy_of(case, "~") for case in cases)
