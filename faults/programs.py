"""The programs that record what is due, as they run in production: started, killed, started again."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import processor
from config import leash

BASE_DIR = Path(__file__).resolve().parents[1]
CELERY = [sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "--quiet", "-A", "config.celery",
          "--skip-checks"]  # fmt: skip
WORKER = [*CELERY, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"]
BEAT = [*CELERY, "beat", "--pidfile="]
LOOP = [sys.executable, "manage.py", "enforce", "--loop", "--json"]


@dataclass
class Program:
    """One program; the database knows its sessions by its name. It dies with this process."""

    name: str
    command: Sequence[str]
    log: Path
    child: subprocess.Popen[bytes] | None = None
    kills: int = 0
    own_ends: list[int] = field(default_factory=list)  # exit codes that nobody asked for

    @property
    def kind(self) -> str:
        return self.name.split("-", maxsplit=1)[0]

    def start(self) -> None:
        """From the main thread, because the child is tied to it."""
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                self.command,
                cwd=BASE_DIR,
                env=os.environ | {"PGAPPNAME": self.name},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=leash.dying_with_us(9),
            )

    def kill(self) -> None:
        """End it as a power cut would; the processes of a worker's pool go with it."""
        self.tend()
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            self.child = None
        self.kills += 1

    def tend(self) -> None:
        """Start it again when it has ended by itself, and note that it did."""
        if self.child is not None and self.child.poll() is not None:
            self.own_ends.append(self.child.returncode)
            self.start()

    def pool(self) -> list[int]:
        """The processes of a worker's pool."""
        return processor.children(self.child.pid) if self.child is not None else []


def programs(workers: int, folder: Path) -> list[Program]:
    """So many workers, two beats and the loop, each with a log in the folder."""
    folder.mkdir(parents=True)
    named = {f"worker-{number}": [*WORKER, "-n", f"worker-{number}@%h"] for number in range(1, workers + 1)}
    named |= {"beat-1": BEAT, "beat-2": BEAT, "loop": LOOP}
    return [Program(name, command, folder / f"{name}.log") for name, command in named.items()]
