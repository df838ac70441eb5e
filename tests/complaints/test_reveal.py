"""Reveal: one field of the complainant in full, for a reason, which is recorded (R81)."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import Invalid, NotAllowed
from complaints.correspondence import reveal
from complaints.models import Complaint
from complaints.states import Verb
from tests.complaints.pages import HTMX, address, both_histories_tell, do, outsiders_find_nothing
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def test_it_gives_the_field_and_notes_who_and_why(register: Register, cast: Cast) -> None:
    case = register("fiona")
    assert reveal(case, "phone", "回拨客户", actor=cast.frank) == "13812341111"
    event = case.events.first()
    assert event is not None
    assert event.facts == {"field": "phone", "reason": "回拨客户"}


def test_the_dialog_asks_for_the_reason_and_names_the_field_above(register: Register, as_: As) -> None:
    headers = HTMX | {"HX-Target": "dialog"}
    html = as_("fiona").get(address(register("fiona"), "reveal") + "?field=phone", headers=headers).content.decode()
    (label,) = re.findall(r'<label class="form-label"[^>]*>(.*?)</label>', html, re.DOTALL)
    assert label.startswith("理由 ")
    (title,) = re.findall(r'<h2 id="dialog-title">(.*?)<span', html, re.DOTALL)
    assert title.strip() == "显示电话全文"


def test_without_a_reason_nothing_is_shown(register: Register, cast: Cast) -> None:
    with pytest.raises(Invalid):
        reveal(register("fiona"), "phone", " ", actor=cast.frank)


@pytest.mark.parametrize("field", ["id", "kind", "phone_index", "history", "", "save"])
def test_only_the_sealed_fields(register: Register, cast: Cast, field: str) -> None:
    case = register("fiona")
    with pytest.raises(Invalid):
        reveal(case, field, "看看", actor=cast.frank)
    assert case.events.count() == 1


def test_auditors_read_masked(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        reveal(register("fiona"), "phone", "审计", actor=cast.audrey)


def test_both_histories_tell_it_and_no_page_is_stale(register: Register, cast: Cast) -> None:
    case = register("fiona")
    reveal(case, "name", "回拨客户", actor=cast.frank)
    assert both_histories_tell(case, Verb.REVEAL, cast.frank)
    case.refresh_from_db()
    assert case.version == 1


def test_the_page_of_the_case_holds_no_plain_text(register: Register, as_: As) -> None:
    html = as_("fiona").get(register("fiona").get_absolute_url()).content.decode()
    assert "138****1111" in html
    assert "13812341111" not in html
    assert "王小明" not in html


def test_the_fragment_shows_it_for_a_minute_in_no_cache(register: Register, as_: As) -> None:
    case = register("fiona")
    assert as_("fiona").get(address(case, "reveal"), {"field": "phone"}, headers=HTMX).status_code == 200
    answer = do(as_("fiona"), case, "reveal", headers=HTMX, field="phone", reason="回拨客户")
    html = answer.content.decode()
    assert (answer["Cache-Control"], answer["HX-Trigger"]) == ("no-store", "sw:close")
    assert 'data-shown="60" data-masked="138****1111"' in " ".join(html.split())
    assert "13812341111" in html


def test_without_scripts_it_is_a_page_that_goes_back(register: Register, as_: As) -> None:
    case = register("fiona")
    answer = do(as_("fiona"), case, "reveal", field="name", reason="回拨客户")
    assert answer["Refresh"] == f"60; url={case.get_absolute_url()}"
    assert "王小明" in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"field": "id"}, {"field": ""}])
def test_wrong_input_shows_nothing(register: Register, as_: As, wrong: dict[str, str]) -> None:
    case = register("fiona")
    answer = do(as_("fiona"), case, "reveal", **{"field": "phone", "reason": "回拨客户"} | wrong)
    assert answer.status_code == 422
    assert "13812341111" not in answer.content.decode()
    assert case.events.count() == 1


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "reveal")
