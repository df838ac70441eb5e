"""What runs in the background: find ids, hand them on; each is safe to run twice. State lives in rows.

A message may be lost, late or doubled: the next sweep finds again whatever is still due, and of several workers one wins.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from celery import shared_task
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
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
QUIET_SECONDS = 3600.0  # between two lines of a log about the same fault


def due_clocks() -> Iterator[list[int]]:
    """The ids of every clock that is due and not recorded, in handfuls. No cap: what is due is done."""
    ids = list(Clock.objects.unrecorded(timezone.now()).order_by("due_at").values_list("id", flat=True))
    for start in range(0, len(ids), HANDFUL):
        yield ids[start : start + HANDFUL]


def record_breaches(clock_ids: list[int]) -> int:
    """Record the breaches of a handful with their escalations; return how many were ours."""
    system = User.objects.system()
    return _settled(
        clock_ids,
        lambda now: Clock.objects.unrecorded(now),
        lambda waiting: escalate_together(waiting, actor=system),
        lambda clock: escalate(clock, actor=system),
    )


def recompute_clocks(clock_ids: list[int]) -> int:
    """Reckon a handful of clocks again by the newest version of their calendar; return how many this call settled."""
    system = User.objects.system()
    return _settled(
        clock_ids,
        lambda now: Clock.objects.outdated(now),
        lambda waiting: deadlines.recompute_together(waiting, actor=system),
        lambda clock: deadlines.recompute(clock, actor=system),
    )


def _settled(
    clock_ids: list[int],
    waiting_at: Callable[[datetime], QuerySet[Clock]],
    together: Callable[[list[Clock]], int],
    alone: Callable[[Clock], object],
) -> int:
    """Settle the clocks of a handful that still wait; return how many were ours.

    All of them in one transaction, without waiting for anybody. What is left then, because somebody holds the case or the
    handful failed as a whole, is settled one by one: each waits for its turn, but not long, so that neither a case under
    constant work nor a row nobody foresaw holds up another. A database that is gone ends the round.
    """
    settled = 0

    def left() -> list[Clock]:
        return list(waiting_at(timezone.now()).filter(pk__in=clock_ids).order_by("due_at"))

    try:
        while (waiting := left()) and (more := together(waiting)):
            settled += more
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if _is_news(type(error).__name__):
            logger.warning("Clocks could not be settled together (%s); they are settled one by one.", error)
    rest = left()
    while rest:
        if _in_turn(alone, rest.pop(0)):
            settled += 1
        elif rest:  # it was held, and whoever held it may have settled the others as well
            still = {clock.pk for clock in left()}
            rest = [clock for clock in rest if clock.pk in still]
    return settled


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
        if _is_news(type(error).__name__):
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
        if _is_news(f"clock {clock.pk}"):
            logger.exception(
                "Clock %s could not be settled. It is tried at every sweep, and told of once an hour.", clock.pk
            )
    return False


_told: dict[str, float] = {}


def _is_news(key: str) -> bool:
    """Whether this process has said nothing of `key` within the hour; the caller says it now.

    A clock that cannot be settled fails at every sweep. How many lie there is for `config.metrics` to tell.
    """
    now = time.monotonic()
    for old in [old for old, at in _told.items() if now - at >= QUIET_SECONDS]:
        del _told[old]
    return _told.setdefault(key, now) == now


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
