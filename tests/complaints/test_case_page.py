"""The page of a case: what it shows, to whom, and what it never shows."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from complaints.correspondence import note, respond
from complaints.models import Complainant, Complaint
from tests.conftest import Cast, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def page(browser: Client, case: Complaint, query: str = "", **headers: str) -> str:
    answer = browser.get(case.get_absolute_url() + query, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_the_case(register: Register, as_: As) -> None:
    case = register("fiona", narrative="柜台让我等了两小时。", demand="退还手续费", claimed_amount=Decimal(1200))
    html = page(as_("fiona"), case)
    for words in (case.reference, case.summary, "柜台让我等了两小时。", "退还手续费", "¥1,200.00", "李敏"):
        assert words in html


def test_out_of_scope_is_not_there(register: Register, as_: As) -> None:
    case = register("fiona")
    for who in ("grace", "wendy", "hank", "adam"):
        assert as_(who).get(case.get_absolute_url()).status_code == 404
    assert as_("sam").get(case.get_absolute_url()).status_code == 200
