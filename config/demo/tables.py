"""The tables that a script fills, column by column, and how their lines reach PostgreSQL: COPY, in text form.

A column that a model gains is missing here until it is added; tests/config/test_demo.py names it.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection

# What a verb may change on a complaint, and what stays as it was registered.
MOVING = (
    "status owner_id owner_unit_id owned_since offered_to_id responded_at contacted_at resolved_at closed_at"
    " due_at due_target version history_seq"
)
FIXED = (
    "id reference severity channel received_at registered_at late_entry_reason place recording_reference"
    " postmarked_on registered_mail_number external_reference referred_by alleges_violation complainant_id"
    " unit_id staff_complained_about_id staff_described cause_id product_id summary is_summary_confirmed demand"
    " claimed_amount claimed_currency repeat_of_id first_responder_id registered_unit_id intake_key intake_digest"
    " extension"
)
KEPT = "history_date history_change_reason history_type history_user_id"
COMPLAINANT = (
    "id kind name phone email id_type id_number address account principal authority care"
    " name_index phone_index id_number_index"
)
MESSAGE = "id complaint_id direction purpose means at to_whom body delivery proof by_id recorded_at"
HANDOVER = "id complaint_id offered_by_id offered_to_id unit_id reason offered_at answer answered_at answer_reason"
FINDING = "id complaint_id founded facts root_cause cause_id plan at by_id"
OUTCOME = "id complaint_id kind decision redress_amount redress_currency reception message_id at by_id"

# In an order in which every row finds what it points at.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "complaints_complainant": COMPLAINANT,
        "complaints_historicalcomplainant": f"{KEPT} {COMPLAINANT}",
        "complaints_complaint": f"{MOVING} {FIXED} history_head narrative pieces",
        "complaints_historicalcomplaint": f"{KEPT} {MOVING} {FIXED}",
        "complaints_caseevent": "id complaint_id seq verb actor_id at status facts hash",
        "sla_clock": "id complaint_id target term_id calendar_version_id amount unit started_at due_at due_on"
        " provisional stopped_at breached_at detected_at owner_unit_id registered_unit_id about_unit_id"
        " original_due_at original_due_on pauses by_time next_step_at",
        "complaints_message": MESSAGE,
        "complaints_historicalmessage": f"{KEPT} {MESSAGE}",
        "complaints_note": "id complaint_id body at by_id",
        "complaints_evidence": "id complaint_id draft_id label content_type size sha256 by_id at",
        "complaints_handover": HANDOVER,
        "complaints_historicalhandover": f"{KEPT} {HANDOVER}",
        "complaints_finding": FINDING,
        "complaints_historicalfinding": f"{KEPT} {FINDING}",
        "complaints_outcome": OUTCOME,
        "complaints_historicaloutcome": f"{KEPT} {OUTCOME}",
        "complaints_escalation": "id complaint_id clock_id step unit_id at",
        "notifications_notification": "recipient_id event_id made_at read_at late folded_into_id",
    }.items()
}

NULL = "\\N"
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


# A complaint's rows name the same moments again and again.
moment = lru_cache(maxsize=4096)(datetime.isoformat)


def written(value: Any) -> str:
    """One value as COPY reads it."""
    kind = type(value)
    if kind is str:
        return _escaped(value) if _SPECIAL.search(value) else value
    if value is None:
        return NULL
    if kind is int:
        return str(value)
    if kind is datetime:
        return moment(value)
    if isinstance(value, str):
        return _escaped(str(value))
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date):
        return value.isoformat()
    assert isinstance(value, (int, Decimal)), type(value)
    return str(value)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)


def line(values: Iterable[Any]) -> str:
    """One row."""
    return "\t".join(map(written, values))


class Lines:
    """Rows that wait to be copied, by table."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = {table: [] for table in COLUMNS}

    def copy(self) -> None:
        """Hand all rows to PostgreSQL and forget them. Inside the caller's transaction; every constraint holds."""
        with connection.cursor() as cursor:
            for table, columns in COLUMNS.items():
                rows = self.of[table]
                if not rows:
                    continue
                rows.append("")
                text = io.BytesIO("\n".join(rows).encode())
                cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text, 1 << 18)
                rows.clear()


class Ids:
    """Ids drawn from a table's own sequence, many at a time: nobody else is given the same."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._waiting: dict[str, Iterator[int]] = {}

    def next(self, table: str) -> int:
        """The next id for a row of `table`."""
        for number in self._waiting.get(table, ()):
            return number
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT array_agg(nextval(drawn.sequence)) FROM generate_series(1, %s),"
                " (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) AS drawn",
                [self._at_once, table],
            )
            (numbers,) = cursor.fetchone()
        self._waiting[table] = iter(numbers)
        return next(self._waiting[table])
