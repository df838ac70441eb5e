"""How dates, spans of time, money and numbers are said, in the reader's language and zone.

No queries here, and no markup: `config.templatetags.display` puts the words on pages. Every function that needs the
present takes it as `now`, so that one page speaks of one moment. Times are shown in Django's current zone, always on the
24-hour clock.
"""

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
ONE_MINUTE = timedelta(minutes=1)
CENT = Decimal("0.01")
MINUS = "\N{MINUS SIGN}"

RUNNING, SOON, OVERDUE = "running", "soon", "overdue"


def weekday_words(day: date) -> str:
    return (
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )[day.weekday()]


def _month(day: date) -> str:
    return (
        pgettext("month", "Jan"),
        pgettext("month", "Feb"),
        pgettext("month", "Mar"),
        pgettext("month", "Apr"),
        pgettext("month", "May"),
        pgettext("month", "Jun"),
        pgettext("month", "Jul"),
        pgettext("month", "Aug"),
        pgettext("month", "Sep"),
        pgettext("month", "Oct"),
        pgettext("month", "Nov"),
        pgettext("month", "Dec"),
    )[day.month - 1]


@lru_cache(maxsize=4096)
def _day_words(day: date, year: int, weekday: bool, _language: str | None) -> str:
    """The words of a day, kept by language; the year is left out when it is the present one."""
    parts = {"day": day.day, "month": _month(day), "year": day.year, "weekday": weekday_words(day)}
    if weekday and day.year == year:
        return gettext("%(weekday)s %(day)s %(month)s") % parts
    if weekday:
        return gettext("%(weekday)s %(day)s %(month)s %(year)s") % parts
    if day.year == year:
        return gettext("%(day)s %(month)s") % parts
    return gettext("%(day)s %(month)s %(year)s") % parts


def day_words(day: date, today: date, *, weekday: bool = True) -> str:
    """A day as people say it: 3月12日 周四, or 2027年1月8日 周五 outside the present year."""
    return _day_words(day, today.year, weekday, get_language())


def away_words(until_on: date, deputy: str, today: date) -> str:
    """Until when somebody is away, and who stands in: 休假至 11月30日，由赵启明代理."""
    words = {"day": day_words(until_on, today, weekday=False), "deputy": deputy}
    return (
        gettext("away until %(day)s, %(deputy)s stands in") % words if deputy else gettext("away until %(day)s") % words
    )


def whole_day_words(day: date) -> str:
    """A day with its year, as a letter says it: 2026年3月12日."""
    return _day_words(day, 0, False, get_language())


def near_day(day: date, today: date) -> str:
    """今天, 昨天 or 明天, and nothing for any other day."""
    match (day - today).days:
        case 0:
            return gettext("today")
        case -1:
            return gettext("yesterday")
        case 1:
            return gettext("tomorrow")
    return ""


def heading_words(day: date, today: date) -> str:
    """The heading over one day of a history: 今天 2月26日 周四, and 2月24日 周二 further back."""
    return " ".join(filter(None, (near_day(day, today), day_words(day, today))))


class Local(NamedTuple):
    """A moment on the reader's clock: its day, the time of day as 17:00, and the exact moment for machines and for a title.

    `ended` is the day that ends at this very moment, where the moment is a midnight.
    """

    day: date
    time: str
    iso: str
    exact: str
    ended: date | None


def local_of(moment: datetime) -> Local:
    """A moment, which must carry an offset, in the current zone."""
    return _local(moment, timezone.get_current_timezone())


@lru_cache(maxsize=8192)
def _local(moment: datetime, zone: tzinfo) -> Local:
    """Kept, because a list says the same moments each time it is shown."""
    local = timezone.localtime(moment, zone)
    iso = local.isoformat(timespec="seconds")
    ended = local.date() - ONE_DAY if (local.hour, local.minute, local.second) == (0, 0, 0) else None
    return Local(local.date(), f"{local:%H:%M}", iso, f"{local:%Y-%m-%d %H:%M:%S} (UTC{iso[-6:]})", ended)


def today_of(now: datetime) -> date:
    """The day it is in the current zone."""
    return _today(now, timezone.get_current_timezone())


@lru_cache(maxsize=64)
def _today(now: datetime, zone: tzinfo) -> date:
    """Kept apart: one page asks a hundred times, and no other page asks for the same moment."""
    return timezone.localtime(now, zone).date()


def moment_words(moment: datetime, now: datetime, *, with_time: bool = False) -> str:
    """今天 17:00, 昨天 16:20, 明天 10:20, 3月12日 周四; with `with_time` the far days carry their time too."""
    local, today = local_of(moment), today_of(now)
    if near := near_day(local.day, today):
        return f"{near} {local.time}"
    words = day_words(local.day, today)
    return f"{words} {local.time}" if with_time else words


