"""The dates of a case when the rules behind them change: recompute."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from complaints import history
from complaints.escalation import steps_done
from complaints.models import Complaint
from complaints.states import Verb
from sla import clocks, recomputing
from sla.models import Clock


def recompute(clock: Clock, *, actor: User) -> bool:
    """Reckon one clock by the newest version of its calendar; whether this call settled it.

    Waits for whoever holds the case, as long as `lock_timeout` lets it.
    """
    with transaction.atomic():
        held = Complaint.objects.visible_to(actor).only("pk").select_for_update()
        held.get(pk=clock.complaint_id)  # ours now, so the door passes no longer over it
        return bool(recompute_together([clock], actor=actor))


def recompute_together(found: Iterable[Clock], *, actor: User) -> int:
    """The same for many at once; return how many this call settled.

    Every deed of this kind has its old and its new date in the case history; a clock whose date stays the same only learns
    which version it agrees with. A stopped clock and one that is due or broken are left alone. Left for another round: what
    somebody holds at the moment, and the second of two clocks of one case.
    """
    clock_of: dict[int, Clock] = {}
    for clock in found:
        clock_of.setdefault(clock.complaint_id, clock)
    with transaction.atomic():
        with history.moving_together(clock_of, Verb.RECOMPUTE, actor=actor) as moved:
            held = [clock_of[case.pk].pk for case in moved.cases]
            fresh = recomputing.reckoned(Clock.objects.outdated(timezone.now()).filter(pk__in=held))
            recomputing.move(fresh, steps_done(one.clock.pk for one in fresh))
            told = {one.clock.complaint_id: one for one in fresh if one.moves}
            moved.cases[:] = [case for case in moved.cases if case.pk in told]
            first = clocks.strictest_of(case.pk for case in moved.cases)
            for case in moved.cases:
                case.facts = _facts(told[case.pk], case.owner_id)
                case.due_at, case.due_target = first[case.pk].due_at, first[case.pk].target
        recomputing.count(fresh)  # last, because every worker counts in the same row
    return len(fresh)


def _facts(one: recomputing.Reckoned, owner: int) -> dict[str, Any]:
    """The old and the new date; the owner is told when they differ."""
    dates = {
        "from": one.clock.due_at.isoformat(),
        "due_at": one.due_at.isoformat(),
        "was_provisional": one.clock.provisional,
        "provisional": one.provisional,
    }
    facts: dict[str, Any] = {
        "clocks": [{"clock": one.clock.pk, "target": one.clock.target} | dates],
        "calendar": one.version.calendar.code,
        "version": one.version.number,
    }
    return facts | ({"to": owner} if one.due_at != one.clock.due_at else {})
