"""Intake in a real browser: by keyboard alone, and with everything going wrong that may go wrong at a counter."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, expect

from complaints.models import Cause, Complaint, Draft
from tests.conftest import Cast
from tests.journeys.conftest import until

PAGE = "/complaints/new/"
SignIn = Callable[..., None]
Axe = Callable[[Page], None]
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def causes(cast: Cast) -> None:
    top = Cause.objects.create(code="INS", name="代理保险")
    Cause.objects.create(code="INS-1", name="存单变保单", hint="把保险说成存款", parent=top)
    Cause.objects.create(code="INS-2", name="代签保单", parent=top)


@pytest.fixture
def intake(page: Page, sign_in: SignIn, cast: Cast) -> Page:
    """The screen, with fiona before it and the cursor in the number."""
    sign_in(page, "fiona", PAGE)
    expect(page.locator("#id_phone")).to_be_focused()
    return page


def copies(page: Page) -> list[str]:
    """What this browser holds of unfinished intakes."""
    found: list[str] = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('sw-intake:'))")
    return found


def kept(page: Page) -> None:
    """Wait until the server has said that it keeps what stands in the form."""
    expect(page.locator("#kept svg")).to_be_visible()
    until(lambda: not copies(page))


def only_here(page: Page) -> None:
    """Wait until the page has said that the server has not got it."""
    expect(page.locator("#kept.amber")).to_be_visible()


def registered(page: Page) -> Complaint:
    page.wait_for_url("**/complaints/TS*/")
    case: Complaint = Complaint.objects.select_related("complainant", "cause").latest("pk")
    expect(page.locator("main")).to_contain_text(case.reference)
    return case


def test_a_complaint_is_registered_by_keyboard_alone(intake: Page, causes: None) -> None:
    keys = intake.keyboard
    keys.press("Alt+2")
    expect(intake.locator("#id_phone")).to_be_focused()
    keys.type("138 1234 1111")
    keys.press("Enter")
    keys.type("王小明")
    keys.press("Enter")  # the document's type
    keys.press("Enter")  # its number
    keys.press("Enter")
    expect(intake.locator("#id_received_at")).to_be_focused()
    keys.press("Enter")
    keys.type("2 号接待室")
    keys.press("Enter")
    keys.type("保单")
    expect(intake.locator("#pick_cause [role=option]")).to_have_count(2)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(intake.locator("#id_cause_text")).to_have_value("代签保单")
    keys.press("Enter")  # product
    keys.press("Enter")  # unit: our own already
    keys.press("Enter")  # staff
    keys.press("Enter")
    expect(intake.locator("#id_narrative")).to_be_focused()
    keys.type("存三年，利息高。\n再不解决我就找报社。")
    keys.press("Tab")
    keys.type("全额退还")
    keys.press("Enter")
    keys.type("５万")
    keys.press("Enter")
    keys.type("存款实为保险，要求退款")
    expect(intake.locator("[data-suggested=major]")).to_be_visible()
    expect(intake.locator("#missing a")).to_have_count(2)
    keys.press("Alt+z")
    keys.press("Alt+y")
    expect(intake.locator("#missing")).to_be_empty()
    keys.press("Control+Enter")
    case = registered(intake)
    assert (case.channel, case.place, case.severity) == ("visit", "2 号接待室", "major")
    assert (case.complainant.name, case.complainant.phone) == ("王小明", "13812341111")
    assert case.cause is not None
    assert (case.cause.code, case.claimed_amount, case.is_summary_confirmed) == ("INS-2", Decimal(50_000), True)
    assert case.narrative == "存三年，利息高。\n再不解决我就找报社。"
    until(lambda: not copies(intake))


def test_what_is_missing_is_named_and_the_text_stays(intake: Page) -> None:
    intake.keyboard.type("13812341111")
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("[data-focus]")).to_be_focused()
    expect(intake.locator("#id_summary")).to_have_attribute("aria-invalid", "true")
    expect(intake.locator("#id_phone")).to_have_value("13812341111")
    intake.locator("[data-focus] a[href='#id_summary']").press("Enter")
    intake.locator("#id_summary").fill("短信扣费未退")
    intake.keyboard.press("Control+Enter")
    assert registered(intake).summary == "短信扣费未退"


def test_somebody_who_came_before_is_found_and_filled_in_masked(
    intake: Page, register: Callable[..., Complaint]
) -> None:
    earlier = register("fiona", summary="短信扣费未退")
    intake.keyboard.type("13812341111")
    expect(intake.locator("#theirs")).to_contain_text("短信扣费未退")
    intake.keyboard.press("Enter")
    expect(intake.locator("#id_name")).to_have_value("王**")
    expect(intake.locator("#id_phone")).to_have_value("138****1111")
    expect(intake.locator("#known input[value=link]")).to_be_checked()
    intake.locator("#id_summary").fill("扣费还没有退")
    intake.keyboard.press("Control+Enter")
    case = registered(intake)
    assert (case.repeat_of, case.complainant.name, case.complainant.phone) == (earlier, "王小明", "13812341111")


def test_the_wrong_person_is_taken_out_again(intake: Page, register: Callable[..., Complaint]) -> None:
    register("fiona")
    intake.keyboard.type("13812341111")
    expect(intake.locator("#found [data-pick]")).to_be_visible()
    intake.keyboard.press("Enter")
    intake.locator("[data-unpick]").click()
    expect(intake.locator("#id_phone")).to_have_value("13812341111")
    expect(intake.locator("#id_name")).to_have_value("")
    expect(intake.locator("#found [data-pick]")).to_be_visible()
    expect(intake.locator("#id_name")).to_have_value("")


def test_more_words_for_an_open_complaint_are_added_to_it(intake: Page, register: Callable[..., Complaint]) -> None:
    earlier = register("fiona")
    intake.keyboard.type("13812341111")
    intake.locator("#known input[value=add]").check()
    intake.locator("#id_summary").fill("又来催了")
    intake.keyboard.press("Control+Enter")
    intake.wait_for_url(f"**/complaints/{earlier.reference}/")
    assert "又来催了" in earlier.notes.get().body
    assert Complaint.objects.count() == 1


def test_loading_again_brings_everything_back(intake: Page) -> None:
    intake.locator("#id_narrative").fill("𠮷先生：一字\n不漏")
    intake.keyboard.press("Alt+3")
    intake.locator("#id_registered_mail_number").fill("XA123")
    kept(intake)
    intake.reload()
    expect(intake.locator("#id_narrative")).to_have_value("𠮷先生：一字\n不漏")
    expect(intake.locator("#id_registered_mail_number")).to_have_value("XA123")


def test_an_expired_session_loses_nothing(intake: Page, context: BrowserContext, sign_in: SignIn) -> None:
    intake.locator("#id_summary").fill("第一句")
    kept(intake)
    Session.objects.all().delete()
    intake.locator("#id_summary").fill("第一句，第二句")
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("#notice [href*=login]")).to_be_visible()
    expect(intake.locator("#id_summary")).to_have_value("第一句，第二句")
    sign_in(context.new_page(), "fiona", "/accounts/login/")
    intake.keyboard.press("Control+Enter")
    assert registered(intake).summary == "第一句，第二句"


def test_a_lost_connection_loses_nothing(intake: Page, context: BrowserContext) -> None:
    intake.locator("#id_summary").fill("第一句")
    kept(intake)
    context.set_offline(True)
    intake.locator("#id_summary").fill("第一句，断网时写的")
    only_here(intake)
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("#id_summary")).to_have_value("第一句，断网时写的")
    context.set_offline(False)
    kept(intake)
    intake.reload()
    expect(intake.locator("#id_summary")).to_have_value("第一句，断网时写的")


def test_what_never_reached_the_server_is_offered_again(intake: Page, context: BrowserContext) -> None:
    context.route("**/complaints/new/keep/", lambda route: route.abort())
    intake.locator("#id_summary").fill("只在本机")
    only_here(intake)
    context.unroute("**/complaints/new/keep/")
    intake.goto(PAGE)
    intake.locator("[data-left-link]").click()
    expect(intake.locator("#id_summary")).to_have_value("只在本机")


def test_what_the_server_sent_back_is_not_offered_as_lost(intake: Page) -> None:
    intake.locator("#id_name").fill("王小明")
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("#intake .sw-callout.red")).to_be_visible()
    assert copies(intake) == []
    intake.goto(PAGE)
    expect(intake.locator("#left-here")).to_be_hidden()
    intake.locator("[data-bs-toggle=dropdown]").filter(has=intake.locator("[href$='#pencil']")).click()
    expect(intake.locator("[data-draft]")).to_contain_text("王**")


def test_an_empty_form_leaves_nothing_behind(intake: Page) -> None:
    intake.keyboard.press("Alt+3")
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("#intake .sw-callout.red")).to_be_visible()
    intake.wait_for_timeout(1500)  # longer than the rest after which a draft is kept
    assert copies(intake) == []
    intake.goto(PAGE)
    expect(intake.locator("#left-here")).to_be_hidden()
    expect(intake.locator("[data-draft]")).to_have_count(0)


def test_a_text_too_large_for_the_server_stays_on_the_page(intake: Page, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50_000
    intake.locator("#id_summary").fill("太长")
    intake.locator("#id_narrative").fill("长" * 60_000)
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("#notice .sw-callout")).to_be_visible()
    assert intake.locator("#id_narrative").input_value() == "长" * 60_000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
    intake.keyboard.press("Control+Enter")
    assert registered(intake).narrative == "长" * 60_000


def test_pressed_twice_it_is_one_complaint(intake: Page) -> None:
    intake.locator("#id_summary").fill("按了两次")
    for _time in range(3):
        intake.keyboard.press("Control+Enter")
    registered(intake)
    assert Complaint.objects.count() == 1


def test_files_go_up_at_once_and_a_lie_is_told(intake: Page) -> None:
    files = intake.locator("#file")
    files.set_input_files(FilePayload(name="合同.pdf", mimeType="application/pdf", buffer=PDF))
    expect(intake.locator("[data-file]")).to_have_count(1)
    files.set_input_files(FilePayload(name="假.pdf", mimeType="application/pdf", buffer=b"hello"))
    expect(intake.locator("#files [role=alert]")).to_be_visible()
    intake.locator("#id_summary").fill("有证据")
    intake.keyboard.press("Control+Enter")
    assert [row.label for row in registered(intake).evidence.all()] == ["合同.pdf"]


def test_saving_waits_for_a_file_on_its_way(intake: Page) -> None:
    under_way: list[Route] = []
    intake.route("**/complaints/new/files/", lambda route: under_way.append(route))
    intake.locator("#file").set_input_files(FilePayload(name="合同.pdf", mimeType="application/pdf", buffer=PDF))
    intake.locator("#id_summary").fill("有证据")
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("#missing")).to_have_text("文件还在上传，传完后自动保存。")
    assert not Complaint.objects.exists()
    under_way[0].continue_()
    assert [row.label for row in registered(intake).evidence.all()] == ["合同.pdf"]


def test_a_file_that_did_not_arrive_stops_the_saving(intake: Page) -> None:
    under_way: list[Route] = []
    intake.route("**/complaints/new/files/", lambda route: under_way.append(route))
    intake.locator("#file").set_input_files(FilePayload(name="合同.pdf", mimeType="application/pdf", buffer=PDF))
    intake.locator("#id_summary").fill("有证据")
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("#missing")).to_have_text("文件还在上传，传完后自动保存。")
    under_way[0].abort()
    expect(intake.locator("#file-hint")).to_contain_text("合同.pdf")
    expect(intake.locator("#missing")).not_to_contain_text("文件还在上传")
    assert not Complaint.objects.exists()
    intake.keyboard.press("Control+Enter")
    registered(intake)


def test_signing_out_leaves_nothing_in_the_browser(intake: Page, context: BrowserContext) -> None:
    context.route("**/complaints/new/keep/", lambda route: route.abort())
    intake.locator("#id_summary").fill("别人不该看到")
    until(lambda: copies(intake))
    intake.evaluate("document.querySelector('form[action*=logout]').requestSubmit()")
    intake.wait_for_url("**/accounts/login/**")
    until(lambda: not copies(intake))


def test_it_fits_one_screen_without_scrolling(intake: Page) -> None:
    height, width = intake.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
    assert (height, width) == (900, 1280)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_grave(intake: Page, axe: Axe, theme: str, causes: None) -> None:
    intake.evaluate("name => { document.documentElement.dataset.bsTheme = name }", theme)
    axe(intake)
    intake.locator("#id_cause_text").focus()
    intake.keyboard.type("保单")
    expect(intake.locator("#pick_cause [role=option]")).to_have_count(2)
    axe(intake)
    intake.keyboard.press("Escape")
    intake.keyboard.press("Control+Enter")
    expect(intake.locator("[data-focus]")).to_be_focused()
    intake.evaluate("name => { document.documentElement.dataset.bsTheme = name }", theme)
    axe(intake)


def test_on_a_phone_nothing_scrolls_sideways(intake: Page, axe: Axe) -> None:
    intake.set_viewport_size({"width": 390, "height": 844})
    assert intake.evaluate("document.documentElement.scrollWidth") == 390
    axe(intake)


def test_a_draft_is_discarded_only_after_asking(intake: Page) -> None:
    intake.locator("#id_summary").fill("写了一半")
    kept(intake)
    intake.goto(PAGE)
    intake.locator("[data-bs-toggle=dropdown]").filter(has=intake.locator("[href$='#pencil']")).click()
    intake.locator(".sw-drafts [hx-get]").click()
    intake.locator("#dialog button[type=submit]").click()
    expect(intake.locator(".sw-drafts")).to_have_count(0)
    assert Draft.objects.exclude(data=b"").count() == 0