def due_words(due_at: datetime, now: datetime) -> str:
    """A deadline: a day's end is said as 24:00 of that day, never as 00:00 of the next."""
    local, today = local_of(due_at), today_of(now)
    day, time = (local.ended, "24:00") if local.ended else (local.day, local.time)
    return f"{near_day(day, today) or day_words(day, today)} {time}"


def exact_words(moment: datetime) -> str:
    """The exact time with its zone, for a title: 2026-02-26 17:00:00 (UTC+08:00)."""
    return local_of(moment).exact


def days_count(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def working_days_count(count: int) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def hours_count(count: int) -> str:
    return gettext("%(count)s h") % {"count": count}


def minutes_count(count: int) -> str:
    return gettext("%(count)s min") % {"count": count}


def time_words(moment: time) -> str:
    """A time of day, midnight as the end of a day: 17:00, 24:00."""
    return f"{moment:%H:%M}" if moment != time() else "24:00"


def span_words(span: timedelta) -> str:
    """A span in its two largest units: 3 天 10 小时, 6 小时 36 分, 36 分. Rounded down; below a minute says so."""
    if span < ONE_MINUTE:
        return gettext("less than 1 min")
    days, rest = divmod(span, ONE_DAY)
    hours, rest = divmod(rest, ONE_HOUR)
    minutes = rest // ONE_MINUTE
    if days:
        return f"{days_count(days)} {hours_count(hours)}" if hours else days_count(days)
    if hours:
        return f"{hours_count(hours)} {minutes_count(minutes)}" if minutes else hours_count(hours)
    return minutes_count(minutes)


def clock_state(due_at: datetime, now: datetime) -> str:
    """Whether a running clock is `overdue`, `soon` (within 24 hours) or `running`."""
    if due_at <= now:
        return OVERDUE
    return SOON if due_at - now < ONE_DAY else RUNNING


def left_words(due_at: datetime, now: datetime, unit: str = "days", days_left: int | None = None) -> str:
    """The time left until `due_at`, or since it.

    `unit` is the unit the rule is written in (minutes, hours, days, working_hours, working_days) and is kept: working days are
    never turned into days. How many are left only a calendar knows, so the caller gives `days_left`. Below 24 hours it
    is always hours and minutes.
    """
    left = due_at - now
    if left <= timedelta(0):
        return gettext("%(span)s overdue") % {"span": span_words(-left)}
    if left < ONE_DAY:
        span = span_words(left)
    elif unit == "working_days" and days_left:
        span = working_days_count(days_left)
    elif unit in {"hours", "minutes"}:
        span = hours_count(left // ONE_HOUR)
    else:
        span = days_count(left // ONE_DAY)
    return gettext("%(span)s left") % {"span": span}


def ago_words(moment: datetime, now: datetime) -> str:
    """How long ago: 刚刚, 5 分前, 3 小时前 within the day; then 昨天, 5 天前; then the date."""
    past = now - moment
    if past < ONE_MINUTE:
        return gettext("just now")
    if past < ONE_HOUR:
        return gettext("%(span)s ago") % {"span": minutes_count(past // ONE_MINUTE)}
    local, today = local_of(moment).day, today_of(now)
    days = (today - local).days
    if days <= 0:
        return gettext("%(span)s ago") % {"span": hours_count(past // ONE_HOUR)}
    if days == 1:
        return gettext("yesterday")
    return gettext("%(span)s ago") % {"span": days_count(days)} if days <= 30 else day_words(local, today)


def money_words(amount: Decimal, currency: str = "CNY") -> str:
    """An amount with its currency: ¥50,000.00, USD 1,200.00; a debt has a real minus sign."""
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{'¥' if currency == 'CNY' else currency + ' '}{abs(rounded):,.2f}"


def signed_words(number: int | Decimal) -> str:
    """A change with its sign and a real minus: +3, −9, 0."""
    sign = "+" if number > 0 else MINUS if number < 0 else ""
    return f"{sign}{abs(number):,}"


def tick_words() -> dict[str, str | list[str]]:
    """The patterns above for the browser, which recounts the time left every minute (static/js/clock.js)."""
    return {
        "left": gettext("%(span)s left"),
        "overdue": gettext("%(span)s overdue"),
        "moment": gettext("less than 1 min"),
        "hours": gettext("%(count)s h"),
        "minutes": gettext("%(count)s min"),
        "days": [ngettext("%(count)s day", "%(count)s days", count) for count in (1, 2)],
        "working_days": [ngettext("%(count)s working day", "%(count)s working days", count) for count in (1, 2)],
    }
