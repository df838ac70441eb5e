"""Databases of the benchmark's own, beside the ordinary one, made anew for each run and removed afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

NAME = "shouwen_bench"
TRIES = 12  # PostgreSQL itself waits five seconds in each
OURS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"


def address_of(name: str) -> str:
    """The DATABASE_URL of another database on the same server."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def created(name: str, *, like: str | None = None) -> Iterator[str]:
    """A new database, empty or a copy of another that nobody uses; yields its address."""
    _drop(name)
    if like:
        _do("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, like)
    else:
        _do("CREATE DATABASE {}", name)
    try:
        yield address_of(name)
    finally:
        _drop(name)


def _drop(name: str) -> None:
    """Our own sessions are ended; a vacuum of the server's, which is not ours to end, makes way when it is asked."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(OURS, [name])
    connection.close()
    for left in reversed(range(TRIES)):
        try:
            _do("DROP DATABASE IF EXISTS {}", name)
            return
        except psycopg2.errors.ObjectInUse:
            if not left:
                raise


def _do(statement: str, *names: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()
