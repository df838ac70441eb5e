"""Starting and stopping clocks. The caller holds the complaint's lock (rule 4) and the transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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
        names = pgettext("between two of a list", ", ").join(sorted(str(Target(target).label) for target in missing))
        raise NoPolicy(
            _("No deadline policy was in force on %(day)s for: %(names)s. Check the date, or ask an administrator.")
            % {"day": day, "names": names}
        )
    found = []
    for policy in policies:
        version = version_of(policy.version_id)
        due_at, due_on, provisional = due(started_at, policy.allowance, version.value())
        found.append(Promise(policy, version, started_at, due_at, due_on, provisional))
    return sorted(found, key=lambda promise: promise.due_at)


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
    """Stop the running clocks of these targets for a deed of `at`, recorded `now`; return those that were stopped.

    What counts is the record: a deed entered after the deadline is late, whenever it is said to have been done, and its
    clock stops when it was entered. So back-dating clears no breach, and whether a sweep came first changes nothing
    (docs/decisions/0009). A late stop records the breach, dated at the deadline.
    """
    stopped = list(Clock.objects.running().filter(complaint_id=complaint_id, target__in=list(targets)))
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
