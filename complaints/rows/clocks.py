"""How a clock looks at a moment, in words: while it runs, and how it ended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from complaints.looks import CLOCK_LOOKS
from complaints.models import Complaint
from sla import sentences, wording
from sla.calendar import Allowance, Pause, Unit, WorkingCalendar, remaining
from sla.models import CalendarVersion, Clock
from sla.targets import Target


@dataclass(frozen=True, slots=True)
class ClockFace:
    """One clock in words. `state`: running, extended, soon, overdue, paused, provisional, kept, late; tone, icon go with it.

    `left` is the time left (or how it ended), `due_words` the date, `due_iso` and `due_title` the exact moment; `unit`
    and `days_left` let the browser recount; `percent` of the time has passed, where the start is known; `was` is the
    date first promised, where it was extended. `provisional`: it runs, and a year it runs through is not announced, be the
    date near, far or past.
    """

    target: str
    target_label: str
    state: str
    tone: str
    icon: str
    left: str
    due_at: datetime
    due_words: str
    due_iso: str
    due_title: str
    unit: str
    days_left: int | None
    percent: int | None
    why_url: str
    provisional: bool
    was: str = ""


def clock_face(
    due_at: datetime,
    target: str,
    unit: str,
    now: datetime,
    *,
    stopped_at: datetime | None = None,
    breached_at: datetime | None = None,
    provisional: bool = False,
    started_at: datetime | None = None,
    calendar: WorkingCalendar | None = None,
    paused: Pause | None = None,
    why_url: str = "",
    original_due_at: datetime | None = None,
) -> ClockFace:
    """How a clock looks at `now`. Without `calendar` what is left of working days is said in days.

    `paused` is the pause in force, which needs the calendar.
    """
    days_left = None
    if stopped_at is not None:
        state, left = _ending(due_at, stopped_at, breached_at, started_at)
    elif paused is not None and calendar is not None:
        state, left = "paused", _waiting(due_at, unit, now, paused, calendar)
    else:
        state = wording.clock_state(due_at, now)
        if state == wording.RUNNING and unit == Unit.WORKING_DAYS and calendar is not None:
            days_left = remaining(now, due_at, Unit.WORKING_DAYS, calendar).amount
        left = wording.left_words(due_at, now, unit, days_left)
        if state == wording.RUNNING and provisional:
            state = "provisional"
        elif state == wording.RUNNING and original_due_at is not None:
            state = "extended"
    tone, icon = CLOCK_LOOKS[state]
    due = wording.local_of(due_at)
    return ClockFace(
        target=target,
        target_label=str(Target(target).label),
        state=state,
        tone=tone,
        icon=icon,
        left=left,
        due_at=due_at,
        due_words=wording.due_words(due_at, now),
        due_iso=due.iso,
        due_title=due.exact,
        unit=unit,
        days_left=days_left,
        percent=_percent(started_at, due_at, stopped_at or now),
        why_url=why_url,
        provisional=provisional and stopped_at is None,
        was=wording.due_words(original_due_at, now) if original_due_at else "",
    )


def _waiting(due_at: datetime, unit: str, now: datetime, paused: Pause, calendar: WorkingCalendar) -> str:
    """How long it has been paused, and what is left of it from the moment at which it is to run again."""
    since, until = paused
    left = remaining(until - timedelta.resolution, due_at, Unit(unit), calendar)
    said = {"paused": wording.span_words(now - since), "left": sentences.allowance(Allowance(left.amount, left.unit))}
    if left.amount == 0:
        said["left"] = wording.span_words(left.time)
    return _("paused for %(paused)s · %(left)s left once it runs again") % said


def face_of(clock: Clock, now: datetime, why_url: str = "") -> ClockFace:
    """The face of a clock's row."""
    return clock_face(
        clock.due_at,
        clock.target,
        clock.unit,
        now,
        stopped_at=clock.stopped_at,
        breached_at=clock.breached_at,
        provisional=clock.provisional,
        started_at=clock.started_at,
        calendar=clock.calendar_version.value() if clock.unit == Unit.WORKING_DAYS or clock.pauses else None,
        paused=clock.paused(now),
        why_url=why_url,
        original_due_at=clock.original_due_at,
    )


@dataclass(frozen=True, slots=True)
class Pausable:
    """A running clock as the form of a pause tells it: `last` is the last day on which it may run again.

    None: it runs on; `is_statutory` and `is_overdue` say why, else its policy allows no pause. `paused_until` is the moment
    at which it runs again, where it is paused.
    """

    face: ClockFace
    last: date | None
    is_statutory: bool
    is_overdue: bool
    paused_until: datetime | None


def pausable(case: Complaint, now: datetime) -> list[Pausable]:
    """The running clocks of a case, and how long each may be paused. One query."""
    found = []
    for clock in Clock.objects.running_on(case.pk):
        paused = clock.paused(now)
        late = clock.is_overdue(now)
        until = paused[1] if paused else None
        found.append(Pausable(face_of(clock, now), clock.pausable_until(now), clock.term.is_statutory, late, until))
    return found


def _ending(
    due_at: datetime, stopped_at: datetime, breached_at: datetime | None, started_at: datetime | None
) -> tuple[str, str]:
    if breached_at is not None and stopped_at == due_at:  # a turn of what is owed again and again
        return "late", _("missed")
    if breached_at is not None:
        return "late", _("done %(span)s late") % {"span": wording.span_words(stopped_at - due_at)}
    if started_at is None:
        return "kept", _("on time")
    return "kept", _("on time · took %(span)s") % {"span": wording.span_words(stopped_at - started_at)}


def _percent(started_at: datetime | None, due_at: datetime, at: datetime) -> int | None:
    if started_at is None:
        return None
    return min(100, max(0, int(100 * ((at - started_at) / (due_at - started_at)))))


@dataclass(frozen=True, slots=True)
class Running:
    """The clocks that run on a complaint: the strictest, and how many others."""

    strictest: ClockFace
    others: int = 0


# Written out, as in `complaints.names`: building it anew took longer than answering it.
RUNNING = """
SELECT complaint_id, due_at, target, unit, provisional, calendar_version_id, original_due_at, pauses FROM sla_clock
WHERE complaint_id = ANY(%s) AND stopped_at IS NULL ORDER BY due_at
"""


def running_clocks(keys: Sequence[int], now: datetime) -> dict[int, Running]:
    """The running clocks of these complaints, by complaint. One query."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING, [list(keys)])
        clocks = cursor.fetchall()
    found: dict[int, Running] = {}
    for key, due_at, target, unit, provisional, version, original, pauses in clocks:
        if known := found.get(key):
            found[key] = Running(known.strictest, known.others + 1)
            continue
        paused = None if pauses == "[]" else Clock(pauses=json.loads(pauses)).paused(now)
        calendar = CalendarVersion(pk=version).value() if unit == Unit.WORKING_DAYS or paused else None
        face = clock_face(
            due_at, target, unit, now,
            provisional=provisional, calendar=calendar, paused=paused, original_due_at=original,
        )  # fmt: skip
        found[key] = Running(face)
    return found
