"""Remind: the owner is reminded, and that stands in the history; no open page becomes stale."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import NotAllowed
from complaints.models import Complaint
from complaints.ownership import remind
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_the_reminder_names_the_owner_and_keeps_the_text(register: Register, cast: Cast) -> None:
    case = remind(register("fiona"), "客户今天又来电", actor=cast.sam)
    event = case.events.first()
    assert event is not None
    assert event.facts == {"to": cast.fiona.pk, "text": "客户今天又来电"}
    assert case.version == 1


def test_only_by_oversight(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        remind(register("fiona"), actor=cast.frank)


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    assert both_histories_tell(remind(register("fiona"), actor=cast.carol), Verb.REMIND, cast.carol)


def test_the_page_does_it_and_the_case_shows_it(register: Register, as_: As) -> None:
    case = register("fiona")
    assert as_("sam").get(address(case, "remind")).status_code == 200
    assert do(as_("sam"), case, "remind", text="客户今天又来电").status_code == 302
    assert "客户今天又来电" in as_("fiona").get(case.get_absolute_url()).content.decode()
    assert fresh(case).owner.username == "fiona"


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("wendy"), register("fiona"), "remind")
