"""A supervisor before the overdue queue, in a real browser: chosen, reminded and assigned by keyboard; true by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.models import Complaint
from complaints.states import Verb
from tests.conftest import Cast
from tests.journeys.conftest import answered

Register = Callable[..., Complaint]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]
QUEUE = "/complaints/overdue/"
# Typed before the browser turns to anything else once the form is there.
TYPE_AT_ONCE = """name => document.addEventListener("htmx:afterSwap", () => Promise.resolve().then(() => {
  const box = document.querySelector("#dialog [type=search]");
  box.value = name;
  box.dispatchEvent(new Event("input", {bubbles: true}));
}), {once: true})"""
REFRESH = "document.dispatchEvent(new CustomEvent('sw:changed'))"


@pytest.fixture
def late(register: Register) -> list[Complaint]:
    """Three that are late, the latest first."""
    now = timezone.now()
    return [register("fiona", received_at=now - timedelta(hours=hours)) for hours in (50, 40, 30)]


def references(page: Page) -> list[str | None]:
    return [row.get_attribute("data-row") for row in page.locator("[data-row]").all()]


def test_rows_are_chosen_and_their_owners_reminded(
    page: Page, sign_in: SignIn, late: list[Complaint], axe: Axe
) -> None:
    sign_in(page, "sam", QUEUE)
    expect(page.locator("#chosen")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#chosen")).to_contain_text("2")
    axe(page)
    page.keyboard.press("d")
    expect(page.locator("#dialog[open] textarea")).to_be_visible()
    axe(page)
    assert not any(case.events.filter(verb=Verb.REMIND).exists() for case in late), "it asks first"
    page.locator("#dialog textarea").fill("今天回复客户")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog[open] [role=status]")).to_be_visible()
    expect(page.locator("#dialog[open] li")).to_have_count(2)
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator("#chosen")).to_be_hidden()
    assert [case.events.filter(verb=Verb.REMIND).count() for case in late] == [1, 1, 0]


def test_the_current_row_is_reminded_without_being_chosen(
    page: Page, sign_in: SignIn, late: list[Complaint], axe: Axe
) -> None:
    sign_in(page, "sam", QUEUE)
    page.keyboard.press("d")
    expect(page.locator("#dialog")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.locator("#dialog[open] li")).to_contain_text(late[1].reference)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog[open] [role=status]")).to_be_visible()
    page.keyboard.press("Escape")
    assert [case.events.filter(verb=Verb.REMIND).count() for case in late] == [0, 1, 0]
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.evaluate(REFRESH)
    expect(page.locator(f"[data-row='{late[1].reference}']")).to_contain_text("已提醒")


def test_the_time_of_the_refresh_is_the_institutions(
    chromium: Browser, server: LiveServer, sign_in: SignIn, late: list[Complaint]
) -> None:
    context = chromium.new_context(base_url=server.url, timezone_id="America/New_York")
    page = context.new_page()
    sign_in(page, "sam", QUEUE)
    page.evaluate(REFRESH)
    expect(page.locator("#fresh")).to_contain_text(":")
    said = page.locator("#fresh").inner_text()
    now = timezone.localtime()
    context.close()
    answered()
    assert any(f"{now - timedelta(minutes=ago):%H:%M}" in said for ago in (0, 1)), said


def test_a_chosen_row_is_given_to_somebody_else(
    page: Page, sign_in: SignIn, late: list[Complaint], cast: Cast, axe: Axe
) -> None:
    sign_in(page, "sam", QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(page.locator("#dialog[open] [type=search]")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog[open] .invalid-feedback")).to_be_visible()
    page.locator("#dialog [type=search]").focus()
    page.keyboard.type(str(cast.frank.name))
    expect(page.locator("#people-list input[name=to]")).to_have_count(1)
    axe(page)
    page.locator("#people-list input[name=to]").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog[open] p[role=status]")).to_be_visible()
    late[0].refresh_from_db()
    assert late[0].owner == cast.frank


def test_what_is_typed_the_moment_a_form_is_there_is_heard(
    page: Page, sign_in: SignIn, late: list[Complaint], cast: Cast
) -> None:
    sign_in(page, "sam", QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.evaluate(TYPE_AT_ONCE, str(cast.frank.name))
    page.keyboard.press("a")
    expect(page.locator("#people-list input[name=to]")).to_have_count(1)


def test_the_dialog_is_about_the_rows_that_are_chosen_now(page: Page, sign_in: SignIn, late: list[Complaint]) -> None:
    """What was typed is kept for the same rows, and for no others."""
    sign_in(page, "sam", QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(page.locator("#dialog [type=search]")).to_be_focused()
    page.locator("#dialog textarea").fill("休假")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#dialog textarea")).to_have_value("休假")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(page.locator("#dialog input[name=case]")).to_have_count(2)


def test_new_lateness_comes_by_itself_and_moves_no_row_under_the_cursor(
    page: Page, sign_in: SignIn, late: list[Complaint], register: Register
) -> None:
    sign_in(page, "sam", QUEUE)
    known = references(page)
    row = page.locator("[data-row]").last
    row.hover()
    before = row.bounding_box()
    latest = register("fiona", received_at=timezone.now() - timedelta(hours=60))
    page.evaluate(REFRESH)
    expect(page.locator("#fresh")).to_contain_text("1")
    assert references(page) == known
    assert row.bounding_box() == before
    page.mouse.move(0, 0)
    page.evaluate(REFRESH)
    expect(page.locator(f"[data-row='{latest.reference}']")).to_be_visible()
    assert references(page) == [latest.reference, *known]


def test_a_phone_shows_items_and_never_scrolls_sideways(
    page: Page, sign_in: SignIn, late: list[Complaint], axe: Axe
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (QUEUE, "/complaints/", "/work/", "/notifications/"):
        if path == QUEUE:
            sign_in(page, "sam", path)
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
        axe(page)


def test_a_number_typed_into_the_find_box_leaves_no_trace_in_the_address(
    page: Page, sign_in: SignIn, late: list[Complaint]
) -> None:
    sign_in(page, "fiona", "/work/")
    page.keyboard.press("/")
    page.keyboard.type("138 1234 1111")
    page.keyboard.press("Enter")
    page.wait_for_url("**/complaints/?who=*")
    assert "138" not in page.url
    expect(page.locator("[data-row]")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/complaints/{late[-1].reference}/")
