"""What a list shows of a complaint, as words ready to print: the template of a row only prints.

A clock becomes a `ClockFace` (templates/components/deadline.html shows one), a complaint a `Row`. `rows_of` adds
the same few queries to a page of any size: the running clocks, the names, and where asked for the escalations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.looks import CLOCK_LOOKS, SEVERITY_LOOKS, STATUS_LOOKS
from complaints.models import Complaint, Escalation
from complaints.models.reading import SILENCE
from complaints.names import Names, labels_of
from complaints.states import IN_HAND, OPEN
from sla import wording
from sla.calendar import Unit, WorkingCalendar, remaining
from sla.models import CalendarVersion, Clock
from sla.targets import Target

QUIET_CONTACT = timedelta(days=2)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockFace:
    """One clock in words. `state`: running, soon, overdue, provisional, kept or late; `tone` and `icon` go with it.

    `left` is the time left (or how it ended), `due_words` the date, `due_iso` and `due_title` the exact moment; `unit`
    and `days_left` let the browser recount; `percent` of the time has passed, where the start is known.
    """

    target: str
    target_label: str
    state: str
    tone: str
    icon: str
    left: str
    due_at: datetime
    due_words: str
    due_iso: str
    due_title: str
    unit: str
    days_left: int | None
    percent: int | None
    why_url: str


def clock_face(
    due_at: datetime,
    target: str,
    unit: str,
    now: datetime,
    *,
    stopped_at: datetime | None = None,
    breached_at: datetime | None = None,
    provisional: bool = False,
    started_at: datetime | None = None,
    calendar: WorkingCalendar | None = None,
    why_url: str = "",
) -> ClockFace:
    """How a clock looks at `now`. Without `calendar` what is left of working days is said in days."""
    days_left = None
    if stopped_at is not None:
        state, left = _ending(due_at, stopped_at, breached_at, started_at)
    else:
        state = wording.clock_state(due_at, now)
        if state == wording.RUNNING and unit == Unit.WORKING_DAYS and calendar is not None:
            days_left = remaining(now, due_at, Unit.WORKING_DAYS, calendar).amount
        left = wording.left_words(due_at, now, unit, days_left)
        if state == wording.RUNNING and provisional:
            state = "provisional"
    tone, icon = CLOCK_LOOKS[state]
    return ClockFace(
        target=target,
        target_label=str(Target(target).label),
        state=state,
        tone=tone,
        icon=icon,
        left=left,
        due_at=due_at,
        due_words=wording.due_words(due_at, now),
        due_iso=timezone.localtime(due_at).isoformat(timespec="seconds"),
        due_title=wording.exact_words(due_at),
        unit=unit,
        days_left=days_left,
        percent=_percent(started_at, due_at, stopped_at or now),
        why_url=why_url,
    )


def face_of(clock: Clock, now: datetime, why_url: str = "") -> ClockFace:
    """The face of a clock's row."""
    return clock_face(
        clock.due_at,
        clock.target,
        clock.unit,
        now,
        stopped_at=clock.stopped_at,
        breached_at=clock.breached_at,
        provisional=clock.provisional,
        started_at=clock.started_at,
        calendar=clock.calendar_version.value() if clock.unit == Unit.WORKING_DAYS else None,
        why_url=why_url,
    )


def _ending(
    due_at: datetime, stopped_at: datetime, breached_at: datetime | None, started_at: datetime | None
) -> tuple[str, str]:
    if breached_at is not None:
        return "late", _("done %(span)s late") % {"span": wording.span_words(stopped_at - due_at)}
    if started_at is None:
        return "kept", _("on time")
    return "kept", _("on time · took %(span)s") % {"span": wording.span_words(stopped_at - started_at)}


def _percent(started_at: datetime | None, due_at: datetime, at: datetime) -> int | None:
    if started_at is None:
        return None
    return min(100, max(0, int(100 * ((at - started_at) / (due_at - started_at)))))


