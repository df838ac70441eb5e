"""Databases of the benchmark's own, beside the ordinary one, made anew for each run and removed afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

NAME = "shouwen_bench"


def address_of(name: str) -> str:
    """The DATABASE_URL of another database on the same server."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def created(name: str, *, like: str | None = None) -> Iterator[str]:
    """A new database, empty or a copy of another that nobody uses; yields its address."""
    _do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    if like:
        _do("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, like)
    else:
        _do("CREATE DATABASE {}", name)
    try:
        yield address_of(name)
    finally:
        _do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _do(statement: str, *names: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()
