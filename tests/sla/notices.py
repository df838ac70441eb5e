"""The State Council's notices for 2024, 2025 and 2026, written out, and the calendar they make.

2024: 国办发明电〔2023〕7号. 2025: 国办发明电〔2024〕12号. 2026: 国办发明电〔2025〕7号.
"""

from datetime import date
from zoneinfo import ZoneInfo

from sla.calendar import DayRule, WorkingCalendar
from tests.sla.oracle import every_day

# festival, first day off, last day off, make-up days
BREAKS = [
    ("元旦", date(2024, 1, 1), date(2024, 1, 1), []),
    ("春节", date(2024, 2, 10), date(2024, 2, 17), [date(2024, 2, 4), date(2024, 2, 18)]),
    ("清明节", date(2024, 4, 4), date(2024, 4, 6), [date(2024, 4, 7)]),
    ("劳动节", date(2024, 5, 1), date(2024, 5, 5), [date(2024, 4, 28), date(2024, 5, 11)]),
    ("端午节", date(2024, 6, 8), date(2024, 6, 10), []),
    ("中秋节", date(2024, 9, 15), date(2024, 9, 17), [date(2024, 9, 14)]),
    ("国庆节", date(2024, 10, 1), date(2024, 10, 7), [date(2024, 9, 29), date(2024, 10, 12)]),
    ("元旦", date(2025, 1, 1), date(2025, 1, 1), []),
    ("春节", date(2025, 1, 28), date(2025, 2, 4), [date(2025, 1, 26), date(2025, 2, 8)]),
    ("清明节", date(2025, 4, 4), date(2025, 4, 6), []),
    ("劳动节", date(2025, 5, 1), date(2025, 5, 5), [date(2025, 4, 27)]),
    ("端午节", date(2025, 5, 31), date(2025, 6, 2), []),
    ("国庆节、中秋节", date(2025, 10, 1), date(2025, 10, 8), [date(2025, 9, 28), date(2025, 10, 11)]),
    ("元旦", date(2026, 1, 1), date(2026, 1, 3), [date(2026, 1, 4)]),
    ("春节", date(2026, 2, 15), date(2026, 2, 23), [date(2026, 2, 14), date(2026, 2, 28)]),
    ("清明节", date(2026, 4, 4), date(2026, 4, 6), []),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5), [date(2026, 5, 9)]),
    ("端午节", date(2026, 6, 19), date(2026, 6, 21), []),
    ("中秋节", date(2026, 9, 25), date(2026, 9, 27), []),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7), [date(2026, 9, 20), date(2026, 10, 10)]),
]
YEARS = frozenset({2024, 2025, 2026})
DAYS_OFF = {day: name for name, first, last, _ in BREAKS for day in every_day(first, last)}
MAKE_UP_DAYS = {day for *_, days in BREAKS for day in days}

CHINA = WorkingCalendar(
    code="cn",
    version=1,
    zone=ZoneInfo("Asia/Shanghai"),
    days={day: DayRule(False, name) for day, name in DAYS_OFF.items()}
    | {day: DayRule(True, "调休上班") for day in MAKE_UP_DAYS},
    years=YEARS,
)
