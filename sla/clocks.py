"""Starting and stopping clocks. The caller holds the complaint's lock (rule 4) and the transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.errors import Refusal
from sla.calendar import WorkingCalendar, due
from sla.matching import Matter, matches
from sla.models import CalendarVersion, Clock, Term, version_of
from sla.targets import ALWAYS, Reopening, Start, Stop, Target


class NoPolicy(Refusal):
    """No deadline policy is in force on the day of receipt: a setting is missing, nothing is guessed."""

    status = 409
    code = "no_policy"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a term promises for one receipt: before saving a preview, after saving a `Clock`."""

    term: Term
    version: CalendarVersion
    started_at: datetime
    due_at: datetime
    due_on: date
    provisional: bool
    continued: "Continued | None" = None


@dataclass(frozen=True, slots=True)
class Continued:
    """What a clock that goes on after a reopening brings with it: its allowance, its pauses, the date first promised."""

    amount: int
    pauses: list[list[str]]
    original: tuple[datetime, date] | None


def promises(started_at: datetime, matter: Matter, start: Start = Start.RECEIVED) -> list[Promise]:
    """What is promised from `started_at` to a complaint that is this `matter`, the strictest first. One query.

    A policy counts when it is in force on that day in the calendar's zone, not on the day of entry. Of several that promise
    one target the strictest does. Raises `NoPolicy` when nothing promises what is promised to every complaint.
    """
    day = timezone.localdate(started_at)
    found = {promise.term.target: promise for promise in reversed(_promised(started_at, matter, start, day))}
    if start is Start.RECEIVED and (missing := [target for target in ALWAYS if target not in found]):
        raise _no_policy(day, missing)
    return sorted(found.values(), key=_strictness)


def again(complaint_id: int, started_at: datetime, matter: Matter) -> list[Promise]:
    """What runs once more when a complaint is taken up again: the resolution, at least.

    A clock whose term says so goes on with what was left when it stopped; between the two no time passed for it. One that
    broke its promise has nothing left, so it restarts, as others do, by the policies in force now.
    """
    kept = _continued(complaint_id, started_at)
    on = {promise.term.target for promise in kept}
    renewed = kept + [
        one
        for one in promises(started_at, matter)
        if one.term.target not in on and one.term.reopening in {Reopening.RESTARTS, Reopening.CONTINUES}
    ]
    if all(promise.term.target != Target.RESOLUTION for promise in renewed):
        raise _no_policy(timezone.localdate(started_at), [Target.RESOLUTION])
    return renewed


def _continued(complaint_id: int, at: datetime) -> list[Promise]:
    """The clocks that go on at a reopening, each by the newest version of its calendar. Two queries."""
    ended: dict[str, Clock] = {}
    for clock in Clock.objects.filter(complaint_id=complaint_id).select_related("term").order_by("pk"):
        ended[clock.target] = clock
    found = []
    for clock in ended.values():
        if clock.term.reopening == Reopening.CONTINUES and clock.stopped_at and clock.breached_at is None:
            stopped = clock.stopped_at
            spans = [(since, min(until, stopped)) for since, until in clock.spans if since < stopped]
            spans.append((stopped, at))
            version = CalendarVersion.objects.latest_for(version_of(clock.calendar_version_id).calendar.code)
            date_of = partial(due, clock.started_at, calendar=version.value(), pauses=spans)
            original = date_of(clock.term.allowance)[:2] if clock.amount > clock.term.amount else None
            before = [[since.isoformat(), until.isoformat()] for since, until in spans[:-1]]
            pauses = [
                *([*span, *told[2:]] for span, told in zip(before, clock.pauses, strict=False)),
                [stopped.isoformat(), at.isoformat(), "stopped"],
            ]
            continued = Continued(clock.amount, pauses, original)
            found.append(Promise(clock.term, version, clock.started_at, *date_of(clock.allowance), continued))
    return found


def _promised(started_at: datetime, matter: Matter, start: Start, day: date) -> list[Promise]:
    found = []
    for term in Term.objects.promised(day, start):
        if matches(term.policy, matter):
            version = version_of(term.version_id)
            found.append(Promise(term, version, started_at, *due(started_at, term.allowance, version.value())))
    return sorted(found, key=_strictness)


def _strictness(promise: Promise) -> tuple[datetime, int]:
    return promise.due_at, promise.term.pk


def _no_policy(day: date, missing: Iterable[Target]) -> NoPolicy:
    names = pgettext("between two of a list", ", ").join(sorted(str(target.label) for target in missing))
    return NoPolicy(
        _("No deadline policy was in force on %(day)s for: %(names)s. Check the date, or ask an administrator.")
        % {"day": day, "names": names}
    )


def reckon(clock: Clock, calendar: WorkingCalendar) -> tuple[datetime, date, bool]:
    """The date of a clock by a calendar: its start, its own allowance, its pauses. As `sla.calendar.due`."""
    return due(clock.started_at, clock.allowance, calendar, clock.spans)


def start(
    complaint_id: int, promised: Iterable[Promise], *, owner_unit: int, registered_unit: int, about_unit: int
) -> list[Clock]:
    """Start the clocks that were promised, from receipt (never from now). The units are the complaint's. One query."""
    clocks = [
        Clock(
            complaint_id=complaint_id,
            owner_unit_id=owner_unit,
            registered_unit_id=registered_unit,
            about_unit_id=about_unit,
            target=promise.term.target,
            term=promise.term,
            calendar_version=promise.version,
            amount=promise.continued.amount if promise.continued else promise.term.amount,
            unit=promise.term.unit,
            started_at=promise.started_at,
            due_at=promise.due_at,
            due_on=promise.due_on,
            provisional=promise.provisional,
            **(_carried(promise.continued) if promise.continued else {}),
        )
        for promise in promised
    ]
    return Clock.objects.bulk_create(clocks)


def _carried(continued: Continued) -> dict[str, Any]:
    original_due_at, original_due_on = continued.original or (None, None)
    return {"pauses": continued.pauses, "original_due_at": original_due_at, "original_due_on": original_due_on}


def stop(complaint_id: int, stops: Collection[Stop], *, at: datetime, now: datetime) -> list[Clock]:
    """Stop the running clocks that one of `stops` stops, for a deed of `at`, recorded `now`; return those stopped.

    What counts is the record: a deed entered after the deadline is late, whenever it is said to have been done, and its
    clock stops when it was entered. So back-dating clears no breach, and whether a sweep came first changes nothing
    (docs/decisions/0009). A late stop records the breach, dated at the deadline.
    """
    stopped = list(Clock.objects.running().filter(complaint_id=complaint_id, term__stops__in=list(stops)))
    for clock in stopped:
        is_late = clock.due_at <= now
        clock.stopped_at = now if is_late else max(at, clock.started_at)
        if is_late and clock.breached_at is None:
            clock.breached_at, clock.detected_at = clock.due_at, now
        clock.save(update_fields=["stopped_at", "breached_at", "detected_at"])
    return stopped


def strictest_of(complaint_ids: Iterable[int]) -> dict[int, Clock]:
    """`strictest` for many complaints, by complaint; one without a running clock is left out. One query."""
    running = Clock.objects.running().filter(complaint_id__in=list(complaint_ids)).order_by("-due_at", "-id")
    return {clock.complaint_id: clock for clock in running}


def strictest(complaint_id: int) -> Clock | None:
    """The running clock that falls due first; None when none runs."""
    return Clock.objects.running().filter(complaint_id=complaint_id).order_by("due_at").first()
