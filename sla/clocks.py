"""Starting and stopping clocks. The caller holds the complaint's lock (rule 4) and the transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.errors import Refusal
from sla import ladder
from sla.calendar import due
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


def again(started_at: datetime, matter: Matter) -> list[Promise]:
    """What runs from the start once more when a complaint is taken up again: the resolution, at least."""
    renewed = [one for one in promises(started_at, matter) if one.term.reopening == Reopening.RESTARTS]
    if all(promise.term.target != Target.RESOLUTION for promise in renewed):
        raise _no_policy(timezone.localdate(started_at), [Target.RESOLUTION])
    return renewed


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
            amount=promise.term.amount,
            unit=promise.term.unit,
            started_at=promise.started_at,
            due_at=promise.due_at,
            due_on=promise.due_on,
            provisional=promise.provisional,
        )
        for promise in promised
    ]
    for clock in clocks:
        clock.next_step_at = ladder.next_step_at(clock)
    return Clock.objects.bulk_create(clocks)


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


def running_since(complaint_id: int) -> datetime | None:
    """When the latest of the running clocks started: at receipt, or at the reopening; None when none runs."""
    latest: datetime | None = (
        Clock.objects.running().filter(complaint_id=complaint_id).aggregate(at=Max("started_at"))["at"]
    )
    return latest


def strictest_of(complaint_ids: Iterable[int]) -> dict[int, Clock]:
    """`strictest` for many complaints, by complaint; one without a running clock is left out. One query."""
    running = Clock.objects.running().filter(complaint_id__in=list(complaint_ids)).order_by("-due_at", "-id")
    return {clock.complaint_id: clock for clock in running}


def strictest(complaint_id: int) -> Clock | None:
    """The running clock that falls due first; None when none runs."""
    return Clock.objects.running().filter(complaint_id=complaint_id).order_by("due_at").first()
