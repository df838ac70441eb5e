"""Complaints in bulk: a plan of days and numbers, then batch by batch the scripts, their rows and one COPY each.

Each batch is one transaction and forgets what it wrote, so memory stays as it is from the first complaint to the
millionth. Constraints, triggers and foreign keys all stay on.
"""

import multiprocessing
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from config.demo import grammar
from config.demo.book import Book
from config.demo.case import Case
from config.demo.lives import Lives
from config.demo.tables import COLUMNS, Ids, Lines

BATCH = 5_000
IN_HAND = 0.05
YOUNG = 8  # days: the mean age of a complaint in hand
OLDEST = 40  # days: no complaint in hand is older
ALONE = 730_401  # key of the advisory lock that lets one run at a time count the numbers of a day
WRITING = 730_402  # and of the one that a batch holds until it is committed, even when its run has been killed


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a day: how many are registered in it, with which numbers, and how many of them are in hand."""

    day: date
    begins: float  # parts of the day's window
    ends: float
    first: int  # place in the whole run
    numbers: Sequence[int]
    in_hand: int


@dataclass(frozen=True, slots=True)
class Options:
    """What every batch has to know. `now` is the end of all that is told."""

    now: datetime
    random: int


def per_day(count: int, days: int, random: Random, today: date) -> list[tuple[date, int, int]]:
    """How many complaints each day brings and how many of those are in hand: (day, all, in hand), in order of date."""
    in_hand: dict[date, int] = {}
    for _ in range(round(count * IN_HAND)):
        ago = int(random.expovariate(1 / YOUNG))
        day = today - timedelta(days=ago if ago <= min(OLDEST, days) else int(random.random() * min(10, days)))
        in_hand[day] = in_hand.get(day, 0) + 1
    dates = [today - timedelta(days=ago) for ago in range(days, 0, -1)]
    weights = [(1.0 if day.weekday() < 5 else 0.45) * (0.85 + 0.3 * random.random()) for day in dates]
    ended, share, told = count - sum(in_hand.values()), 0.0, 0
    planned = []
    for day, weight in zip(dates, weights, strict=True):
        share += weight * ended / sum(weights)
        here = round(share) - told
        told += here
        planned.append((day, here + in_hand.get(day, 0), in_hand.get(day, 0)))
    return [*planned, (today, in_hand.get(today, 0), in_hand.get(today, 0))]


def batches(count: int, days: int, options: Options, today: date) -> Iterator[list[Stretch]]:
    """The plan cut into batches of `BATCH`; a day's numbers go on where the database's own have come to."""
    taken, place, room = _numbers_taken(today - timedelta(days=days)), 0, BATCH
    batch: list[Stretch] = []
    for day, number, in_hand in per_day(count, days, Random(options.random), today):  # noqa: S311
        done = 0
        while done < number:
            part = min(room, number - done)
            hands = in_hand * (done + part) // number - in_hand * done // number
            start = taken.get(day, 0) + done + 1
            numbers = drawn(day, part) if day == today else range(start, start + part)
            batch.append(Stretch(day, done / number, (done + part) / number, place, numbers, hands))
            done, place, room = done + part, place + part, room - part
            if not room:
                yield batch
                batch, room = [], BATCH
    if batch:
        yield batch


def _numbers_taken(since: date) -> dict[date, int]:
    """The highest number of each day from `since` on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substr(reference, 3, 8)::date, max(substr(reference, 12)::int) FROM complaints_complaint"
            " WHERE reference ~ '^TS[0-9]{8}-[0-9]+$' AND registered_at >= %s GROUP BY 1",
            [since - timedelta(days=1)],
        )
        return dict(cursor.fetchall())


