"""Finding: by two characters, by reference, by whole number or name; and nothing personal left behind in an address."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from complaints.forms.find import LASTS, lookup_of, number_in, reference_in
from complaints.models import Complainant, Complaint
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]
PHONE, NUMBER, NAME = "13912345678", "11010519491231002X", "欧阳青𠮷"


def find(browser: Client, typed: str) -> str:
    return str(browser.post("/find/", {"q": typed}).headers["Location"])


@pytest.fixture
def theirs(register: Register) -> Complaint:
    person = Complainant(name=NAME, phone=PHONE, id_type="id_card", id_number=NUMBER)
    register("fiona")
    return register("fiona", complainant=person, summary="手续费多收", narrative="𠮷祥卡年费也多收了")


@pytest.mark.parametrize("words", ["手续", "续费", "多收", "𠮷祥", "手续 年费", "ｔｓ", "手续费多收"])
def test_any_two_neighbours_find_it(theirs: Complaint, words: str) -> None:
    expected = [] if words == "ｔｓ" else [theirs]
    assert list(Complaint.objects.search(words)) == expected


@pytest.mark.parametrize("words", ["费手", "手费", "%", "';--", "!"])
def test_what_is_not_in_the_text_finds_nothing(theirs: Complaint, words: str) -> None:
    assert not Complaint.objects.search(words).exists()


def test_a_reference_leads_straight_to_the_case(theirs: Complaint, as_: As) -> None:
    for typed in (theirs.reference, f"  {theirs.reference.lower()} ", theirs.reference.removeprefix("TS")):
        assert find(as_("fiona"), typed) == theirs.get_absolute_url()


def test_a_reference_out_of_scope_leads_to_an_empty_list(theirs: Complaint, as_: As) -> None:
    browser = as_("walter")
    address = find(browser, theirs.reference)
    assert urlsplit(address).path == "/complaints/"
    assert browser.get(address).context["total"] == 0


@pytest.mark.parametrize(
    "typed", [PHONE, "139 1234 5678", "１３９１２３４５６７８", "+86 139-1234-5678", NUMBER, NUMBER.lower(), NAME]
)
def test_a_whole_number_or_name_finds_its_person_and_stays_out_of_the_address(
    theirs: Complaint, as_: As, typed: str
) -> None:
    browser = as_("fiona")
    address = find(browser, typed)
    assert set(parse_qs(urlsplit(address).query)) == {"who"}
    assert not any(secret in address for secret in (PHONE, NUMBER, "139", "1101"))
    page = browser.get(address)
    assert [row.reference for row in page.context["rows"]] == [theirs.reference]
    for secret in (PHONE, NUMBER, NUMBER.lower(), NAME):
        assert secret not in page.content.decode()


def test_half_a_number_finds_nobody(theirs: Complaint, as_: As) -> None:
    browser = as_("fiona")
    assert browser.get(find(browser, PHONE[:8])).context["total"] == 0


def test_a_number_typed_into_the_address_is_taken_out_of_it(theirs: Complaint, as_: As) -> None:
    answer = as_("fiona").get("/complaints/", {"q": PHONE})
    assert answer.status_code == 302
    assert PHONE not in answer.headers["Location"]


def test_words_that_name_nobody_stay_readable_in_the_address(theirs: Complaint, as_: As) -> None:
    assert parse_qs(urlsplit(find(as_("fiona"), "手续费")).query) == {"q": ["手续费"]}


def test_a_name_that_only_others_may_see_is_not_given_away(theirs: Complaint, as_: As) -> None:
    assert parse_qs(urlsplit(find(as_("walter"), NAME)).query) == {"q": [NAME]}


def test_a_lookup_works_for_its_maker_only_and_not_for_long(cast: Cast) -> None:
    looked_for = number_in(PHONE)
    assert looked_for is not None
    token = looked_for.token(cast.fiona)
    assert lookup_of(token, cast.fiona) == looked_for
    assert lookup_of(token, cast.frank) is None
    assert lookup_of(token[:-8] + "AAAAAAA=", cast.fiona) is None
    with time_machine.travel(timezone.now().timestamp() + LASTS + 1):
        assert lookup_of(token, cast.fiona) is None


def test_a_lookup_that_has_run_out_says_so(theirs: Complaint, as_: As) -> None:
    answer = as_("fiona").get("/complaints/?who=old")
    assert answer.context["filters"].has_lapsed
    assert answer.context["rows"] == []


def test_the_find_box_is_posted(as_: As) -> None:
    assert as_("fiona").get("/find/").status_code == 405
    assert find(as_("fiona"), "  ") == "/complaints/"


@pytest.mark.parametrize("typed", ["手续费", "TS20261120-000001", "2026", "5000 元", "", "12345", "信用卡 2 笔"])
def test_ordinary_words_are_not_taken_for_numbers_of_people(typed: str) -> None:
    assert number_in(typed) is None


def test_a_reference_is_known_by_its_shape() -> None:
    assert reference_in("ＴＳ20261120-000001") == "TS20261120-000001"
    assert reference_in("TS2026-1") == ""
