"""Hand over: an offer. Until it is accepted the offerer answers for the case (R37, R49)."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import Invalid, NotAllowed, Stale, WrongStatus
from accounts.models import Membership, User
from complaints.models import Complaint
from complaints.ownership import hand_over
from complaints.states import Verb
from tests.complaints.pages import HTMX, address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def post_of(person: User) -> int:
    return Membership.objects.get(user=person).pk


def test_an_offer_changes_nothing_but_that_it_waits(register: Register, cast: Cast) -> None:
    case = hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    assert (case.owner, case.offered_to, case.status) == (cast.fiona, cast.hank, "registered")
    offer = case.handovers.get()
    assert (offer.unit, offer.reason, offer.answer) == (cast.unit["HO-CARDS"], "属信用卡业务", "")


def test_whoever_it_is_offered_to_can_see_it(register: Register, cast: Cast) -> None:
    case = hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    assert Complaint.objects.visible_to(cast.hank).contains(case)
    assert not Complaint.objects.visible_to(cast.helen).contains(case)


def test_one_offer_at_a_time(register: Register, cast: Cast) -> None:
    case = hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    with pytest.raises(WrongStatus):
        hand_over(case, cast.helen, "属信用卡业务", actor=cast.fiona)


def test_only_the_owner_offers(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.frank)


def test_never_to_the_staff_complained_about(register: Register, cast: Cast) -> None:
    case = register("fiona", staff_complained_about=cast.hank)
    with pytest.raises(NotAllowed):
        hand_over(case, cast.hank, "属信用卡业务", actor=cast.fiona)


@pytest.mark.parametrize(("to", "field"), [("fiona", "to"), ("audrey", "to"), ("adam", "to")])
def test_only_to_somebody_else_who_handles_complaints(register: Register, cast: Cast, to: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        hand_over(register("fiona"), cast.people[to], "原因", actor=cast.fiona)
    assert field in refused.value.errors


def test_a_reason_is_needed(register: Register, cast: Cast) -> None:
    with pytest.raises(Invalid):
        hand_over(register("fiona"), cast.hank, " ", actor=cast.fiona)


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    case = hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    assert both_histories_tell(case, Verb.HAND_OVER, cast.fiona)
    assert case.handovers.get().history.get().history_user == cast.fiona


def test_a_stale_page_is_refused(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(Stale):
        hand_over(case, cast.hank, "原因", actor=cast.fiona, version=case.version + 1)


def test_the_page_offers_it(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    assert do(as_("fiona"), case, "hand_over", to=post_of(cast.hank), reason="属信用卡业务").status_code == 302
    assert fresh(case).offered_to == cast.hank


def test_the_form_offers_neither_the_owner_nor_the_staff_complained_about(
    register: Register, cast: Cast, as_: As
) -> None:
    case = register("fiona", staff_complained_about=cast.frank)
    html = as_("fiona").get(address(case, "hand_over"), headers=HTMX).content.decode()
    assert f'value="{post_of(cast.hank)}"' in html
    assert f'value="{post_of(cast.fiona)}"' not in html
    assert f'value="{post_of(cast.frank)}"' not in html
    assert do(as_("fiona"), case, "hand_over", to=post_of(cast.frank), reason="x").status_code == 422


def test_people_are_found_as_one_types(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    html = as_("fiona").get(address(case, "people"), {"q": "信用卡"}).content.decode()
    assert "陈立" in html
    assert "何静" in html
    assert "方强" not in html
    assert as_("grace").get(address(case, "people")).status_code == 404
    assert as_("audrey").get(address(case, "people")).status_code == 403


def test_the_chosen_person_stays_in_the_list(register: Register, cast: Cast, as_: As) -> None:
    answer = as_("fiona").get(address(register("fiona"), "people"), {"q": "方强", "to": post_of(cast.hank)})
    assert f'value="{post_of(cast.hank)}" checked' in answer.content.decode()


def test_errors_keep_the_text_and_the_choice(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    answer = do(as_("fiona"), case, "hand_over", to=post_of(cast.hank), reason=" ")
    assert answer.status_code == 422
    assert f'value="{post_of(cast.hank)}" checked' in answer.content.decode()


@pytest.mark.parametrize("to", ["", "0", "x", "99999999999999999999", "-1"])
def test_nobody_is_an_error(register: Register, as_: As, to: str) -> None:
    assert do(as_("fiona"), register("fiona"), "hand_over", to=to, reason="原因").status_code == 422


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "hand_over")
