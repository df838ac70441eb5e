"""API tokens: the secret is shown once, kept nowhere, and made by a command or by an administrator."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from tests.conftest import Cast

LIST = "/api/v1/complaints/"
ADMIN = "/admin/accounts/apitoken/"


def output(*words: str) -> str:
    out = StringIO()
    call_command("api_token", *words, stdout=out)
    return out.getvalue().strip()


def use(secret: str) -> int:
    return Client(headers={"authorization": f"Token {secret}"}).get(LIST).status_code


def test_the_command_prints_a_token_that_works(cast: Cast) -> None:
    assert use(output("fiona")) == 200


def test_as_json_it_says_until_when_and_for_what(cast: Cast) -> None:
    made = json.loads(output("fiona", "--scopes", "read, intake", "--days", "7", "--json"))
    assert (made["username"], made["scopes"]) == ("fiona", ["read", "intake"])
    assert use(made["token"]) == 200
    assert ApiToken.objects.get().expires_at < timezone.now() + timedelta(days=7, minutes=1)


@pytest.mark.parametrize(
    "words", [["nobody"], ["system"], ["fiona", "--scopes", "all"], ["fiona", "--scopes", ""], ["fiona", "--days", "0"]]
)
def test_what_makes_no_sense_is_refused(cast: Cast, words: list[str]) -> None:
    with pytest.raises(CommandError):
        output(*words)
    assert not ApiToken.objects.exists()


def test_nobody_who_left_gets_one(cast: Cast) -> None:
    cast.fiona.is_active = False
    cast.fiona.save()
    with pytest.raises(CommandError):
        output("fiona")


def test_no_table_holds_the_secret(cast: Cast) -> None:
    secret = output("fiona")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text, h::text FROM accounts_apitoken t, accounts_historicalapitoken h")
        kept = str(cursor.fetchall())
    assert secret[3:] not in kept


def test_an_administrator_makes_one_and_sees_it_once(as_: Callable[[str], Client], cast: Cast) -> None:
    adam = as_("adam")
    until = timezone.localdate() + timedelta(days=30)
    form = {
        "user": cast.fiona.pk,
        "name": "网点系统",
        "scopes": ["read"],
        "expires_at_0": until,
        "expires_at_1": "12:00",
    }
    answer = adam.post(f"{ADMIN}add/", form)
    token = ApiToken.objects.get()
    secret = answer.content.decode().partition("sw_")[2].partition("<")[0]
    assert use(f"sw_{secret}") == 200
    assert secret not in adam.get(f"{ADMIN}{token.pk}/change/").content.decode()


def test_an_administrator_revokes_one(as_: Callable[[str], Client], cast: Cast) -> None:
    secret = output("fiona")
    as_("adam").post(ADMIN, {"action": "revoke", "_selected_action": [ApiToken.objects.get().pk]})
    assert use(secret) == 401
    assert ApiToken.history.latest().history_user == cast.adam


def test_a_token_once_made_is_not_edited(as_: Callable[[str], Client], cast: Cast) -> None:
    output("fiona", "--scopes", "read")
    token = ApiToken.objects.get()
    as_("adam").post(f"{ADMIN}{token.pk}/change/", {"user": cast.sam.pk, "scopes": ["act"]})
    token.refresh_from_db()
    assert (token.user, token.scopes) == (cast.fiona, ["read"])
