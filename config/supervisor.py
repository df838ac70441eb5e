"""A few programs run side by side: started, watched, started again, stopped together; their output under their names."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config import leash

TICK_SECONDS = 0.1
PATIENCE_SECONDS = 30.0
GRACE_SECONDS = 6.0  # between asking and killing
DEATHS_ALLOWED = 2
WITHIN_SECONDS = 30.0
COLOURS = (36, 33, 35, 32)
KEPT_LINES = 20


@dataclass
class Program:
    """One program, and how it is known to be ready. `ready` may be asked often and must answer within two seconds."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool]
    child: subprocess.Popen[bytes] | None = None
    is_ready: bool = False
    restart_at: float = 0.0
    deaths: list[float] = field(default_factory=list)
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))


class Supervisor:
    """Runs the programs until told to stop, or until one of them dies three times within half a minute.

    Every child is killed by the kernel when this process ends in whatever way (`config.leash`), so it must be used from
    the main thread.
    """

    def __init__(self, programs: Sequence[Program], folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self._told = False
        self._also_told: Callable[[], bool] | None = None
        self._printing = threading.Lock()

    def stop_on_signals(self, also: Callable[[], bool] | None = None) -> None:
        """Ctrl-C, SIGTERM and a closed terminal all mean: stop everything. So does the answer True of `also`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: self.stop())
        self._also_told = also

    def stop(self) -> None:
        """Make `run` end."""
        self._told = True

    @property
    def stopping(self) -> bool:
        """Whether everything is to end."""
        self._told = self._told or (self._also_told is not None and self._also_told())
        return self._told

    def finish(self, command: Sequence[str]) -> int:
        """Run one command to its end, or until told to stop; answers its exit code."""
        child = subprocess.Popen(leash.leashed(command), cwd=self.folder)
        while child.poll() is None:
            if self.stopping:
                child.terminate()
            time.sleep(TICK_SECONDS)
        return child.returncode

    def run(self, when_ready: Callable[[], None]) -> int:
        """Run until told to stop; answers the exit code. `when_ready` is called once, when all are."""
        announced = False
        remind_at = time.monotonic() + PATIENCE_SECONDS
        try:
            while not self.stopping:
                if not all(self._tend(program) for program in self.programs):
                    return 1
                waiting = [] if announced else [program.name for program in self.programs if not self._see(program)]
                if not announced and not waiting:
                    announced = True
                    when_ready()
                if waiting and time.monotonic() > remind_at:
                    remind_at = time.monotonic() + PATIENCE_SECONDS
                    self._write(f"Still waiting for: {', '.join(waiting)}\n")
                time.sleep(TICK_SECONDS)
        finally:
            self._end()
        return 0

    def _tend(self, program: Program) -> bool:
        """Start the program if it does not run and its pause is over. False when it has died too often."""
        now = time.monotonic()
        if program.child is not None and (code := program.child.poll()) is not None:
            program.child = None
            program.is_ready = False
            program.deaths = [death for death in program.deaths if now - death < WITHIN_SECONDS] + [now]
            program.restart_at = now + len(program.deaths)
            self._say(program, f"ended with {code}")
            if len(program.deaths) > DEATHS_ALLOWED:
                self._explain(program)
                return False
        if program.child is None and now >= program.restart_at:
            self._start(program)
        return True

    def _start(self, program: Program) -> None:
        program.child = subprocess.Popen(
            leash.leashed(program.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            start_new_session=True,  # a Ctrl-C in the terminal is ours to pass on, in our order
        )
        assert program.child.stdout is not None
        threading.Thread(target=self._relay, args=(program, program.child.stdout), daemon=True).start()

    def _see(self, program: Program) -> bool:
        program.is_ready = program.is_ready or (program.child is not None and program.ready())
        return program.is_ready

    def _relay(self, program: Program, output: IO[bytes]) -> None:
        with output:
            for line in output:
                text = line.decode(errors="replace").rstrip()
                program.last_lines.append(text)
                self._say(program, text)

    def _say(self, program: Program, text: str) -> None:
        width = max(len(each.name) for each in self.programs)
        name = f"{program.name:<{width}} |"
        if sys.stdout.isatty():
            name = f"\x1b[{COLOURS[list(self.programs).index(program) % len(COLOURS)]}m{name}\x1b[0m"
        self._write(f"{name} {text}\n")

    def _write(self, text: str) -> None:
        with self._printing, contextlib.suppress(OSError):  # whoever was reading may be gone; the programs go on
            sys.stdout.write(text)
            sys.stdout.flush()

    def _explain(self, program: Program) -> None:
        lines = "\n".join(f"    {line}" for line in program.last_lines)
        count = len(program.deaths)
        self._write(
            f"\n{program.name} ended {count} times within {WITHIN_SECONDS:.0f} seconds. Its last lines:\n{lines}\n"
        )

    def _end(self) -> None:
        """Ask every child to end, then kill what is left, with all that it started."""
        children = [program.child for program in self.programs if program.child is not None]
        for child in children:
            _send(child, signal.SIGTERM, group=False)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and any(child.poll() is None for child in children):
            time.sleep(TICK_SECONDS / 2)
        for child in children:
            _send(child, signal.SIGKILL, group=True)
            child.wait()


def _send(child: subprocess.Popen[bytes], number: signal.Signals, *, group: bool) -> None:
    """Send a signal to a child, or to its whole process group, if anything is left of it."""
    with contextlib.suppress(ProcessLookupError):
        if group:
            os.killpg(child.pid, number)
        elif child.poll() is None:
            child.send_signal(number)
