"""Starting and stopping clocks. The caller holds the complaint's lock (rule 4) and the transaction."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.errors import Refusal
from sla import ladder
from sla.calendar import Allowance, Unit, WorkingCalendar, due
from sla.matching import Matter, matches
from sla.models import CalendarVersion, Clock, Term, version_of
from sla.targets import ALWAYS, Start, Stop, Target


class NoPolicy(Refusal):
    """No deadline policy is in force on the day of receipt: a setting is missing, nothing is guessed."""

    status = 409
    code = "no_policy"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a term promises for one receipt: before saving a preview, after saving a `Clock`."""

    term: Term
    version: CalendarVersion
    started_at: datetime
    due_at: datetime
    due_on: date
    provisional: bool
    own: Allowance | None = None  # where it is not that of the term
    continued: "Continued | None" = None

    @property
    def allowance(self) -> Allowance:
        return self.own or self.term.allowance


@dataclass(frozen=True, slots=True)
class Continued:
    """What a clock that goes on after a reopening brings with it: its allowance, its pauses, the date first promised."""

    amount: int
    pauses: list[list[str]]
    original: tuple[datetime, date] | None


def promises(started_at: datetime, matter: Matter, registered_at: datetime | None = None) -> list[Promise]:
    """What is promised to a complaint that is this `matter` from its receipt at `started_at`, and from its registration.

    The strictest first. One query. A policy counts when it is in force on that day in the calendar's zone, not on the day of
    entry. Of several that promise one target the strictest does. Raises `NoPolicy` when nothing promises what is promised to
    every complaint.
    """
    at = {Start.RECEIVED: started_at} | ({Start.REGISTERED: registered_at} if registered_at else {})
    found = _promised(at, lambda: matter, matter.received_in)
    if missing := [target for target in ALWAYS if all(promise.term.target != target for promise in found)]:
        raise no_policy(timezone.localdate(started_at), missing)
    return found


def promised_from(start: Start, at: datetime, matter: Callable[[], Matter], received_in: int) -> list[Promise]:
    """What an event on a case promises, the strictest first. One query; `matter` is asked when there is a term at all.

    `received_in` is the id of the unit that received it, whose calendar counts where a term names none.
    """
    return _promised({start: at}, matter, received_in)


def agreed(at: datetime, reply_at: datetime, matter: Callable[[], Matter], received_in: int) -> list[Promise]:
    """The clock for a reply agreed at `at` for `reply_at`, a moment after it (R15, R48).

    Its allowance leads from the one to the other: so many days, until that time of the last. Empty when no policy in force
    knows agreed replies.
    """
    found = _promised({Start.AGREED: at}, matter, received_in)
    return [_until(reply_at, one) for one in found if one.term.target == Target.PROMISE]


def _until(moment: datetime, promise: Promise) -> Promise:
    calendar = promise.version.value()
    local = calendar.local(moment)
    days = (local.date() - calendar.local(promise.started_at).date()).days
    if local.time() == time.min:  # midnight is the end of the day before
        days -= 1
    allowance = Allowance(days, Unit.DAYS, local.time())
    due_at, due_on, provisional = due(promise.started_at, allowance, calendar)
    return replace(promise, due_at=due_at, due_on=due_on, provisional=provisional, own=allowance)


def following(clock: Clock, at: datetime) -> Promise:
    """What follows a clock that repeats, once its turn ended at `at`: the same again, a day on at least."""
    version, limit = version_of(clock.calendar_version_id), clock.term.allowance
    own = replace(limit, amount=max(limit.amount, 1))
    return Promise(clock.term, version, at, *due(at, own, version.value()), own)


