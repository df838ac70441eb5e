"""What every page shares, in a real browser: language, light and dark, keys, the menu, leaving, and being gone too long."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Staff

QUEUE = "/complaints/?state=all&order=strictest"


@pytest.fixture
def page(staff: Staff) -> Page:
    """The supervisor's tab, before a list."""
    tab = staff("supervisor")
    tab.goto(QUEUE)
    return tab


def choose(page: Page, name: str, value: str) -> None:
    """Open the menu behind one's name and press the entry; the page comes back to where it was."""
    page.locator(".sw-me").click()
    with page.expect_navigation():
        page.locator(f"#me button[name={name}][value={value}]").click()
    assert page.url.endswith(QUEUE)


def test_english_is_one_click_away_and_so_is_the_way_back(page: Page) -> None:
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "zh-Hans")
    choose(page, "language", "en")
    expect(html).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Complaints")
    choose(page, "language", "zh-hans")
    expect(html).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_have_text("投诉")


def test_dark_stays_dark_on_the_next_page(page: Page) -> None:
    page.locator(".sw-me").click()
    with page.expect_response("**/accounts/theme/"):
        page.locator("#me button[name=theme][value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/work/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_keys_open_the_list_of_keys_the_intake_form_and_ones_work(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/work/")
    page.keyboard.press("n")
    page.wait_for_url("**/complaints/new/")


def test_leaving_ends_the_session_on_every_page(page: Page) -> None:
    page.locator(".sw-me").click()
    page.locator("#me form[action$='/logout/'] button").click()
    page.wait_for_url("**/accounts/login/**")
    page.goto("/work/")
    expect(page.locator("input[name=password]")).to_be_visible()


def test_who_was_away_too_long_is_told_so_and_comes_back_to_the_page(page: Page, settings: Any) -> None:
    settings.IDLE_SECONDS = -1
    page.reload()
    expect(page.locator(".sw-callout[role=status]")).to_be_visible()
    settings.IDLE_SECONDS = 900
    page.locator("input[name=login]").fill("supervisor")
    page.locator("input[name=password]").fill("shouwen-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{QUEUE}")
