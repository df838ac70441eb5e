"""The faults, the moments at which they come, and how each is done to the running services."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Protocol

import redis
from django.db import connection

from complaints.tasks import FRESH, HANDFUL
from config.celery import QUEUES
from faults.programs import Program
from faults.watching import asked, until

LATEST = 0.9  # part of the clocks recorded before the last fault: after it there is still work to lose
PAUSE = 0.3  # seconds at the most, so that a fault does not follow upon a commit
FIND_SECONDS = 1.0

AT_WORK = """
SELECT DISTINCT application_name FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'worker-%' AND xact_start IS NOT NULL
"""
WORDS = {
    "worker": "a worker killed (-9) and started again",
    "pool": "a process of a worker's pool killed (-9)",
    "message": "a handful handed on twice more",
    "postgres": "PostgreSQL killed (-9) and started again",
    "valkey": "Valkey emptied (FLUSHALL)",
    "beat": "a beat killed (-9) and started again",
    "loop": "the loop killed (-9) and started again",
}


class HandOn(Protocol):
    """The task that takes a handful of clocks."""

    def apply_async(self, args: tuple[list[int]], *, expires: int) -> object: ...


@dataclass(frozen=True)
class Fault:
    """What is done when `share` of the clocks is recorded and `pause` seconds have passed."""

    share: float
    pause: float
    kind: str


def planned(kills: int, random: Random) -> list[Fault]:
    """So many kills of workers with the other faults among them, in the order of their moments."""
    kinds = ["worker"] * kills + ["pool"] * -(-kills // 4) + ["message"] * -(-kills // 2)
    kinds += ["postgres", "valkey", "beat", "loop"]
    faults = [Fault(random.uniform(0, LATEST), random.uniform(0, PAUSE), kind) for kind in kinds]
    return sorted(faults, key=lambda fault: fault.share)


@dataclass
class Injector:
    """Does the faults, and counts what was done and what it hit."""

    programs: Sequence[Program]
    due: Sequence[int]
    folder: Path
    random: Random
    tasks: Sequence[HandOn]
    done: Counter[str] = field(default_factory=Counter)
    at_work: Counter[str] = field(default_factory=Counter)  # of those, how many fell into a worker's transaction
    messages_lost: int = 0

    def run(self, faults: Sequence[Fault], recorded: Callable[[], int], deadline: float) -> bool:
        """Every fault at its moment. False when the time is up before."""
        for fault in faults:
            if not self.until_recorded(fault.share, recorded, deadline):
                return False
            time.sleep(fault.pause)
            self.inject(fault)
        return True

    def until_recorded(self, share: float, recorded: Callable[[], int], deadline: float) -> bool:
        """Whether so large a part of the clocks was recorded in time."""

        def is_so() -> bool:
            self.tend()
            return recorded() >= share * len(self.due)

        return until(is_so, deadline)

    def tend(self) -> None:
        """Start again what ended by itself, as whatever watches over it in production does."""
        for program in self.programs:
            program.tend()

    def inject(self, fault: Fault) -> None:
        """Returns when it is done; what was killed may still be starting."""
        deed: Callable[[], None] = getattr(self, f"_{fault.kind}")
        deed()
        self.done[fault.kind] += 1

    def _worker(self) -> None:
        worker = self._busy("worker")
        worker.kill()
        worker.start()

    def _pool(self) -> None:
        while not (pool := self._busy("pool").pool()):
            time.sleep(FIND_SECONDS)  # of one that is still starting
        os.kill(self.random.choice(pool), signal.SIGKILL)

    def _message(self) -> None:
        handful = self.random.sample(self.due, min(HANDFUL, len(self.due)))
        for _ in range(2):
            for task in self.tasks:
                task.apply_async((handful,), expires=FRESH)

    def _postgres(self) -> None:
        """The keeper of the embedded service starts it again."""
        note = self.folder / "postgres" / "postmaster.pid"
        os.kill(int(note.read_text().split("\n", 1)[0]), signal.SIGKILL)
        connection.close()

    def _valkey(self) -> None:
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
            found: Any = [broker.llen(name) for name in QUEUES] + [broker.hlen("unacked")]
            broker.flushall()
        self.messages_lost += sum(found)

    def _beat(self) -> None:
        self._again("beat")

    def _loop(self) -> None:
        self._again("loop")

    def _again(self, kind: str) -> None:
        program = self.random.choice([each for each in self.programs if each.kind == kind])
        program.kill()
        program.start()

    def _busy(self, kind: str) -> Program:
        """A worker in the middle of a transaction, where there is one within a moment; else any."""
        workers = [program for program in self.programs if program.kind == "worker"]
        deadline = time.monotonic() + FIND_SECONDS
        while time.monotonic() < deadline:
            names = {name for (name,) in asked(AT_WORK)}
            if busy := [worker for worker in workers if worker.name in names]:
                self.at_work[kind] += 1
                return self.random.choice(busy)
            time.sleep(0.01)
        return self.random.choice(workers)
