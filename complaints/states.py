"""The table of a complaint's life: which deed starts where, ends where, and whose it is. No queries here.

Buttons, permissions, API actions, addresses, the diagram in the docs and the tests are all read from `MOVES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import OVERSIGHT, STAFF, Role


class Status(TextChoices):
    """Where a complaint stands."""

    REGISTERED = "registered", _("registered")
    RESPONDED = "responded", _("responded")
    INVESTIGATING = "investigating", _("investigating")
    REOPENED = "reopened", _("reopened")
    RESOLVED = "resolved", _("resolved")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


# Work is still to be done for the customer.
IN_HAND = frozenset({Status.REGISTERED, Status.RESPONDED, Status.INVESTIGATING, Status.REOPENED})
# Somebody still owes the next step; a resolved case waits for its closing.
OPEN = IN_HAND | {Status.RESOLVED}
ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN})


class Stage(TextChoices):
    """How far an extension has come that is not in force yet. Empty: none waits."""

    ASKED = "asked", _("asked for")
    APPROVED = "approved", _("approved; the customer is to be told")


class Verb(TextChoices):
    """A deed. The same word is the function, the address, the permission, the event and the test file."""

    REGISTER = "register", pgettext_lazy("verb", "Register")
    RESPOND = "respond", pgettext_lazy("verb", "Tell the customer")
    PROMISE = "promise", pgettext_lazy("verb", "Agree on a reply time")
    TAKE = "take", pgettext_lazy("verb", "Take over")
    HAND_OVER = "hand_over", pgettext_lazy("verb", "Offer handover")
    ACCEPT = "accept", pgettext_lazy("verb", "Accept")
    DECLINE = "decline", pgettext_lazy("verb", "Decline")
    RECALL = "recall", pgettext_lazy("verb", "Take the offer back")
    ASSIGN = "assign", pgettext_lazy("verb", "Assign")
    REMIND = "remind", pgettext_lazy("verb", "Remind the owner")
    NOTE = "note", pgettext_lazy("verb", "Internal note")
    ATTACH = "attach", pgettext_lazy("verb", "Add evidence")
    INVESTIGATE = "investigate", pgettext_lazy("verb", "Record the findings")
    RESOLVE = "resolve", pgettext_lazy("verb", "Submit the outcome")
    CLOSE = "close", pgettext_lazy("verb", "Close")
    CALL_BACK = "call_back", pgettext_lazy("verb", "Record a call-back")
    REOPEN = "reopen", pgettext_lazy("verb", "Reopen")
    WITHDRAW = "withdraw", pgettext_lazy("verb", "Record a withdrawal")
    REVEAL = "reveal", pgettext_lazy("verb", "Show in full")
    ASK_EXTENSION = "ask_extension", pgettext_lazy("verb", "Ask for an extension")
    RECALL_EXTENSION = "recall_extension", pgettext_lazy("verb", "Take the request for an extension back")
    APPROVE_EXTENSION = "approve_extension", pgettext_lazy("verb", "Approve the extension")
    DECLINE_EXTENSION = "decline_extension", pgettext_lazy("verb", "Decline the extension")
    EXTEND = "extend", pgettext_lazy("verb", "Tell the customer and extend")
    BREACH = "breach", pgettext_lazy("verb", "Record a breach")
    WARN = "warn", pgettext_lazy("verb", "Warn of a deadline")
    ESCALATE = "escalate", pgettext_lazy("verb", "Escalate")
    RECOMPUTE = "recompute", pgettext_lazy("verb", "Recompute deadlines")
    PAUSE = "pause", pgettext_lazy("verb", "Pause the clocks")
    RESUME = "resume", pgettext_lazy("verb", "Let the clocks run again")


class WaitsFor(TextChoices):
    """What a paused case waits for, in somebody else's hands."""

    CUSTOMER = "customer", _("material from the customer")
    APPRAISAL = "appraisal", _("an external appraisal or mediation")
    AUTHORITY = "authority", _("a court, the police or another authority")


