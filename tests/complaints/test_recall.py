"""Recall: the owner takes an unanswered offer back."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import NotAllowed, Stale, WrongStatus
from complaints.models import Complaint
from complaints.ownership import accept, hand_over, recall
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.fixture
def offered(register: Register, cast: Cast) -> Complaint:
    return hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)


def test_the_offer_is_gone(offered: Complaint, cast: Cast) -> None:
    case = recall(offered, actor=cast.fiona)
    assert case.offered_to is None
    assert case.handovers.get().answer == "recalled"
    assert not Complaint.objects.visible_to(cast.hank).contains(case)


def test_only_the_owner(offered: Complaint, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        recall(offered, actor=cast.hank)


def test_not_after_it_was_accepted(offered: Complaint, cast: Cast) -> None:
    accept(offered, actor=cast.hank)
    with pytest.raises(WrongStatus):
        recall(offered, actor=cast.fiona)


def test_both_histories_tell_it(offered: Complaint, cast: Cast) -> None:
    assert both_histories_tell(recall(offered, actor=cast.fiona), Verb.RECALL, cast.fiona)


def test_a_stale_page_is_refused(offered: Complaint, cast: Cast) -> None:
    with pytest.raises(Stale):
        recall(offered, actor=cast.fiona, version=1)


def test_the_page_does_it(offered: Complaint, as_: As) -> None:
    assert "陈立" in as_("fiona").get(address(offered, "recall")).content.decode()
    assert do(as_("fiona"), offered, "recall").status_code == 302
    assert fresh(offered).offered_to is None


def test_outsiders_find_nothing(offered: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), offered, "recall")
