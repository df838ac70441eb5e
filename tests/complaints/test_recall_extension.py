"""Take a request back: it stays on record, and another may be made."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import WrongStatus
from complaints.extending import approve_extension, ask_extension, recall_extension
from complaints.models import Complaint
from complaints.states import Verb
from tests.complaints.pages import both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast, a_wish

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.fixture
def asked(register: Register, cast: Cast) -> Complaint:
    return ask_extension(register("fiona"), a_wish(), actor=cast.fiona)


def test_it_may_be_asked_for_again(asked: Complaint, cast: Cast) -> None:
    case = ask_extension(recall_extension(asked, actor=cast.fiona), a_wish(amount=20), actor=cast.fiona)
    assert [one.answer for one in case.extensions.order_by("id")] == ["recalled", ""]


def test_an_approved_one_is_not_taken_back(asked: Complaint, cast: Cast) -> None:
    with pytest.raises(WrongStatus):
        recall_extension(approve_extension(asked, actor=cast.sam), actor=cast.fiona)


def test_both_histories_tell_it(asked: Complaint, cast: Cast) -> None:
    assert both_histories_tell(recall_extension(asked, actor=cast.fiona), Verb.RECALL_EXTENSION, cast.fiona)


def test_the_page_works(asked: Complaint, as_: As) -> None:
    assert do(as_("fiona"), asked, "recall_extension").status_code == 302
    assert fresh(asked).extension == ""


def test_outsiders_find_nothing(asked: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("helen"), asked, "recall_extension")
