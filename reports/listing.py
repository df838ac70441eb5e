"""The list behind a number: the complaints of a slice, or its clocks, each with its complaint."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from complaints.models import Cause, Complaint, Finding
from complaints.models.counting import MOST, bounded_counts, shown
from complaints.paging import following
from complaints.rows import Row, face_of, rows_of
from reports.slices import KEPT, NONE, Slice
from sla import wording
from sla.models import Clock
from sla.targets import Target

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list: what it is of, how many there are (counted to 1000; in words), where the next page begins."""

    words: list[str]
    total: int
    shown: str
    rows: list[Row]
    older: str
    of_clocks: bool


def listing(user: User, wanted: Slice, now: datetime, after: str) -> Listing:
    """A page of the list behind a number, the newest first."""
    if wanted.target:
        clocks = wanted.clocks(user, now)
        page, older = following(clocks.select_related("calendar_version"), "due_at", after, PAGE)
        (total,) = bounded_counts(MOST, clocks)
        cases = Complaint.objects.visible_to(user).for_rows().in_bulk([clock.complaint_id for clock in page])
        rows = _clock_rows(page, cases, now, user)
        return Listing(list(words_of(wanted, now)), total, shown(total), rows, older, True)
    found = wanted.complaints(user, now)
    complaints, older = following(found.for_rows(), "received_at", after, PAGE)
    (total,) = bounded_counts(MOST, found)
    return Listing(list(words_of(wanted, now)), total, shown(total), rows_of(complaints, now, user), older, False)


def _clock_rows(page: list[Clock], cases: dict[int, Complaint], now: datetime, user: User) -> list[Row]:
    """A row for each clock: its complaint, with this clock and no other."""
    shown = {row.pk: row for row in rows_of(cases.values(), now, user)}
    return [replace(shown[clock.complaint_id], clock=face_of(clock, now), more_clocks=0) for clock in page]


def words_of(wanted: Slice, now: datetime) -> Iterable[str]:
    """What a slice holds, in words."""
    yield from _state_words(wanted)
    if wanted.target:
        yield str(_("any clock") if wanted.target == "any" else Target(wanted.target).label)
        yield from _days_words(_("due %(days)s"), wanted.due_from, wanted.due_to, now)
        if wanted.kept:
            yield _("on time") if wanted.kept == KEPT else _("not on time")
    yield from _days_words(_("received %(days)s"), wanted.received_from, wanted.received_to, now)
    yield from _days_words(_("resolved %(days)s"), wanted.resolved_from, wanted.resolved_to, now)
    if wanted.channel:
        yield str(Complaint.Channel(wanted.channel).label)
    if wanted.cause:
        yield _("cause: %(name)s") % {"name": _cause_name(wanted.cause)}
    if wanted.unit:
        yield _("about %(unit)s") % {"unit": _unit_name(wanted.unit)}
    if wanted.owner_unit:
        yield _("with %(unit)s") % {"unit": _unit_name(wanted.owner_unit)}


def _state_words(wanted: Slice) -> Iterable[str]:
    if wanted.state:
        yield _("open")
    if wanted.overdue:
        yield _("overdue")
    if wanted.soon:
        yield _("due within 24 hours")
    if wanted.offered:
        yield _("handover waiting")
    if wanted.repeat:
        yield _("repeat complaint")
    if wanted.severity:
        yield str(Complaint.Severity(wanted.severity).label)
    if wanted.founded:
        yield str(_("no finding yet") if wanted.founded == NONE else Finding.Founded(wanted.founded).label)


def _days_words(pattern: str, first: str, last: str, now: datetime) -> Iterable[str]:
    if not first and not last:
        return
    today = timezone.localdate(now)
    words = [
        wording.day_words(datetime.fromisoformat(day).date(), today, weekday=False) if day else ""
        for day in (first, last)
    ]
    if first == last:
        yield pattern % {"days": words[0]}
    elif not first:
        yield pattern % {"days": _("until %(day)s") % {"day": words[1]}}
    elif not last:
        yield pattern % {"days": _("from %(day)s") % {"day": words[0]}}
    else:
        yield pattern % {"days": _("%(first)s to %(last)s") % {"first": words[0], "last": words[1]}}


def _cause_name(code: str) -> str:
    if code == NONE:
        return _("not yet coded")
    return Cause.objects.filter(code=code).values_list("trail", flat=True).first() or code


def _unit_name(code: str) -> str:
    return Unit.objects.filter(code=code).values_list("name", flat=True).first() or code
