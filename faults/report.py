"""One table for people, one JSON file for programs."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from faults.injecting import WORDS, Fault
from faults.judging import Verdict

FOLDER = Path(os.environ.get("FAULTS_RESULTS") or Path(__file__).resolve().parent / "results")
NAMED = 10  # broken rows that are printed; the file has all
SEEN = 3  # numbers between nothing and everything, at least, that somebody who watches the progress must have seen


@dataclass
class Result:
    """One run: what was asked, what was done, and what it left."""

    due: int
    cases: int
    workers: int
    seed: int
    planned: dict[str, int] = field(default_factory=dict)
    injected: dict[str, int] = field(default_factory=dict)
    at_work: int = 0  # kills of workers that fell into a transaction
    messages_lost: int = 0
    seconds: float = 0.0
    awaited: str = "anything"  # what did not come true in time
    not_back: list[str] = field(default_factory=list)
    own_ends: dict[str, list[int]] = field(default_factory=dict)  # exit codes; each was started again
    verdicts: list[Verdict] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def ends_are_explained(self) -> bool:
        """A worker that loses a process of its pool before it is up gives up, with 1; whatever watches over it starts it."""
        ends = [(name.split("-")[0], code) for name, codes in self.own_ends.items() for code in codes]
        return set(ends) <= {("worker", 1)} and len(ends) <= self.injected.get("pool", 0)

    title: ClassVar = "Clocks that are due"

    def plan(self, faults: Sequence[Fault]) -> None:
        """Note what is to be injected."""
        self.planned = dict(Counter(fault.kind for fault in faults))

    @property
    def a_second(self) -> float:
        return self.due / max(self.seconds, 0.001)

    def summary(self) -> list[str]:
        """What was done in what time, in sentences."""
        return [f"all recorded in {self.seconds:.1f} s, {self.a_second:,.0f} breaches a second."]

    def kept(self) -> dict[str, Any]:
        """For the file."""
        return asdict(self) | {"breaches_a_second": self.a_second, "passed": not list(self.wants())}

    def wants(self) -> Iterator[str]:
        """Everything that is wrong, in words; nothing when the run is passed."""
        if self.injected != self.planned:
            yield f"Injected {self.injected}, planned {self.planned}."
        if self.awaited:
            yield f"Waited in vain for {self.awaited}."
        if self.not_back:
            yield f"Did not come back: {', '.join(self.not_back)}."
        if self.own_ends and not self.ends_are_explained:
            yield f"Ended by themselves, with their exit codes: {self.own_ends}."
        if not self.verdicts:
            yield "Nothing was judged."
        for verdict in self.verdicts:
            if not verdict.is_good or not verdict.wanted:
                yield f"{verdict.what}: {verdict.lost} lost, {verdict.doubled} doubled, {verdict.stray} stray."
        for row in self.broken[:NAMED]:
            yield f"Broken: {row}."


@dataclass
class Moved(Result):
    """A run in which a calendar was published. `progress`: what its page showed, with the seconds since it was published."""

    total: int = 0
    moved: int = 0
    kept_dates: int = 0
    is_finished: bool = False
    publish_seconds: float = 0.0
    progress: list[tuple[float, int]] = field(default_factory=list)

    title: ClassVar = "A calendar that moves what runs"

    def summary(self) -> list[str]:
        return [
            f"published in {self.publish_seconds:.1f} s; {self.moved:,} moved and {self.kept_dates:,} kept their date in"
            f" {self.seconds:.1f} s, {self.a_second:,.0f} clocks a second.",
            f"The progress was seen at {len(self.progress):,} different numbers, from {self.progress[0][1]:,} to"
            f" {self.progress[-1][1]:,} of {self.total:,}." if self.progress else "No progress was seen.",
        ]  # fmt: skip

    def kept(self) -> dict[str, Any]:
        return asdict(self) | {"clocks_a_second": self.a_second, "passed": not list(self.wants())}

    def wants(self) -> Iterator[str]:
        yield from super().wants()
        numbers = [number for _seconds, number in self.progress]
        if numbers != sorted(numbers):
            yield "The progress went back."
        if len(numbers) < SEEN:
            yield f"The progress was seen at {len(numbers)} numbers only."
        if self.moved + self.kept_dates != self.total or self.total != self.due or not self.is_finished:
            yield (
                f"The progress ended at {self.moved} + {self.kept_dates} of {self.total}, of {self.due} clocks"
                f" ({'' if self.is_finished else 'not '}finished)."
            )
        if not (self.moved and self.kept_dates):
            yield "Some dates must move, and some must not."


def table(result: Result) -> str:
    """The result as two Markdown tables, and what has to be known to read them."""
    lines = [f"## {result.title}", "", "| injected | times |", "|---|---|"]
    lines += [f"| {words} | {result.injected.get(kind, 0)} |" for kind, words in WORDS.items()]
    lines += ["", "| effect | wanted | found | lost | doubled | stray |", "|---|---|---|---|---|---|"]
    for each in result.verdicts:
        numbers = (each.wanted, each.found, each.lost, each.doubled, each.stray)
        lines.append(f"| {each.what} | {' | '.join(f'{number:,}' for number in numbers)} |")
    lines += [
        "",
        f"- {result.due:,} clocks of {result.cases:,} cases, {result.workers} workers of two processes, two beats, one loop:"
        f" {' '.join(result.summary())}",
        f"- {result.at_work} of {result.injected.get('worker', 0)} killed workers were in a transaction;"
        f" {result.messages_lost} messages lay in Valkey when it was emptied. Random choices: --seed {result.seed}.",
        f"- {sum(map(len, result.own_ends.values()))} programs ended by themselves and were started again.",
        f"- verify_history finds {len(result.broken)} broken rows.",
        *(f"- WRONG: {want}" for want in result.wants()),
    ]
    return "\n".join(lines)


def kept(breaking: Result, moving: Result) -> Path:
    """Write both results to a file named for the moment."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    answer = breaking.kept() | {"calendar": moving.kept()}
    path.write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
    return path
