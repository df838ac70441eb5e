"""Working time in plain Python: when an allowance runs out, and why on that day (R27, R30, R32).

The rules are those of the Civil Code, articles 201 to 203. Hours run from the minute of receipt. Days are counted from
the day after receipt, in the calendar's own zone, and the last one ends at its midnight. A limit in plain days is not
moved when it ends on a rest day: of the two readings of article 203, the one that never makes an answer late. House rules
end a day sooner than at midnight (by 17:00, R105), or on the very day (the same day, R108): an allowance says so in `by`.

While a clock is paused no time passes: in hours the exact span, in days every day from the one it was paused on up to the
one it runs again on. So a pause that ends on its own day changes no count of days.

`due` answers from sums and a binary search, in microseconds whatever the span. `deadline` walks the days one by one:
its walk is the proof shown to people. The two count apart, and a test holds them equal.
"""

from sla.calendar.offsets import shifted
from sla.calendar.opening import read_hours, read_weekdays, write_hours
from sla.calendar.proof import DayCount, Deadline, deadline
from sla.calendar.reckoning import Remaining, due, remaining, working_days_between, working_time_between
from sla.calendar.values import (
    DAY_UNITS,
    MAX_AMOUNT,
    MONDAY_TO_FRIDAY,
    OFFICE_HOURS,
    Allowance,
    DayRule,
    Pause,
    Unit,
    Unreckonable,
    Why,
    WorkingCalendar,
)

__all__ = [
    "DAY_UNITS",
    "MAX_AMOUNT",
    "MONDAY_TO_FRIDAY",
    "OFFICE_HOURS",
    "Allowance",
    "DayCount",
    "DayRule",
    "Deadline",
    "Pause",
    "Remaining",
    "Unit",
    "Unreckonable",
    "Why",
    "WorkingCalendar",
    "deadline",
    "due",
    "read_hours",
    "read_weekdays",
    "remaining",
    "shifted",
    "working_days_between",
    "working_time_between",
    "write_hours",
]
