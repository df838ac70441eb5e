"""Who sees which case: list, search, count, lookup, row and page agree, for everybody and every case."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed
from complaints import ownership
from complaints.extending import ask_extension
from complaints.models import Complaint
from complaints.scope import refusal
from complaints.states import Verb
from tests.conftest import Cast, a_wish

Register = Callable[..., Complaint]
As = Callable[[str], Client]

# Each case and everybody who sees it. The whole house: olivia, carol, audrey.
HOUSE = {"olivia", "carol", "audrey"}
SEEN_BY = {
    "at E1, about E1": HOUSE | {"fiona", "frank", "sam"},
    "at W1, about W1": HOUSE | {"walter", "wendy"},
    "at W1, about E2": HOUSE | {"walter", "wendy", "sam"},
    "offered to hank": HOUSE | {"fiona", "frank", "sam", "hank"},
    "worked in Cards": HOUSE | {"fiona", "frank", "sam", "hank", "helen"},
    "about sam": HOUSE | {"fiona", "frank"},
    "about carol": HOUSE - {"carol"} | {"walter", "wendy"},
}
READERS = sorted({"fiona", "frank", "grace", "sam", "walter", "wendy", "hank", "helen", *HOUSE})


@pytest.fixture
def cases(register: Register, cast: Cast) -> dict[str, Complaint]:
    offered = register("fiona")
    worked = register("fiona")
    ownership.hand_over(offered, cast.hank, "请办理", actor=cast.fiona)
    ownership.hand_over(worked, cast.hank, "请办理", actor=cast.fiona)
    ownership.accept(worked, actor=cast.hank)
    made = {
        "at E1, about E1": register("fiona"),
        "at W1, about W1": register("walter", unit="W1"),
        "at W1, about E2": register("walter", unit="E2"),
        "offered to hank": offered,
        "worked in Cards": worked,
        "about sam": register("fiona", staff_complained_about=cast.sam),
        "about carol": register("walter", unit="W1", staff_complained_about=cast.carol),
    }
    assert set(made) == set(SEEN_BY)
    return made


@pytest.mark.parametrize("who", READERS)
def test_list_count_search_lookup_and_page_agree(cases: dict[str, Complaint], as_: As, who: str) -> None:
    wanted = {case.reference for name, case in cases.items() if who in SEEN_BY[name]}
    browser = as_(who)
    for address in ("/complaints/?state=all", "/complaints/?q=信用", _lookup(browser)):
        page = browser.get(address).context
        assert {row.reference for row in page["rows"]} == wanted, address
        assert page["total"] == len(wanted), address
    for case in cases.values():
        status = 200 if case.reference in wanted else 404
        assert browser.get(f"/complaints/{case.reference}/").status_code == status, case


@pytest.mark.parametrize("who", READERS)
def test_the_api_agrees(cases: dict[str, Complaint], as_: As, who: str) -> None:
    wanted = {case.reference for name, case in cases.items() if who in SEEN_BY[name]}
    browser = as_(who)
    rows = browser.get("/api/v1/complaints/").json()["results"]
    assert {row["reference"] for row in rows} == wanted
    for case in cases.values():
        status = 200 if case.reference in wanted else 404
        assert browser.get(f"/api/v1/complaints/{case.reference}/").status_code == status, case
        assert browser.get(f"/api/v1/complaints/{case.reference}/history/").status_code == status, case


@pytest.mark.parametrize("who", ["olivia", "sam", "wendy", "carol", "audrey"])
def test_the_overdue_queue_and_its_badge_agree(cases: dict[str, Complaint], as_: As, who: str) -> None:
    wanted = {case.reference for name, case in cases.items() if who in SEEN_BY[name]}
    page = as_(who).get("/complaints/overdue/?tab=soon").context
    assert {row.reference for row in page["rows"]} == wanted
    assert page["tabs"][1].shown == str(len(wanted))


def test_no_list_and_no_case_for_those_who_keep_the_settings(cases: dict[str, Complaint], as_: As, cast: Cast) -> None:
    browser = as_("adam")
    assert browser.get("/complaints/").status_code == 403
    assert not Complaint.objects.visible_to(cast.adam).exists()
    for case in cases.values():
        assert browser.get(f"/complaints/{case.reference}/").status_code == 404


def test_figures_count_what_lists_show(cases: dict[str, Complaint], cast: Cast) -> None:
    for person in cast.people.values():
        listed = set(Complaint.objects.visible_to(person))
        assert set(Complaint.objects.visible_to(person, counting=True)) == listed, person.username


def test_filters_never_widen_the_scope(cases: dict[str, Complaint], as_: As) -> None:
    for query in ("owner=walter", "first_responder=walter", "unit=W1", "owner_unit=W", "unit=HO"):
        rows = as_("grace").get(f"/complaints/?{query}").context["rows"]
        assert rows == [], query


def test_who_leaves_a_unit_sees_its_cases_no_more(cases: dict[str, Complaint], as_: As, cast: Cast) -> None:
    cast.frank.memberships.update(until_on=timezone.localdate() - timedelta(days=1))
    browser = as_("frank")
    assert browser.get("/complaints/").status_code == 403
    assert browser.get(f"/complaints/{cases['at E1, about E1'].reference}/").status_code == 404


def _lookup(browser: Client) -> str:
    return str(browser.post("/find/", {"q": "13812341111"}).headers["Location"])


def test_an_offer_brings_no_supervision_of_other_units(register: Register, cast: Cast) -> None:
    asked = ask_extension(register("fiona"), a_wish(), actor=cast.fiona)
    offered = ownership.hand_over(asked, cast.wendy, "原因", actor=cast.fiona)
    for verb in (Verb.APPROVE_EXTENSION, Verb.ASSIGN, Verb.PAUSE):
        assert isinstance(refusal(cast.wendy, offered, verb), NotAllowed), verb
    assert refusal(cast.wendy, offered, Verb.ACCEPT) is None
