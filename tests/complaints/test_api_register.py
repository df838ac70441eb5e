"""POST /api/v1/complaints/: what the contract promises, and what no body may do."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from complaints.models import Complainant, Complaint
from tests.complaints.machines import BODY, LIST, machine, post
from tests.conftest import NOW, Cast

FULL = BODY | {
    "received_at": "2026-02-10T09:40:00+08:00",
    "complainant": {"kind": "person", "name": "王小明", "phone": "13812341111", "email": "", "id_type": "", "id_number": ""},
    "narrative": "", "demand": "退还两笔款项", "claimed_amount": "1200.00", "late_entry_reason": "",
    "external_reference": "", "recording_reference": "R-1",
}  # fmt: skip


@pytest.fixture
def fiona(cast: Cast) -> Client:
    return machine(cast.fiona)


@time_machine.travel(NOW, tick=False)
def test_it_answers_as_the_contract_says(fiona: Client) -> None:
    answer = post(fiona, LIST, FULL)
    assert answer.status_code == 201
    case = answer.json()
    assert case["reference"] == "TS20260210-000001"
    assert (case["status"], case["channel"], case["unit"]) == ("registered", "phone", "E1")
    assert (case["first_responder"], case["owner"]) == ("fiona", "fiona")
    assert (case["received_at"], case["registered_at"]) == ("2026-02-10T09:40:00+08:00", "2026-02-10T10:00:00+08:00")
    assert {"respond", "hand_over"} <= set(case["verbs"])


@time_machine.travel(NOW, tick=False)
def test_its_clocks_say_when_and_by_which_policy(fiona: Client) -> None:
    response, resolution = post(fiona, LIST, FULL).json()["clocks"]
    assert (response["target"], response["due_at"]) == ("response", "2026-02-11T09:40:00+08:00")
    assert (resolution["target"], resolution["due_on"]) == ("resolution", "2026-03-09")
    assert resolution["due_at"] == "2026-03-10T00:00:00+08:00"
    assert (resolution["stopped_at"], resolution["breached_at"], resolution["provisional"]) == (None, None, False)
    assert "15" in resolution["policy"]


def test_reading_it_back_gives_the_same(fiona: Client) -> None:
    made = post(fiona, LIST, FULL | {"received_at": None}).json()
    assert fiona.get(f"{LIST}{made['reference']}/").json() == made


def test_location_leads_to_it(fiona: Client) -> None:
    answer = post(fiona, LIST, BODY)
    assert fiona.get(answer.headers["Location"]).json()["reference"] == answer.json()["reference"]


def test_three_fields_are_enough(fiona: Client) -> None:
    assert post(fiona, LIST, BODY).status_code == 201
    assert Complainant.objects.get().kind == "unknown"


def test_a_name_makes_a_person_of_them(fiona: Client) -> None:
    post(fiona, LIST, BODY | {"complainant": {"name": "王小明"}})
    assert Complainant.objects.get().kind == "person"


def test_who_complains_is_masked_in_the_answer(fiona: Client) -> None:
    person = {
        "name": "王小明",
        "phone": "138 1234 1111",
        "email": "wang@example.com",
        "id_number": "330106198001010024",
    }
    answer = post(fiona, LIST, BODY | {"complainant": person})
    assert answer.json()["complainant"]["name"] == "王**"
    assert not [value for value in person.values() if value in answer.content.decode()]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"channel": "fax"}, "channel"),
        ({"channel": None}, "channel"),
        ({"unit": "NOWHERE"}, "unit"),
        ({"unit": 7}, "unit"),
        ({"unit": {"code": "E1"}}, "unit"),
        ({"unit": "E1\0"}, "unit"),
        ({"summary": ""}, "summary"),
        ({"summary": "   "}, "summary"),
        ({"summary": ["a"]}, "summary"),
        ({"summary": "a\0b"}, "summary"),
        ({"summary": "\ud800"}, "summary"),
        ({"summary": "长" * 301}, "summary"),
        ({"narrative": "a\0b"}, "narrative"),
        ({"received_at": "2026-02-10T09:40:00"}, "received_at"),
        ({"received_at": "yesterday"}, "received_at"),
        ({"received_at": "2026-02-30T09:40:00+08:00"}, "received_at"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at"),
        ({"received_at": "1900-01-01T00:00:00+08:00"}, "received_at"),
        ({"received_at": "9999-12-31T23:59:59-12:00"}, "received_at"),
        ({"received_at": "9999-12-31T23:59:59+00:00"}, "received_at"),
        ({"received_at": 1770688800}, "received_at"),
        ({"claimed_amount": "-1"}, "claimed_amount"),
        ({"claimed_amount": "NaN"}, "claimed_amount"),
        ({"claimed_amount": "1e400"}, "claimed_amount"),
        ({"claimed_amount": 10**40}, "claimed_amount"),
        ({"claimed_amount": "1.005"}, "claimed_amount"),
        ({"category": "none-such"}, "category"),
        ({"complainant": "王小明"}, "complainant"),
        ({"complainant": {"kind": "robot"}}, "complainant"),
        ({"complainant": {"email": "not an address"}}, "complainant"),
        ({"complainant": {"phone": {}}}, "complainant"),
        ({"is_summary_confirmed": "perhaps"}, "is_summary_confirmed"),
        ({"postmarked_on": "9999-99-99"}, "postmarked_on"),
        ({"postmarked_on": "1999-12-31"}, "postmarked_on"),
        ({"staff_complained_about": "system"}, "staff_complained_about"),
    ],
)
def test_bad_input_names_its_field(fiona: Client, given: dict[str, Any], field: str) -> None:
    answer = post(fiona, LIST, BODY | given)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert field in answer.json()["errors"]
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '"text"',
        "null",
        "NaN",
        '{"claimed_amount": NaN}',
        '{"claimed_amount": Infinity}',
        '{"claimed_amount": 1%s}' % ("0" * 5000),
        '{"summary": "a", "summary": "b"}',
        '{"a":' * 100_000,
        "[" * 100_000,
        b'{"summary": "\xff\xfe"}',
        '{"channel": "phone"} tail',
    ],
    ids=range(14),
)
def test_what_is_no_json_object_is_400(fiona: Client, body: str | bytes) -> None:
    answer = post(fiona, LIST, body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_ten_megabytes_are_too_many(fiona: Client) -> None:
    assert post(fiona, LIST, json.dumps(BODY | {"narrative": "x" * 10_000_000})).status_code == 413


def test_a_megabyte_of_rare_characters_is_kept(fiona: Client) -> None:
    story = "𠮷先生说 " * 50_000
    reference = post(fiona, LIST, BODY | {"narrative": story}).json()["reference"]
    assert Complaint.objects.get(reference=reference).narrative == story


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_other_media_are_415(fiona: Client, media: str) -> None:
    answer = fiona.post(LIST, json.dumps(BODY), content_type=media)
    assert (answer.status_code, answer.headers["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.parametrize(
    "ours", ["owner", "first_responder", "status", "due_at", "registered_at", "reference", "version"]
)
def test_what_is_ours_is_not_theirs_to_set(fiona: Client, ours: str) -> None:
    usual = post(fiona, LIST, BODY).json()
    case = post(fiona, LIST, BODY | {ours: "walter", "history_user": 1, "is_staff": True}).json()
    assert case["owner"] == "fiona"
    assert case["first_responder"] == "fiona"
    assert (case["status"], case["version"]) == (usual["status"], usual["version"])


def test_an_old_receipt_needs_a_reason(fiona: Client) -> None:
    old = {"received_at": (timezone.now() - timedelta(days=3)).isoformat()}
    assert "late_entry_reason" in post(fiona, LIST, BODY | old).json()["errors"]
    assert post(fiona, LIST, BODY | old | {"late_entry_reason": "周末来信"}).status_code == 201


def test_the_same_key_and_body_give_the_same_complaint(fiona: Client) -> None:
    first = post(fiona, LIST, BODY, **{"idempotency-key": "k-1"})
    again = post(fiona, LIST, dict(reversed(BODY.items())), **{"idempotency-key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


def test_the_same_key_with_another_body_is_409(fiona: Client) -> None:
    post(fiona, LIST, BODY, **{"idempotency-key": "k-1"})
    answer = post(fiona, LIST, BODY | {"summary": "另一件事"}, **{"idempotency-key": "k-1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert Complaint.objects.count() == 1


def test_two_machines_may_use_the_same_key(cast: Cast) -> None:
    for who in ("fiona", "frank"):
        assert post(machine(cast.people[who]), LIST, BODY, **{"idempotency-key": "k-1"}).status_code == 201
    assert Complaint.objects.count() == 2


def test_a_key_still_answers_once_the_unit_is_closed(fiona: Client, cast: Cast) -> None:
    first = post(fiona, LIST, BODY, **{"idempotency-key": "k-1"})
    cast.unit["E1"].is_active = False
    cast.unit["E1"].save()
    again = post(fiona, LIST, BODY, **{"idempotency-key": "k-1"})
    assert (again.status_code, again.json()["reference"]) == (201, first.json()["reference"])
    assert post(fiona, LIST, BODY).status_code == 400


def test_a_key_still_answers_after_the_keys_of_the_installation_are_changed(fiona: Client, settings: Any) -> None:
    first = post(fiona, LIST, BODY, **{"idempotency-key": "k-1"})
    settings.SECRET_KEY = "another-0123456789-0123456789-0123456789-0123456789"
    settings.FIELD_KEYS = f"new:{base64.b64encode(bytes(32)).decode()},{settings.FIELD_KEYS}"
    again = post(fiona, LIST, BODY, **{"idempotency-key": "k-1"})
    assert (again.status_code, again.json()["reference"]) == (201, first.json()["reference"])


@pytest.mark.parametrize("key", ["", "x" * 256, "键", "a\tb"])
def test_a_key_is_short_plain_text(fiona: Client, key: str) -> None:
    answer = post(fiona, LIST, BODY, **{"idempotency-key": key})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


@pytest.mark.parametrize(
    ("who", "status"), [("audrey", 403), ("adam", 403), ("sam", 201), ("carol", 201), ("hank", 201)]
)
def test_who_may_register(cast: Cast, who: str, status: int) -> None:
    assert post(machine(cast.people[who]), LIST, BODY).status_code == status


def test_a_complaint_about_oneself_is_for_somebody_else(fiona: Client) -> None:
    assert post(fiona, LIST, BODY | {"staff_complained_about": "fiona"}).status_code == 403


def test_registering_costs_few_queries(fiona: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    post(fiona, LIST, FULL | {"received_at": None})
    with django_assert_max_num_queries(14):
        post(fiona, LIST, FULL | {"received_at": None})
