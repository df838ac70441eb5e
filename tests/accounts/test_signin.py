"""Signing in and out: who gets in, who is locked out, and when a session dies."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import NOW, PASSWORD, Cast

LOGIN, LOGOUT, HOME = "/accounts/login/", "/accounts/logout/", "/accounts/sessions/"
As = Callable[[str], Client]


@pytest.fixture
def fiona(cast: Cast) -> User:
    cast.fiona.set_password(PASSWORD)
    cast.fiona.save()
    return cast.fiona


def sign_in(browser: Client, password: str = PASSWORD, who: str = "fiona", **given: Any) -> Any:
    return browser.post(LOGIN, {"login": who, "password": password} | given)


def is_in(browser: Client) -> bool:
    return browser.get(HOME).status_code == 200


def fail(times: int, address: str = "10.0.0.1", who: str = "fiona") -> Client:
    browser = Client(REMOTE_ADDR=address)
    for _try in range(times):
        sign_in(browser, "wrong", who)
    return browser


def test_a_person_signs_in_and_out(fiona: User) -> None:
    browser = Client()
    sign_in(browser)
    assert is_in(browser)
    browser.post(LOGOUT)
    assert not is_in(browser)


def test_a_link_signs_nobody_out(as_: As) -> None:
    browser = as_("fiona")
    browser.get(LOGOUT)
    assert is_in(browser)


def test_five_wrong_passwords_lock_this_account_at_this_address(fiona: User) -> None:
    browser = fail(5)
    assert sign_in(browser).status_code in {403, 429}
    assert not is_in(browser)


@pytest.mark.parametrize("spelling", ["FIONA", " Fiona ", "ｆｉｏｎａ"])
def test_another_spelling_gives_no_further_try(fiona: User, spelling: str) -> None:
    fail(5)
    browser = Client(REMOTE_ADDR="10.0.0.1")
    sign_in(browser, who=spelling)
    assert not is_in(browser)


def test_four_do_not(fiona: User) -> None:
    browser = fail(4)
    sign_in(browser)
    assert is_in(browser)


def test_another_address_is_not_locked(fiona: User) -> None:
    fail(5)
    elsewhere = Client(REMOTE_ADDR="10.0.0.2")
    sign_in(elsewhere)
    assert is_in(elsewhere)


def test_another_account_at_this_address_is_not_locked(fiona: User, cast: Cast) -> None:
    browser = fail(5, who="frank")
    sign_in(browser)
    assert is_in(browser)


def test_a_lock_is_no_use_to_whoever_writes_their_own_address(fiona: User) -> None:
    for number in range(5):
        browser = Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": f"10.9.9.{number}"})
        sign_in(browser, "wrong")
    assert not is_in(browser)
    assert sign_in(Client(REMOTE_ADDR="10.0.0.1")).status_code in {403, 429}


def test_a_lock_ends_by_itself(fiona: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        browser = fail(5)
        clock.shift(15 * 60 + 1)
        sign_in(browser)
        assert is_in(browser)


def from_many_addresses(times: int, who: str = "fiona") -> None:
    """So many wrong passwords for one name, four at an address."""
    for number in range(times):
        fail(1, f"10.0.1.{number // 4}", who)


def test_twenty_wrong_passwords_from_many_addresses_lock_the_name(fiona: User) -> None:
    from_many_addresses(20)
    browser = Client(REMOTE_ADDR="10.0.2.1")
    answer = sign_in(browser)
    assert (answer.status_code, is_in(browser)) == (429, False)
    assert "多台电脑" in answer.content.decode()


def test_nineteen_do_not(fiona: User) -> None:
    from_many_addresses(19)
    browser = Client(REMOTE_ADDR="10.0.2.1")
    sign_in(browser)
    assert is_in(browser)


def test_who_is_tried_from_everywhere_still_signs_in_at_their_own_desk(fiona: User) -> None:
    desk = Client(REMOTE_ADDR="10.0.2.1")
    sign_in(desk)
    desk.post(LOGOUT)
    from_many_addresses(20)
    sign_in(desk)
    assert is_in(desk)


def test_twenty_for_one_name_lock_no_other(fiona: User) -> None:
    from_many_addresses(20, "frank")
    browser = Client(REMOTE_ADDR="10.0.2.1")
    sign_in(browser)
    assert is_in(browser)


def test_going_on_at_one_address_neither_locks_the_name_nor_keeps_the_lock(fiona: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        fail(5)
        clock.shift(10 * 60)
        browser = fail(20)
        elsewhere = Client(REMOTE_ADDR="10.0.2.1")
        sign_in(elsewhere)
        assert is_in(elsewhere)
        clock.shift(5 * 60 + 1)
        sign_in(browser)
        assert is_in(browser)


def test_a_lock_of_the_name_ends_by_itself(fiona: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        from_many_addresses(20)
        clock.shift(15 * 60 + 1)
        browser = Client(REMOTE_ADDR="10.0.2.1")
        sign_in(browser)
        assert is_in(browser)


def test_an_unknown_name_gets_the_answer_of_a_known_one(fiona: User) -> None:
    known, unknown = (sign_in(Client(), "wrong", who) for who in ("fiona", "fionb"))
    pages = [answer.content.decode().replace("fionb", "fiona") for answer in (known, unknown)]
    without_tokens = ["".join(line for line in page.splitlines() if "csrf" not in line.lower()) for page in pages]
    assert known.status_code == unknown.status_code
    assert without_tokens[0] == without_tokens[1]


@pytest.mark.parametrize("field", ["login", "password"])
@pytest.mark.parametrize("value", ["", "\0", "x" * 100_000, "𠮷" * 100, "' OR 1=1 --"])
def test_absurd_input_signs_nobody_in(fiona: User, field: str, value: str) -> None:
    answer = sign_in(Client(), **{field: value}) if field == "login" else sign_in(Client(), password=value)
    assert answer.status_code == 200


def test_nobody_signs_in_as_the_system(db: None) -> None:
    browser = Client()
    sign_in(browser, "", "system")
    assert not is_in(browser)


def test_nobody_signs_up(db: None) -> None:
    Client().post(reverse("account_signup"), {"username": "mallory", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(username="mallory").exists()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(fiona: User, target: str) -> None:
    answer = sign_in(Client(), next=target)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_signing_in_leads_back_to_where_one_was(fiona: User) -> None:
    assert sign_in(Client(), next=HOME).headers["Location"] == HOME


def test_signing_in_takes_a_new_session(fiona: User) -> None:
    browser = Client()
    browser.get(LOGIN)
    before = browser.session.session_key
    sign_in(browser)
    assert browser.session.session_key != before


@pytest.mark.parametrize(
    "where", [LOGIN, LOGOUT, "/accounts/password/change/", "/accounts/sessions/", "/i18n/setlang/"]
)
def test_no_form_is_taken_from_another_site(fiona: User, where: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(fiona, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(where).status_code == 403


def test_a_session_dies_with_its_account(fiona: User) -> None:
    browser = Client()
    sign_in(browser)
    fiona.is_active = False
    fiona.save()
    assert not is_in(browser)


def test_changing_the_password_ends_every_other_session(fiona: User) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    new = {"oldpassword": PASSWORD, "password1": "resilient-harbour-42", "password2": "resilient-harbour-42"}
    here.post(reverse("account_change_password"), new)
    assert (is_in(here), is_in(there)) == (True, False)


def test_an_administrator_s_new_password_ends_every_session(fiona: User, as_: As) -> None:
    browser = Client()
    sign_in(browser)
    new = {"usable_password": "true", "password1": "resilient-harbour-42", "password2": "resilient-harbour-42"}
    as_("adam").post(f"/admin/accounts/user/{fiona.pk}/password/", new)
    assert not is_in(browser)


def test_the_old_password_is_not_guessed_more_than_five_times(fiona: User) -> None:
    browser, where = Client(), reverse("account_change_password")
    sign_in(browser)
    new = {"password1": "resilient-harbour-42", "password2": "resilient-harbour-42"}
    for _try in range(5):
        browser.post(where, {"oldpassword": "wrong"} | new)
    assert browser.post(where, {"oldpassword": PASSWORD} | new).status_code == 429
    fiona.refresh_from_db()
    assert fiona.check_password(PASSWORD)


def test_the_password_asked_for_once_more_is_not_guessed_more_than_five_times(fiona: User) -> None:
    browser, where = Client(), reverse("account_reauthenticate")
    sign_in(browser)
    for _try in range(5):
        browser.post(where, {"password": "wrong"})
    assert browser.post(where, {"password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("weak", ["short", "13812341111", "password1234"])
def test_a_weak_password_is_refused(fiona: User, weak: str) -> None:
    browser = Client()
    sign_in(browser)
    browser.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    fiona.refresh_from_db()
    assert fiona.check_password(PASSWORD)


def test_other_sessions_can_be_ended(fiona: User) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        sign_in(browser)
        is_in(browser)
    here.post(HOME)
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_signed_out_session_is_gone(fiona: User) -> None:
    browser = Client()
    sign_in(browser)
    cookie = browser.cookies["sessionid"].value
    browser.post(LOGOUT)
    assert not Session.objects.filter(session_key=cookie).exists()
    browser.cookies["sessionid"] = cookie
    assert not is_in(browser)


def test_personal_pages_stay_out_of_caches(as_: As) -> None:
    assert "no-store" in as_("fiona").get(HOME).headers["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_of_scripts(fiona: User) -> None:
    cookie = sign_in(Client()).cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_signing_in_is_no_change_of_the_person(fiona: User) -> None:
    before = fiona.history.count()
    sign_in(Client())
    assert fiona.history.count() == before
