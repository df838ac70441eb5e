"""Approve an extension: another person, within their limit; the date stays until the customer has been told (R33, R84)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed, WrongStatus
from complaints.extending import approve_extension, ask_extension
from complaints.models import Complaint, Extension
from complaints.ownership import take
from complaints.states import Verb
from notifications.delivery import deliver
from notifications.models import Notification
from tests.complaints.pages import both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast, a_wish

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.fixture
def asked(register: Register, cast: Cast) -> Complaint:
    return ask_extension(register("fiona"), a_wish(), actor=cast.fiona)


def test_the_date_stays_until_the_customer_is_told(asked: Complaint, cast: Cast) -> None:
    before = asked.clocks.get(target="resolution").due_at
    case = approve_extension(asked, "同意", actor=cast.sam)
    assert (case.extension, case.clocks.get(target="resolution").due_at) == ("approved", before)


def test_a_supervisor_grants_thirty_and_compliance_more(register: Register, cast: Cast) -> None:
    asked = ask_extension(register("fiona"), a_wish(amount=31), actor=cast.fiona)
    with pytest.raises(NotAllowed, match="30"):
        approve_extension(asked, actor=cast.sam)
    assert approve_extension(asked, actor=cast.carol).extension == "approved"


def test_whoever_asked_does_not_decide_even_after_giving_the_case_away(register: Register, cast: Cast) -> None:
    own = take(register("fiona"), actor=cast.sam)
    asked = take(ask_extension(own, a_wish(), actor=cast.sam), actor=cast.frank)
    with pytest.raises(NotAllowed):
        approve_extension(asked, actor=cast.sam)
    assert approve_extension(asked, actor=cast.olivia).extension == "approved"


def test_the_database_refuses_a_decision_of_ones_own(asked: Complaint, cast: Cast) -> None:
    row = asked.extensions.get()
    row.answer, row.answered_by, row.answered_at = "approved", cast.fiona, timezone.now()
    with pytest.raises(IntegrityError, match="extension_decided_by_another"), transaction.atomic():
        row.save()


def test_after_the_deadline_it_has_lapsed(asked: Complaint, cast: Cast) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=60)), pytest.raises(WrongStatus):
        approve_extension(asked, actor=cast.sam)


def test_of_two_who_decide_one_does(asked: Complaint, cast: Cast) -> None:
    approve_extension(asked, actor=cast.sam)
    with pytest.raises(WrongStatus):
        approve_extension(asked, actor=cast.olivia)
    assert Extension.objects.get().answered_by == cast.sam


def test_whoever_asked_is_told(asked: Complaint, cast: Cast) -> None:
    approve_extension(asked, actor=cast.sam)
    deliver(timezone.now())
    assert Notification.objects.filter(recipient=cast.fiona, event__verb=Verb.APPROVE_EXTENSION).count() == 1


def test_both_histories_tell_it(asked: Complaint, cast: Cast) -> None:
    assert both_histories_tell(approve_extension(asked, actor=cast.sam), Verb.APPROVE_EXTENSION, cast.sam)


def test_the_page_shows_what_is_asked_and_works(asked: Complaint, as_: As) -> None:
    page = as_("sam").get(f"{asked.get_absolute_url()}approve_extension/").content.decode()
    assert "需调取三个网点的录像" in page
    assert do(as_("sam"), asked, "approve_extension").status_code == 302
    assert fresh(asked).extension == "approved"


def test_outsiders_find_nothing(asked: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("helen"), asked, "approve_extension")
