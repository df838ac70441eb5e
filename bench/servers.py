"""gunicorn with one sync worker on a free port: the fairest way to give each request its processor time."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from bench import processor

BASE_DIR = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0


@dataclass(slots=True)
class Server:
    """A running server: where it listens, its one worker, and the database process that serves it."""

    port: int
    worker: int
    database: int | None = None

    def web_seconds(self) -> float:
        """Processor seconds of the worker."""
        return processor.seconds(self.worker)

    def database_seconds(self) -> float:
        """Processor seconds of its database process; 0 when there is none on this machine."""
        return processor.seconds(self.database) if self.database else 0.0

    def note_database(self, address: str) -> None:
        """Find the one database process that serves the worker: the only other client of the database."""
        connection = psycopg2.connect(address)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            found = [pid for (pid,) in cursor.fetchall() if Path(f"/proc/{pid}").exists()]
        connection.close()
        self.database = found[0] if len(found) == 1 else None


@contextmanager
def serving(application: str, log: Path, **environment: str) -> Iterator[Server]:
    """Serve an application until the block ends. Keep-alive is off, as the sync worker has none."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}", "--workers=1",
               "--worker-class=sync", "--timeout=600", "--log-level=warning"]  # fmt: skip
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=BASE_DIR, env=os.environ | environment, stdout=output, stderr=output)
    try:
        yield Server(port, _worker_of(process, port, log))
    finally:
        process.terminate()
        process.wait(30)


def _worker_of(process: subprocess.Popen[bytes], port: int, log: Path) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/")
            connection.getresponse().read()
            (worker,) = processor.children(process.pid)
        except OSError:
            time.sleep(0.2)
        else:
            return worker
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
