"""The life of a complaint, told by the people of the demo institution, each before a browser of their own.

李敏 (front desk, east) logs it; 陈立 (handler, east) takes it on; 周岚 supervises both; 孙倩 works in the west and sees
nothing of it; 区静 audits; 赵启明 keeps the register.
"""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from complaints.models import Complaint
from complaints.states import DEEDS, Verb
from sla.targets import Target
from tests.journeys.conftest import Staff, press, send

ANSWER = "已当面说明办理流程：十五个工作日内书面答复。"
FACTS = "录音录像显示，销售时未提示这是保险产品。"
REPLY = "经核查您的投诉属实，我们已为您办理全额退保并致歉。"


def deed(page: Page, case: Complaint, verb: Verb) -> None:
    """Open the case and press the deed's button."""
    page.goto(f"/complaints/{case.reference}/")
    press(page, verb)


def done(page: Page, case: Complaint, status: str) -> None:
    """Send the dialog; the case stands where it should."""
    send(page)
    case.refresh_from_db()
    assert case.status == status


def register(page: Page, summary: str, received_at: str = "", late_entry_reason: str = "") -> Complaint:
    """Log a complaint at the counter and come to its page."""
    page.goto("/complaints/new/")
    page.locator("label[for^=id_channel]").nth(1).click()
    page.locator("#id_phone").fill("13912345678")
    page.locator("#id_name").fill("郑小红")
    page.locator("#id_summary").fill(summary)
    if received_at:
        page.locator("#id_received_at").fill(received_at)
        page.locator("#id_received_at").press("Tab")
        page.locator("#id_late_entry_reason").fill(late_entry_reason)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/complaints/TS*/")
    case: Complaint = Complaint.objects.get(summary=summary)
    expect(page.locator("main")).to_contain_text(case.reference)
    return case


def answer_face_to_face(page: Page, case: Complaint) -> None:
    deed(page, case, Verb.RESPOND)
    page.locator("#dialog [name=body]").fill(ANSWER)
    page.locator("#dialog input[name=means][value=face_to_face] + label").click()
    done(page, case, "responded")
    expect(page.locator("#history")).to_contain_text(ANSWER)
    assert case.clocks.get(target=Target.RESPONSE).breached_at is None


def offer(page: Page, case: Complaint, to: str, reason: str) -> None:
    deed(page, case, Verb.HAND_OVER)
    page.locator("#dialog input[type=search]").type(to)
    expect(page.locator("#people-list input[name=to]")).to_have_count(1)
    page.locator("#people-list input[name=to]").check()
    page.locator("#dialog [name=reason]").fill(reason)
    done(page, case, "responded")
    assert case.owner.username == "frontdesk"


def accept_in_my_work(page: Page, case: Complaint) -> None:
    page.goto("/work/")
    waiting = page.locator(f".sw-offers [data-row='{case.reference}']")
    expect(waiting).to_contain_text("客户要求书面答复")
    waiting.locator("button[type=submit]").click()
    page.wait_for_url(f"**/complaints/{case.reference}/")
    case.refresh_from_db()
    assert (case.owner.username, case.first_responder.username) == ("handler", "frontdesk")


def investigate_and_resolve(page: Page, case: Complaint) -> None:
    deed(page, case, Verb.INVESTIGATE)
    page.locator("#dialog [name=facts]").fill(FACTS)
    page.locator("#dialog input[name=founded][value=yes] + label").click()
    done(page, case, "investigating")
    deed(page, case, Verb.RESOLVE)
    page.locator("#dialog input[name=kind] + label").first.click()
    page.locator("#dialog [name=body]").fill(REPLY)
    page.locator("#dialog input[name=means][value=phone] + label").click()
    done(page, case, "resolved")
    expect(page.locator("#history")).to_contain_text(REPLY)


def only_reads(page: Page, case: Complaint) -> None:
    """The auditor sees all of it and is offered nothing."""
    page.goto(f"/complaints/{case.reference}/")
    for text in (ANSWER, FACTS, REPLY):
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator("[data-deed]")).to_have_count(0)
    assert "139****5678" in page.content()
    assert "13912345678" not in page.content()


def test_a_complaint_is_logged_answered_handed_over_resolved_and_closed(staff: Staff) -> None:
    case = register(staff("frontdesk"), "存单变保单，要求全额退款")
    answer_face_to_face(staff("frontdesk"), case)
    offer(staff("frontdesk"), case, "陈立", "客户要求书面答复")
    call_command("enforce")
    told(staff("handler"), case)
    accept_in_my_work(staff("handler"), case)
    investigate_and_resolve(staff("handler"), case)
    deed(staff("supervisor"), case, Verb.CLOSE)
    done(staff("supervisor"), case, "closed")
    only_reads(staff("auditor"), case)
    nothing_of(staff("frontdesk2"), case)
    in_the_register(staff("compliance"), case)


