"""Who may use the API at all, and that every refusal is a problem in JSON."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from complaints.models import Complaint
from tests.complaints.machines import BODY, LIST, machine, post
from tests.conftest import Cast

PROBLEM = "application/problem+json"


def is_problem(answer: Any, status: int) -> bool:
    body = answer.json()
    return (answer.status_code, answer.headers["Content-Type"], body["status"]) == (status, PROBLEM, status) and body[
        "title"
    ]


def test_without_a_token_it_is_401(db: None) -> None:
    answer = Client().get(LIST)
    assert is_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("header", ["Token", "Token ", "Token nonsense", "Token a b", "Token \xff", "token x"])
def test_an_unknown_token_is_401(db: None, header: str) -> None:
    assert is_problem(Client(headers={"authorization": header}).get(LIST), 401)


@pytest.mark.parametrize("header", ["Basic ZmlvbmE6c2hvdXdlbi1kZW1v", "Bearer x", "nonsense"])
def test_no_other_scheme_signs_anybody_in(cast: Cast, header: str) -> None:
    assert is_problem(Client(headers={"authorization": header}).get(LIST), 401)


def test_a_token_ends(cast: Cast) -> None:
    client = machine(cast.fiona)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert is_problem(client.get(LIST), 401)


def test_a_token_can_be_revoked(cast: Cast) -> None:
    client = machine(cast.fiona)
    ApiToken.objects.update(revoked_at=timezone.now())
    assert is_problem(client.get(LIST), 401)


def test_a_token_of_somebody_who_left_is_dead(cast: Cast) -> None:
    client = machine(cast.fiona)
    cast.fiona.is_active = False
    cast.fiona.save()
    assert is_problem(client.get(LIST), 401)


def test_a_token_without_a_role_today_may_nothing(cast: Cast) -> None:
    client = machine(cast.fiona)
    cast.fiona.memberships.update(until_on=timezone.localdate() - timedelta(days=1))
    assert is_problem(client.get(LIST), 403)


def test_a_role_lost_is_lost_at_the_next_request(register: Callable[..., Complaint], cast: Cast) -> None:
    case, client = register("fiona"), machine(cast.frank)
    assert client.get(f"{LIST}{case.reference}/").status_code == 200
    cast.frank.memberships.update(unit=cast.unit["W1"])
    assert is_problem(client.get(f"{LIST}{case.reference}/"), 404)


@pytest.mark.parametrize(
    ("scope", "may"), [("read", (200, 403, 403)), ("intake", (403, 201, 403)), ("act", (403, 403, 200))]
)
def test_a_token_does_what_its_scope_says(
    register: Callable[..., Complaint], cast: Cast, scope: str, may: tuple[int, int, int]
) -> None:
    client, case = machine(cast.fiona, scope), register("fiona")
    read, registered = client.get(LIST).status_code, post(client, LIST, BODY).status_code
    acted = post(client, f"{LIST}{case.reference}/note/", {"body": "备注"}).status_code
    assert (read, registered, acted) == may


def test_a_session_may_read_and_must_prove_where_a_post_comes_from(as_: Callable[[str], Client], cast: Cast) -> None:
    assert as_("fiona").get(LIST).status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = as_("fiona").cookies
    assert is_problem(post(strict, LIST, BODY), 403)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_405(cast: Cast, method: str) -> None:
    assert is_problem(getattr(machine(cast.fiona), method)(LIST), 405)


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/complaints", "/api/v1/users/", "/api/v1/complaints/x/y/z/"])
def test_an_unknown_address_is_a_problem_and_no_redirect(cast: Cast, address: str) -> None:
    assert is_problem(machine(cast.fiona).get(address), 404)
    assert is_problem(post(machine(cast.fiona), address, BODY), 404)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png, */*;q=0.1", "nonsense"])
def test_the_answer_is_json_whatever_is_asked_for(cast: Cast, accept: str) -> None:
    answer = machine(cast.fiona).get(LIST, headers={"accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


def test_refusals_speak_chinese_unless_english_is_chosen(db: None) -> None:
    english = Client()
    english.cookies["django_language"] = "en"
    assert [client.get(LIST).json()["title"].isascii() for client in (Client(), english)] == [False, True]


def test_personal_answers_stay_out_of_caches(cast: Cast) -> None:
    assert "no-store" in machine(cast.fiona).get(LIST).headers["Cache-Control"]
