"""What is around every page: where each role can go, how many wait, whether the sweeps run."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.roles import Role
from complaints import ownership
from complaints.models import Complaint
from complaints.tasks import due_clocks, record_breaches
from config.celery import app
from config.shell import SILENT_AFTER, Shell, heartbeat
from notifications.delivery import deliver
from sla.enforcement import finished
from sla.models import Sweep
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]
LOOPS = ["sweep", "recompute", "notify"]
NAV = {
    "fiona": ["我的工作", "投诉"],
    "hank": ["我的工作", "投诉"],
    "sam": ["我的工作", "投诉", "逾期督办", "看板", "登记簿"],
    "carol": ["我的工作", "投诉", "逾期督办", "看板", "登记簿"],
    "audrey": ["投诉", "逾期督办", "看板", "登记簿"],
    "adam": [],
}
TABS = {
    "fiona": ["我的工作", "投诉", "登记", "通知"],
    "sam": ["我的工作", "投诉", "逾期督办", "通知"],
    "audrey": ["投诉", "逾期督办", "通知"],
    "adam": ["通知"],
}


def shell(browser: Client) -> Any:
    return browser.get("/notifications/").context["shell"]


@pytest.mark.parametrize("who", NAV)
def test_the_navigation_offers_what_the_roles_open(as_: As, who: str) -> None:
    browser = as_(who)
    items = shell(browser).nav
    assert [item.label for item in items] == NAV[who]
    assert {browser.get(item.url).status_code for item in items} <= {200}


@pytest.mark.parametrize("who", TABS)
def test_the_phone_has_at_most_four_tabs_beside_ones_own(as_: As, who: str) -> None:
    browser = as_(who)
    items = shell(browser).tabs
    assert [item.label for item in items if not item.is_roomy] == TABS[who]
    assert {browser.get(item.url).status_code for item in items} == {200}


@pytest.mark.parametrize("who", NAV)
def test_a_phone_reaches_whatever_a_wide_screen_reaches(as_: As, who: str) -> None:
    """By the menu below one's name; and where there is room for more tabs, by a tab."""
    page = as_(who).get("/notifications/")
    around, html = page.context["shell"], page.content.decode()
    menu = html[html.index('<dialog id="me"') :]
    menu = menu[: menu.index("</dialog>")]
    assert [item.url for item in around.nav if f'href="{item.url}"' not in menu] == []
    assert {item.url for item in around.nav} <= {item.url for item in around.tabs}
    assert ("/complaints/new/" in menu) == around.may_register


def test_the_menu_of_a_phone_is_the_same_on_every_page(register: Register, as_: As) -> None:
    browser = as_("sam")
    before = shell(browser).places
    register("fiona", received_at=timezone.now() - timedelta(hours=30))
    assert browser.get("/complaints/").context["shell"].places == before, "it is kept, and must not count or mark"


# Nobody is led to where they may not go


LINK = re.compile(r'<a class="btn btn-primary" href="([^"]*)"')


@pytest.mark.parametrize("who", ["audrey", "adam"])
@pytest.mark.parametrize("came_from", ["", "http://testserver/work/"])
def test_a_page_one_may_not_see_leads_to_one_that_one_may(as_: As, who: str, came_from: str) -> None:
    browser = as_(who)
    refused = browser.get("/work/", headers={"referer": came_from} if came_from else {})
    assert refused.status_code == 403
    (way_out,) = LINK.findall(refused.content.decode())
    assert browser.get(way_out, follow=True).status_code == 200


def test_without_a_role_the_first_page_does_not_lead_to_itself(as_: As, cast: Cast) -> None:
    cast.fiona.memberships.all().update(until_on=timezone.localdate() - timedelta(days=1))
    browser = as_("fiona")
    (way_out,) = LINK.findall(browser.get("/").content.decode())
    assert browser.get(way_out, follow=True).status_code == 200


@pytest.mark.parametrize("who", ["sam", "audrey"])
def test_a_case_leads_back_to_a_page_of_the_readers_own(register: Register, as_: As, who: str) -> None:
    browser = as_(who)
    html = browser.get(f"/complaints/{register('fiona').reference}/").content.decode()
    back = [html[html.index('class="sw-bar-title"') :], html[html.index('<main class="sw-page"') :]]
    for part in back:
        address = re.search(r'href="([^"]*)"', part)
        assert address
        assert browser.get(address[1]).status_code == 200


@pytest.mark.parametrize(("who", "finds"), [("fiona", True), ("audrey", True), ("adam", False), ("", False)])
def test_the_find_box_stands_where_there_is_something_to_find(
    as_: As, client: Client, cast: Cast, who: str, *, finds: bool
) -> None:
    browser = as_(who) if who else client
    missing = browser.get("/nothing/here/")
    assert missing.status_code == 404
    assert ('id="find"' in missing.content.decode()) == finds
    if who:
        assert ('id="find"' in browser.get("/notifications/").content.decode()) == finds