def nothing_of(page: Page, case: Complaint) -> None:
    """Another branch: the address is not found, whatever is asked of it, and no list tells of it."""
    for last in ("", "clocks/resolution/", *(f"{verb}/" for verb in DEEDS)):
        answer = page.request.get(f"/complaints/{case.reference}/{last}")
        assert answer.status == 404, last
        assert case.summary not in answer.text()
    page.goto("/complaints/?state=all")
    expect(page.locator("[data-row]")).to_have_count(0)


def told(page: Page, case: Complaint) -> None:
    """The bell has a number, and the inbox leads to the case, where the number goes."""
    page.goto("/work/")
    page.locator(".sw-bell .sw-n").click()
    page.wait_for_url("**/notifications/")
    page.locator(".sw-notice.unread button.sw-link").filter(has_text=case.summary).first.click()
    page.wait_for_url(f"**/complaints/{case.reference}/")


def in_the_register(page: Page, case: Complaint) -> None:
    """Both files hold one line for each complaint, with its reference and without a full phone number."""
    page.goto("/reports/register/")
    for form in ("xlsx", "csv"):
        with page.expect_download() as download:
            page.locator(f"a[href*='/register/{form}/']").click()
        rows = rows_of(download.value.path(), form)
        found = [row for row in rows if case.reference in row]
        assert len(found) == 1
        assert not any("13912345678" in cell for row in rows for cell in row)


def rows_of(file: Path, form: str) -> list[list[str]]:
    if form == "csv":
        return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


@pytest.fixture
def late(staff: Staff) -> Complaint:
    """A letter of two days ago, logged today: past its 24 hours, and the sweep has seen it."""
    two_days_ago = (timezone.localtime() - timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    case = register(staff("frontdesk"), "短信扣费三个月没人处理", two_days_ago, "信件周末寄到，今天才拆")
    call_command("enforce")
    assert case.clocks.get(target=Target.RESPONSE).breached_at is not None
    return case


def test_what_is_late_reaches_the_supervisor_who_reminds_and_assigns(staff: Staff, late: Complaint) -> None:
    sees_it_overdue(staff("supervisor"), late)
    deed(staff("supervisor"), late, Verb.REMIND)
    staff("supervisor").locator("#dialog [name=text]").fill("今天必须联系客户")
    done(staff("supervisor"), late, "registered")
    call_command("enforce")
    told(staff("frontdesk"), late)
    assigned_to(staff("supervisor"), late, "陈立")
    staff("handler").goto("/work/")
    expect(staff("handler").locator(f"[data-row='{late.reference}'] [data-clock=overdue]")).to_be_visible()


def sees_it_overdue(page: Page, case: Complaint) -> None:
    """The supervisor was told of the escalation; the queue has it, and the case's history says why."""
    told(page, case)
    assert case.events.filter(verb=Verb.BREACH).count() == 1
    steps = [event.facts["step"] for event in case.events.filter(verb=Verb.ESCALATE)]
    assert steps
    assert len(steps) == len(set(steps)), "each step once"
    page.goto("/complaints/overdue/")
    row = page.locator(f"[data-row='{case.reference}'][data-state=overdue]")
    expect(row).to_be_visible()
    expect(row.locator("td").last).not_to_contain_text("—")


def assigned_to(page: Page, case: Complaint, name: str) -> None:
    deed(page, case, Verb.ASSIGN)
    page.locator("#dialog input[type=search]").type(name)
    expect(page.locator("#people-list input[name=to]")).to_have_count(1)
    page.locator("#people-list input[name=to]").check()
    page.locator("#dialog [name=reason]").fill("网点处理不了")
    done(page, case, "registered")
    assert (case.owner.name, case.first_responder.username) == (name, "frontdesk")


def test_every_number_of_the_dashboard_opens_a_list_of_as_many(staff: Staff, late: Complaint) -> None:
    page = staff("compliance")
    page.goto("/reports/dashboard/")
    shown = [
        (link.get_attribute("href") or "", int(re.sub(r"\D", "", link.locator("[data-number]").inner_text())))
        for link in page.locator(".sw-stat a:has([data-number])").all()
    ]
    assert any(number for _address, number in shown)
    for address, number in shown:
        page.goto(address)
        expect(page.locator("[data-row]")).to_have_count(number)


@pytest.mark.parametrize("chart", ["age", "channel", "trend"])
def test_a_drawing_leads_where_its_table_does(staff: Staff, late: Complaint, chart: str) -> None:
    page = staff("compliance")
    page.goto("/reports/dashboard/")
    place = page.locator(f"[data-chart={chart}]")
    links = place.locator("xpath=..").locator("tbody a")
    known = {link.get_attribute("href") for link in links.all()}
    colour = "--sw-red" if chart == "trend" else "--sw-ink"
    drawn = page.evaluate("name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()", colour)
    with page.expect_navigation():
        place.locator(f"svg path[fill='{drawn}']").first.click(force=True)
    assert page.url.removeprefix(page.evaluate("location.origin")) in known
    if chart == "trend":
        expect(page.locator(f"[data-row='{late.reference}']")).to_be_visible()
