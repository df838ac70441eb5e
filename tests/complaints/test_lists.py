"""The queue, the overdue queue and my work: what they hold, that it adds up, and that its price does not grow."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Invalid
from accounts.models import Membership, User
from accounts.roles import Role
from complaints import lifecycle, ownership, saved
from complaints.correspondence import respond
from complaints.lifecycle import close
from complaints.models import CaseEvent, Complaint, SavedView
from complaints.models.counting import bounded_counts
from complaints.paging import Order, read_page
from complaints.rows import rows_of
from complaints.states import Verb
from complaints.tasks import due_clocks, record_breaches
from notifications.delivery import deliver
from tests.conftest import NOW, Cast, said

Register = Callable[..., Complaint]
As = Callable[[str], Client]
HTMX = {"HX-Request": "true"}


def references(rows: Any) -> list[str]:
    return [row.reference for row in rows]


@pytest.fixture
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ladder(register: Register) -> list[Complaint]:
    """Five complaints, received an hour apart; the last one registered is the newest received."""
    now = timezone.now()
    return [register("fiona", received_at=now - timedelta(hours=5 - hour)) for hour in range(5)]


@pytest.mark.parametrize("order", list(Order))
def test_pages_read_forwards_and_backwards_hold_every_row_once(
    ladder: list[Complaint], resolved: Complaint, order: Order
) -> None:
    found = Complaint.objects.all()
    whole = references(read_page(found, order).rows)
    first = read_page(found, order, size=2)
    second = read_page(found, order, after=first.older, size=2)
    third = read_page(found, order, after=second.older, size=2)
    assert len(whole) == len(ladder) + 1
    assert references([*first.rows, *second.rows, *third.rows]) == whole
    assert (first.newer, third.older) == ("", "")
    back = read_page(found, order, before=third.newer, size=2)
    assert references(back.rows) == references(second.rows)
    assert references(read_page(found, order, before=back.newer, size=2).rows) == references(first.rows)


def test_cases_without_a_clock_follow_in_the_strictest_order(ladder: list[Complaint], resolved: Complaint) -> None:
    rows = read_page(Complaint.objects.all(), Order.STRICTEST).rows
    assert references(rows) == [*references(ladder), resolved.reference]


@pytest.mark.parametrize("cursor", ["", "x", "1.2.3", "-.", "99999999999999999.1", "' OR 1=1"])
def test_a_cursor_that_is_not_ours_opens_the_first_page(ladder: list[Complaint], cursor: str) -> None:
    assert len(read_page(Complaint.objects.all(), Order.NEWEST, after=cursor).rows) in {0, len(ladder)}


def test_counts_stop_at_their_bound_and_share_one_query(
    ladder: list[Complaint], django_assert_num_queries: Any
) -> None:
    every, none = Complaint.objects.all(), Complaint.objects.none()
    with django_assert_num_queries(1):
        assert bounded_counts(3, every, none, every.filter(status="closed")) == [3, 0, 0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 5),
        ("state=unanswered", 4),
        ("state=ended", 0),
        ("state=all", 5),
        ("status=responded", 1),
        ("status=responded&status=registered", 5),
        ("channel=phone", 5),
        ("channel=letter", 0),
        ("severity=major", 0),
        ("owner=me", 5),
        ("owner=walter", 0),
        ("first_responder=fiona", 5),
        ("unit=E", 5),
        ("unit=W", 0),
        ("owner_unit=HO", 5),
        ("target=response", 4),
        ("overdue=1", 0),
        ("soon=1", 4),
        ("offered=1", 0),
        ("quiet=1", 0),
        ("received_from=2026-02-10", 5),
        ("received_to=2026-02-09", 0),
        ("q=盗刷", 5),
        ("q=盗走", 0),
    ],
)
@pytest.mark.usefixtures("frozen")
def test_each_filter_finds_what_it_says(ladder: list[Complaint], as_: As, cast: Cast, query: str, found: int) -> None:
    respond(ladder[0], said(), actor=cast.fiona)
    answer = as_("fiona").get(f"/complaints/?{query}")
    assert answer.context["total"] == len(answer.context["rows"]) == found


@pytest.mark.parametrize(
    "query", ["status=nonsense", "unit=nowhere", "owner=nobody", "received_from=yesterday", "received_to=9999-12-31",
              "order=id%3Bdrop", "cause=x", "q=%00"]
)  # fmt: skip
def test_an_address_that_asks_for_nonsense_says_so_and_finds_nothing(
    ladder: list[Complaint], as_: As, query: str
) -> None:
    answer = as_("fiona").get(f"/complaints/?{query}")
    assert answer.status_code == 400
    assert answer.context["rows"] == []


def test_every_tab_of_things_to_do_counts_the_rows_of_its_own_list(
    ladder: list[Complaint], resolved: Complaint, as_: As
) -> None:
    browser = as_("fiona")
    for tab in browser.get("/complaints/").context["tabs"]:
        total = str(browser.get(f"/complaints/?{tab.query}").context["total"])
        assert tab.shown == ("" if tab.query in {"state=ended", "state=all"} else total)


def test_htmx_gets_the_same_list_without_the_page(ladder: list[Complaint], as_: As) -> None:
    browser = as_("fiona")
    whole, part = browser.get("/complaints/"), browser.get("/complaints/", headers=HTMX)
    assert references(whole.context["rows"]) == references(part.context["rows"])
    assert b"<html" in whole.content
    assert b"<html" not in part.content


@pytest.mark.parametrize("address", ["/complaints/", "/complaints/overdue/", "/work/", "/notifications/"])
def test_a_page_costs_as_many_queries_for_twenty_rows_as_for_two(
    register: Register, as_: As, cast: Cast, django_assert_num_queries: Any, address: str
) -> None:
    late = timezone.now() - timedelta(hours=30)

    def grow(count: int) -> None:
        for _ in range(count):
            case = register("fiona", received_at=late, summary="手续费多收")
            ownership.hand_over(case, cast.sam, "请督办", actor=cast.fiona)
            ownership.assign(register("fiona", received_at=late), cast.sam, actor=cast.sam)
        for handful in due_clocks():
            record_breaches(handful)
        deliver(timezone.now())

    browser = as_("sam")
    grow(1)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    grow(9)
    with django_assert_num_queries(len(few)):
        browser.get(address)


@pytest.mark.usefixtures("frozen")
def test_the_strictest_clock_leads_and_the_others_are_counted(ladder: list[Complaint], cast: Cast) -> None:
    (row,) = rows_of(Complaint.objects.for_rows().filter(pk=ladder[0].pk), NOW, cast.fiona)
    assert row.clock is not None
    assert (row.clock.target, row.clock.state, row.more_clocks) == ("response", "soon", 1)
    assert row.clock.left == "还剩 19 小时"
    assert (row.owner, row.first_responder) == ("您", "您")


@pytest.mark.usefixtures("frozen")
def test_working_days_left_are_counted_by_the_calendar(ladder: list[Complaint], cast: Cast) -> None:
    respond(ladder[0], said(), actor=cast.fiona)
    (row,) = rows_of(Complaint.objects.for_rows().filter(pk=ladder[0].pk), NOW, cast.sam)
    assert row.clock is not None
    assert row.clock.left == "还剩 15 个工作日"
    assert row.owner == "李敏"


# Overdue


def test_late_ones_lead_and_those_due_soon_follow_as_a_group(register: Register, as_: As) -> None:
    late = register("fiona", received_at=timezone.now() - timedelta(hours=30))
    soon = register("fiona")
    answer = as_("sam").get("/complaints/overdue/")
    assert [references(rows) for _tone, _icon, _heading, rows in answer.context["groups"]] == [
        [late.reference],
        [soon.reference],
    ]
    assert [tab.shown for tab in answer.context["tabs"]] == ["1", "1", "0", "0", "0", "0"]
    assert [tab.more for tab in answer.context["tabs"]] == ["1", "", "", "", "", ""]
    assert "另有 1 件 24 小时内到期" in answer.content.decode()


def test_the_first_tab_counts_apart_what_it_lists_beside_the_overdue(register: Register, as_: As) -> None:
    for hours in (30, 40, 1, 2, 3):
        register("fiona", received_at=timezone.now() - timedelta(hours=hours))
    answer = as_("sam").get("/complaints/overdue/")
    first = answer.context["tabs"][0]
    assert (first.shown, first.more) == ("2", "3")
    assert len(answer.context["rows"]) == int(first.shown) + int(first.more)


def test_the_list_says_when_it_was_read_on_the_institutions_clock(register: Register, as_: As) -> None:
    register("fiona")
    with time_machine.travel(timezone.now().replace(hour=23, minute=5), tick=False):
        page = as_("sam").get("/complaints/overdue/", headers=HTMX).content.decode()
    assert 'data-said-at="07:05"' in page  # 23:05 UTC in Shanghai


def test_every_tab_of_the_overdue_queue_opens_what_it_counts(register: Register, as_: As, cast: Cast) -> None:
    old = timezone.now() - timedelta(days=5)
    register("fiona", severity="major", received_at=old)
    ownership.hand_over(register("fiona"), cast.frank, "请办理", actor=cast.fiona)
    browser = as_("sam")
    tabs = browser.get("/complaints/overdue/").context["tabs"]
    assert [tab.shown for tab in tabs] == ["1", "1", "1", "1", "1", "0"]
    for tab in tabs[1:]:  # the first shows those due soon, too
        assert str(len(browser.get(f"/complaints/overdue/?{tab.query}").context["rows"])) == tab.shown


def test_overdue_is_right_though_no_worker_ever_looked(register: Register, as_: As) -> None:
    register("fiona", received_at=timezone.now() - timedelta(hours=25))
    assert not CaseEvent.objects.filter(verb=Verb.BREACH).exists()
    assert as_("sam").get("/complaints/overdue/").context["rows"][0].clock.state == "overdue"


@pytest.mark.parametrize(
    ("who", "status"), [("fiona", 403), ("hank", 403), ("adam", 403), ("audrey", 200), ("carol", 200)]
)
def test_the_overdue_queue_is_for_those_who_oversee(as_: As, who: str, status: int) -> None:
    assert as_(who).get("/complaints/overdue/").status_code == status


def test_an_auditor_sees_the_queue_and_is_offered_no_deed(register: Register, as_: As) -> None:
    case = register("fiona", received_at=timezone.now() - timedelta(hours=30))
    browser = as_("audrey")
    assert b'name="case"' not in browser.get("/complaints/overdue/").content
    assert browser.post("/complaints/overdue/remind/", {"case": case.reference}).status_code == 403


def test_reminding_many_tells_each_case_apart(register: Register, resolved: Complaint, as_: As, cast: Cast) -> None:
    open_case, elsewhere = register("fiona"), register("walter", unit="W1")
    ended = close(resolved, actor=cast.fiona)
    chosen = [ended.reference, elsewhere.reference, open_case.reference]
    answer = as_("sam").post("/complaints/overdue/remind/", {"case": chosen}, headers=HTMX)
    told = {outcome.case.reference: outcome.done for outcome in answer.context["outcomes"]}
    assert told == {ended.reference: False, open_case.reference: True}, "a case out of scope does not exist"
    assert open_case.events.filter(verb=Verb.REMIND).count() == 1
    assert answer.headers["HX-Trigger"] == "sw:changed"


def test_reminding_many_asks_once_and_names_the_owners(register: Register, as_: As, cast: Cast) -> None:
    mine, also_mine, franks = register("fiona"), register("fiona"), register("frank")
    elsewhere = register("walter", unit="W1")
    chosen = [case.reference for case in (mine, also_mine, franks, elsewhere)]
    asked = as_("sam").get("/complaints/overdue/remind/", {"case": chosen}, headers=HTMX)
    page = asked.content.decode()
    assert "提醒 2 位承办人" in page
    assert page.count(mine.summary) == 3
    assert page.count('type="hidden" name="case"') == 3, "a case out of scope does not exist"
    assert not CaseEvent.objects.filter(verb=Verb.REMIND).exists()
    done = as_("sam").post("/complaints/overdue/remind/", {"case": chosen, "text": "今天回复"}, headers=HTMX)
    assert done.context["done"] == 3
    event = franks.events.filter(verb=Verb.REMIND).get()
    assert event.facts == {"to": cast.frank.pk, "text": "今天回复"}


def test_a_message_that_is_too_long_is_sent_back_and_nobody_is_reminded(register: Register, as_: As) -> None:
    case = register("fiona")
    given = {"case": case.reference, "text": "长" * 501}
    assert as_("sam").post("/complaints/overdue/remind/", given, headers=HTMX).status_code == 422
    assert not case.events.filter(verb=Verb.REMIND).exists()


def test_the_queue_shows_what_an_owner_was_last_urged_by(register: Register, as_: As, cast: Cast) -> None:
    case = register("fiona", received_at=timezone.now() - timedelta(hours=30))

    def urged() -> tuple[str, str]:
        (row,) = as_("sam").get("/complaints/overdue/").context["rows"]
        return row.urged_how, row.urged

    assert urged() == ("", "")
    for handful in due_clocks():
        record_breaches(handful)
    assert urged()[0] == "已升级"
    ownership.remind(case, actor=cast.sam)
    assert urged() == ("已提醒", "刚刚")
    assert "已提醒 刚刚" in " ".join(
        as_("olivia").get("/complaints/overdue/remind/", {"case": case.reference}).content.decode().split()
    )


def test_assigning_many_refuses_only_what_must_be_refused(register: Register, as_: As, cast: Cast) -> None:
    plain, about_frank = register("fiona"), register("fiona", staff_complained_about=cast.frank)
    post = cast.frank.memberships.get()
    chosen = [plain.reference, about_frank.reference]
    answer = as_("sam").post("/complaints/overdue/assign/", {"case": chosen, "to": post.pk})
    assert [outcome.done for outcome in answer.context["outcomes"]] == [True, False]
    plain.refresh_from_db()
    about_frank.refresh_from_db()
    assert (plain.owner, about_frank.owner) == (cast.frank, cast.fiona)


def test_a_supervisor_assigns_within_their_own_units_only(register: Register, as_: As, cast: Cast) -> None:
    outside = cast.walter.memberships.get()
    answer = as_("sam").post("/complaints/overdue/assign/", {"case": register("fiona").reference, "to": outside.pk})
    assert answer.status_code == 422


def test_whom_a_supervisor_may_assign_to_is_found_as_one_types(as_: As, cast: Cast) -> None:
    found = as_("sam").get("/complaints/overdue/people/", {"q": cast.frank.name}).context["people"]
    assert [post.user for post in found] == [cast.frank]
    assert not as_("sam").get("/complaints/overdue/people/", {"q": cast.walter.name}).context["people"], "elsewhere"


def test_assigning_many_asks_for_a_person_and_keeps_the_rows(register: Register, as_: As) -> None:
    chosen = [register("fiona").reference, register("fiona").reference]
    answer = as_("sam").post("/complaints/overdue/assign/", {"case": chosen, "reason": "休假"}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert all(f'name="case" value="{reference}"' in html for reference in chosen)
    assert "休假" in html
    assert "请选择" in html


@pytest.mark.parametrize("how", ["membership ended", "account closed", "reads only"])
def test_the_cases_of_a_leaver_wait_for_the_supervisor_who_assigns_them(
    register: Register, as_: As, cast: Cast, how: str
) -> None:
    left, kept, browser = register("frank"), register("fiona"), as_("sam")
    ended = lifecycle.withdraw(register("frank"), "客户撤回", actor=cast.frank)
    today = timezone.localdate()
    assert not Complaint.objects.orphaned(today).exists()
    if how == "account closed":
        User.objects.filter(pk=cast.frank.pk).update(is_active=False)
    else:
        cast.frank.memberships.update(until_on=today - timedelta(days=1))
    if how == "reads only":
        Membership.objects.create(user=cast.frank, unit=cast.unit["E1"], role=Role.AUDITOR, from_on=today)
    assert references(Complaint.objects.orphaned(today)) == [left.reference], (kept, ended)
    page = browser.get("/complaints/overdue/?tab=orphaned")
    assert references(page.context["rows"]) == [left.reference]
    assert [(tab.label, tab.shown) for tab in page.context["tabs"]][-1] == ("承办人已离岗", "1")
    post = cast.fiona.memberships.get()
    browser.post("/complaints/overdue/assign/", {"case": left.reference, "to": post.pk, "reason": "原承办人离岗"})
    assert browser.get("/complaints/overdue/?tab=orphaned").context["rows"] == []
    assert Complaint.objects.get(pk=left.pk).owner == cast.fiona


def test_the_last_day_of_a_membership_still_counts(register: Register, cast: Cast) -> None:
    case, today = register("frank"), timezone.localdate()
    cast.frank.memberships.update(until_on=today)
    assert not Complaint.objects.orphaned(today).exists()
    assert list(Complaint.objects.orphaned(today + timedelta(days=1))) == [case]


# My work


def test_my_work_shows_mine_what_is_offered_and_what_i_track(register: Register, as_: As, cast: Cast) -> None:
    mine = register("frank")
    offered = ownership.hand_over(register("fiona"), cast.frank, "请现场处理", actor=cast.fiona)
    tracked = ownership.assign(register("frank"), cast.grace, actor=cast.sam)
    context = as_("frank").get("/work/").context
    assert references(context["own"]) == [mine.reference]
    assert [offer.row.reference for offer in context["offers"]] == [offered.reference]
    assert references(context["tracked"]) == [tracked.reference]


def test_an_offer_is_accepted_from_my_work(register: Register, as_: As, cast: Cast) -> None:
    case = ownership.hand_over(register("fiona"), cast.frank, "请现场处理", actor=cast.fiona)
    as_("frank").post(f"/complaints/{case.reference}/accept/", {"version": case.version})
    case.refresh_from_db()
    assert case.owner == cast.frank


def test_the_first_page_leads_where_one_works(as_: As) -> None:
    led = {who: as_(who).get("/").headers["Location"] for who in ("fiona", "sam", "audrey", "adam")}
    assert led == {"fiona": "/work/", "sam": "/work/", "audrey": reverse("reports:dashboard"), "adam": "/admin/"}


# Saved views


def test_a_view_is_kept_under_a_name_and_forgotten(as_: As, cast: Cast) -> None:
    browser = as_("fiona")
    query = "channel=phone&status=registered&after=1.2&who=secret&nonsense=1"
    answer = browser.post("/views/", {"name": " 我的 电话 ", "query": query})
    view = SavedView.objects.get(user=cast.fiona)
    assert (view.name, view.query) == ("我的 电话", "status=registered&channel=phone")
    assert answer.headers["Location"] == f"/complaints/?{view.query}"
    assert [tab.current for tab in browser.get(answer.headers["Location"]).context["saved"]] == [True]
    browser.post(f"/views/{view.pk}/discard/")
    assert not SavedView.objects.exists()


def test_the_name_of_a_view_is_not_called_that_of_a_person(as_: As) -> None:
    page = as_("fiona").get("/views/", {"query": "channel=phone"}, headers=HTMX).content.decode()
    assert '<label class="form-label" for="view-name">名称</label>' in page


def test_somebody_elses_view_does_not_exist(as_: As, cast: Cast) -> None:
    view = saved.keep("电话", "channel=phone", actor=cast.fiona)
    assert as_("frank").post(f"/views/{view.pk}/discard/").status_code == 404
    assert as_("frank").get("/complaints/").context["saved"] == []


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_view_needs_a_name_that_fits(cast: Cast, as_: As, name: str) -> None:
    with pytest.raises(Invalid):
        saved.keep(name, "", actor=cast.fiona)
    assert as_("fiona").post("/views/", {"name": name, "query": ""}).status_code == 422
