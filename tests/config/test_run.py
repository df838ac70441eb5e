"""`make run`, killed and started again: it comes up, and it leaves nothing behind."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.config.conftest import BASE_DIR, environment, processes_of, until

PROGRAMS = ("gunicorn", "celery", "config.run")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start the runner and return when it has said that it is ready."""
    with log.open("wb") as output:
        runner = subprocess.Popen(
            [sys.executable, "-m", "config.run"],
            stdout=output,
            stderr=output,
            cwd=BASE_DIR,
            env=environment(folder, PORT=str(port)),
            start_new_session=True,
        )
    ready = f"Shouwen is ready at http://127.0.0.1:{port}/"
    came = until(lambda: ready in log.read_text().splitlines() or runner.poll() is not None, 120)
    assert came, log.read_text()
    assert runner.poll() is None, log.read_text()
    return runner


@pytest.mark.slow
def test_killed_and_started_again_it_runs_and_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "run.log"
    runner = start(folder, port, log)
    runner.kill()
    runner.wait()
    assert until(lambda: not [c for c in processes_of(folder).values() if any(p in c for p in PROGRAMS)], 2)

    runner = start(folder, port, log)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.status == 200
    runner.send_signal(signal.SIGTERM)
    assert runner.wait(10) == 0
    assert processes_of(folder) == {}


def test_a_port_in_use_is_said_and_nothing_is_started(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "config.run", "--port", str(port)]
        answer = subprocess.run(command, cwd=BASE_DIR, env=environment(folder), capture_output=True, text=True)
    assert answer.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use" in answer.stdout
    assert not folder.exists()