@dataclass(frozen=True, slots=True)
class Running:
    """The clocks that run on a complaint: the strictest, and how many others."""

    strictest: ClockFace
    others: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint in a list. Every field is ready to print; empty when there is nothing to say."""

    pk: int
    reference: str
    url: str
    title: str
    version: int
    is_open: bool
    status_label: str
    status_tone: str
    status_icon: str
    severity: str
    severity_label: str
    severity_tone: str
    severity_icon: str
    channel: str
    unit: str
    cause: str
    received: str
    received_iso: str
    received_title: str
    clock: ClockFace | None
    more_clocks: int
    ended: str
    first_responder: str
    first_unit: str
    owner: str
    owner_unit: str
    held: str
    offered_to: str
    contact: str
    contact_tone: str
    escalated: str
    repeat: bool


def row_of(
    complaint: Complaint,
    now: datetime,
    reader: User,
    running: Running | None = None,
    escalated_at: datetime | None = None,
    names: Names | None = None,
) -> Row:
    """What a list shows of `complaint` to `reader`. No queries.

    Without its `running` clocks the date that stands on the complaint is shown, in the unit usual for its target.
    Without `names` the complaint must have been read with them (`for_list`).
    """
    names = names or Names.read_with(complaint)
    labels = labels_of(get_language())
    status_tone, status_icon = STATUS_LOOKS[complaint.status]
    severity_tone, severity_icon = SEVERITY_LOOKS[complaint.severity]
    contact, contact_tone = _contact(complaint, now)
    received = timezone.localtime(complaint.received_at)

    def named(key: int | None) -> str:
        return _("you") if key == reader.pk else names.people[key] if key else ""

    return Row(
        pk=complaint.pk,
        reference=complaint.reference,
        url=reverse("complaints:case", args=[complaint.reference]),
        title=complaint.summary,
        version=complaint.version,
        is_open=complaint.status in OPEN,
        status_label=labels["status"][complaint.status],
        status_tone=status_tone,
        status_icon=status_icon,
        severity=complaint.severity,
        severity_label=labels["severity"][complaint.severity],
        severity_tone=severity_tone,
        severity_icon=severity_icon,
        channel=labels["channel"][complaint.channel],
        unit=names.units[complaint.unit_id],
        cause=names.causes[complaint.cause_id] if complaint.cause_id else "",
        received=wording.moment_words(received, now),
        received_iso=received.isoformat(timespec="seconds"),
        received_title=wording.exact_words(received),
        clock=running.strictest if running else _promised(complaint, now),
        more_clocks=running.others if running else 0,
        ended=_ended(complaint, now),
        first_responder=named(complaint.first_responder_id),
        first_unit=names.units[complaint.registered_unit_id],
        owner=named(complaint.owner_id),
        owner_unit=names.units[complaint.owner_unit_id],
        held=_held(now - complaint.owned_since) if complaint.status in OPEN else "",
        offered_to=named(complaint.offered_to_id),
        contact=contact,
        contact_tone=contact_tone,
        escalated=wording.ago_words(escalated_at, now) if escalated_at else "",
        repeat=complaint.repeat_of_id is not None,
    )


def rows_of(
    complaints: Iterable[Complaint], now: datetime, reader: User, *, with_escalations: bool = False
) -> list[Row]:
    """The rows of a page (read with `for_rows`): four queries more, five with the latest escalation of each."""
    listed = list(complaints)
    keys = [complaint.pk for complaint in listed]
    escalated: dict[int, datetime] = {}
    if with_escalations:
        steps = Escalation.objects.filter(complaint_id__in=keys).order_by("at")
        escalated = dict(steps.values_list("complaint_id", "at"))
    names = Names.of(listed)
    running = running_clocks(keys, now)
    return [row_of(one, now, reader, running.get(one.pk), escalated.get(one.pk), names) for one in listed]


def running_clocks(keys: Sequence[int], now: datetime) -> dict[int, Running]:
    """The running clocks of these complaints, by complaint; one query, and no row objects, for a page has many."""
    columns = ("complaint_id", "due_at", "target", "unit", "provisional", "calendar_version_id")
    clocks = Clock.objects.running().filter(complaint_id__in=keys).order_by("due_at").values_list(*columns)
    found: dict[int, Running] = {}
    for key, due_at, target, unit, provisional, version in clocks:
        if known := found.get(key):
            found[key] = Running(known.strictest, known.others + 1)
            continue
        calendar = CalendarVersion(pk=version).value() if unit == Unit.WORKING_DAYS else None
        found[key] = Running(clock_face(due_at, target, unit, now, provisional=provisional, calendar=calendar))
    return found


def _promised(complaint: Complaint, now: datetime) -> ClockFace | None:
    if complaint.due_at is None:
        return None
    unit = Unit.HOURS if complaint.due_target == Target.RESPONSE else Unit.DAYS
    return clock_face(complaint.due_at, complaint.due_target, unit, now)


def _ended(complaint: Complaint, now: datetime) -> str:
    """The day the case ended, or was resolved and waits for its closing."""
    at = complaint.closed_at or complaint.resolved_at
    return wording.moment_words(at, now) if at else ""


def _held(span: timedelta) -> str:
    return wording.days_count(span.days) if span >= ONE_DAY else wording.span_words(span)


def _contact(complaint: Complaint, now: datetime) -> tuple[str, str]:
    """When the customer was last told something; red when that is long ago and the case is still in hand."""
    last, waits = complaint.contacted_at, complaint.status in IN_HAND
    if last is None:
        return (_("never"), "red") if waits and now - complaint.received_at > ONE_DAY else ("", "")
    quiet = now - last if waits else timedelta()
    return wording.ago_words(last, now), "red" if quiet > SILENCE else "amber" if quiet > QUIET_CONTACT else ""
