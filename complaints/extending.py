"""More time, as a decision: asked for before the deadline, decided by another, in force once the customer knows (R32, R33).

Maker and checker (R84): whoever asks never decides. Nothing moves with the approval; the date moves with the notice to the
customer, and the date first promised stays beside it. What has not come into force by the deadline lapses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotAllowed, WrongStatus
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.scope import access_of
from complaints import history
from complaints.correspondence import SAID, Said
from complaints.history import keep, moving
from complaints.models import Complaint, Extension, Message
from complaints.models.limits import REASON, fitting
from complaints.scope import roles_on
from complaints.states import Stage, Verb
from sla import extending, sentences, wording
from sla.calendar import Allowance, Unit, Unreckonable
from sla.models import Clock, Term
from sla.targets import Stop


@dataclass(frozen=True)
class Wish:
    """What is asked for: the allowance a clock should have from its start, in the unit of its rule, and why."""

    target: str
    amount: int
    reason_code: str
    reason: str


def ask_extension(complaint: Complaint, wish: Wish, *, actor: User, version: int | None = None) -> Complaint:
    """Ask for more time before the deadline. Raises `Invalid` with errors by field; nothing moves yet."""
    reason = fitting("reason", wish.reason, REASON, missing=_("Say why, and what will be done by then."))
    with moving(complaint, Verb.ASK_EXTENSION, actor=actor, version=version) as case:
        now = timezone.now()
        clock = extending.extendable(case.pk, now).filter(target=wish.target).first()
        if clock is None:
            raise _refused("target", _not_extendable(case, wish.target, now))
        longer = _longer(clock, wish.amount)
        asked = Extension(
            complaint=case,
            clock=clock,
            amount=wish.amount,
            amount_before=clock.amount,
            unit=clock.unit,
            due_at_before=clock.due_at,
            due_at=longer.due_at,
            due_on=longer.due_on,
            reason_code=wish.reason_code,
            reason=reason,
            asked_by=actor,
            asked_at=now,
        )
        keep(asked, Verb.ASK_EXTENSION, actor=actor)
        case.extension = Stage.ASKED
        case.facts |= _told(asked, clock) | {"reason": reason, "to": deciders(case, clock.term, wish.amount, but=actor)}
    return case


def recall_extension(complaint: Complaint, *, actor: User, version: int | None = None) -> Complaint:
    """Take a request back that nobody has decided yet."""
    with moving(complaint, Verb.RECALL_EXTENSION, actor=actor, version=version) as case:
        asked = waiting(case)
        _answer(case, asked, Extension.Answer.RECALLED, "", actor, Verb.RECALL_EXTENSION)
        case.facts |= _told(asked, asked.clock)
    return case


def approve_extension(complaint: Complaint, reason: str = "", *, actor: User, version: int | None = None) -> Complaint:
    """Grant it, within one's limit. The date stays where it is until the customer has been told."""
    reason = fitting("reason", reason, REASON)
    with moving(complaint, Verb.APPROVE_EXTENSION, actor=actor, version=version) as case:
        asked = _to_decide(case, actor)
        if problem := beyond_limit(case, asked, actor):
            raise NotAllowed(problem)
        if asked.clock.is_overdue(timezone.now()):
            raise WrongStatus(_("The deadline has passed; the request has lapsed."))
        _answer(case, asked, Extension.Answer.APPROVED, reason, actor, Verb.APPROVE_EXTENSION)
        case.extension = Stage.APPROVED
        given = {
            "due_on": extending.longer(asked.clock, asked.amount).due_on.isoformat()
        }  # it may have been paused since
        case.facts |= _told(asked, asked.clock) | given | {"to": asked.asked_by_id, "reason": reason}
    return case


def decline_extension(complaint: Complaint, reason: str, *, actor: User, version: int | None = None) -> Complaint:
    """Refuse it with a reason: the date stays. It may be asked for again."""
    reason = fitting("reason", reason, REASON, missing=_("Say why it is declined."))
    with moving(complaint, Verb.DECLINE_EXTENSION, actor=actor, version=version) as case:
        asked = _to_decide(case, actor)
        _answer(case, asked, Extension.Answer.DECLINED, reason, actor, Verb.DECLINE_EXTENSION)
        case.facts |= _told(asked, asked.clock) | {"to": asked.asked_by_id, "reason": reason}
    return case


def extend(complaint: Complaint, said: Said, *, actor: User, version: int | None = None) -> Complaint:
    """The customer has been told the new date and the reason: now the date moves. Raises `Invalid` with errors by field."""
    with moving(complaint, Verb.EXTEND, actor=actor, version=version) as case:
        asked, now = waiting(case), timezone.now()
        clock = asked.clock
        if clock.stopped_at is not None or clock.is_overdue(now):
            raise WrongStatus(_("The deadline has passed; the request has lapsed."))
        problems = said.problems(case, now)
        if said.delivery not in SAID:
            problems["delivery"] = [_("It takes effect once the customer has been told. Record the attempt instead.")]
        approved_at = asked.answered_at or now
        if "at" not in problems and (said.at or now) < approved_at.replace(second=0, microsecond=0):
            problems["at"] = [_("The customer cannot have been told before it was approved.")]
        if problems:
            raise Invalid(_("Please check the marked fields."), problems)
        message = said.message(case, actor, now, Message.Purpose.EXTENSION)
        keep(message, Verb.EXTEND, actor=actor)
        moved = extending.extend(clock, asked.amount)
        asked.message, asked.in_force_at, asked.due_at, asked.due_on = message, now, clock.due_at, clock.due_on
        keep(asked, Verb.EXTEND, actor=actor)
        case.extension = ""
        case.contacted_at = max(case.contacted_at or message.at, message.at)
        case.facts |= _told(asked, clock) | {"message": message.pk, "means": message.means}
        history.stop_clocks(case, Stop.INFORMED, at=message.at)
        history.move_clocks(case, [moved])
    return case


