"""When steps come: reckoned from the deadline in the unit of the rule, never missed when a date moves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from complaints.models import Complaint
from sla import ladder
from sla.calendar import Allowance, DayRule, Unit, WorkingCalendar, due, remaining, shifted, working_time_between
from sla.models import Clock, Rung, Term
from tests.conftest import NOW, Cast

Register = Callable[..., Complaint]
SPRING = {date(2026, 2, day): DayRule(False, "春节") for day in range(16, 24)} | {
    date(2026, 2, 14): DayRule(True, "调休上班")
}
CALENDAR = WorkingCalendar("cn", 1, ZoneInfo("Asia/Shanghai"), SPRING, frozenset({2026}))
starts = st.datetimes(datetime(2026, 1, 2), datetime(2026, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(starts, st.integers(4, 40), st.integers(1, 3))
def test_so_many_working_days_before_so_many_are_left(start: datetime, amount: int, before: int) -> None:
    due_at, due_on, _ = due(start, Allowance(amount, Unit.WORKING_DAYS), CALENDAR)
    at = shifted(due_at, due_on, -before, Unit.WORKING_DAYS, CALENDAR)
    assert remaining(at - timedelta.resolution, due_at, Unit.WORKING_DAYS, CALENDAR).amount == before


@given(starts, st.integers(1, 60), st.integers(1, 5), st.sampled_from(Unit))
def test_after_is_later_and_before_is_sooner_the_more_the_further(
    start: datetime, amount: int, by: int, unit: Unit
) -> None:
    due_at, due_on, _ = due(start, Allowance(amount, Unit.DAYS), CALENDAR)
    moments = [shifted(due_at, due_on, offset, unit, CALENDAR) for offset in (-by - 1, -by, 0, by, by + 1)]
    assert moments == sorted(set(moments))


@given(starts, st.integers(1, 30), st.integers(1, 20))
def test_working_hours_before_are_those_that_are_left(start: datetime, amount: int, hours: int) -> None:
    due_at, due_on, _ = due(start, Allowance(amount, Unit.WORKING_HOURS), CALENDAR)
    at = shifted(due_at, due_on, -hours, Unit.WORKING_HOURS, CALENDAR)
    left = working_time_between(at, due_at, CALENDAR)
    assert timedelta(hours=hours) <= left < timedelta(hours=hours, minutes=1)


def test_a_working_day_after_a_deadline_by_the_hour_is_the_same_time_of_that_day() -> None:
    due_at = datetime(2026, 2, 13, 2, 30, tzinfo=UTC)  # Friday, half past ten
    after = shifted(due_at, date(2026, 2, 13), 2, Unit.WORKING_DAYS, CALENDAR)
    assert after == datetime(
        2026, 2, 24, 2, 30, tzinfo=UTC
    )  # Saturday is a make-up day, then comes the Spring Festival


@time_machine.travel(NOW, tick=False)
def test_every_clock_knows_its_next_step(register: Register) -> None:
    case = register("fiona")
    for clock in case.clocks.all():
        assert clock.next_step_at == ladder.steps(clock)[0].at
        assert [step.number for step in ladder.steps(clock)] == (
            [-1, 2, 3] if clock.target == "response" else [-2, -1, 2, 3]
        )


@time_machine.travel(NOW, tick=False)
def test_a_warning_that_would_come_before_the_start_does_not_come(register: Register) -> None:
    clock = register("fiona").clocks.get(target="resolution")
    clock.due_at, clock.due_on = clock.started_at + timedelta(days=1), clock.started_at.date() + timedelta(days=1)
    assert [step.number for step in ladder.steps(clock)] == [2, 3] or ladder.steps(clock)[0].at > clock.started_at


@time_machine.travel(NOW, tick=False)
def test_a_date_that_moves_without_a_word_is_looked_at_at_once(register: Register) -> None:
    clock = register("fiona").clocks.get(target="resolution")
    pauses = [[NOW.isoformat(), (NOW + timedelta(days=2)).isoformat()]]
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + timedelta(days=2), pauses=pauses)
    clock.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_step_at <= now() FROM sla_clock WHERE id = %s", [clock.pk])
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("change", ["number = 7", "whom = '{owner}'", "amount = 9"])
def test_a_ladder_stays_as_it_was_approved(cast: Cast, change: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE sla_rung SET {change}")


def test_a_decided_policy_gets_no_further_step(cast: Cast) -> None:
    term = Term.objects.get(policy__code="house", target="response")
    with pytest.raises(DatabaseError, match="is decided"), transaction.atomic():
        Rung.objects.create(term=term, number=4, amount=5, unit="days", whom=["compliance"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 1, "amount": 1, "unit": "days"},
        {"number": -1, "amount": 1, "unit": "days"},
        {"number": 2, "share": 80},
        {"number": -1, "share": 80, "amount": -1, "unit": "days"},
        {"number": -1, "share": 100},
        {"number": -1, "share": 50, "whom": []},
    ],
)
def test_a_step_that_means_nothing_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    term = Term.objects.filter(policy__decision="").first()
    assert term is not None
    with pytest.raises(DatabaseError, match="rung_"), transaction.atomic():
        Rung.objects.create(**{"term": term, "number": 9, "unit": "", "whom": ["owner"]} | wrong)


def test_every_term_that_came_has_its_ladder(cast: Cast) -> None:
    assert not Term.objects.filter(rungs=None).exists()
    told = Rung.objects.get(term__target="statutory_resolution", term__policy__code="bank-insurer", number=-2)
    assert told.whom == ["owner", "compliance"]


def test_a_ladder_is_said_step_by_step(cast: Cast) -> None:
    rungs = Rung.objects.filter(term__policy__code="house", term__target="resolution").order_by("number")
    said = strip_tags(render_to_string("sla/_rungs.html", {"rungs": rungs}))
    assert [" ".join(line.split()) for line in said.splitlines() if line.strip()] == [
        "到期前 3 个工作日 承办人",
        "到期前 1 个工作日 承办人、机构负责人",
        "到期时 承办人、首问责任人、机构负责人",
        "到期后 1 个工作日 上级机构",
        "到期后 3 个工作日 合规",
    ]


@time_machine.travel(NOW, tick=False)
def test_a_clock_made_without_a_word_is_looked_at_at_once(register: Register) -> None:
    clock = register("fiona").clocks.get(target="resolution")
    fields = [
        field.column for field in Clock._meta.concrete_fields if field.name not in {"id", "target", "next_step_at"}
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO sla_clock (target, {', '.join(fields)}) SELECT 'progress', {', '.join(fields)} FROM sla_clock"
            " WHERE id = %s RETURNING next_step_at <= clock_timestamp()",
            [clock.pk],
        )
        assert cursor.fetchone() == (True,)
