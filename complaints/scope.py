"""Whose deed is it: the rows of `MOVES` applied to one person and one case. Buttons and the door ask the same question."""

from collections.abc import Iterable
from enum import Enum

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed, Refusal, WrongStatus
from accounts.models import User
from accounts.roles import REACH_BELOW, REACH_UNIT, STAFF, Role
from accounts.scope import Access, Post, access_of
from complaints.models import Complaint
from complaints.states import DEEDS, MOVES, Part, Stage, Verb
from sla.models import Clock


def roles_on(access: Access, case: Complaint) -> frozenset[Role]:
    """The roles that count on this case: those held over its units, and a handler's for those it belongs to.

    Whoever it was offered to, or first heard it, brings no supervision of other units with them.
    """
    if Role.SYSTEM in access.whole:
        return access.whole
    near = (case.owner_unit_id, case.registered_unit_id)
    is_theirs = access.user_id in {case.owner_id, case.first_responder_id, case.offered_to_id}
    theirs = frozenset({Role.HANDLER}) if is_theirs and access.roles & STAFF else frozenset()
    return theirs | frozenset(
        role
        for role in access.roles
        if (role in REACH_UNIT and access.reaches(role, *near))
        or (role in REACH_BELOW and access.reaches(role, *near, case.unit_id))
    )


def _has_part(part: Part, user_id: int, roles: frozenset[Role], case: Complaint) -> bool:
    match part:
        case Part.ANYONE:
            return True
        case Part.OWNER:
            return user_id == case.owner_id
        case Part.NOT_OWNER:
            return user_id != case.owner_id
        case Part.KEEPER:
            return user_id in {case.owner_id, case.first_responder_id}
        case Part.OFFEREE:
            return user_id == case.offered_to_id
        case Part.OVERSEER:
            return user_id == case.owner_id or Role.SUPERVISOR in roles


class Hindrance(Enum):
    """What stands against a deed."""

    ROLE = "not among the deeds of these roles"
    NO_OFFER = "needs an offer that waits"
    PART = "another person's deed"
    STATUS = "not in this status"
    STAGE = "the extension has not come so far"
    OFFERED = "an offer waits"
    PAUSED = "a pause is in force"
    NOT_PAUSED = "no pause is in force"
    NOT_PAUSABLE = "no clock may be paused"


def _against(user_id: int, roles: frozenset[Role], case: Complaint, verb: Verb) -> Hindrance | None:
    """By role first, then by status."""
    move = MOVES[verb]
    if not roles & move.roles:
        return Hindrance.ROLE
    if move.offer is True and case.offered_to_id is None:
        return Hindrance.NO_OFFER
    if not _has_part(move.part, user_id, roles, case):
        return Hindrance.PART
    if case.status not in move.path:
        return Hindrance.STATUS
    if move.offer is False and case.offered_to_id is not None:
        return Hindrance.OFFERED
    if move.stage is not None and case.extension != move.stage:
        return Hindrance.STAGE
    return None if move.pause is None else _against_pause(case, wanted=move.pause)


def _against_pause(case: Complaint, *, wanted: bool) -> Hindrance | None:
    """What the clocks say: those that the complaint was read with, or else one query."""
    now = timezone.now()
    clocks: Iterable[Clock] | None = vars(case).get("started")
    if clocks is None:
        is_read = "clocks" in getattr(case, "_prefetched_objects_cache", {})
        clocks = case.clocks.all() if is_read else case.clocks.running().select_related("term")
    if any(clock.paused(now) for clock in clocks):
        return None if wanted else Hindrance.PAUSED
    if wanted:
        return Hindrance.NOT_PAUSED
    return None if any(clock.pausable_until(now) for clock in clocks) else Hindrance.NOT_PAUSABLE


def refusal(actor: User, case: Complaint, verb: Verb) -> Refusal | None:
    """Why `actor` may not do `verb` to `case` now, or None when they may. By role first, then by status."""
    match _against(actor.pk, roles_on(access_of(actor), case), case, verb):
        case None:
            return None
        case Hindrance.ROLE:
            return NotAllowed(_("Your roles do not include this: %(verb)s.") % {"verb": verb.label})
        case Hindrance.PART:
            who = part_label(MOVES[verb].part)
            return NotAllowed(_("Only %(who)s may do this: %(verb)s.") % {"who": who, "verb": verb.label})
        case Hindrance.STATUS:
            return WrongStatus(
                _("Not possible now: %(verb)s. The complaint is %(status)s. %(hint)s")
                % {"verb": verb.label, "status": case.get_status_display(), "hint": _waits_for(verb)}
            )
        case Hindrance.STAGE:
            return WrongStatus(_at_stage(case))
        case hindrance:
            return WrongStatus(_not_now(hindrance))


def _not_now(hindrance: Hindrance) -> str:
    """What stands against a deed beside the status, in words."""
    return {
        Hindrance.NO_OFFER: _("There is no handover waiting for an answer."),
        Hindrance.OFFERED: _("A handover is already waiting for an answer. Take it back first."),
        Hindrance.PAUSED: _("The clocks are paused already. Let them run again first."),
        Hindrance.NOT_PAUSED: _("The clocks are not paused."),
        Hindrance.NOT_PAUSABLE: _(
            "No clock of this case may be paused: its policy does not allow it, or it is overdue."
        ),
    }[hindrance]


def _waits_for(verb: Verb) -> str:
    if verb is Verb.RESOLVE:
        return _("Record the findings first.")
    if verb is Verb.CLOSE:
        return _("Submit the outcome first.")
    return _("Open the case again to see what is possible.")


def _at_stage(case: Complaint) -> str:
    match case.extension:
        case Stage.ASKED:
            return _("An extension is asked for and waits for its decision.")
        case Stage.APPROVED:
            return _("An extension is approved. It takes effect once the customer has been told.")
        case _:
            return _("No extension waits here.")


def part_label(part: Part) -> str:
    return {
        Part.ANYONE: _("anyone in scope"),
        Part.OWNER: _("the owner"),
        Part.NOT_OWNER: _("somebody other than the owner"),
        Part.KEEPER: _("the owner or the first responder"),
        Part.OFFEREE: _("the person it was offered to"),
        Part.OVERSEER: _("the owner or a supervisor"),
    }[part]


def verbs_for(actor: User, case: Complaint) -> list[Verb]:
    """The deeds open to `actor` on `case` now, in the order of the table."""
    roles = roles_on(access_of(actor), case)
    return [verb for verb in DEEDS if _against(actor.pk, roles, case, verb) is None]


def post_for(
    actor: User, roles: frozenset[Role] = STAFF, unit_id: int | None = None, near: tuple[int, ...] = ()
) -> Post:
    """The post in which `actor` acts: in `unit_id` when given, else in one of the units `near`, else the first."""
    fitting = [post for post in access_of(actor).posts if post.role in roles and unit_id in (None, post.unit_id)]
    for post in [*(post for post in fitting if post.unit_id in near), *fitting]:
        return post
    raise NotAllowed(_("You hold no role in which complaints are handled. Ask an administrator to add you to a unit."))
