"""A new rule from its draft to the first complaint that it is for, by keyboard; two people of compliance, and a counter."""

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Complaint
from config.demo import rules
from sla.models import Policy
from tests.journeys.conftest import Staff, grave


def press(page: Page, words: str) -> None:
    """Press a button without the mouse."""
    button = page.get_by_role("button", name=words, exact=True)
    button.focus()
    page.keyboard.press("Enter")


def register(page: Page, summary: str) -> Complaint:
    """Somebody unknown at the counter."""
    page.goto("/complaints/new/")
    page.keyboard.press("Alt+2")
    page.locator("#id_summary").fill(summary)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/complaints/TS*/")
    found: Complaint = Complaint.objects.get(summary=summary)
    return found


def drafted(page: Page) -> None:
    """Draft a policy for visits: five working days, a progress report after three; then take the report out again."""
    page.goto("/policies/draft/")
    page.locator("#id_code").fill("visits")
    page.locator("#id_name").fill("来访投诉")
    page.locator("#id_channels_1").focus()
    page.keyboard.press("Space")
    page.locator("#id_terms-0-amount").fill("5")
    press(page, "添加一项时限")
    expect(page.locator("#id_terms-1-target")).to_be_focused()
    page.locator("#id_terms-1-amount").fill("3")
    page.locator("#id_units_add").fill("城东支行")
    page.keyboard.press("Enter")
    expect(page.locator("#policy input[name=units][value=E]")).to_be_checked()
    expect(page.locator("#id_terms-1-amount")).to_have_value("3")
    page.locator("#term_1 button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#term_1")).to_have_count(0)
    assert grave(page) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/policies/visits/1/")


@pytest.mark.slow
def test_a_rule_drafted_by_one_and_approved_by_another_binds_the_next_complaint(staff: Staff) -> None:
    before = register(staff("frontdesk"), "柜台说会回电，三天没有回电")
    drafted(staff("compliance"))
    expect(staff("compliance").locator("main")).to_contain_text("由另一名合规人员审定")
    expect(staff("compliance").locator("button[value=approve]")).to_have_count(0)
    other = staff("compliance2")
    other.goto("/policies/")
    other.get_by_role("link", name="审定", exact=True).click()
    expect(other.locator("main")).to_contain_text("5 个工作日")
    expect(other.locator("main")).to_contain_text("最近 90 天")
    assert grave(other) == []
    press(other, "批准")
    other.wait_for_url("**/policies/visits/")
    expect(other.locator("main")).to_contain_text("生效中")
    after = register(staff("frontdesk"), "柜台说会回电，五天没有回电")
    expect(staff("frontdesk").locator("main")).to_contain_text("行内办结")
    assert [case.clocks.get(target="resolution").amount for case in (before, after)] == [15, 5]
    assert Policy.objects.values_list("decided_by__username", flat=True).get(code="visits") == "compliance2"
    assert Complaint.objects.count() == 2


@pytest.mark.slow
def test_a_transfer_shows_its_clocks_before_it_is_saved(staff: Staff) -> None:
    page = staff("frontdesk")
    rules.adopt()
    page.goto("/complaints/new/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/new/clocks/") else None)
    place = page.locator("label[for^=id_severity]").last
    at = place.bounding_box() or {}
    page.keyboard.press("Alt+7")
    expect(page.locator("#id_referred_by")).to_be_visible()
    for body in ("nfra", "pboc", "nfra", "pboc", "nfra"):
        page.locator("#id_referred_by").select_option(body)
    expect(page.locator("#clocks")).to_contain_text("转办受理")
    assert 1 <= len(asked) <= 3, asked
    assert (place.bounding_box() or {})["y"] == pytest.approx(at["y"], abs=1)
