"""A day at the desk, for the figures: it is Tuesday 2026-02-10, ten in the morning in Shanghai."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from complaints.correspondence import respond
from complaints.lifecycle import close, investigate, reopen, resolve, withdraw
from complaints.models import Cause, Complaint
from complaints.ownership import hand_over
from tests.conftest import NOW, Cast, decided, established, said

NUMBER = re.compile(r'<a class="[^"]*" href="([^"]+)"(?: title="[^"]*")?>([\d,]+)</a>')
STAT = re.compile(r'<a class="text-reset" href="([^"]+)">.*?data-number>([\d,]+)<', re.DOTALL)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """The present, which tests move."""
    with time_machine.travel(NOW, tick=False) as moving:
        yield moving


@pytest.fixture
def desk(now: time_machine.Traveller, cast: Cast, register: Callable[..., Complaint]) -> dict[str, Complaint]:
    """Eight complaints at three outlets, one in each state that a figure tells apart, over the last forty days."""
    card = Cause.objects.create(code="card", name="银行卡")
    fee = Cause.objects.create(code="card-fee", name="年费", parent=card)
    story: dict[str, Complaint] = {}

    def at(days: float) -> None:
        now.move_to(NOW - timedelta(days=days))

    at(40)
    story["kept"] = case = register("fiona", cause=fee)
    case = investigate(respond(case, said(), actor=cast.fiona), established(), actor=cast.fiona)
    case = resolve(case, decided(), actor=cast.fiona)
    at(35)
    close(case, actor=cast.fiona)
    at(25)
    story["late"] = case = register("grace", cause=card, channel="visit", unit="E2", severity="major")
    story["unanswered"] = register("walter", channel="letter", unit="W1")
    at(20)
    case = investigate(respond(case, said(), actor=cast.grace), established(founded="no"), actor=cast.grace)
    story["again"] = respond(register("fiona", cause=card, repeat_of=story["kept"]), said(), actor=cast.fiona)
    at(2)
    case = resolve(case, decided(), actor=cast.grace)
    reopen(case, "客户补充了录音。", actor=cast.grace)
    story["offered"] = case = register("frank", channel="phone")
    hand_over(case, cast.hank, "属信用卡业务", actor=cast.frank)
    at(0.5)
    story["soon"] = register("fiona", severity="major", channel="app")
    story["withdrawn"] = case = register("fiona")
    withdraw(case, "客户电话撤回", actor=cast.fiona)
    story["about_olivia"] = register("fiona", staff_complained_about=cast.olivia)
    now.move_to(NOW)
    return story


def disagreements(browser: Client, page: str) -> list[str]:
    """The numbers of a page whose list holds another number of rows; fails when there are no numbers at all."""
    found = NUMBER.findall(page) + STAT.findall(page)
    assert len(found) > 20, "the page has no numbers to open"
    return [f"{text} but {rows} rows: {url}" for url, text in found if (rows := rows_behind(browser, url)) != int(text)]


def rows_behind(browser: Client, url: str) -> int:
    """How many rows the list at an address has, on all its pages."""
    address, rows = unescape(url), 0
    while True:
        answer = browser.get(address)
        assert answer.status_code == 200, f"{answer.status_code}: {address}"
        html = answer.content.decode()
        rows += html.count("data-row=")
        further = re.search(r'rel="next" href="([^"]+)"', html)
        if not further:
            return rows
        address = address.partition("?")[0] + unescape(further[1])