def lapse_extension(case: Complaint, actor: User) -> None:
    """What is not in force when the case ends, or its deadline passes, lapses. Only while the door is open."""
    if case.extension:
        lapse_extensions([case], actor)


def lapse_extensions(cases: Iterable[Complaint], actor: User, clock_ids: Iterable[int] | None = None) -> None:
    """The same for many cases, or only for what waits on these clocks. One query, and one a request that lapses."""
    of_case = {case.pk: case for case in cases if case.extension}
    if not of_case:
        return
    waits = Extension.objects.filter(_waits(), complaint__in=of_case)
    for asked in waits if clock_ids is None else waits.filter(clock__in=list(clock_ids)):
        case = of_case[asked.complaint_id]
        if asked.answer:
            asked.lapsed_at = timezone.now()
        else:
            asked.answer, asked.answered_by, asked.answered_at = Extension.Answer.LAPSED, actor, timezone.now()
        keep(asked, Verb.EXTEND, actor=actor)
        case.extension = ""
        case.facts["extension_lapsed"] = asked.pk


def waiting(case: Complaint) -> Extension:
    """The request that waits for its decision, or for the customer to be told."""
    return case.extensions.filter(_waits()).select_related("clock__term", "clock__calendar_version").get()


def deciders(case: Complaint, term: Term, amount: int, *, but: User) -> list[int]:
    """Who may decide so much: the nearest supervisors where they may, else those who keep compliance."""
    roles = [Role.COMPLIANCE]
    if term.supervisor_extends_to and amount <= term.supervisor_extends_to:
        roles.insert(0, Role.SUPERVISOR)
    barred = {but.pk, case.owner_id, case.staff_complained_about_id}
    for role in roles:
        held = Membership.objects.with_role_over(role, case.owner_unit).values_list("unit_id", "user_id")
        nearest = [(unit, person) for unit, person in held if person not in barred]
        if nearest:
            return [person for unit, person in nearest if unit == nearest[0][0]]
    return []


def beyond_limit(case: Complaint, asked: Extension, actor: User) -> str:
    """Why `actor` may not grant so much, or nothing."""
    if actor.pk == asked.asked_by_id:
        return _("Whoever asks for an extension does not decide it.")
    roles, limit = roles_on(access_of(actor), case), asked.clock.term.supervisor_extends_to or 0
    if Role.COMPLIANCE in roles or (Role.SUPERVISOR in roles and asked.amount <= limit):
        return ""
    if not limit:
        return _("Compliance decides extensions of this deadline.")
    words = sentences.allowance(Allowance(limit, Unit(asked.unit)))
    return _("A supervisor extends this deadline to %(limit)s at most; compliance decides beyond that.") % {
        "limit": words
    }


def _waits() -> Q:
    return Q(answer="") | Q(answer=Extension.Answer.APPROVED, in_force_at=None, lapsed_at=None)


def _to_decide(case: Complaint, actor: User) -> Extension:
    asked = waiting(case)
    if actor.pk == asked.asked_by_id:
        raise NotAllowed(_("Whoever asks for an extension does not decide it."))
    return asked


def _answer(case: Complaint, asked: Extension, answer: str, reason: str, actor: User, verb: Verb) -> None:
    asked.answer, asked.answer_reason, asked.answered_by, asked.answered_at = answer, reason, actor, timezone.now()
    keep(asked, verb, actor=actor)
    case.extension = ""


def _told(asked: Extension, clock: Clock) -> dict[str, Any]:
    return {
        "extension": asked.pk,
        "target": clock.target,
        "amount": asked.amount,
        "unit": asked.unit,
        "due_on": asked.due_on.isoformat(),
    }


def _longer(clock: Clock, amount: int) -> extending.Longer:
    """What so much would give. Raises `Invalid` when it is not more than now, or beyond the longest."""
    most, unit = clock.term.extendable_to or 0, Unit(clock.unit)
    words = {
        "now": sentences.allowance(clock.allowance),
        "most": sentences.allowance(Allowance(most, unit)),
        "last": wording.day_words(extending.longer(clock, most).due_on, timezone.localdate()),
    }
    if not clock.amount < amount <= most:
        raise _refused(
            "amount",
            _("More than the %(now)s it has, and %(most)s from its start at most: until %(last)s.") % words,
        )
    try:
        return extending.longer(clock, amount)
    except Unreckonable as error:
        raise _refused("amount", sentences.refusal(error)) from error


def _not_extendable(case: Complaint, target: str, now: datetime) -> str:
    """Why no clock of this target can be extended."""
    clock = case.clocks.running().filter(target=target).select_related("term").first()
    if clock is None:
        return _("No such clock runs on this complaint.")
    if clock.is_overdue(now):
        return _("The deadline has passed. More time can only be asked for before it.")
    if clock.term.extendable_to is None:
        return _("This deadline cannot be extended.")
    return _("This deadline is at its longest already.")


def _refused(field: str, problem: str) -> Invalid:
    return Invalid(_("Please check the marked fields."), {field: [problem]})
