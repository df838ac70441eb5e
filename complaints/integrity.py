"""Proving the two histories: no event and no row changed, removed, swapped or slipped in behind the verbs' back.

The chain of a complaint's events is reckoned anew from the first; each event must have its row in row history, and each
row must be what its latest history holds. Files and clocks have no row history: they must be what the events say of them.
Whoever rewrites a whole chain, its head and its rows together is found only by
comparing heads with a copy kept elsewhere (docs/operations.md).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

from complaints.models import CallBack, Complaint, Evidence, Finding, Handover, Message, Note, Outcome, Pause
from complaints.models.event import canonical, chained
from complaints.states import Verb
from complaints.streaming import one_view, stream
from complaints.told import TOLD

# Rows that a verb makes, and the word under which its event names them.
NAMED: dict[str, type[models.Model]] = {
    "message": Message, "finding": Finding, "outcome": Outcome, "handover": Handover, "note": Note,
    "call_back": CallBack,
    "pause": Pause,
}  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """One broken row: the table and id, the complaint and event where there is one, and what is wrong (a word below)."""

    table: str
    id: str
    what: str
    reference: str = ""
    seq: int | None = None


@dataclass
class Proof:
    """What was looked at, and what was found broken."""

    complaints: int = 0
    events: int = 0
    rows: int = 0


EVENTS = """
SELECT c.id, c.reference, c.status, c.history_seq, c.history_head, e.id, e.seq, e.verb, e.actor_id, e.at, e.status,
       e.facts::text, e.hash, h.history_id, h.history_change_reason, h.history_user_id, h.status
