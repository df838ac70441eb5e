"""Accept: from this moment the acceptor answers for the case; the first responder stays who it was."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed, Stale, WrongStatus
from accounts.models import Membership, User
from accounts.roles import Role
from complaints.models import Complaint
from complaints.ownership import accept, hand_over
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.fixture
def offered(register: Register, cast: Cast) -> Complaint:
    return hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)


def test_the_acceptor_owns_it(offered: Complaint, cast: Cast) -> None:
    case = accept(offered, actor=cast.hank)
    assert (case.owner, case.owner_unit, case.offered_to) == (cast.hank, cast.unit["HO-CARDS"], None)
    assert case.first_responder == cast.fiona
    assert case.handovers.get().answer == "accepted"


def test_the_first_responder_still_sees_it(offered: Complaint, cast: Cast) -> None:
    case = accept(offered, actor=cast.hank)
    assert Complaint.objects.visible_to(cast.fiona).contains(case)


def test_nobody_else_accepts(offered: Complaint, cast: Cast) -> None:
    for who in (cast.fiona, cast.frank, cast.sam):
        with pytest.raises(NotAllowed):
            accept(offered, actor=who)


def test_without_an_offer_there_is_nothing_to_accept(register: Register, cast: Cast) -> None:
    with pytest.raises(WrongStatus):
        accept(register("fiona"), actor=cast.fiona)


def test_who_has_moved_accepts_where_they_are_now(offered: Complaint, cast: Cast) -> None:
    left = cast.hank.memberships.get()
    left.until_on = timezone.localdate() - timedelta(days=1)
    left.save()
    Membership.objects.create(user=cast.hank, unit=cast.unit["E2"], role=Role.HANDLER, from_on=date(2020, 1, 1))
    case = accept(offered, actor=User.objects.get(pk=cast.hank.pk))
    assert case.owner_unit == cast.unit["E2"]


def test_who_holds_several_posts_accepts_in_the_one_it_was_offered_to(offered: Complaint, cast: Cast) -> None:
    Membership.objects.create(user=cast.hank, unit=cast.unit["E1"], role=Role.HANDLER, from_on=date(2019, 1, 1))
    case = accept(offered, actor=User.objects.get(pk=cast.hank.pk))
    assert case.owner_unit == cast.unit["HO-CARDS"]


def test_who_handles_complaints_nowhere_any_more_cannot_accept(offered: Complaint, cast: Cast) -> None:
    left = cast.hank.memberships.get()
    left.until_on = timezone.localdate() - timedelta(days=1)
    left.save()
    Membership.objects.create(user=cast.hank, unit=cast.unit["HO"], role=Role.AUDITOR, from_on=date(2020, 1, 1))
    with pytest.raises(NotAllowed):
        accept(offered, actor=User.objects.get(pk=cast.hank.pk))


def test_both_histories_tell_it(offered: Complaint, cast: Cast) -> None:
    case = accept(offered, actor=cast.hank)
    assert both_histories_tell(case, Verb.ACCEPT, cast.hank)
    assert case.handovers.get().history.first().history_user == cast.hank


def test_a_stale_page_is_refused(offered: Complaint, cast: Cast) -> None:
    with pytest.raises(Stale):
        accept(offered, actor=cast.hank, version=1)


def test_the_page_does_it(offered: Complaint, cast: Cast, as_: As) -> None:
    assert 'data-deed="accept"' in as_("hank").get(offered.get_absolute_url()).content.decode()
    assert as_("hank").get(address(offered, "accept")).status_code == 200
    answer = do(as_("hank"), offered, "accept")
    assert (answer.status_code, answer["Location"]) == (302, offered.get_absolute_url())
    assert fresh(offered).owner == cast.hank


def test_outsiders_find_nothing(offered: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("helen"), offered, "accept")
