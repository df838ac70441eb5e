"""Working time in plain Python: when an allowance runs out, and why on that day (R27, R30, R32).

The rules are those of the Civil Code, articles 201 to 203. Hours run from the minute of receipt. Days are counted from
the day after receipt, in the calendar's own zone, and the last one ends at its midnight. A limit in plain days is not
moved when it ends on a rest day: of the two readings of article 203, the one that never makes an answer late.

`due` answers from sums and a binary search, in microseconds whatever the span. `deadline` walks the days one by one:
its walk is the proof shown to people. The two count apart, and a test holds them equal.
"""

from sla.calendar.offsets import shifted
from sla.calendar.proof import DayCount, Deadline, deadline
from sla.calendar.reckoning import Remaining, due, remaining, working_days_between, working_time_between
from sla.calendar.values import (
    MAX_AMOUNT,
    OFFICE_HOURS,
    Allowance,
    DayRule,
    Unit,
    Unreckonable,
    Why,
    WorkingCalendar,
)

__all__ = [
    "MAX_AMOUNT",
    "OFFICE_HOURS",
    "Allowance",
    "DayCount",
    "DayRule",
    "Deadline",
    "Remaining",
    "Unit",
    "Unreckonable",
    "Why",
    "WorkingCalendar",
    "deadline",
    "due",
    "remaining",
    "shifted",
    "working_days_between",
    "working_time_between",
]
