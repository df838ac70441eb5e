"""The scripts of the shell in a real browser: keys, and what a page does when an answer does not come as hoped.

The answers are given by the test in the server's place; the words, the scripts and htmx are the ones that ship.
"""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from accounts.errors import Stale

FILES = {
    "/htmx.min.js": settings.BASE_DIR / "build" / "assets" / "vendor" / "htmx.min.js",
    **{f"/{name}": settings.BASE_DIR / "static" / "js" / name for name in ("shell.js", "answers.js", "keys.js")},
}
BODY = """
<div id="notice" role="alert"></div><div id="toasts"></div><dialog id="dialog"></dialog>
<dialog id="shortcuts"><button data-close>close</button></dialog>
<form hx-post="/save/" hx-target="#out"><textarea name="text">what I wrote</textarea>
  <button id="save" type="submit" data-key="ctrl+enter">save</button></form>
<p id="out">before</p>
<a id="poll" hx-get="/poll/" hx-trigger="poll" data-background></a>
<a href="#register" data-key="n">new</a><a href="#work" data-key="g w">work</a><a href="#channel" data-key="alt+2">2</a>
<a href="#hidden" data-key="h" style="display:none">hidden</a><a href="#off" data-key="h" aria-disabled="true">off</a>
<div data-row="1"><input type="checkbox" id="box1"><a href="#row1">one</a></div>
<button hidden data-key="d" data-row-url="/remind/">remind</button>
<div data-row="2"><input type="checkbox" id="box2"><a href="#row2">two</a></div>
"""


class Desk(BaseHTTPRequestHandler):
    """A server whose person was signed out: saving leads to the sign-in page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path in FILES else "text/html; charset=utf-8")
        self.end_headers()
        if self.path in FILES:
            self.wfile.write(FILES[self.path].read_bytes())
        else:
            self.wfile.write(b"<html>sign in</html>" if self.path == "/login/" else whole_page().encode())

    def do_POST(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/login/")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def whole_page() -> str:
    with translation.override("en"):
        notices = render_to_string("components/_notices.html")
    scripts = "".join(f'<script src="{name}" defer></script>' for name in FILES)
    return f'<!doctype html><head>{scripts}</head><body data-login="/login/">{BODY}{notices}</body>'


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def page(chromium: Browser, home: str) -> Iterator[Page]:
    opened = chromium.new_page()
    opened.goto(home)
    yield opened
    opened.close()


def answer(page: Page, handler: Callable[[Route], None] | None = None) -> None:
    """Press save, and have `handler` answer it in the server's place."""
    if handler:
        page.route("**/save/", handler)
    page.locator("#save").click()
    page.wait_for_function("!document.querySelector('form').classList.contains('htmx-request')")
    page.wait_for_timeout(50)


def notice(page: Page) -> str:
    assert page.locator("textarea").input_value() == "what I wrote"
    return page.locator("#notice").inner_text()


def test_a_good_answer_takes_its_place_and_silences_the_notice(page: Page) -> None:
    answer(page, lambda route: route.abort())
    assert "interrupted" in notice(page)
    page.unroute("**/save/")
    answer(page, lambda route: route.fulfill(body="after"))
    assert page.locator("#out").inner_text() == "after"
    assert notice(page) == ""


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "signed out"), (403, "may not"), (404, "not here"), (409, "Somebody else"), (500, "just now")],
)
def test_an_answer_without_a_fragment_is_said_in_our_own_words(page: Page, status: int, words: str) -> None:
    answer(page, lambda route: route.fulfill(status=status, body="<html>a whole page</html>"))
    assert words in notice(page)
    assert page.locator("#out").inner_text() == "before"


def test_a_redirect_to_the_sign_in_page_is_not_swapped_into_a_fragment(page: Page) -> None:
    answer(page)
    assert "signed out" in notice(page)
    assert page.locator("#out").inner_text() == "before"


def test_a_refusal_says_its_reason_and_takes_the_focus(page: Page) -> None:
    fragment = render_to_string("errors/_refusal.html", {"refusal": Stale("Sun Qian changed this at 10:22.")})
    answer(page, lambda route: route.fulfill(status=409, body=fragment, content_type="text/html"))
    assert "Sun Qian" in notice(page)
    assert page.evaluate("document.activeElement.closest('#notice') !== null")


