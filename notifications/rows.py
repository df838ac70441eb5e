"""What the inbox shows of a notice, as words ready to print."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import OVERVIEW
from accounts.scope import access_of
from complaints import phrases, sentences
from complaints.models import Complaint
from notifications.models import Notification, NotificationQuerySet
from sla import wording


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice.

    Of a case that has left the reader's scope it still tells who did what to whom, when, and to which reference: the reader
    was told that once. `title`, `detail` and `url` are empty then. A digest tells what was made up for and leads to what is
    overdue; its `reference` is empty.
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
    """The notices of one page: four queries, five where some were made up for, however many there are."""
    listed = list(found.select_related("event"))
    digests = _digests([notice.pk for notice in listed if notice.late])
    events = [notice.event for notice in listed]
    cases = {event.complaint_id for event in events}
    seen = Complaint.objects.visible_to(reader).filter(pk__in=cases).only("reference", "summary").in_bulk()
    gone = Complaint.objects.filter(pk__in=cases - set(seen)).values_list("pk", "reference")
    references = dict(gone) | {key: case.reference for key, case in seen.items()}
    people = dict(User.objects.filter(pk__in=sentences.people_in(events)).values_list("pk", "name"))
    return [
        _digest(notice, digests[notice.pk], reader, now)
        if notice.pk in digests
        else _notice(notice, references, seen, people, now)
        for notice in listed
    ]


def address_of_digest(reader: User) -> str:
    """Where a digest leads: to what is overdue, for those who look over the work of others; else to one's own work."""
    return reverse("complaints:overdue" if access_of(reader).roles & OVERVIEW else "complaints:work")


def _digests(keys: list[int]) -> dict[int, Counter[str]]:
    """How many events of each verb are folded into these notices, where any is. One query, or none."""
    found: dict[int, Counter[str]] = {}
    if keys:
        folded = Notification.objects.filter(folded_into__in=keys).order_by().values_list("folded_into", "event__verb")
        for key, verb, number in folded.annotate(number=Count("id")):
            found.setdefault(key, Counter())[verb] = number
    return found


def _digest(notice: Notification, folded: Counter[str], reader: User, now: datetime) -> Notice:
    counted = folded + Counter([notice.event.verb])
    overview = bool(access_of(reader).roles & OVERVIEW)
    return Notice(
        pk=notice.pk,
        sentence=format_html("<b>{}</b>", _("Made up for after an interruption")),
        detail=sentences.digest(counted),
        icon="history",
        reference="",
        title=_("Look at what is overdue") if overview else _("Look at my work"),
        url=address_of_digest(reader),
        when=wording.moment_words(notice.made_at, now, with_time=True),
        when_iso=wording.local_of(notice.made_at).iso,
        when_title=wording.exact_words(notice.made_at),
        is_unread=notice.read_at is None,
    )


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
