"""A complaint as a list shows it, in words ready to print: the template of a row only prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.looks import SEVERITY_LOOKS, STATUS_LOOKS
from complaints.models import Complaint
from complaints.models.reading import SILENCE
from complaints.names import Names, away_words, labels_of
from complaints.rows.clocks import ClockFace, Running, clock_face, running_clocks
from complaints.states import IN_HAND, OPEN, Verb
from sla import wording
from sla.calendar import Unit
from sla.targets import Target

QUIET_CONTACT = timedelta(days=2)
ONE_DAY = timedelta(days=1)
URGING = (Verb.REMIND, Verb.ESCALATE)
Urged = tuple[Verb, datetime]


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
    away: str  # until when the owner is, in the lists that ask for it
    held: str
    offered_to: str
    contact: str
    contact_tone: str
    urged: str  # when the owner was last reminded, or the case escalated
    urged_how: str
    repeat: bool


def row_of(
    complaint: Complaint,
    now: datetime,
    reader: User,
    running: Running | None = None,
    urged: Urged | None = None,
    names: Names | None = None,
    away: str = "",
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
    received = wording.local_of(complaint.received_at)

    def named(key: int | None) -> str:
        return _("you") if key == reader.pk else names.people[key] if key else ""

    return Row(
        pk=complaint.pk,
        reference=complaint.reference,
        url=_case_address(get_script_prefix()).format(complaint.reference),
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
        received=wording.moment_words(complaint.received_at, now),
        received_iso=received.iso,
        received_title=received.exact,
        clock=running.strictest if running else _promised(complaint, now),
        more_clocks=running.others if running else 0,
        ended=_ended(complaint, now),
        first_responder=named(complaint.first_responder_id),
        first_unit=names.units[complaint.registered_unit_id],
        owner=named(complaint.owner_id),
        owner_unit=names.units[complaint.owner_unit_id],
        away=away,
        held=_held(now - complaint.owned_since) if complaint.status in OPEN else "",
        offered_to=named(complaint.offered_to_id),
        contact=contact,
        contact_tone=contact_tone,
        urged=wording.ago_words(urged[1], now) if urged else "",
        urged_how=urged_words(urged[0]) if urged else "",
        repeat=complaint.repeat_of_id is not None,
    )


def rows_of(complaints: Iterable[Complaint], now: datetime, reader: User, *, with_urging: bool = False) -> list[Row]:
    """The rows of a page (read with `for_rows`): two queries more, four with what each was last urged by and who is away."""
    listed = list(complaints)
    keys = [complaint.pk for complaint in listed]
    urged = last_urged(keys) if with_urging else {}
    away = away_words({one.owner_id for one in listed}, now) if with_urging else {}
    names = Names.of(listed)
    running = running_clocks(keys, now)
    return [
        row_of(one, now, reader, running.get(one.pk), urged.get(one.pk), names, away.get(one.owner_id, ""))
        for one in listed
    ]


# Written out, as in `complaints.names`.
LAST_URGED = """
SELECT DISTINCT ON (complaint_id) complaint_id, verb, at FROM complaints_caseevent
WHERE complaint_id = ANY(%s) AND verb = ANY(%s) ORDER BY complaint_id, seq DESC
"""


def last_urged(keys: Iterable[int]) -> dict[int, Urged]:
    """What each case was last urged by, and when: so that nobody repeats what a colleague has just done. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_URGED, [list(keys), [verb.value for verb in URGING]])
        return {key: (Verb(verb), at) for key, verb, at in cursor.fetchall()}


def urged_words(verb: Verb) -> str:
    return pgettext("an owner", "reminded") if verb is Verb.REMIND else pgettext("a case", "escalated")


@lru_cache(maxsize=8)
def _case_address(_prefix: str) -> str:
    """The address of a case with a place for its reference, looked up once for each prefix the site is served under."""
    return reverse("complaints:case", args=["{}"]).replace("%7B%7D", "{}")


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
