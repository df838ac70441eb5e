"""Data folders of their own, and programs that use them, for the tests of what runs around the product."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.embedded import keeper
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

BASE_DIR = Path(__file__).resolve().parents[2]
USE = """
import os, sys
from config import embedded
embedded.start_if_needed()
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], os.environ["SHOUWEN_FIELD_KEYS"], flush=True)
if sys.stdin.read() == "stop":
    embedded.stop()
"""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """This environment without any address or key, on a data folder of its own."""
    given = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "ALLOWED_HOSTS", "SHOUWEN_", "MAKE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(given)}
    return {**kept, "SHOUWEN_DATA": str(folder), **more}


@dataclass
class User:
    """A process that uses the embedded services of a folder."""

    process: subprocess.Popen[str]

    def said(self) -> list[str]:
        """Database address, broker address, field keys: waits until it has them."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()

    def leave(self) -> None:
        """End in good order, and stop the services where nobody else uses them."""
        self.process.communicate("stop", timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose services are stopped when the test is over."""
    yield tmp_path / "data"
    for service in (Postgres(tmp_path / "data"), Valkey(tmp_path / "data")):
        keeper.release(service)


@pytest.fixture
def new_user(folder: Path) -> Iterator[Callable[[], User]]:
    """A function that starts one more process using the folder's services."""
    users: list[User] = []

    def start() -> User:
        process = subprocess.Popen(
            [sys.executable, "-c", USE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=BASE_DIR,
            env=environment(folder),
        )
        users.append(User(process))
        return users[-1]

    yield start
    for user in users:
        user.kill()


def keeper_of(folder: Path, name: str) -> int:
    """The process id of a service's keeper."""
    return int((folder / "locks" / f"{name}.keeper").read_text().split()[0])


def processes_of(folder: Path) -> dict[int, str]:
    """Every living process of the folder, by what stands in its environment or on its command line."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                told = f"SHOUWEN_DATA={folder}".encode() in (entry / "environ").read_bytes().split(b"\0")
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if command and (told or str(folder) in command):
                found[int(entry.name)] = command
    return found


def until(question: Callable[[], bool], seconds: float) -> bool:
    """Whether the answer became yes in time."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
