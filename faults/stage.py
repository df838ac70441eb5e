"""What both runs stand on: the programs, when they answer, and when all that they have to do is done."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from faults import injecting, judging
from faults.programs import Program
from faults.watching import stepping, until

if TYPE_CHECKING:
    from faults.report import Result

START_SECONDS = 120.0
BACK_SECONDS = 60.0
SETTLE_SECONDS = 60.0


@dataclass
class Stage:
    """One set of programs on one data folder, for one run after another."""

    programs: Sequence[Program]
    folder: Path
    kills: int
    seed: int
    limit: float

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.workers = [program for program in self.programs if program.kind == "worker"]

    def start(self) -> None:
        """Start what is not running, the workers first; returns when they answer. Raises `SystemExit` when one does not."""
        for program in self.workers:
            program.start()
        if missing := self.not_answering(START_SECONDS):
            log = self.workers[0].log.read_text()[-2000:]
            raise SystemExit(f"Did not start: {', '.join(missing)}.\n{log}")

    def trigger(self) -> None:
        """Start beats and the loop: from now on everything that is due is found."""
        for program in self.programs:
            if program not in self.workers:
                program.start()

    def run(
        self, result: "Result", clocks: Sequence[int], hand_on: Sequence[injecting.HandOn], recorded: Callable[[], int]
    ) -> None:
        """Inject every planned fault while `clocks` are worked off, and wait until all are recorded and told."""
        injector = injecting.Injector(self.programs, clocks, self.folder / "data", self.random, hand_on)
        faults = injecting.planned(self.kills, self.random)
        result.plan(faults)
        began = time.monotonic()
        deadline = began + self.limit
        in_time = injector.run(faults, recorded, deadline) and injector.until_recorded(1.0, recorded, deadline)
        result.seconds = time.monotonic() - began
        say("everything is recorded" if in_time else "the time is up")
        result.awaited = awaited(injector.tend) if in_time else "every clock to be recorded"
        result.not_back = self.not_answering(BACK_SECONDS)
        result.injected, result.at_work = dict(injector.done), injector.at_work["worker"]
        result.messages_lost = injector.messages_lost

    def end(self, result: "Result") -> None:
        """End every program, and note which had ended by itself."""
        for program in self.programs:
            program.tend()
            program.kill()
        result.own_ends = {program.name: program.own_ends for program in self.programs if program.own_ends}
        for program in self.programs:
            program.own_ends = []

    def not_answering(self, seconds: float) -> list[str]:
        """Workers that answer no ping over the broker in that time."""
        from config.celery import app

        deadline, missing = time.monotonic() + seconds, [worker.name for worker in self.workers]
        while missing and time.monotonic() < deadline:
            answers = app.control.ping(timeout=2.0, limit=len(self.workers)) or []
            named = {name.split("@")[0] for answer in answers for name in answer}
            missing = [worker.name for worker in self.workers if worker.name not in named]
        return missing


def awaited(tend: Callable[[], None]) -> str:
    """What does not come true now that every clock is recorded; nothing when all is as it should be."""
    import redis

    from config.celery import QUEUES
    from config.enforcing import enforce

    def taken() -> bool:
        tend()
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
            waiting: Any = [broker.llen(name) for name in QUEUES]
        return not sum(waiting)

    def told() -> bool:
        tend()
        return not judging.untold()

    def stepped() -> bool:
        tend()
        return not stepping()

    if not until(stepped, time.monotonic() + SETTLE_SECONDS, every=0.5):
        return "every step to be taken"
    if not until(told, time.monotonic() + SETTLE_SECONDS, every=0.5):
        return "everybody to be told"
    if not until(taken, time.monotonic() + SETTLE_SECONDS, every=0.5):
        return "every message to be taken"
    last = enforce()
    return "a round that finds nothing" if any(number for what, number in last.items() if what != "notified") else ""


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
