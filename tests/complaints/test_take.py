"""Take: become the owner oneself; the first responder stays who it was."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import NotAllowed, Stale
from complaints.models import Complaint
from complaints.ownership import hand_over, take
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_the_taker_owns_it_in_their_own_unit(register: Register, cast: Cast) -> None:
    case = take(register("fiona"), actor=cast.sam)
    assert (case.owner, case.owner_unit) == (cast.sam, cast.unit["E"])
    assert case.first_responder == cast.fiona


def test_an_offer_that_waited_lapses(register: Register, cast: Cast) -> None:
    case = hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    case = take(case, actor=cast.frank)
    assert case.offered_to is None
    assert case.handovers.get().answer == "lapsed"


def test_the_owner_cannot_take_their_own(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        take(register("fiona"), actor=cast.fiona)


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    case = take(register("fiona"), actor=cast.frank)
    assert both_histories_tell(case, Verb.TAKE, cast.frank)


def test_a_stale_page_is_refused(register: Register, cast: Cast) -> None:
    case = register("fiona")
    take(case, actor=cast.frank)
    with pytest.raises(Stale):
        take(case, actor=cast.sam, version=1)


def test_without_a_version_the_owner_seen_must_still_be_the_owner(register: Register, cast: Cast) -> None:
    case = register("fiona")
    take(case, actor=cast.frank)
    with pytest.raises(Stale, match=str(cast.frank)):
        take(case, actor=cast.sam)
    assert take(fresh(case), actor=cast.sam).owner == cast.sam


def test_the_page_does_it(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    assert as_("frank").get(address(case, "take")).status_code == 200
    assert do(as_("frank"), case, "take").status_code == 302
    assert fresh(case).owner == cast.frank


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "take")
