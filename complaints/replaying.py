"""Proving every stored deadline: the case histories are replayed with the engine, and what comes out must stand in the rows.

A clock is promised, moved (by a newer calendar, an extension, a pause) and stopped by deeds whose events tell it. From them
and the engine follow its date, whether that is provisional, the date first promised, its pauses, its end and its breach. That
the histories themselves are whole is another question, which `complaints.integrity` answers.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from complaints.states import Verb
from complaints.streaming import one_view, stream
from sla.calendar import Allowance, Pause, Unit, Unreckonable, due
from sla.models import CalendarVersion, version_of

CLOCKS = """
SELECT k.complaint_id, k.id, c.reference, k.target, t.amount, k.amount, k.unit, k.by_time, k.calendar_version_id,
    CASE WHEN t.starts = 'received' THEN c.received_at END, k.started_at, k.due_at, k.due_on, k.provisional,
    k.original_due_at, k.original_due_on, k.pauses, k.stopped_at, k.breached_at
FROM sla_clock k JOIN sla_term t ON t.id = k.term_id JOIN complaints_complaint c ON c.id = k.complaint_id
ORDER BY k.complaint_id, k.id
"""
EVENTS = """
SELECT complaint_id, seq, verb, coalesce(facts -> 'clocks', facts), facts ->> 'version' FROM complaints_caseevent
WHERE facts ? 'clocks' OR verb = 'breach' ORDER BY complaint_id, seq
"""
Date = tuple[datetime, date, bool]


@dataclass(frozen=True)
class Difference:
    """What the replay gives (`replayed`) beside what is stored or told (`found`), and of what it speaks (a word below)."""

    reference: str
    clock: int | None
    target: str
    what: str
    found: str = ""
    replayed: str = ""
    seq: int | None = None


@dataclass
class Replay:
    """What was looked at."""

    complaints: int = 0
    clocks: int = 0
    entries: int = 0


class Row(NamedTuple):
    """A clock as it is stored; `promised` is the allowance of its term, `received_at` empty where it starts otherwise."""

    complaint: int
    id: int
    reference: str
    target: str
    promised: int
    amount: int
    unit: str
    by_time: time | None
    version: int
    received_at: datetime | None
    started_at: datetime
    due_at: datetime
    due_on: date
    provisional: bool
    original_due_at: datetime | None
    original_due_on: date | None
    pauses: Any
    stopped_at: datetime | None
    breached_at: datetime | None


@dataclass
class Life:
    """A clock as the events have told it so far."""

    row: Row
    amount: int
    pauses: list[list[str]] = field(default_factory=list)
    date: Date | None = None
    by: int = 0  # the version of its calendar that the date was reckoned by
    original: Date | None = None
    stopped_at: datetime | None = None
    kept: bool | None = None
    broken_at: datetime | None = None


def differences(replay: Replay) -> Iterator[Difference]:
    """Every difference, as it is found, from one view of the data; memory does not grow with it."""
    with one_view():
        versions = Versions()
        events = groupby(stream(EVENTS), itemgetter(0))
        at, told = next(events, (None, iter(())))
        for case, rows in groupby(map(Row._make, stream(CLOCKS)), itemgetter(0)):
            while at is not None and at < case:
                yield from Case([], versions).play(told, replay)
                at, told = next(events, (None, iter(())))
            replay.complaints += 1
            clocks = [row._replace(pauses=_read(row.pauses)) for row in rows]
            replay.clocks += len(clocks)
            yield from Case(clocks, versions).play(told if at == case else iter(()), replay)
            if at == case:
                at, told = next(events, (None, iter(())))


class Versions:
    """The published versions of every calendar, by the id of one of them."""

    def __init__(self) -> None:
        numbers: dict[int, dict[int, int]] = defaultdict(dict)
        self.calendar_of: dict[int, int] = {}
        for pk, calendar, number in CalendarVersion.objects.values_list("pk", "calendar_id", "number"):
            numbers[calendar][number] = pk
            self.calendar_of[pk] = calendar
        self.numbers = numbers

    def named(self, like: int, number: Any) -> int | None:
        """The version of this number of the same calendar as `like`, or None."""
        return self.numbers[self.calendar_of[like]].get(int(number))

    def before(self, last: int) -> list[int]:
        """`last` and the versions of its calendar before it, the newest first."""
        known = self.numbers[self.calendar_of[last]]
        until = next(number for number, pk in known.items() if pk == last)
        return [known[number] for number in sorted(known, reverse=True) if number <= until]


class Case:
    """The clocks of one complaint, to which its events happen in order."""

    def __init__(self, rows: list[Row], versions: Versions) -> None:
        self.versions = versions
        self.lives = {row.id: Life(row, row.promised) for row in rows}
        self.waiting: dict[str, list[Life]] = defaultdict(list)
        for life in self.lives.values():
            self.waiting[life.row.target].append(life)
        self.running: dict[str, Life] = {}
        self.reference = rows[0].reference if rows else ""

    def play(self, events: Iterator[Any], replay: Replay) -> Iterator[Difference]:
        for _case, seq, verb, facts, version in events:
            told = _read(facts)
            for entry in [told] if isinstance(told, dict) else told:
                replay.entries += 1
                yield from self._happens(seq, verb, entry, version)
        for life in self.lives.values():
            yield from self._compare(life)

    def _happens(self, seq: int, verb: str, entry: dict[str, Any], version: str | None) -> Iterator[Difference]:
        target = entry["target"]
        if verb == Verb.BREACH:
            life = self.lives.get(entry["clock"])
            if life:
                life.broken_at = _moment(entry["due_at"])
        elif "from" in entry:
            life = self.lives.get(entry["clock"])
            if life:
                yield from self._moved(life, seq, verb, entry, version)
        elif "kept" in entry:
            life = self.running.pop(target, None)
            if life:
                life.stopped_at, life.kept = _moment(entry["stopped_at"]), entry["kept"]
        elif self.waiting[target]:
            life = self.running[target] = self.waiting[target].pop(0)
            yield from self._promised(life, seq, verb, entry)
        else:
            life = None
        if life is None:
            yield Difference(self.reference, entry.get("clock"), target, "gone", seq=seq)

    def _promised(self, life: Life, seq: int, verb: str, entry: dict[str, Any]) -> Iterator[Difference]:
        """Some version of its calendar, up to the one it is reckoned by now, gives the date that was told."""
        row, told = life.row, _moment(entry["due_at"])
        life.amount, life.pauses = entry.get("amount", row.promised), entry.get("pauses", [])
        if verb == Verb.REGISTER and row.received_at not in {None, row.started_at}:
            yield _difference(row, "started_at", row.started_at, row.received_at)
        for version in self.versions.before(row.version):
            life.date, life.by = self._reckon(life, version), version
            if life.date and life.date[0] == told:
                break
        else:
            yield _difference(row, "promise", told, life.date and life.date[0], seq)
        if life.amount > row.promised and row.original_due_at is not None:
            life.original = self._reckon(Life(row, row.promised, life.pauses), life.by or row.version)

    def _moved(
        self, life: Life, seq: int, verb: str, entry: dict[str, Any], version: str | None
    ) -> Iterator[Difference]:
        row, before, told = life.row, life.date, _moment(entry["due_at"])
        if before is None:  # nothing promised it, which is said in the end
            return
        if _moment(entry["from"]) != before[0]:
            yield _difference(row, "from", entry["from"], before[0], seq)
        number = version if verb == Verb.RECOMPUTE else entry.get("calendar_version")
        known = self.versions.named(row.version, number) if number else row.version
        life.pauses = entry.get("pauses", life.pauses)
        amount = entry.get("amount", life.amount)
        if amount != life.amount:
            life.amount, life.original = amount, life.original or before
        life.date, life.by = (self._reckon(life, known), known) if known else (None, 0)
        if life.date is None or life.date[0] != told:
            yield _difference(row, "move", told, life.date and life.date[0], seq)

    def _compare(self, life: Life) -> Iterator[Difference]:
        """What is stored against what the events and the version of its calendar come to."""
        row = life.row
        if life.date is None:
            yield _difference(row, "unpromised", row.due_at, None)
            return
        now = life.date if life.by == row.version else self._reckon(life, row.version) or life.date
        due_at = now[0] if now[0] == life.date[0] else life.date[0]
        original_at, original_on = life.original[:2] if life.original else (None, None)
        late = life.kept is False or life.broken_at is not None
        pairs = (
            ("due_at", row.due_at, due_at),
            ("version", row.due_at, now[0]),
            ("due_on", row.due_on, now[1]),
            ("provisional", row.provisional, now[2]),
            ("amount", row.amount, life.amount),
            ("pauses", row.pauses, life.pauses),
            ("original_due_at", row.original_due_at, original_at),
            ("original_due_on", row.original_due_on, original_on),
            ("stopped_at", row.stopped_at, life.stopped_at),
            ("breached_at", row.breached_at, (life.broken_at or due_at) if late else None),
        )
        for what, stored, replayed in pairs:
            if stored != replayed:
                yield _difference(row, what, stored, replayed)

    def _reckon(self, life: Life, version: int) -> Date | None:
        """The date by a version of the calendar, or None where the engine refuses."""
        row = life.row
        spans: list[Pause] = [(_moment(since), _moment(until)) for since, until, *_why in life.pauses]
        try:
            return due(
                row.started_at, Allowance(life.amount, Unit(row.unit), row.by_time), version_of(version).value(), spans
            )
        except (Unreckonable, ValueError):
            return None


def _difference(row: Row, what: str, found: object, replayed: object, seq: int | None = None) -> Difference:
    return Difference(row.reference, row.id, row.target, what, str(found), str(replayed), seq)


def _read(value: Any) -> Any:
    """What a column of JSON holds, whichever way the driver gives it."""
    return json.loads(value) if isinstance(value, str) else value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
