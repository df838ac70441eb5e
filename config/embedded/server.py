"""What both embedded servers share: a folder, a user, and how a program of a wheel is started as that user."""

import importlib.util
import os
import pwd
import signal
import subprocess
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path

from config import leash
from config.embedded import keeper

SERVER_USER = "nobody"  # only when started by root
LOG_LIMIT = 5_000_000  # bytes; a longer log is begun anew when its server starts


class Server(ABC):
    """A service that a keeper can keep."""

    name: str
    package: str  # the wheel's
    program: str  # its path in the package
    stop_signal = signal.SIGTERM

    @abstractmethod
    def start(self) -> subprocess.Popen[bytes]:
        """See keeper.Service."""

    @abstractmethod
    def settle(self) -> bool:
        """See keeper.Service."""

    @abstractmethod
    def ready(self) -> bool:
        """See keeper.Service."""

    def __init__(self, folder: Path) -> None:
        """Raises ModuleNotFoundError where the wheel is not installed."""
        self.executable = in_wheel(self.package, self.program)
        self.folder = folder
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)

    def tidy(self) -> None:  # noqa: B027 - most leave nothing
        """See keeper.Service."""

    @cached_property
    def owner(self) -> tuple[int, int]:
        """User and group ids that the server runs as."""
        if os.geteuid() != 0:
            return os.getuid(), os.getgid()
        entry = pwd.getpwnam(SERVER_USER)
        return entry.pw_uid, entry.pw_gid

    def own(self, path: Path) -> Path:
        """A folder that only the server (and root) may enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, *self.owner)
        return path

    def launch(self, program: Path, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program of the wheel as the server's user, its output in the log; it dies with this process."""
        become = leash.dying_with_us(self.stop_signal)
        if os.geteuid() == 0:
            reads_all = not (leash.open_to_all(program) and leash.open_to_all(self.folder))
            become = leash.becoming(*self.owner, reads_all=reads_all, how=self.stop_signal)
        with keeper.log_path(self).open("ab") as log:
            return subprocess.Popen(
                [str(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                preexec_fn=become,
            )

    def begin_log(self) -> None:
        """Begin the log anew when it has grown too long."""
        log = keeper.log_path(self)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            os.truncate(log, 0)


def in_wheel(package: str, program: str) -> Path:
    """The path of a program in an installed wheel, which is not imported: importing one of them makes folders."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed; set DATABASE_URL and REDIS_URL, or install it.")
    return Path(found.origin).parent / program