class Part(Enum):
    """Beside the role: what the person must be to this very case."""

    ANYONE = "anyone in scope"
    OWNER = "the owner"
    NOT_OWNER = "anyone but the owner"
    KEEPER = "the owner or the first responder"
    OFFEREE = "the person it is offered to"
    OVERSEER = "the owner, or a supervisor"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: `path` maps each status the deed may start from to the one it leads to."""

    path: Mapping[Status, Status]
    roles: frozenset[Role]
    part: Part = Part.ANYONE
    offer: bool | None = None  # True: needs a pending offer; False: needs that there is none
    stage: Stage | Literal[""] | None = None  # what an extension must have come to; "": none may wait
    pause: bool | None = None  # True: needs a pause in force; False: needs a clock that may be paused, and no pause


def _stays(statuses: frozenset[Status]) -> dict[Status, Status]:
    return {status: status for status in sorted(statuses, key=list(Status).index)}


def _leads(statuses: frozenset[Status], target: Status) -> dict[Status, Status]:
    return dict.fromkeys(_stays(statuses), target)


ALL = frozenset(Status)
SYSTEM = frozenset({Role.SYSTEM})

MOVES: Mapping[Verb, Move] = {
    Verb.REGISTER: Move({}, STAFF),
    Verb.RESPOND: Move(_stays(IN_HAND) | {Status.REGISTERED: Status.RESPONDED}, STAFF, Part.KEEPER),
    Verb.PROMISE: Move(_stays(IN_HAND), STAFF, Part.KEEPER),
    Verb.TAKE: Move(_stays(IN_HAND), STAFF, Part.NOT_OWNER),
    Verb.HAND_OVER: Move(_stays(IN_HAND), STAFF, Part.OWNER, offer=False),
    Verb.ACCEPT: Move(_stays(IN_HAND), STAFF, Part.OFFEREE, offer=True),
    Verb.DECLINE: Move(_stays(IN_HAND), STAFF, Part.OFFEREE, offer=True),
    Verb.RECALL: Move(_stays(IN_HAND), STAFF, Part.OWNER, offer=True),
    Verb.ASSIGN: Move(_stays(IN_HAND), frozenset({Role.SUPERVISOR})),
    Verb.REMIND: Move(_stays(OPEN), OVERSIGHT),
    Verb.NOTE: Move(_stays(ALL), STAFF),
    Verb.ATTACH: Move(_stays(ALL), STAFF),
    Verb.INVESTIGATE: Move(_leads(IN_HAND, Status.INVESTIGATING), STAFF, Part.OWNER),
    Verb.RESOLVE: Move({Status.INVESTIGATING: Status.RESOLVED}, STAFF, Part.OWNER),
    Verb.CLOSE: Move({Status.RESOLVED: Status.CLOSED}, STAFF, Part.OVERSEER),
    Verb.CALL_BACK: Move(_stays(frozenset({Status.RESOLVED, Status.CLOSED})), STAFF),
    Verb.REOPEN: Move(_leads(frozenset({Status.RESOLVED, Status.CLOSED}), Status.REOPENED), STAFF),
    Verb.WITHDRAW: Move(_leads(IN_HAND, Status.WITHDRAWN), STAFF, Part.KEEPER),
    Verb.REVEAL: Move(_stays(ALL), STAFF),
    Verb.ASK_EXTENSION: Move(_stays(IN_HAND), STAFF, Part.OWNER, stage=""),
    Verb.RECALL_EXTENSION: Move(_stays(IN_HAND), STAFF, Part.OWNER, stage=Stage.ASKED),
    Verb.APPROVE_EXTENSION: Move(_stays(IN_HAND), OVERSIGHT, Part.NOT_OWNER, stage=Stage.ASKED),
    Verb.DECLINE_EXTENSION: Move(_stays(IN_HAND), OVERSIGHT, Part.NOT_OWNER, stage=Stage.ASKED),
    Verb.EXTEND: Move(_stays(IN_HAND), STAFF, Part.KEEPER, stage=Stage.APPROVED),
    Verb.BREACH: Move(_stays(ALL), SYSTEM),
    Verb.WARN: Move(_stays(ALL), SYSTEM),
    Verb.ESCALATE: Move(_stays(ALL), SYSTEM),
    Verb.RECOMPUTE: Move(_stays(ALL), SYSTEM),
    Verb.PAUSE: Move(_stays(IN_HAND), STAFF, Part.OVERSEER, pause=False),
    Verb.RESUME: Move(_stays(IN_HAND), STAFF, Part.OVERSEER, pause=True),
}

# Deeds that add to the record without changing what a page shows as the state of the case: they make no page stale.
QUIET = frozenset(
    {Verb.NOTE, Verb.ATTACH, Verb.REVEAL, Verb.REMIND, Verb.BREACH, Verb.WARN, Verb.ESCALATE, Verb.RECOMPUTE}
)
# Deeds of people, on an existing case: these have an address, a form and a button.
DEEDS = tuple(verb for verb, move in MOVES.items() if verb is not Verb.REGISTER and Role.SYSTEM not in move.roles)
