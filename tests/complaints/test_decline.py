"""Decline: the offer goes back with a reason; the offerer has stayed the owner all along."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import Invalid, NotAllowed, Stale
from complaints.models import Complaint
from complaints.ownership import decline, hand_over
from complaints.states import Verb
from tests.complaints.pages import HTMX, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.fixture
def offered(register: Register, cast: Cast) -> Complaint:
    return hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)


def test_the_owner_stays_who_it_was(offered: Complaint, cast: Cast) -> None:
    case = decline(offered, "不属于信用卡", actor=cast.hank)
    assert (case.owner, case.offered_to) == (cast.fiona, None)
    offer = case.handovers.get()
    assert (offer.answer, offer.answer_reason) == ("declined", "不属于信用卡")


def test_a_reason_is_needed(offered: Complaint, cast: Cast) -> None:
    with pytest.raises(Invalid):
        decline(offered, " ", actor=cast.hank)


def test_only_whom_it_was_offered_to(offered: Complaint, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        decline(offered, "不属于信用卡", actor=cast.fiona)


def test_both_histories_tell_it(offered: Complaint, cast: Cast) -> None:
    assert both_histories_tell(decline(offered, "不属于信用卡", actor=cast.hank), Verb.DECLINE, cast.hank)


def test_a_stale_page_is_refused(offered: Complaint, cast: Cast) -> None:
    with pytest.raises(Stale):
        decline(offered, "不属于信用卡", actor=cast.hank, version=1)


def test_the_page_leads_to_own_work_when_the_case_is_out_of_sight(offered: Complaint, cast: Cast, as_: As) -> None:
    answer = do(as_("hank"), offered, "decline", reason="不属于信用卡")
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    assert as_("hank").get(offered.get_absolute_url()).status_code == 404
    assert fresh(offered).owner == cast.fiona


def test_in_the_dialog_htmx_is_led_there(offered: Complaint, as_: As) -> None:
    assert do(as_("hank"), offered, "decline", headers=HTMX, reason="不属于")["HX-Redirect"] == "/work/"


def test_outsiders_find_nothing(offered: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("helen"), offered, "decline")
