"""The embedded services: shared, adopted, started again; nothing is lost when anybody is killed."""

import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from config.embedded import keeper
from tests.config.conftest import User, keeper_of, kill, processes_of, until

NewUser = Callable[[], User]


def write(url: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute("CREATE TABLE kept AS SELECT 1")
    connection.close()


def kept(url: str) -> bool:
    try:
        connection = psycopg2.connect(url)
    except psycopg2.OperationalError:
        return False
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) FROM kept")
    answer = bool(cursor.fetchone() == (1,))
    connection.close()
    return answer


def valkey_answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=2) as connection:
            connection.sendall(f"AUTH {parts.password}\r\n".encode())
            return connection.recv(64) == b"+OK\r\n"
    except OSError:
        return False


def test_two_starting_at_once_share_the_servers_and_the_last_one_stops_them(folder: Path, new_user: NewUser) -> None:
    one, other = new_user(), new_user()
    assert one.said() == (said := other.said())
    one.leave()
    assert valkey_answers(said[1])
    other.leave()
    assert processes_of(folder) == {}


def test_a_later_start_finds_data_port_and_keys_as_they_were(folder: Path, new_user: NewUser) -> None:
    first = new_user()
    said = first.said()
    write(said[0])
    first.leave()
    assert new_user().said() == said
    assert kept(said[0])


def test_a_killed_user_leaves_services_that_the_next_one_adopts(folder: Path, new_user: NewUser) -> None:
    first = new_user()
    said = first.said()
    before = keeper_of(folder, "postgres")
    first.kill()
    assert new_user().said() == said
    assert keeper_of(folder, "postgres") == before


@pytest.mark.slow
def test_services_end_by_themselves_after_their_last_user_was_killed(folder: Path, new_user: NewUser) -> None:
    user = new_user()
    user.said()
    user.kill()
    assert until(lambda: processes_of(folder) == {}, keeper.LINGER_SECONDS + 5)


def test_killed_servers_are_started_again_and_have_lost_nothing(folder: Path, new_user: NewUser) -> None:
    said = new_user().said()
    write(said[0])
    for pid, command in processes_of(folder).items():
        if "valkey-server" in command or "bin/postgres" in command:
            kill(pid)
    assert until(lambda: kept(said[0]) and valkey_answers(said[1]), 30)


def test_a_killed_keeper_is_replaced_at_the_next_start(folder: Path, new_user: NewUser) -> None:
    said = new_user().said()
    write(said[0])
    kill(keeper_of(folder, "postgres"))
    kill(keeper_of(folder, "valkey"))
    assert new_user().said() == said
    assert kept(said[0])


def test_everything_killed_at_once_comes_back(folder: Path, new_user: NewUser) -> None:
    said = new_user().said()
    write(said[0])
    for pid in processes_of(folder):
        kill(pid)
    assert new_user().said() == said
    assert kept(said[0])


def test_the_application_is_no_superuser(folder: Path, new_user: NewUser) -> None:
    connection = psycopg2.connect(new_user().said()[0])
    cursor = connection.cursor()
    cursor.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
    assert cursor.fetchone() == (False, True)
    connection.close()


def test_only_the_owner_reads_keys_and_passwords(folder: Path, new_user: NewUser) -> None:
    new_user().said()
    for name in ("keys.env", "valkey.access", "valkey/valkey.conf", "postgres"):
        assert (folder / name).stat().st_mode & 0o077 == 0, name


def test_a_stranger_without_the_password_is_refused_by_valkey(folder: Path, new_user: NewUser) -> None:
    parts = urlsplit(new_user().said()[1])
    with socket.create_connection((parts.hostname, parts.port), timeout=2) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(64).startswith(b"-NOAUTH")
