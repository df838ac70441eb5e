"""What runs in the background: find ids, hand them on; each is safe to run twice. State lives in rows.

A message may be lost, late or doubled: the next sweep finds again whatever is still due, and of several workers one wins.
"""

import logging
from collections.abc import Callable, Iterator
from functools import partial

from celery import shared_task
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errors import LockNotAvailable

from accounts.models import User
from complaints import deadlines
from complaints.escalation import coming, escalate, escalate_together, step_together, warn
from complaints.ownership import AlreadyDone
from complaints.states import Verb
from sla import enforcement, recomputing
from sla.models import Clock

logger = logging.getLogger(__name__)

HANDFUL = 200  # clocks handed on in one message; the next handful goes to whichever worker is free
PATIENCE = "2s"  # for a case that somebody holds
FRESH = 60  # seconds; an older message is dropped, because a later sweep has handed on the same clocks


def due_clocks() -> Iterator[list[int]]:
    """The ids of every clock that is due and not recorded, in handfuls. No cap: what is due is done."""
    ids = list(Clock.objects.unrecorded(timezone.now()).order_by("due_at").values_list("id", flat=True))
    for start in range(0, len(ids), HANDFUL):
        yield ids[start : start + HANDFUL]


def record_breaches(clock_ids: list[int]) -> int:
    """Record the breaches of a handful with their escalations; return how many were ours.

    All of them in one transaction, without waiting for anybody. What is left then, because somebody holds the case or the
    handful failed as a whole, is recorded one by one: each waits for its turn, but not long, so that neither a case under
    constant work nor a row nobody foresaw holds up another. A database that is gone ends the round.
    """
    system, recorded = User.objects.system(), 0

    def left() -> list[Clock]:
        return list(Clock.objects.unrecorded(timezone.now()).filter(pk__in=clock_ids).order_by("due_at"))

    try:
        while (waiting := left()) and (more := escalate_together(waiting, actor=system)):
            recorded += more
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.warning("Breaches could not be recorded together (%s); they are recorded one by one.", error)
    return recorded + sum(_in_turn(lambda clock: escalate(clock, actor=system), clock) for clock in left())


def stepping_clocks() -> Iterator[list[int]]:
    """The ids of every clock with a step of its ladder that has come, the first to come first, in handfuls."""
    ids = list(Clock.objects.stepping(timezone.now()).order_by("next_step_at").values_list("id", flat=True))
    for start in range(0, len(ids), HANDFUL):
        yield ids[start : start + HANDFUL]


def take_steps(clock_ids: list[int]) -> dict[Verb, int]:
    """Take every step of a handful that has come, each clock's in their order; return how many of each kind were ours.

    In the same way as `record_breaches`, and with it: a step after a deadline waits until the breach is recorded.
    """
    system, taken = User.objects.system(), dict.fromkeys((Verb.WARN, Verb.BREACH, Verb.ESCALATE), 0)

    def left() -> dict[Verb, list[Clock]]:
        now = timezone.now()
        return coming(Clock.objects.stepping(now).filter(pk__in=clock_ids).order_by("next_step_at", "pk"), now)

    def round_of(found: dict[Verb, list[Clock]]) -> int:
        steps = {verb: step_together(clocks, verb, actor=system) for verb, clocks in found.items() if clocks}
        late = [clock.pk for clock in found[Verb.ESCALATE] if clock.breached_at is None]
        breached = record_breaches(late) if late else 0
        for verb, number in (*steps.items(), (Verb.BREACH, breached)):
            taken[verb] += number
        return sum(steps.values()) + breached

    try:
        while any((found := left()).values()) and round_of(found):
            pass
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.warning("Steps could not be taken together (%s); they are taken one by one.", error)
    deeds = {Verb.WARN: warn, Verb.ESCALATE: escalate}
    for verb, clocks in left().items():
        for clock in clocks:
            breaks = verb is Verb.ESCALATE and clock.breached_at is None
            taken[Verb.BREACH if breaks else verb] += _in_turn(partial(deeds[verb], actor=system), clock)
    return taken


def _in_turn(deed: Callable[[Clock], object], clock: Clock) -> bool:
    """Do a deed to one clock, waiting at most `PATIENCE` for its case; whether it was done."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            return bool(deed(clock))
    except AlreadyDone:
        return False
    except (OperationalError, InterfaceError) as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
    except Exception:
        logger.exception("Clock %s could not be settled.", clock.pk)
    return False


@shared_task(name="complaints.sweep")
def sweep() -> int:
    """Find what fell due and hand it on. The heartbeat is left when the round is over."""
    found = 0
    for handful in stepping_clocks():
        steps.apply_async((handful,), expires=FRESH)
        found += len(handful)
    for handful in due_clocks():
        breaches.apply_async((handful,), expires=FRESH)
        found += len(handful)
    enforcement.finished("sweep", found)
    return found


def outdated_clocks() -> Iterator[list[int]]:
    """The ids of every running clock whose calendar has a newer version, the first to fall due first, in handfuls."""
    ids = list(Clock.objects.outdated(timezone.now()).order_by("due_at").values_list("id", flat=True))
    for start in range(0, len(ids), HANDFUL):
        yield ids[start : start + HANDFUL]


def recompute_clocks(clock_ids: list[int]) -> int:
    """Reckon a handful of clocks again; return how many this call settled. In the same way as `record_breaches`."""
    system, settled = User.objects.system(), 0

    def left() -> list[Clock]:
        return list(Clock.objects.outdated(timezone.now()).filter(pk__in=clock_ids).order_by("due_at"))

    try:
        while (waiting := left()) and (more := deadlines.recompute(waiting, actor=system)):
            settled += more
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.warning("Deadlines could not be recomputed together (%s); they are recomputed one by one.", error)
    return settled + sum(_in_turn(lambda clock: deadlines.recompute([clock], actor=system), clock) for clock in left())


@shared_task(name="complaints.recompute")
def recompute() -> int:
    """Hand on the clocks whose calendar has a newer version, and close what has nothing left to do."""
    found = 0
    for handful in outdated_clocks():
        recomputations.apply_async((handful,), expires=FRESH)
        found += len(handful)
    recomputing.settle(timezone.now())
    enforcement.finished("recompute", found)
    return found


@shared_task(name="complaints.recomputations")
def recomputations(clock_ids: list[int]) -> int:
    return recompute_clocks(clock_ids)


@shared_task(name="complaints.breaches")
def breaches(clock_ids: list[int]) -> int:
    return record_breaches(clock_ids)


@shared_task(name="complaints.steps")
def steps(clock_ids: list[int]) -> dict[str, int]:
    return {verb.value: number for verb, number in take_steps(clock_ids).items()}
