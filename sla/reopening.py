"""What runs again when a complaint is taken up again. The caller holds the complaint's lock and the transaction."""

from datetime import datetime
from functools import partial

from django.utils import timezone

from sla.calendar import due
from sla.clocks import Continued, Promise, no_policy, promises
from sla.matching import Matter
from sla.models import CalendarVersion, Clock, version_of
from sla.targets import Reopening, Target


def again(complaint_id: int, started_at: datetime, matter: Matter) -> list[Promise]:
    """What runs once more when a complaint is taken up again: the resolution, at least.

    A clock whose term says so goes on with what was left when it stopped; between the two no time passed for it. One that
    broke its promise has nothing left, so it restarts, as others do, by the policies in force now.
    """
    kept = _continued(complaint_id, started_at)
    on = {promise.term.target for promise in kept}
    renewed = kept + [
        one
        for one in promises(started_at, matter, started_at)
        if one.term.target not in on and one.term.reopening in {Reopening.RESTARTS, Reopening.CONTINUES}
    ]
    if all(promise.term.target != Target.RESOLUTION for promise in renewed):
        raise no_policy(timezone.localdate(started_at), [Target.RESOLUTION])
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
            found.append(Promise(clock.term, version, clock.started_at, *date_of(clock.allowance), continued=continued))
    return found
