"""The register book (投诉登记簿): one row a complaint, in the order of receipt (R26, R41, R104).

Read in handfuls by key, so that a book of any length costs the same memory, holds no transaction open and starts at
once. What a customer wrote stays text; names and phone numbers are masked (R81).
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.personal_data import Unreadable, unseal
from complaints.models import Complainant, Complaint, ComplaintQuerySet, Finding, Outcome
from complaints.models.complainant import MASKS
from complaints.states import Status
from reports.periods import Period
from reports.sheets import Cell, DayEnd
from sla.models import Clock
from sla.targets import Target

HANDFUL = 2000
TEXT, MOMENT, DAY, AMOUNT = "text", "moment", "day", "amount"
# due, stopped, whether kept, whether provisional; where it was extended the date first promised, and how that was kept
Promise = tuple[datetime, datetime | None, str, bool, datetime | None, str]

READ = (
    "id", "received_at", "reference", "external_reference", "channel", "referred_by", "alleges_violation",
    "registered_at", "late_entry_reason", "place",
    "recording_reference", "postmarked_on", "registered_mail_number", "unit__name", "cause__trail", "product__name",
    "complainant__kind", "complainant_id", "complainant__name", "complainant__phone", "summary", "demand",
    "claimed_amount", "claimed_currency", "severity", "repeat_of_id", "status",
    "first_responder__name", "owner__name", "owner_unit__name", "closed_at",
)  # fmt: skip
REPEAT_OF, STATUS = READ.index("repeat_of_id"), READ.index("status")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the book: its heading, what it holds, and its width in a spreadsheet, in characters."""

    key: str
    heading: str
    kind: str = TEXT
    width: int = 12


def columns() -> list[Column]:
    """The columns in their order, headed in the reader's language."""
    return [
        Column("reference", _("Reference"), width=20),
        Column("external_reference", _("Their reference"), width=18),
        Column("channel", _("Channel"), width=9),
        Column("referred_by", _("Transferred by"), width=14),
        Column("alleges_violation", _("Violation alleged"), width=8),
        Column("received", _("Received"), MOMENT, 17),
        Column("registered", pgettext("moment", "Registered"), MOMENT, 17),
        Column("late_entry_reason", _("Reason for late entry"), width=20),
        Column("place", _("Place of reception"), width=14),
        Column("recording_reference", _("Recording reference"), width=18),
        Column("postmarked_on", _("Postmark"), DAY, 12),
        Column("registered_mail_number", _("Registered mail number"), width=18),
        Column("unit", _("Unit complained about"), width=18),
        Column("cause", _("Cause"), width=30),
        Column("product", _("Product"), width=14),
        Column("complainant_kind", _("Complainant"), width=10),
        Column("name", _("Name (masked)"), width=10),
        Column("phone", _("Phone (masked)"), width=14),
        Column("summary", _("Summary"), width=40),
        Column("demand", _("Demand"), width=30),
        Column("claimed", _("Claimed amount"), AMOUNT, 14),
        Column("claimed_currency", _("Currency"), width=8),
        Column("severity", _("Severity"), width=8),
        Column("repeat_of", _("Repeats"), width=20),
        Column("status", _("Status"), width=9),
        Column("first_responder", _("First responder"), width=12),
        Column("owner", _("Owner"), width=12),
        Column("owner_unit", _("Owner's unit"), width=18),
        Column("response_due", _("Response due"), MOMENT, 17),
        Column("response_at", pgettext("moment", "Responded"), MOMENT, 17),
        Column("response_kept", _("Response on time"), width=10),
        Column("resolution_due", _("Resolution due"), MOMENT, 17),
        Column("resolution_at", pgettext("moment", "Resolved"), MOMENT, 17),
        Column("resolution_kept", _("Resolution on time"), width=10),
        Column("resolution_due_first", _("Resolution first due"), MOMENT, 17),
        Column("resolution_kept_first", _("By the date first due"), width=12),
        Column("provisional", _("Provisional dates"), width=14),
        Column("founded", _("Founded"), width=10),
        Column("outcome", _("Outcome"), width=14),
        Column("reception", _("The customer"), width=12),
        Column("redress", _("Redress"), AMOUNT, 14),
        Column("closed", pgettext("moment", "Closed"), MOMENT, 17),
    ]


