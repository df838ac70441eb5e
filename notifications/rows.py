"""What the inbox shows of a notice, as words ready to print."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from accounts.models import User
from complaints import phrases, sentences
from complaints.models import Complaint
from notifications.models import Notification, NotificationQuerySet
from sla import wording


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice.

    Of a case that has left the reader's scope it still tells who did what to whom, when, and to which reference: the reader
    was told that once. `title`, `detail` and `url` are empty then.
    """

    pk: int
    sentence: SafeString
    detail: str
    icon: str
    reference: str
    title: str
    url: str
    when: str
    when_iso: str
    when_title: str
    is_unread: bool


def notices_of(found: NotificationQuerySet, reader: User, now: datetime) -> list[Notice]:
    """The notices of one page: four queries, however many there are."""
    listed = list(found.select_related("event"))
    events = [notice.event for notice in listed]
    cases = {event.complaint_id for event in events}
    seen = Complaint.objects.visible_to(reader).filter(pk__in=cases).only("reference", "summary").in_bulk()
    gone = Complaint.objects.filter(pk__in=cases - set(seen)).values_list("pk", "reference")
    references = dict(gone) | {key: case.reference for key, case in seen.items()}
    people = dict(User.objects.filter(pk__in=sentences.people_in(events)).values_list("pk", "name"))
    return [_notice(notice, references, seen, people, now) for notice in listed]


def _notice(
    notice: Notification,
    references: dict[int, str],
    seen: dict[int, Complaint],
    people: dict[int, str],
    now: datetime,
) -> Notice:
    event, case = notice.event, seen.get(notice.event.complaint_id)
    return Notice(
        pk=notice.pk,
        sentence=sentences.sentence(event, people),
        detail=sentences.detail(event) if case else "",
        icon=phrases.ICONS.get(event.verb, "bell"),
        reference=references[event.complaint_id],
        title=case.summary if case else "",
        url=case.get_absolute_url() if case else "",
        when=wording.moment_words(event.at, now, with_time=True),
        when_iso=wording.local_of(event.at).iso,
        when_title=wording.exact_words(event.at),
        is_unread=notice.read_at is None,
    )
