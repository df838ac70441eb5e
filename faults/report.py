"""One table for people, one JSON file for programs."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faults.injecting import WORDS
from faults.judging import Verdict

FOLDER = Path(os.environ.get("FAULTS_RESULTS") or Path(__file__).resolve().parent / "results")
NAMED = 10  # broken rows that are printed; the file has all


@dataclass
class Result:
    """One run: what was asked, what was done, and what it left."""

    due: int
    cases: int
    workers: int
    seed: int
    planned: dict[str, int]
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


def table(result: Result) -> str:
    """The result as two Markdown tables, and what has to be known to read them."""
    lines = ["| injected | times |", "|---|---|"]
    lines += [f"| {words} | {result.injected.get(kind, 0)} |" for kind, words in WORDS.items()]
    lines += ["", "| effect | wanted | found | lost | doubled | stray |", "|---|---|---|---|---|---|"]
    for each in result.verdicts:
        numbers = (each.wanted, each.found, each.lost, each.doubled, each.stray)
        lines.append(f"| {each.what} | {' | '.join(f'{number:,}' for number in numbers)} |")
    lines += [
        "",
        f"- {result.due:,} clocks of {result.cases:,} cases, {result.workers} workers of two processes, two beats, one loop:"
        f" all recorded in {result.seconds:.1f} s, {result.due / max(result.seconds, 0.001):,.0f} breaches a second.",
        f"- {result.at_work} of {result.injected.get('worker', 0)} killed workers were in a transaction;"
        f" {result.messages_lost} messages lay in Valkey when it was emptied. Random choices: --seed {result.seed}.",
        f"- {sum(map(len, result.own_ends.values()))} programs ended by themselves and were started again.",
        f"- verify_history finds {len(result.broken)} broken rows.",
        *(f"- WRONG: {want}" for want in result.wants()),
    ]
    return "\n".join(lines)


def kept(result: Result) -> Path:
    """Write the result to a file named for the moment."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    answer: dict[str, Any] = asdict(result) | {
        "breaches_a_second": result.due / max(result.seconds, 0.001), "passed": not list(result.wants()),
    }  # fmt: skip
    path.write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
    return path
