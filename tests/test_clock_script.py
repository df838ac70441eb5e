"""The browser recounts the time left in the very words of the server (static/js/clock.js, sla/wording.py)."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, Page

from sla import wording

NOW = datetime(2026, 2, 26, 10, 24, tzinfo=ZoneInfo("Asia/Shanghai"))
SCRIPT = (settings.BASE_DIR / "static" / "js" / "clock.js").read_text()
MINUTE = timedelta(minutes=1)
LENGTHS = [
    timedelta(hours=hours, minutes=minutes, seconds=30)
    for hours in (0, 1, 6, 13, 23, 24, 25, 47, 48, 82, 400)
    for minutes in (0, 1, 36)
]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page()
    opened.clock.install(time=NOW)
    yield opened
    opened.close()


def drawn(due_at: datetime, unit: str) -> str:
    return (
        f'<p data-clock="running"><b data-tone data-due-at="{due_at.isoformat()}" data-unit="{unit}">as drawn</b></p>'
    )


def recounted(page: Page, language: str, clocks: list[str]) -> list[str]:
    """The texts of `clocks` a minute after they were drawn."""
    with translation.override(language):
        words = json.dumps(wording.tick_words())
    page.set_content(
        f'<body data-now="{NOW.isoformat()}" data-icons="icons.svg">{"".join(clocks)}'
        f'<script type="application/json" id="tick-words">{words}</script></body>'
    )
    page.clock.set_system_time(NOW)
    page.add_script_tag(content=SCRIPT)
    page.clock.run_for(61_000)
    return page.locator("[data-due-at]").all_inner_texts()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("unit", ["hours", "days"])
def test_the_browser_says_what_the_server_would_say_a_minute_later(page: Page, language: str, unit: str) -> None:
    due = [NOW + sign * length for length in LENGTHS for sign in (1, -1)]
    said = recounted(page, language, [drawn(due_at, unit) for due_at in due])
    with translation.override(language):
        assert said == [wording.left_words(due_at, NOW + MINUTE, unit) for due_at in due]


def test_working_days_stay_as_the_calendar_counted_them_until_the_last_day(page: Page) -> None:
    due = [NOW + timedelta(days=5), NOW + timedelta(hours=20, seconds=30)]
    said = recounted(page, "en", [drawn(due_at, "working_days") for due_at in due])
    assert said == ["as drawn", "19 h 59 min left"]


def test_a_clock_that_runs_out_turns_red(page: Page) -> None:
    recounted(page, "en", [drawn(NOW + timedelta(seconds=30), "hours")])
    assert page.locator("p").get_attribute("data-clock") == "overdue"
    assert "red" in (page.locator("b").get_attribute("class") or "")
