"""Role × status × deed: a button shows exactly when the deed would be let through, and the door refuses the rest."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Membership, User
from complaints import aftercare, agreements, correspondence, evidence, extending, lifecycle, ownership, pausing
from complaints.models import Complaint
from complaints.scope import refusal, verbs_for
from complaints.states import DEEDS, MOVES, Stage, Status, Verb
from tests.complaints.pages import AGREED, SAID, do
from tests.complaints.test_case_page import a_file
from tests.conftest import Cast, a_wish, agreed, decided, established, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]

# Owner, colleague at the same counter, supervisor above, compliance, auditor, the person it is offered to.
READERS = ("fiona", "frank", "sam", "carol", "audrey", "hank")
OUTSIDERS = ("grace", "wendy", "adam")


def in_status(
    status: str, register: Register, cast: Cast, *, offered: bool = False, taken: bool = False, paused: bool = False
) -> Complaint:
    """A complaint of fiona's in `status`, reached by deeds; when `taken`, by those of frank, who took it over from her."""
    case, owner = register("fiona"), cast.fiona
    if taken:
        case, owner = ownership.take(case, actor=cast.frank), cast.frank
    if status == Status.WITHDRAWN:
        return lifecycle.withdraw(case, "客户撤回", actor=owner)
    if status != Status.REGISTERED:
        case = correspondence.respond(case, said(), actor=owner)
    if status not in {Status.REGISTERED, Status.RESPONDED}:
        case = lifecycle.investigate(case, established(), actor=owner)
    if status in {Status.RESOLVED, Status.CLOSED, Status.REOPENED}:
        case = lifecycle.resolve(case, decided(), actor=owner)
    if status == Status.CLOSED:
        case = lifecycle.close(case, actor=owner)
    if status == Status.REOPENED:
        case = lifecycle.reopen(case, "客户不认可", actor=owner)
    if offered:
        case = ownership.hand_over(case, cast.hank, "属信用卡业务", actor=owner)
    if paused:
        case = pausing.pause(case, "customer", "原因", soon(), actor=owner)
    return case


def soon() -> date:
    """A day on which clocks that are paused now run again."""
    return timezone.localdate() + timedelta(days=3)


def form_of(verb: Verb, to: User) -> dict[str, Any]:
    """What the form of a deed needs to be valid."""
    return {
        Verb.RESPOND: SAID,
        Verb.PROMISE: AGREED,
        Verb.CALL_BACK: {"opinion": "satisfied"},
        Verb.HAND_OVER: {"to": Membership.objects.get(user=to).pk, "reason": "原因"},
        Verb.ASSIGN: {"to": Membership.objects.get(user=to).pk},
        Verb.DECLINE: {"reason": "原因"},
        Verb.NOTE: {"body": "备注"},
        Verb.ATTACH: {"file": a_file()},
        Verb.INVESTIGATE: {"facts": "事实", "founded": "yes"},
        Verb.RESOLVE: SAID | {"kind": "explained", "reception": "silent"},
        Verb.REOPEN: {"reason": "原因"},
        Verb.WITHDRAW: {"reason": "原因"},
        Verb.REVEAL: {"field": "phone", "reason": "原因"},
        Verb.ASK_EXTENSION: {"target": "resolution", "amount": 30, "reason_code": "complex", "reason": "原因"},
        Verb.DECLINE_EXTENSION: {"reason": "原因"},
        Verb.EXTEND: SAID,
        Verb.PAUSE: {"waits_for": "customer", "reason": "原因", "until_on": str(soon())},
    }.get(verb, {})


