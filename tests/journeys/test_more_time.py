"""More time, asked for by one, granted by another, told to the customer; then, and only then, the date moves (R32, R33).

It is 10 February 2026 for the server: fifteen working days end on 9 March, thirty on 30 March.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.models import Complaint
from tests.journeys.conftest import opened_context, press, send

Register = Callable[..., Complaint]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]
REASON = "需调取三个网点的录像"


@pytest.fixture(autouse=True)
def february(server: LiveServer) -> Iterator[None]:
    with time_machine.travel(datetime(2026, 2, 10, 2, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def case(register: Register) -> Complaint:
    return register("fiona")


@pytest.fixture
def supervisor(
    context: BrowserContext, chromium: Browser, server: LiveServer, case: Complaint, sign_in: SignIn
) -> Iterator[Page]:
    own = opened_context(chromium, server, locale="zh-CN")
    opened = own.new_page()
    sign_in(opened, "sam", "/work/")
    yield opened
    own.close()


def test_an_extension_is_asked_granted_told_and_only_then_moves_the_date(
    page: Page, supervisor: Page, case: Complaint, sign_in: SignIn, axe: Axe, tmp_path: Path
) -> None:
    sign_in(page, "fiona", f"/complaints/{case.reference}/")
    press(page, "ask_extension")
    axe(page)
    page.locator("#dialog [name=amount]").fill("30")
    page.locator("#dialog input[name=reason_code][value=systems] + label").click()
    page.locator("#dialog [name=reason]").fill(REASON)
    send(page)
    expect(page.locator("main")).to_contain_text("等待审批")
    axe(page)

    supervisor.reload()
    expect(supervisor.locator("main")).to_contain_text(REASON)
    axe(supervisor)
    supervisor.locator("main a[href$='/approve_extension/']").click()
    expect(supervisor.locator("#dialog")).to_contain_text("3月30日")
    send(supervisor)

    page.reload()
    clock = page.locator(".sw-clock", has_text="办结")
    expect(clock).to_contain_text("3月9日")
    press(page, "extend")
    expect(page.locator("#dialog [name=body]")).to_have_value(re.compile("2026年3月30日"))
    send(page)
    expect(clock).to_contain_text("3月30日")
    expect(page.locator(".sw-ends").last).to_contain_text("3月30日")
    expect(clock).to_contain_text("原")
    expect(clock).to_contain_text("3月9日")
    expect(page.locator("#history")).to_contain_text(REASON)
    axe(page)
    page.goto(f"/complaints/{case.reference}/clocks/resolution/")
    expect(page.locator("main")).to_contain_text("30 个工作日")
    expect(page.locator("main")).to_contain_text("原定")
    axe(page)