def booked(user: User, period: Period, until: datetime) -> ComplaintQuerySet:
    """The complaints received in a period and registered by `until`, that `user` may see."""
    found: ComplaintQuerySet = Complaint.objects.visible_to(user).filter(
        received_at__gte=period.start, received_at__lt=period.end, registered_at__lte=until
    )
    return found


class Book:
    """The rows of a register. Words are looked up once, in the language active when the book is opened."""

    def __init__(self, user: User, period: Period, now: datetime) -> None:
        self.columns = columns()
        self._rows = booked(user, period, now).order_by("received_at", "id").values_list(*READ)
        self._count = booked(user, period, now)
        self._user, self._now, self._zone = user, now, timezone.get_current_timezone()
        self._words = {
            words: {value: str(label) for value, label in words.choices}
            for words in (
                Complaint.Channel, Complaint.Referrer, Complaint.Severity, Status, Complainant.Kind, Finding.Founded,
                Outcome.Kind,
                Outcome.Reception,
            )
        }  # fmt: skip
        self._kept, self._late, self._running = _("on time"), _("late"), _("running")
        self._targets = {target: str(target.label) for target in Target}
        self._between = pgettext("between two of a list", ", ")
        self._withdrawn = withdrawn_in_time()
        self._alleged, self._unreadable = _("alleged"), _("unreadable")

    def __len__(self) -> int:
        return self._count.count()

    def rows(self, most: int | None = None) -> Iterator[list[Cell]]:
        """The rows, a list of cells each in the order of the columns. Five queries a handful of 2,000."""
        rows, given = self._rows, 0
        while handful := list(rows[: min(HANDFUL, most - given) if most else HANDFUL]):
            yield from self._filled(handful)
            given += len(handful)
            if len(handful) < HANDFUL or given == most:
                return
            last_id, last_at = handful[-1][0], handful[-1][1]
            rows = self._rows.filter(Q(received_at__gte=last_at) & ~Q(received_at=last_at, id__lte=last_id))

    def _filled(self, handful: Sequence[tuple[Any, ...]]) -> Iterator[list[Cell]]:
        keys = [row[0] for row in handful]
        repeated = self._repeated({row[REPEAT_OF] for row in handful} - {None})
        promises = self._promises(keys, {row[0]: row[-1] for row in handful if row[STATUS] == Status.WITHDRAWN})
        latest = Finding.objects.filter(complaint_id__in=keys).order_by("at", "id")
        findings = dict(latest.values_list("complaint_id", "founded"))
        outcomes = {
            key: rest
            for key, *rest in Outcome.objects.filter(complaint_id__in=keys)
            .order_by("at", "id")
            .values_list("complaint_id", "kind", "reception", "redress_amount")
        }
        for row in handful:
            row = (*row[:REPEAT_OF], repeated.get(row[REPEAT_OF], ""), *row[REPEAT_OF + 1 :])
            yield self._cells(row, promises, findings.get(row[0], ""), outcomes.get(row[0], ("", "", None)))

    def _repeated(self, keys: Set[int]) -> Mapping[int, str]:
        """References of earlier complaints, of those alone that the reader may see (rule 5)."""
        if not keys:
            return {}
        return dict(Complaint.objects.visible_to(self._user).filter(pk__in=keys).values_list("pk", "reference"))

    def _promises(self, keys: Sequence[int], ended: Mapping[int, datetime]) -> Mapping[tuple[int, str], Promise]:
        """Each complaint's latest clock of a target: due, stopped, whether every clock of the target was kept, provisional,
        and where it was extended the date first promised and whether that was kept.

        `ended` says when the complaints taken back were: a clock that stopped then was kept by nobody's answer.
        """
        found: dict[tuple[int, str], Promise] = {}
        clocks = Clock.objects.filter(complaint_id__in=keys).order_by("started_at", "id")
        read = ("complaint_id", "target", "due_at", "stopped_at", "provisional", "original_due_at")
        for key, target, due, stopped, provisional, first in clocks.values_list(*read):
            known = found.get((key, target))
            late = (stopped or self._now) >= due or (known is not None and known[2] == self._late)
            kept = self._withdrawn if stopped and stopped == ended.get(key) else self._kept
            word = self._late if late else kept if stopped else self._running
            at_first = word
            if first is not None and (stopped or self._now) >= first:
                at_first = self._late
            found[key, target] = (due, stopped, word, provisional and stopped is None, first, at_first)
        return found

    def _cells(
        self,
        row: tuple[Any, ...],
        promises: Mapping[tuple[int, str], Promise],
        founded: str,
        outcome: Sequence[Any],
    ) -> list[Cell]:
        (key, received, reference, external, channel, referrer, violation, registered, reason, place, recording, postmark,
         mail, unit, cause, product, kind, person, name, phone, summary, demand, claimed, currency, severity, repeat_of,
         status, first, owner, owner_unit, closed) = row  # fmt: skip
        words, nothing = self._words, (None, None, "", False, None, "")
        response = promises.get((key, Target.RESPONSE), nothing)
        resolution = promises.get((key, Target.RESOLUTION), nothing)
        outcome_kind, reception, redress = outcome
        response_due, responded, response_word = response[:3]
        resolution_due, resolved, resolution_word, _maybe, first_due, first_word = resolution
        maybe = [self._targets[target] for target in Target if promises.get((key, target), nothing)[3]]
        zone = self._zone
        received, registered, responded, resolved, closed = [
            moment and local_moment(moment, zone) for moment in (received, registered, responded, resolved, closed)
        ]
        return [
            reference, external, words[Complaint.Channel][channel], words[Complaint.Referrer].get(referrer, ""),
            self._alleged if violation else "", received, registered, reason, place, recording,
            postmark, mail, unit, cause or "", product or "", words[Complainant.Kind][kind],
            self._masked(name, "name", person), self._masked(phone, "phone", person), summary, demand, claimed,
            currency if claimed is not None else "", words[Complaint.Severity][severity], repeat_of, words[Status][status],
            first, owner, owner_unit, response_due and local_due(response_due, zone), responded, response_word,
            resolution_due and local_due(resolution_due, zone), resolved, resolution_word,
            first_due and local_due(first_due, zone), first_word if first_due else "", self._between.join(maybe),
            words[Finding.Founded].get(founded, ""), words[Outcome.Kind].get(outcome_kind, ""),
            words[Outcome.Reception].get(reception, ""), redress, closed,
        ]  # fmt: skip

    def _masked(self, sealed: Any, column: str, person: Any) -> str:
        try:
            return MASKS[column](unseal(bytes(sealed), f"{column}:{person}"))
        except Unreadable:
            return self._unreadable


def local_moment(moment: datetime, zone: tzinfo) -> datetime:
    """The moment on the institution's clocks, without a zone, to the second: what a spreadsheet can hold."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def local_due(due_at: datetime, zone: tzinfo) -> datetime | DayEnd:
    """A deadline as the pages say it: one that falls on a midnight is the end of the day before.

    The exact instant is what the API answers (`due_at`); a book is read by people, who count days.
    """
    local = local_moment(due_at, zone)
    return DayEnd(local.date() - timedelta(days=1)) if local.time() == time.min else local


def withdrawn_in_time() -> str:
    """Said of a clock that a withdrawal stopped before its deadline: not late, and nobody answered. Counted as kept."""
    return _("withdrawn in time")
