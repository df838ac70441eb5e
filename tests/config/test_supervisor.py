"""Programs side by side: one that dies is started again, one that keeps dying ends the run, one that hangs is killed."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import supervisor
from config.supervisor import Program, Supervisor
from tests.config.conftest import BASE_DIR, until

HANGS = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = """
import subprocess
from config import leash
child = subprocess.Popen(leash.leashed(["sleep", "60"]))
print(child.pid, flush=True)
child.wait()
"""


def program(name: str, source: str) -> Program:
    found = Program(name, [sys.executable, "-c", source], ready=lambda: "up" in found.last_lines)
    return found


def test_three_deaths_end_the_run_with_the_last_lines(capsys: pytest.CaptureFixture[str]) -> None:
    dying = program("dying", "print('no such table'); raise SystemExit(3)")
    assert Supervisor([dying], BASE_DIR).run(lambda: None) == 1
    assert "dying ended 3 times within 30 seconds. Its last lines:\n    no such table" in capsys.readouterr().out


def test_a_program_that_died_once_is_started_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mark = tmp_path / "was-here"
    source = f"import pathlib, time; m = pathlib.Path({str(mark)!r}); first = not m.exists(); m.touch()\n"
    frail = program("frail", source + "assert not first\nprint('up', flush=True); time.sleep(60)")
    running = Supervisor([frail], BASE_DIR)
    assert running.run(running.stop) == 0
    assert "frail | ended with 1" in capsys.readouterr().out


def test_a_program_that_will_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 0.5)
    hanging = program("hanging", HANGS)
    running = Supervisor([hanging], BASE_DIR)
    running.run(running.stop)
    assert hanging.child is not None
    assert hanging.child.returncode == -9


def test_a_stop_is_obeyed_while_a_command_runs() -> None:
    running = Supervisor([], BASE_DIR)
    running.stop()
    began = time.monotonic()
    assert running.finish([sys.executable, "-c", "import time; time.sleep(60)"]) == -15
    assert time.monotonic() - began < 5


def test_a_child_on_the_leash_dies_with_its_killed_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = Path("/proc", parent.stdout.readline().strip())
    assert child.exists()
    parent.kill()
    parent.communicate()
    assert until(lambda: not child.exists() or "(sleep) Z" in (child / "stat").read_text(), 2)
