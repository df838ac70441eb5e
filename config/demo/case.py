"""A script played into rows: each method writes what the verb of the same name would have written, at its own time.

Nothing is checked here. That the rows are those of the verbs, and that the verbs allow each step, is what
tests/config/test_demo.py and test_seed.py show, by playing scripts through both.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from complaints.circle import Told
from complaints.correspondence import SAID
from complaints.escalation import USUAL, when_of
from complaints.evidence import content_type
from complaints.models import Evidence, Message
from complaints.states import MOVES, QUIET, Status, Verb
from config.demo import papers
from config.demo.book import Book
from config.demo.ledger import ClockState, Ledger
from config.demo.script import Script
from config.demo.tables import Ids, Lines, line
from sla import ladder
from sla.targets import Stop

SWEPT_AFTER = timedelta(seconds=12)  # a sweep comes every twenty seconds
_ANSWER = {"accept": "accepted", "decline": "declined", "recall": "recalled"}


class Case(Ledger):
    """One complaint while its script is played."""

    def __init__(self, script: Script, reference: str, book: Book, ids: Ids, lines: Lines, key: UUID) -> None:
        super().__init__(script, reference, book, ids, lines, key)
        self._register()

    # Playing

    def play(self, until: datetime, *, swept: bool = True, warned: bool = False) -> None:
        """Play every step up to `until`, with the sweeps between; `swept=False` leaves what came last unrecorded.

        `warned`: but for the warnings before the first breach.
        """
        for step in self.script.steps:
            if step.at > until:
                break
            self._sweep(step.at)
            self._do(step.verb, step.by, step.at, step.given)
        if swept or warned:
            self._sweep(until, breaking=swept)
        self._end(until)

    def _do(self, verb: Verb, by: int, at: datetime, given: dict[str, Any]) -> None:
        status = MOVES[verb].path[Status(self.status)].value
        facts, status = getattr(self, verb.value)(by, at, status, **given)
        self.status = status
        self._record(verb, by, at, facts)
        self.version += verb not in QUIET
        self._keep(verb, by, at, "~")

    def _sweep(self, until: datetime, *, breaking: bool = True) -> None:
        """Record what broke and what steps came before `until`, as the sweep would have."""
        while True:
            clock, comes = None, None
            for other in self.clocks:
                moment = other.comes()
                if moment and (comes is None or moment < comes):
                    clock, comes = other, moment
            if clock is None or comes is None:
                return
            at = max(comes, self.script.registered_at) + SWEPT_AFTER
            if at >= until:
                return
            if clock.breached_at is None and clock.due_at <= comes:
                if not breaking:
                    return
                self._escalate(clock, at)
            else:
                self._step(clock, at)

    # Deeds

    def _register(self) -> None:
        script, at = self.script, self.script.registered_at
        promised = self._book.promises(script.received_at, self._matter)
        self._complainant()
        self.clocks = [ClockState(self._ids.next("sla_clock"), promise) for promise in promised]
        self._fixed = self._as_registered()
        self._record(
            Verb.REGISTER, script.by, at, {"channel": script.channel, "clocks": [self._promise(c) for c in self.clocks]}
        )
        self._keep(Verb.REGISTER, script.by, at, "+")

    def respond(
        self, by: int, at: datetime, status: str, *, delivery: str = "delivered", **said: Any
    ) -> tuple[dict[str, Any], str]:
        told_at = said.get("at") or at
        number = self._message(Verb.RESPOND, by, at, purpose=Message.Purpose.RESPONSE, delivery=delivery, **said)
        facts = {"message": number, "means": said["means"], "delivery": delivery}
        if delivery not in SAID:
            return facts, self.status
        self.contacted_at = max(self.contacted_at or told_at, told_at)
        self.responded_at = self.responded_at or told_at
        stopped = self._stop((Stop.ANSWERED, Stop.INFORMED, Stop.TAKEN_UP), told_at, at)
        return facts | ({"clocks": stopped} if stopped else {}), status

    def take(self, by: int, at: datetime, status: str) -> tuple[dict[str, Any], str]:
        facts = {"from": self.owner, "to": by}
        return facts | self._own(by, self._book.post_of(by, self.owner_unit, self.registered_unit), by, at), status

    def hand_over(
        self, by: int, at: datetime, status: str, *, to: int, unit: int, reason: str
    ) -> tuple[dict[str, Any], str]:
        number = self._ids.next("complaints_handover")
        self.offer = [number, self.id, by, to, unit, reason, at, "", None, ""]
        self._both("handover", Verb.HAND_OVER, by, at, self.offer, "+", final=False)
        return {"to": to, "handover": number, "reason": reason}, status

    def accept(self, by: int, at: datetime, status: str) -> tuple[dict[str, Any], str]:
        offer = self._answer(Verb.ACCEPT, by, at)
        facts = {"from": self.owner, "to": by, "handover": offer[0]}
        self._own(by, offer[4], by, at)
        return facts, status

    def decline(self, by: int, at: datetime, status: str, *, reason: str) -> tuple[dict[str, Any], str]:
        offer = self._answer(Verb.DECLINE, by, at, reason=reason)
        return {"to": self.owner, "handover": offer[0], "reason": reason}, status

    def recall(self, by: int, at: datetime, status: str) -> tuple[dict[str, Any], str]:
        offer = self._answer(Verb.RECALL, by, at)
        return {"to": offer[3], "handover": offer[0]}, status

    def assign(
        self, by: int, at: datetime, status: str, *, to: int, unit: int, reason: str = ""
    ) -> tuple[dict[str, Any], str]:
        facts = {"from": self.owner, "to": to, "reason": reason}
        return facts | self._own(to, unit, by, at), status

    def remind(self, by: int, at: datetime, status: str, *, text: str = "") -> tuple[dict[str, Any], str]:
        return {"to": self.owner, "text": text}, status

    def note(self, by: int, at: datetime, status: str, *, body: str) -> tuple[dict[str, Any], str]:
        number = self._ids.next("complaints_note")
        self._rows["complaints_note"].append(line((number, self.id, body, at, by)))
        return {"note": number, "sha256": sha256(body.encode()).hexdigest()}, status

    def attach(self, by: int, at: datetime, status: str, *, label: str) -> tuple[dict[str, Any], str]:
        kept = Evidence(id=uuid4(), label=label)
        content = papers.made(label)
        kept.path.parent.mkdir(parents=True, exist_ok=True)
        kept.path.write_bytes(content)
        digest, size, kind = sha256(content).hexdigest(), len(content), content_type(label, content)
        row = (str(kept.pk), self.id, None, label, kind, size, digest, by, at)
        self._rows["complaints_evidence"].append(line(row))
        return {"evidence": str(kept.pk), "sha256": digest, "size": size}, status

    def reveal(self, by: int, at: datetime, status: str, *, field: str, reason: str) -> tuple[dict[str, Any], str]:
        return {"field": field, "reason": reason}, status

    def investigate(
        self, by: int, at: datetime, status: str, *,
        founded: str, facts: str, root_cause: str = "", cause: int | None = None, plan: str = "",
    ) -> tuple[dict[str, Any], str]:  # fmt: skip
        number = self._ids.next("complaints_finding")
        values = (number, self.id, founded, facts, root_cause, cause, plan, at, by)
        self._both("finding", Verb.INVESTIGATE, by, at, values, "+")
        return {"finding": number, "founded": founded}, status

    def resolve(
        self, by: int, at: datetime, status: str, *,
        kind: str, body: str, redress_amount: Decimal | None = None, reception: str = "silent", **said: Any,
    ) -> tuple[dict[str, Any], str]:  # fmt: skip
        told_at = said.get("at") or at
        message = self._message(Verb.RESOLVE, by, at, purpose=Message.Purpose.OUTCOME, body=body, **said)
        number = self._ids.next("complaints_outcome")
        values = (number, self.id, kind, body, redress_amount, "CNY", reception, message, told_at, by)
        self._both("outcome", Verb.RESOLVE, by, at, values, "+")
        self.resolved_at = told_at
        self.contacted_at = max(self.contacted_at or told_at, told_at)
        self.responded_at = self.responded_at or told_at
        facts = {"outcome": number, "kind": kind, "message": message, "means": said["means"]}
        if stopped := self._stop(Stop, told_at, at):
            facts["clocks"] = stopped
        return facts | self._lapse(by, at), status

    def close(self, by: int, at: datetime, status: str) -> tuple[dict[str, Any], str]:
        self.closed_at = at
        return {}, status

    def reopen(self, by: int, at: datetime, status: str, *, reason: str) -> tuple[dict[str, Any], str]:
        self.resolved_at = self.closed_at = None
        promised = self._book.again(at, self._matter)
        started = [ClockState(self._ids.next("sla_clock"), promise) for promise in promised]
        self.clocks += started
        return {"reason": reason, "to": self.owner, "clocks": [self._promise(clock) for clock in started]}, status

    def withdraw(
        self, by: int, at: datetime, status: str, *, reason: str, told_at: datetime | None = None
    ) -> tuple[dict[str, Any], str]:
        self.closed_at = told_at or at
        facts: dict[str, Any] = {"reason": reason, "to": self.owner}
        if stopped := self._stop(Stop, self.closed_at, at):
            facts["clocks"] = stopped
        return facts | self._lapse(by, at), status

    def _escalate(self, clock: ClockState, at: datetime) -> None:
        clock.breached_at, clock.detected_at = clock.due_at, at
        broken = {"clock": clock.id, "target": clock.target, "due_at": clock.due_at.isoformat()}
        self._record(Verb.BREACH, self._book.system, at, broken)
        whom = ladder.whom_at_the_deadline(clock.term_id) or USUAL
        told = self._book.circle.of(self._around(), whom, breaking=True)
        self._kept_step(Verb.ESCALATE, clock, ladder.AT_THE_DEADLINE, clock.due_at, told, at, {})

    def _step(self, clock: ClockState, at: datetime) -> None:
        step = clock.steps.pop(0)
        told = self._book.circle.of(self._around(), step.rung.whom)
        more = when_of(step.rung) | {"due_at": clock.due_at.isoformat()} if step.number < 0 else {}
        self._kept_step(Verb.WARN if step.number < 0 else Verb.ESCALATE, clock, step.number, step.at, told, at, more)

    def _kept_step(
        self,
        verb: Verb,
        clock: ClockState,
        number: int,
        planned: datetime,
        told: Told,
        at: datetime,
        more: dict[str, Any],
    ) -> None:
        key = self._ids.next("complaints_escalation")
        self._rows["complaints_escalation"].append(line((key, self.id, clock.id, number, told.unit, at)))
        facts = {"clock": clock.id, "target": clock.target, "step": number, "unit": told.unit, "to": told.to}
        self._record(verb, self._book.system, at, facts | {"at": planned.isoformat()} | more)
        self._keep(verb, self._book.system, at, "~")

    def _around(self) -> SimpleNamespace:
        return SimpleNamespace(
            owner_id=self.owner, owner_unit_id=self.owner_unit, first_responder_id=self.script.by,
            registered_unit_id=self.registered_unit, staff_complained_about_id=self.script.staff_complained_about,
        )  # fmt: skip

    # Parts of deeds

    def _own(self, person: int, unit: int, by: int, at: datetime) -> dict[str, Any]:
        lapsed = self._lapse(by, at)
        self.owner, self.owner_unit, self.owned_since = person, unit, at
        return lapsed

    def _lapse(self, by: int, at: datetime) -> dict[str, Any]:
        if self.offer is None:
            return {}
        return {"lapsed": self._answer(Verb.RECALL, by, at, answer="lapsed")[3]}

    def _answer(self, verb: Verb, by: int, at: datetime, *, answer: str = "", reason: str = "") -> list[Any]:
        assert self.offer is not None, self.reference
        offer, self.offer = self.offer, None
        offer[7:] = answer or _ANSWER[verb.value], at, reason
        self._both("handover", verb, by, at, offer, "~")
        return offer

    def _message(
        self, verb: Verb, by: int, at: datetime, *, purpose: str, means: str, body: str,
        to_whom: str = "", delivery: str = "delivered", proof: str = "", **said: datetime,
    ) -> int:  # fmt: skip
        number = self._ids.next("complaints_message")
        told_at = said.get("at") or at
        values = (number, self.id, "out", purpose, means, told_at, to_whom, body, delivery, proof, by, at)
        self._both("message", verb, by, at, values, "+")
        return number

    @staticmethod
    def _promise(clock: ClockState) -> dict[str, str]:
        return {"target": clock.target, "due_at": clock.due_at.isoformat()}

    def _stop(self, stops: Iterable[Stop], at: datetime, now: datetime) -> list[dict[str, Any]]:
        stopped = sorted(
            (clock for clock in self.clocks if not clock.stopped_at and clock.promise.term.stops in list(stops)),
            key=lambda clock: (clock.due_at, clock.id),
        )
        told = []
        for clock in stopped:
            is_late = clock.due_at <= now
            clock.stopped_at = stopped_at = now if is_late else max(at, clock.promise.started_at)
            if is_late and clock.breached_at is None:
                clock.breached_at, clock.detected_at = clock.due_at, now
            kept = {"stopped_at": stopped_at.astimezone(UTC).isoformat(), "kept": clock.breached_at is None}
            told.append(self._promise(clock) | kept)
        return told
