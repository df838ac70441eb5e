"""The ladder of a deadline: warnings before it, the breach, and what comes before whom after it. Each step once (R103, R179).

A step that was taken is a row of `Escalation`, one for each clock and number, whoever takes it and in whatever order. When a
clock's next step comes stands on the clock, and may be too early: what has not come yet is left, and the date corrected.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from complaints import history
from complaints.circle import Circle, Told
from complaints.extending import lapse_extensions
from complaints.history import moving
from complaints.models import Complaint, Escalation
from complaints.ownership import AlreadyDone
from complaints.states import IN_HAND, Verb
from sla import clocks, enforcement, ladder
from sla.ladder import AT_THE_DEADLINE, Step
from sla.models import Clock, Rung
from sla.targets import Whom

USUAL = (Whom.OWNER, Whom.FIRST_RESPONDER, Whom.UNIT_HEAD)  # at a deadline whose ladder does not say


@dataclass(frozen=True, slots=True)
class Due:
    """A step of a clock that has come, and when the one after it does."""

    clock: Clock
    step: Step
    then: datetime | None


def warn(clock: Clock, *, actor: User) -> Complaint:
    """Tell people that a deadline comes near, by the next step of its ladder. Once.

    Raises `AlreadyDone` when no warning has come that is not recorded, or the clock was stopped.
    """
    return _alone(clock, Verb.WARN, actor)


def escalate(clock: Clock, *, actor: User) -> Complaint:
    """Record that a promise broke, dated at the deadline, and bring it before the supervisors; later, a step further up.

    Each step once. The complaint is locked first, the clock second (rule 4). Raises `AlreadyDone` when another worker, or a
    person who stopped the clock in the meantime, was first.
    """
    return _alone(clock, Verb.ESCALATE, actor)


def _alone(clock: Clock, verb: Verb, actor: User) -> Complaint:
    with moving(Complaint(pk=clock.complaint_id), verb, actor=actor) as case:
        now, circle = timezone.now(), Circle.around([case])
        if verb is Verb.ESCALATE and enforcement.breach(clock, now):
            history.record(case, Verb.BREACH, actor=actor, facts=_broken(clock))
            _bring_before(case, clock, circle, now).save()
            lapse_extensions([case], actor, [clock.pk])
            _carry_on([case], {case.pk: clock}, now)
        elif due := _due({case.pk: clock}, verb, now):
            _step(case, due[case.pk], circle, now).save()
            enforcement.look_again_at([(due[case.pk].clock, due[case.pk].then)])
        else:
            raise AlreadyDone(_("Another worker recorded this first."))
    return case


def escalate_together(found: Iterable[Clock], *, actor: User) -> int:
    """Record many breaches at once; return how many promises this call recorded as broken.

    Left for another round: what somebody holds at the moment, and the second of two clocks of one case.
    """
    clock_of = _one_a_case(found)
    with history.moving_together(clock_of, Verb.ESCALATE, actor=actor) as moved:
        now = timezone.now()
        broken = enforcement.breach_together((clock_of[case.pk].pk for case in moved.cases), now)
        moved.cases[:] = [case for case in moved.cases if clock_of[case.pk].pk in broken]
        circle, steps = Circle.around(moved.cases), []
        for case in moved.cases:
            moved.record(case, Verb.BREACH, _broken(clock_of[case.pk]))
            steps.append(_bring_before(case, clock_of[case.pk], circle, now))
        Escalation.objects.bulk_create(steps)
        lapse_extensions(moved.cases, actor, broken)
        _carry_on(moved.cases, clock_of, now)
    return len(moved.cases)


def step_together(found: Iterable[Clock], verb: Verb, *, actor: User) -> int:
    """The next step of many ladders at once, where it is one of this verb: to `warn`, or to `escalate` a recorded breach.

    Return how many were taken. Left for another round is what `escalate_together` leaves.
    """
    clock_of = _one_a_case(found)
    with history.moving_together(clock_of, verb, actor=actor) as moved:
        now = timezone.now()
        due = _due({case.pk: clock_of[case.pk] for case in moved.cases}, verb, now)
        moved.cases[:] = [case for case in moved.cases if case.pk in due]
        circle = Circle.around(moved.cases)
        Escalation.objects.bulk_create([_step(case, due[case.pk], circle, now) for case in moved.cases])
        enforcement.look_again_at((one.clock, one.then) for one in due.values())
    return len(moved.cases)


def coming(looked_at: Iterable[Clock], now: datetime) -> dict[Verb, list[Clock]]:
    """Of clocks that are looked at, those with a step to take by its verb; what came too early is put right.

    Three queries at most. A clock past a deadline that nobody recorded is escalated first.
    """
    found: dict[Verb, list[Clock]] = {Verb.WARN: [], Verb.ESCALATE: []}
    listed, early = list(looked_at), list[tuple[Clock, datetime | None]]()
    done = steps_done(clock.pk for clock in listed)
    for clock in listed:
        step = ladder.next_step(clock, done.get(clock.pk, ()))
        if step is None or step.at > now:
            early.append((clock, step.at if step else None))
        else:
            found[_verb_of(step)].append(clock)
    enforcement.look_again_at(early)
    return found


def steps_done(clock_ids: Iterable[int]) -> dict[int, set[int]]:
    """The steps that clocks have behind them, by the clock's id. One query."""
    done: dict[int, set[int]] = {}
    for clock, number in Escalation.objects.filter(clock__in=list(clock_ids)).values_list("clock", "step"):
        done.setdefault(clock, set()).add(number)
    return done


