"""Opening hours and weekdays as people write them: 09:00-12:00,13:30-17:30 and 1-5 (Monday to Friday)."""

import re
from datetime import time
from itertools import pairwise

from sla.calendar.values import Unreckonable

OPENING = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
WEEKDAYS = re.compile(r"([1-7])(?:-([1-7]))?", re.ASCII)
# what a Chinese keyboard and a word processor write for a comma, a hyphen and a colon
PLAIN = str.maketrans(
    {"，": ",", "、": ",", "；": ",", ";": ",", "–": "-", "—": "-", "－": "-", "~": "-", "～": "-", "：": ":"}
)


def read_hours(text: str) -> tuple[tuple[time, time], ...]:
    """Read opening hours, in order, apart from each other. Raises `Unreckonable` for anything else, and for none."""
    found = [OPENING.fullmatch(part) for part in _parts(text)]
    try:
        hours = tuple((time(int(m[1]), int(m[2])), time(int(m[3]), int(m[4]))) for m in found if m)
    except ValueError:
        hours = ()
    edges = [edge for opening in hours for edge in opening]
    if not hours or len(hours) < len(found) or any(before >= after for before, after in pairwise(edges)):
        raise Unreckonable("calendar", f"opening hours are written as 09:00-12:00,13:30-17:30, not {text[:80]!r}")
    return hours


def write_hours(hours: tuple[tuple[time, time], ...]) -> str:
    """Write opening hours as `read_hours` reads them, and as a calendar stores them."""
    return ",".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in hours)


def read_weekdays(text: str) -> frozenset[int]:
    """Read weekdays, 1 for Monday to 7 for Sunday: 1-5, or 1,2,6. Raises `Unreckonable`."""
    found: set[int] = set()
    for part in _parts(text):
        match = WEEKDAYS.fullmatch(part)
        days = range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)
        if not days:
            raise Unreckonable("weekdays", f"weekdays are written as 1-5 or 1,2,6, not {text[:80]!r}")
        found |= set(days)
    return frozenset(found)


def _parts(text: str) -> list[str]:
    return re.sub(r"\s+", "", text.translate(PLAIN)).split(",")
