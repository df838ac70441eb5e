"""The page of a case: what it shows, to whom, what it never shows, and that it stays as quick when the case grows."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.correspondence import note, respond, reveal
from complaints.evidence import attach
from complaints.lifecycle import close, investigate, reopen, resolve
from complaints.models import Complainant, Complaint
from complaints.ownership import hand_over
from tests.complaints.pages import fresh
from tests.conftest import NOW, Cast, decided, established, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def page(browser: Client, case: Complaint, query: str = "", **headers: str) -> str:
    answer = browser.get(case.get_absolute_url() + query, headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def a_file(name: str = "回单.pdf") -> Any:
    return SimpleUploadedFile(name, PDF)


@pytest.mark.parametrize("who", ["fiona", "sam"])
def test_it_shows_how_the_complaint_came_in_and_only_what_was_filled(register: Register, as_: As, who: str) -> None:
    typed = {
        "place": "三楼接待室", "recording_reference": "R-77", "registered_mail_number": "XA12345",
        "external_reference": "银监-8", "late_entry_reason": "系统升级",
    }  # fmt: skip
    case = register("fiona", channel="letter", postmarked_on=date(2026, 2, 9), **typed)
    origin = _origin(page(as_(who), case))
    assert [text for text in (*typed.values(), "2月9日", "信函", "收到时间", "录入时间") if text not in origin] == []
    bare = _origin(page(as_(who), register("fiona")))
    assert bare.count("<dt>") == 3
    assert "补录原因" not in bare


def _origin(html: str) -> str:
    return html.partition('id="origin-title"')[2].partition("</section>")[0]


def test_it_shows_the_case(register: Register, as_: As) -> None:
    case = register("fiona", narrative="柜台让我等了两小时。", demand="退还手续费", claimed_amount=Decimal(1200))
    html = page(as_("fiona"), case)
    for words in (case.reference, case.summary, "柜台让我等了两小时。", "退还手续费", "¥1,200.00", "李敏"):
        assert words in html


def test_out_of_scope_is_not_there(register: Register, as_: As) -> None:
    case = register("fiona")
    for who in ("grace", "wendy", "hank", "adam"):
        assert as_(who).get(case.get_absolute_url()).status_code == 404
    assert Client().get(case.get_absolute_url()).status_code == 302


def test_the_staff_complained_about_never_see_it(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona", staff_complained_about=cast.frank)
    assert as_("frank").get(case.get_absolute_url()).status_code == 404


def test_notes_and_messages_look_different(register: Register, cast: Cast, as_: As) -> None:
    case = note(register("fiona"), "只给同事看", actor=cast.fiona)
    respond(case, said(body="给客户看"), actor=cast.fiona)
    html = page(as_("fiona"), case)
    assert re.search(r'class="sw-inside"> <div class="sw-lines">只给同事看', html)
    assert re.search(r'class="sw-said"> <div class="sw-lines">给客户看', html)


@pytest.mark.parametrize(
    ("tab", "shown", "hidden"),
    [
        ("said", "给客户看", "只给同事看"),
        ("notes", "只给同事看", "给客户看"),
        ("deeds", "登记投诉", "只给同事看"),
        ("nonsense", "只给同事看", "无"),
    ],
)
def test_the_tab_is_in_the_address(register: Register, cast: Cast, as_: As, tab: str, shown: str, hidden: str) -> None:
    case = note(register("fiona"), "只给同事看", actor=cast.fiona)
    respond(case, said(body="给客户看"), actor=cast.fiona)
    html = page(as_("fiona"), case, f"?tab={tab}").split('id="history"')[1].split("</section>")[0]
    assert shown in html
    assert hidden not in html.replace("无障碍", "")


def test_htmx_gets_only_the_history(register: Register, as_: As) -> None:
    html = page(as_("fiona"), register("fiona"), "?tab=deeds", **{"HX-Request": "true", "HX-Target": "history"})
    assert "<html" not in html
    assert "sw-rail" in html


def test_older_entries_are_one_link_away(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    for number in range(70):
        note(case, f"备注 {number}。", actor=cast.fiona)
    html = page(as_("fiona"), case)
    assert "备注 69。" in html
    assert "备注 9。" not in html
    assert "before=12" in html
    assert "备注 9。" in page(as_("fiona"), case, "?before=12")
    assert page(as_("fiona"), case, "?before=99999999999999")


def test_the_strictest_clock_leads_and_stopped_ones_stay(register: Register, cast: Cast, as_: As) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
        respond(case, said(), actor=cast.fiona)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        html = page(as_("fiona"), case)
    assert html.index('data-clock="running"') < html.index('data-clock="kept"')
    assert f"/complaints/{case.reference}/clocks/resolution/?clock=" in html


def test_overdue_on_screen_needs_no_worker(register: Register, as_: As) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        html = page(as_("fiona"), case)
    assert 'data-clock="overdue"' in html
    assert not case.clocks.filter(breached_at__isnull=False).exists()


@pytest.mark.parametrize(("who", "deed"), [("fiona", "respond"), ("frank", "")])
def test_the_next_step_is_one_solid_button(register: Register, as_: As, who: str, deed: str) -> None:
    html = page(as_(who), register("fiona"))
    assert re.findall(r'class="btn btn-primary" [^>]*data-deed="(\w+)"', html) == ([deed] if deed else [])


def test_the_next_step_follows_the_case(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    steps = []
    for act in (
        lambda: respond(case, said(), actor=cast.fiona),
        lambda: investigate(case, established(), actor=cast.fiona),
        lambda: resolve(case, decided(), actor=cast.fiona),
        lambda: close(case, actor=cast.fiona),
    ):
        act()
        steps += re.findall(r'class="btn btn-primary" [^>]*data-deed="(\w+)"', page(as_("fiona"), case)) or [""]
    assert steps == ["investigate", "resolve", "close", ""]


def test_what_is_not_possible_yet_says_why(register: Register, as_: As) -> None:
    html = page(as_("fiona"), register("fiona"))
    assert "需先填写调查结论" in html
    assert "需先填写调查结论" not in page(as_("audrey"), register("fiona"))


def test_an_offer_is_shown_to_both_sides(register: Register, cast: Cast, as_: As) -> None:
    case = hand_over(register("fiona"), cast.hank, "属信用卡业务", actor=cast.fiona)
    assert "对方接收前，您仍是承办人。" in page(as_("fiona"), case)
    html = page(as_("hank"), case)
    assert re.findall(r'class="btn btn-primary" [^>]*data-deed="(\w+)"', html) == ["accept"]


def test_related_complaints_are_only_those_one_may_see(register: Register, as_: As) -> None:
    case = register("fiona")
    near, far = register("frank"), register("walter", unit="W1")
    other = register("fiona", complainant=Complainant(name="别人", phone="13900009999"))
    html = page(as_("fiona"), case)
    assert near.reference in html
    assert far.reference not in html
    assert other.reference not in html


def test_a_megabyte_of_narrative_is_folded(register: Register, as_: As) -> None:
    case = register("fiona", narrative="客户的原话。" * 180_000 + "最后一句")
    html = page(as_("fiona"), case)
    assert len(html) < 100_000
    assert "narrative=whole" in html
    assert "最后一句" in page(as_("fiona"), case, "?narrative=whole")


def test_markup_from_outside_is_inert(register: Register, cast: Cast, as_: As) -> None:
    evil = "<img src=x onerror=alert(1)>"
    case = register("fiona", summary=evil, narrative=evil, demand=evil, staff_described=evil)
    respond(case, said(body=evil, proof=evil, to_whom=evil), actor=cast.fiona)
    hand_over(case, cast.hank, evil, actor=cast.fiona)
    assert "<img src=x" not in page(as_("fiona"), case)


def test_who_looked_at_personal_data_stands_in_the_history(register: Register, cast: Cast, as_: As) -> None:
    case = register("fiona")
    reveal(case, "phone", "回拨客户", actor=cast.frank)
    html = page(as_("sam"), case, "?tab=deeds")
    assert "查看了投诉人的电话全文" in html
    assert "回拨客户" in html


def a_life(register: Register, cast: Cast, number: int) -> Complaint:
    """A case with `number` of everything that a page lists."""
    case = register("fiona")
    for _ in range(number):
        note(case, "备注", actor=cast.frank)
        respond(case, said(), actor=cast.fiona)
        attach(case, a_file(), actor=cast.sam)
        reveal(case, "phone", "回拨", actor=cast.frank)
        investigate(case, established(), actor=cast.fiona)
        resolve(case, decided(), actor=cast.fiona)
        reopen(case, "客户不认可", actor=cast.fiona)
    return case


def queries(browser: Client, case: Complaint) -> int:
    browser.get(case.get_absolute_url())
    with CaptureQueriesContext(connection) as found:
        browser.get(case.get_absolute_url())
    return len(found)


@pytest.mark.slow
def test_the_queries_do_not_grow_with_the_case(register: Register, cast: Cast, as_: As) -> None:
    small, large = a_life(register, cast, 2), a_life(register, cast, 8)
    for _ in range(20):
        register("fiona")
    assert large.clocks.count() == 10
    browser = as_("fiona")
    assert queries(browser, small) == queries(browser, large) <= 24


@pytest.mark.slow
def test_a_long_history_costs_one_query_more_at_most(register: Register, cast: Cast, as_: As) -> None:
    small, large = a_life(register, cast, 2), a_life(register, cast, 20)
    browser = as_("fiona")
    assert queries(browser, large) <= queries(browser, small) + 1
    assert fresh(large).history_seq == 141
