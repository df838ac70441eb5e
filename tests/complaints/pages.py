"""What the tests of the deeds share: how a deed is done on its page, and how both histories are asked about it."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from complaints.models import Complaint
from complaints.states import Verb

HTMX = {"HX-Request": "true", "HX-Target": "dialog"}
AGREED = {
    "reply_at": f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}",
    "means": "phone",
    "text": "客户同意后天答复",
}
SAID = {"means": "phone", "delivery": "delivered", "body": "已说明办理流程和期限。"}


def address(case: Complaint, verb: str) -> str:
    return reverse(f"complaints:{verb}", args=[case.reference])


def fresh(case: Complaint) -> Complaint:
    """The complaint as the database has it now."""
    return Complaint.objects.get(pk=case.pk)


def do(browser: Client, case: Complaint, verb: str, *, headers: Any = None, **data: Any) -> HttpResponse:
    """Send the form of `verb` as a page that was opened just now does; `version` may say otherwise."""
    sent = {"version": fresh(case).version} | data
    answer: Any = browser.post(address(case, verb), sent, headers=headers or {})
    found: HttpResponse = answer
    return found


def both_histories_tell(case: Complaint, verb: Verb, actor: User) -> bool:
    """Whether the last event of the case and the last row of its history name this deed and this person."""
    event, row = case.events.first(), case.history.first()
    assert event is not None
    return (event.verb, event.actor_id) == (verb, actor.pk) and (
        row.history_change_reason,
        row.history_user_id,
        row.history_seq,
    ) == (verb, actor.pk, event.seq)


def outsiders_find_nothing(browser: Client, case: Complaint, verb: str) -> bool:
    """Whether both the form and the deed are not there for somebody out of scope."""
    return browser.get(address(case, verb)).status_code == 404 and do(browser, case, verb).status_code == 404
