"""A real browser before a real server, on committed rows. Chromium is started once; each test has a context of its own."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.demo import causes, people
from tests.committed import db  # noqa: F401  (the server's threads see what is committed)
from tests.conftest import PASSWORD, Cast

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
# A refusal is an answer like any other; a request that a page leaves behind is broken off. What fails says so once more,
# as htmx:sendError or htmx:responseError.
HARMLESS = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort")
# Playwright's loop runs in this thread while the tests themselves call the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[LiveServer]:
    with django_db_blocker.unblock():
        started = LiveServer("127.0.0.1")
    yield started
    started.stop()


def opened_context(chromium: Browser, server: LiveServer, **options: Any) -> BrowserContext:
    """A browser of its own at 1280 × 900."""
    opened = chromium.new_context(
        base_url=server.url,
        viewport={"width": 1280, "height": 900},
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        **options,
    )
    opened.set_default_timeout(10_000)
    return opened


def answered() -> None:
    """Wait until the server has answered what was under way: rows are removed only then."""
    until(lambda: not any("process_request_thread" in thread.name for thread in threading.enumerate()))


@pytest.fixture
def context(chromium: Browser, server: LiveServer, db: None) -> Iterator[BrowserContext]:  # noqa: F811
    """It is closed before the rows are removed."""
    opened = opened_context(chromium, server)
    yield opened
    opened.close()
    answered()


def press(page: Page, verb: str) -> None:
    """Press the button of a deed on the page of a case; its form stands in the dialog."""
    button = page.locator(f"main a[data-deed={verb}]")
    if not button.is_visible():
        page.locator("main [data-bs-toggle=dropdown]").click()
    button.click()
    expect(page.locator("#dialog form")).to_be_visible()


def send(page: Page) -> None:
    """Send the dialog; it closes."""
    page.locator("#dialog button[type=submit]").click()
    expect(page.locator("#dialog")).to_be_hidden()


def until(holds: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something that Playwright's own waiting cannot see; the page's policy forbids it to evaluate texts."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab that fails the test when a script on a page fails."""
    failures: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    assert failures == []


@pytest.fixture
def sign_in(cast: Cast) -> Callable[..., None]:
    """Sign in through the real page, by keyboard, and come back to `path`."""

    def do(page: Page, who: str, path: str = "/") -> None:
        person = cast.people[who]
        person.set_password(PASSWORD)
        person.save()
        page.goto(path)
        page.locator("input[name=login]").focus()
        page.keyboard.type(who)
        page.keyboard.press("Tab")
        page.locator("input[name=password]").focus()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)

    return do


class Staff:
    """The demo institution's people, each before a browser of their own: `staff("handler")` is the tab of 陈立.

    They sign in through the page when first asked for. `failures` collects what went wrong in scripts and on the console.
    """

    def __init__(self, chromium: Browser, server: LiveServer) -> None:
        self.failures: list[str] = []
        self._open: Callable[[], BrowserContext] = lambda: opened_context(chromium, server, locale="zh-CN")
        self._tabs: dict[str, Page] = {}

    def __call__(self, who: str) -> Page:
        if who not in self._tabs:
            self._tabs[who] = self.nobody()
            self._sign_in(self._tabs[who], who)
        return self._tabs[who]

    def nobody(self) -> Page:
        """A browser in which nobody has signed in."""
        tab = self._open().new_page()
        tab.on("pageerror", lambda error: self.failures.append(f"{tab.url}: {error}"))
        tab.on("console", lambda said: self._hear(said.type, f"{tab.url}: {said.text}"))
        return tab

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and not any(harmless in text for harmless in HARMLESS):
            self.failures.append(text)

    def _sign_in(self, tab: Page, who: str) -> None:
        tab.goto("/accounts/login/")
        tab.locator("input[name=login]").fill(who)
        tab.locator("input[name=password]").fill(PASSWORD)
        tab.locator("input[name=password]").press("Enter")
        tab.wait_for_url(lambda url: "/accounts/login" not in url)

    def leave(self) -> None:
        for tab in self._tabs.values():
            tab.context.close()
        answered()


@pytest.fixture
def staff(chromium: Browser, server: LiveServer, db: None) -> Iterator[Staff]:  # noqa: F811
    """The demo institution before its first complaint."""
    people.found(with_sign_ins=True)
    causes.fill()
    found = Staff(chromium, server)
    yield found
    found.leave()
    assert found.failures == []


def grave(page: Page, **options: Any) -> list[str]:
    """What axe finds serious or critical on the page as it stands; `options` are axe's own."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("given => axe.run(document, given)", {"resultTypes": ["violations"]} | options)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails when axe finds anything serious or critical on the page as it stands."""

    def judge(page: Page) -> None:
        found = grave(page)
        assert not found, "\n".join(found)

    return judge
