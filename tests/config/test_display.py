"""What the filters say, at Thursday 2026-02-26 10:24 in Shanghai, in both languages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from config.templatetags import display
from sla import wording

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 2, 26, 10, 24, tzinfo=SHANGHAI)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("moment", "chinese", "english"),
    [
        (at(2, 26, 17), "今天 17:00", "today 17:00"),
        (at(2, 25, 16, 20), "昨天 16:20", "yesterday 16:20"),
        (at(2, 27, 10, 20), "明天 10:20", "tomorrow 10:20"),
        (at(3, 12), "3月12日 周四", "Thu 12 Mar"),
        (at(1, 8, year=2027), "2027年1月8日 周五", "Fri 8 Jan 2027"),
        (at(2, 26), "今天 00:00", "today 00:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime, chinese: str, english: str) -> None:
    assert wording.moment_words(moment, NOW) == chinese
    with translation.override("en"):
        assert wording.moment_words(moment, NOW) == english


def test_when_carries_the_exact_moment_with_its_zone() -> None:
    html = display.when(datetime(2026, 2, 26, 9, tzinfo=UTC))
    assert html == (
        '<time datetime="2026-02-26T17:00:00+08:00" title="2026-02-26 17:00:00 (UTC+08:00)">今天 17:00</time>'
    )


def test_far_days_carry_their_time_when_asked() -> None:
    assert ">2月10日 周二 10:00<" in display.when(at(2, 10, 10), "long")


def test_a_plain_date_is_said_as_a_day() -> None:
    assert display.when(date(2026, 3, 12)) == '<time datetime="2026-03-12">3月12日 周四</time>'


def test_words_follow_the_current_zone() -> None:
    with timezone.override("America/New_York"):  # where it is still Wednesday evening
        assert wording.moment_words(at(2, 26, 17), NOW) == "明天 04:00"


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (at(2, 27), "今天 24:00"),
        (at(2, 26), "昨天 24:00"),
        (at(3, 13), "3月12日 周四 24:00"),
        (at(1, 1, year=2027), "12月31日 周四 24:00"),
        (at(2, 26, 14, 35), "今天 14:35"),
        (at(3, 2, 9), "3月2日 周一 09:00"),
    ],
)
def test_a_deadline_at_the_end_of_a_day_is_said_as_24_00_of_that_day(due_at: datetime, words: str) -> None:
    assert wording.due_words(due_at, NOW) == words
    assert f">{words}<" in display.due(due_at)


@pytest.mark.parametrize(
    ("due_at", "unit", "days_left", "chinese", "english"),
    [
        (at(3, 13), "working_days", 11, "还剩 11 个工作日", "11 working days left"),
        (at(3, 13), "days", None, "还剩 14 天", "14 days left"),
        (at(2, 28, 12), "days", None, "还剩 2 天", "2 days left"),
        (at(2, 27, 12), "working_days", 1, "还剩 1 个工作日", "1 working day left"),
        (at(2, 28, 12), "hours", None, "还剩 49 小时", "49 h left"),
        (at(2, 26, 17), "hours", None, "还剩 6 小时 36 分", "6 h 36 min left"),
        (at(2, 27), "working_days", 0, "还剩 13 小时 36 分", "13 h 36 min left"),
        (at(2, 26, 11), "days", None, "还剩 36 分", "36 min left"),
        (at(2, 26, 12, 24), "hours", None, "还剩 2 小时", "2 h left"),
        (NOW + timedelta(seconds=40), "hours", None, "还剩 不到 1 分", "less than 1 min left"),
        (at(2, 23), "days", None, "逾期 3 天 10 小时", "3 days 10 h overdue"),
        (at(2, 25, 17), "days", None, "逾期 17 小时 24 分", "17 h 24 min overdue"),
        (at(2, 25, 10, 24), "hours", None, "逾期 1 天", "1 day overdue"),
        (NOW, "hours", None, "逾期 不到 1 分", "less than 1 min overdue"),
    ],
)
def test_time_left_keeps_the_unit_of_the_rule_and_counts_hours_on_the_last_day(
    due_at: datetime, unit: str, days_left: int | None, chinese: str, english: str
) -> None:
    assert wording.left_words(due_at, NOW, unit, days_left) == chinese
    with translation.override("en"):
        assert wording.left_words(due_at, NOW, unit, days_left) == english


@pytest.mark.parametrize(
    ("due_at", "state"),
    [(NOW, "overdue"), (NOW + timedelta(hours=24), "running"), (NOW + timedelta(hours=23, minutes=59), "soon")],
)
def test_a_clock_is_overdue_from_its_instant_and_soon_within_24_hours(due_at: datetime, state: str) -> None:
    assert wording.clock_state(due_at, NOW) == state


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=400)))
def test_a_span_never_claims_more_than_there_is(length: timedelta) -> None:
    numbers = [int(word) for word in wording.span_words(length).split() if word.isdigit()]
    with translation.override("en"):
        words = wording.span_words(length)
    units = [{"day": 86400, "days": 86400, "h": 3600, "min": 60}[word] for word in words.split() if not word.isdigit()]
    said = sum(number * unit for number, unit in zip(numbers, units, strict=True))
    assert said <= length.total_seconds() < said + units[-1] * (24 if units == [86400] else 60)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW - timedelta(seconds=20), "刚刚"),
        (NOW - timedelta(minutes=5), "5 分前"),
        (at(2, 26, 1), "9 小时前"),
        (at(2, 25, 23), "昨天"),
        (at(2, 21, 12), "5 天前"),
        (at(1, 2, 12), "1月2日 周五"),
    ],
)
def test_how_long_ago(moment: datetime, words: str) -> None:
    assert f">{words}<" in display.ago(moment)


def test_the_headings_of_a_history_lead_with_today_and_yesterday() -> None:
    assert ">今天 2月26日 周四<" in display.day(at(2, 26, 9), "heading")
    assert ">昨天 2月25日 周三<" in display.day(date(2026, 2, 25), "heading")
    assert ">2月24日 周二<" in display.day(date(2026, 2, 24), "heading")
    assert ">09:05<" in display.at(at(2, 26, 9, 5))


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (Decimal(50000), "CNY", "¥50,000.00"),
        ("1200.5", "CNY", "¥1,200.50"),
        (Decimal("0.005"), "CNY", "¥0.01"),
        (Decimal(-9), "CNY", "−¥9.00"),
        (1, "USD", "USD 1.00"),
        ("", "CNY", ""),
        (None, "CNY", ""),
        ("not a number", "CNY", "not a number"),
    ],
)
def test_money_has_its_currency_and_two_places(amount: Decimal | str | None, currency: str, words: str) -> None:
    assert display.money(amount, currency) == words


def test_changes_have_a_sign_and_badges_an_end() -> None:
    assert [display.signed(number) for number in (3, -9, 0)] == ["+3", "−9", "0"]
    assert [display.capped(number) for number in (0, 7, 99, 100)] == ["", "7", "99", "99+"]


def test_an_absent_value_gives_nothing() -> None:
    silent = [display.when, display.due, display.day, display.day_text, display.at, display.ago, display.span]
    assert {show(None) for show in silent} == {""}  # type: ignore[operator]


def test_the_browser_counts_by_the_same_words() -> None:
    with translation.override("en"):
        words = wording.tick_words()
    assert words["left"] == "%(span)s left"
    assert words["days"] == ["%(count)s day", "%(count)s days"]


@pytest.mark.parametrize(("language", "tag"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_the_page_names_its_language_as_html_does(language: str, tag: str) -> None:
    with translation.override(language):
        assert display.language_tag() == tag


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", "auto"), ('"><script>', "auto")]
)
def test_the_theme_comes_from_the_cookie_when_it_is_one_we_know(cookie: str, theme: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert Template("{% load display %}{% theme %}").render(Context({"request": request})) == theme