def _promised(at: Mapping[Start, datetime], matter: Callable[[], Matter], received_in: int) -> list[Promise]:
    """Of each target the strictest, the strictest of all first."""
    found = []
    days: dict[str, date] = {start: timezone.localdate(moment) for start, moment in at.items()}
    if terms := Term.objects.promised(days, received_in):
        about = matter()
        for term in terms:
            if matches(term.policy, about):
                version, started_at = version_of(term.version_id), at[Start(term.starts)]
                found.append(Promise(term, version, started_at, *due(started_at, term.allowance, version.value())))
    found.sort(key=_strictness, reverse=True)
    return sorted({promise.term.target: promise for promise in found}.values(), key=_strictness)


def _strictness(promise: Promise) -> tuple[datetime, int]:
    return promise.due_at, promise.term.pk


def no_policy(day: date, missing: Iterable[Target]) -> NoPolicy:
    names = pgettext("between two of a list", ", ").join(sorted(str(target.label) for target in missing))
    return NoPolicy(
        _("No deadline policy was in force on %(day)s for: %(names)s. Check the date, or ask an administrator.")
        % {"day": day, "names": names}
    )


def reckon(clock: Clock, calendar: WorkingCalendar) -> tuple[datetime, date, bool]:
    """The date of a clock by a calendar: its start, its own allowance, its pauses. As `sla.calendar.due`."""
    return due(clock.started_at, clock.allowance, calendar, clock.spans)


def start(
    complaint_id: int, promised: Iterable[Promise], *, owner_unit: int, registered_unit: int, about_unit: int
) -> list[Clock]:
    """Start the clocks that were promised, from receipt (never from now). The units are the complaint's. One query."""
    units = {"owner_unit_id": owner_unit, "registered_unit_id": registered_unit, "about_unit_id": about_unit}
    return Clock.objects.bulk_create([_clock(promise, complaint_id, units) for promise in promised])


def _clock(promise: Promise, complaint_id: int, units: Mapping[str, int]) -> Clock:
    clock = Clock(
        complaint_id=complaint_id,
        **units,
        target=promise.term.target,
        term=promise.term,
        calendar_version=promise.version,
        amount=promise.continued.amount if promise.continued else promise.allowance.amount,
        unit=promise.allowance.unit,
        by_time=promise.allowance.by,
        started_at=promise.started_at,
        due_at=promise.due_at,
        due_on=promise.due_on,
        provisional=promise.provisional,
        **(_carried(promise.continued) if promise.continued else {}),
    )
    clock.next_step_at = ladder.next_step_at(clock)
    return clock


def _carried(continued: Continued) -> dict[str, Any]:
    original_due_at, original_due_on = continued.original or (None, None)
    return {"pauses": continued.pauses, "original_due_at": original_due_at, "original_due_on": original_due_on}


def running_targets(complaint_id: int) -> set[str]:
    """The targets for which a clock runs."""
    return set(Clock.objects.running().filter(complaint_id=complaint_id).values_list("target", flat=True))


@dataclass(frozen=True, slots=True)
class Turns:
    """Clocks that were stopped, and those that follow; one whose turn is over already is both."""

    stopped: list[Clock]
    started: list[Clock]


def stop(
    complaint_id: int,
    stops: Collection[Stop] = (),
    *,
    at: datetime,
    now: datetime,
    targets: Collection[Target] = (),
    goes_on: bool = False,
) -> Turns:
    """Stop the running clocks of `targets` and those that one of `stops` stops, for a deed of `at`, recorded `now`.

    What counts is the record: a deed entered after the deadline is late, whenever it is said to have been done, and its
    clock stops when it was entered. So back-dating clears no breach, and whether a sweep came first changes nothing
    (docs/decisions/0009). A late stop records the breach, dated at the deadline.

    While the case `goes_on`, clocks that repeat are followed by the next (docs/decisions/0023).
    """
    wanted = Q(term__stops__in=list(stops)) | Q(target__in=list(targets))
    running = list(Clock.objects.running().filter(wanted, complaint_id=complaint_id).select_related("term"))
    turns = Turns([], [])
    for clock in running:
        if goes_on and clock.term.repeats:
            _take_turns(clock, turns, at=at, now=now)
        else:
            _end(clock, now if clock.due_at <= now else max(at, clock.started_at), now)
            turns.stopped.append(clock)
    _save(turns)
    return turns


