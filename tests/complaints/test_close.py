"""Close: the last word, by the owner or a supervisor, once the outcome has been told."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import NotAllowed, Stale, WrongStatus
from complaints.lifecycle import close
from complaints.models import Complaint
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.mark.parametrize("who", ["fiona", "sam"])
def test_the_owner_or_a_supervisor_closes_it(resolved: Complaint, cast: Cast, who: str) -> None:
    case = close(resolved, actor=cast.people[who])
    assert case.status == "closed"
    assert case.closed_at is not None


def test_nobody_else_does(resolved: Complaint, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        close(resolved, actor=cast.frank)


def test_not_before_the_outcome(register: Register, cast: Cast) -> None:
    with pytest.raises(WrongStatus):
        close(register("fiona"), actor=cast.fiona)


def test_both_histories_tell_it(resolved: Complaint, cast: Cast) -> None:
    assert both_histories_tell(close(resolved, actor=cast.fiona), Verb.CLOSE, cast.fiona)


def test_a_stale_page_is_refused(resolved: Complaint, cast: Cast) -> None:
    with pytest.raises(Stale):
        close(resolved, actor=cast.fiona, version=1)


def test_pressing_twice_closes_once(resolved: Complaint, as_: As) -> None:
    assert do(as_("fiona"), resolved, "close", version=resolved.version).status_code == 302
    assert do(as_("fiona"), resolved, "close", version=resolved.version).status_code == 409
    assert resolved.events.filter(verb="close").count() == 1


def test_the_page_asks_first(resolved: Complaint, as_: As) -> None:
    assert as_("fiona").get(address(resolved, "close")).status_code == 200
    assert fresh(resolved).status == "resolved"


def test_outsiders_find_nothing(resolved: Complaint, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), resolved, "close")
