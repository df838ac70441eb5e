"""The one door. Every change of a complaint passes here: lock, scope, role, status, then the deed, then its record.

No verb can forget a lock, a check or a record, because no verb does any of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import Stale
from accounts.models import User
from complaints.matters import matter_of
from complaints.milestones import STARTS, STOPS
from complaints.models import CaseEvent, Complaint
from complaints.models.reading import HEAVY
from complaints.models.saving import save_together, values_of
from complaints.scope import refusal
from complaints.states import IN_HAND, MOVES, QUIET, Status, Verb
from sla import clocks
from sla.models import Clock
from sla.pausing import Moved
from sla.targets import Stop, Target


@contextmanager
def moving(complaint: Complaint, verb: Verb, *, actor: User, version: int | None = None) -> Iterator[Complaint]:
    """Open the door for `verb`: yields the complaint re-read under lock; the caller changes it, the door does the rest.

    Raises `Complaint.DoesNotExist` out of the actor's scope, `NotAllowed` by role, `WrongStatus` by status, and `Stale`
    when `version` is not the one the page showed. Nothing is written when the body raises.
    """
    with transaction.atomic():
        case = Complaint.objects.visible_to(actor).defer(*HEAVY).select_for_update().get(pk=complaint.pk)
        before = _enter(case, verb, actor)
        if version is not None and version != case.version:
            raise stale(case)
        yield case
        _signal(case, verb)
        _leave(case, verb, actor).save(force_insert=True)
        changed = [name for name, value in values_of(case).items() if before[name] != value]
        _save(case, verb, actor, update_fields=changed)


@dataclass(frozen=True)
class Together:
    """Cases that move by one verb in one transaction; those that the body takes out of `cases` stay as they are.

    `events` are written when the body has ended, before the cases that point at them.
    """

    cases: list[Complaint]
    actor: User
    events: list[CaseEvent] = field(default_factory=list)

    def record(self, case: Complaint, verb: Verb, facts: dict[str, Any]) -> None:
        """One more event of `case`, which will come before that of the verb."""
        self.events.append(_chained(case, verb, self.actor, facts, timezone.now()))


@contextmanager
def moving_together(keys: Iterable[int], verb: Verb, *, actor: User) -> Iterator[Together]:
    """The same door for many at once: all of `keys` that nobody else holds at the moment, or none when the body raises.

    What thousands of deadlines at the same minute need: a lock, a check and a record each, but a handful of queries for all.
    Raises `NotAllowed` or `WrongStatus` when one of them may not move; what is out of scope is left out.
    """
    with transaction.atomic():
        free = Complaint.objects.visible_to(actor).defer(*HEAVY).select_for_update(skip_locked=True)
        cases = list(free.filter(pk__in=list(keys)).order_by("pk"))
        before = {case.pk: _enter(case, verb, actor) for case in cases}
        moved = Together(cases, actor)
        yield moved
        for case in moved.cases:
            moved.events.append(_leave(case, verb, actor))
            case._history_user, case._change_reason = actor, verb.value  # type: ignore[attr-defined]
        CaseEvent.objects.bulk_create(moved.events)
        save_together(moved.cases, before)


def opening(case: Complaint, *, actor: User) -> None:
    """The door for a new complaint, inside the caller's transaction: saved with its first event."""
    event = _chained(case, Verb.REGISTER, actor, case.facts, case.registered_at)
    _save(case, Verb.REGISTER, actor, force_insert=True)
    event.complaint = case
    event.save(force_insert=True)


def record(case: Complaint, verb: Verb, *, actor: User, facts: dict[str, Any]) -> CaseEvent:
    """Append one event to the case history. Only while the door is open."""
    event = _chained(case, verb, actor, facts, timezone.now())
    event.save(force_insert=True)
    return event


def keep(row: models.Model, verb: Verb, *, actor: User) -> None:
    """Save a row that belongs to the case, so that row history names the same person and deed as case history."""
    row._history_user = actor  # type: ignore[attr-defined]
    row._change_reason = verb.value  # type: ignore[attr-defined]
    row.save()


def start_clocks(case: Complaint, promised: Sequence[clocks.Promise]) -> None:
    """Start the clocks that were promised and note their dates. A target for which one runs already keeps that one."""
    if promised:
        running = clocks.running_targets(case.pk)
        tell(case, clocks.Turns([], run_clocks(case, [one for one in promised if one.term.target not in running])))


def run_clocks(case: Complaint, promised: Iterable[clocks.Promise]) -> list[Clock]:
    """Start the clocks that were promised, with the units of the case."""
    return clocks.start(
        case.pk,
        promised,
        owner_unit=case.owner_unit_id,
        registered_unit=case.registered_unit_id,
        about_unit=case.unit_id,
    )


def stop_clocks(case: Complaint, *stops: Stop, at: datetime, targets: Collection[Target] = ()) -> None:
    """Stop the running clocks of `targets` or that one of `stops` stops; note which were kept and late, and what follows."""
    goes_on = case.goes_to in IN_HAND
    tell(case, clocks.stop(case.pk, stops, at=at, now=timezone.now(), targets=targets, goes_on=goes_on))


