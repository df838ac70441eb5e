"""The product opens in Chinese; English is a choice that stays."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("asked", ["en-US,en;q=0.9", "fr", ""])
def test_a_browser_of_any_language_opens_in_chinese(asked: str) -> None:
    page = Client(headers={"accept-language": asked}).get("/accounts/login/")
    assert page.headers["Content-Language"] == "zh-hans"
    assert 'lang="zh-Hans"' in page.content.decode()


def test_english_is_one_click_away_and_stays() -> None:
    browser = Client()
    browser.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert 'lang="en"' in browser.get("/accounts/login/").content.decode()


def test_an_unknown_language_in_the_cookie_is_ignored() -> None:
    browser = Client()
    browser.cookies["django_language"] = "xx"
    assert browser.get("/accounts/login/").headers["Content-Language"] == "zh-hans"