def test_badges_count_my_cases_what_is_late_and_what_is_unread(register: Register, as_: As, cast: Cast) -> None:
    register("fiona", received_at=timezone.now() - timedelta(hours=30))
    ownership.assign(register("fiona"), cast.sam, actor=cast.olivia)
    deliver(timezone.now())
    around = shell(as_("sam"))
    assert {item.label: item.shown for item in around.nav if item.shown} == {"我的工作": "1", "逾期督办": "1"}
    assert around.unread == 1


def test_the_page_one_is_on_is_marked(as_: As) -> None:
    around = as_("fiona").get("/complaints/").context["shell"]
    assert [item.label for item in around.nav if item.current] == ["投诉"]


def test_silent_sweeps_are_said_within_three_minutes(as_: As, db: None) -> None:
    assert not shell(as_("fiona")).sweep.ok
    finished("sweep", 0)
    assert shell(as_("fiona")).sweep.ok
    Sweep.objects.update(finished_at=timezone.now() - SILENT_AFTER - timedelta(seconds=1))
    assert not shell(as_("fiona")).sweep.ok


def overdue(register: Register, registered: timedelta) -> None:
    """A complaint whose first answer fell due long ago, registered so long ago; the sweep goes on."""
    for loop in LOOPS:
        finished(loop, 1)
    with time_machine.travel(timezone.now() - registered):
        register("fiona", received_at=timezone.now() - timedelta(hours=30))


def test_clocks_that_nobody_records_are_said_though_the_sweep_goes_on(
    register: Register, as_: As, client: Client
) -> None:
    overdue(register, SILENT_AFTER + timedelta(seconds=1))
    assert not shell(as_("fiona")).sweep.ok
    assert "有期限已过三分钟以上" in as_("fiona").get("/heartbeat").content.decode()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["sweep"], ready.json()["recorded"]) == (503, True, False)
    for handful in due_clocks():
        record_breaches(handful)
    assert shell(as_("fiona")).sweep.ok
    assert client.get("/readyz").status_code == 200


def test_a_late_entry_is_left_to_the_next_sweep(register: Register, as_: As) -> None:
    overdue(register, SILENT_AFTER - timedelta(seconds=30))
    assert shell(as_("fiona")).sweep.ok


@pytest.mark.parametrize("silent", LOOPS)
def test_not_ready_while_a_loop_is_silent(db: None, client: Client, silent: str) -> None:
    for loop in LOOPS:
        finished(loop, 0)
    assert client.get("/readyz").status_code == 200
    Sweep.objects.filter(name=silent).update(finished_at=timezone.now() - SILENT_AFTER - timedelta(seconds=1))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, ok in answer.json().items() if not ok] == [silent]


def test_not_ready_before_the_first_round(db: None, client: Client) -> None:
    assert client.get("/readyz").json() == {
        "database": True, "migrations": True, "sweep": False, "recompute": False, "notify": False, "recorded": True
    }  # fmt: skip


def test_ready_by_beat_alone(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.conf, "task_always_eager", True)
    app.loader.import_default_modules()  # what a worker does when it starts
    for tick in app.conf.beat_schedule.values():
        app.tasks[tick["task"]].apply_async()
    assert client.get("/readyz").status_code == 200


def test_ready_by_enforce_alone(db: None, client: Client) -> None:
    call_command("enforce", stdout=StringIO())
    assert client.get("/readyz").status_code == 200


def test_not_ready_while_the_database_fails(db: None, client: Client) -> None:
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")  # nothing more is answered in this transaction
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": False})


def test_not_ready_before_the_last_migration(db: None, client: Client) -> None:
    call_command("enforce", stdout=StringIO())
    MigrationRecorder.Migration.objects.filter(app="sla").order_by("-name")[:1].get().delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "migrations": False})


def test_ready_when_the_database_is_ahead_of_the_code(db: None, client: Client) -> None:
    call_command("enforce", stdout=StringIO())
    MigrationRecorder.Migration.objects.create(app="sla", name="9999_of_the_next_version")
    assert client.get("/readyz").status_code == 200


def test_the_heartbeat_costs_one_query(register: Register, django_assert_num_queries: Any) -> None:
    overdue(register, timedelta(hours=1))
    with django_assert_num_queries(1):
        assert heartbeat(timezone.now()).is_behind


def test_the_badges_cost_one_query(rf: RequestFactory, cast: Cast, django_assert_num_queries: Any) -> None:
    request = rf.get("/")
    request.user = cast.sam
    around = Shell(request)
    assert around.access.roles == {Role.SUPERVISOR}
    with django_assert_num_queries(1):
        assert around.counts == (0, 0, 0)
