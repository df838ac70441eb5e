"""What a number counts. The figures count a slice, and the list behind the number shows the same slice."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import get_script_prefix, reverse

from accounts.models import Unit, User
from accounts.scope import access_of
from complaints.models import Complaint, ComplaintQuerySet, Finding
from complaints.models.reach import ClockWithinReach
from reports.periods import Period
from sla.models import Clock, ClockQuerySet
from sla.targets import Target

NONE = "none"  # no cause yet, no finding yet
KEPT, MISSED = "yes", "no"

# What the queue's own filters can say; the rest has a list of its own.
_OF_THE_QUEUE = frozenset(
    {"state", "overdue", "soon", "offered", "channel", "cause", "severity", "received_from", "received_to"}
)


@dataclass(frozen=True, slots=True)
class Slice:
    """A set of complaints, or of their clocks when `target` is given. Names are those of the address."""

    state: str = ""  # open
    overdue: str = ""  # 1
    soon: str = ""  # 1: falls due within 24 hours
    offered: str = ""  # 1: a handover waits for its answer
    channel: str = ""
    cause: str = ""  # a code, with the causes below it
    severity: str = ""
    received_from: str = ""
    received_to: str = ""
    unit: str = ""  # code of the unit complained about, that unit alone
    owner_unit: str = ""  # code of the owner's unit, that unit alone
    repeat: str = ""  # 1
    founded: str = ""
    resolved_from: str = ""
    resolved_to: str = ""
    target: str = ""  # the clocks of one target; `any` for all
    due_from: str = ""
    due_to: str = ""
    kept: str = ""  # yes, no

    def url(self) -> str:
        """The address of the list: the queue's where its filters can say it, else our own."""
        given = [(name, value) for name in _NAMES if (value := getattr(self, name))]
        ours = self.cause == NONE or not all(name in _OF_THE_QUEUE for name, _value in given)
        return f"{_address(ours, get_script_prefix())}?{'&'.join(f'{name}={quote(value)}' for name, value in given)}"

    def complaints(self, user: User, now: datetime) -> ComplaintQuerySet:
        """The complaints of this slice that `user` may see."""
        found = Complaint.objects.visible_to(user)
        if self.state:
            found = found.open()
        if self.overdue:
            found = found.overdue(now)
        if self.soon:
            found = found.due_within(now)
        if self.offered:
            found = found.offered()
        if self.founded:
            found = found.annotate(judged=judged()).filter(judged=None if self.founded == NONE else self.founded)
        chosen: ComplaintQuerySet = found.filter(self._fields(), self._days("received"), self._days("resolved"))
        return chosen

    def clocks(self, user: User, now: datetime) -> ClockQuerySet:
        """The clocks of this slice on complaints that `user` may see: those whose deadline has come."""
        found = clocks_seen_by(user).filter(due_at__lte=now)
        if self.target != "any":
            found = found.filter(target=self.target)
        if self.due_from:
            found = found.filter(due_on__gte=date.fromisoformat(self.due_from))
        if self.due_to:
            found = found.filter(due_on__lte=date.fromisoformat(self.due_to))
        if self.owner_unit:
            found = found.filter(owner_unit=_unit_id(self.owner_unit))
        if self.kept:
            found = found.filter(stopped_at__lt=F("due_at")) if self.kept == KEPT else found.filter(MISSED_CLOCK)
        return found

    def _fields(self) -> Q:
        wanted = Q()
        for name, column in (("channel", "channel"), ("severity", "severity")):
            if value := getattr(self, name):
                wanted &= Q(**{column: value})
        for name in ("unit", "owner_unit"):
            if code := getattr(self, name):
                wanted &= Q(**{name: _unit_id(code)})
        if self.cause == NONE:
            wanted &= Q(cause=None)
        elif self.cause:
            wanted &= below_cause(self.cause)
        return wanted & Q(repeat_of__isnull=False) if self.repeat else wanted

    def _days(self, moment: str) -> Q:
        first, last = getattr(self, f"{moment}_from"), getattr(self, f"{moment}_to")
        wanted = Q()
        if first:
            day = date.fromisoformat(first)
            wanted &= Q(**{f"{moment}_at__gte": Period(day, day).start})
        if last:
            day = date.fromisoformat(last)
            wanted &= Q(**{f"{moment}_at__lt": Period(day, day).end})
        return wanted


_NAMES = tuple(field.name for field in fields(Slice))


@lru_cache(maxsize=16)
def _address(ours: bool, prefix: str) -> str:
    """The page of the lists, looked up once for each prefix the site is served under."""
    return reverse("reports:cases" if ours else "complaints:queue")


MISSED_CLOCK = Q(stopped_at=None) | Q(stopped_at__gte=F("due_at"))


def _unit_id(code: str) -> int:
    """The id of a unit, 0 for none: the planner reckons better with an id than with a join to a code."""
    return Unit.objects.filter(code=code).values_list("id", flat=True).first() or 0


def below_cause(code: str) -> Q:
    """A cause and the three levels below it."""
    return Q(
        *(Q(**{f"cause{'__parent' * steps}__code": code}) for steps in range(4)),
        _connector=Q.OR,
    )


def judged() -> Subquery:
    """What the latest finding of a complaint says of it: yes, partly, no; nothing before there is one."""
    latest = Finding.objects.filter(complaint=OuterRef("pk")).order_by("-at", "-id")
    return Subquery(latest.values("founded")[:1])


def clocks_seen_by(user: User) -> ClockQuerySet:
    """The clocks of the complaints that `visible_to(user)` holds, by the units that the clocks carry."""
    clocks: ClockQuerySet = Clock.objects.order_by().filter(ClockWithinReach(access_of(user)))
    return clocks


def received(period: Period, **more: Any) -> Slice:
    """The complaints received in a period."""
    return Slice(received_from=period.first.isoformat(), received_to=period.last.isoformat(), **more)


def resolved(period: Period, **more: Any) -> Slice:
    """The complaints resolved in a period."""
    return Slice(resolved_from=period.first.isoformat(), resolved_to=period.last.isoformat(), **more)


def due(period: Period, target: Target | str = "any", **more: Any) -> Slice:
    """The clocks whose deadline lies in a period and has come."""
    return Slice(target=target, due_from=period.first.isoformat(), due_to=period.last.isoformat(), **more)
