"""Who answers for the case: an offer changes nothing until it is accepted (R37, R49).

There is always an owner, but people leave: the open cases of those who have stand in the overdue queue (`orphaned`) until a
supervisor assigns them.
"""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotAllowed, Refusal
from accounts.models import Membership, MembershipQuerySet, User
from accounts.roles import STAFF, Role
from accounts.scope import access_of
from complaints import history
from complaints.history import keep, moving
from complaints.models import Complaint, Handover
from complaints.models.limits import REASON, fitting
from complaints.scope import post_for
from complaints.states import Verb


class AlreadyDone(Refusal):
    """Another worker recorded this first. Nothing is wrong; nothing was written."""

    status = 409
    code = "already_done"


def candidates(complaint: Complaint, verb: Verb, *, actor: User) -> MembershipQuerySet:
    """Memberships of people who could own the case: staff in force, never the staff complained about or the owner.

    A case may be offered to anybody, who may decline; it is assigned only within what the supervisor supervises.
    """
    posts = assignable(actor) if verb is Verb.ASSIGN else _posts()
    return posts.exclude(Q(user=complaint.owner_id) | Q(user=complaint.staff_complained_about_id or 0))


def assignable(actor: User) -> MembershipQuerySet:
    """Memberships that `actor` may assign cases to: of staff in the units that `actor` supervises."""
    access = access_of(actor)
    if Role.SUPERVISOR in access.whole:
        return _posts()
    return _posts().filter(unit__in=access.units_of(frozenset({Role.SUPERVISOR})))


def _posts() -> MembershipQuerySet:
    posts = Membership.objects.in_force().filter(role__in=STAFF).select_related("user", "unit")
    return posts.order_by("unit__path", "user__name", "user_id")


def take(complaint: Complaint, *, actor: User, version: int | None = None) -> Complaint:
    """Become the owner oneself: to take is to accept, so nobody is passed the case unasked.

    Raises `Stale`, even without a `version`, when the owner is no longer the one of `complaint` as it was read: of many
    who take a case from the same owner one gets it, and nobody takes it from a colleague unawares.
    """
    with moving(complaint, Verb.TAKE, actor=actor, version=version) as case:
        if case.owner_id != complaint.owner_id:
            raise history.stale(case)
        case.facts |= {"from": case.owner_id, "to": actor.pk}
        near = (case.owner_unit_id, case.registered_unit_id)
        _own(case, actor, post_for(actor, near=near).unit_id, actor)
    return case


def hand_over(
    complaint: Complaint, to: User, reason: str, *, actor: User, unit_id: int | None = None, version: int | None = None
) -> Complaint:
    """Offer the case to `to`. Until they accept, the offerer stays the owner and answers for every deadline."""
    reason = fitting("reason", reason, REASON, missing=_("Say why, and what was done so far."))
    with moving(complaint, Verb.HAND_OVER, actor=actor, version=version) as case:
        post_unit = _fit_to_own(case, to, unit_id)
        offer = Handover(
            complaint=case,
            offered_by=actor,
            offered_to=to,
            unit_id=post_unit,
            reason=reason,
            offered_at=timezone.now(),
        )
        keep(offer, Verb.HAND_OVER, actor=actor)
        case.offered_to = to
        case.facts |= {"to": to.pk, "handover": offer.pk, "reason": offer.reason}
    return case


def accept(complaint: Complaint, *, actor: User, version: int | None = None) -> Complaint:
    """Accept the offer: from this moment the acceptor is the owner; the first responder stays who they were."""
    with moving(complaint, Verb.ACCEPT, actor=actor, version=version) as case:
        offer = _answer(case, Verb.ACCEPT, Handover.Answer.ACCEPTED, "", actor)
        case.facts |= {"from": case.owner_id, "to": actor.pk, "handover": offer.pk}
        _own(case, actor, _unit_to_accept_in(case, offer, actor), actor)
    return case


