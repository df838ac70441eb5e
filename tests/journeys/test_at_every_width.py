"""What every window must hold, from a phone to the desk's 1280 pixels, in both languages: nothing covered, cut or aside."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.models import Cause, Complaint
from tests.conftest import Cast
from tests.journeys.conftest import answered, opened_context

Register = Callable[..., Complaint]
SignIn = Callable[..., None]
LANGUAGES = ("zh-hans", "en")
WIDTHS = (390, 800, 900, 1024, 1200, 1280)
# Where one thing of the bar begins before the one at its left has ended.
OVERLAPS = """() => {
  const parts = [...document.querySelectorAll(".sw-home, .sw-bar-title, .nav-a, .sw-tools > *")]
    .map((part) => [part.className, part.getBoundingClientRect()]).filter(([, box]) => box.width > 1);
  return parts.slice(1).filter(([, box], at) => box.left < parts[at][1].right - 1).map(([name]) => name);
}"""
SHOWN = "links => links.filter(link => link.getClientRects().length).map(link => link.pathname)"
DIGITS = "330102195803120029"


def speak(page: Page, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])


@pytest.fixture
def late(register: Register) -> Complaint:
    return register("fiona", received_at=timezone.now() - timedelta(hours=30), summary="存款实为保险，要求全额退还" * 4)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bar_holds_and_no_page_scrolls_sideways(
    page: Page, sign_in: SignIn, late: Complaint, language: str
) -> None:
    sign_in(page, "sam", "/work/")
    speak(page, language)
    clock = f"/complaints/{late.reference}/clocks/{late.clocks.first().target}/"  # type: ignore[union-attr]
    pages = [
        "/work/",
        "/complaints/",
        "/complaints/overdue/",
        f"/complaints/{late.reference}/",
        clock,
        "/reports/register/",
    ]
    faults = []
    for path in pages:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if overlaps := page.evaluate(OVERLAPS):
                faults.append(f"{path} at {width}: {overlaps} over what is at their left")
            if wide > width:
                faults.append(f"{path} at {width}: {wide} pixels wide")
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_navigation_is_in_sight_and_so_is_the_find_box(
    page: Page, sign_in: SignIn, cast: Cast, language: str
) -> None:
    sign_in(page, "carol", "/work/")
    speak(page, language)
    page.reload()
    everywhere = {"/work/", "/complaints/", "/complaints/overdue/", "/reports/dashboard/", "/reports/register/"}
    for width in (900, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert everywhere <= set(page.locator(".sw-nav a, .sw-tabs a").evaluate_all(SHOWN)), width
        box = page.locator("#find").bounding_box()
        assert box, width
        assert box["width"] >= 160, width


def test_who_oversees_gets_everywhere_on_a_phone(page: Page, sign_in: SignIn, cast: Cast) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "carol", "/work/")
    for path in ("/complaints/overdue/", "/reports/dashboard/", "/reports/register/", "/complaints/new/"):
        page.goto("/work/")
        page.locator(".sw-tabs [data-open=me]").click()
        page.locator(f"#me a[href='{path}']").click()
        page.wait_for_url(f"**{path}*")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [900, 1024, 1264, 1280])
def test_the_clerk_sees_the_whole_number_and_the_whole_moment(
    page: Page, sign_in: SignIn, cast: Cast, language: str, width: int
) -> None:
    sign_in(page, "fiona", "/work/")
    speak(page, language)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/complaints/new/")
    for name in ("id_phone", "id_id_number"):
        field = page.locator(f"#{name}")
        field.fill(DIGITS)
        room = field.evaluate("field => [field.clientWidth, field.scrollWidth]")
        assert room[0] == room[1], name
        assert room[0] >= len(DIGITS) * 9, f"{name}: digits of other fonts are up to 9 pixels wide"
    moment = page.locator("#id_received_at").bounding_box()
    assert moment
    assert moment["width"] >= 190, "12/31/2026, 11:59 PM and the calendar's button"
    if width > 1200:
        unit, staff = (page.locator(f"#{name}").bounding_box() for name in ("id_unit_text", "id_staff_text"))
        assert unit
        assert staff
        assert unit["y"] == staff["y"], "the fields of a line stand on a line"


def test_the_list_of_causes_ends_above_the_bar_at_the_foot(page: Page, sign_in: SignIn, cast: Cast) -> None:
    for number in range(30):
        Cause.objects.create(code=f"C{number}", name=f"原因 {number}")
    sign_in(page, "fiona", "/complaints/new/")
    page.locator("#id_cause_text").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#pick_cause")).to_be_visible()
    listed, foot = page.locator("#pick_cause").bounding_box(), page.locator(".sw-foot").bounding_box()
    assert listed
    assert foot
    assert listed["y"] + listed["height"] <= foot["y"]


def test_the_foot_of_the_intake_is_slim_on_a_phone_and_names_no_keys(
    chromium: Browser, server: LiveServer, sign_in: SignIn, cast: Cast
) -> None:
    context = opened_context(chromium, server, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "fiona", "/complaints/new/")
    page.locator("#id_phone").fill("13800000000")
    expect(page.locator("#missing a").first).to_be_visible()
    foot = page.locator(".sw-foot").bounding_box()
    assert foot
    assert foot["height"] < 844 / 8
    assert page.locator("kbd").evaluate_all("keys => keys.filter(key => key.getClientRects().length).length") == 0
    context.close()
    answered()
