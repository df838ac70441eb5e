"""The cast. Every test that needs people takes them from here.

    Head office (HO) ......... olivia supervisor · carol compliance · audrey auditor · adam administrator
    ├── Cards (HO-CARDS) ..... hank handler · helen handler
    ├── East branch (E) ...... sam supervisor
    │   ├── East 1 (E1) ...... fiona front desk · frank front desk
    │   └── East 2 (E2) ...... grace front desk
    └── West branch (W) ...... wendy supervisor
        └── West 1 (W1) ...... walter front desk

fiona and frank see each other's cases, grace does not; sam sees East's three units, wendy only West's; olivia, carol and
audrey see everything; adam sees nothing. hank and helen see what Cards works on. `system` is the system.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from accounts.models import Membership, Unit, User
from accounts.roles import Role
from complaints import intake
from complaints.agreements import Agreed
from complaints.correspondence import Said, respond
from complaints.extending import Wish
from complaints.lifecycle import Decision, Facts, investigate, resolve
from complaints.models import Complainant, Complaint, Finding, Message, Outcome
from config import browser

# Playwright's loop runs in this thread while the tests themselves call the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PASSWORD = "shouwen-demo"
# In an announced year, a Tuesday at ten; most tests freeze it.
NOW = datetime(2026, 2, 10, 2, 0, tzinfo=UTC)


@dataclass
class Cast:
    """Units by code and people by name: `cast.fiona`, `cast.unit["E1"]`."""

    unit: dict[str, Unit]
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def _unit(units: dict[str, Unit], code: str, name: str, kind: str, parent: str = "") -> None:
    units[code] = Unit.objects.create(code=code, name=name, kind=kind, parent=units.get(parent))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for a whole test process: Playwright runs one loop a thread."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser.path(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def cast(db: None) -> Cast:
    units: dict[str, Unit] = {}
    _unit(units, "HO", "总行", Unit.Kind.INSTITUTION)
    _unit(units, "HO-CARDS", "信用卡中心", Unit.Kind.DEPARTMENT, "HO")
    _unit(units, "E", "城东支行", Unit.Kind.BRANCH, "HO")
    _unit(units, "E1", "解放路网点", Unit.Kind.OUTLET, "E")
    _unit(units, "E2", "人民路网点", Unit.Kind.OUTLET, "E")
    _unit(units, "W", "城西支行", Unit.Kind.BRANCH, "HO")
    _unit(units, "W1", "西湖路网点", Unit.Kind.OUTLET, "W")
    found = Cast(units)
    for name, shown, role, code in (
        ("olivia", "欧阳丽", Role.SUPERVISOR, "HO"),
        ("carol", "沈洁", Role.COMPLIANCE, "HO"),
        ("audrey", "区静", Role.AUDITOR, "HO"),
        ("adam", "安达", Role.ADMINISTRATOR, "HO"),
        ("hank", "陈立", Role.HANDLER, "HO-CARDS"),
        ("helen", "何静", Role.HANDLER, "HO-CARDS"),
        ("sam", "周岚", Role.SUPERVISOR, "E"),
        ("fiona", "李敏", Role.FRONT_DESK, "E1"),
        ("frank", "方强", Role.FRONT_DESK, "E1"),
        ("grace", "孙倩", Role.FRONT_DESK, "E2"),
        ("wendy", "温迪", Role.SUPERVISOR, "W"),
        ("walter", "吴浩", Role.FRONT_DESK, "W1"),
    ):
        person = User(username=name, name=shown, is_staff=role is Role.ADMINISTRATOR)
        person.set_unusable_password()
        person.save()
        Membership.objects.create(user=person, unit=units[code], role=role, from_on=date(2020, 1, 1))
        found.people[name] = person
    found.people["system"] = User.objects.system()
    return found


@pytest.fixture
def as_(cast: Cast) -> Callable[[str], Client]:
    """A signed-in browser of one of the cast: `as_("fiona").get(...)`."""

    def client(name: str) -> Client:
        browser = Client()
        browser.force_login(cast.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return client


@pytest.fixture
def register(cast: Cast) -> Callable[..., Complaint]:
    """Register a complaint: `register("fiona", summary="…", received_at=…)`. Received just now unless said otherwise."""

    def do(who: str = "fiona", **given: Any) -> Complaint:
        unit = cast.unit[given.pop("unit", "E1")]
        received_at = given.get("received_at")
        if received_at and timezone.now() - received_at > timedelta(days=1):
            given.setdefault("late_entry_reason", "信件周末寄到")
        person = given.pop("complainant", None) or Complainant(name="王小明", phone="13812341111")
        usual = {"channel": "phone", "unit": unit, "complainant": person, "summary": "信用卡被盗刷两笔"}
        details = intake.Intake(**usual | given)
        return intake.register(details, actor=cast.people[who])

    return do


@pytest.fixture
def two(cast: Cast) -> tuple[User, User]:
    """Two people of compliance: carol drafts, cora decides."""
    cora = User.objects.create(username="cora", name="柯拉")
    Membership.objects.create(user=cora, unit=cast.unit["HO"], role=Role.COMPLIANCE, from_on=date(2020, 1, 1))
    cast.people["cora"] = cora
    return cast.carol, cora


def said(**given: Any) -> Said:
    """Something told to the customer by phone, and heard."""
    return Said(**{"means": Message.Means.PHONE, "body": "已说明办理流程和期限。"} | given)


def agreed(**given: Any) -> Agreed:
    """A reply agreed by phone for the day after tomorrow."""
    usual = {"reply_at": timezone.now() + timedelta(days=2), "means": "phone", "text": "需向卡组织调单，客户同意"}
    return Agreed(**usual | given)


def established(**given: Any) -> Facts:
    return Facts(**{"founded": Finding.Founded.YES, "facts": "录像第 8 分钟没有提示风险。"} | given)


def decided(**given: Any) -> Decision:
    return Decision(**{"kind": Outcome.Kind.CORRECTED, "said": said(body="已更正，并向您道歉。")} | given)


def a_wish(**given: Any) -> Wish:
    """Thirty working days in place of fifteen, with a reason."""
    usual = {"target": "resolution", "amount": 30, "reason_code": "systems", "reason": "需调取三个网点的录像"}
    return Wish(**usual | given)


@pytest.fixture
def resolved(register: Callable[..., Complaint], cast: Cast) -> Complaint:
    """A complaint that fiona registered, answered, investigated and resolved herself."""
    case = respond(register("fiona"), said(), actor=cast.fiona)
    case = investigate(case, established(), actor=cast.fiona)
    return resolve(case, decided(), actor=cast.fiona)
