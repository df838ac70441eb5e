"""Complaints that somebody passed on to us: who did, and whether a violation is alleged, on every way in and out."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from complaints.models import Complaint
from complaints.views.beside_intake import Promised
from sla.models import Policy
from sla.policymaking import approve
from sla.proposals import proposal_of
from tests.complaints.machines import BODY, LIST, machine, post
from tests.complaints.test_intake_page import PAGE, form, only
from tests.conftest import Cast
from tests.policies import made

As = Callable[[str], Client]
Register = Callable[..., Complaint]
PASSED_ON = {"channel": "regulator", "referred_by": "nfra", "alleges_violation": "on", "external_reference": "12378-1"}


@pytest.fixture
def adopted(two: tuple[User, User]) -> None:
    """What the law and the regulators set is in force."""
    for shipped in Policy.objects.filter(decision="", terms__is_statutory=True):
        approve(made(proposal_of(shipped, reason="适用"), two[0], seen=1), actor=two[1])


def promised(browser: Client, **given: Any) -> set[str]:
    """The clocks that intake previews for the form as it stands."""
    sent = {"received_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"} | given
    found: Promised = browser.post(f"{PAGE}clocks/", sent).context["clocks"]
    return {face.label for face in found.faces}


def test_the_form_takes_who_passed_it_on(as_: As, adopted: None) -> None:
    as_("fiona").post(PAGE, form(**PASSED_ON))
    case = only()
    assert (case.referred_by, case.alleges_violation) == ("nfra", True)
    targets = {"response", "resolution", "statutory_resolution", "regulator_acceptance", "audit_report"}
    assert set(case.clocks.values_list("target", flat=True)) == targets


def test_on_another_channel_it_is_left_out(as_: As, adopted: None) -> None:
    as_("fiona").post(PAGE, form(**PASSED_ON | {"channel": "phone"}))
    assert (only().referred_by, only().alleges_violation) == ("", False)


def test_the_form_refuses_a_body_that_is_none(as_: As) -> None:
    assert as_("fiona").post(PAGE, form(**PASSED_ON | {"referred_by": "king"})).status_code == 422


def test_a_draft_keeps_it(as_: As) -> None:
    typed = form(**PASSED_ON, name="王")
    as_("fiona").post(f"{PAGE}keep/", typed)
    page = as_("fiona").get(f"{PAGE}?draft={typed['draft']}").content.decode()
    assert '<option value="nfra" selected>' in page
    assert re.search(r'<input[^>]*name="alleges_violation"[^>]*checked', page)


def test_the_preview_follows_the_form(as_: As, adopted: None) -> None:
    browser = as_("fiona")
    house = {"首次响应", "行内办结", "法定办结"}
    assert promised(browser, channel="phone") == house
    assert promised(browser, **PASSED_ON) == house | {"转办受理", "上报稽核"}
    assert promised(browser, channel="regulator", referred_by="pboc") == house


def test_the_case_page_says_it(register: Register, as_: As) -> None:
    case = register("fiona", channel="regulator", referred_by="nfra", alleges_violation=True)
    page = as_("fiona").get(case.get_absolute_url()).content.decode()
    assert "金融监管总局（12378）" in page
    assert "反映涉嫌违规" in page
    assert "转办机构" not in as_("fiona").get(register("fiona").get_absolute_url()).content.decode()


def test_the_api_takes_it_and_answers_with_it(cast: Cast) -> None:
    answer = post(machine(cast.fiona), LIST, BODY | {"referred_by": "nfra", "alleges_violation": True}).json()
    assert (answer["referred_by"], answer["alleges_violation"]) == ("nfra", True)
    plain = post(machine(cast.fiona), LIST, BODY).json()
    assert (plain["referred_by"], plain["alleges_violation"]) == ("", False)


def test_the_api_refuses_a_body_that_is_none(cast: Cast) -> None:
    answer = post(machine(cast.fiona), LIST, BODY | {"referred_by": "king"})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"referred_by"})


def test_the_register_book_has_it(register: Register, as_: As) -> None:
    register("fiona", channel="regulator", referred_by="nfra", alleges_violation=True)
    register("fiona")
    raw: Any = as_("carol").get("/reports/register/csv/")
    text = b"".join(raw).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["转办机构"], row["涉嫌违规"]) for row in rows] == [("金融监管总局（12378）", "是"), ("", "")]
