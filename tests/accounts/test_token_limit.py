"""A token has so many calls a minute, whichever process counts them; people are not counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.limits import spend
from accounts.models import ApiToken, ApiUse
from tests.committed import db  # noqa: F401  (several connections meet)
from tests.complaints.machines import LIST, machine
from tests.conftest import Cast


@pytest.fixture
def token(cast: Cast) -> ApiToken:
    return ApiToken.issue(cast.fiona, actor=cast.fiona, expires_at=timezone.now() + timedelta(days=1))[0]


def test_so_many_calls_at_once_and_no_more(token: ApiToken, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 3
    assert [spend(token) for _ in range(5)] == [0, 0, 0, 20, 20]


def test_after_a_while_one_call_more(token: ApiToken, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 3
    assert [spend(token) for _ in range(4)] == [0, 0, 0, 20]
    ApiUse.objects.update(ahead_until=F("ahead_until") - timedelta(seconds=20))
    assert [spend(token) for _ in range(2)] == [0, 20]


def test_what_is_saved_up_is_never_more_than_a_minute(token: ApiToken, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 2
    spend(token)
    ApiUse.objects.update(ahead_until=timezone.now() - timedelta(days=1))
    assert [bool(spend(token)) for _ in range(3)] == [False, False, True]


def test_one_call_a_minute_is_possible_and_none_means_no_limit(token: ApiToken, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 1
    assert [spend(token) for _ in range(2)] == [0, 60]
    settings.API_CALLS_A_MINUTE = 0
    assert spend(token) == 0


def test_of_many_calls_at_once_no_more_than_the_rate_pass(token: ApiToken, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 10

    def call(_number: int) -> int:
        try:
            return spend(token)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(call, range(30))).count(0) == 10


def test_each_token_has_its_own(cast: Cast, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 1
    first, second = machine(cast.fiona), machine(cast.fiona)
    assert [first.get(LIST).status_code, first.get(LIST).status_code, second.get(LIST).status_code] == [200, 429, 200]


def test_too_many_are_told_when_to_try_again(cast: Cast, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 2
    client = machine(cast.fiona)
    answer = [client.get(LIST, headers={"accept-language": "en"}) for _ in range(3)][-1]
    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "application/problem+json")
    assert answer.headers["Retry-After"] == "30"
    assert (answer.json()["code"], answer.json()["title"]) == (
        "too_many_calls",
        "Too many calls with this token. Try again in 30 seconds.",
    )


def test_people_in_their_browsers_are_not_counted(as_: Callable[[str], Client], settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 1
    browser = as_("fiona")
    assert {browser.get(LIST).status_code for _ in range(3)} == {200}
    assert not ApiUse.objects.exists()


def test_no_call_waits_for_a_disk(token: ApiToken) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'accounts_apiuse'")
        assert cursor.fetchone() == ("u",)
