"""A keeper: one small process that runs a service for as long as anybody uses it.

Whoever uses a service holds a shared lock on its `users` file until it dies, in whatever way it dies. The keeper starts the
service, starts it again when it falls over, and asks for the exclusive lock; it gets it when the last user is gone, stops
the service and ends. No list of process ids is kept, so `kill -9` of a user, of the keeper or of the service leaves nothing
to repair. A keeper that is killed takes its service down with it, and the next user starts another.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Protocol

LINGER_SECONDS = 5.0  # between two commands in a row the services stay up
STOP_SECONDS = 8.0
START_SECONDS = 60.0  # crash recovery included
TICK_SECONDS = 0.1
GIVE_UP_AFTER = 5  # starts in a row that never became ready


class Service(Protocol):
    """What a keeper must know of a service. `start` may raise OSError or subprocess.SubprocessError."""

    name: str
    folder: Path
    stop_signal: signal.Signals

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server in the foreground of a child process and return at once."""

    def settle(self) -> bool:
        """Called until it answers True: finish what can only be done while the server answers."""

    def ready(self) -> bool:
        """Whether a user may connect now. Cheap, and true only of this folder's own server."""

    def tidy(self) -> None:
        """Called after the server has stopped: remove what it left outside its folder."""


class ServiceUnavailableError(RuntimeError):
    """An embedded service did not become ready."""


_held: dict[Path, int] = {}  # users file -> descriptor, open until this process dies


def use(service: Service) -> None:
    """Hold the service until this process dies, and return when it answers.

    Raises ServiceUnavailableError with the last lines of its log when it is not ready after START_SECONDS.
    """
    _hold(service)
    deadline = time.monotonic() + START_SECONDS
    keepers = 0
    while not (kept := _kept(service)) or not _settled(service) or not service.ready():
        if time.monotonic() > deadline or (not kept and keepers == 2):
            raise ServiceUnavailableError(_obituary(service))
        if not kept:
            keepers += 1
            _spawn(service)
        time.sleep(0.02)


def release(service: Service, *, seconds: float = STOP_SECONDS + 2) -> bool:
    """Stop using the service now. Where nobody else uses it, wait until it has stopped: True if it has."""
    descriptor = _held.pop(_users(service), None)
    if descriptor is not None:
        os.close(descriptor)
    deadline = time.monotonic() + seconds
    others_since = time.monotonic()
    while _kept(service) and time.monotonic() < deadline:
        _hurry(service)
        if _lock(_users(service), fcntl.LOCK_SH):  # nobody is stopping it: is it still in use?
            if time.monotonic() - others_since > 10 * TICK_SECONDS:
                return False
        else:
            others_since = time.monotonic()
        time.sleep(TICK_SECONDS)
    return not _kept(service)


def keep(service: Service) -> None:
    """The keeper's own life. Returns when nobody uses the service any more, or when it cannot be started."""
    if os.fork():
        os._exit(0)
    mine = _open(_keeper(service))
    if not _patiently(mine):
        return
    hurried: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: hurried.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _say(mine, "starting")
    users = _open(_users(service))
    child, settled, failures, unused_since = None, False, 0, 0.0
    while failures < GIVE_UP_AFTER and service.folder.exists():
        if child is None or child.poll() is not None:
            failures += not settled and child is not None
            time.sleep(min(2.0, 0.25 * failures))
            _say(mine, "starting")
            child, settled = service.start(), False
        if not settled and service.settle():
            settled, failures = True, 0
            _say(mine, "ready")
        if not _abandoned(users):
            unused_since = 0.0
            hurried.clear()
        else:
            unused_since = unused_since or time.monotonic()
            if (hurried or time.monotonic() - unused_since > LINGER_SECONDS) and _abandoned(users, keep=True):
                break
        time.sleep(TICK_SECONDS)
    if child is not None:
        stop(child, service.stop_signal, STOP_SECONDS)
    service.tidy()


def stop(child: subprocess.Popen[bytes], how: signal.Signals, seconds: float) -> None:
    """Ask a child to end, and end it after `seconds` if it did not."""
    if child.poll() is None:
        child.send_signal(how)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def log_path(service: Service) -> Path:
    """Where the service and its keeper write what they have to say."""
    return service.folder / "log" / f"{service.name}.log"


def _users(service: Service) -> Path:
    return service.folder / "locks" / f"{service.name}.users"


def _keeper(service: Service) -> Path:
    return service.folder / "locks" / f"{service.name}.keeper"


def _open(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _hold(service: Service) -> None:
    """Take a share in the service. Waits while a keeper is stopping it."""
    if _users(service) not in _held:
        descriptor = _open(_users(service))
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held[_users(service)] = descriptor


def _lock(path: Path, how: int) -> bool:
    """Whether the lock could be had. It is given back at once."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _kept(service: Service) -> bool:
    return not _lock(_keeper(service), fcntl.LOCK_SH)


def _abandoned(users: int, *, keep: bool = False) -> bool:
    """Whether nobody uses the service. With `keep`, nobody can begin to until the keeper has ended."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    if not keep:
        fcntl.flock(users, fcntl.LOCK_UN)
    return True


def _patiently(descriptor: int) -> bool:
    """Take the keeper's lock. Others look at it for an instant now and then; a keeper at work holds it for good."""
    for _ in range(100):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.005)
        else:
            return True
    return False


def _say(descriptor: int, state: str) -> None:
    """Write `<pid> <state>` into the keeper's file; true while the lock on it is held."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()} {state}".encode(), 0)


def _settled(service: Service) -> bool:
    return _keeper(service).read_text().endswith(" ready")


def _hurry(service: Service) -> None:
    """Tell the keeper not to linger."""
    pid, _, state = _keeper(service).read_text().partition(" ")
    if state:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGTERM)


def _spawn(service: Service) -> None:
    """Start a keeper. One that finds another at work ends by itself."""
    log_path(service).parent.mkdir(mode=0o700, exist_ok=True)
    with log_path(service).open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "config.embedded", service.name],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=Path(__file__).resolve().parents[2],
            env={**os.environ, "SHOUWEN_DATA": str(service.folder)},
            start_new_session=True,
            check=False,
        )


def _obituary(service: Service) -> str:
    lines = log_path(service).read_text(errors="replace").splitlines()[-12:] if log_path(service).exists() else []
    return "\n".join(
        [f"The embedded {service.name} did not become ready. Its last lines ({log_path(service)}):", *lines]
    )