def decline(complaint: Complaint, reason: str, *, actor: User, version: int | None = None) -> Complaint:
    """Give the offer back with a reason; the offerer has stayed the owner all along."""
    reason = fitting("reason", reason, REASON, missing=_("Say why you cannot take it."))
    with moving(complaint, Verb.DECLINE, actor=actor, version=version) as case:
        offer = _answer(case, Verb.DECLINE, Handover.Answer.DECLINED, reason, actor)
        case.facts |= {"to": case.owner_id, "handover": offer.pk, "reason": offer.answer_reason}
    return case


def recall(complaint: Complaint, *, actor: User, version: int | None = None) -> Complaint:
    """Take an unanswered offer back."""
    with moving(complaint, Verb.RECALL, actor=actor, version=version) as case:
        to = case.offered_to_id
        offer = _answer(case, Verb.RECALL, Handover.Answer.RECALLED, "", actor)
        case.facts |= {"to": to, "handover": offer.pk}
    return case


def assign(
    complaint: Complaint,
    to: User,
    *,
    actor: User,
    reason: str = "",
    unit_id: int | None = None,
    version: int | None = None,
) -> Complaint:
    """A supervisor makes `to` the owner at once. Never the staff complained about."""
    reason = fitting("reason", reason, REASON)
    with moving(complaint, Verb.ASSIGN, actor=actor, version=version) as case:
        post_unit = _fit_to_own(case, to, unit_id)
        if not assignable(actor).filter(user=to, unit=post_unit).exists():
            raise Invalid(
                _("Please check the marked fields."), {"to": [_("Assign within your own units, or offer a handover.")]}
            )
        case.facts |= {"from": case.owner_id, "to": to.pk, "reason": reason}
        _own(case, to, post_unit, actor)
    return case


def remind(complaint: Complaint, text: str = "", *, actor: User) -> Complaint:
    """Remind the owner; the reminder stands in the case history."""
    text = fitting("text", text, REASON)
    with moving(complaint, Verb.REMIND, actor=actor) as case:
        case.facts |= {"to": case.owner_id, "text": text}
    return case


def lapse_offer(case: Complaint, actor: User) -> None:
    """An offer still open when the case moves on ends unanswered. Only while the door is open."""
    if case.offered_to_id is not None:
        case.facts["lapsed"] = case.offered_to_id
        _answer(case, Verb.RECALL, Handover.Answer.LAPSED, "", actor)


def _own(case: Complaint, person: User, unit_id: int, actor: User) -> None:
    lapse_offer(case, actor)
    case.owner, case.owner_unit_id, case.owned_since = person, unit_id, timezone.now()


def _answer(case: Complaint, verb: Verb, answer: str, reason: str, actor: User) -> Handover:
    offer = case.handovers.get(answer="")
    offer.answer, offer.answered_at, offer.answer_reason = answer, timezone.now(), reason
    keep(offer, verb, actor=actor)
    case.offered_to = None
    return offer


def _unit_to_accept_in(case: Complaint, offer: Handover, actor: User) -> int:
    """The unit of the offer, while the acceptor still handles complaints there; else where they do now.

    Raises `NotAllowed` when they do nowhere.
    """
    held = {post.unit_id for post in access_of(actor).posts if post.role in STAFF}
    near = (offer.unit_id,) if offer.unit_id in held else (case.owner_unit_id, case.registered_unit_id)
    return post_for(actor, near=near).unit_id


def _fit_to_own(case: Complaint, person: User, unit_id: int | None) -> int:
    """The unit in which `person` would own the case. Raises when they may not."""
    if person.pk == case.staff_complained_about_id:
        raise NotAllowed(_("The complaint is about this person; they cannot handle it."))
    if person.pk == case.owner_id:
        raise Invalid(_("Please check the marked fields."), {"to": [_("This person is the owner already.")]})
    try:
        return post_for(person, unit_id=unit_id).unit_id
    except NotAllowed:
        raise Invalid(
            _("Please check the marked fields."), {"to": [_("This person handles no complaints in that unit today.")]}
        ) from None
