"""API tokens: the secret is shown once, kept nowhere, and drawn by its person or by a command."""

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
from tests.conftest import PASSWORD, Cast

LIST = "/api/v1/complaints/"
ADMIN = "/admin/accounts/apitoken/"
PROFILE, DRAW = "/accounts/profile/", "/accounts/tokens/"


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


@pytest.fixture
def fiona(as_: Callable[[str], Client], cast: Cast) -> Client:
    cast.fiona.set_password(PASSWORD)
    cast.fiona.save()
    return as_("fiona")


def form(**given: object) -> dict[str, object]:
    return {"name": "网点系统", "scopes": ["read"], "days": 30, "password": PASSWORD} | given


def test_an_administrator_makes_none(as_: Callable[[str], Client], cast: Cast) -> None:
    until = timezone.localdate() + timedelta(days=30)
    given = {"user": cast.fiona.pk, "scopes": ["read"], "expires_at_0": until, "expires_at_1": "12:00"}
    answer = as_("adam").post(f"{ADMIN}add/", given)
    assert (answer.status_code, ApiToken.objects.exists()) == (403, False)


def test_a_person_draws_their_own_and_sees_it_once(fiona: Client, cast: Cast) -> None:
    answer = fiona.post(DRAW, form())
    token = ApiToken.objects.get()
    secret = answer.content.decode().partition("sw_")[2].partition("<")[0]
    assert "no-store" in answer.headers["Cache-Control"]
    assert use(f"sw_{secret}") == 200
    assert (token.user, token.history.get().history_user, token.scopes) == (cast.fiona, cast.fiona, ["read"])
    page = fiona.get(PROFILE).content.decode()
    assert "网点系统" in page
    assert secret not in page


@pytest.mark.parametrize(
    "wrong", [{"days": 366}, {"days": 0}, {"scopes": []}, {"scopes": ["all"]}, {"name": ""}, {"password": "wrong"}]
)
def test_none_is_drawn_for_longer_for_nothing_or_by_another(fiona: Client, wrong: dict[str, object]) -> None:
    assert fiona.post(DRAW, form(**wrong)).status_code == 422
    assert not ApiToken.objects.exists()


def test_guessing_the_password_there_is_locked_after_five(fiona: Client) -> None:
    for _try in range(5):
        fiona.post(DRAW, form(password="wrong"))
    assert fiona.post(DRAW, form()).status_code == 429
    assert not ApiToken.objects.exists()


def test_a_person_revokes_their_own_and_nobody_else_s(fiona: Client, as_: Callable[[str], Client], cast: Cast) -> None:
    secret = output("fiona")
    revoke = f"{DRAW}{ApiToken.objects.get().pk}/revoke/"
    assert as_("frank").post(revoke).status_code == 404
    assert use(secret) == 200
    fiona.post(revoke)
    assert use(secret) == 401
    assert ApiToken.history.latest().history_user == cast.fiona


def test_an_administrator_revokes_one(as_: Callable[[str], Client], cast: Cast) -> None:
    secret = output("fiona")
    as_("adam").post(ADMIN, {"action": "revoke", "_selected_action": [ApiToken.objects.get().pk]})
    assert use(secret) == 401
    assert ApiToken.history.latest().history_user == cast.adam


def test_a_token_once_made_is_not_edited(as_: Callable[[str], Client], cast: Cast) -> None:
    secret = output("fiona", "--scopes", "read")
    token = ApiToken.objects.get()
    adam, change = as_("adam"), f"{ADMIN}{token.pk}/change/"
    assert adam.get(change).status_code == 200
    assert adam.post(change, {"user": cast.sam.pk, "scopes": ["act"]}).status_code == 403
    token.refresh_from_db()
    assert (token.user, token.scopes, use(secret)) == (cast.fiona, ["read"], 200)
