"""A database whose commits are real, for tests in which several processes or threads meet.

A test module imports `db` from here; the cast, and whatever else builds on `db`, is then committed for all to see.
Afterwards every row that is not part of an empty installation is removed, with the triggers that forbid it put aside.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import SYSTEM_USERNAME
from complaints.models import Complaint
from sla.models import CalendarVersion

KEPT = (
    "django_content_type",
    "django_migrations",
    "sla_calendar",
    "sla_policy",
    "sla_term",
    "sla_rung",
    "complaints_numberday",
)
PUBLISHED = {"sla_calendarday": "version_id", "sla_calendarversion": "id"}
SHIPPED = ("cn", "cn-trading", "cn-saturday")
# Policies that people made, with their terms; what came with the product stays.
MADE = {
    "sla_rung": "term_id IN (SELECT id FROM sla_term WHERE policy_id IN (SELECT id FROM sla_policy"
    " WHERE drafted_by_id IS NOT NULL))",
    "sla_term": "policy_id IN (SELECT id FROM sla_policy WHERE drafted_by_id IS NOT NULL)",
    "sla_policy": "drafted_by_id IS NOT NULL",
    "sla_historicalterm": "history_user_id IS NOT NULL",
    "sla_historicalpolicy": "history_user_id IS NOT NULL",
}
PEOPLE = {"accounts_user", "accounts_historicaluser"}  # of whom the system stays


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        empty()
        connection.close()


def empty() -> None:
    """Remove every row that is not part of an empty installation; of a calendar every version after the first."""
    first = CalendarVersion.objects.filter(number=1, calendar__code__in=SHIPPED)
    kept = list(first.order_by().values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith(KEPT)]
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for table in tables:
            all_but = f"WHERE username <> '{SYSTEM_USERNAME}'" if table in PEOPLE else ""
            cursor.execute(f'DELETE FROM "{table}" {all_but}')
        for table, made in MADE.items():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(f'DELETE FROM "{table}" WHERE {made}')
        for table, column in PUBLISHED.items():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(f'DELETE FROM "{table}" WHERE "{column}" <> ALL(%s)', [kept])
        cursor.execute("DELETE FROM sla_calendar WHERE code <> ALL(%s)", [list(SHIPPED)])
        tables += [*PUBLISHED, *MADE]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


@contextmanager
def held(key: int) -> Iterator[Callable[[], None]]:
    """Somebody else holds the case, until the block ends or calls what it is given."""
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Complaint.objects.select_for_update().get(pk=key)
            holding.set()
            done.wait(30)
        connection.close()

    person = threading.Thread(target=hold)
    person.start()
    assert holding.wait(10)
    yield done.set
    done.set()
    person.join()
