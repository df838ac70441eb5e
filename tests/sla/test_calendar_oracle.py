"""Every working-day deadline of three years, against an oracle that shares nothing with the engine."""

from datetime import date, datetime, time
from itertools import islice

from sla.calendar import Allowance, Unit, due
from tests.sla.notices import CHINA
from tests.sla.oracle import every_day, last_working_day, working_days_after, works_in_china

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
ALLOWANCES = [Allowance(amount, Unit.WORKING_DAYS) for amount in range(1, 61)]


def works_or_unknown(day: date) -> bool:
    """Ask the oracle up to the last announced day; days after it only end a walk, and are not compared."""
    return day > LAST or works_in_china(day)


def test_every_start_and_every_allowance_of_three_years_agrees_with_the_oracle() -> None:
    wrong, compared = [], 0
    for start in every_day(FIRST, LAST):
        received_at = datetime.combine(start, time(10), tzinfo=CHINA.zone)
        for allowance, expected in zip(ALLOWANCES, working_days_after(start, works_or_unknown), strict=False):
            _, due_on, provisional = due(received_at, allowance, CHINA)
            if expected > LAST:
                assert provisional
                continue
            compared += 1
            if (due_on, provisional) != (expected, False):
                wrong.append((start, allowance.amount, due_on, expected))
    assert wrong == []
    assert compared == 63_247


def test_the_oracle_itself_counts_as_a_person_would() -> None:
    first_five = list(islice(working_days_after(date(2026, 2, 10), works_in_china), 5))
    assert first_five == [*(date(2026, 2, day) for day in (11, 12, 13, 14)), date(2026, 2, 24)]
    assert last_working_day(date(2026, 2, 10), 15, works_in_china) == date(2026, 3, 9)
