"""How figures are counted: from indexes alone, from the rows of now, and right in the moment a case changes hands."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from complaints.correspondence import respond
from complaints.lifecycle import reopen
from complaints.models import Complaint
from complaints.ownership import accept, assign, hand_over
from reports import figures
from reports.figures import Attainment
from reports.periods import Period
from reports.slices import due
from sla.models import Clock
from tests.conftest import NOW, Cast, said
from tests.reports.conftest import disagreements

Register = Callable[..., Complaint]
Desk = dict[str, Complaint]
TODAY = timezone.localdate(NOW)
MONTH = Period.ending(TODAY, 30)
WEEK = Period.ending(TODAY, 7)
VACUUMED = "SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', %s, 'relallvisible', 1000000)"
OTHERS = """
SELECT indexrelid::regclass::text FROM pg_index
WHERE indrelid IN ('complaints_complaint'::regclass, 'sla_clock'::regclass) AND NOT indisunique
    AND NOT indexrelid::regclass::text = ANY(%s)
"""
COUNTED = {"clock_due_within", "complaint_received_within", "complaint_resolved_within", "complaint_open_figures"}


def units_carried(case: Complaint) -> set[tuple[int, int, int]]:
    return set(case.clocks.values_list("owner_unit", "registered_unit", "about_unit"))


def kept_by(user: User, unit: int) -> dict[str, Attainment]:
    return figures.fallen_due(user, MONTH, MONTH, timezone.now()).by_unit.get(unit, {})


def test_clocks_go_with_their_complaint_also_those_that_have_stopped(register: Register, cast: Cast) -> None:
    case = respond(register("fiona", unit="W1"), said(), actor=cast.fiona)
    e1, w1, cards = (cast.unit[code].pk for code in ("E1", "W1", "HO-CARDS"))
    assert units_carried(case) == {(e1, e1, w1)}
    case = accept(hand_over(case, cast.hank, "属信用卡业务", actor=cast.fiona), actor=cast.hank)
    assert units_carried(case) == {(cards, e1, w1)}
    assert case.clocks.filter(stopped_at__isnull=False).exists()


def test_a_clock_that_starts_anew_carries_the_units_of_now(resolved: Complaint, cast: Cast) -> None:
    case = reopen(resolved, "客户不认可", actor=cast.fiona)
    assert case.clocks.count() == 3
    assert units_carried(case) == {(case.owner_unit_id, case.registered_unit_id, case.unit_id)}


def test_what_fell_due_follows_the_case_to_another_unit(desk: Desk, cast: Cast, as_: Callable[[str], Client]) -> None:
    case, e1, e2 = desk["again"], cast.unit["E1"].pk, cast.unit["E2"].pk
    before, there = kept_by(cast.carol, e1)["response"], kept_by(cast.carol, e2)["response"]
    assign(case, cast.grace, unit_id=e2, reason="就近办理", actor=cast.sam)
    assert kept_by(cast.carol, e1)["response"] == Attainment(before.kept - 1, before.due - 1)
    assert kept_by(cast.carol, e2)["response"] == Attainment(there.kept + 1, there.due + 1)
    for who in ("carol", "sam"):
        browser = as_(who)
        assert disagreements(browser, browser.get("/reports/dashboard/").content.decode()) == []


@pytest.mark.parametrize("days", [7, 30, 90])
@pytest.mark.parametrize("who", ["carol", "sam", "wendy", "olivia", "hank", "fiona", "adam"])
def test_each_count_is_that_of_the_rows(desk: Desk, cast: Cast, who: str, days: int) -> None:
    user, period, now = cast.people[who], Period.ending(TODAY, days), timezone.now()
    fell = figures.fallen_due(user, period, MONTH, now)
    seen = list(Clock.objects.filter(complaint__in=Complaint.objects.visible_to(user), due_at__lte=now))
    for span, found in ((period, figures.all_units(fell.by_unit)), (period.before, fell.before)):
        for target, one in found.items():
            rows = [clock for clock in seen if clock.target == target and span.first <= clock.due_on <= span.last]
            assert one == Attainment(
                sum(clock.breached_at is None and bool(clock.stopped_at) for clock in rows), len(rows)
            )
    for day in MONTH.days:
        missed = due(Period(day, day), kept="no").clocks(user, now).count()
        assert fell.missed.get(day.isoformat(), 0) == missed, day
    moved = figures.flow(user, period, MONTH)
    cases = list(Complaint.objects.visible_to(user))
    came = [case for case in cases if period.start <= case.received_at < period.end]
    assert sum(moved.by_channel.values()) == sum(moved.by_cause.values()) == len(came)
    assert {channel: n for channel, n in moved.by_channel.items() if n} == {
        channel: sum(case.channel == channel for case in came) for channel in {case.channel for case in came}
    }
    for day in MONTH.days:
        for counts, name in ((moved.received, "received_at"), (moved.resolved, "resolved_at")):
            moments = [getattr(case, name) for case in cases]
            assert counts.get(day.isoformat(), 0) == sum(
                timezone.localdate(moment) == day for moment in moments if moment
            ), (name, day)


@pytest.fixture
def plans(desk: Desk) -> Callable[[Callable[[], Any]], str]:
    """The plan of whatever is asked, were the tables vacuumed and too large to be read through.

    Other indexes are put aside: among a few dozen rows it costs as little to read these through any of them.
    """

    def plan(ask: Callable[[], Any]) -> str:
        lines: list[str] = []

        def explain(execute: Any, sql: str, *arguments: Any) -> Any:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN {sql}", arguments[0])
                lines.extend(line for (line,) in cursor.cursor.fetchall())
            return execute(sql, *arguments)

        with connection.execute_wrapper(explain):
            ask()
        return "\n".join(lines)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for table in ("complaints_complaint", "sla_clock"):
            cursor.execute(VACUUMED, [table])
        cursor.execute(OTHERS, [list(COUNTED)])
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')  # until the test is rolled back
    return plan


@pytest.mark.parametrize("who", ["carol", "sam"])
def test_figures_are_counted_from_indexes_alone(
    plans: Callable[[Callable[[], Any]], str], cast: Cast, who: str, now: time_machine.Traveller
) -> None:
    user = cast.people[who]

    def ask() -> None:
        figures.open_cases(user, NOW, TODAY)
        figures.fallen_due(user, MONTH, MONTH, NOW)
        figures.flow(user, MONTH, WEEK)

    plan = plans(ask)
    assert set(re.findall(r"Index Only Scan(?: Backward)? using (\w+)", plan)) >= COUNTED, plan
    others = set(re.findall(r"Index Scan(?: Backward)? using (\w+)|Seq Scan on (\w+)", plan))
    assert not COUNTED & {name for pair in others for name in pair}, plan


def test_a_deadline_that_comes_is_counted_in_its_second(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False) as moving:
        clock = register("fiona").clocks.get(target="response")
        moving.move_to(clock.due_at - timedelta(seconds=1))
        assert kept_by(cast.carol, cast.unit["E1"].pk) == {}
        moving.move_to(clock.due_at)
        period = Period.ending(clock.due_on, 30)
        fell = figures.fallen_due(cast.carol, period, period, clock.due_at)
        assert fell.by_unit == {cast.unit["E1"].pk: {"response": Attainment(kept=0, due=1)}}
        assert fell.missed == {clock.due_on.isoformat(): 1}
