"""Decline an extension: with a reason; the date stays, and it may be asked for again."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import Invalid, NotAllowed
from complaints.extending import ask_extension, decline_extension
from complaints.models import Complaint
from complaints.states import Verb
from tests.complaints.pages import both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast, a_wish

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.fixture
def asked(register: Register, cast: Cast) -> Complaint:
    return ask_extension(register("fiona"), a_wish(), actor=cast.fiona)


def test_the_date_stays_and_it_may_be_asked_for_again(asked: Complaint, cast: Cast) -> None:
    before = asked.clocks.get(target="resolution").due_at
    case = decline_extension(asked, "现有材料足以答复", actor=cast.sam)
    assert (case.extension, case.clocks.get(target="resolution").due_at) == ("", before)
    assert ask_extension(case, a_wish(amount=20), actor=cast.fiona).extension == "asked"


def test_a_reason_is_needed(asked: Complaint, cast: Cast) -> None:
    with pytest.raises(Invalid):
        decline_extension(asked, " ", actor=cast.sam)


def test_the_owner_does_not_decide(asked: Complaint, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        decline_extension(asked, "原因", actor=cast.fiona)


def test_both_histories_tell_it(asked: Complaint, cast: Cast) -> None:
    assert both_histories_tell(decline_extension(asked, "原因", actor=cast.sam), Verb.DECLINE_EXTENSION, cast.sam)


def test_the_page_works(asked: Complaint, as_: As) -> None:
    assert do(as_("sam"), asked, "decline_extension", reason="原因").status_code == 302
    assert fresh(asked).extensions.get().answer == "declined"


def test_outsiders_find_nothing(asked: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("helen"), asked, "decline_extension")