def carry_on(clocks: Iterable[Clock], now: datetime) -> Turns:
    """End those of `clocks` that repeat and were just recorded as broken, and start what follows each. Three queries.

    The day that was missed cannot be made up, and its breach does not hide the next day's duty: its clock ends at its
    deadline, and the next runs from there.
    """
    of_term = {clock.term_id: clock for clock in clocks}
    repeating = Term.objects.filter(repeats=True).in_bulk(of_term)
    turns = Turns([], [])
    for clock in clocks:
        if term := repeating.get(clock.term_id):
            clock.term = term
            _miss(clock, turns, now)
    _save(turns)
    return turns


def _take_turns(clock: Clock, turns: Turns, *, at: datetime, now: datetime) -> None:
    """Every turn that is over was missed, as if a sweep had come in time; then the one that runs is kept by this deed.

    A second deed before the day on which the next is owed changes nothing: that day's duty stays.
    """
    while clock.due_at <= now:
        clock = _miss(clock, turns, now)
    done_at = max(at, clock.started_at)
    if (after := following(clock, done_at)).due_at > clock.due_at:
        _end(clock, done_at, now)
        turns.stopped.append(clock)
        turns.started.append(_after(clock, after))


def _miss(clock: Clock, turns: Turns, now: datetime) -> Clock:
    """End a turn at its deadline, unkept; return the clock of the next."""
    _end(clock, clock.due_at, now)
    turns.stopped.append(clock)
    turns.started.append(after := _after(clock, following(clock, clock.due_at)))
    return after


def _after(clock: Clock, promise: Promise) -> Clock:
    units = {name: getattr(clock, name) for name in ("owner_unit_id", "registered_unit_id", "about_unit_id")}
    return _clock(promise, clock.complaint_id, units)


def _end(clock: Clock, stopped_at: datetime, now: datetime) -> None:
    clock.stopped_at, clock.next_step_at = stopped_at, None
    if stopped_at >= clock.due_at and clock.breached_at is None:
        clock.breached_at, clock.detected_at = clock.due_at, now


def _save(turns: Turns) -> None:
    """Two queries, and one more where something follows."""
    known = [clock for clock in turns.stopped if clock.pk]
    if known:
        Clock.objects.bulk_update(known, ["stopped_at", "breached_at", "detected_at"])
    if turns.started:
        Clock.objects.bulk_create(turns.started)


def latest_reply(complaint_id: int) -> Clock | None:
    """The running clock beyond which no reply may be agreed, its `due_at` being the date: the strictest that ends with the
    outcome. The law's as it stands; the house's as far as it can be extended (R48, R102).
    """
    running = Clock.objects.running().filter(complaint_id=complaint_id, term__stops=Stop.RESOLVED)
    found = list(running.exclude(target=Target.PROMISE).select_related("term"))
    for clock in found:
        if not clock.term.is_statutory and (most := clock.term.extendable_to):
            longest = replace(clock.allowance, amount=max(clock.amount, most))
            calendar = version_of(clock.calendar_version_id).value()
            clock.due_at = max(clock.due_at, due(clock.started_at, longest, calendar, clock.spans)[0])
    return min(found, key=lambda clock: clock.due_at, default=None)


def strictest_of(complaint_ids: Iterable[int]) -> dict[int, Clock]:
    """`strictest` for many complaints, by complaint; one without a running clock is left out. One query."""
    running = Clock.objects.running().filter(complaint_id__in=list(complaint_ids)).order_by("-due_at", "-id")
    return {clock.complaint_id: clock for clock in running}


def strictest(complaint_id: int) -> Clock | None:
    """The running clock that falls due first; None when none runs."""
    return Clock.objects.running().filter(complaint_id=complaint_id).order_by("due_at").first()
