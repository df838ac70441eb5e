"""Laws of pauses, tried on thousands that nobody would think of, and held against a slow oracle."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendar import Allowance, Pause, Unit, Unreckonable, Why, WorkingCalendar, deadline, due
from tests.sla.notices import CHINA
from tests.sla.oracle import end_by_the_minute, last_day_with_pauses, works_in_china
from tests.sla.test_calendar_laws import allowances, calendars, moments, thorough

EDGES = [timedelta(hours=9), timedelta(hours=12), timedelta(hours=13, minutes=30), timedelta(hours=17, minutes=30)]
gaps = st.one_of(
    st.timedeltas(timedelta(), timedelta(days=12)),
    st.builds(lambda days, edge: timedelta(days=days) + edge, st.integers(0, 9), st.sampled_from(EDGES)),
)


@st.composite
def receipts_with_pauses(draw: Any, at_most: int = 4) -> tuple[datetime, list[Pause]]:
    """A receipt and the pauses after it: in order, without overlap, one perhaps beginning when the one before ended."""
    received_at = draw(moments)
    pauses, at = [], received_at.astimezone(UTC)
    for before, length in draw(st.lists(st.tuples(gaps, gaps), max_size=at_most)):
        since = at + before
        at = since + length
        pauses.append((since, at))
    return received_at, pauses


received = receipts_with_pauses()


@given(received, allowances, calendars)
@thorough
def test_the_quick_answer_and_the_proof_are_one(
    received: tuple[datetime, list[Pause]], limit: Allowance, calendar: WorkingCalendar
) -> None:
    received_at, pauses = received
    proof = deadline(received_at, limit, calendar, pauses)
    assert due(received_at, limit, calendar, pauses) == (proof.due_at, proof.due_on, proof.provisional)


@given(received, allowances, calendars)
@thorough
def test_a_pause_never_brings_a_deadline_forward(
    received: tuple[datetime, list[Pause]], limit: Allowance, calendar: WorkingCalendar
) -> None:
    received_at, pauses = received
    dates = [due(received_at, limit, calendar, pauses[:number])[0] for number in range(len(pauses) + 1)]
    assert dates == sorted(dates)


@given(receipts_with_pauses(3), allowances, calendars, st.floats(0, 1))
@thorough
def test_resuming_earlier_is_never_later_than_planned_nor_sooner_than_without(
    received: tuple[datetime, list[Pause]], limit: Allowance, calendar: WorkingCalendar, share: float
) -> None:
    received_at, pauses = received
    if not pauses:
        return
    *before, (since, until) = pauses
    ended = [*before, (since, since + (until - since) * share)]
    without, sooner, planned = (due(received_at, limit, calendar, some)[0] for some in (before, ended, pauses))
    assert without <= sooner <= planned


@given(received, allowances, calendars)
@thorough
def test_a_pause_that_had_not_begun_by_the_deadline_changes_nothing(
    received: tuple[datetime, list[Pause]], limit: Allowance, calendar: WorkingCalendar
) -> None:
    received_at, pauses = received
    due_at, *_rest = due(received_at, limit, calendar, pauses)
    begun = [pause for pause in pauses if pause[0] < due_at]
    assert due(received_at, limit, calendar, begun)[0] == due_at


@given(received, allowances, calendars)
@thorough
def test_a_clock_paused_in_time_falls_due_after_the_pause(
    received: tuple[datetime, list[Pause]], limit: Allowance, calendar: WorkingCalendar
) -> None:
    """So a deadline cannot pass while its clock is paused, and no sweep needs to know of pauses."""
    received_at, pauses = received
    for number, (since, until) in enumerate(pauses):
        if since < due(received_at, limit, calendar, pauses[:number])[0]:
            assert due(received_at, limit, calendar, pauses[: number + 1])[0] > until


@given(moments, allowances, calendars)
@thorough
def test_no_pause_and_one_that_takes_no_time_are_as_if_there_was_none(
    received_at: datetime, limit: Allowance, calendar: WorkingCalendar
) -> None:
    at = received_at.astimezone(UTC) + timedelta(hours=30)
    assert due(received_at, limit, calendar, [(at, at)]) == due(received_at, limit, calendar)


starts = st.dates(date(2024, 2, 1), date(2026, 9, 1))
days = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4)


@given(starts, st.integers(1, 30), days, st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS]))
@thorough
def test_days_agree_with_looking_at_one_after_another(
    start: date, amount: int, spans: list[tuple[int, int]], unit: Unit
) -> None:
    at, pauses = datetime.combine(start, time(10), tzinfo=CHINA.zone), list[Pause]()
    received_at = at
    for before, length in spans:
        since = at + timedelta(days=before)
        at = since + timedelta(days=length)
        pauses.append((since, at))
    counts = works_in_china if unit is Unit.WORKING_DAYS else lambda _day: True
    expected = last_day_with_pauses(start, amount, counts, [(one.date(), two.date()) for one, two in pauses])
    assert due(received_at, Allowance(amount, unit), CHINA, pauses)[1] == expected


def is_office_hour(at: datetime) -> bool:
    return works_in_china(at.date()) and (time(9) <= at.time() < time(12) or time(13, 30) <= at.time() < time(17, 30))


minutes = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 3000)), max_size=3)


@given(starts, st.integers(0, 1439), st.integers(1, 14), minutes, st.sampled_from([Unit.HOURS, Unit.WORKING_HOURS]))
@thorough
def test_hours_agree_with_looking_at_one_minute_after_another(
    start: date, minute: int, amount: int, spans: list[tuple[int, int]], unit: Unit
) -> None:
    at = received_at = datetime.combine(start, time(minute // 60, minute % 60), tzinfo=CHINA.zone)
    pauses = list[Pause]()
    for before, length in spans:
        since = at + timedelta(minutes=before)
        at = since + timedelta(minutes=length)
        pauses.append((since, at))
    counts = is_office_hour if unit is Unit.WORKING_HOURS else lambda _at: True
    expected = end_by_the_minute(received_at, amount * 60, counts, pauses)
    assert due(received_at, Allowance(amount, unit), CHINA, pauses)[0] == expected


FEBRUARY = [datetime(2026, 2, day, 10, tzinfo=CHINA.zone) for day in range(1, 29)]
FIFTEEN = Allowance(15, Unit.WORKING_DAYS)


def test_the_day_it_is_paused_on_does_not_count_and_the_day_it_runs_again_does() -> None:
    paused = [(FEBRUARY[11], FEBRUARY[13])]  # the 12th and the 13th, a Thursday and a Friday
    proof = deadline(FEBRUARY[9], FIFTEEN, CHINA, paused)
    assert [day.date.day for day in proof.days if day.why is Why.PAUSED] == [12, 13]
    assert (due(FEBRUARY[9], FIFTEEN, CHINA)[1], proof.due_on) == (date(2026, 3, 9), date(2026, 3, 11))


def test_resumed_on_the_same_day_nothing_has_changed() -> None:
    paused = [(FEBRUARY[11], FEBRUARY[11] + timedelta(hours=7))]
    assert due(FEBRUARY[9], FIFTEEN, CHINA, paused) == due(FEBRUARY[9], FIFTEEN, CHINA)


def test_a_day_paused_in_part_counts_for_hours() -> None:
    paused = [(FEBRUARY[10], FEBRUARY[12] + timedelta(hours=1))]  # the 11th at ten to the 13th at eleven
    days = deadline(FEBRUARY[9], Allowance(16, Unit.WORKING_HOURS), CHINA, paused).days
    told = [(day.date.day, day.counts) for day in days if day.why is Why.PAUSED]
    assert told == [(11, True), (12, False), (13, True)]


@pytest.mark.parametrize("unit", list(Unit))
def test_a_pause_without_an_offset_is_refused(unit: Unit) -> None:
    naive = datetime(2026, 2, 11, 10)  # noqa: DTZ001
    with pytest.raises(Unreckonable):
        due(FEBRUARY[9], Allowance(5, unit), CHINA, [(naive, naive)])
