"""Assign: a supervisor makes somebody the owner at once; never the staff complained about."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import Invalid, NotAllowed, Stale
from accounts.models import Membership
from complaints.models import Complaint
from complaints.ownership import assign, hand_over
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_the_person_owns_it_at_once(register: Register, cast: Cast) -> None:
    case = assign(register("fiona"), cast.grace, actor=cast.sam, reason="李敏休假")
    assert (case.owner, case.owner_unit, case.first_responder) == (cast.grace, cast.unit["E2"], cast.fiona)


def test_an_offer_that_waited_lapses(register: Register, cast: Cast) -> None:
    case = hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    case = assign(case, cast.grace, actor=cast.sam)
    assert case.handovers.get().answer == "lapsed"


def test_never_to_the_staff_complained_about(register: Register, cast: Cast) -> None:
    case = register("fiona", staff_complained_about=cast.grace)
    with pytest.raises(NotAllowed):
        assign(case, cast.grace, actor=cast.sam)


def test_only_by_a_supervisor(register: Register, cast: Cast) -> None:
    for who in (cast.fiona, cast.carol):
        with pytest.raises(NotAllowed):
            assign(register("fiona"), cast.grace, actor=who)


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    assert both_histories_tell(assign(register("fiona"), cast.grace, actor=cast.sam), Verb.ASSIGN, cast.sam)


def test_a_stale_page_is_refused(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(Stale):
        assign(case, cast.grace, actor=cast.sam, version=2)


def test_the_page_does_it_without_a_reason(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    assert as_("sam").get(address(case, "assign")).status_code == 200
    assert do(as_("sam"), case, "assign", to=Membership.objects.get(user=cast.grace).pk).status_code == 302
    assert fresh(case).owner == cast.grace


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("wendy"), register("fiona"), "assign")


def test_only_within_what_the_supervisor_supervises(register: Register, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        assign(register("fiona"), cast.walter, actor=cast.sam)
    assert "to" in refused.value.errors