def drawn(day: date, count: int) -> tuple[int, ...]:
    """Numbers of today, from the function that registering draws from as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT complaints_next_number(%s) FROM generate_series(1, %s)", [day, count])
        return tuple(number for (number,) in cursor.fetchall())


class Batcher:
    """Writes batches, one after another, in one process."""

    def __init__(self, options: Options) -> None:
        self._options, self._book, self._ids, self._lines = options, Book(), Ids(BATCH), Lines()

    def write(self, batch: list[Stretch]) -> int:
        """Tell one batch and copy it, in one transaction; return how many complaints it was."""
        random = Random(f"{self._options.random}/{batch[0].first}")  # noqa: S311
        lives = Lives(self._book, random, self._options.now)
        for stretch in batch:
            self._tell(stretch, lives, random)
        with transaction.atomic():
            _lock("pg_advisory_xact_lock_shared", WRITING)
            self._lines.copy()
        return sum(len(stretch.numbers) for stretch in batch)

    def _tell(self, stretch: Stretch, lives: Lives, random: Random) -> None:
        now, count = self._options.now, len(stretch.numbers)
        in_hand = set(random.sample(range(count), stretch.in_hand))
        for place, (registered_at, number) in enumerate(
            zip(self._times(stretch, random), stretch.numbers, strict=True)
        ):
            rare = (stretch.first + place) % grammar.RARE_EVERY == 137
            script, theme = lives.script(registered_at, ends=place not in in_hand, rare=rare)
            reference = f"TS{stretch.day:%Y%m%d}-{number:06d}"
            case = Case(script, reference, self._book, self._ids, self._lines, uuid.uuid4())
            case.play(now)
            lives.remember(case.id, script, theme)

    def _times(self, stretch: Stretch, random: Random) -> list[datetime]:
        """When each of the stretch was registered, in order: between eight and eight, today until a minute ago."""
        opens = datetime.combine(stretch.day, time(8), self._book.zone).astimezone(UTC)
        closes = opens + timedelta(hours=12)
        if stretch.day == self._book.day(self._options.now):
            midnight = opens - timedelta(hours=8)
            closes = min(closes, self._options.now - timedelta(minutes=1))
            opens = min(opens, midnight + (closes - midnight) / 2)
            closes = max(closes, opens)
        window = closes - opens
        span = stretch.ends - stretch.begins
        return sorted(opens + window * (stretch.begins + span * random.random()) for _ in stretch.numbers)


def seed(count: int, *, days: int = 730, processes: int = 1, random: int | None = None) -> Iterator[int]:
    """Add `count` complaints of the last `days` days; yields how many are written, after each batch.

    The same `random` on the same day tells the same lives; without one, each run tells others.
    """
    now = timezone.now()
    options = Options(now, int(now.timestamp()) if random is None else random)
    _lock("pg_advisory_lock", ALONE)
    try:
        _lock("pg_advisory_xact_lock", WRITING)
        plan = list(batches(count, days, options, timezone.localdate(now)))
        done = 0
        with _pieces_by_the_list():
            for written in _written(plan, options, processes):
                done += written
                yield done
    finally:
        _lock("pg_advisory_unlock", ALONE)


def _lock(how: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.callproc(how, [key])


@contextmanager
def _pieces_by_the_list() -> Iterator[None]:
    """While a run lasts, the search index notes new pieces on a list and sorts thousands in at once: a fifth of all work.

    A search reads the list too, so nothing is found later than otherwise. Each setting waits until nobody reads the index.
    What a killed run leaves behind costs a search some milliseconds: a vacuum sorts the list in, the next run sets it off.
    """
    _index("ALTER INDEX complaint_pieces SET (fastupdate = on)")
    try:
        yield
    finally:
        _index("ALTER INDEX complaint_pieces SET (fastupdate = off)")
        _index("SELECT gin_clean_pending_list('complaint_pieces')")


def _index(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _written(plan: list[list[Stretch]], options: Options, processes: int) -> Iterator[int]:
    if processes == 1 or len(plan) == 1:
        batcher = Batcher(options)
        yield from map(batcher.write, plan)
        return
    # Processes, not threads: half the work is Python's. Each opens a connection of its own; the pool says when one dies.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, _begin, (options,)) as pool:
        yield from pool.map(_write, plan)


_batcher: Batcher


def _begin(options: Options) -> None:
    global _batcher
    connection.connection = (
        None  # the parent's, which holds the lock; psycopg2 leaves it open when another process forgets it
    )
    _batcher = Batcher(options)


def _write(batch: list[Stretch]) -> int:
    return _batcher.write(batch)


def analyze() -> None:
    """Fresh statistics, so that the planner knows what has come; also the map that index-only scans need."""
    with connection.cursor() as cursor:
        verb = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
        cursor.execute(f"{verb} {', '.join(COLUMNS)}")
