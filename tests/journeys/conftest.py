"""A real browser before a real server, on committed rows. Chromium is started once; each test has a context of its own."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config import browser as installed
from tests.committed import db  # noqa: F401  (the server's threads see what is committed)
from tests.conftest import PASSWORD, Cast

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
# Playwright's loop runs in this thread while the tests themselves call the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=installed.path(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[LiveServer]:
    with django_db_blocker.unblock():
        started = LiveServer("127.0.0.1")
    yield started
    started.stop()


@pytest.fixture
def context(chromium: Browser, server: LiveServer, db: None) -> Iterator[BrowserContext]:  # noqa: F811
    """A browser of its own at 1280 × 900; it is closed before the rows are removed."""
    opened = chromium.new_context(
        base_url=server.url,
        viewport={"width": 1280, "height": 900},
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()
    until(lambda: not any("process_request_thread" in thread.name for thread in threading.enumerate()))


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


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails when axe finds anything serious or critical on the page as it stands."""

    def judge(page: Page) -> None:
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            if rule["impact"] in GRAVE
            for node in rule["nodes"]
        ]
        assert not grave, "\n".join(grave)

    return judge
