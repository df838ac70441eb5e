"""The processor time that other processes have used, as the kernel counts it."""

import os
from pathlib import Path


def seconds(*pids: int) -> float:
    """Processor seconds of these single-threaded processes so far, to the nanosecond where the kernel tells them."""
    return sum(map(_of_one, pids))


def _of_one(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def most_memory(pid: int) -> float:
    """The most memory a process has held, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def children(pid: int) -> list[int]:
    """The processes that this one has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def name_and_speed() -> tuple[str, float]:
    """The processor's name, and how long a known loop takes here: tells one machine, and one hour, from another."""
    import time

    began, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number * number
    spent = time.process_time() - began
    named = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{len(named)} x {named[0]}" if named else "unknown", spent
