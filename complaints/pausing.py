"""While a case waits for what is in other hands its clocks may stand still: pause, resume."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, WrongStatus
from accounts.models import User
from complaints import history
from complaints.history import keep, moving
from complaints.models import Complaint, Pause
from complaints.models.limits import REASON, fitting
from complaints.states import Verb, WaitsFor
from sla import pausing
from sla.models import Clock


def pause(
    complaint: Complaint,
    waits_for: str,
    reason: str,
    until_on: date,
    *,
    actor: User,
    evidence: UUID | None = None,
    version: int | None = None,
) -> Complaint:
    """Let every running clock stand still that its policy allows to, until `until_on` begins at the latest.

    A clock that is overdue, or that no policy allows to be paused, runs on; what is statutory always does. The end is
    planned from the beginning, and the dates are at once those that result (docs/decisions/0020).
    """
    reason = fitting("reason", reason, REASON, missing=_("Write down what the case waits for."))
    if waits_for not in WaitsFor.values:
        raise Invalid(_("Please check the marked fields."), {"waits_for": [_("Choose what the case waits for.")]})
    with moving(complaint, Verb.PAUSE, actor=actor, version=version) as case:
        now = timezone.now()
        clocks = list(Clock.objects.running_on(case.pk))
        if evidence is not None and not case.evidence.filter(pk=evidence).exists():
            raise Invalid(_("Please check the marked fields."), {"evidence": [_("Choose a file of this case.")]})
        longest = [last for clock in clocks if (last := clock.pausable_until(now))]
        _check_end(until_on, max(longest, default=timezone.localdate(now)), now)
        row = Pause(
            complaint=case,
            waits_for=waits_for,
            reason=reason,
            evidence_id=evidence,
            paused_at=now,
            until_on=until_on,
            by=actor,
        )
        keep(row, Verb.PAUSE, actor=actor)
        case.facts |= {"pause": row.pk, "waits_for": waits_for, "reason": reason, "until_on": until_on.isoformat()}
        case.facts |= {"to": case.owner_id} | ({"evidence": str(evidence)} if evidence else {})
        history.move_clocks(case, pausing.pause(clocks, now, until_on))
    return case


def resume(complaint: Complaint, *, actor: User, version: int | None = None) -> Complaint:
    """Let the clocks run again before the day that was planned; their dates come back accordingly."""
    with moving(complaint, Verb.RESUME, actor=actor, version=version) as case:
        case.facts |= {"to": case.owner_id}
        if not end_pause(case, actor, Verb.RESUME):  # pragma: no cover - the door asks the clocks first
            raise WrongStatus(_("The clocks are not paused."))
    return case


def end_pause(case: Complaint, actor: User, verb: Verb) -> bool:
    """End the pause in force, if there is one, and say whether there was. Only while the door is open."""
    now = timezone.now()
    moved = pausing.resume(list(Clock.objects.running_on(case.pk)), now)
    if not moved:
        return False
    row = case.pauses.filter(ended_at=None).latest("paused_at")
    row.ended_at = now
    keep(row, verb, actor=actor)
    case.facts |= {"pause": row.pk}
    history.move_clocks(case, moved)
    return True


def _check_end(until_on: date, last: date, now: datetime) -> None:
    """Raises `Invalid` under `until_on` when the pause would end before tomorrow, or after the last day allowed."""
    if not timezone.localdate(now) < until_on <= last:
        said = _("Choose a day from tomorrow to %(last)s: the policy allows no longer pause.") % {"last": last}
        raise Invalid(_("Please check the marked fields."), {"until_on": [said]})
