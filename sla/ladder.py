"""When each step of a clock's ladder comes. The caller holds the clock's complaint, or only reads."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from sla.calendar import DAY_UNITS, Unit, shifted
from sla.models import Rung, Term, version_of
from sla.targets import ALWAYS, Whom

AT_THE_DEADLINE = 1  # its step is found by the deadline itself, when the breach is recorded
NOTHING: frozenset[int] = frozenset()
LONG = 5  # days: from here on a warning three working days before says something


@dataclass(frozen=True, slots=True)
class Planned:
    """A rung that a term is to have; the fields are those of `Rung`."""

    number: int
    whom: tuple[str, ...]
    share: int | None = None
    amount: int | None = None
    unit: str = ""


SHORT = (
    Planned(-1, (Whom.OWNER,), share=80),
    Planned(AT_THE_DEADLINE, (Whom.OWNER, Whom.FIRST_RESPONDER, Whom.UNIT_HEAD), amount=0, unit=Unit.HOURS),
)
FURTHER_UP = (
    Planned(2, (Whom.SUPERVISING_UNIT,), amount=1, unit=Unit.WORKING_DAYS),
    Planned(3, (Whom.COMPLIANCE,), amount=3, unit=Unit.WORKING_DAYS),
)
DAYS_BEFORE = (
    Planned(-2, (Whom.OWNER,), amount=-3, unit=Unit.WORKING_DAYS),
    Planned(-1, (Whom.OWNER, Whom.UNIT_HEAD), amount=-1, unit=Unit.WORKING_DAYS),
)
DAYS_BEFORE_THE_LAWS = (Planned(-2, (Whom.OWNER, Whom.COMPLIANCE), amount=-3, unit=Unit.WORKING_DAYS), DAYS_BEFORE[1])


class Limited(Protocol):
    """What of a term, or of what may become one, says which ladder is usual for it."""

    @property
    def target(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def is_statutory(self) -> bool: ...


def usual(term: Limited) -> tuple[Planned, ...]:
    """The ladder of a term for which nobody chose another.

    A warning days before where there are days enough, else at a share of the time. What is owed within minutes, hours or the
    same day, beside what every complaint is promised, goes no further up than the head of the unit.
    """
    if term.unit in DAY_UNITS and term.amount > LONG:
        return (*(DAYS_BEFORE_THE_LAWS if term.is_statutory else DAYS_BEFORE), SHORT[1], *FURTHER_UP)
    if term.target in ALWAYS or (term.unit in DAY_UNITS and term.amount):
        return SHORT + FURTHER_UP
    return SHORT


def planned(term: Term) -> tuple[Planned, ...]:
    """The ladder that a term has, in the order of its numbers; of prefetched `rungs` without a query."""
    found = sorted(term.rungs.all(), key=lambda one: one.number)
    return tuple(Planned(one.number, tuple(one.whom), one.share, one.amount, one.unit) for one in found)


def write(term: Term, wanted: Iterable[Planned]) -> None:
    """Give a term of a draft its ladder. One query; what is decided is refused by the database."""
    Rung.objects.bulk_create(
        Rung(term=term, number=one.number, share=one.share, amount=one.amount, unit=one.unit, whom=list(one.whom))
        for one in wanted
    )


class Dated(Protocol):
    """What of a clock says when its steps come."""

    @property
    def term_id(self) -> int: ...
    @property
    def calendar_version_id(self) -> int: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def due_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of one clock, with its moment."""

    at: datetime
    number: int
    rung: Rung


@lru_cache(maxsize=512)
def rungs_of(term_id: int) -> tuple[Rung, ...]:
    """The ladder of a term that clocks run by, read once for each process: what was approved never changes."""
    return tuple(Rung.objects.filter(term=term_id).order_by("number"))


def steps(clock: Dated) -> list[Step]:
    """The steps of a clock in the order of their moments, but for the deadline's own. No queries.

    A warning that would come before the clock has started does not come at all.
    """
    found = [
        Step(_moment(rung, clock), rung.number, rung)
        for rung in rungs_of(clock.term_id)
        if rung.number != AT_THE_DEADLINE
    ]
    return sorted((one for one in found if one.at > clock.started_at), key=lambda one: (one.at, one.number))


def next_step(clock: Dated, done: Collection[int] = NOTHING) -> Step | None:
    """The first step that is not done; None when none is left."""
    return next((step for step in steps(clock) if step.number not in done), None)


def next_step_at(clock: Dated, done: Collection[int] = NOTHING) -> datetime | None:
    """What `Clock.next_step_at` must be: every deed that starts or moves a clock sets it.

    Without `done` it may name a step that is done, and so only be early: the sweep looks, and corrects it.
    """
    step = next_step(clock, done)
    return step.at if step else None


def whom_at_the_deadline(term_id: int) -> list[str] | None:
    """Who hears of the breach by the term's own ladder; None where it does not say."""
    return next((rung.whom for rung in rungs_of(term_id) if rung.number == AT_THE_DEADLINE), None)


def _moment(rung: Rung, clock: Dated) -> datetime:
    if rung.share is not None:
        return clock.started_at + (clock.due_at - clock.started_at) * rung.share / 100
    calendar = version_of(clock.calendar_version_id).value()
    return shifted(clock.due_at, clock.due_on, rung.amount or 0, Unit(rung.unit), calendar)
