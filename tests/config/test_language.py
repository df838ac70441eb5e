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


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("", "没有找到。"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "没有找到。"),
        ("zh-TW", "没有找到。"),
        ("en-GB,en;q=0.9", "Not found."),
        ("fr, en;q=0.5", "Not found."),
        ("fr;q=1, *;q=0.5", "没有找到。"),
        ("en;q=0.2, zh-Hans;q=0.9", "没有找到。"),
        ("\x00;;q=,", "没有找到。"),
    ],
)
def test_the_api_answers_in_the_language_that_a_program_asks_for(asked: str, title: str) -> None:
    answer = Client(headers={"accept-language": asked}).get("/api/v1/nowhere/")
    assert (answer.status_code, answer.json()["title"]) == (404, title)
    assert answer.headers["Content-Language"] == ("en" if title == "Not found." else "zh-hans")
    assert "Accept-Language" in answer.headers["Vary"]


def test_what_a_person_has_chosen_holds_for_the_api_too() -> None:
    browser = Client(headers={"accept-language": "en"})
    browser.cookies["django_language"] = "zh-hans"
    assert browser.get("/api/v1/nowhere/").json()["title"] == "没有找到。"