def attempt(verb: Verb, case: Complaint, actor: User, to: User) -> None:
    """Do `verb` by its function, without any page."""
    reasons = {Verb.DECLINE: ownership.decline, Verb.REOPEN: lifecycle.reopen, Verb.WITHDRAW: lifecycle.withdraw}
    plain = {
        Verb.TAKE: ownership.take,
        Verb.ACCEPT: ownership.accept,
        Verb.RECALL: ownership.recall,
        Verb.REMIND: ownership.remind,
        Verb.CLOSE: lifecycle.close,
        Verb.RESUME: pausing.resume,
    }
    if verb in reasons:
        reasons[verb](case, "原因", actor=actor)
    elif verb in plain:
        plain[verb](case, actor=actor)
    elif verb is Verb.HAND_OVER:
        ownership.hand_over(case, to, "原因", actor=actor)
    elif verb is Verb.ASSIGN:
        ownership.assign(case, to, actor=actor)
    else:
        {
            Verb.PROMISE: lambda: agreements.promise(case, agreed(), actor=actor),
            Verb.CALL_BACK: lambda: aftercare.call_back(case, aftercare.Heard("satisfied"), actor=actor),
            Verb.RESPOND: lambda: correspondence.respond(case, said(), actor=actor),
            Verb.NOTE: lambda: correspondence.note(case, "备注", actor=actor),
            Verb.ATTACH: lambda: evidence.attach(case, a_file(), actor=actor),
            Verb.INVESTIGATE: lambda: lifecycle.investigate(case, established(), actor=actor),
            Verb.RESOLVE: lambda: lifecycle.resolve(case, decided(), actor=actor),
            Verb.PAUSE: lambda: pausing.pause(case, "customer", "原因", soon(), actor=actor),
            Verb.REVEAL: lambda: correspondence.reveal(case, "phone", "原因", actor=actor),
            Verb.ASK_EXTENSION: lambda: extending.ask_extension(case, a_wish(), actor=actor),
            Verb.RECALL_EXTENSION: lambda: extending.recall_extension(case, actor=actor),
            Verb.APPROVE_EXTENSION: lambda: extending.approve_extension(case, actor=actor),
            Verb.DECLINE_EXTENSION: lambda: extending.decline_extension(case, "原因", actor=actor),
            Verb.EXTEND: lambda: extending.extend(case, said(), actor=actor),
        }[verb]()


# The table once more, written by hand: in which statuses, to which status, by which roles, and who of the cast that is when
# the case is fiona's own, when she has offered it to hank, and when frank has taken it over from her.
IN_HAND = "registered responded investigating reopened"
EVERY = f"{IN_HAND} resolved closed withdrawn"
STAFF = "front_desk handler supervisor compliance"
ANY = ("fiona frank sam olivia carol", "fiona frank sam olivia carol hank", "fiona frank sam olivia carol")
OWNER = ("fiona", "fiona", "frank")
KEEPER = ("fiona", "fiona", "fiona frank")
NOBODY = ("", "", "")  # while no extension waits
TABLE: dict[str, tuple[str, str, str, tuple[str, str, str]]] = {
    "respond": (IN_HAND, "responded responded investigating reopened", STAFF, KEEPER),
    "promise": (IN_HAND, IN_HAND, STAFF, KEEPER),
    "take": (
        IN_HAND,
        IN_HAND,
        STAFF,
        ("frank sam olivia carol", "frank sam olivia carol hank", "fiona sam olivia carol"),
    ),
    "hand_over": (IN_HAND, IN_HAND, STAFF, ("fiona", "", "frank")),
    "accept": (IN_HAND, IN_HAND, STAFF, ("", "hank", "")),
    "decline": (IN_HAND, IN_HAND, STAFF, ("", "hank", "")),
    "recall": (IN_HAND, IN_HAND, STAFF, ("", "fiona", "")),
    "assign": (IN_HAND, IN_HAND, "supervisor", ("sam olivia",) * 3),
    "remind": (f"{IN_HAND} resolved", f"{IN_HAND} resolved", "supervisor compliance", ("sam olivia carol",) * 3),
    "note": (EVERY, EVERY, STAFF, ANY),
    "attach": (EVERY, EVERY, STAFF, ANY),
    "investigate": (IN_HAND, "investigating investigating investigating investigating", STAFF, OWNER),
    "resolve": ("investigating", "resolved", STAFF, OWNER),
    "close": ("resolved", "closed", STAFF, ("fiona sam olivia", "fiona sam olivia", "frank sam olivia")),
    "call_back": ("resolved closed", "resolved closed", STAFF, ANY),
    "reopen": ("resolved closed", "reopened reopened", STAFF, ANY),
    "withdraw": (IN_HAND, "withdrawn withdrawn withdrawn withdrawn", STAFF, KEEPER),
    "reveal": (EVERY, EVERY, STAFF, ANY),
    "ask_extension": (IN_HAND, IN_HAND, STAFF, OWNER),
    "recall_extension": (IN_HAND, IN_HAND, STAFF, NOBODY),
    "approve_extension": (IN_HAND, IN_HAND, "supervisor compliance", NOBODY),
    "decline_extension": (IN_HAND, IN_HAND, "supervisor compliance", NOBODY),
    "extend": (IN_HAND, IN_HAND, STAFF, NOBODY),
    "pause": (IN_HAND, IN_HAND, STAFF, ("fiona sam olivia", "fiona sam olivia", "frank sam olivia")),
    "resume": (IN_HAND, IN_HAND, STAFF, ("fiona sam olivia", "fiona sam olivia", "frank sam olivia")),
    "breach": (EVERY, EVERY, "system", ("system",) * 3),
    "warn": (EVERY, EVERY, "system", ("system",) * 3),
    "escalate": (EVERY, EVERY, "system", ("system",) * 3),
    "recompute": (EVERY, EVERY, "system", ("system",) * 3),
}

