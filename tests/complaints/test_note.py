"""Note: among ourselves; it is kept for ever, makes no page stale, and never reaches the customer (R18)."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import Invalid, NotAllowed
from complaints.correspondence import note
from complaints.lifecycle import close
from complaints.models import Complaint
from complaints.states import Verb
from tests.complaints.pages import HTMX, address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_it_is_kept_apart_from_messages(register: Register, cast: Cast) -> None:
    case = note(register("fiona"), "同一理财经理有同类投诉。", actor=cast.frank)
    assert case.notes.get().body == "同一理财经理有同类投诉。"
    assert not case.messages.exists()
    assert case.version == 1


def test_also_on_a_closed_case(resolved: Complaint, cast: Cast) -> None:
    ended = close(resolved, actor=cast.fiona)
    noted = note(ended, "客户来电致谢。", actor=cast.fiona)
    assert (noted.status, noted.notes.count(), noted.version) == ("closed", 1, ended.version)


def test_an_empty_note_is_an_error(register: Register, cast: Cast) -> None:
    with pytest.raises(Invalid):
        note(register("fiona"), " \n", actor=cast.fiona)


def test_auditors_only_read(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        note(register("fiona"), "看过", actor=cast.audrey)


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    assert both_histories_tell(note(register("fiona"), "看过", actor=cast.frank), Verb.NOTE, cast.frank)


def test_the_composer_saves_it_and_leads_back(register: Register, as_: As) -> None:
    case = register("fiona")
    assert do(as_("frank"), case, "note", headers=HTMX, body="看过")["HX-Redirect"] == case.get_absolute_url()
    assert fresh(case).notes.get().body == "看过"


@pytest.mark.parametrize("body", ["", "  ", "看\0过", "字" * 20_001])
def test_what_cannot_be_a_note_comes_back_as_an_error(register: Register, as_: As, body: str) -> None:
    case = register("fiona")
    assert do(as_("frank"), case, "note", body=body).status_code == 422
    assert not case.notes.exists()


def test_a_note_shows_as_internal_and_its_markup_is_inert(register: Register, cast: Cast, as_: As) -> None:
    case = note(register("fiona"), "<script>alert(1)</script>", actor=cast.frank)
    html = as_("fiona").get(case.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "sw-inside" in html


def test_the_page_of_its_own_works(register: Register, as_: As) -> None:
    assert as_("fiona").get(address(register("fiona"), "note")).status_code == 200


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "note")
