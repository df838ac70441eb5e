"""Every page of every role, judged by axe: light, dark, and on a phone, where nothing scrolls sideways either.

Dark differs from light in its colours alone, so there only they are judged; a phone shows other parts, so all is judged anew.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from complaints.extending import approve_extension, ask_extension
from complaints.models import Complaint
from complaints.pausing import pause
from complaints.scope import verbs_for
from complaints.states import DEEDS, MOVES, Status, Verb, WaitsFor
from config.demo import journeys
from tests.committed import empty
from tests.conftest import a_wish
from tests.journeys.conftest import Staff, grave

COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
ACTING = ("frontdesk", "handler", "supervisor")
PAGES = [
    ("frontdesk", "/work/"),
    ("frontdesk", "/complaints/new/"),
    ("frontdesk", "/complaints/overdue/"),  # refused: a page as well
    ("frontdesk", "/no/such/page/"),
    ("frontdesk", "/accounts/password/change/"),
    ("frontdesk", "/accounts/sessions/"),
    ("frontdesk", "/accounts/logout/"),
    ("handler", "/work/"),
    ("handler", "/notifications/"),
    ("supervisor", "/complaints/"),
    ("supervisor", "/complaints/overdue/"),
    ("supervisor", "/views/"),
    ("supervisor", "/reports/dashboard/"),
    ("frontdesk", "/calendars/?year=2026"),
    ("frontdesk", "/calendars/?year=2031"),
    ("admin", "/calendars/publish/"),
    ("admin", "/calendars/new/"),
    ("admin", "/calendars/units/"),
    ("auditor", "/calendars/?calendar=cn-saturday"),
    ("compliance", "/reports/register/"),
    ("compliance", "/reports/monthly/"),
    ("auditor", "/complaints/?state=all"),
    ("auditor", "/reports/cases/?overdue=1"),
    ("admin", "/complaints/"),
]


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo institution with its stories, told once: nothing here changes them. Its name asks for a test's database."""
    with django_db_blocker.unblock():
        journeys.open_the_demo()
        yield
        empty()
        connection.close()


@pytest.fixture(scope="module")
def demo(chromium: Browser, server: LiveServer, db: None) -> Iterator[Staff]:
    found = Staff(chromium, server)
    yield found
    found.leave()
    assert found.failures == []


def judge(page: Page, *, form: bool = False) -> None:
    """Light and dark at 1280 px, light at 390 px; a `form` has the same parts and colours everywhere."""
    expect(page.locator(".htmx-request")).to_have_count(0)
    found = grave(page)
    if not form:
        dress(page, "dark")
        found += [f"dark {one}" for one in grave(page, **COLOURS)]
        dress(page, "light")
    page.set_viewport_size({"width": 390, "height": 844})
    if not form:
        found += [f"phone {one}" for one in grave(page)]
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert (found, width) == ([], 390)


def dress(page: Page, theme: str) -> None:
    page.evaluate("name => { document.documentElement.dataset.bsTheme = name }", theme)


def case_of(who: str, status: Status) -> Complaint | None:
    user = User.objects.get(username=who)
    return Complaint.objects.visible_to(user).filter(status=status).first()


def who_may(verb: Verb) -> tuple[str, Complaint]:
    """Somebody of the demo who may do it now, and to what."""
    for who in ACTING:
        user = User.objects.get(username=who)
        for case in Complaint.objects.visible_to(user).order_by("-received_at"):
            if verb in verbs_for(user, case):
                return who, case
    raise AssertionError(f"the demo has nobody who may {verb}")


def an_extension(verb: Verb) -> tuple[str, Complaint]:
    """A case with an extension that has come so far that `verb` may follow, and who may do it."""
    compliance = User.objects.get(username="compliance")
    who, case = who_may(Verb.ASK_EXTENSION)
    asked = ask_extension(case, a_wish(), actor=User.objects.get(username=who))
    if verb is Verb.EXTEND:
        asked = approve_extension(asked, actor=compliance)
    return "compliance" if verb in {Verb.APPROVE_EXTENSION, Verb.DECLINE_EXTENSION} else who, asked


def a_paused_case() -> tuple[str, Complaint]:
    """A case whose clocks somebody has just paused, and who that was."""
    who, case = who_may(Verb.PAUSE)
    until = timezone.localdate() + timedelta(days=3)
    return who, pause(case, WaitsFor.CUSTOMER, "请客户补充交易凭证", until, actor=User.objects.get(username=who))


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_stands_before_axe(demo: Staff, who: str, path: str) -> None:
    page = demo(who)
    page.goto(path)
    judge(page)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/login/?idle=1"])
def test_the_entrance_stands_before_axe(demo: Staff, path: str) -> None:
    page = demo.nobody()
    page.goto(path)
    judge(page)
    page.context.close()


@pytest.mark.parametrize("status", Status)
def test_a_case_stands_before_axe_wherever_it_stands(demo: Staff, status: Status) -> None:
    who, case = next((who, case) for who in ACTING[::-1] if (case := case_of(who, status)))
    page = demo(who)
    page.goto(f"/complaints/{case.reference}/")
    judge(page)


def test_a_paused_case_and_the_proof_of_its_date_stand_before_axe(demo: Staff) -> None:
    who, case = a_paused_case()
    page = demo(who)
    for path in ("", "clocks/resolution/"):
        page.goto(f"/complaints/{case.reference}/{path}")
        judge(page)


@pytest.mark.parametrize("verb", DEEDS)
def test_the_form_of_every_deed_stands_before_axe(demo: Staff, verb: Verb) -> None:
    if MOVES[verb].stage:
        who, case = an_extension(verb)
    else:
        who, case = a_paused_case() if verb is Verb.RESUME else who_may(verb)
    page = demo(who)
    page.goto(f"/complaints/{case.reference}/{verb}/" + ("?field=phone" if verb is Verb.REVEAL else ""))
    expect(page.locator("#deed form")).to_be_visible()
    judge(page, form=verb is not Verb.RESPOND)


def test_the_proof_of_a_deadline_stands_before_axe(demo: Staff) -> None:
    case = case_of("supervisor", Status.INVESTIGATING)
    page = demo("supervisor")
    page.goto(f"/complaints/{case.reference if case else ''}/clocks/resolution/")
    judge(page)


def test_a_deed_in_the_dialog_and_the_open_menus_stand_before_axe(demo: Staff) -> None:
    _who, case = who_may(Verb.RESPOND)
    page = demo("frontdesk")
    page.goto(f"/complaints/{case.reference}/")
    page.locator("main a[data-deed=respond]").click()
    expect(page.locator("#dialog form")).to_be_visible()
    judge(page)
    page.keyboard.press("Escape")
    for opener, dialog in ((".sw-me", "#me"), ("#me [data-open=shortcuts]", "#shortcuts")):
        page.locator(opener).click()
        expect(page.locator(dialog)).to_be_visible()
        judge(page)