OFFERS = {"hand_over": False, "accept": True, "decline": True, "recall": True}  # whether one must wait, or must not


def test_the_table_is_the_one_written_here() -> None:
    assert MOVES.keys() == {"register", *TABLE}
    assert set(MOVES[Verb.REGISTER].roles) == set(STAFF.split())
    for verb, (starts, ends, roles, _who) in TABLE.items():
        move = MOVES[Verb(verb)]
        assert dict(move.path) == dict(zip(starts.split(), ends.split(), strict=True)), verb
        assert set(move.roles) == set(roles.split()), verb
        assert move.offer is OFFERS.get(verb), verb
        assert move.pause is {"pause": False, "resume": True}.get(verb), verb


@pytest.mark.parametrize(
    ("situation", "status", "paused"),
    [(at, status, False) for at in range(3) for status in Status.values if at != 1 or status in IN_HAND.split()]
    + [(at, status, True) for at in range(3) for status in IN_HAND.split()],
)
def test_nobody_but_those_written_here_may_do_it(
    register: Register, cast: Cast, situation: int, status: str, paused: bool
) -> None:
    case = in_status(status, register, cast, offered=situation == 1, taken=situation == 2, paused=paused)
    may = {
        (verb, who)
        for verb in TABLE
        for who, person in cast.people.items()
        if refusal(person, case, Verb(verb)) is None
    }
    assert may == {
        (verb, who)
        for verb, (starts, _ends, _roles, people) in TABLE.items()
        if status in starts.split() and verb != ("pause" if paused else "resume")
        for who in people[situation].split()
    }


STAGES = {
    "ask_extension": ("", "fiona", ""),
    "recall_extension": ("asked", "fiona", ""),
    "approve_extension": ("asked", "sam olivia carol", ""),
    "decline_extension": ("asked", "sam olivia carol", ""),
    "extend": ("approved", "", "fiona"),
}  # what must have been done, and who may when it is asked for and when it is approved


@pytest.mark.parametrize("stage", ["asked", "approved"])
def test_an_extension_is_decided_by_another_and_told_by_whoever_keeps_the_case(
    register: Register, cast: Cast, as_: As, stage: str
) -> None:
    case = extending.ask_extension(register("fiona"), a_wish(), actor=cast.fiona)
    if stage == "approved":
        case = extending.approve_extension(case, actor=cast.sam)
    for verb, (needs, when_asked, when_approved) in STAGES.items():
        assert (MOVES[Verb(verb)].stage or "") == needs
        may = [who for who, person in cast.people.items() if refusal(person, case, Verb(verb)) is None]
        expected = "" if verb == "ask_extension" else when_asked if stage == "asked" else when_approved
        assert set(may) == set(expected.split()), verb
    buttons = re.findall(r'data-deed="(\w+)"', as_("fiona").get(case.get_absolute_url()).content.decode())
    assert {str(verb) for verb in verbs_for(cast.fiona, case)} == set(buttons)


