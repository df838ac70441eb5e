"""Starting and stopping clocks. The caller holds the complaint's lock (rule 4) and the transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.errors import Refusal
from sla.calendar import due
from sla.models import CalendarVersion, Clock, Policy, version_of
from sla.targets import Target


class NoPolicy(Refusal):
    """No deadline policy is in force on the day of receipt: a setting is missing, nothing is guessed."""

    status = 409
    code = "no_policy"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a policy promises for one receipt: before saving a preview, after saving a `Clock`."""

    policy: Policy
    version: CalendarVersion
    started_at: datetime
    due_at: datetime
    due_on: date
    provisional: bool


def promises(started_at: datetime, targets: Iterable[Target] = tuple(Target)) -> list[Promise]:
    """What would be promised for something received at `started_at`, the strictest first. One query.

    A policy counts when it is in force on the day of receipt in the calendar's zone, not on the day of entry.
    """
    wanted = list(targets)
    day = timezone.localdate(started_at)
    policies = Policy.objects.promised(wanted, day)
    missing = set(wanted) - {policy.target for policy in policies}
    if missing:
        names = ", ".join(sorted(str(Target(target).label) for target in missing))
        raise NoPolicy(f"No deadline policy is in force on {day} for: {names}.")
    found = []
    for policy in policies:
        version = version_of(policy.version_id)
        due_at, due_on, provisional = due(started_at, policy.allowance, version.value())
        found.append(Promise(policy, version, started_at, due_at, due_on, provisional))
    return sorted(found, key=lambda promise: promise.due_at)


def start(complaint_id: int, promised: Iterable[Promise]) -> list[Clock]:
    """Start the clocks that were promised, from receipt (never from now). One query."""
    clocks = [
        Clock(
            complaint_id=complaint_id,
            target=promise.policy.target,
            policy=promise.policy,
            calendar_version=promise.version,
            amount=promise.policy.amount,
            unit=promise.policy.unit,
            started_at=promise.started_at,
            due_at=promise.due_at,
            due_on=promise.due_on,
            provisional=promise.provisional,
        )
        for promise in promised
    ]
    return Clock.objects.bulk_create(clocks)


def stop(complaint_id: int, targets: Iterable[Target], *, at: datetime, now: datetime) -> list[Clock]:
    """Stop the running clocks of these targets at `at`, the moment of the deed; return those that were stopped.

    A clock stopped after its deadline records the breach, dated at the deadline, though no sweep ever looked.
    """
    stopped = list(Clock.objects.running().filter(complaint_id=complaint_id, target__in=list(targets)))
    for clock in stopped:
        clock.stopped_at = at
        if clock.due_at < at and clock.breached_at is None:
            clock.breached_at, clock.detected_at = clock.due_at, now
        clock.save(update_fields=["stopped_at", "breached_at", "detected_at"])
    return stopped


def strictest(complaint_id: int) -> Clock | None:
    """The running clock that falls due first; None when none runs."""
    return Clock.objects.running().filter(complaint_id=complaint_id).order_by("due_at").first()
