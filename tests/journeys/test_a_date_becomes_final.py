"""A provisional date becomes final in the browser: the administrator publishes next year's notice, the clerk sees it.

It is 28 December 2026 for the server, whose calendars know no day of 2027 yet; fifteen working days reach into it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints import tasks
from complaints.correspondence import respond
from complaints.models import Complaint
from complaints.states import Verb
from sla.choosing import choose
from sla.models import Calendar
from tests.conftest import Cast, said
from tests.journeys.conftest import opened_context

Register = Callable[..., Complaint]
SignIn = Callable[..., None]
Axe = Callable[[Page], None]
DECEMBER = datetime(2026, 12, 28, 2, tzinfo=UTC)
NOTICE = """date,works,name,source
2027-01-01,0,元旦,国办发明电〔2026〕9号
2027-01-02,0,元旦放假,国办发明电〔2026〕9号
2027-01-03,0,元旦放假,国办发明电〔2026〕9号
2027-02-05,0,除夕,国办发明电〔2026〕9号
2027-02-20,1,调休上班,国办发明电〔2026〕9号
"""


@pytest.fixture(autouse=True)
def december(server: LiveServer) -> Iterator[None]:
    """The server goes on from there; the rows are committed, so nothing but its clock is set."""
    with time_machine.travel(DECEMBER, tick=True):
        yield


@pytest.fixture
def case(register: Register, cast: Cast) -> Complaint:
    return respond(register("fiona"), said(), actor=cast.fiona)


@pytest.fixture
def clerk(
    context: BrowserContext, chromium: Browser, server: LiveServer, case: Complaint, sign_in: SignIn
) -> Iterator[Page]:
    """The clerk's tab in a browser of their own, closed before the administrator's `context` waits for its answers."""
    own = opened_context(chromium, server, locale="zh-CN")
    opened = own.new_page()
    sign_in(opened, "fiona", f"/complaints/{case.reference}/")
    yield opened
    own.close()


def work() -> None:
    """What the workers do every twenty seconds."""
    for handful in tasks.outdated_clocks():
        tasks.recompute_clocks(handful)
    tasks.recompute.run()


def test_a_notice_published_on_the_page_makes_a_date_final(
    page: Page, clerk: Page, case: Complaint, sign_in: SignIn, axe: Axe, tmp_path: Path
) -> None:
    expect(clerk.locator("main .sw-tag.maybe").first).to_have_text("暂定")
    axe(clerk)
    notice = tmp_path / "2027.csv"
    notice.write_text(NOTICE)
    sign_in(page, "adam", "/calendars/publish/")
    page.locator("#id_file").set_input_files(notice)
    page.locator("main button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("2027年1月1日")
    axe(page)
    page.locator("button[name=publish]").click()
    page.wait_for_url("**/calendars/versions/*/")
    work()
    expect(page.locator("#progress")).to_contain_text("100%")
    axe(page)
    clerk.reload()
    expect(clerk.locator("main .sw-tag.maybe")).to_have_count(0)
    expect(clerk.locator("#history")).to_contain_text("不再是暂定")
    clerk.goto("/complaints/")
    expect(clerk.locator(f"[data-row='{case.reference}']")).to_be_visible()
    expect(clerk.locator(".sw-tag.maybe")).to_have_count(0)
    assert case.events.filter(verb=Verb.RECOMPUTE).count() == 1


def test_a_calendar_is_created_and_chosen_for_a_branch(
    page: Page, case: Complaint, cast: Cast, sign_in: SignIn, axe: Axe
) -> None:
    choose(cast.unit["W"], Calendar.objects.get(code="cn-trading"), actor=cast.adam)
    sign_in(page, "adam", "/calendars/new/")
    axe(page)
    page.locator("#id_name").fill("周日网点")
    page.locator("#id_code").fill("sunday")
    page.locator("label[for=id_weekdays_6]").click()
    page.locator("main button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("周日网点 · 2026")
    axe(page)
    page.locator("main a[href='/calendars/units/']").click()
    expect(page.locator("main")).to_contain_text("随 城西支行")
    axe(page)
    page.locator(f"a[href='/calendars/units/{cast.unit['E'].pk}/']").click()
    axe(page)
    page.locator("#id_calendar").select_option("sunday")
    page.locator("main button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("随 城东支行")
