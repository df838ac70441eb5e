"""Ties between processes on Linux: a child that dies with its parent, a server that does not run as root.

`python -m config.leash PARENT PROGRAM ARGUMENT…` becomes that program, and is killed as soon as its parent, the process
of that number, is gone, however it ended. On systems without these calls (macOS) the functions do nothing, or say that
they could not.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_SECUREBITS, _PR_SET_CHILD_SUBREAPER = 1, 28, 36
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_NO_SETUID_FIXUP = 1 << 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522

# Loaded once, before any fork: between fork and exec nothing may be imported or allocated freely.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilityData(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def die_with_parent(how: int = signal.SIGKILL, parent: int | None = None) -> None:
    """Ask the kernel to send `how` to this process when the thread that started it ends; end now if `parent` is gone."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none is left to the system when we end."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def bury_orphans() -> None:
    """Take note of every child that has ended, so that none stays behind as a zombie."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def leashed(command: Sequence[str]) -> list[str]:
    """The command that runs `command` as a child that dies with this process. Start it from the main thread."""
    return [sys.executable, "-m", "config.leash", str(os.getpid()), *command]


def dying_with_us(how: int) -> Callable[[], None]:
    """A function for `preexec_fn`: die with the process that calls this now."""
    return partial(die_with_parent, how, os.getpid())


def becoming(uid: int, gid: int, *, reads_all: bool, how: int) -> Callable[[], None]:
    """A function for `preexec_fn`: take on the user, keep one capability if asked, and die with the parent.

    `reads_all` keeps CAP_DAC_OVERRIDE through the change of user, for a program that lies below a folder which only root
    may enter. Raises OSError in the child when the kernel refuses.
    """

    leash = dying_with_us(how)

    def become() -> None:
        os.setgroups([])
        if reads_all:
            # Keeps capabilities through the change of user, and lets access(2) count them, which PostgreSQL asks.
            _check(_prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP))
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        if reads_all:
            mask = 1 << _CAP_DAC_OVERRIDE
            header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
            data = (_CapabilityData * 2)(_CapabilityData(mask, mask, mask), _CapabilityData(0, 0, 0))
            _check(_LIBC.capset(ctypes.byref(header), ctypes.byref(data)) if _LIBC else -1)
            _check(_prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE))
        leash()

    return become


def open_to_all(path: Path) -> bool:
    """Whether every user may enter every folder above `path` and read (or run) `path` itself."""
    needed = 0o005 if path.is_dir() or os.access(path, os.X_OK) else 0o004
    return path.stat().st_mode & needed == needed and all(parent.stat().st_mode & 0o001 for parent in path.parents)


def _prctl(option: int, first: int, second: int = 0) -> int:
    return int(_LIBC.prctl(option, first, second, 0, 0)) if _LIBC is not None else -1


def _check(answer: int) -> None:
    if answer != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def main(parent: str, *command: str) -> None:
    """Become the named program, on a leash."""
    die_with_parent(parent=int(parent))
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(*sys.argv[1:])