FROM complaints_complaint c
LEFT JOIN complaints_caseevent e ON e.complaint_id = c.id
LEFT JOIN complaints_historicalcomplaint h ON h.id = c.id AND h.history_seq = e.seq
"""
SINCE = "WHERE c.id IN (SELECT complaint_id FROM complaints_caseevent WHERE at >= %s) "


def broken(proof: Proof, since: datetime | None = None, *, files: bool = False) -> Iterator[Broken]:
    """Every broken row, as it is found, from one view of the data. `since`: only complaints with an event from then on.

    `files`: the bytes of every file are read and hashed as well, whatever `since` says.
    """
    with one_view():
        yield from _chains(proof, since)
        if since is None:
            for model in apps.get_models():
                if hasattr(model._meta, "simple_history_manager_attribute"):
                    yield from _rows(proof, model)
            for word, model in NAMED.items():
                yield from _unnamed(word, model)
            yield from _stray_history()
            for table, query in TOLD:
                yield from _otherwise_than_told(table, query)
        if files:
            yield from _files()


def _chains(proof: Proof, since: datetime | None) -> Iterator[Broken]:
    order = "ORDER BY c.id, e.seq, h.history_id"
    rows = stream(EVENTS + SINCE + order, since) if since else stream(EVENTS + order)
    current, chain = None, None
    for row in rows:
        if row[0] != current:
            if chain:
                yield from chain.end()
            current, chain = row[0], Chain(*row[:5])
            proof.complaints += 1
        proof.events += 1
        assert chain is not None
        yield from chain.add(*row[5:])
    if chain:
        yield from chain.end()


class Chain:
    """The events of one complaint, in order."""

    def __init__(self, pk: int, reference: str, status: str, seq: int, head: bytes) -> None:
        self.pk, self.reference, self.status = pk, reference, status
        self.promised = (seq, bytes(head))
        self.seq, self.hash, self.last_status = 0, b"", ""

    def add(
        self, pk: int | None, seq: int, verb: str, actor: int, at: datetime, status: str, facts: str, kept: bytes,
        row_id: int | None, row_verb: str, row_actor: int, row_status: str,
    ) -> Iterator[Broken]:  # fmt: skip
        """One event, with the row history of the complaint that it left."""
        if pk is None:
            return
        if seq == self.seq:
            yield self._broken("complaints_historicalcomplaint", row_id, "twice", seq)
            return
        if seq != self.seq + 1:
            yield self._broken("complaints_caseevent", pk, "gap", seq)
        wanted = chained(self.hash, self.reference, seq, verb, actor, at, status, canonical(json.loads(facts)))
        if wanted != bytes(kept):
            yield self._broken("complaints_caseevent", pk, "hash", seq)
        self.seq, self.hash, self.last_status = seq, bytes(kept), status
        if verb == Verb.BREACH:  # recorded together with the escalation that follows it, and saved with that
            return
        if row_id is None:
            yield self._broken("complaints_caseevent", pk, "no_row", seq)
        elif (row_verb, row_actor, row_status) != (verb, actor, status):
            yield self._broken("complaints_historicalcomplaint", row_id, "other_deed", seq)

    def end(self) -> Iterator[Broken]:
        """What the complaint itself says about its history."""
        if self.promised != (self.seq, self.hash):
            yield self._broken("complaints_complaint", self.pk, "head", self.seq)
        if self.status != self.last_status:
            yield self._broken("complaints_complaint", self.pk, "status", self.seq)

    def _broken(self, table: str, pk: int | None, what: str, seq: int) -> Broken:
        return Broken(table, str(pk), what, self.reference, seq)


def _rows(proof: Proof, model: type[models.Model]) -> Iterator[Broken]:
    """Each row of a tracked table against the latest of its history, and histories whose row is gone.

    Only the tables of complaints must have a history for every row; settings may stand as they were installed.
    """
    kept: Any = getattr(model, model._meta.simple_history_manager_attribute).model  # type: ignore[attr-defined]
    columns = [field.column for field in kept.tracked_fields]
    table, history, pk = model._meta.db_table, kept._meta.db_table, model._meta.pk.column
    mine, theirs = (", ".join(f'{side}."{name}"' for name in columns) for side in "rh")
    strict = model._meta.app_label == Complaint._meta.app_label and model._meta.model_name not in {"cause", "product"}
    query = f"""
        SELECT coalesce(r."{pk}", h."{pk}")::text, r."{pk}" IS NULL, h.history_id IS NULL, h.history_type,
               ({mine}) IS DISTINCT FROM ({theirs})
        FROM "{table}" r FULL JOIN (
            SELECT DISTINCT ON ("{pk}") * FROM "{history}" ORDER BY "{pk}", history_date DESC, history_id DESC
        ) h ON h."{pk}" = r."{pk}"
    """  # noqa: S608 - names of our own tables and columns
    for row_id, is_gone, is_untold, kind, differs in stream(query):
        proof.rows += 1
        if is_gone or kind == "-":
            yield Broken(history, row_id, "gone")
        elif is_untold:
            if strict:
                yield Broken(table, row_id, "untold")
        elif differs:
            yield Broken(table, row_id, "differs")


def _unnamed(word: str, model: type[models.Model]) -> Iterator[Broken]:
    """Rows that no event names, and events that name a row which is not there or was made by another deed."""
    table = model._meta.db_table
    names = "(e.facts ->> %s)::bigint"
    query = f"""
        SELECT r.id, NULL, c.reference, NULL FROM "{table}" r JOIN complaints_complaint c ON c.id = r.complaint_id
        WHERE NOT EXISTS (SELECT FROM complaints_caseevent e WHERE e.complaint_id = r.complaint_id AND {names} = r.id)
        UNION ALL
        SELECT e.id, e.seq, c.reference, e.seq FROM complaints_caseevent e
        JOIN complaints_complaint c ON c.id = e.complaint_id
        WHERE e.facts ? %s AND NOT EXISTS (
            SELECT FROM "{table}" r WHERE r.complaint_id = e.complaint_id AND r.id = {names}
        )
    """  # noqa: S608 - names of our own tables
    for pk, seq, reference, _seq in stream(query.replace(" ? ", " OPERATOR(pg_catalog.?) "), word, word, word):
        if seq is None:
            yield Broken(table, str(pk), "unnamed", reference)
        else:
            yield Broken("complaints_caseevent", str(pk), "names_nothing", reference, seq)


def _stray_history() -> Iterator[Broken]:
    """Row history of complaints that no event stands behind."""
    query = """
        SELECT h.history_id, h.reference, h.history_seq FROM complaints_historicalcomplaint h
        WHERE NOT EXISTS (
            SELECT FROM complaints_caseevent e WHERE e.complaint_id = h.id AND e.seq = h.history_seq
        )
    """
    for pk, reference, seq in stream(query):
        yield Broken("complaints_historicalcomplaint", str(pk), "no_event", reference, seq)


def _otherwise_than_told(table: str, query: str) -> Iterator[Broken]:
    """Rows of a table that has no row history, which are not what the events say of them."""
    for pk, event, reference, seq in stream(query):
        if event is None:
            yield Broken(table, pk, "unnamed", reference)
        elif pk is None:
            yield Broken("complaints_caseevent", str(event), "names_nothing", reference, seq)
        else:
            yield Broken(table, pk, "told_otherwise", reference, seq)


def _files() -> Iterator[Broken]:
    """Files on disk that are gone, or not what their row says. Reads every byte."""
    query = """
        SELECT r.id, r.sha256, r.size, c.reference FROM complaints_evidence r
        LEFT JOIN complaints_complaint c ON c.id = r.complaint_id ORDER BY r.at, r.id
    """
    for pk, sha256, size, reference in stream(query):
        path = Evidence(pk=pk).path
        try:
            with path.open("rb") as file:
                is_same = (hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size) == (sha256, size)
        except OSError:
            yield Broken("complaints_evidence", str(pk), "no_file", reference or "")
        else:
            if not is_same:
                yield Broken("complaints_evidence", str(pk), "other_file", reference or "")
