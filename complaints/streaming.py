"""Reading a whole database through: from one view of the data, a batch at a time, in memory that does not grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

BATCH = 5_000


@contextmanager
def one_view() -> Iterator[None]:
    """Nothing that is written meanwhile is seen half."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def stream(query: str, *values: Any) -> Iterator[Any]:
    """Rows as the server gives them, a batch at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values or None)
        while found := cursor.fetchmany(BATCH):
            yield from found