def _carry_on(cases: Iterable[Complaint], clock_of: Mapping[int, Clock], now: datetime) -> None:
    """What is owed again and again goes on after a miss, in the same transaction and so exactly once (R105)."""
    by_key = {case.pk: case for case in cases if case.status in IN_HAND}
    turns = clocks.carry_on([clock_of[key] for key in by_key], now)
    history.tell_together({clock.complaint_id: by_key[clock.complaint_id] for clock in turns.stopped}, turns)


def _one_a_case(found: Iterable[Clock]) -> dict[int, Clock]:
    clock_of: dict[int, Clock] = {}
    for clock in found:
        clock_of.setdefault(clock.complaint_id, clock)
    return clock_of


def _due(clock_of: Mapping[int, Clock], verb: Verb, now: datetime) -> dict[int, Due]:
    """The step that has come and when the next one does, with the clock read anew, by complaint. The caller holds them."""
    keys = [clock.pk for clock in clock_of.values()]
    done, found = steps_done(keys), dict[int, Due]()
    for clock in Clock.objects.running().filter(pk__in=keys):
        behind = done.get(clock.pk, set())
        step = ladder.next_step(clock, behind)
        if step is None or step.at > now or _verb_of(step) is not verb:
            continue
        if verb is Verb.WARN or clock.breached_at is not None:
            found[clock.complaint_id] = Due(clock, step, ladder.next_step_at(clock, behind | {step.number}))
    return found


def _verb_of(step: Step) -> Verb:
    return Verb.WARN if step.number < 0 else Verb.ESCALATE


def _broken(clock: Clock) -> dict[str, Any]:
    return {"clock": clock.pk, "target": clock.target, "due_at": clock.due_at.isoformat()}


def _bring_before(case: Complaint, clock: Clock, circle: Circle, now: datetime) -> Escalation:
    """The first step after a breach: note in the facts before whom it comes."""
    whom = ladder.whom_at_the_deadline(clock.term_id) or USUAL
    told = circle.of(case, whom, breaking=True)
    return _noted(case, clock, AT_THE_DEADLINE, clock.due_at, told, now)


def _step(case: Complaint, due: Due, circle: Circle, now: datetime) -> Escalation:
    """A warning, or a step further up."""
    clock, step = due.clock, due.step
    kept = _noted(case, clock, step.number, step.at, circle.of(case, step.rung.whom), now)
    if step.number < 0:
        case.facts |= when_of(step.rung) | {"due_at": clock.due_at.isoformat()}
    return kept


def when_of(rung: Rung) -> dict[str, Any]:
    """How near a warning says that its deadline is."""
    return {"share": rung.share} if rung.share else {"left": [-(rung.amount or 0), rung.unit]}


def _noted(case: Complaint, clock: Clock, number: int, at: datetime, told: Told, now: datetime) -> Escalation:
    case.facts = {
        "clock": clock.pk, "target": clock.target, "step": number, "unit": told.unit, "to": told.to, "at": at.isoformat()
    }  # fmt: skip
    if told.away:
        case.facts["away"] = told.away
    return Escalation(complaint=case, clock=clock, step=number, unit_id=told.unit, at=now)
