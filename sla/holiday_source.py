"""The days the State Council decrees, as the `holidays` package knows them.

The package answers for any year without complaint: for a year whose notice it does not carry it lays the statutory
holidays out by rule, without a single make-up day, and such a year would move deadlines silently. So a year is taken
from it only when it bears the marks of a notice (see `read_notice`). The database holds the truth; this only seeds it.
"""

from datetime import date, timedelta
from itertools import groupby

import holidays

MAKE_UP = "调休上班"
DAY_OFF = "{festival}放假"
# What the package calls a statutory day: what we call that day, and the festival its break is named for.
FESTIVALS = {
    "元旦": ("元旦", "元旦"),
    "农历除夕": ("除夕", "春节"),
    "春节": ("春节", "春节"),
    "清明节": ("清明节", "清明节"),
    "劳动节": ("劳动节", "劳动节"),
    "端午节": ("端午节", "端午节"),
    "中秋节": ("中秋节", "中秋节"),
    "国庆节": ("国庆节", "国庆节"),
}
GOLDEN_WEEKS = ("春节", "国庆节")
GOLDEN_WEEK_LENGTH = 7
FIRST_YEAR = 2008  # seven festivals a year since the revision of 2007; earlier notices are shaped otherwise


class NotAnnounced(ValueError):
    """The package carries no State Council notice for the year, so its days would be a guess."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no State Council notice is known for {year}")
        self.year = year


def days_of(year: int) -> list[tuple[date, bool, str]]:
    """Give the days of a year's notice as (date, works, Chinese name), in order of date.

    Every day off is listed, the weekend days inside a break too, because the notice names them (春节 2026 is nine days,
    15 to 23 February) and a proof shown to a customer should say so; then the make-up days. All other days are plain
    Monday to Friday. Raises `NotAnnounced` for a year whose notice the package does not carry.
    """
    if not FIRST_YEAR <= year < date.max.year:
        raise NotAnnounced(year)
    return read_notice(year, holidays.country_holidays("CN", years=(year - 1, year, year + 1), language="zh_CN"))


def read_notice(year: int, source: holidays.HolidayBase) -> list[tuple[date, bool, str]]:
    """Read a year's days off the package's object, if they bear the two marks of a notice.

    A notice swaps weekends, so there is at least one make-up day; and it makes both golden weeks seven days long. Every
    notice of 2008 to 2026 does both; the package's guesses for 2027 to 2099 do neither.
    """
    make_up = {day for day in source.weekend_workdays if day.year == year}
    rows = [(day, True, MAKE_UP) for day in make_up]
    lengths: dict[str, int] = {}
    for block in _breaks(year, source):
        for festival in _festivals(block, source):
            lengths[festival] = len(block)
        rows += [(day, False, _name(day, block, source)) for day in block if day.year == year]
    golden = all(lengths.get(festival, 0) >= GOLDEN_WEEK_LENGTH for festival in GOLDEN_WEEKS)
    if not make_up or not golden:
        raise NotAnnounced(year)
    return sorted(rows)


def _breaks(year: int, source: holidays.HolidayBase) -> list[list[date]]:
    """Give the unbroken runs of days off, holidays and the weekends that join them, that touch the year."""
    first, last = date(year, 1, 1) - timedelta(days=10), date(year, 12, 31) + timedelta(days=10)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    runs = [list(run) for rests, run in groupby(span, key=lambda day: not source.is_working_day(day)) if rests]
    return [run for run in runs if any(day in source for day in run)]


def _festivals(block: list[date], source: holidays.HolidayBase) -> list[str]:
    """Name the festivals of a break in order, each once: 国庆节 and 中秋节 shared one in 2025."""
    named = [FESTIVALS[label][1] for day in block for label in _labels(day, source) if label in FESTIVALS]
    return list(dict.fromkeys(named))


def _name(day: date, block: list[date], source: holidays.HolidayBase) -> str:
    """Name one day off: the festival itself on its statutory days, 春节放假 on the rest of its break."""
    own = [FESTIVALS[label][0] for label in _labels(day, source) if label in FESTIVALS]
    if own:
        return "、".join(own)
    festivals = _festivals(block, source)
    return DAY_OFF.format(festival="、".join(festivals)) if festivals else "、".join(_labels(day, source))


def _labels(day: date, source: holidays.HolidayBase) -> list[str]:
    """Give the package's own names for a day; several when festivals fall together, none on a plain weekend."""
    return source.get_list(day)
