"""Signs of life: a file that worker and beat touch, each its own, and a probe that says whether it is fresh.

`python -m config.pulse worker` (or `beat`) exits 0 when the sign is younger than a minute, `python -m config.pulse web` when
the web server of this machine answers; containers ask them. The files lie in SHOUWEN_PULSE, by default a folder below the
system's temporary one. A process that hangs stops touching its file, which a ping over the broker would not show.
"""

import os
import sys
import tempfile
import time
import urllib.request
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


def answers() -> bool:
    """Whether the web server on PORT answers its health page, asked by a name that it allows."""
    address = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}/healthz"
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].lstrip(".") or "127.0.0.1"
    try:
        asked = urllib.request.Request(address, headers={"Host": name})
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def main(name: str) -> int:
    """Answers the exit code of the probe."""
    return 0 if (answers() if name == "web" else age(name) < FRESH_SECONDS) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