def test_an_offer_is_taken_back_by_the_owner_and_not_by_the_first_responder(register: Register, cast: Cast) -> None:
    case = in_status("registered", register, cast, offered=True, taken=True)
    assert [who for who, person in cast.people.items() if refusal(person, case, Verb.RECALL) is None] == ["frank"]


SITUATIONS = [
    *((status, False, False) for status in Status.values),
    *((status, True, False) for status in ("registered", "investigating")),
    *((status, False, True) for status in ("responded", "reopened")),
]


@pytest.mark.parametrize(("status", "offered", "paused"), SITUATIONS)
@pytest.mark.parametrize("who", READERS)
def test_a_button_shows_exactly_when_the_deed_would_be_let_through(
    register: Register, cast: Cast, as_: As, who: str, status: str, offered: bool, paused: bool
) -> None:
    case = in_status(status, register, cast, offered=offered, paused=paused)
    answer = as_(who).get(case.get_absolute_url())
    if who == "hank" and not offered:
        assert answer.status_code == 404
        return
    buttons = set(re.findall(r'data-deed="(\w+)"', answer.content.decode()))
    assert buttons == {str(verb) for verb in verbs_for(cast.people[who], case)}


@pytest.mark.parametrize(("status", "offered", "paused"), SITUATIONS)
@pytest.mark.parametrize("who", READERS)
def test_the_pages_refuse_what_has_no_button(
    register: Register, cast: Cast, as_: As, who: str, status: str, offered: bool, paused: bool
) -> None:
    case = in_status(status, register, cast, offered=offered, paused=paused)
    browser = as_(who)
    for verb in DEEDS:
        refused = refusal(cast.people[who], case, verb)
        if refused is None:
            continue
        expected = 404 if who == "hank" and not offered else refused.status
        assert do(browser, case, verb, **form_of(verb, cast.grace)).status_code == expected, verb
        assert browser.get(f"{case.get_absolute_url()}{verb}/").status_code == expected, verb
    assert not case.events.filter(actor=cast.people[who], seq__gt=case.history_seq).exists()


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("verb", DEEDS)
def test_the_door_refuses_by_role_first_then_by_status(register: Register, cast: Cast, verb: Verb, status: str) -> None:
    case = in_status(status, register, cast)
    with pytest.raises(NotAllowed):
        attempt(verb, case, cast.audrey, cast.grace)
    for who in OUTSIDERS:
        with pytest.raises(Complaint.DoesNotExist):
            attempt(verb, case, cast.people[who], cast.grace)
    for who in ("fiona", "frank", "sam"):
        refused = refusal(cast.people[who], case, verb)
        if refused is not None:
            with pytest.raises(type(refused)):
                attempt(verb, case, cast.people[who], cast.grace)


@pytest.mark.parametrize("verb", DEEDS)
def test_what_is_let_through_goes_where_the_table_says(register: Register, cast: Cast, as_: As, verb: Verb) -> None:
    tried = 0
    for status in MOVES[verb].path:
        for who in ("fiona", "sam", "hank"):
            offered = MOVES[verb].offer is True
            case = in_status(status, register, cast, offered=offered, paused=MOVES[verb].pause is True)
            if MOVES[verb].stage:
                case = extending.ask_extension(case, a_wish(), actor=cast.fiona)
            if MOVES[verb].stage == Stage.APPROVED:
                case = extending.approve_extension(case, actor=cast.sam)
            if (who == "hank" and not offered) or refusal(cast.people[who], case, verb):
                continue
            answer = do(as_(who), case, verb, **form_of(verb, cast.grace))
            assert answer.status_code in {200, 302}
            assert Complaint.objects.get(pk=case.pk).status == MOVES[verb].path[status]
            tried += 1
    assert tried


def test_the_system_alone_records_breaches(register: Register, cast: Cast) -> None:
    case = register("fiona")
    for verb in (Verb.BREACH, Verb.WARN, Verb.ESCALATE):
        for who in (*READERS, *OUTSIDERS):
            assert isinstance(refusal(cast.people[who], case, verb), NotAllowed)
        assert refusal(cast.system, case, verb) is None
