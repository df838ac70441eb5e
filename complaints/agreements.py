"""Agreed with the customer: by when they hear from us (R15, R48, R102)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from complaints import history
from complaints.history import moving
from complaints.matters import matter_of
from complaints.models import Complaint, Message
from complaints.models.limits import REASON, fitting
from complaints.states import Verb
from sla import clocks, wording
from sla.targets import Target

YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Agreed:
    """A reply time: the moment, how it was agreed on, and what was said of it (why it takes so long, R177)."""

    reply_at: datetime
    means: str
    text: str


def promise(complaint: Complaint, agreed: Agreed, *, actor: User, version: int | None = None) -> Complaint:
    """Record the reply time agreed with the customer; its clock runs to that very moment, until they are next told.

    An agreement replaces the one before, whose clock ends: kept, if its moment has not passed. It loosens no limit: what lies
    beyond the date that law or policy allow at most is refused with that date. Raises `Invalid`.
    """
    text = fitting("text", agreed.text, REASON, missing=_("Write down what was agreed, and why it takes so long."))
    with moving(complaint, Verb.PROMISE, actor=actor, version=version) as case:
        now = timezone.now()
        if problem := _problem(case, agreed.reply_at, now):
            raise Invalid(_("Please check the marked fields."), {"reply_at": [problem]})
        if agreed.means not in Message.Means.values or agreed.means == Message.Means.NO_CONTACT:
            raise Invalid(_("Please check the marked fields."), {"means": [_("Choose how it was agreed on.")]})
        promised = clocks.agreed(now, agreed.reply_at, lambda: matter_of(case), case.registered_unit_id)
        if not promised:
            raise clocks.NoPolicy(_("No deadline policy in force knows reply times agreed with customers."))
        case.facts |= {"reply_at": agreed.reply_at.isoformat(), "means": agreed.means, "text": text}
        history.stop_clocks(case, at=now, targets=[Target.PROMISE])
        history.start_clocks(case, promised)
    return case


def _problem(case: Complaint, reply_at: datetime, now: datetime) -> str:
    if reply_at <= now:
        return _("A reply can only be agreed for a later time.")
    latest = clocks.latest_reply(case.pk)
    if latest and reply_at > latest.due_at:
        return _("%(target)s allows %(when)s at the latest: agree on a time before that.") % {
            "target": str(latest.get_target_display()).capitalize(),
            "when": wording.due_words(latest.due_at, now),
        }
    if reply_at - now > YEAR:
        return _("A reply can be agreed for a year ahead at most.")
    return ""
