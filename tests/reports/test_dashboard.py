"""The dashboard: its figures by hand, and every number against the list it opens."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.models import Complaint
from reports import figures
from reports.dashboards import board
from reports.figures import Attainment
from reports.periods import Period
from reports.slices import Slice, clocks_seen_by
from sla.models import Clock
from tests.conftest import NOW, Cast
from tests.reports.conftest import disagreements

Browser = Callable[[str], Client]
Desk = dict[str, Complaint]
PAGE = "/reports/dashboard/"
TODAY = date(2026, 2, 10)


@pytest.mark.parametrize("days", [7, 30, 90])
@pytest.mark.parametrize("who", ["carol", "sam", "olivia"])
def test_every_number_opens_as_many_rows_as_it_says(desk: Desk, as_: Browser, who: str, days: int) -> None:
    browser = as_(who)
    page = browser.get(PAGE, {"days": days}).content.decode()
    assert disagreements(browser, page) == []


def test_what_is_drawn_is_what_the_table_says(desk: Desk, as_: Browser) -> None:
    page = as_("carol").get(PAGE).content.decode()
    found = re.search(r'<script id="drawing" type="application/json">(.*?)</script>', page)
    assert found
    drawing = json.loads(found[1])
    assert sum(bar[1] for bar in drawing["bars"]["age"]) == 6
    assert [sum(series) for series in drawing["trend"]["counts"]] == [7, 0, 5]


def test_the_figures_of_the_whole_institution(desk: Desk, cast: Cast) -> None:
    shown = board(cast.carol, 30, timezone.now())
    assert [stat.number.text for stat in shown.stats] == ["6", "2", "2", "1", "25", "33.3"]


def test_a_branch_counts_its_own_cases_alone(desk: Desk, cast: Cast) -> None:
    assert [stat.number.text for stat in board(cast.wendy, 30, timezone.now()).stats[:2]] == ["1", "1"]
    assert board(cast.sam, 30, timezone.now()).stats[0].number.text == "5"


def test_nobody_counts_a_complaint_about_themselves(desk: Desk, cast: Cast) -> None:
    assert board(cast.olivia, 30, timezone.now()).stats[0].number.text == "5"


def test_clocks_are_seen_with_their_complaints_and_with_no_others(desk: Desk, cast: Cast) -> None:
    for person in cast.people.values():
        seen = Clock.objects.filter(complaint__in=Complaint.objects.visible_to(person))
        assert set(clocks_seen_by(person)) == set(seen), person.username


def test_a_clock_counts_once_its_deadline_has_come(desk: Desk, cast: Cast) -> None:
    due = figures.attainment(cast.carol, Period.ending(TODAY, 30), NOW)
    assert due["response"] == Attainment(kept=1, due=4, kept_at_first=1)
    assert due["resolution"] == Attainment(kept=1, due=3, kept_at_first=1)


def test_a_deadline_at_the_end_of_a_day_belongs_to_that_day(desk: Desk, cast: Cast) -> None:
    clock = Clock.objects.get(complaint=desk["kept"], target="resolution")
    one_day = Period(clock.due_on, clock.due_on)
    assert timezone.localtime(clock.due_at).date() == clock.due_on + timedelta(days=1)
    assert figures.attainment(cast.carol, one_day, NOW)["resolution"].due == 1


def test_attainment_is_never_rounded_up_to_a_hundred() -> None:
    assert Attainment(kept=2999, due=3000).percent == 99.9
    assert Attainment().percent is None


def test_causes_are_added_up_to_the_first_level(desk: Desk, cast: Cast) -> None:
    shown = board(cast.carol, 90, NOW).charts["cause"].bars
    assert [(bar.label, bar.number, bar.share) for bar in shown] == [("银行卡", 3, "38%"), ("尚未归类", 5, "62%")]


def test_days_off_are_shaded_and_holidays_named(desk: Desk, cast: Cast) -> None:
    february = board(cast.carol, 30, NOW).drawing["trend"]
    assert february["off"] == [(5, 6, ""), (12, 13, ""), (19, 20, ""), (26, 27, "")]
    assert (february["days"][0], february["days"][-1]) == ("1/12", "今天")
    march = board(cast.carol, 30, NOW + timedelta(days=28)).drawing["trend"]
    assert [name for _first, _last, name in march["off"] if name] == ["春节放假"]


def test_the_cost_does_not_grow_with_the_rows(desk: Desk, register: Callable[..., Complaint], as_: Browser) -> None:
    browser = as_("carol")
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        browser.get(PAGE)
    for _ in range(20):
        register("fiona")
    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE)
    assert len(many) == len(few)


@pytest.mark.parametrize("who", ["fiona", "hank", "adam"])
@pytest.mark.parametrize("page", ["dashboard/", "cases/", "register/", "register/csv/", "monthly/", "monthly/xlsx/"])
def test_only_who_oversees_or_audits_may_enter(as_: Browser, cast: Cast, who: str, page: str) -> None:
    assert as_(who).get(f"/reports/{page}").status_code == 403
    assert as_("audrey").get(f"/reports/{page}").status_code == 200


@pytest.mark.parametrize("query", ["days=8", "days=", "days=30;drop"])
def test_another_span_is_refused(as_: Browser, cast: Cast, query: str) -> None:
    assert as_("carol").get(f"{PAGE}?{query}").status_code == 400


BAD_QUERIES = ["colour=red", "channel=fax", "due_from=2026-13-01", "after=x", "kept=perhaps", "received_to=9999-12-31",
               "resolved_from=0001-01-01", "due_to=9999-12-31"]  # fmt: skip


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_list_refuses_what_it_does_not_know(as_: Browser, cast: Cast, query: str) -> None:
    assert as_("carol").get(f"/reports/cases/?{query}").status_code == 400


def test_a_list_counts_no_further_than_a_person_reads(
    cast: Cast, register: Callable[..., Complaint], as_: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.listing.MOST", 3)
    monkeypatch.setattr("complaints.models.counting.MOST", 3)
    for _ in range(5):
        register("fiona", received_at=timezone.now() - timedelta(hours=30))
    for wanted in (Slice(owner_unit="E1"), Slice(owner_unit="E1", target="response")):
        with CaptureQueriesContext(connection) as asked:
            page = as_("carol").get(wanted.url())
        assert (page.context["listing"].total, page.context["listing"].shown) == (3, "2+")
        assert len(page.context["listing"].rows) == 5
        assert "2+ " in page.content.decode()
        counts = [query["sql"] for query in asked if "count(" in query["sql"].lower()]
        assert all("LIMIT" in sql for sql in counts), counts


def test_a_list_goes_on_page_after_page(cast: Cast, register: Callable[..., Complaint], as_: Browser) -> None:
    for _ in range(60):
        register("fiona")
    first = as_("carol").get(Slice(owner_unit="E1").url()).content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = as_("carol").get(f"/reports/cases/{older[1].replace('&amp;', '&')}").content.decode()
    rows = re.findall(r'data-row="([^"]+)"', first + second)
    assert len(rows) == len(set(rows)) == 60
