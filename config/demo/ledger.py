"""The state of one complaint while its script is played, and the rows that each deed leaves behind."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.personal_data import blind_index, seal
from complaints.models.complainant import NORMAL
from complaints.models.event import canonical, chained
from complaints.pieces import pieces
from complaints.states import Status, Verb
from config.demo.book import Book
from config.demo.script import Script
from config.demo.tables import NULL, Ids, Lines, line, moment, written
from notifications.delivery import CATCHING_UP, FROM, KEEPERS, SEVERAL, STEPS, TO, TOLD
from sla import ladder
from sla.clocks import Promise

SEALED = ("name", "phone", "email", "id_number", "address", "account", "principal")
TOLD_AFTER, READ_AFTER = timedelta(seconds=3), timedelta(days=3)


class ClockState:
    """A clock that may still stop."""

    __slots__ = ("breached_at", "detected_at", "due_at", "due_on", "id", "promise", "steps", "stopped_at", "target")

    def __init__(self, number: int, promise: Promise) -> None:
        self.id, self.promise, self.due_at, self.target = number, promise, promise.due_at, promise.term.target
        self.stopped_at: datetime | None = None
        self.breached_at: datetime | None = None
        self.detected_at: datetime | None = None
        self.due_on = promise.due_on
        self.steps = ladder.steps(self)  # those still to come

    @property
    def term_id(self) -> int:
        return self.promise.term.pk

    @property
    def calendar_version_id(self) -> int:
        return self.promise.version.pk

    @property
    def started_at(self) -> datetime:
        return self.promise.started_at

    @property
    def next_step_at(self) -> datetime | None:
        return None if self.stopped_at or not self.steps else self.steps[0].at

    def comes(self) -> datetime | None:
        """When a sweep has something to do with it: its next step, or its breach."""
        if self.stopped_at:
            return None
        if not self.steps or (self.breached_at is None and self.due_at < self.steps[0].at):
            return None if self.breached_at else self.due_at
        return self.steps[0].at


def _moment(at: datetime | None) -> str:
    return moment(at) if at else NULL


class Ledger:
    """One complaint: where it stands, and what is written of it. `case.Case` adds the deeds."""

    def __init__(self, script: Script, reference: str, book: Book, ids: Ids, lines: Lines, key: UUID) -> None:
        self.script, self.reference, self._book, self._ids, self._rows = script, reference, book, ids, lines.of
        self.id = ids.next("complaints_complaint")
        self.status = Status.REGISTERED.value
        self.owner, self.owned_since = script.by, script.registered_at
        self.owner_unit = self.registered_unit = book.post_of(script.by)
        self.offer: list[Any] | None = None
        self._matter = book.matter(script, self.registered_unit)
        self.responded_at: datetime | None = None
        self.contacted_at: datetime | None = None
        self.resolved_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.version, self.seq, self.head = 1, 0, b""
        self.made: list[tuple[int, Verb, int, datetime, dict[str, Any]]] = []
        self._key = key
        self.clocks: list[ClockState] = []
        self._fixed = ""

    def _record(self, verb: Verb, actor: int, at: datetime, facts: dict[str, Any]) -> None:
        self.seq += 1
        told = canonical(facts)
        self.head = chained(self.head, self.reference, self.seq, verb.value, actor, at, self.status, told)
        number = self._ids.next("complaints_caseevent")
        self._rows["complaints_caseevent"].append(
            f"{number}\t{self.id}\t{self.seq}\t{verb.value}\t{actor}\t{moment(at)}\t{self.status}\t"
            f"{written(told)}\t\\\\x{self.head.hex()}"
        )
        if verb in TOLD:
            self.made.append((number, verb, actor, at, facts))

    def _keep(self, verb: Verb, by: int, at: datetime, kind: str) -> None:
        self._rows["complaints_historicalcomplaint"].append(
            f"{moment(at)}\t{verb.value}\t{kind}\t{by}\t{self._moving()}\t{self._fixed}"
        )

    def _both(
        self, name: str, verb: Verb, by: int, at: datetime, values: Iterable[Any], kind: str, *, final: bool = True
    ) -> None:
        """A row that belongs to the case, and its row history. A row that may still change is written at its end."""
        row = line(values)
        if final:
            self._rows[f"complaints_{name}"].append(row)
        self._rows[f"complaints_historical{name}"].append(f"{moment(at)}\t{verb.value}\t{kind}\t{by}\t{row}")

    def _moving(self) -> str:
        first = None
        for clock in self.clocks:
            if not clock.stopped_at and (first is None or clock.due_at < first.due_at):
                first = clock
        due_at, target = (moment(first.due_at), first.target) if first else (NULL, "")
        offered_to = self.offer[3] if self.offer else NULL
        return (
            f"{self.status}\t{self.owner}\t{self.owner_unit}\t{moment(self.owned_since)}\t{offered_to}"
            f"\t{_moment(self.responded_at)}\t{_moment(self.contacted_at)}\t{_moment(self.resolved_at)}"
            f"\t{_moment(self.closed_at)}\t{due_at}\t{target}\t{self.version}\t{self.seq}"
        )

    def _as_registered(self) -> str:
        script = self.script
        return line(
            (
                self.id, self.reference, script.severity, script.channel, script.received_at, script.registered_at,
                script.late_entry_reason, script.place, script.recording_reference, script.postmarked_on,
                script.registered_mail_number, script.external_reference, script.referred_by, script.alleges_violation,
                str(self._key), script.unit,
                script.staff_complained_about, script.staff_described, script.cause, script.product, script.summary,
                script.is_summary_confirmed, script.demand, script.claimed_amount, "CNY", script.repeat_of, script.by,
                self.registered_unit, None, "", "",
            )
        )  # fmt: skip

    def _complainant(self) -> None:
        caller, key = self.script.caller, str(self._key)
        sealed = [seal(getattr(caller, name), f"{name}:{key}") for name in SEALED]
        name, phone, email, number, address, account, principal = sealed
        indexes = [blind_index(kind, NORMAL[kind](getattr(caller, kind))) for kind in ("name", "phone", "id_number")]
        row = line(
            (
                key, caller.kind, name, phone, email, caller.id_type, number, address, account, principal,
                caller.authority, caller.care, *indexes,
            )
        )  # fmt: skip
        self._rows["complaints_complainant"].append(row)
        by, at = self.script.by, self.script.registered_at
        self._rows["complaints_historicalcomplainant"].append(f"{moment(at)}\tregister\t+\t{by}\t{row}")

    def _end(self, until: datetime) -> None:
        """The rows that could still change are written as they are now."""
        script = self.script
        if self.offer is not None:
            self._rows["complaints_handover"].append(line(self.offer))
        for clock in self.clocks:
            promise, term = clock.promise, clock.promise.term
            self._rows["sla_clock"].append(
                line(
                    (
                        clock.id, self.id, term.target, term.pk, promise.version.pk, term.amount, term.unit,
                        promise.started_at, promise.due_at, promise.due_on, promise.provisional,
                        clock.stopped_at, clock.breached_at, clock.detected_at,
                        self.owner_unit, self.registered_unit, script.unit, None, None, "[]",
                        term.by_time.isoformat() if term.by_time else None, clock.next_step_at,
                    )
                )
            )  # fmt: skip
        self._tell(until)
        searched = " ".join(pieces(self.reference, script.summary, script.narrative, script.demand))
        self._rows["complaints_complaint"].append(
            f"{self._moving()}\t{self._fixed}\t\\\\x{self.head.hex()}\t{written(script.narrative)}\t{searched}"
        )

    def _tell(self, until: datetime) -> None:
        """Who was told of what, as `notifications.delivery` would have told them; read, unless it was lately."""
        rows = self._rows["notifications_notification"]
        for number, verb, actor, at, facts in self.made:
            people: set[int] = set()
            if verb in TO and "to" in facts:
                people.add(facts["to"])
            if verb in FROM and "from" in facts:
                people.add(facts["from"])
            if verb in KEEPERS:
                people |= {self.owner, self.script.by}
            elif verb in SEVERAL:
                people |= set(facts["to"])
            made_at = min(at + TOLD_AFTER, until)
            read_at = _moment(made_at + READ_AFTER) if made_at + READ_AFTER < until else NULL
            late = "f"
            if verb in STEPS and datetime.fromisoformat(facts.get("at") or facts["due_at"]) < made_at - CATCHING_UP:
                late = "t"
            rows += [
                f"{person}\t{number}\t{moment(made_at)}\t{read_at}\t{late}\t{NULL}"
                for person in sorted(people - {actor})
            ]
