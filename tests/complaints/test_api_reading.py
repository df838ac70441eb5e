"""GET by API: pages without gaps, filters that hold, only what one may see, at a cost that does not grow."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from complaints.correspondence import respond
from complaints.lifecycle import withdraw
from complaints.models import Complaint
from tests.complaints.machines import LIST, machine
from tests.conftest import NOW, Cast, said

Register = Callable[..., Complaint]


def references(client: Client, **query: Any) -> list[str]:
    answer = client.get(LIST, query)
    assert answer.status_code == 200, answer.json()
    return [row["reference"] for row in answer.json()["results"]]


def test_the_latest_received_leads(register: Register, cast: Cast) -> None:
    first = register("fiona", received_at=timezone.now() - timedelta(hours=2))
    second = register("fiona")
    assert references(machine(cast.fiona)) == [second.reference, first.reference]


def test_pages_follow_each_other_without_gap_or_repeat(register: Register, cast: Cast) -> None:
    same = timezone.now() - timedelta(minutes=5)
    made = {register("fiona", received_at=same).reference for _ in range(7)}
    client, address, seen = machine(cast.fiona), f"{LIST}?limit=3", list[str]()
    while address:
        page = client.get(address).json()
        seen += [row["reference"] for row in page["results"]]
        address = page["next"]
    assert (len(seen), set(seen)) == (7, made)


def test_a_complaint_that_arrives_meanwhile_moves_no_page(register: Register, cast: Cast) -> None:
    old = [register("fiona").reference for _ in range(4)]
    client = machine(cast.fiona)
    page = client.get(f"{LIST}?limit=2").json()
    register("fiona")
    following = client.get(page["next"]).json()["results"]
    assert [row["reference"] for row in following] == old[1::-1]


def test_next_keeps_the_filters(register: Register, cast: Cast) -> None:
    for _ in range(3):
        register("fiona")
    following = machine(cast.fiona).get(f"{LIST}?limit=2&status=registered").json()["next"]
    query = parse_qs(urlsplit(following).query)
    assert (query["status"], query["limit"]) == (["registered"], ["2"])


def test_each_filter_holds(register: Register, cast: Cast) -> None:
    phone = respond(register("fiona"), said(), actor=cast.fiona)
    letter = register("grace", channel="letter", unit="E2", summary="年金险被当成存款")
    sam = machine(cast.sam)
    for query, found in (
        ({"status": "responded"}, phone),
        ({"status": ["registered", "reopened"]}, letter),
        ({"channel": "letter"}, letter),
        ({"unit": "E2"}, letter),
        ({"owner": "grace"}, letter),
        ({"first_responder": "fiona"}, phone),
        ({"q": "年金"}, letter),
        ({"q": phone.reference}, phone),
    ):
        assert references(sam, **query) == [found.reference], query


def test_a_unit_means_the_units_below_it_too(register: Register, cast: Cast) -> None:
    one, two, west = register("fiona", unit="E1"), register("grace", unit="E2"), register("walter", unit="W1")
    olivia = machine(cast.olivia)
    assert references(olivia, unit="E") == [two.reference, one.reference]
    assert references(olivia, unit="HO") == [west.reference, two.reference, one.reference]
    assert references(olivia, unit="W1") == [west.reference]


def test_overdue_needs_no_worker(register: Register, cast: Cast) -> None:
    late = register("fiona", received_at=timezone.now() - timedelta(days=3))
    ended = withdraw(register("fiona"), "客户撤回", actor=cast.fiona)
    fiona = machine(cast.fiona)
    assert references(fiona, overdue="true") == [late.reference]
    assert references(fiona, overdue="false") == [ended.reference]


@time_machine.travel(NOW, tick=False)
def test_received_between_two_moments(register: Register, cast: Cast) -> None:
    case = register("fiona", received_at=NOW - timedelta(hours=1))
    fiona = machine(cast.fiona)
    assert references(fiona, received_after="2026-02-10T09:00:00+08:00") == [case.reference]
    assert references(fiona, received_before="2026-02-10T09:00:00+08:00") == []


@pytest.mark.parametrize(
    "query",
    [
        "status=lost", "channel=fax", "unit=NOWHERE", "owner=nobody", "owner__password=x", "_connector=OR",
        "owner__username__startswith=f", "order_by=owner", "overdue=perhaps", "received_after=2026-01-01T00:00:00",
        "received_after=soon", "limit=0", "limit=-1", "limit=x", "cursor=x", "cursor=MXwx", "cursor=%FF", "q=%00",
        "unit=%00", "status=%00", "cursor=OTk5OS0xMi0zMVQyMzo1OTo1OS0yMzo1OXwx", "limit=1%00", "page=2",
    ],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_400(cast: Cast, query: str) -> None:
    answer = machine(cast.fiona).get(f"{LIST}?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "words", ["%", "_", "'", "\\", "' OR 1=1 --", "a" * 200, "!&|():*", "🙂", "((((((((((a+)+)+)+)"]
)
def test_a_search_for_signs_finds_nothing_and_breaks_nothing(register: Register, cast: Cast, words: str) -> None:
    register("fiona")
    assert references(machine(cast.fiona), q=words) == []


def test_a_page_has_an_upper_limit(register: Register, cast: Cast) -> None:
    assert machine(cast.fiona).get(f"{LIST}?limit=1000000000").status_code == 200


@pytest.mark.parametrize(
    ("who", "seen"),
    [("fiona", True), ("frank", True), ("sam", True), ("olivia", True), ("carol", True), ("audrey", True),
     ("grace", False), ("wendy", False), ("walter", False), ("hank", False), ("adam", False)],
)  # fmt: skip
def test_list_search_and_page_agree_on_who_sees_it(register: Register, cast: Cast, who: str, seen: bool) -> None:
    case, client = register("fiona"), machine(cast.people[who])
    assert bool(references(client)) is seen
    assert bool(references(client, q="盗刷")) is seen
    for address in ("", "history/"):
        assert client.get(f"{LIST}{case.reference}/{address}").status_code == (200 if seen else 404)


def test_nothing_of_a_person_is_shown_in_full(register: Register, cast: Cast) -> None:
    case, client = register("fiona"), machine(cast.olivia)
    for address in ("", f"{case.reference}/", f"{case.reference}/history/"):
        text = client.get(f"{LIST}{address}").content.decode()
        assert "13812341111" not in text
        assert "王小明" not in text


def test_a_phone_number_is_no_oracle(register: Register, cast: Cast) -> None:
    register("fiona")
    for words in ("13812341111", "138", "王小明"):
        assert references(machine(cast.fiona), q=words) == []


def test_the_history_tells_every_deed_in_order(register: Register, cast: Cast) -> None:
    case = respond(register("fiona"), said(), actor=cast.fiona)
    page = machine(cast.audrey).get(f"{LIST}{case.reference}/history/").json()
    assert [(event["seq"], event["verb"], event["actor"]) for event in page["results"]] == [
        (1, "register", "fiona"),
        (2, "respond", "fiona"),
    ]
    assert page["next"] is None
    assert "李敏" in page["results"][1]["sentence"]


def test_a_long_history_comes_in_pages(register: Register, cast: Cast) -> None:
    case = respond(register("fiona"), said(), actor=cast.fiona)
    client = machine(cast.fiona)
    first = client.get(f"{LIST}{case.reference}/history/?limit=1").json()
    assert [event["seq"] for event in client.get(first["next"]).json()["results"]] == [2]


@pytest.mark.parametrize(
    "reference", ["TS20200101-000001", "nothing", "%00", "a%00b", "..", "%F0%A0%AE%B7", "1' OR '1'='1"]
)
def test_an_unknown_reference_is_404(cast: Cast, reference: str) -> None:
    answer = machine(cast.olivia).get(f"{LIST}{reference}/")
    assert answer.status_code in {404, 400}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_two_rows_and_twenty_cost_the_same(
    register: Register, cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = machine(cast.sam)
    for many in (2, 20):
        while Complaint.objects.count() < many:
            register("fiona")
        with django_assert_num_queries(7):
            assert len(references(client)) == many
