"""What to do next on a case, and which deeds are open to the reader. The door asks the same `refusal`. No queries here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import NotAllowed, Refusal
from accounts.models import User
from accounts.roles import STAFF
from accounts.scope import access_of
from complaints.models import Complaint
from complaints.scope import refusal, roles_on
from complaints.states import DEEDS, IN_HAND, Status, Verb
from sla.targets import Target

# Icon and key of each deed; the keys are those of the list that ? shows.
FACES: Mapping[Verb, tuple[str, str]] = {
    Verb.RESPOND: ("message-share", "r"),
    Verb.PROMISE: ("calendar-check", ""),
    Verb.TAKE: ("user-check", ""),
    Verb.HAND_OVER: ("arrows-right-left", "h"),
    Verb.ACCEPT: ("check", ""),
    Verb.DECLINE: ("arrow-back-up", ""),
    Verb.RECALL: ("arrow-back-up", ""),
    Verb.ASSIGN: ("user-share", "a"),
    Verb.REMIND: ("bell-ringing", "d"),
    Verb.NOTE: ("lock", ""),
    Verb.ATTACH: ("file-plus", "e"),
    Verb.INVESTIGATE: ("zoom-check", "i"),
    Verb.RESOLVE: ("checks", ""),
    Verb.CLOSE: ("archive", ""),
    Verb.CALL_BACK: ("phone-outgoing", ""),
    Verb.REOPEN: ("rotate", ""),
    Verb.WITHDRAW: ("arrow-back-up", ""),
    Verb.REVEAL: ("eye", ""),
    Verb.ASK_EXTENSION: ("calendar-plus", ""),
    Verb.RECALL_EXTENSION: ("arrow-back-up", ""),
    Verb.APPROVE_EXTENSION: ("calendar-check", ""),
    Verb.DECLINE_EXTENSION: ("calendar-x", ""),
    Verb.EXTEND: ("calendar-plus", ""),
    Verb.PAUSE: ("player-pause", ""),
    Verb.RESUME: ("player-play", ""),
}
# In the order in which a case needs them. Revealing has its own links beside each field, noting its own place to write.
ORDER = (
    Verb.ACCEPT,
    Verb.DECLINE,
    Verb.EXTEND,
    Verb.APPROVE_EXTENSION,
    Verb.DECLINE_EXTENSION,
    Verb.RESPOND,
    Verb.INVESTIGATE,
    Verb.RESOLVE,
    Verb.CLOSE,
    Verb.CALL_BACK,
    Verb.ATTACH,
    Verb.HAND_OVER,
    Verb.PROMISE,
    Verb.RECALL,
    Verb.ASK_EXTENSION,
    Verb.RECALL_EXTENSION,
    Verb.REMIND,
    Verb.ASSIGN,
    Verb.TAKE,
    Verb.RESUME,
    Verb.PAUSE,
    Verb.REOPEN,
    Verb.WITHDRAW,
)
RARE = frozenset({Verb.PAUSE, Verb.REOPEN, Verb.WITHDRAW, Verb.ASK_EXTENSION, Verb.RECALL_EXTENSION})
SHOWN = 4  # buttons beside the solid one; the others are one click further
# Steps of the procedure that wait for something: whoever handles the case is told for what.
STEPS = (Verb.RESOLVE, Verb.CLOSE, Verb.HAND_OVER)
NEXT: Mapping[str, Verb] = {
    Status.REGISTERED: Verb.RESPOND,
    Status.RESPONDED: Verb.INVESTIGATE,
    Status.REOPENED: Verb.INVESTIGATE,
    Status.INVESTIGATING: Verb.RESOLVE,
    Status.RESOLVED: Verb.CLOSE,
}
TASKS: Mapping[Verb, Any] = {
    Verb.RESPOND: gettext_lazy("tell the customer that we have the complaint, and what happens next"),
    Verb.INVESTIGATE: gettext_lazy("establish the facts and record the findings"),
    Verb.RESOLVE: gettext_lazy("tell the customer the outcome"),
    Verb.CLOSE: gettext_lazy("check the record and close the case"),
    Verb.ACCEPT: gettext_lazy("accept the handover, or decline it"),
}
# Clocks that wait for another deed than the next step of the procedure do not date that step.
TASK_OF: Mapping[str, Verb | None] = {
    Target.DISPATCH: None,
    Target.HANDOVER_ACCEPTANCE: Verb.ACCEPT,
    Target.PROGRESS: Verb.RESPOND,
    Target.PROMISE: Verb.RESPOND,
    Target.CALL_BACK: None,
    Target.REGULATOR_ACCEPTANCE: Verb.INVESTIGATE,
    Target.AUDIT_REPORT: Verb.INVESTIGATE,
}


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: where it leads, its words, icon and key; `reason` says why it cannot be pressed now."""

    verb: Verb
    url: str
    label: str
    icon: str
    key: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Guidance:
    """The next step of a case as one person sees it.

    `task` says what is to be done, by `due_at` where a clock runs; `waits_for` is the person whose turn it is when it is
    not the reader's. `first` is the one solid button, `shown` and `more` the other deeds that are open, `waiting` the
    steps that are not open yet, with their reasons; `may` holds every deed that is open.
    """

    task: str
    due_at: datetime | None
    is_overdue: bool
    waits_for: User | None
    first: Deed | None
    shown: list[Deed]
    more: list[Deed]
    waiting: list[Deed]
    may: frozenset[Verb]
    reads_only: bool


def guidance(case: Complaint, reader: User, now: datetime) -> Guidance:
    """What `reader` may and should do with `case` now."""
    refusals: dict[Verb, Refusal | None] = {verb: refusal(reader, case, verb) for verb in DEEDS}
    may = frozenset(verb for verb, refused in refusals.items() if refused is None)
    procedure = NEXT.get(case.status)
    step = Verb.ACCEPT if case.offered_to_id == reader.pk else procedure
    first = step if step in may else None
    due_at = case.due_at if step and TASK_OF.get(case.due_target, procedure) is step else None
    others = [_deed(case, verb) for verb in ORDER if verb in may and verb is not first]
    usual = [deed for deed in others if deed.verb not in RARE][:SHOWN]
    reads_only = not roles_on(access_of(reader), case) & STAFF
    waiting = STEPS if case.status in IN_HAND and not reads_only else ()
    return Guidance(
        task=str(TASKS[step]) if step else "",
        due_at=due_at,
        is_overdue=due_at is not None and due_at <= now,
        waits_for=case.owner if step and not first else None,
        first=_deed(case, first) if first else None,
        shown=usual,
        more=[deed for deed in others if deed not in usual],
        waiting=[_deed(case, verb, refusals[verb]) for verb in waiting if _waits(refusals[verb])],
        may=may,
        reads_only=reads_only,
    )


def _waits(refused: Refusal | None) -> bool:
    """Not now, rather than not this person's: that is worth a word."""
    return refused is not None and not isinstance(refused, NotAllowed)


def _deed(case: Complaint, verb: Verb, refused: Refusal | None = None) -> Deed:
    icon, key = FACES[verb]
    url = reverse(f"complaints:{verb}", args=[case.reference])
    label = _label(case, verb)
    reason = str(refused.message) if refused else ""
    if reason and verb is Verb.HAND_OVER:  # this refusal speaks of the offer that waits, not of the deed
        reason = _("%(verb)s: %(why)s") % {"verb": label, "why": reason}
    return Deed(verb, url, label, icon, key, reason)


def _label(case: Complaint, verb: Verb) -> str:
    if verb is Verb.RESPOND and case.responded_at is not None:
        return _("Tell the customer of progress")
    return str(verb.label)
