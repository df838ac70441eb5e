"""A database whose commits are real, for tests in which several processes or threads meet.

A test module imports `db` from here; the cast, and whatever else builds on `db`, is then committed for all to see.
Afterwards every row that is not part of an empty installation is removed, with the triggers that forbid it put aside.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import SYSTEM_USERNAME
from sla.models import CalendarVersion

KEPT = (
    "django_content_type",
    "django_migrations",
    "sla_calendar",
    "sla_policy",
    "sla_term",
    "sla_rung",
    "sla_historical",
    "complaints_numberday",
)
PUBLISHED = {"sla_calendarday": "version_id", "sla_calendarversion": "id"}
PEOPLE = {"accounts_user", "accounts_historicaluser"}  # of whom the system stays


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        empty()
        connection.close()


def empty() -> None:
    """Remove every row that is not part of an empty installation; of a calendar every version after the first."""
    first = CalendarVersion.objects.order_by("pk").values_list("pk", flat=True)[0]
    with transaction.atomic(), connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith(KEPT)]
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for table in tables:
            all_but = f"WHERE username <> '{SYSTEM_USERNAME}'" if table in PEOPLE else ""
            cursor.execute(f'DELETE FROM "{table}" {all_but}')
        for table, column in PUBLISHED.items():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(f'DELETE FROM "{table}" WHERE "{column}" > %s', [first])
        tables += PUBLISHED
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