def tell(case: Complaint, turns: clocks.Turns) -> None:
    """Note what the deed did to clocks, and which leads now."""
    if _note(case, turns):
        set_due(case)


def tell_together(cases: Mapping[int, Complaint], turns: clocks.Turns) -> None:
    """The same for clocks of many cases, by id. One query."""
    for case in cases.values():
        stopped, started = (
            [clock for clock in these if clock.complaint_id == case.pk] for these in (turns.stopped, turns.started)
        )
        _note(case, clocks.Turns(stopped, started))
    first = clocks.strictest_of(cases) if turns.started else {}
    for key, clock in first.items():
        cases[key].due_at, cases[key].due_target = clock.due_at, clock.target


def _note(case: Complaint, turns: clocks.Turns) -> bool:
    """In the facts: one with `kept` was stopped, another was promised. Whether there was anything to tell."""
    stopped = [
        {
            "target": clock.target,
            "due_at": clock.due_at.isoformat(),
            "stopped_at": clock.stopped_at.isoformat() if clock.stopped_at else None,
            "kept": clock.breached_at is None,
        }
        for clock in turns.stopped
    ]
    started = [_promise(clock) for clock in turns.started]
    if stopped or started:
        case.facts["clocks"] = [*case.facts.get("clocks", ()), *stopped, *started]
    return bool(stopped or started)


def _promise(clock: Clock) -> dict[str, Any]:
    told: dict[str, Any] = {"target": clock.target, "due_at": clock.due_at.isoformat()}
    if clock.amount != clock.term.amount:  # agreed with the customer, or extended before it was stopped
        told["amount"] = clock.amount
    if clock.pauses:  # it goes on with what was left of it
        told |= {"amount": clock.amount, "pauses": clock.pauses}
    return told


def move_clocks(case: Complaint, moved: Iterable[Moved]) -> None:
    """Note the clocks whose dates a deed moved: the old and the new date, and all that the new one was reckoned by."""
    told = [
        {
            "clock": one.clock.pk,
            "target": one.clock.target,
            "from": one.was.isoformat(),
            "due_at": one.clock.due_at.isoformat(),
            "provisional": one.clock.provisional,
            "amount": one.clock.amount,
            "pauses": one.clock.pauses,
            "calendar_version": one.clock.calendar_version.number,
        }
        for one in moved
    ]
    if told:
        case.facts["clocks"] = [*case.facts.get("clocks", ()), *told]
        set_due(case)


def set_due(case: Complaint) -> None:
    """The strictest running clock leads every list: its date stands on the complaint."""
    first = clocks.strictest(case.pk)
    case.due_at, case.due_target = (first.due_at, first.target) if first else (None, "")


def _enter(case: Complaint, verb: Verb, actor: User) -> dict[str, Any]:
    """Let the verb in, by role and then by status; answer what the case held before it."""
    if refused := refusal(actor, case, verb):
        raise refused
    case.facts = {}
    case.goes_to = MOVES[verb].path[Status(case.status)]
    case.signals, case.happened_at = STOPS.get(verb, frozenset()), None
    return values_of(case)


def _signal(case: Complaint, verb: Verb) -> None:
    """The deed stops the clocks that waited for it, and starts those that run from it: when it happened, else now."""
    at = case.happened_at or timezone.now()
    if case.signals:
        stop_clocks(case, *case.signals, at=at)
    if start := STARTS.get(verb):
        start_clocks(case, clocks.promised_from(start, at, lambda: matter_of(case), case.registered_unit_id))


def _leave(case: Complaint, verb: Verb, actor: User) -> CaseEvent:
    """The case goes where the verb leads; answer the event that tells it."""
    case.status = case.goes_to
    event = _chained(case, verb, actor, case.facts, timezone.now())
    case.version += verb not in QUIET
    return event


def _chained(case: Complaint, verb: Verb, actor: User, facts: dict[str, Any], at: datetime) -> CaseEvent:
    """The next event of the case, to which its head now points; the caller saves both."""
    event = CaseEvent(
        complaint=case, seq=case.history_seq + 1, verb=verb, actor=actor, at=at, status=case.status, facts=facts
    )
    event.hash = event.digest(bytes(case.history_head))
    case.history_seq, case.history_head = event.seq, event.hash
    return event


def _save(case: Complaint, verb: Verb, actor: User, **options: Any) -> None:
    case._history_user = actor  # type: ignore[attr-defined]
    case._change_reason = verb.value  # type: ignore[attr-defined]
    case._in_door = True  # type: ignore[attr-defined]
    try:
        case.save(**options)
    finally:
        case._in_door = False  # type: ignore[attr-defined]


def stale(case: Complaint) -> Stale:
    """The refusal of a deed on a case that has moved on: who changed it last, and when."""
    last = case.events.exclude(verb__in=QUIET).select_related("actor").first()
    if last is None:  # pragma: no cover - every complaint has its first event
        return Stale(_("This complaint has changed. What you typed is kept."), version=case.version)
    return Stale(
        _("%(who)s changed this complaint at %(when)s. What you typed is kept.")
        % {"who": last.actor, "when": date_format(timezone.localtime(last.at), "H:i")},
        version=case.version,
        event=last,
    )
