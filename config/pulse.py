"""Signs of life: a file that worker and beat touch, each its own, and a probe that says whether it is fresh.

`python -m config.pulse worker` exits 0 when the worker's sign is younger than a minute; containers ask it. The files lie in
SHOUWEN_PULSE, by default a folder below the system's temporary one. A process that hangs stops touching its file, which
a ping over the broker would not show.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

FRESH_SECONDS = 60.0


def beat_once(name: str) -> None:
    """Leave a sign of life now."""
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch()


def age(name: str) -> float:
    """Seconds since the last sign of life; infinite when there never was one."""
    try:
        return time.time() - _path(name).stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _path(name: str) -> Path:
    return Path(os.environ.get("SHOUWEN_PULSE") or Path(tempfile.gettempdir()) / "shouwen-pulse") / name


if __name__ == "__main__":
    sys.exit(0 if age(sys.argv[1]) < FRESH_SECONDS else 1)