def test_a_form_with_errors_comes_back_to_its_place(page: Page) -> None:
    answer(page, lambda route: route.fulfill(status=422, body="look again"))
    assert page.locator("#out").inner_text() == "look again"


def test_while_a_dialog_is_open_the_notice_speaks_inside_it(page: Page) -> None:
    page.evaluate(
        "dialog.innerHTML = '<div class=modal-body></div>'; dialog.append(document.forms[0]); dialog.showModal()"
    )
    answer(page, lambda route: route.fulfill(status=500))
    assert "just now" in page.locator("#dialog [data-notice]").inner_text()


def test_a_poll_that_fails_says_nothing_until_the_reader_was_signed_out(page: Page) -> None:
    page.route("**/poll/", lambda route: route.fulfill(status=500))
    page.evaluate("htmx.trigger('#poll', 'poll')")
    page.wait_for_timeout(200)
    assert notice(page) == ""
    page.unroute("**/poll/")
    page.route("**/poll/", lambda route: route.fulfill(status=401))
    page.evaluate("htmx.trigger('#poll', 'poll')")
    page.wait_for_timeout(200)
    assert "signed out" in notice(page)


def test_a_form_is_sent_once_however_often_the_button_is_pressed(page: Page) -> None:
    sent: list[str] = []
    page.route("**/save/", lambda route: sent.append(route.request.method))  # no answer yet
    page.locator("#save").dblclick()
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(200)
    assert sent == ["POST"]
    assert page.locator("#save").is_disabled()


def at(page: Page) -> str:
    return str(page.evaluate("location.hash"))


def test_a_deed_out_of_sight_is_asked_for_the_current_row_alone(page: Page) -> None:
    asked: list[str] = []

    def tell(route: Route) -> None:
        asked.append(route.request.url.partition("/remind/")[2])
        route.fulfill(body="<p>remind whom?</p>", content_type="text/html")

    page.route("**/remind/*", tell)
    page.keyboard.press("d")
    assert asked == []
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.wait_for_selector("#dialog[open]")
    assert asked == ["?case=2"]


def test_a_question_about_other_cases_is_asked_anew(page: Page) -> None:
    page.route("**/remind/*", lambda route: route.fulfill(body="<textarea></textarea>", content_type="text/html"))
    ask = "one => htmx.ajax('GET', '/remind/', {target: '#dialog', values: {case: one}})"
    page.evaluate(ask, "1")
    page.locator("#dialog[open] textarea").fill("soon, please")
    page.keyboard.press("Escape")
    page.evaluate(ask, "1")
    assert page.locator("#dialog[open] textarea").input_value() == "soon, please"
    page.keyboard.press("Escape")
    page.evaluate(ask, "2")
    page.wait_for_selector("#dialog[open]")
    assert page.locator("#dialog[open] textarea").input_value() == ""


def test_letters_press_what_carries_them(page: Page) -> None:
    page.keyboard.press("n")
    assert at(page) == "#register"
    page.keyboard.press("g")
    page.keyboard.press("w")
    assert at(page) == "#work"
    page.keyboard.press("Alt+2")
    assert at(page) == "#channel"
    page.keyboard.press("?")
    assert page.evaluate("shortcuts.open")


@pytest.mark.parametrize("key", ["h", "w", "Control+n"])
def test_what_is_hidden_or_not_allowed_or_half_a_sequence_stays_still(page: Page, key: str) -> None:
    page.keyboard.press(key)
    assert at(page) == ""


def test_letters_are_dead_in_fields_while_composing_and_when_switched_off(page: Page) -> None:
    page.locator("textarea").press("n")
    assert at(page) == ""
    page.evaluate("document.activeElement.blur()")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', isComposing: true, bubbles: true}))"
    )
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', keyCode: 229, bubbles: true}))")
    assert at(page) == ""
    page.evaluate("document.body.dataset.keys = 'off'")
    page.keyboard.press("n")
    assert at(page) == ""
    page.keyboard.press("Alt+2")
    assert at(page) == "#channel"


def test_j_and_k_move_x_selects_and_enter_opens(page: Page) -> None:
    for key in ("j", "j", "k", "x"):
        page.keyboard.press(key)
    assert page.locator("#box1").is_checked()
    assert not page.locator("#box2").is_checked()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert at(page) == "#row2"
